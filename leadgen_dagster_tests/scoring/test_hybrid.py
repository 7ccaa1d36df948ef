"""The formula that combines the checks with a second look."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.scoring.audits import AuditMethod, PageAudit
from leadgen_dagster.scoring.hybrid import MEASURED_SHARES, hybrid
from leadgen_dagster.scoring.scores import Category, Confidence
from leadgen_dagster_tests.scoring.audit_builders import failed, make_audit

WEIGHTS = {
    Category.PERFORMANCE: 20,
    Category.ACCESSIBILITY: 15,
    Category.BEST_PRACTICES: 15,
    Category.SEO: 15,
    Category.TRUST: 15,
    Category.CONVERSION: 20,
}
CHECKED = dict.fromkeys(Category, 60.0)
LAB = dict.fromkeys(MEASURED_SHARES[AuditMethod.LIGHTHOUSE], 90.0)

points = st.floats(0, 100)
audits = st.builds(
    lambda method, scores: make_audit(method=method, category_scores=scores),
    st.sampled_from(AuditMethod),
    st.dictionaries(st.sampled_from(Category), points),
)


def lighthouse(**category_scores: float) -> PageAudit:
    scores = {Category(name): value for name, value in category_scores.items()}
    return make_audit(method=AuditMethod.LIGHTHOUSE, category_scores=scores)


def test_each_category_is_the_weighted_mean_of_the_checks_and_of_lighthouse() -> None:
    both = hybrid(CHECKED, [make_audit(method=AuditMethod.LIGHTHOUSE, category_scores=LAB)], WEIGHTS)

    assert {category: round(value, 6) for category, value in both.category_scores.items()} == {
        Category.PERFORMANCE: 81.0,
        Category.ACCESSIBILITY: 75.0,
        Category.BEST_PRACTICES: 75.0,
        Category.SEO: 75.0,
        Category.TRUST: 60.0,
        Category.CONVERSION: 60.0,
    }
    assert both.score == round((20 * 81 + 45 * 75 + 35 * 60) / 100)
    assert both.note == "The checks combined with Lighthouse."


def test_nobody_looked_again_and_the_checks_stand_alone() -> None:
    alone = hybrid(CHECKED, [], WEIGHTS)

    assert (alone.is_hybrid, alone.score, alone.note) == (False, None, None)
    assert alone.confidence(Confidence.MEDIUM, "Because.") == (Confidence.MEDIUM, "Because.")


def test_where_every_method_fails_the_checks_stand_and_the_note_says_why() -> None:
    alone = hybrid(CHECKED, [failed(AuditMethod.BROWSER, "no page within 30 s")], WEIGHTS)

    assert alone.score is None
    assert alone.note == "A browser could not look: no page within 30 s. The score is of the checks alone."


def test_a_page_without_a_score_of_its_own_gets_none_by_a_second_look() -> None:
    both = hybrid({}, [make_audit()], WEIGHTS)

    assert both.score is None
    assert both.note == "There was nothing to score."


def test_one_method_stands_in_where_another_fails() -> None:
    both = hybrid(CHECKED, [failed(AuditMethod.LIGHTHOUSE, "NO_FCP"), make_audit()], WEIGHTS)

    assert both.is_hybrid
    assert both.note == "The checks combined with a browser. Lighthouse could not look: NO_FCP."


def test_a_measurement_goes_before_an_estimate_in_whatever_order_they_come() -> None:
    estimate = make_audit(category_scores={Category.PERFORMANCE: 0.0, Category.ACCESSIBILITY: 0.0})
    measured = lighthouse(performance=80.0)

    one, other = (hybrid(CHECKED, both, WEIGHTS) for both in ([estimate, measured], [measured, estimate]))

    assert one == other
    assert one.category_scores[Category.PERFORMANCE] == pytest.approx(74)
    assert one.category_scores[Category.ACCESSIBILITY] == pytest.approx(30)
    assert one.note == "The checks combined with Lighthouse and a browser."


def test_a_method_whose_estimates_were_not_needed_is_not_named() -> None:
    both = hybrid(
        CHECKED, [make_audit(), make_audit(method=AuditMethod.LIGHTHOUSE, category_scores=LAB)], WEIGHTS
    )

    assert both.note == "The checks combined with Lighthouse."


def test_a_category_that_only_the_method_knows_takes_its_value() -> None:
    both = hybrid({Category.TRUST: 50.0}, [lighthouse(seo=100.0)], WEIGHTS)

    assert both.category_scores == {Category.TRUST: 50.0, Category.SEO: 100.0}
    assert both.difference is None


def test_the_categories_stand_in_one_order_whatever_the_seed_of_the_process() -> None:
    both = hybrid(
        {Category.TRUST: 50.0}, [make_audit(method=AuditMethod.PAGESPEED, category_scores=LAB)], WEIGHTS
    )

    assert list(both.category_scores) == [Category.TRUST, *LAB]


@pytest.mark.parametrize(
    ("measured", "sureness", "after", "words"),
    [
        (68.0, Confidence.LOW, Confidence.MEDIUM, "differs by 8 points on average, which confirms it."),
        (68.0, Confidence.HIGH, Confidence.HIGH, "which confirms it."),
        (78.0, Confidence.MEDIUM, Confidence.MEDIUM, "differs by 18 points on average."),
        (
            95.0,
            Confidence.MEDIUM,
            Confidence.LOW,
            "differs by 35 points on average, which casts doubt on it.",
        ),
        (95.0, Confidence.LOW, Confidence.LOW, "which casts doubt on it."),
    ],
)
def test_agreement_moves_the_confidence_by_one_step_and_says_so(
    measured: float, sureness: Confidence, after: Confidence, words: str
) -> None:
    both = hybrid(CHECKED, [lighthouse(performance=measured, seo=measured)], WEIGHTS)

    moved, reason = both.confidence(sureness, "30 of 60 checks applied.")

    assert moved is after
    assert reason.startswith("30 of 60 checks applied. The second look ")
    assert reason.endswith(words)


@given(checked=st.dictionaries(st.sampled_from(Category), points), seen=st.lists(audits, max_size=4))
def test_a_combined_score_lies_between_what_the_checks_and_the_methods_say(
    checked: dict[Category, float], seen: list[PageAudit]
) -> None:
    both = hybrid(checked, seen, WEIGHTS)

    if both.score is None:
        return
    said = [*checked.values(), *(value for audit in seen for value in audit.category_scores.values())]
    assert min(said) - 0.51 <= both.score <= max(said) + 0.51
    assert set(checked) <= set(both.category_scores)
    assert all(0 <= value <= 100.000001 for value in both.category_scores.values())
