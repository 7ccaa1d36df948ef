"""How a second look changes a website's score, and how a page that only scripts fill comes to one."""

from typing import Any

from leadgen_dagster.scoring.audits import AuditMethod, PageAudit, as_seen
from leadgen_dagster.scoring.gates import evidence_faults, range_faults
from leadgen_dagster.scoring.scorer import score_website
from leadgen_dagster.scoring.scores import Category, ScoreMethod, WebsiteScore, WebsiteState
from leadgen_dagster.scoring.snapshots import PageSnapshot
from leadgen_dagster_tests.factories import FETCHED_AT, make_business, make_snapshot
from leadgen_dagster_tests.scoring.audit_builders import failed, make_audit

WORDS = "Rye bread, rolls and cardamom buns from the oven every morning, on the quay since 1998. " * 8
PAGE = f"""<!doctype html><html lang="en"><head><title>Harbour Bakery</title></head>
<body><h1>Harbour Bakery</h1><p>{WORDS}</p><p>4 Quay Street, Port Linden</p></body></html>""".encode()
SHELL = b"""<!doctype html><html lang="en"><head><title>Harbour Bakery</title></head>
<body><div id="root"></div><script src="/app.js"></script></body></html>"""


def scored(body: bytes, *audits: PageAudit, rendered: bytes | None = None) -> WebsiteScore:
    pages: list[PageSnapshot] = as_seen([make_snapshot(body=body)], audits)
    pages = [_with_body(page, rendered) if page.page.body is None else page for page in pages]
    fields: dict[str, Any] = {"ordered_on": FETCHED_AT.date(), "score_threshold": 70}
    return score_website(make_business(), pages, [], audits, **fields)


def _with_body(page: PageSnapshot, body: bytes | None) -> PageSnapshot:
    return make_snapshot(kind=page.kind, body=body, headers=page.page.headers)


def lighthouse(points: float) -> PageAudit:
    categories = (Category.PERFORMANCE, Category.ACCESSIBILITY, Category.BEST_PRACTICES, Category.SEO)
    return make_audit(method=AuditMethod.LIGHTHOUSE, category_scores=dict.fromkeys(categories, points))


def test_without_a_second_look_the_score_is_the_checks() -> None:
    score = scored(PAGE)

    assert score.score == score.static_score is not None
    assert (score.score_method, score.method_note) == (ScoreMethod.STATIC, None)


def test_a_second_look_moves_the_score_and_the_checks_own_is_kept() -> None:
    alone, low, high = scored(PAGE), scored(PAGE, lighthouse(0)), scored(PAGE, lighthouse(100))

    assert low.score is not None
    assert high.score is not None
    assert low.static_score == high.static_score == alone.score
    assert low.score < high.score
    assert low.score_method is high.score_method is ScoreMethod.HYBRID
    assert low.category_scores[Category.TRUST] == alone.category_scores[Category.TRUST]
    assert low.category_scores[Category.PERFORMANCE] < alone.category_scores[Category.PERFORMANCE]
    assert "The second look differs by" in low.confidence_reason
    assert not [*evidence_faults(low), *range_faults(low)]


def test_a_second_look_that_fails_changes_nothing_and_is_said() -> None:
    alone, tried = scored(PAGE), scored(PAGE, failed(AuditMethod.LIGHTHOUSE, "no report within 90 s"))

    assert (tried.score, tried.category_scores, tried.confidence) == (
        alone.score,
        alone.category_scores,
        alone.confidence,
    )
    assert tried.method_note == (
        "Lighthouse could not look: no report within 90 s. The score is of the checks alone."
    )


def test_a_page_that_only_scripts_fill_is_scored_as_a_browser_had_it() -> None:
    score = scored(SHELL, make_audit(rendered_hash="b" * 64), rendered=PAGE)

    assert score.website_state is WebsiteState.OK
    assert score.score is not None
    assert score.state_reason.endswith("Its text is put there by scripts: a browser read it.")
    assert score.static_score == scored(PAGE).score
    assert not [*evidence_faults(score), *range_faults(score)]


def test_a_page_that_only_scripts_fill_has_no_score_without_a_browser() -> None:
    for audits in ((), (failed(AuditMethod.BROWSER, "no Chromium on the PATH"),), (lighthouse(80),)):
        score = scored(SHELL, *audits)
        assert (score.website_state, score.score, score.score_method) == (
            WebsiteState.SHELL,
            None,
            ScoreMethod.STATIC,
        )


def test_a_page_in_which_a_browser_found_no_text_either_is_not_said_to_need_one() -> None:
    score = scored(SHELL, make_audit(rendered_hash="b" * 64), rendered=SHELL)

    assert (score.website_state, score.score) == (WebsiteState.SHELL, None)
    assert score.state_reason.endswith("A browser read it too, and found next to no text.")
    assert "without a browser" not in score.state_reason


def test_a_page_whose_own_text_was_read_is_scored_by_that() -> None:
    rendered = scored(PAGE, make_audit(rendered_hash="b" * 64, category_scores={}), rendered=SHELL)

    assert (rendered.website_state, rendered.score) == (WebsiteState.OK, scored(PAGE).score)
