import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadgen_dagster.errors import OrderError
from leadgen_dagster.orders import (
    ALLOWED,
    Executor,
    ProcessingRun,
    ProcessingRunConfig,
    SourceSpec,
    checked_run_id,
    request_key_of,
    run_id_candidates,
)

DAY = date(2026, 11, 22)
LEAST: Mapping[str, Any] = {"location": "Helsinki", "niche": "restaurants"}
HASH = "0" * 64


def order(**fields: object) -> ProcessingRunConfig:
    return ProcessingRunConfig.parse({**LEAST, **fields})


def run_id(location: str, niche: str = "restaurants") -> str:
    return run_id_candidates(order(location=location, niche=niche), "key", DAY)[0]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


class TestOptions:
    def test_the_least_that_one_gives_is_a_place_and_a_niche(self) -> None:
        config = order()
        assert (config.location, config.niche) == ("Helsinki", "restaurants")
        assert (config.max_businesses, config.score_threshold) == (50, 70)
        assert (config.sources, config.language, config.budget_usd) == ((), None, None)
        assert (config.audit_weakest, config.rubric_file, config.rubric_file_hash) == (0, None, None)

    def test_all_that_one_may_give_is_kept(self) -> None:
        config = order(
            sources=["osm", "CSV: my  leads.csv"],
            max_businesses=5_000,
            score_threshold=100,
            audit_weakest=200,
            rubric_file="our rubric.yaml",
            language="fi",
            budget_usd="0.000001",
        )
        assert (config.audit_weakest, config.rubric_file) == (200, "our rubric.yaml")
        assert config.sources == (SourceSpec(name="osm"), SourceSpec(name="csv", file="my  leads.csv"))
        assert (config.max_businesses, config.score_threshold) == (5_000, 100)
        assert (config.language, config.budget_usd) == ("fi", Decimal("0.000001"))

    def test_a_source_is_shown_as_it_was_written(self) -> None:
        assert [str(spec) for spec in order(sources=["osm", "csv:leads.csv"]).sources] == [
            "osm",
            "csv:leads.csv",
        ]

    def test_a_path_that_is_long_or_has_a_colon_is_still_a_path(self) -> None:
        path = "/".join(["a-long-folder-name"] * 20) + "/C:leads.csv"
        assert order(sources=[f"csv:{path}"]).sources[0].file == path

    def test_spaces_and_line_breaks_around_and_within_a_name_become_one_space(self) -> None:
        assert order(location="  New \n  York\t").location == "New York"

    @pytest.mark.parametrize("name", ["São Paulo", "京都", "می\u200cبد", "תל אביב", "Saint-Jean-d'Angély"])
    def test_a_name_in_any_script_is_kept_as_it_is_spelled(self, name: str) -> None:
        assert order(location=name).location == name

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            *[
                ("location", value)
                for value in (None, "", " \n ", "a\0b", "a\x1bb", "\ud800", "x" * 201, 7, ["x"])
            ],
            *[("niche", value) for value in (None, "", "\u200b", "\u202ecab", True, {})],
            *[
                ("max_businesses", value)
                for value in (None, 0, -1, 5_001, 10**30, True, "50", 50.0, math.nan)
            ],
            *[("score_threshold", value) for value in (None, 0, 101, False, "70")],
            *[("audit_weakest", value) for value in (None, -1, 201, True, "3")],
            *[("rubric_file", value) for value in ("", 7, "a\0b", ["x"])],
            *[("rubric_file_hash", value) for value in ("", "x", HASH[1:], HASH.replace("0", "A"))],
            *[("language", value) for value in ("", "EN", "english", "e", "fi\n", b"en", 7)],
            *[("budget_usd", value) for value in (-1, "-0.01", 100_001, "0.0000001", "x", True, [], {})],
            *[("budget_usd", value) for value in (math.nan, math.inf, -math.inf, "NaN", "Infinity")],
            *[("sources", value) for value in (None, "osm", 7, {"osm": 1}, [None], [["osm"]], [""], [":x"])],
            *[
                ("sources", [{"name": "osm", **more}])
                for more in ({"folder": 1}, {"file": 1}, {"file_hash": "x"})
            ],
            *[("sources", value) for value in ([{}], [f"csv:{'x' * 5_000}"], ["csv:a\0b"])],
        ],
    )
    def test_a_wrong_value_is_refused_with_its_field_its_value_and_what_is_allowed(
        self, field: str, value: object
    ) -> None:
        with pytest.raises(OrderError) as refused:
            order(**{field: value})
        assert refused.value.field == field
        assert refused.value.value is value
        assert refused.value.allowed == ALLOWED[field]
        message = str(refused.value)
        assert message.startswith(f"{field}: ")
        assert message.endswith(ALLOWED[field])
        assert message.isprintable()

    def test_an_unknown_field_is_refused_with_the_known_ones(self) -> None:
        with pytest.raises(OrderError) as refused:
            order(max_busineses=3)
        assert str(refused.value) == f"max_busineses: 3 is not allowed; known fields are {', '.join(ALLOWED)}"

    @pytest.mark.parametrize("field", ["location", "niche"])
    def test_a_missing_field_is_named(self, field: str) -> None:
        with pytest.raises(OrderError) as refused:
            ProcessingRunConfig.parse({name: value for name, value in LEAST.items() if name != field})
        assert (refused.value.field, refused.value.allowed) == (field, ALLOWED[field])

    def test_what_is_allowed_is_said_of_every_field(self) -> None:
        assert set(ALLOWED) == set(ProcessingRunConfig.model_fields)

    def test_a_very_long_value_is_cut_in_the_message(self) -> None:
        with pytest.raises(OrderError) as refused:
            order(location="x" * 10_000)
        assert len(str(refused.value)) < 300

    @given(st.dictionaries(st.sampled_from([*ALLOWED, "other"]) | st.text(), json_values))
    @example({"sources": [""]})
    @example({"sources": [{"name": {}}]})
    def test_any_mapping_either_is_an_order_or_is_refused_in_one_line(self, fields: dict[str, Any]) -> None:
        for candidate in (fields, {**LEAST, **fields}):
            try:
                config = ProcessingRunConfig.parse(candidate)
            except OrderError as error:
                refusal = str(error)
                assert refusal.isprintable()
            else:
                assert ProcessingRunConfig.parse(config.model_dump()) == config


