"""The column schema and the table."""

import re
from dataclasses import replace
from datetime import date

import pytest

from leadgen_dagster.discovery.businesses import ExclusionReason
from leadgen_dagster.errors import StageError
from leadgen_dagster.exports.columns import DTYPES, Kind, columns_of, lead_table
from leadgen_dagster.exports.leads import Lead
from leadgen_dagster.outreach.campaigns import NoDraft
from leadgen_dagster.scoring.contact_points import ContactKind
from leadgen_dagster.scoring.scores import LeadClass, Opportunity
from leadgen_dagster_tests.exports.samples import RUN_ID, bare_lead, make_campaign, make_lead, refused_lead
from leadgen_dagster_tests.factories import make_business, make_contact, make_score

COLUMNS = columns_of(RUN_ID)


def test_there_are_at_least_45_columns_and_each_is_described() -> None:
    assert len(COLUMNS) >= 45
    assert all(column.description.endswith(".") for column in COLUMNS)


def test_names_are_unique_and_follow_the_grammar() -> None:
    names = [column.name for column in COLUMNS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", name) for name in names)
    for column in COLUMNS:
        assert (column.kind is Kind.FLAG) == bool(re.search(r"(^|_)(is|has)_", column.name)), column.name
        assert (column.kind is Kind.DAY) == column.name.endswith("_on"), column.name


def test_the_table_has_one_row_a_lead_and_nullable_types() -> None:
    frame = lead_table([make_lead(), bare_lead()], run_id=RUN_ID)
    assert len(frame) == 2
    assert list(frame.columns) == [column.name for column in COLUMNS]
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        column.name: DTYPES[column.kind] for column in COLUMNS
    }
    assert set(frame["run_id"]) == {RUN_ID}


def test_a_table_of_no_leads_still_has_every_column_with_its_type() -> None:
    frame = lead_table([], run_id=RUN_ID)
    assert len(frame) == 0
    assert str(frame["score"].dtype) == "Int64"
    assert str(frame["name"].dtype) == "string"


def test_what_is_not_known_is_missing_and_not_an_empty_text() -> None:
    row = lead_table([bare_lead()], run_id=RUN_ID).iloc[0]
    for name in (
        "email",
        "phone",
        "score",
        "score_seo",
        "issue_1",
        "is_ready",
        "demo_score_after",
        "looked_on",
    ):
        assert row.isna()[name], name
    assert not row["has_demo"]


def test_a_score_says_who_looked_and_why_nobody_did() -> None:
    note = "A browser could not look: no page within 30 s. The score is of the checks alone."
    row = lead_table([make_lead(score=make_score(method_note=note))], run_id=RUN_ID).iloc[0]
    assert (row["score_method"], row["score_method_note"]) == ("static", note)


def test_ready_leads_come_first_then_the_best_opportunity_then_the_name() -> None:
    def lead(name: str, lead_class: LeadClass, total: int) -> Lead:
        score = make_score(
            lead_class=lead_class, opportunity=Opportunity(total=total, need=total, reachability=0, fit=0)
        )
        return make_lead(business=make_business(id=name, name=name), score=score)

    leads = [
        lead("left", LeadClass.LEAVE_ALONE, 99),
        lead("call", LeadClass.READY_TO_CALL, 90),
        lead("b mail", LeadClass.READY_TO_MAIL, 50),
        lead("A mail", LeadClass.READY_TO_MAIL, 50),
        lead("best mail", LeadClass.READY_TO_MAIL, 80),
        lead("check", LeadClass.CHECK_FIRST, 95),
    ]
    names = list(lead_table(leads, run_id=RUN_ID)["name"])
    assert names == ["best mail", "A mail", "b mail", "call", "check", "left"]


def test_an_excluded_business_is_no_lead() -> None:
    chain = make_lead(business=make_business(exclusion=ExclusionReason.CHAIN))
    with pytest.raises(StageError, match="is excluded"):
        lead_table([chain], run_id=RUN_ID)


def test_an_issue_is_told_in_the_shopkeepers_words_with_its_evidence_and_fix() -> None:
    row = lead_table([make_lead()], run_id=RUN_ID).iloc[0]
    assert row["issue_1"].startswith("On a phone")
    assert row["issue_1_evidence"] == "head: no <meta name=viewport>"
    assert row["issue_1_page_url"] == "http://harbour-bakery.port-linden.example/"
    assert "viewport" in row["issue_1_fix"]
    assert row.isna()["issue_2"]


