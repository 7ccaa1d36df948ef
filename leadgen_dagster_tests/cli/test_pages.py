"""`leadgen score`, `snapshot` and `rubric`: one page or one table, beside any run, for a person and for a program."""

import io
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from leadgen_dagster.cli import score_report, workshop
from leadgen_dagster.cli.pages import PHONE_CHECKS
from leadgen_dagster.cli.snapshot_report import TELLING_HEADERS
from leadgen_dagster.clients.web import GuardedFetcher
from leadgen_dagster.scoring.rubric import RUBRIC
from leadgen_dagster.scoring.rubric_page import rubric_markdown
from leadgen_dagster.scoring.scores import Category
from leadgen_dagster.settings import Settings
from leadgen_dagster_tests.cli.conftest import Leadgen
from leadgen_dagster_tests.clients.loopback import LOOPBACK, USER_AGENT

OLD, GOOD = "osteria-del-porto.port-linden.example", "baeckerei-petersen.port-linden.example"
PARKED, GONE = "blumen-harms.port-linden.example", "harbourlockandkey.port-linden.example"
WIDTHS = pytest.mark.parametrize("columns", [38, 80, 120])
ON_A_SERVER = {rule.check_id for rule in RUBRIC.rules.values() if rule.is_about_hosting}
SAVED = (
    b"""<!doctype html><html lang=en><meta charset=utf-8><title>Quay Bakery, Port Linden</title>
<h1>Quay Bakery</h1><p>Bread and rolls, baked on the quay every morning but Monday.</p>
<img src="\x1b[31mred\x1b]0;title\x07.png">"""
    + b"<p>Fresh loaves and buns from seven in the morning.</p>" * 12
)


@pytest.fixture(scope="module")
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Without any run: none is needed to look at one page."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def in_own_home(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADGEN_HOME", str(own_home))
    monkeypatch.chdir(own_home)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "saved page.html"
    path.write_bytes(SAVED)
    return path


def _fits(text: str, columns: int) -> bool:
    return all(len(line) <= columns for line in text.splitlines())


