"""The one way to place an order; every door comes through here. Nothing is fetched before an order stands."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leadgen_dagster.agency import load_agency
from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.repositories import OrderLaunchRepository, ProcessingRunRepository
from leadgen_dagster.discovery.discover import request_of
from leadgen_dagster.discovery.sources import (
    SOURCES,
    check_sources,
    default_sources,
    is_demo_only,
    open_source,
)
from leadgen_dagster.discovery.sources.base import Estimate, SourceAccess
from leadgen_dagster.errors import OrderError
from leadgen_dagster.orders import Executor, ProcessingRun, ProcessingRunConfig, SourceSpec, request_key_of
from leadgen_dagster.scoring.rubric import RUBRIC
from leadgen_dagster.scoring.rubric_file import (
    RubricChoice,
    check_rubric_file,
    read_rubric_file,
    with_choice,
)
from leadgen_dagster.scoring.rules import Rubric
from leadgen_dagster.yaml_file import content_of

OWN_LISTS = ("csv", "xlsx")
RUBRIC_FILE = "rubric file"
"""What a rubric file is called that was ordered by its hash alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDesk:
    """Takes orders.

    Attributes:
        osm_file: what the setting gives the source `osm`, where an order names no source.
        keys: the settings of place services that are set.
        prices: source -> US dollars per 1,000 calls.
        has_unpriced_model: a language model is configured whose prices are not known.
        agency_file: where the agency says who it is; read here only to refuse a wrong one in time.
    """

    database: Database
    files: ObjectStore
    osm_file: Path | None = None
    keys: frozenset[str] = frozenset()
    prices: Mapping[str, float] = field(default_factory=dict)
    has_unpriced_model: bool = False
    agency_file: Path | None = None

    def place(
        self,
        fields: Mapping[str, Any],
        *,
        requested_by: str,
        executor: Executor,
        request_key: str | None = None,
        again: bool = False,
        run_id: str | None = None,
    ) -> tuple[ProcessingRun, bool]:
        """The run of this order, and whether it is new: a repeated request gives the run it gave before.

        Args:
            fields: the options, unchecked.
            request_key: what the door knows the request by; without one, the order itself and the UTC day.
            again: a fresh request, however often the same was asked before.
            run_id: only for a partition that was added by hand.

        Raises:
            OrderError: names the first wrong field; nothing was fetched or written.
            FileError: an input file is not what its source reads; or the agency's file is wrong.
        """
        config = self._complete(fields)
        now = datetime.now(UTC)
        if again:
            request_key = f"again:{uuid.uuid4()}"
        with self.database.write() as session:
            return ProcessingRunRepository(session).place(
                config,
                request_key=request_key or request_key_of(config, now.date()),
                requested_by=requested_by,
                requested_at=now,
                executor=executor,
                run_id=run_id,
            )

    def place_by_hand(self, fields: Mapping[str, Any], run_id: str) -> ProcessingRun:
        """The order of a partition that somebody added in the UI; the key they chose is the run's id.

        Raises:
            OrderError: a field is wrong; or the partition stands for another order already.
        """
        run, is_new = self.place(
            fields,
            requested_by="partition added by hand",
            executor=Executor.PROCESS,
            request_key=f"partition:{run_id}",
            run_id=run_id,
        )
        if not is_new and run.config.normalised() != self._complete(fields).normalised():
            standing = f"{run.config.niche} in {run.config.location}"
            raise OrderError("order", run_id, f"this partition stands for {standing}; add another partition")
        return run

    def estimates(self, fields: Mapping[str, Any]) -> tuple[ProcessingRunConfig, dict[str, Estimate]]:
        """What an order would ask of each of its sources and what that would cost; calls nobody, writes nothing.

        Raises:
            OrderError: names the first wrong field.
            FileError: an input file is not what its source reads.
        """
        config = self._checked(fields, is_asked=False)
        return config, self.estimates_of(config)

    def estimates_of(self, config: ProcessingRunConfig) -> dict[str, Estimate]:
        """The same for an order that was checked; source -> what it would take."""
        request = request_of(config, datetime.now(UTC).date())
        told: dict[str, Estimate] = {}
        for spec in config.sources:
            source = open_source(spec, self._access(spec, config))
            source.check_ready(config.location)
            told[str(spec)] = source.estimate(request)
        return told

    def note_launch(self, run_id: str, launched_by: str) -> None:
        """Writes down that somebody submits this order's run now."""
        with self.database.write() as session:
            OrderLaunchRepository(session).create(
                run_id=run_id, launched_at=datetime.now(UTC), launched_by=launched_by
            )

    def _checked(self, fields: Mapping[str, Any], *, is_asked: bool = True) -> ProcessingRunConfig:
        config = ProcessingRunConfig.parse(fields)
        request_of(config, datetime.now(UTC).date())
        check_sources(config.sources)
        if is_asked:
            self.check_keys(config.sources)
        self._check_column_map(config)
        for spec in config.sources:
            if spec.file_hash is not None and not self.files.input_path(spec.file_hash).exists():
                raise OrderError("sources", spec.file_hash, "no input file of this hash is kept here")
        rubric_hash = config.rubric_file_hash
        if rubric_hash is not None and not self.files.input_path(rubric_hash).exists():
            raise OrderError("rubric_file_hash", rubric_hash, "no rubric file of this hash is kept here")
        if config.budget_usd is not None and self.has_unpriced_model:
            raise OrderError(
                "budget_usd",
                str(config.budget_usd),
                "a budget needs the model's prices; set LEADGEN_LLM_PRICE_INPUT_USD and _OUTPUT_USD",
            )
        if not config.sources:
            osm_file = str(self.osm_file) if self.osm_file else None
            config = config.model_copy(update={"sources": default_sources({"osm": osm_file})})
        if self.agency_file and self.agency_file.exists() and not is_demo_only(config.sources):
            load_agency(self.agency_file)
        return config

    def _complete(self, fields: Mapping[str, Any]) -> ProcessingRunConfig:
        """Copies every input file by its hash, so that a backfill next year reads the same bytes."""
        config = self._checked(fields)
        found = [(spec, self._access(spec, config)) for spec in config.sources]
        for spec, access in found:
            open_source(spec, access).check_ready(config.location)
        rubric = self._rubric_fields(config, keeps_threshold="score_threshold" in fields)
        sources = tuple(self._kept(spec, access.path) for spec, access in found)
        return config.model_copy(update={"sources": sources, **rubric})

    def _rubric_fields(self, config: ProcessingRunConfig, *, keeps_threshold: bool) -> dict[str, object]:
        """What the person's rubric file adds to the order; a threshold of the order's own goes before the file's."""
        if config.rubric_file_hash is not None:
            content = self.files.input_path(config.rubric_file_hash).read_bytes()
        elif config.rubric_file is not None:
            content = content_of(Path(config.rubric_file).expanduser())
        else:
            return {}
        choice = check_rubric_file(config.rubric_file or RUBRIC_FILE, content, RUBRIC)
        own = {} if keeps_threshold or choice.threshold is None else {"score_threshold": choice.threshold}
        return {"rubric_file_hash": self.files.put_input(content), **own}

    def _check_column_map(self, config: ProcessingRunConfig) -> None:
        if config.column_map and not any(spec.name in OWN_LISTS for spec in config.sources):
            header = next(iter(config.column_map))
            raise OrderError("column_map", header, f"it is for lists of your own: {' or '.join(OWN_LISTS)}")

    def check_keys(self, specs: Iterable[SourceSpec]) -> None:
        """Refuses a source whose key is not set, before it is asked.

        Raises:
            OrderError: names the setting, and where one gets a key.
        """
        for spec in specs:
            info = SOURCES[spec.name]
            if info.key_setting and info.key_setting not in self.keys:
                allowed = f"it wants a key: set {info.key_setting}; one gets it at {info.key_from}"
                raise OrderError("sources", spec.name, allowed)

    def _access(self, spec: SourceSpec, config: ProcessingRunConfig) -> SourceAccess:
        """What a source is handed while its order is only checked: no way to the network."""
        from leadgen_dagster.clients.datasets import open_dataset

        return SourceAccess(
            path=self._input_of(spec),
            label=_label(spec),
            column_map=config.column_map,
            open_dataset=open_dataset,
            price_usd_per_1000_calls=self.prices.get(spec.name, 0.0),
        )

    def _input_of(self, spec: SourceSpec) -> Path | None:
        """The file that a source is to read; None for one that reads none, or a dataset where it lies."""
        if spec.file_hash is not None:
            return self.files.local_input(spec.file_hash)
        path = Path(spec.file).expanduser() if spec.file else SOURCES[spec.name].default_file
        if path is None or path.is_file():
            return path
        is_dataset = SOURCES[spec.name].reads == "dataset" and ("://" in str(spec.file) or path.is_dir())
        if not is_dataset:
            raise OrderError("sources", str(spec), "there is no such file; give the path of one")
        return None

    def _kept(self, spec: SourceSpec, path: Path | None) -> SourceSpec:
        if spec.file_hash is not None or SOURCES[spec.name].reads == "service":
            return spec
        if path is None:
            return SourceSpec(name=spec.name, file=_label(spec))
        file_hash = self.files.put_input_file(path)
        return SourceSpec(name=spec.name, file=spec.file or path.name, file_hash=file_hash)


def _label(spec: SourceSpec) -> str | None:
    """A folder's whole path, since the daemon that reads it stands elsewhere; else what the person wrote."""
    folder = Path(spec.file).expanduser() if spec.file else None
    return str(folder.absolute()) if folder is not None and folder.is_dir() else spec.file


def rubric_of(config: ProcessingRunConfig, files: ObjectStore) -> Rubric:
    """Today's table with what the order's rubric file changes of it."""
    return with_choice(RUBRIC, rubric_choice_of(config, files))


def rubric_choice_of(config: ProcessingRunConfig, files: ObjectStore) -> RubricChoice:
    """What the order's rubric file changes of the table, from the bytes of the day it was placed."""
    if config.rubric_file_hash is None:
        return RubricChoice()
    content = files.input_path(config.rubric_file_hash).read_bytes()
    return read_rubric_file(config.rubric_file or RUBRIC_FILE, content)