def test_an_issue_of_an_earlier_rubric_keeps_its_id() -> None:
    finding = replace(make_score().findings[0], check_id="gone.check")
    lead = make_lead(score=make_score(findings=(finding,), top_issues=("gone.check",)))
    assert lead_table([lead], run_id=RUN_ID).iloc[0]["issue_1"] == "gone.check"


def test_the_email_is_the_drafts_then_the_websites_then_the_records() -> None:
    contact = make_contact(value="info@site.example")
    record = make_business(email="old@record.example")
    by_draft = make_lead(
        business=record, contacts=(contact,), campaign=make_campaign(recipient_email="info@site.example")
    )
    by_site = make_lead(business=record, contacts=(contact,), campaign=None)
    by_record = make_lead(business=record, contacts=(), campaign=None)
    frame = lead_table([by_draft, by_site, by_record], run_id=RUN_ID)
    assert list(frame["email"]) == ["info@site.example", "info@site.example", "old@record.example"]
    assert list(frame["email_origin"]) == ["website", "website", "record"]
    assert frame["email_is_role"].isna().tolist() == [False, False, True]


def test_both_numbers_stand_where_record_and_website_disagree() -> None:
    contact = make_contact(kind=ContactKind.PHONE, value="+441914980777")
    row = lead_table([make_lead(contacts=(contact,))], run_id=RUN_ID).iloc[0]
    assert (row["phone"], row["phone_on_site"]) == ("+441914980101", "+441914980777")


@pytest.mark.parametrize("kind", [NoDraft.SUPPRESSED, NoDraft.EXCLUSION_LIST])
def test_who_is_off_limits_is_left_alone_and_nothing_says_how_to_reach_it(kind: NoDraft) -> None:
    contacts = (
        make_contact(),
        make_contact(kind=ContactKind.PHONE, value="+441914980777"),
        make_contact(
            kind=ContactKind.CONTACT_FORM, value="http://harbour-bakery.port-linden.example/contact"
        ),
        make_contact(kind=ContactKind.SOCIAL_PROFILE, value="https://www.instagram.com/harbour.bakery"),
    )
    business = make_business(social_profiles=("https://www.facebook.com/harbour.bakery",))
    listed = refused_lead(kind, "Its domain is on the list.", business=business, contacts=contacts)
    row = lead_table([listed, make_lead(campaign=None)], run_id=RUN_ID).iloc[1]
    assert (row["lead_class"], row["lead_reason"]) == ("leave_alone", "Its domain is on the list.")
    assert row["no_draft_reason"] == "Its domain is on the list."
    reach = ("email", "email_origin", "email_is_role", "email_note", "phone", "phone_kind", "phone_on_site")
    for name in (*reach, "contact_form_url", "social_profiles"):
        assert row.isna()[name], name
    assert listed.score.lead_class is LeadClass.READY_TO_MAIL, "what was scored stays"


@pytest.mark.parametrize("kind", [NoDraft.SAME_OWNER, NoDraft.LANGUAGE, NoDraft.NOTHING_TO_SAY])
def test_any_other_lead_without_a_draft_keeps_its_class_and_says_why(kind: NoDraft) -> None:
    row = lead_table([refused_lead(kind, "Its owner is told already.")], run_id=RUN_ID).iloc[0]
    assert (row["lead_class"], row["no_draft_reason"]) == ("ready_to_mail", "Its owner is told already.")
    assert row["email"] == "hello@harbour-bakery.port-linden.example"
    assert row["phone"] == "+441914980101"


def test_a_lead_with_a_draft_gives_no_reason_for_having_none() -> None:
    assert lead_table([make_lead()], run_id=RUN_ID).iloc[0].isna()["no_draft_reason"]


def test_an_address_that_may_not_be_written_to_unasked_says_so_beside_it() -> None:
    sole = make_lead(business=make_business(is_sole_trader=True), campaign=None)
    gone = make_lead(
        business=make_business(email="no-reply@harbour-bakery.port-linden.example"),
        contacts=(),
        campaign=None,
    )
    frame = lead_table([make_lead(), sole, gone], run_id=RUN_ID)
    assert list(frame["email"].notna()) == [True, True, False]
    assert frame["email_note"].isna()[0]
    assert frame["email_note"][1] == "e-mail only after consent: sole trader"
    assert frame["email_note"][2].startswith("no e-mail: no-reply@")


def test_the_day_of_the_look_stands_there_even_where_nothing_was_found() -> None:
    looked = replace(bare_lead(), looked_on=date(2026, 11, 22))
    assert str(lead_table([looked], run_id=RUN_ID)["looked_on"][0].date()) == "2026-11-22"
