from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from leadgen_dagster.db.business_aliases import BusinessAliases
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.place_answers import PlaceAnswers
from leadgen_dagster.db.retention import delete_expired
from leadgen_dagster.errors import SourceError

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
KEY, OTHER_KEY = "k" * 64, "o" * 64


def put(
    answers: PlaceAnswers,
    answer: dict[str, object],
    *,
    days: int | None = 30,
    at: datetime = NOW,
    key: str = KEY,
) -> None:
    answers.put(
        service="google_places",
        endpoint="/v1/places:searchText",
        call_key=key,
        answer=answer,
        answered_at=at,
        expires_at=None if days is None else at + days * DAY,
    )


@pytest.mark.parametrize("name", ["plain", "a\0b", "\ud800 alone", "é \u202e <b>", "x" * 100_000])
def test_an_answer_comes_back_as_it_was_given(database: Database, name: str) -> None:
    answers = PlaceAnswers(database, "a-run")
    put(answers, {"places": [{"name": name, "lat": 60.1, "none": None}]})
    assert answers.find(KEY, now=NOW) == {"places": [{"name": name, "lat": 60.1, "none": None}]}


def test_an_answer_that_may_stay_stays(database: Database) -> None:
    answers = PlaceAnswers(database, "a-run")
    put(answers, {"elements": []}, days=None)
    delete_expired(database, now=NOW + 3_650 * DAY)
    assert answers.find(KEY, now=NOW + 3_650 * DAY) == {"elements": []}
    assert answers.expiries() == {}


def test_what_has_expired_is_not_given_even_before_it_is_deleted(database: Database) -> None:
    answers = PlaceAnswers(database, "a-run")
    put(answers, {"places": []})
    assert answers.find(KEY, now=NOW + 30 * DAY - timedelta(seconds=1)) is not None
    with pytest.raises(SourceError, match="content expired; `leadgen refetch a-run` asks again"):
        answers.find(KEY, now=NOW + 30 * DAY)


def test_a_refresh_asks_for_itself_and_its_retry_does_not(database: Database) -> None:
    put(PlaceAnswers(database, "a-run"), {"places": ["old"]})
    refresh = PlaceAnswers(database, "a-run", refresh="dagster-run")
    assert refresh.find(KEY, now=NOW) is None
    put(refresh, {"places": ["new"]}, at=NOW + DAY)
    assert PlaceAnswers(database, "a-run", refresh="dagster-run").find(KEY, now=NOW) == {"places": ["new"]}
    retry = PlaceAnswers(database, "a-run")
    assert retry.find(KEY, now=NOW) == {"places": ["new"]}
    assert retry.expiries() == {"google_places": NOW + 31 * DAY}


def test_after_a_refresh_that_broke_off_the_oldest_answer_given_says_when_all_must_go(
    database: Database,
) -> None:
    first, refresh = PlaceAnswers(database, "a-run"), PlaceAnswers(database, "a-run", refresh="dagster-run")
    put(first, {"places": ["page 1"]})
    put(first, {"places": ["page 2"]}, key=OTHER_KEY)
    put(refresh, {"places": ["new page 1"]}, at=NOW + 20 * DAY)
    later = PlaceAnswers(database, "a-run")
    assert later.find(KEY, now=NOW + 21 * DAY) == {"places": ["new page 1"]}
    assert later.expiries() == {"google_places": NOW + 50 * DAY}
    assert later.find(OTHER_KEY, now=NOW + 21 * DAY) == {"places": ["page 2"]}
    assert later.expiries() == {"google_places": NOW + 30 * DAY}


def test_an_answer_is_lent_for_a_day_and_keeps_its_own_time(database: Database) -> None:
    put(PlaceAnswers(database, "a-run"), {"places": []}, days=1)
    other = PlaceAnswers(database, "another-run")
    assert other.find(KEY, now=NOW + DAY - timedelta(hours=1)) == {"places": []}
    assert other.expiries() == {"google_places": NOW + DAY}
    assert PlaceAnswers(database, "third-run").find(KEY, now=NOW + 2 * DAY) is None


def test_what_had_to_go_is_in_no_file_any_more(sqlite_database: Database) -> None:
    sqlite_database.upgrade()
    put(PlaceAnswers(sqlite_database, "a-run"), {"places": ["Ravintola Unohdettu"]})
    delete_expired(sqlite_database, now=NOW + 31 * DAY)
    folder = Path(sqlite_database.engine.url.database or "").parent
    assert not [path for path in folder.iterdir() if b"Unohdettu" in path.read_bytes()]


def test_a_business_keeps_the_fingerprint_of_its_first_meeting(database: Database) -> None:
    aliases = BusinessAliases(database)
    assert aliases.of([]) == {}
    aliases.add({"phone a": "1-first", "node 1": "1-first"}, "a-run")
    aliases.add({"phone a": "1-second", "node 2": "1-second"}, "another-run")
    assert aliases.of(["phone a", "node 1", "node 2", "never met"]) == {
        "phone a": "1-first",
        "node 1": "1-first",
        "node 2": "1-second",
    }


def test_thousands_of_aliases_are_looked_up(database: Database) -> None:
    aliases = BusinessAliases(database)
    aliases.add({f"alias {number}": f"1-{number // 3}" for number in range(3_000)}, "a-run")
    assert len(aliases.of([f"alias {number}" for number in range(6_000)])) == 3_000
