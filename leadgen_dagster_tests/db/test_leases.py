from datetime import UTC, datetime, timedelta
from threading import Thread

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.leases import FORGOTTEN_AFTER, HostLeases
from leadgen_dagster.db.models import HostLeaseModel

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def take(database: Database, holder: str, *hosts: str, now: datetime = NOW) -> dict[str, datetime | None]:
    return HostLeases(database).take(hosts, holder=holder, now=now, until=now + MINUTE)


def test_a_host_that_one_holds_is_not_given_to_another(database: Database) -> None:
    assert take(database, "one", "a.example", "b.example") == {"a.example": None, "b.example": None}
    assert take(database, "other", "b.example", "c.example") == {"c.example": None}
    assert take(database, "one", "b.example") == {"b.example": None}


def test_a_host_given_back_is_free_and_tells_when_it_was_last_asked(database: Database) -> None:
    take(database, "one", "a.example", "b.example")
    HostLeases(database).give_back({"a.example": NOW, "b.example": NOW}, holder="one")
    assert take(database, "other", "a.example") == {"a.example": NOW}


def test_only_the_holder_gives_back(database: Database) -> None:
    take(database, "one", "a.example")
    HostLeases(database).give_back({"a.example": NOW}, holder="other")
    assert take(database, "other", "a.example") == {}


def test_a_lease_that_was_left_behind_runs_out(database: Database) -> None:
    take(database, "killed", "a.example")
    assert take(database, "other", "a.example", now=NOW + MINUTE - timedelta(seconds=1)) == {}
    assert take(database, "other", "a.example", now=NOW + MINUTE) == {"a.example": None}


def test_many_hosts_are_taken_at_once_and_old_rows_are_forgotten(database: Database) -> None:
    hosts = [f"{n}.example" for n in range(1200)]
    assert take(database, "one", *hosts) == dict.fromkeys(hosts)
    HostLeases(database).forget(now=NOW + FORGOTTEN_AFTER)
    with database.read() as session:
        assert session.query(HostLeaseModel).count() == 1200
    HostLeases(database).forget(now=NOW + FORGOTTEN_AFTER + 2 * MINUTE)
    with database.read() as session:
        assert session.query(HostLeaseModel).count() == 0


def test_of_many_who_ask_at_once_one_gets_each_host(database: Database) -> None:
    hosts = [f"{n}.example" for n in range(20)]
    taken: list[str] = []

    def ask(name: str) -> None:
        taken.extend(take(database, name, *hosts))

    askers = [Thread(target=ask, args=[str(n)]) for n in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert sorted(taken) == sorted(hosts)
