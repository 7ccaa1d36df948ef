"""What the asset of the drafts tells of the leads that have none."""

import dagster as dg

from leadgen_dagster.orchestration.assets.outreach import campaign_figures
from leadgen_dagster.scoring.scores import LeadClass
from leadgen_dagster_tests.factories import make_business, make_score
from leadgen_dagster_tests.outreach.leads import campaign_of, refusal_of


def test_each_reason_is_counted_and_ready_leads_without_a_draft_are_named() -> None:
    unknown = refusal_of(business=make_business(language=None))
    left_alone = refusal_of(score=make_score(lead_class=LeadClass.LEAVE_ALONE))
    figures = campaign_figures([campaign_of(), unknown, left_alone, left_alone])
    assert (figures["ready"], figures["channel/email"]) == (1, 1)
    assert (figures["no_draft/language"], figures["no_draft/left_alone"]) == (1, 2)
    assert figures["ready_without_draft"] == 1
    table = figures["ready_without_draft_reasons"]
    assert isinstance(table, dg.TableMetadataValue)
    assert [dict(record.data) for record in table.records] == [
        {"business": unknown.name, "lead_class": "ready_to_mail", "reason": unknown.reason}
    ]


def test_where_every_ready_lead_has_its_draft_no_table_is_shown() -> None:
    assert campaign_figures([campaign_of()])["ready_without_draft_reasons"] is None
