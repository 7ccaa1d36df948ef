"""What Dagster loads: the asset graph, the gates, the sensor, and no secret in any of it."""

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from pydantic import SecretStr

from leadgen_dagster.orchestration import versions
from leadgen_dagster.orchestration.build import build_definitions
from leadgen_dagster.orchestration.checks import BLOCKING_CHECKS
from leadgen_dagster.orchestration.flow import READS, STAGES
from leadgen_dagster.orchestration.jobs import LEAD_PIPELINE
from leadgen_dagster.orchestration.partitions import runs
from leadgen_dagster.orchestration.schedules import SCHEDULES
from leadgen_dagster.orchestration.versions import code_version
from leadgen_dagster.settings import Settings

GRAPH = """
discovery businesses
scoring   page_snapshots     < businesses
scoring   contacts           < businesses, page_snapshots
scoring   page_audits        < businesses, page_snapshots
scoring   website_scores     < businesses, page_snapshots, contacts, page_audits
sites     generated_sites    < businesses, page_snapshots, contacts, website_scores
outreach  outreach_campaigns < businesses, page_snapshots, contacts, website_scores, generated_sites
exports   lead_export        < businesses, page_snapshots, contacts, website_scores, generated_sites, outreach_campaigns
"""
SECRET = "correct-horse-battery"


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    return build_definitions(Settings(home=tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def specs(definitions: dg.Definitions) -> dict[str, dg.AssetSpec]:
    found = {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}
    return {stage: found.pop(stage) for stage in STAGES} | found


def reads(spec: dg.AssetSpec) -> tuple[str, ...]:
    return tuple(sorted((dep.asset_key.to_user_string() for dep in spec.deps), key=STAGES.index))


def test_the_definitions_load_without_a_warning_and_without_a_browser() -> None:
    code = "import sys, leadgen_dagster.definitions; sys.exit('playwright' in sys.modules)"
    load = [sys.executable, "-W", "error", "-c", code]

    loaded = subprocess.run(load, check=False, capture_output=True, text=True, timeout=60)  # noqa: S603  # ourselves

    assert (loaded.returncode, loaded.stderr) == (0, "")


def test_the_asset_graph_is_this_one(specs: dict[str, dg.AssetSpec]) -> None:
    lines = [
        f"{spec.group_name:<9} {name:<18} < {', '.join(reads(spec))}".removesuffix("< ").rstrip()
        for name, spec in specs.items()
    ]

    assert lines == GRAPH.strip().splitlines()


def test_every_asset_reads_what_the_flow_says(specs: dict[str, dg.AssetSpec]) -> None:
    assert {name: reads(spec) for name, spec in specs.items()} == dict(READS)


@pytest.mark.parametrize("stage", STAGES)
def test_every_asset_says_what_it_is(specs: dict[str, dg.AssetSpec], stage: str) -> None:
    spec = specs[stage]

    assert spec.description
    assert spec.kinds
    assert spec.code_version == code_version(stage)
    assert spec.partitions_def == runs


def test_every_check_but_the_shares_the_doubles_and_the_demos_blocks_and_looks_at_one_run(
    definitions: dg.Definitions,
) -> None:
    checks = [spec for check in definitions.asset_checks or () for spec in check.check_specs]

    assert [check.key for check in checks if check.blocking] == BLOCKING_CHECKS
    assert [check.name for check in checks if not check.blocking] == [
        "no_lead_stands_there_twice",
        "enough_is_known_of_the_leads",
        "most_websites_were_scored",
        "every_demo_passes_its_gates",
    ]
    assert all(check.partitions_def == runs and check.description for check in checks)


def test_nothing_but_the_orders_sensor_works_by_itself(definitions: dg.Definitions) -> None:
    running = dg.DefaultSensorStatus.RUNNING

    assert [schedule.default_status for schedule in SCHEDULES] == [dg.DefaultScheduleStatus.STOPPED]
    assert list(definitions.schedules or ()) == list(SCHEDULES)
    assert [sensor.name for sensor in definitions.sensors or () if sensor.default_status is running] == [
        "orders"
    ]


def test_the_jobs_are_the_pipeline_on_any_run_the_placing_of_an_order_and_the_clean_up(
    definitions: dg.Definitions,
) -> None:
    pipeline = definitions.resolve_job_def(LEAD_PIPELINE)

    assert pipeline.partitions_def == runs
    assert {key.to_user_string() for key in pipeline.asset_layer.selected_asset_keys} == set(STAGES)
    for name in ("request_run", "clean_up_demos"):
        assert definitions.resolve_job_def(name).partitions_def is None


def test_no_secret_is_in_what_dagster_keeps_and_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"postgresql://leads:{SECRET}@db.example/leads"
    monkeypatch.setenv("LEADGEN_DATABASE_URL", url)
    monkeypatch.setenv("LEADGEN_LLM_API_KEY", SECRET)
    for name in ("PAGESPEED_API_KEY", "VERCEL_TOKEN", "NETLIFY_TOKEN"):
        monkeypatch.setenv(f"LEADGEN_{name}", SECRET)
    settings = Settings(
        home=tmp_path,
        database_url=url,
        llm_api_key=SecretStr(SECRET),
        pagespeed_api_key=SecretStr(SECRET),
        vercel_token=SecretStr(SECRET),
        netlify_token=SecretStr(SECRET),
        llm_base_url="https://llm.example/v1",
        llm_model="writer",
    )
    assert SECRET in str(settings.database_url)
    definitions = build_definitions(settings)

    kept = [
        dg.serialize_value(definitions.resolve_job_def(name).get_job_snapshot())
        for name in (LEAD_PIPELINE, "request_run", "clean_up_demos")
    ]
    shown = [repr(definitions), repr(definitions.resources), str(definitions.metadata)]

    assert "LEADGEN_DATABASE_URL" in kept[0]
    assert "LEADGEN_VERCEL_TOKEN" in kept[2]
    assert not any(SECRET in text for text in kept + shown)


@pytest.mark.parametrize("changed", STAGES)
def test_a_changed_table_changes_the_version_of_its_stage_and_of_all_that_read_it(
    changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {stage: code_version(stage) for stage in STAGES}
    monkeypatch.setattr(versions, "OWN_VERSIONS", versions.OWN_VERSIONS | {changed: 99})
    code_version.cache_clear()

    after = {stage: code_version(stage) for stage in STAGES}
    code_version.cache_clear()

    stale = {changed}
    for stage in STAGES:
        if stale & set(READS[stage]):
            stale.add(stage)
    assert {stage for stage in STAGES if after[stage] != before[stage]} == stale