@pytest.mark.usefixtures("in_own_home")
class TestScore:
    @WIDTHS
    def test_a_report_fits_any_terminal_and_shows_figure_categories_and_evidence(
        self, leadgen: Leadgen, columns: int
    ) -> None:
        said = leadgen("score", OLD, "--niche", "restaurant", "--country", "GB", columns=columns)
        assert said.code == 0
        assert _fits(said.out, columns)
        assert re.search(r"\d+ of 100", said.out)
        assert all(category.label in said.out for category in Category)
        for words in (
            "say first",
            "confidence",
            'table[width="760"]',
            "What works",
            "What could not be asked",
        ):
            assert words in said.out

    def test_each_fault_has_the_owner_s_words_the_evidence_the_developer_s_words_and_the_fix(
        self, leadgen: Leadgen
    ) -> None:
        document = leadgen("score", f"http://{OLD}/", "--country", "GB", "--json").document
        assert document["faults"]
        for fault in document["faults"]:
            rule = RUBRIC.rules[fault["check_id"]]
            assert fault["fix"] == rule.fix
            assert "…" not in fault["shopkeeper"] + fault["developer"], "every figure was measured"
            assert all(fault["evidence"][part] for part in ("url", "looked_at", "where", "snippet"))
        pitched = [fault["is_pitchable"] for fault in document["faults"]]
        assert pitched == sorted(pitched, reverse=True), "first what an owner can see"
        assert document["first_words"] == document["faults"][0]["shopkeeper"]

    def test_every_check_either_failed_works_or_could_not_be_asked(self, leadgen: Leadgen) -> None:
        document = leadgen("score", OLD, "--country", "GB", "--json").document
        failed = [fault["check_id"] for fault in document["faults"]]
        assert sorted(failed + document["works"] + document["not_asked"]) == sorted(RUBRIC.rules)
        assert set(document["category_scores"]) <= set(Category)

    def test_a_good_website_gives_no_reason_to_ring_up(self, leadgen: Leadgen) -> None:
        said = leadgen("score", GOOD, "--country", "DE", "--niche", "bakery")
        assert said.code == 0
        assert "there is no reason to ring up" in said.out

    @pytest.mark.parametrize(("host", "words"), [(PARKED, "parked"), (GONE, "not reached")])
    def test_a_website_that_cannot_be_scored_says_why_and_ends_with_1(
        self, leadgen: Leadgen, host: str, words: str
    ) -> None:
        said = leadgen("score", host)
        assert said.code == 1
        assert f"Not scored: {words}" in said.out
        assert leadgen("score", host, "--json").document["score"] is None

    def test_all_shows_every_question(self, leadgen: Leadgen) -> None:
        brief, whole = (leadgen("score", GOOD, *more, columns=200).out for more in ((), ("--all",)))
        assert "more: --all shows them" in brief
        assert whole.count("✓") > brief.count("✓") == score_report.SHOWN_AT_FIRST

    @pytest.mark.parametrize(
        "address",
        [
            "http://127.0.0.1/",
            "169.254.169.254",
            "localhost",
            "http://[::1]:8000/",
            "ftp://x.example/",
            "http://[bad",
            "http://",
        ],
    )
    @pytest.mark.parametrize("command", ["score", "snapshot"])
    def test_an_address_that_nobody_may_ask_is_refused_in_one_line(
        self, leadgen: Leadgen, command: str, address: str
    ) -> None:
        said = leadgen(command, address)
        assert (said.code, said.out) == (2, "")
        assert address in said.err
        assert re.fullmatch(r"leadgen: .+\n", said.err)

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("none.html",), "none.html: there is no such file"),
            (("x" * 5_000,), "xxx…: File name too long; a web address as long needs https:// in front"),
            ((OLD, "--niche", "restorant"), "the nearest known are restaurant"),
            ((OLD, "--country", "XX"), "--country 'XX': give an ISO 3166 code"),
            ((OLD, "--rubric", "none.yaml"), "none.yaml: no such file"),
        ],
    )
    def test_a_mistake_is_one_line_that_names_it(
        self, leadgen: Leadgen, arguments: tuple[str, ...], words: str
    ) -> None:
        said = leadgen("score", *arguments)
        assert (said.code, said.out) == (2, "")
        assert words in said.err
        assert len(said.err.splitlines()) == 1

    def test_weights_of_one_s_own_change_the_score_and_a_wrong_file_is_refused_with_its_line(
        self, leadgen: Leadgen, tmp_path: Path
    ) -> None:
        own = tmp_path / "rubric.yaml"
        own.write_text(
            "threshold: 1\ncategory_weights: {accessibility: 0, trust: 0, seo: 0, best_practices: 0, conversion: 0}\n",
            encoding="utf-8",
        )
        usual, changed = (
            leadgen("score", OLD, *more, "--json").document for more in ((), ("--rubric", str(own)))
        )
        assert changed["score"] == changed["category_scores"]["performance"] != usual["score"]
        assert (changed["threshold"], usual["threshold"]) == (1, 70)
        assert changed["rubric_hash"] != usual["rubric_hash"]
        own.write_text("threshold: 65\nweights: {mobile.fixed_width: heavy}\n", encoding="utf-8")
        said = leadgen("score", OLD, "--rubric", str(own))
        assert said.code == 2
        assert f"{own}:2: mobile.fixed_width: 'heavy' is not allowed; give a whole number" in said.err