class TestRequestKeys:
    def test_the_same_order_on_one_day_is_one_request(self) -> None:
        spelled = order(location=" HELSINKI ", niche="Restaurants", budget_usd="1.50")
        assert request_key_of(spelled, DAY) == request_key_of(order(budget_usd=1.5), DAY)

    def test_nothing_owed_is_nothing_owed_whatever_its_sign(self) -> None:
        assert request_key_of(order(budget_usd=-0.0), DAY) == request_key_of(order(budget_usd=0), DAY)

    def test_the_order_of_the_sources_and_the_name_of_a_file_do_not_matter_but_its_bytes_do(self) -> None:
        here = SourceSpec(name="csv", file="leads.csv", file_hash=HASH)
        there = SourceSpec(name="csv", file="/home/b/leads.csv", file_hash=HASH)
        edited = SourceSpec(name="csv", file="leads.csv", file_hash="1" * 64)
        osm = SourceSpec(name="osm")
        key = request_key_of(order(sources=[here, osm]), DAY)
        assert request_key_of(order(sources=[osm, there]), DAY) == key
        assert request_key_of(order(sources=[osm, edited]), DAY) != key

    def test_a_dataset_that_is_read_where_it_lies_counts_by_its_address(self) -> None:
        here, there = (order(sources=[f"overture:s3://bucket/{name}"]) for name in ("one", "two"))
        assert request_key_of(here, DAY) != request_key_of(there, DAY)

    def test_what_a_rubric_file_is_called_does_not_matter(self) -> None:
        here, there = (order(rubric_file=name, rubric_file_hash=HASH) for name in ("a.yaml", "b.yaml"))
        assert request_key_of(here, DAY) == request_key_of(there, DAY)

    @pytest.mark.parametrize(
        "change",
        [
            {"location": "Espoo"},
            {"niche": "bars"},
            {"max_businesses": 51},
            {"score_threshold": 71},
            {"audit_weakest": 1},
            {"rubric_file_hash": HASH},
            {"language": "fi"},
            {"budget_usd": 0},
            {"sources": ["osm"]},
        ],
    )
    def test_any_other_option_is_another_request(self, change: dict[str, Any]) -> None:
        assert request_key_of(order(**change), DAY) != request_key_of(order(), DAY)

    def test_another_day_is_another_request(self) -> None:
        assert request_key_of(order(), date(2026, 11, 23)) != request_key_of(order(), DAY)


