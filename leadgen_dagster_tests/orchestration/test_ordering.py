import multiprocessing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from upath import UPath

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.models import OrderLaunchModel, ProcessingRunModel
from leadgen_dagster.discovery.sources import HELSINKI
from leadgen_dagster.errors import FileError, LeadgenError, OrderError
from leadgen_dagster.orchestration.ordering import OrderDesk, rubric_choice_of
from leadgen_dagster.orders import Executor, ProcessingRun
from leadgen_dagster.scoring.rubric_file import RubricChoice
from leadgen_dagster_tests.db.rows import dump

FIELDS = {"location": "Port Linden", "niche": "bakery", "sources": ["demo"]}
LIST = "name,phone\nHarbour Bakery,+441914980101\n"


@pytest.fixture
def files(tmp_path: Path) -> ObjectStore:
    return ObjectStore(UPath(tmp_path / "files"))


@pytest.fixture
def desk(database: Database, files: ObjectStore) -> OrderDesk:
    return OrderDesk(database=database, files=files)


@pytest.fixture
def leads_csv(tmp_path: Path) -> Path:
    path = tmp_path / "my  leads.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def place(desk: OrderDesk, **options: Any) -> tuple[ProcessingRun, bool]:
    arguments = {"requested_by": "a test", "executor": Executor.PROCESS, **options}
    fields = {**FIELDS, **arguments.pop("fields", {})}
    return desk.place(fields, **arguments)


def orders(database: Database) -> list[tuple[Any, ...]]:
    return dump(database, ProcessingRunModel)["processing_runs"]


class TestRequests:
    def test_a_new_order_is_a_new_run(self, desk: OrderDesk) -> None:
        run, is_new = place(desk)
        assert is_new
        assert run.id.startswith(f"{run.requested_at:%Y-%m-%d}-port-linden-bakery-")
        assert (run.requested_by, run.executor, run.config.niche) == ("a test", Executor.PROCESS, "bakery")

    def test_the_same_order_again_gives_the_run_that_there_is(
        self, desk: OrderDesk, database: Database
    ) -> None:
        run, _ = place(desk)
        assert place(desk, fields={"location": " PORT  linden"}, executor=Executor.DAEMON) == (run, False)
        assert len(orders(database)) == 1

    def test_asked_again_on_purpose_it_is_a_new_run_each_time(self, desk: OrderDesk) -> None:
        run, _ = place(desk)
        others = [place(desk, again=True, request_key="one") for _ in range(2)]
        assert all(is_new for _, is_new in others)
        assert len({run.id, *(other.id for other, _ in others)}) == 3

    def test_a_repeated_request_key_gives_its_first_run_whatever_else_is_asked(self, desk: OrderDesk) -> None:
        run, _ = place(desk, request_key="client:1")
        assert place(desk, request_key="client:1", fields={"niche": "pub", "max_businesses": 3}) == (
            run,
            False,
        )
        assert place(desk, request_key="client:2")[0].id != run.id

    def test_an_edited_list_at_the_same_path_is_a_new_request(self, desk: OrderDesk, leads_csv: Path) -> None:
        fields = {"sources": [f"csv:{leads_csv}"]}
        run, _ = place(desk, fields=fields)
        assert place(desk, fields=fields) == (run, False)
        leads_csv.write_text(f"{LIST}Quay Bakery,+441914980102\n", encoding="utf-8")
        edited, is_new = place(desk, fields=fields)
        assert is_new
        assert edited.id != run.id

    def test_the_same_list_at_another_path_is_the_same_request(
        self, desk: OrderDesk, leads_csv: Path, tmp_path: Path
    ) -> None:
        copy = tmp_path / "copy.csv"
        copy.write_bytes(leads_csv.read_bytes())
        run, _ = place(desk, fields={"sources": [f"csv:{leads_csv}"]})
        assert place(desk, fields={"sources": [f"csv:{copy}"]}) == (run, False)

    def test_the_run_reads_the_bytes_of_the_day_it_was_ordered(
        self, desk: OrderDesk, files: ObjectStore, leads_csv: Path
    ) -> None:
        run, _ = place(desk, fields={"sources": [f"csv:{leads_csv}"]})
        leads_csv.unlink()
        (spec,) = run.config.sources
        assert spec.file == str(leads_csv)
        assert spec.file_hash is not None
        assert files.local_input(spec.file_hash).read_text(encoding="utf-8") == LIST

    def test_processes_that_order_at_once_get_one_run_for_one_request_and_their_own_for_their_own(
        self, database_url: str, tmp_path: Path
    ) -> None:
        spawn = multiprocessing.get_context("spawn")
        barrier, answers = spawn.Barrier(2), spawn.Queue()
        keys = [("shared", "own:1"), ("shared", "own:2")]
        processes = [
            spawn.Process(target=_place_elsewhere, args=(database_url, tmp_path, own, barrier, answers))
            for own in keys
        ]
        for process in processes:
            process.start()
        placed = [answers.get(timeout=60) for own in keys for _key in own]
        for process in processes:
            process.join()
        assert len({run_id for run_id, _is_new in placed}) == 3
        assert sum(is_new for _run_id, is_new in placed) == 3


