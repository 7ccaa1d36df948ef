"""The report that a person opens."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from leadgen_dagster.discovery.businesses import Business, ExclusionReason, Origin
from leadgen_dagster.discovery.notes import DiscoveryNote, NoteKind
from leadgen_dagster.exports import report, wording
from leadgen_dagster.exports.leads import Lead
from leadgen_dagster.exports.report import render_report
from leadgen_dagster.outreach.campaigns import NoDraft
from leadgen_dagster.scoring.contact_points import ContactKind
from leadgen_dagster.scoring.scores import Category, Evidence, LeadClass, WebsiteState
from leadgen_dagster.sites.generated import GeneratedSite
from leadgen_dagster_tests.exports.samples import (
    HOSTILE_NAMES,
    bare_lead,
    make_campaign,
    make_lead,
    make_run,
    make_site,
    named_leads,
    refused_lead,
)
from leadgen_dagster_tests.factories import make_business, make_contact, make_finding, make_score

SCRIPT = "<script>alert(1)</script>"


def link(site: GeneratedSite) -> str:
    return f"http://127.0.0.1:8000/d/{site.token}/"


def demo_pictures(site: GeneratedSite) -> dict[str, str]:
    return (
        {"phone": f"../../demo-pictures/{site.content_hash}/phone.jpg"} if site.palette == "pictured" else {}
    )


def html_of(
    leads: Sequence[Lead], excluded: Sequence[Business] = (), agency_name: str | None = "Northlight Studio"
) -> str:
    return render_report(
        make_run(),
        leads,
        excluded,
        agency_name=agency_name,
        site_link=link,
        picture_link="../../pictures/{}.jpg".format,
        demo_picture_links=demo_pictures,
    )


def page_of(leads: Sequence[Lead], excluded: Sequence[Business] = ()) -> LexborHTMLParser:
    return LexborHTMLParser(html_of(leads, excluded))


def text_of(page: LexborHTMLParser, selector: str) -> str:
    nodes = page.css(selector)
    assert nodes, selector
    return " ".join(" ".join(node.text().split()) for node in nodes)


def note(kind: NoteKind, text: str) -> DiscoveryNote:
    return DiscoveryNote(id=text, position=0, kind=kind, text=text)


def excluded_business(reason: ExclusionReason, name: str) -> Business:
    return make_business(id=name, name=name, exclusion=reason, exclusion_note=f"About {name}.")


def test_a_card_says_who_where_what_is_wrong_and_how_one_knows() -> None:
    card = text_of(page_of([make_lead()]), "article.lead")
    for words in (
        "Harbour Bakery",
        "4 Quay Street, NE99 1AA Port Linden",
        "On a phone the page appears as a small copy",
        "no <meta name=viewport>",
        "looked at on 22 November 2026",
        "+44 191 498 0101",
        "hello@harbour-bakery.port-linden.example",
        "Your page on a phone",
        "Hello, it is Maria.",
    ):
        assert words in card


def test_the_demo_is_shown_as_a_phone_shows_it_where_a_picture_was_taken() -> None:
    site = make_site(palette="pictured")
    pictured = make_lead(site=site)
    assert page_of([make_lead(site=make_site())]).css(".demo img") == []
    [shown] = page_of([pictured]).css(".demo img")
    assert shown.attributes["alt"] == "The demo on a phone"
    assert shown.attributes["src"] == f"../../demo-pictures/{site.content_hash}/phone.jpg"


def test_old_faults_stand_one_by_one_with_what_became_of_them_and_a_faulty_demo_says_why() -> None:
    site = make_site(
        faults_gone=("mobile.viewport_missing",),
        faults_left=("local.hours_missing", "gone.with_an_old_rubric"),
        faults=("the page has 2 h1",),
    )
    page = page_of([make_lead(site=site)])
    rows = [[cell.text(strip=True) for cell in row.css("th, td")] for row in page.css(".mending tbody tr")]
    assert [row[1:] for row in rows] == [["no", "yes"], ["no", "no"], ["no", "no"]]
    assert rows[0][0] == "Does the page adapt to the width of a phone?"
    assert rows[2][0] == "gone.with_an_old_rubric"
    assert "1 fault of the website is gone in the demo" in page.html
    assert "Shown to nobody: the page has 2 h1" in page.html


def test_the_pictures_of_a_second_look_are_shown_small_and_lie_beside_the_report() -> None:
    note = "The checks combined with a browser."
    looked_at = make_lead(
        score=make_score(method_note=note), pictures={"desktop": "d" * 64, "phone": "f" * 64}
    )
    [phone, desk] = page_of([looked_at]).css(".pictures img")
    assert (phone.attributes["alt"], desk.attributes["alt"]) == (
        "The website on a phone",
        "The website on a desk",
    )
    for img, digest in ((phone, "f" * 64), (desk, "d" * 64)):
        assert img.attributes["src"] == f"../../pictures/{digest}.jpg"
        assert img.parent is not None
        assert img.parent.attributes["href"] == img.attributes["src"]
    assert page_of([make_lead(score=make_score(method_note=note))]).css("img") == []


def test_before_and_after_stand_beside_the_link_to_the_demo() -> None:
    page = page_of([make_lead()])
    assert "Website now48 Demo site96" in text_of(page, ".compare").replace(" 48", "48").replace(" 96", "96")
    assert page.css_first("a.button").attributes["href"] == "http://127.0.0.1:8000/d/k3v9q2/"


def test_the_summary_counts_each_class_and_the_excluded() -> None:
    leads = [
        make_lead(score=make_score(lead_class=lead_class), business=make_business(id=lead_class))
        for lead_class in LeadClass
    ]
    page = page_of(leads, [excluded_business(ExclusionReason.CHAIN, "Iron Quay Gym")])
    assert text_of(page, ".tile") == ("1Ready to mail 1Ready to call 1Check first 1Leave alone 1Excluded")
    assert "2 of 5 businesses are ready" in text_of(page, ".lede")


def test_every_lead_stands_in_the_section_of_its_class() -> None:
    for lead_class in LeadClass:
        page = page_of([make_lead(score=make_score(lead_class=lead_class))])
        assert "Harbour Bakery" in text_of(page, f"#{lead_class.value.replace('_', '-')}")


def test_excluded_ones_stand_with_their_reasons() -> None:
    reasons = list(ExclusionReason)
    page = page_of([], [excluded_business(reason, f"Firm {reason}") for reason in reasons])
    rows = text_of(page, "#excluded tbody tr")
    for reason in reasons:
        assert f"Firm {reason}" in rows
        assert wording.EXCLUSION_WORDS[reason] in rows
        assert f"About Firm {reason}." in rows


def test_a_run_of_no_leads_says_so() -> None:
    page = page_of([])
    assert "found nobody to contact" in text_of(page, ".lede")
    assert "No business was found" in text_of(page, ".empty")


def test_what_was_left_out_is_told_kind_by_kind_and_cut_where_it_is_endless() -> None:
    notes = [
        note(NoteKind.FAILED_SOURCE, "source api: quota used up"),
        *(note(NoteKind.REJECTED, f"row {number}: no name") for number in range(1, 1_201)),
        note(NoteKind.UNREAD, f"row 9, column email: '{SCRIPT}' is not an address"),
    ]
    html = render_report(
        make_run(),
        [],
        [],
        agency_name=None,
        site_link=link,
        picture_link=str,
        demo_picture_links=demo_pictures,
        notes=notes,
    )
    page = LexborHTMLParser(html)
    told = text_of(page, "#left-out")
    for words in (
        "source api: quota used up",
        "row 1: no name",
        "and 1,150 more",
        SCRIPT,
        "Records left out",
    ):
        assert words in told
    assert len(page.css("#left-out li")) == 1 + 51 + 1
    assert SCRIPT not in html
    assert set(wording.NOTE_WORDS) == set(NoteKind)


def test_where_everything_was_taken_the_report_does_not_speak_of_it() -> None:
    assert "left-out" not in html_of([make_lead()]).partition("</style>")[2]


def test_a_lead_of_which_little_is_known_is_shown_without_gaps() -> None:
    page = page_of([replace(bare_lead(), score=replace(bare_lead().score, lead_class=LeadClass.CHECK_FIRST))])
    card = text_of(page, "article.lead")
    assert "I could not find a website in the sources." in card
    assert "Nothing found to reach it by" in card
    assert "None" not in card


def test_a_draft_that_is_not_ready_says_what_is_missing() -> None:
    campaign = make_campaign(is_ready=False, missing=("the agency's postal address",))
    card = text_of(page_of([make_lead(campaign=campaign)]), "article.lead")
    assert "NOT READY" in card
    assert "Still missing: the agency's postal address." in card


def test_what_to_heed_before_contact_is_shown() -> None:
    lead = make_lead(
        business=make_business(review_note="Another firm of this name is next door."),
        score=make_score(flags=("text_addressed_to_machines", "of_tomorrow")),
        campaign=make_campaign(notes=("E-mail only after consent.",)),
    )
    warnings = text_of(page_of([lead]), ".warnings")
    for words in ("next door", "It was not followed", "Of tomorrow.", "only after consent"):
        assert words in warnings


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "Evidence and fix"),
        (3, "Evidence and fixes of all 3"),
        (33, "Evidence and fixes of the first 3 of 33"),
    ],
)
def test_a_card_says_how_many_of_its_faults_it_shows(count: int, words: str) -> None:
    findings = tuple(make_finding(check_id=f"mobile.fault_{number}") for number in range(count))
    score = make_score(findings=findings, top_issues=tuple(one.check_id for one in findings[:3]))
    summaries = page_of([make_lead(score=score)]).css("article.lead summary")
    assert words in [" ".join(node.text().split()) for node in summaries]


@pytest.mark.parametrize("points", [{}, {"score": None, "category_scores": {}}])
def test_a_second_look_that_failed_is_said_on_the_card(points: dict[str, Any]) -> None:
    note = "Lighthouse could not look: no report within 90 s. The score is of the checks alone."
    lead = make_lead(score=make_score(method_note=note, **points))
    assert f"Second look {note}" in text_of(page_of([lead]), "article.lead .facts")
    assert "Second look" not in text_of(page_of([make_lead()]), "article.lead")


def test_two_numbers_that_disagree_are_both_shown_with_their_place() -> None:
    contact = make_contact(kind=ContactKind.PHONE, value="+441914980777")
    card = text_of(page_of([make_lead(contacts=(contact,))]), ".facts")
    assert "+44 191 498 0101 in the record" in card
    assert "+44 191 498 0777 on the website" in card


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_is_text_and_nothing_else(name: str) -> None:
    shown = name.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
    page = page_of(named_leads(name))
    assert not page.css("script, img, iframe, object, embed")
    assert " ".join(shown.split()) in text_of(page, "article h3")


def test_hostile_text_is_escaped_wherever_it_comes_from() -> None:
    finding = make_finding(
        evidence=Evidence(
            url="javascript:alert(1)", looked_at=date(2026, 11, 22), where=SCRIPT, snippet=SCRIPT
        )
    )
    lead = make_lead(
        business=make_business(
            name=SCRIPT,
            sub_niche=SCRIPT,
            street=SCRIPT,
            website="javascript:alert(1)",
            phone=None,
            review_note=SCRIPT,
            social_profiles=("data:text/html,<script>",),
            origins=(Origin(source=SCRIPT, source_id="1", licence=SCRIPT, attribution=SCRIPT, name=SCRIPT),),
        ),
        score=make_score(lead_reason=SCRIPT, findings=(finding,), flags=(SCRIPT,)),
        campaign=make_campaign(
            email_subject=SCRIPT, email_text=SCRIPT, whatsapp_text=SCRIPT, whatsapp_url="javascript:alert(1)"
        ),
    )
    excluded = make_business(name=SCRIPT, exclusion=ExclusionReason.CHAIN, exclusion_note=SCRIPT)
    page = LexborHTMLParser(html_of([lead], [excluded], agency_name=SCRIPT))
    assert not page.css("script")
    links = [node.attributes["href"] or "" for node in page.css("a[href]")]
    assert all(re.match(r"https?://|mailto:|tel:|#", url) for url in links)


def test_the_page_asks_nothing_of_the_network() -> None:
    html = html_of([make_lead()], [excluded_business(ExclusionReason.CLOSED, "Lantern Books")])
    page = LexborHTMLParser(html)
    assert not page.css(
        "script, link, img, iframe, object, embed, audio, video, source, form, base, use, image"
    )
    assert not page.css("[src], [srcset], [background], [onclick], [onload]")
    style = text_of(page, "style")
    assert "url(" not in style
    assert "@import" not in style
    policy = page.css_first("meta[http-equiv]").attributes["content"] or ""
    assert policy.startswith("default-src 'none'")


def test_the_page_is_not_to_be_indexed_and_tells_no_referrer() -> None:
    page = page_of([])
    assert page.css_first("meta[name=robots]").attributes["content"] == "noindex"
    assert page.css_first("meta[name=referrer]").attributes["content"] == "no-referrer"


def test_ids_are_unique_and_every_jump_lands() -> None:
    page = page_of(named_leads("A", "B"))
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(set(ids)) == len(ids)
    for node in page.css('a[href^="#"]'):
        assert (node.attributes["href"] or "")[1:] in ids


def test_headings_go_down_one_rank_at_a_time() -> None:
    ranks = [int(node.tag[1]) for node in page_of([make_lead()]).css("h1, h2, h3, h4")]
    assert ranks[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(ranks))


def test_attribution_and_licence_of_the_data_are_shown_once_each() -> None:
    osm = Origin(
        source="osm", source_id="n1", licence="ODbL-1.0", attribution="© OpenStreetMap contributors", name="x"
    )
    notes = text_of(page_of([make_lead(business=make_business(origins=(osm, osm)))]), "#notes")
    assert notes.count("© OpenStreetMap contributors") == 1
    assert "ODbL-1.0" in notes


def test_many_leads_of_a_class_go_into_a_compact_table() -> None:
    leads = named_leads(*(f"Firm {index:04}" for index in range(report.CARDS_PER_CLASS + 5)))
    page = page_of(leads)
    assert len(page.css("article.lead")) == report.CARDS_PER_CLASS
    assert len(page.css("#ready-to-mail tbody tr")) == 5
    assert "5 more leads of this class" in text_of(page, "#ready-to-mail caption")


def test_5000_leads_stay_below_five_megabytes() -> None:
    classes = list(LeadClass)
    leads = [
        replace(lead, score=make_score(lead_class=classes[index % 4]))
        for index, lead in enumerate(named_leads(*("Firm",) * 5_000))
    ]
    assert len(html_of(leads).encode()) < 5_000_000


def test_the_distribution_holds_every_score_and_says_how_many_are_weak() -> None:
    leads = [
        make_lead(business=make_business(id=str(score)), score=make_score(score=score))
        for score in (0, 9, 10, 69, 70, 99, 100)
    ]
    label = page_of(leads).css_first("svg.chart").attributes["aria-label"]
    assert label == "Websites by score: 0 to 9: 2; 10 to 19: 1; 60 to 69: 1; 70 to 79: 1; 90 to 100: 2"
    assert "0 not scored" in text_of(page_of(leads), "figcaption")


def test_the_same_leads_give_the_same_page() -> None:
    leads = named_leads("A", "B", "C")
    assert html_of(leads) == html_of(leads[::-1])


def test_categories_are_named_as_on_the_terminal_and_in_the_rubric() -> None:
    lead = make_lead(score=make_score(category_scores=dict.fromkeys(Category, 50)))
    named = [node.text() for node in page_of([lead]).css("dl.six dt")]
    assert named == [category.label for category in Category]


def test_there_are_words_for_every_state_class_and_reason() -> None:
    assert set(wording.STATE_WORDS) == set(WebsiteState)
    assert set(wording.CLASS_WORDS) == set(LeadClass)
    assert set(wording.EXCLUSION_WORDS) == set(ExclusionReason)


def test_a_business_left_alone_is_listed_without_its_faults() -> None:
    page = page_of(
        [make_lead(score=make_score(lead_class=LeadClass.LEAVE_ALONE, lead_reason="A good site."))]
    )
    section = text_of(page, "#leave-alone")
    assert "A good site." in section
    assert "On a phone" not in section


@pytest.mark.parametrize("kind", [NoDraft.SUPPRESSED, NoDraft.EXCLUSION_LIST])
def test_who_is_off_limits_stands_among_those_left_alone_without_address_or_number(kind: NoDraft) -> None:
    page = page_of([refused_lead(kind, "Its e-mail address is on the list.")])
    assert "Its e-mail address is on the list." in text_of(page, "#leave-alone tbody tr")
    assert "None of 1 business is ready" in text_of(page, ".lede")
    assert not page.css("article.lead, a[href^='mailto:'], a[href^='tel:']")


def test_a_card_without_a_draft_says_why() -> None:
    reason = "It shares its phone number with Harbour Café, whose owner is told already."
    page = page_of([refused_lead(NoDraft.SAME_OWNER, reason)])
    assert text_of(page, "#ready-to-mail .warnings") == f"No draft. {reason}"


def test_a_reason_that_the_class_tells_already_is_told_once() -> None:
    score = make_score(lead_class=LeadClass.CHECK_FIRST, lead_reason="Its record is old.")
    page = page_of([refused_lead(NoDraft.LEFT_ALONE, "Its record is old.", score=score)])
    assert text_of(page, "article.lead").count("Its record is old.") == 1


def test_beside_an_address_stands_that_its_owner_has_to_agree_first() -> None:
    note = "e-mail only after consent: sole trader"
    business, campaign = make_business(is_sole_trader=True), make_campaign(notes=(note,))
    page = page_of([make_lead(business=business, campaign=campaign)])
    assert note in text_of(page, ".facts li:has(a[href^='mailto:'])")
    assert text_of(page, "article.lead").count(note) == 1


def test_beside_an_address_in_the_compact_table_stands_the_same() -> None:
    leads = named_leads(*(f"Firm {index:04}" for index in range(report.CARDS_PER_CLASS + 1)))
    sole = [replace(lead, business=replace(lead.business, is_sole_trader=True)) for lead in leads]
    assert "e-mail only after consent: sole trader" in text_of(page_of(sole), "#ready-to-mail tbody tr")
