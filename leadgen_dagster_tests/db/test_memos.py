from datetime import timedelta

import pytest

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.memos import AuditedPages, FetchedPages, LlmAnswers
from leadgen_dagster.db.models import FetchedPageModel
from leadgen_dagster.scoring.audits import AuditOutcome
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome
from leadgen_dagster_tests.db.orders import place_order
from leadgen_dagster_tests.db.rows import dump, publish_all, publish_run
from leadgen_dagster_tests.factories import FETCHED_AT, make_page
from leadgen_dagster_tests.scoring.audit_builders import make_audited_page

KEY = ("GET", "http://harbour-bakery.port-linden.example/")


def page(day: int, **fields: object) -> FetchedPage:
    return make_page(fetched_at=FETCHED_AT + timedelta(days=day), body=None, body_hash=f"{day:064}", **fields)


def failure(day: int) -> FetchedPage:
    return page(day, outcome=FetchOutcome.TIMEOUT, error="no answer in 10 s", status=None)


class TestFetchedPages:
    def test_what_was_fetched_need_not_be_fetched_again(self, database: Database) -> None:
        pages = FetchedPages(database, "a-run")
        assert pages.current() == {}
        pages.add([page(0), page(0, method="HEAD")])
        assert FetchedPages(database, "a-run").current() == {
            KEY: page(0),
            ("HEAD", KEY[1]): page(0, method="HEAD"),
        }
        assert FetchedPages(database, "a-run").earlier() == {}

    def test_another_run_fetches_for_itself(self, database: Database) -> None:
        FetchedPages(database, "a-run").add([page(0)])
        assert FetchedPages(database, "another-run").current() == {}

    def test_a_refresh_begins_with_nothing_and_keeps_what_was_there_to_fall_back_to(
        self, database: Database
    ) -> None:
        FetchedPages(database, "a-run").add([page(0)])
        refresh = FetchedPages(database, "a-run", refresh="root-run")
        assert refresh.current() == {}
        assert refresh.earlier() == {KEY: page(0)}

    def test_a_retry_of_a_refresh_reuses_what_its_first_attempt_fetched(self, database: Database) -> None:
        FetchedPages(database, "a-run").add([page(0)])
        FetchedPages(database, "a-run", refresh="root-run").add([page(1)])
        retry = FetchedPages(database, "a-run", refresh="root-run")
        assert retry.current() == {KEY: page(1)}
        assert retry.earlier() == {KEY: page(0)}
        assert FetchedPages(database, "a-run", refresh="next-root-run").current() == {}

    def test_the_newest_success_of_any_generation_is_what_one_goes_on_with(self, database: Database) -> None:
        for generation, fetched in ((None, page(0)), ("second", page(2)), ("third", failure(3))):
            FetchedPages(database, "a-run", refresh=generation).add([fetched])
        assert FetchedPages(database, "a-run").current() == {KEY: page(2)}
        assert FetchedPages(database, "a-run", refresh="fourth").earlier() == {KEY: page(2)}
        assert FetchedPages(database, "a-run", refresh="third").current() == {KEY: failure(3)}

    def test_where_nothing_ever_answered_the_newest_failure_is_known(self, database: Database) -> None:
        for generation, fetched in ((None, failure(0)), ("second", failure(1))):
            FetchedPages(database, "a-run", refresh=generation).add([fetched])
        assert FetchedPages(database, "a-run").current() == {KEY: failure(1)}

    def test_a_page_that_is_written_twice_in_one_generation_is_kept_once(self, database: Database) -> None:
        pages = FetchedPages(database, "a-run")
        pages.add([failure(0)])
        pages.add([page(1)])
        assert pages.current() == {KEY: page(1)}
        assert len(dump(database, FetchedPageModel)["fetched_pages"]) == 1

    def test_no_pages_are_no_trouble(self, database: Database) -> None:
        FetchedPages(database, "a-run").add([])

    def test_pages_outlive_the_businesses_that_they_were_fetched_for(self, database: Database) -> None:
        from leadgen_dagster.db.models import BusinessModel

        run_id = place_order(database).id
        publish_run(database, run_id, 1)
        FetchedPages(database, run_id).add([page(0)])
        publish_all(database, run_id, BusinessModel, [])
        assert FetchedPages(database, run_id).current() == {KEY: page(0)}


class TestAuditedPages:
    def test_a_second_look_comes_back_as_it_was_and_is_not_taken_again(self, database: Database) -> None:
        audit = make_audited_page()
        AuditedPages(database, "a-run").add([audit])
        assert AuditedPages(database, "a-run").current() == {("browser", audit.url): audit}
        assert AuditedPages(database, "another-run").current() == {}

    def test_a_refresh_begins_anew_and_a_failure_does_not_hide_what_was_seen(
        self, database: Database
    ) -> None:
        seen = make_audited_page()
        later = {"audited_at": FETCHED_AT + timedelta(days=1), "category_scores": {}}
        failed = make_audited_page(outcome=AuditOutcome.FAILED, error="too slow", **later)
        AuditedPages(database, "a-run").add([seen])
        refresh = AuditedPages(database, "a-run", refresh="root-run")
        assert (refresh.current(), list(refresh.earlier().values())) == ({}, [seen])
        refresh.add([failed])
        assert list(AuditedPages(database, "a-run").current().values()) == [seen]


class TestLlmAnswers:
    def test_an_answer_is_found_by_what_was_asked(self, database: Database) -> None:
        answers = LlmAnswers(database)
        assert answers.get("0" * 64) is None
        answer = {"subject": "Überraschung", "sentences": ["one", "two"], "none": None}
        answers.put("0" * 64, answer, model="small", prompt_tokens=900, completion_tokens=80)
        assert LlmAnswers(database).get("0" * 64) == answer
        assert answers.get("1" * 64) is None

    @pytest.mark.parametrize("times", [2, 3])
    def test_the_same_question_answered_again_takes_the_newer_answer(
        self, database: Database, times: int
    ) -> None:
        answers = LlmAnswers(database)
        for number in range(times):
            answers.put("0" * 64, {"n": number}, model="small", prompt_tokens=1, completion_tokens=1)
        assert answers.get("0" * 64) == {"n": times - 1}
