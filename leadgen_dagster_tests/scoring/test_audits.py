"""Which websites are looked at again, in which order, and what is remembered of it."""

import asyncio
from collections.abc import Sequence
from uuid import uuid5

import pytest

from leadgen_dagster.scoring.audits import (
    AuditedPage,
    AuditMethod,
    AuditOutcome,
    AuditTarget,
    MethodUnavailableError,
    PageAudit,
    UnavailableAuditor,
    as_seen,
    audit_faults,
    audit_sites,
    failed_audit,
    weakest,
)
from leadgen_dagster.scoring.scores import Category, WebsiteScore, WebsiteState
from leadgen_dagster.scoring.snapshots import PageKind
from leadgen_dagster_tests.db.rows import NAMESPACE
from leadgen_dagster_tests.factories import FETCHED_AT, make_score, make_snapshot
from leadgen_dagster_tests.scoring.audit_builders import HOME, failed, make_audit, make_audited_page


def id_of(name: str) -> str:
    return str(uuid5(NAMESPACE, name))


class Looker:
    """Sees whatever it is told, and counts."""

    def __init__(self, method: AuditMethod = AuditMethod.BROWSER) -> None:
        self.method = method
        self.asked: list[str] = []

    async def audit(self, url: str) -> AuditedPage:
        self.asked.append(url)
        return make_audited_page(method=self.method, url=url)


class Memo:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, AuditMethod], AuditedPage] = {}

    def get(self, url: str, method: AuditMethod) -> AuditedPage | None:
        return self.kept.get((url, method))

    def put(self, audit: AuditedPage) -> AuditedPage:
        self.kept[(audit.url, audit.method)] = audit
        return audit


def look(
    targets: Sequence[AuditTarget], *auditors: Looker | UnavailableAuditor, memo: Memo
) -> list[PageAudit]:
    return asyncio.run(audit_sites(targets, auditors, memo))


def shops(**scores: int | None) -> list[WebsiteScore]:
    """None stands for a page that only scripts fill."""
    shell = {"website_state": WebsiteState.SHELL, "state_cause": "scripts", "score": None}
    return [
        make_score(business_id=id_of(name), **({"score": score} if score is not None else shell))
        for name, score in scores.items()
    ]


def chosen(scores: Sequence[WebsiteScore], count: int) -> list[str]:
    snapshots = {
        one.business_id: [
            make_snapshot(kind=PageKind.CONTACT),
            make_snapshot(business_id=one.business_id, final_url=one.business_id),
        ]
        for one in scores
    }
    return [target.url for target in weakest(scores, snapshots, count)]


def test_the_weakest_websites_are_looked_at_again_the_weakest_first() -> None:
    assert chosen(shops(good=90, poor=20, fair=55), 2) == [id_of("poor"), id_of("fair")]


def test_a_page_that_only_a_browser_can_read_is_looked_at_beside_them() -> None:
    assert chosen(shops(poor=20, scripts=None, fair=55), 1) == [id_of("poor"), id_of("scripts")]


def test_no_other_state_is_worth_a_second_look() -> None:
    others = [
        make_score(business_id=id_of(state), website_state=state, score=None)
        for state in WebsiteState
        if state is not WebsiteState.OK
    ]
    assert chosen(others, 10) == []


def test_none_are_looked_at_where_none_are_ordered() -> None:
    assert chosen(shops(poor=20, scripts=None), 0) == []


def test_the_page_is_opened_where_the_redirects_led() -> None:
    home = make_snapshot(url="http://a.example/", final_url="https://www.a.example/de/")
    [target] = weakest([make_score()], {make_score().business_id: [home]}, 1)
    assert target == AuditTarget(make_score().business_id, "https://www.a.example/de/", FETCHED_AT)


BAKERY = AuditTarget(id_of("bakery"), HOME, FETCHED_AT)
CAFE = AuditTarget(id_of("cafe"), HOME, FETCHED_AT)


def test_every_method_looks_at_every_page_and_each_audit_is_its_businesss() -> None:
    audits = look([BAKERY], Looker(), Looker(AuditMethod.LIGHTHOUSE), memo=Memo())

    assert [(one.business_id, one.method) for one in audits] == [
        (BAKERY.business_id, AuditMethod.BROWSER),
        (BAKERY.business_id, AuditMethod.LIGHTHOUSE),
    ]
    assert len({one.id for one in audits}) == 2


def test_a_website_of_two_businesses_is_looked_at_once() -> None:
    looker = Looker()
    audits = look([BAKERY, CAFE], looker, memo=Memo())

    assert looker.asked == [HOME]
    assert [one.business_id for one in audits] == [BAKERY.business_id, CAFE.business_id]
    assert audits[0].figures == audits[1].figures


def test_what_was_seen_or_failed_before_is_not_looked_at_again() -> None:
    memo, looker = Memo(), Looker()
    memo.put(failed_audit(AuditMethod.BROWSER, HOME, FETCHED_AT, "too slow"))

    [audit] = look([BAKERY], looker, memo=memo)

    assert (looker.asked, audit.error) == ([], "too slow")


def test_a_method_that_is_not_to_be_had_is_told_and_tried_again_next_time() -> None:
    memo = Memo()
    missing = UnavailableAuditor(AuditMethod.LIGHTHOUSE, "no lighthouse on the PATH")

    [audit] = look([BAKERY], missing, memo=memo)

    assert (audit.outcome, audit.error) == (AuditOutcome.FAILED, "no lighthouse on the PATH")
    assert audit.audited_at == FETCHED_AT
    assert memo.kept == {}
    with pytest.raises(MethodUnavailableError):
        asyncio.run(missing.audit(HOME))


def test_a_page_as_a_browser_had_it_is_one_more_page_of_the_site() -> None:
    home = make_snapshot(
        headers=(("content-type", "text/html; charset=koi8-r"), ("server", "x")), body_hash="a" * 64
    )
    seen = make_audit(rendered_hash="b" * 64)

    pages = as_seen([home], [failed(AuditMethod.LIGHTHOUSE, "slow"), seen])

    assert pages[0] == home
    assert (pages[1].kind, pages[1].page.body, pages[1].page.body_hash) == (PageKind.RENDERED, None, "b" * 64)
    assert pages[1].page.header("content-type") == "text/html; charset=utf-8"
    assert pages[1].page.fetched_at == home.page.fetched_at
    assert pages[1].id != home.id


def test_a_site_that_no_browser_saw_has_the_pages_that_were_fetched() -> None:
    home = make_snapshot()
    assert as_seen([home], [make_audit(), failed(AuditMethod.BROWSER, "slow")]) == [home]
    assert as_seen([], [make_audit(rendered_hash="b" * 64)]) == []


@pytest.mark.parametrize(
    ("audit", "fault"),
    [
        (make_audit(category_scores={}), "done, and no category has a score"),
        (failed(AuditMethod.BROWSER, " "), "failed without a reason"),
        (make_audit(category_scores={Category.SEO: 101.0}), "points outside 0 to 100"),
    ],
)
def test_an_audit_without_a_score_or_a_reason_is_a_fault(audit: PageAudit, fault: str) -> None:
    assert list(audit_faults(audit)) == [fault]
    assert list(audit_faults(make_audit())) == list(audit_faults(failed(AuditMethod.BROWSER, "slow"))) == []