def _place_elsewhere(url: str, folder: Path, keys: tuple[str, ...], barrier: Any, answers: Any) -> None:
    database = Database(url)
    desk = OrderDesk(database=database, files=ObjectStore(UPath(folder / "files")))
    for key in keys:
        barrier.wait()
        run, is_new = place(desk, request_key=key)
        answers.put((run.id, is_new))
    database.dispose()


class TestRefusals:
    @pytest.fixture(autouse=True)
    def _nothing_is_written(self, database: Database, tmp_path: Path) -> Iterator[None]:
        yield
        assert orders(database) == []
        assert not (tmp_path / "files").exists()

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"niche": "unicorn groomers"}, "niche"),
            ({"sources": ["yellowpages"]}, "sources"),
            ({"sources": ["csv"]}, "sources"),
            ({"sources": ["csv:there-is-no-such-file.csv"]}, "sources"),
            ({"sources": ["demo:list.csv"]}, "sources"),
            ({"sources": ["csv:/"]}, "sources"),
            ({"sources": ["google_places"]}, "sources"),
            ({"location": "60.2,24.9,60.1,25.0", "sources": ["osm"]}, "location"),
            ({"column_map": {"Firma": ""}}, "column_map"),
            ({"location": "Helsinki"}, "location"),
            ({"location": "Stockholm", "sources": ["osm"]}, "location"),
            ({"location": "Stockholm", "sources": ["osm", "demo"]}, "location"),
            ({"max_businesses": 5_001}, "max_businesses"),
            ({"colour": "red"}, "colour"),
        ],
    )
    def test_a_wrong_order_is_refused_before_anything_is_written(
        self, desk: OrderDesk, fields: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(OrderError) as refused:
            place(desk, fields=fields)
        assert refused.value.field == field

    def test_an_unknown_niche_is_answered_with_the_nearest_known(self, desk: OrderDesk) -> None:
        with pytest.raises(OrderError, match=r"the nearest known are .*hairdresser"):
            place(desk, fields={"niche": "hairdreser"})

    def test_a_place_that_the_extract_does_not_hold_is_answered_with_the_nearest_it_names(
        self, desk: OrderDesk
    ) -> None:
        with pytest.raises(OrderError, match=r"helsinki\.osm\.pbf does not name it; .* are Helsinki, "):
            place(desk, fields={"location": "Helsinkee", "sources": ["osm"]})

    def test_an_unknown_source_is_answered_with_the_known_ones(self, desk: OrderDesk) -> None:
        with pytest.raises(OrderError, match="known sources are overpass, osm, google_places"):
            place(desk, fields={"sources": ["osmm"]})

    def test_a_list_is_not_copied_for_an_order_that_is_wrong_elsewhere(
        self, desk: OrderDesk, leads_csv: Path
    ) -> None:
        with pytest.raises(OrderError, match=r"^niche: "):
            place(desk, fields={"sources": [f"csv:{leads_csv}"], "niche": "unicorn groomers"})

    def test_a_budget_needs_the_prices_of_the_model(self, database: Database, files: ObjectStore) -> None:
        desk = OrderDesk(database=database, files=files, has_unpriced_model=True)
        with pytest.raises(OrderError, match=r"^budget_usd: .*LEADGEN_LLM_PRICE_INPUT_USD"):
            place(desk, fields={"budget_usd": "1.50"})


def test_without_a_budget_no_price_is_needed(database: Database, files: ObjectStore) -> None:
    assert place(OrderDesk(database=database, files=files, has_unpriced_model=True))[1]


def test_without_a_source_the_configured_ones_are_ordered_and_never_the_demo_town(
    database: Database, files: ObjectStore
) -> None:
    fields = {"sources": [], "location": "Helsinki"}
    run, _ = place(OrderDesk(database=database, files=files, osm_file=HELSINKI), fields=fields)
    assert [spec.name for spec in run.config.sources] == ["osm"]
    assert run.config.sources[0].file_hash is not None


def test_a_new_user_who_names_no_source_gets_any_town_by_name(database: Database, files: ObjectStore) -> None:
    run, _ = place(OrderDesk(database=database, files=files), fields={"sources": [], "location": "Leeds"})
    assert [spec.name for spec in run.config.sources] == ["overpass"]


def test_a_source_without_its_key_says_which_setting_and_where_one_gets_it(
    database: Database, files: ObjectStore
) -> None:
    wanted = {"sources": ["google_places"], "location": "Leeds"}
    with pytest.raises(OrderError, match=r"set LEADGEN_GOOGLE_PLACES_API_KEY; one gets it at https://"):
        place(OrderDesk(database=database, files=files), fields=wanted)
    keys = frozenset({"LEADGEN_GOOGLE_PLACES_API_KEY"})
    assert place(OrderDesk(database=database, files=files, keys=keys), fields=wanted)[1]


def test_what_an_order_would_cost_is_told_and_nothing_is_written(
    database: Database, files: ObjectStore
) -> None:
    keys = frozenset({"LEADGEN_GOOGLE_PLACES_API_KEY"})
    desk = OrderDesk(database=database, files=files, keys=keys, prices={"google_places": 35.0})
    fields = {"location": "60.16,24.92,60.18,24.97", "niche": "bakery", "sources": ["osm", "google_places"]}
    _config, told = desk.estimates(fields)
    assert told["osm"].calls_at_most == 0
    assert told["google_places"].calls_at_least >= 1
    assert told["google_places"].cost_at_least_micro_usd >= 35_000
    assert dump(database, ProcessingRunModel) == {"processing_runs": []}


@pytest.mark.parametrize("content", [b"", b"no extract at all"])
def test_a_file_that_its_source_cannot_read_is_refused_before_anything_is_written(
    desk: OrderDesk, tmp_path: Path, content: bytes
) -> None:
    damaged = tmp_path / "damaged.osm.pbf"
    damaged.write_bytes(content)
    with pytest.raises(FileError, match=r"damaged\.osm\.pbf: (is empty, )?not an OSM PBF file"):
        place(desk, fields={"sources": [f"osm:{damaged}"]})
    assert list(tmp_path.rglob("inputs/*")) == []


def test_bytes_that_are_kept_already_are_asked_for_the_place_too(desk: OrderDesk) -> None:
    kept, _ = place(desk, fields={"location": "Helsinki", "sources": ["osm"]})
    with pytest.raises(OrderError, match=r"^location: 'Stockholm' is not allowed"):
        place(desk, fields={"location": "Stockholm", "sources": [kept.config.sources[0].model_dump()]})


def test_a_hash_that_no_input_has_is_refused(desk: OrderDesk) -> None:
    spec = {"name": "csv", "file": "leads.csv", "file_hash": "0" * 64}
    with pytest.raises(OrderError, match="no input file of this hash"):
        place(desk, fields={"sources": [spec]})


class TestRubricFiles:
    @pytest.fixture
    def rubric_yaml(self, tmp_path: Path) -> Path:
        path = tmp_path / "our rubric.yaml"
        path.write_text("threshold: 65\nweights: {mobile.fixed_width: 30}\n", encoding="utf-8")
        return path

    def test_the_run_reads_the_bytes_of_the_day_it_was_ordered(
        self, desk: OrderDesk, files: ObjectStore, rubric_yaml: Path
    ) -> None:
        run, _ = place(desk, fields={"rubric_file": str(rubric_yaml)})
        rubric_yaml.write_text("weights: {mobile.fixed_width: 0}\n", encoding="utf-8")
        assert run.config.rubric_file == str(rubric_yaml)
        assert rubric_choice_of(run.config, files).weights == {"mobile.fixed_width": 30}
        assert place(desk, fields={"rubric_file": str(rubric_yaml)})[0].id != run.id

    def test_an_order_without_one_changes_nothing(self, desk: OrderDesk, files: ObjectStore) -> None:
        run, _ = place(desk)
        assert rubric_choice_of(run.config, files) == RubricChoice()

    @pytest.mark.parametrize(("own", "threshold"), [({}, 65), ({"score_threshold": 70}, 70)])
    def test_its_threshold_stands_where_the_order_names_none(
        self, desk: OrderDesk, rubric_yaml: Path, own: dict[str, int], threshold: int
    ) -> None:
        run, _ = place(desk, fields={"rubric_file": str(rubric_yaml), **own})
        assert run.config.score_threshold == threshold

    def test_the_same_bytes_at_another_path_or_by_their_hash_are_the_same_request(
        self, desk: OrderDesk, tmp_path: Path, rubric_yaml: Path
    ) -> None:
        copy = tmp_path / "copy.yaml"
        copy.write_bytes(rubric_yaml.read_bytes())
        run, _ = place(desk, fields={"rubric_file": str(rubric_yaml)})
        assert place(desk, fields={"rubric_file": str(copy)}) == (run, False)
        by_hash = {"rubric_file_hash": run.config.rubric_file_hash}
        assert place(desk, fields=by_hash) == (run, False)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("threshold: many\n", r"rubric\.yaml:1: threshold: 'many' is not allowed; give a whole number"),
            ("weights:\n  mobile.width: 3\n", r"rubric\.yaml:2: weights: there is no check 'mobile\.width'"),
        ],
    )
    def test_a_wrong_one_is_refused_before_anything_is_written(
        self, desk: OrderDesk, leads_csv: Path, rubric_yaml: Path, content: str, *, said: str
    ) -> None:
        rubric_yaml.write_text(content, encoding="utf-8")
        with pytest.raises(FileError, match=said):
            place(desk, fields={"rubric_file": str(rubric_yaml), "sources": [f"csv:{leads_csv}"]})
        assert orders(desk.database) == []
        assert list(rubric_yaml.parent.rglob("inputs/*")) == []

    def test_one_that_is_not_there_is_named(self, desk: OrderDesk, tmp_path: Path) -> None:
        with pytest.raises(FileError, match=r"none\.yaml: no such file"):
            place(desk, fields={"rubric_file": str(tmp_path / "none.yaml")})
        with pytest.raises(FileError, match="cannot be read: Is a directory"):
            place(desk, fields={"rubric_file": str(tmp_path)})

    def test_a_hash_that_no_rubric_has_is_refused(self, desk: OrderDesk) -> None:
        with pytest.raises(OrderError, match="no rubric file of this hash"):
            place(desk, fields={"rubric_file_hash": "0" * 64})

    def test_the_form_of_the_ui_leaves_the_threshold_to_the_file(
        self, desk: OrderDesk, rubric_yaml: Path
    ) -> None:
        # Here, because it brings Dagster, which the processes that order at once would wait for.
        from leadgen_dagster.orchestration.order_config import OrderConfig

        form = OrderConfig(**FIELDS, rubric_file=str(rubric_yaml), audit_weakest=3)
        run, _ = desk.place(form.fields(), requested_by="a test", executor=Executor.DAEMON)
        assert (run.config.score_threshold, run.config.audit_weakest) == (65, 3)


