"""What a run's output says of second looks: failed ones are no success, and none is told of that nobody ordered."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from leadgen_dagster.cli.output import failed_looks, print_result, stage_progress
from leadgen_dagster.orchestration.execution import ProcessingRunResult
from leadgen_dagster.orchestration.flow import STAGES, RunStatus
from leadgen_dagster.orchestration.watching import Happening, StageNews
from leadgen_dagster.scoring.audits import AuditMethod, AuditOutcome, PageAudit
from leadgen_dagster_tests.exports.samples import make_run

DONE = PageAudit(
    id="a",
    business_id="b",
    method=AuditMethod.BROWSER,
    url="http://quay.example/",
    audited_at=datetime(2026, 1, 1, tzinfo=UTC),
    outcome=AuditOutcome.DONE,
)
FAILED = replace(DONE, outcome=AuditOutcome.FAILED, error="the page [x] did not load")


def test_failed_second_looks_are_counted_with_the_first_reason() -> None:
    assert failed_looks([]) is failed_looks([DONE]) is None
    words = failed_looks([DONE, FAILED, replace(FAILED, error="another")])
    assert words == "3 second looks, 2 failed: the page [x] did not load"
    assert failed_looks([FAILED]) == "1 second look, 1 failed: the page [x] did not load"


def test_failed_second_looks_are_not_told_as_done(capsys: pytest.CaptureFixture[str]) -> None:
    counts = dict.fromkeys(STAGES, 0) | {"businesses": 4, "page_audits": 1}
    result = ProcessingRunResult(run_id="r", status=RunStatus.COMPLETED, counts=counts)
    print_result(result, failed_looks([FAILED]))
    said = capsys.readouterr().out
    assert "4 businesses\n1 second look, 1 failed: the page [x] did not load\n" in said
    print_result(result)
    assert "4 businesses, 1 second looks\n" in capsys.readouterr().out


@pytest.mark.parametrize("audit_weakest", [0, 3])
def test_a_second_look_that_nobody_ordered_has_no_line_of_progress(
    capsys: pytest.CaptureFixture[str], audit_weakest: int
) -> None:
    order = make_run(audit_weakest=audit_weakest)
    with stage_progress(order, is_shown=True) as on_event:
        assert on_event is not None
        for stage, what in product(STAGES, (Happening.STARTED, Happening.DONE)):
            on_event(StageNews(stage=stage, what=what))
    said = capsys.readouterr().err
    assert "scoring websites" in said
    assert ("looking again" in said) is bool(audit_weakest)
