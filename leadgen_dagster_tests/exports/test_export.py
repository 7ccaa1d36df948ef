"""The files of an export, and the check that reads them back."""

from leadgen_dagster.exports.export import FILES, build_exports, export_faults
from leadgen_dagster_tests.exports.samples import HOSTILE_NAMES, RUN_ID, named_leads


def test_an_export_consists_of_four_files() -> None:
    assert set(build_exports(named_leads("A"), run_id=RUN_ID)) == set(FILES)
    assert set(FILES) == {"leads.csv", "leads.xlsx", "leads.parquet", "leads.jsonl"}


def test_a_faithful_export_has_no_faults_whatever_the_names() -> None:
    leads = named_leads(*HOSTILE_NAMES)
    assert export_faults(build_exports(leads, run_id=RUN_ID), leads) == []


def test_an_export_of_no_leads_has_no_faults() -> None:
    assert export_faults(build_exports([], run_id=RUN_ID), []) == []


def test_the_order_in_which_leads_are_handed_in_does_not_matter() -> None:
    leads = named_leads("A", "B", "C")
    assert build_exports(leads, run_id=RUN_ID) == build_exports(leads[::-1], run_id=RUN_ID)


def test_a_lost_row_is_named_for_each_file() -> None:
    leads = named_leads("A", "B")
    faults = export_faults(build_exports(leads[:1], run_id=RUN_ID), leads)
    assert len(faults) == len(FILES)
    assert all("1 rows for 2 leads" in fault and leads[1].business.id in fault for fault in faults)


def test_a_row_too_many_is_named() -> None:
    leads = named_leads("A", "B")
    [fault, *_] = export_faults(build_exports(leads, run_id=RUN_ID), leads[:1])
    assert f"not asked for: {leads[1].business.id}" in fault


def test_a_missing_file_is_a_fault() -> None:
    leads = named_leads("A")
    files = build_exports(leads, run_id=RUN_ID)
    del files["leads.csv"]
    assert export_faults(files, leads) == ["leads.csv: missing"]