class TestByHand:
    def test_a_partition_never_changes_the_order_it_stands_for(self, desk: OrderDesk) -> None:
        run = desk.place_by_hand(FIELDS, "my-first-run")
        with pytest.raises(OrderError, match="stands for bakery in Port Linden"):
            desk.place_by_hand({**FIELDS, "niche": "dentists"}, "my-first-run")
        assert desk.place_by_hand(FIELDS, "my-first-run") == run

    def test_a_partition_added_by_hand_gets_the_order_it_brings_and_keeps_its_name(
        self, desk: OrderDesk
    ) -> None:
        run = desk.place_by_hand(FIELDS, "my-first-run")
        assert run.id == "my-first-run"
        assert desk.place_by_hand(FIELDS, "my-first-run") == run

    def test_a_partition_that_has_an_order_already_does_not_take_another(self, desk: OrderDesk) -> None:
        run, _ = place(desk)
        with pytest.raises(LeadgenError, match="belongs to another request already"):
            desk.place_by_hand({**FIELDS, "niche": "pub"}, run.id)

    def test_a_name_that_is_no_safe_folder_is_refused(self, desk: OrderDesk) -> None:
        with pytest.raises(OrderError, match=r"^partition: '\.\./x' is not allowed"):
            desk.place_by_hand(FIELDS, "../x")


def test_a_launch_is_written_down_with_who_and_when(desk: OrderDesk, database: Database) -> None:
    run, _ = place(desk)
    desk.note_launch(run.id, "leadgen run")
    ((_id, run_id, launched_at, launched_by),) = dump(database, OrderLaunchModel)["order_launches"]
    assert (run_id, launched_by) == (run.id, "leadgen run")
    assert launched_at >= run.requested_at