@pytest.mark.usefixtures("in_fresh_home")
class TestSavedPages:
    def test_a_saved_page_is_scored_without_a_network_and_nothing_is_said_of_its_server(
        self, leadgen: Leadgen, in_fresh_home: Path, saved: Path
    ) -> None:
        document = leadgen("score", str(saved), "--country", "GB", "--json").document
        asked = {fault["check_id"] for fault in document["faults"]} | set(document["works"])
        assert document["website"] == document["page"] == "saved page.html"
        assert document["score"] is not None
        assert asked
        assert not asked & ON_A_SERVER
        assert list(in_fresh_home.glob("*.db")) == [], "nothing is kept"

    def test_standard_input_gives_the_same_score_as_the_file(
        self, leadgen: Leadgen, saved: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SAVED)))
        piped = leadgen("score", "-", "--json").document
        kept = leadgen("score", str(saved), "--json").document
        assert piped["website"] == piped["page"] == "standard input"
        names = {"website": None, "page": None}
        assert kept | names | {"looked_at": piped["looked_at"]} == piped | names

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (b"", "is empty"),
            (b" \n", "is empty"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR<p>", "is no HTML"),
            (b"%PDF-1.4\n<p>", "is no HTML"),
            (b"price < 5 and more > 3", "is no HTML"),
        ],
    )
    def test_what_is_no_page_is_refused_in_one_line(
        self, leadgen: Leadgen, saved: Path, body: bytes, words: str
    ) -> None:
        saved.write_bytes(body)
        said = leadgen("score", str(saved))
        assert (said.code, said.out) == (2, "")
        assert said.err == f"leadgen: saved page.html: {words}; give a saved HTML page\n"

    @pytest.mark.parametrize("charset", ["utf-16", "utf-8"])
    def test_a_page_of_any_charset_is_a_page(self, leadgen: Leadgen, saved: Path, charset: str) -> None:
        saved.write_bytes(SAVED.decode().encode(charset))
        assert leadgen("score", str(saved), "--json").document["score"] is not None

    def test_a_folder_is_no_page(self, leadgen: Leadgen, in_fresh_home: Path) -> None:
        (in_fresh_home / "docs").mkdir()
        said = leadgen("score", "docs")
        assert said.code == 2
        assert said.err.startswith("leadgen: docs: is a folder; give one saved page of it")

    def test_snapshot_says_which_command_takes_a_saved_page(self, leadgen: Leadgen, saved: Path) -> None:
        said = leadgen("snapshot", str(saved))
        assert said.code == 2
        assert "snapshot takes a web address; `leadgen score` takes a saved page" in said.err

    def test_what_a_terminal_would_obey_is_not_passed_on(self, leadgen: Leadgen, saved: Path) -> None:
        said = leadgen("score", str(saved))
        assert "[31mred" in said.out
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", said.out)

    def test_without_a_country_no_phone_is_called_missing(self, leadgen: Leadgen, saved: Path) -> None:
        assert set(RUBRIC.rules) >= PHONE_CHECKS
        said = leadgen("score", str(saved))
        assert "--country GB says it" in " ".join(said.out.split())
        assert not any(check_id in said.out for check_id in PHONE_CHECKS)
        assert any(
            check_id in leadgen("score", str(saved), "--country", "GB").out for check_id in PHONE_CHECKS
        )


