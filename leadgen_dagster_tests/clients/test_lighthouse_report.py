"""What is read of Lighthouse's reports, whatever stands in them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.clients.lighthouse_report import LighthouseError, measured_audit, read_report
from leadgen_dagster.scoring.audits import AuditFinding, AuditMethod
from leadgen_dagster.scoring.scores import Category
from leadgen_dagster_tests.clients.lighthouse_reports import failed_report, make_report, report_with
from leadgen_dagster_tests.factories import FETCHED_AT

anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def test_scores_figures_and_failed_audits_are_read() -> None:
    report = read_report(make_report())

    assert report.category_scores == {
        Category.PERFORMANCE: 41.0,
        Category.ACCESSIBILITY: 80.0,
        Category.BEST_PRACTICES: 100.0,
        Category.SEO: 50.0,
    }
    assert report.figures == {"speed_index_ms": 7_300.4, "total_bytes": 2_400_000}
    assert report.versions == {"lighthouse": "12.8.2"}


def test_findings_are_what_failed_and_counts_the_weightiest_first() -> None:
    findings = read_report(make_report()).findings

    assert [one.rule_id for one in findings] == ["image-alt", "speed-index", "meta-description"]
    assert findings[0] == AuditFinding(
        rule_id="image-alt",
        title="Image elements do not have `[alt]` attributes",
        count=2,
        where="img.logo",
    )


def test_a_page_that_could_not_be_loaded_is_an_error_in_one_line() -> None:
    with pytest.raises(LighthouseError, match=r"^NO_FCP: The page did not paint any content\.$"):
        read_report(failed_report())


def test_another_firms_page_that_scripts_led_on_to_is_not_taken_for_this_one() -> None:
    with pytest.raises(
        LighthouseError, match=r"^the page leads on to https://registrar\.port-linden\.example/sale$"
    ):
        read_report(make_report(finalDisplayedUrl="https://registrar.port-linden.example/sale"))


@pytest.mark.parametrize("report", [None, [], "", {}, {"categories": {"seo": {"score": None}}}])
def test_a_report_without_a_score_is_an_error(report: object) -> None:
    with pytest.raises(LighthouseError, match="the report holds no score"):
        read_report(report)


@given(st.sampled_from([*make_report(), "runtimeError"]), anything)
def test_a_field_may_hold_anything(name: str, value: object) -> None:
    report = make_report()
    report[name] = value
    with contextlib.suppress(LighthouseError):
        assert all(0 <= points <= 100 for points in read_report(report).category_scores.values())


def test_of_several_runs_the_median_counts() -> None:
    reports = [
        read_report(report_with(score, speed)) for score, speed in ((0.2, 9_000), (0.9, 2_000), (0.4, 5_000))
    ]

    audit = measured_audit(AuditMethod.LIGHTHOUSE, "https://shop.example/", FETCHED_AT, reports)

    assert audit.category_scores[Category.PERFORMANCE] == 40.0
    assert audit.figures["speed_index_ms"] == 5_000
    assert audit.figures["runs"] == 3
