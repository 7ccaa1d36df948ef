"""What a person decides at the command line: one demo at once, several after a question, only as they were seen."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadgen_dagster_tests.cli.conftest import Leadgen

NAME = "Osteria del Porto"
URL = "https://demos.northlight-studio.example/d/"


@pytest.fixture
def run_id(leadgen: Leadgen, in_town: Path) -> Iterator[str]:
    """The town's run; what a test published is taken off again."""
    id_ = str(leadgen("runs", "--json").document[0]["run_id"])
    yield id_
    leadgen("unpublish", *_published(in_town)) if _published(in_town) else None


def _published(home: Path) -> list[str]:
    folder = home / "published" / "d"
    return [link.name for link in folder.iterdir()] if folder.is_dir() else []


def _hash(home: Path) -> str:
    (token,) = _published(home)
    return (home / "published" / "d" / token).resolve().name


def test_a_demo_is_published_by_the_beginning_of_its_name_and_taken_off_by_its_address(
    leadgen: Leadgen, in_town: Path, run_id: str
) -> None:
    said = leadgen("publish", run_id, "osteria")
    (token,) = _published(in_town)
    assert said.code == 0
    assert said.out.startswith(f"{NAME}\n  {URL}{token}/  (until ")
    assert "(unchanged, until " in leadgen("publish", run_id, NAME).out
    assert leadgen("unpublish", f"{URL}{token}/").out == f"removed  {URL}{token}/\n"
    assert _published(in_town) == []
    again = leadgen("unpublish", run_id, NAME)
    assert (again.code, again.out) == (0, "")
    assert "nothing of it was published" in again.err


def test_only_the_demo_that_was_seen_is_published(leadgen: Leadgen, in_town: Path, run_id: str) -> None:
    refused = leadgen("publish", run_id, NAME, "--seen", "0123456789ab")
    assert refused.code == 2
    assert refused.err.startswith(
        f"leadgen: {NAME}: its demo is not the one that was looked at (0123456789ab)"
    )
    assert _published(in_town) == []
    leadgen("publish", run_id, NAME)
    seen = _hash(in_town)[:12]
    assert leadgen("publish", run_id, NAME, "--seen", seen).code == 0
    assert "give at least the first 8 digits" in leadgen("publish", run_id, NAME, "--seen", seen[:7]).err


def test_several_are_not_published_without_a_question_or_a_yes(
    leadgen: Leadgen, in_town: Path, run_id: str
) -> None:
    two = (run_id, NAME, "Blumen Harms")
    refused = leadgen("publish", *two)
    assert (refused.code, _published(in_town)) == (2, [])
    assert "2 demos: nobody can be asked here; --yes says that all are meant" in refused.err
    assert leadgen("publish", *two, "--yes").code == 0
    assert len(_published(in_town)) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("publish", "RUN", "Nobody"), "there is no such business in run"),
        (("publish", "RUN", ""), "there is no such business in run"),
        (("publish", "RUN", "Dunstan Electrical"), "there is no demo of it in run"),
        (("publish", "no-such-run", NAME), "there is no such run"),
        (("unpublish",), "give a run and businesses, or addresses, or --expired"),
        (("unpublish", "RUN"), "a run needs a business beside it"),
        (("unpublish", "abcdefghij23", "Nobody"), "'Nobody': give a demo's address"),
        (("take-down", "https://demos.example/d/"), "give a demo's address"),
        (("take-down", "abcdefghij23"), "abcdefghij23: no demo has this address"),
        (("site", "preview", "RUN"), "BUSINESS: which demo of the run?"),
        (("site", "zip", "RUN", "Nobody", "--out", "x.zip"), "there is no such business in run"),
    ],
)
def test_a_mistake_is_one_line(
    leadgen: Leadgen, in_town: Path, run_id: str, arguments: tuple[str, ...], said: str
) -> None:
    refused = leadgen(*(run_id if one == "RUN" else one for one in arguments))
    assert (refused.code, refused.out) == (2, "")
    assert said in refused.err
    assert refused.err.count("\n") == 1


def test_names_that_several_bear_are_told_apart_by_ids(leadgen: Leadgen, in_town: Path, run_id: str) -> None:
    refused = leadgen("publish", run_id, "miller")
    assert refused.code == 2
    assert "'miller': 2 businesses are called so; give an id: " in refused.err


def test_nothing_is_due_where_no_demo_is_old(leadgen: Leadgen, in_town: Path, run_id: str) -> None:
    leadgen("publish", run_id, NAME)
    said = leadgen("unpublish", "--expired")
    assert (said.code, said.out) == (0, "")
    assert "no demo was due" in said.err
    assert len(_published(in_town)) == 1


def test_a_demo_is_packed_for_the_customer_who_said_yes(
    leadgen: Leadgen, in_town: Path, run_id: str, tmp_path: Path
) -> None:
    said = leadgen("site", "zip", run_id, NAME, "--out", str(tmp_path / "osteria.zip"))
    assert said.out == f"{tmp_path / 'osteria.zip'}\n"
    with zipfile.ZipFile(tmp_path / "osteria.zip") as archive:
        assert b"noindex" not in archive.read("index.html")
        assert NAME in archive.read("README.txt").decode()


def test_a_host_that_lacks_its_token_is_one_line_and_the_doctor_names_the_one_that_is_set(
    leadgen: Leadgen, in_town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADGEN_SITE_HOST", "memory://agency/demos")
    found = {one["name"]: one for one in leadgen("doctor", "--json").document}
    assert found["site host"]["found"] == "memory://agency/demos"
    monkeypatch.setenv("LEADGEN_SITE_HOST", "vercel")
    refused = leadgen("runs")
    assert refused.code == 2
    assert refused.err == "leadgen: LEADGEN_SITE_HOST=vercel needs LEADGEN_VERCEL_TOKEN\n"