@pytest.mark.usefixtures("in_own_home")
class TestSnapshot:
    @WIDTHS
    def test_it_shows_answer_timings_sizes_and_headers(self, leadgen: Leadgen, columns: int) -> None:
        said = leadgen("snapshot", f"http://{OLD}/", columns=columns)
        assert said.code == 0
        assert _fits(said.out, columns)
        for words in (
            "HTTP/1.1 200",
            "fetched",
            "connect",
            "wait",
            "total",
            "on the wire",
            "Apache/2.2.3",
            "sha256",
        ):
            assert words in said.out

    def test_its_body_lies_in_the_store_under_its_hash(self, leadgen: Leadgen) -> None:
        document = leadgen("snapshot", f"http://{OLD}/", "--json").document
        digest = document["body_hash"]
        kept = workshop.open_files(Settings.load()).get_body(digest)
        assert len(kept) == document["body_bytes"]
        assert "body" not in document
        assert (document["status"], document["outcome"]) == (200, "fetched")

    def test_a_redirect_names_where_one_came_from(self, leadgen: Leadgen) -> None:
        said = leadgen("snapshot", "https://clearway.port-linden.example")
        assert "tidewayvans.port-linden.example" in said.out.splitlines()[0]
        assert re.search(r"asked for +https://clearway", said.out)
        assert "redirects" in said.out

    def test_no_answer_is_shown_with_its_reason_and_ends_with_1(self, leadgen: Leadgen) -> None:
        said = leadgen("snapshot", GONE)
        assert said.code == 1
        assert "no answer" in said.out
        assert "does not resolve" in " ".join(said.out.split())

    def test_a_page_over_a_real_connection_is_timed_and_counted(
        self, leadgen: Leadgen, httpserver: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
        httpserver.expect_request("/").respond_with_data(SAVED, content_type="text/html")

        def on_loopback(_settings: object) -> GuardedFetcher:
            return GuardedFetcher(user_agent=USER_AGENT, allowed_networks=LOOPBACK, pause_s=0.0)

        monkeypatch.setattr(workshop, "open_fetcher", on_loopback)
        said = leadgen("snapshot", httpserver.url_for("/"))
        assert said.code == 0
        assert re.search(r"total +\d+ ms", said.out)
        assert f"{len(SAVED)} bytes on the wire, {len(SAVED)} bytes inflated" in said.out
        assert leadgen("score", httpserver.url_for("/"), "--json").document["score"] is not None

    def test_the_headers_shown_are_spelled_as_they_are_kept(self) -> None:
        assert all(name == name.lower() for name in TELLING_HEADERS)


class TestRubric:
    @WIDTHS
    def test_the_table_fits_and_names_every_check_whole(self, leadgen: Leadgen, columns: int) -> None:
        said = leadgen("rubric", columns=columns)
        assert said.code == 0
        assert _fits(said.out, columns)
        squeezed = re.sub(r"\s+", "", said.out)
        assert all(check_id in squeezed for check_id in RUBRIC.rules)

    def test_the_page_and_the_file_come_as_they_are(self, leadgen: Leadgen, in_fresh_home: Path) -> None:
        assert leadgen("rubric", "--markdown").out == rubric_markdown(RUBRIC)
        (in_fresh_home / "rubric.yaml").write_text(leadgen("rubric", "--yaml").out, encoding="utf-8")
        assert leadgen("score", OLD, "--rubric", "rubric.yaml").code == 0


def test_an_order_carries_its_rubric_and_a_wrong_one_is_refused_before_there_is_a_run(
    leadgen: Leadgen, in_fresh_home: Path
) -> None:
    (in_fresh_home / "list.csv").write_text("name\nCafé Ett\n", encoding="utf-8")
    order = ("run", "--location", "Lund", "--niche", "cafes", "--source", "csv:list.csv", "--json")
    own = in_fresh_home / "rubric.yaml"
    own.write_text("threshold: 0\n", encoding="utf-8")
    refused = leadgen(*order, "--rubric", "rubric.yaml")
    assert refused.code == 2
    assert refused.err == (
        "leadgen: rubric.yaml:1: threshold: '0' is not allowed; give a whole number from 1 to 100\n"
    )
    assert "No run yet" in leadgen("runs").out
    own.write_text("threshold: 100\n", encoding="utf-8")
    placed = leadgen(*order, "--rubric", "rubric.yaml").document
    assert placed["status"] == "completed"
    assert "weighed by rubric.yaml" in leadgen("status", placed["run_id"]).out


def test_a_score_leaves_every_run_as_it_was(leadgen: Leadgen, in_town: Path) -> None:
    before = leadgen("runs", "--json").out
    assert leadgen("score", OLD).code == 0
    assert leadgen("runs", "--json").out == before