class TestRunIds:
    def test_a_run_id_says_when_where_and_what(self) -> None:
        assert re.fullmatch(r"2026-11-22-helsinki-restaurants-[0-9a-f]{4}", run_id("Helsinki"))

    @pytest.mark.parametrize(
        ("location", "word"),
        [
            ("../../etc/passwd", "etc-passwd"),
            ("C:\\Windows\\..", "c-windows"),
            ("a/b?c=d#e%2e&f", "a-b-c-d-e-2e-f"),
            ("'; DROP TABLE processing_runs; --", "drop-table-processing-ru"),
            ("-rf *", "rf"),
            ("São Paulo", "sao-paulo"),
            ("Αθήνα", "athina"),
            ("Київ", "kiiv"),
            ("京都", "jingdou"),
            ("...", "place"),
            ("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "llanfairpwllgwyngyllgoge"),
        ],
    )
    def test_a_hostile_or_foreign_name_becomes_a_harmless_word(self, location: str, word: str) -> None:
        assert run_id(location).startswith(f"2026-11-22-{word}-restaurants-")

    @pytest.mark.parametrize("location", ["🍕🍕", "💈", "תל אביב", "بيروت", "नई दिल्ली", "서울"])
    def test_a_name_without_a_latin_letter_has_a_run_id_too(self, location: str) -> None:
        assert re.fullmatch(r"2026-11-22-[a-z0-9-]+-restaurants-[0-9a-f]{4}", run_id(location))

    @given(
        location=st.text(min_size=1, max_size=200),
        niche=st.text(min_size=1, max_size=200),
        request_key=st.text(alphabet=st.characters(codec="utf-8"), max_size=100),
    )
    def test_every_run_id_is_safe_as_a_folder_a_url_and_a_partition_key(
        self, location: str, niche: str, request_key: str
    ) -> None:
        try:
            config = order(location=location, niche=niche)
        except OrderError:
            return
        candidates = run_id_candidates(config, request_key, DAY)
        assert len(set(candidates)) == len(candidates)
        for candidate in candidates:
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", candidate)
            assert len(candidate) <= 128
            assert checked_run_id(candidate) == candidate

    def test_another_request_has_other_digits(self) -> None:
        first, second = (run_id_candidates(order(), key, DAY)[-1] for key in ("one", "two"))
        assert first != second

    @pytest.mark.parametrize(
        "name", ["", ".", "..", "../x", "a/b", "a\\b", "a b", "-x", "ä", "a\n", "x" * 129]
    )
    def test_a_partition_that_somebody_named_by_hand_must_be_safe_too(self, name: str) -> None:
        with pytest.raises(OrderError, match=r"^partition: "):
            checked_run_id(name)

    def test_ages_are_counted_against_the_day_of_the_order(self) -> None:
        run = ProcessingRun(
            id="x",
            config=order(),
            requested_by="a test",
            requested_at=datetime(2026, 11, 22, 23, 59, tzinfo=UTC),
            executor=Executor.PROCESS,
            request_key="x",
        )
        assert run.ordered_on == DAY
