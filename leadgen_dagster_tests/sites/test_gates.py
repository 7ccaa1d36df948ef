from typing import Any

import pytest

from leadgen_dagster.agency import Agency
from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.sites.builder import SiteRequest, build_sites
from leadgen_dagster.sites.gates import gate_faults, stored_site_faults
from leadgen_dagster.sites.view import render_page
from leadgen_dagster_tests.factories import make_business, make_score
from leadgen_dagster_tests.sites.records import ORDERED_ON, RICH, brief_of, page_of

BRIEF = brief_of(RICH)
PAGE = page_of(BRIEF, url="https://demos.quay.example/d/abc/")
GOOD = render_page(PAGE).decode()
END = "</main>"


def test_a_page_made_from_its_brief_has_no_fault() -> None:
    assert gate_faults(GOOD.encode(), BRIEF, PAGE) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (END, "<h1>Twice</h1></main>", "2 h1"),
        ("noindex, nofollow", "all", "noindex"),
        ('lang="en"', 'lang="de"', "language"),
        ("This is a design concept by", "Made by", "concept notice"),
        (END, "<section> </section></main>", "section is empty"),
        (END, '<img src="https://photos.example/a.jpg" alt="a"></main>', "asks for https://photos.example"),
        (END, '<link rel="stylesheet" href="//cdn.example/a.css"></main>', "asks for //cdn.example"),
        (END, "<style>a{background:url(https://x.example/a.png)}</style></main>", "a style asks for"),
        (END, '<style>@import "https://x.example/a.css";</style></main>', "a style asks for"),
        (END, '<form action="/contact"></form></main>', "<form> asks for"),
        (END, '<a href="https://other.example/">x</a></main>', "a link that is not in the brief"),
        (END, '<a href="javascript:alert(1)">x</a></main>', "a link that is not in the brief"),
        (END, '<a href="#nowhere">x</a></main>', "a link that is not in the brief"),
        (END, "<p>Ring 0191 498 0999</p></main>", "words that are not in the brief: Ring 0191"),
        (END, "<p>me@other.example</p></main>", "words that are not in the brief: me@"),
        (END, "<p>Lorem ipsum</p></main>", "words that are not in the brief: Lorem"),
        (END, '<p title="24/7 support"></p></main>', "words that are not in the brief: 24/7"),
        (
            END,
            '<svg><a href="#facts" aria-label="Award-winning">1</a></svg></main>',
            "words that are not in the brief: Award",
        ),
        (END, "<p>Closed on Sundays</p></main>", "words that are not in the brief: Closed on"),
        (END, "<p>Open 24 hours, every day</p></main>", "words that are not in the brief: Open 24"),
        (END, "<svg><text>Award winner 2024</text></svg></main>", "words that are not in the brief: Award"),
        (END, '<script>fetch("https://evil.example/")</script></main>', "a script that is not the clock"),
        (END, '<script type="module">1</script></main>', "a script of another type"),
        (END, '<style>.x::after{content:"Best 24/7"}</style></main>', "a style says content"),
        ('<span class="time"><span>08:00', '<span class="time"><span>13:30', "the hours are not the brief's"),
        ('<a href="take-down/">', '<a href="#facts">', "way to have it removed"),
        ("<title>", "<title>Best ", "the title is not"),
        ('property="og:title" content="', 'property="og:title" content="The best ', "the og:title is not"),
        ("/d/abc/preview.png", "/d/abd/preview.png", "the address is not its own"),
        (END, f"<p>{'x' * 120_000}</p></main>", "weighs"),
        ('"telephone": "+441914980101"', '"telephone": "+441914980102"', "does not agree"),
        ('"telephone": "+441914980101"', '"telephone": ', "does not parse"),
        ('<script type="application/ld+json">', "<script>", "0 blocks of JSON-LD"),
        ('dir="auto">Harbour Bakery</h1>', ">Harbor Bakery</h1>", "not the name"),
    ],
)
def test_each_fault_is_named(old: str, new: str, fault: str) -> None:
    assert old in GOOD
    faults = gate_faults(GOOD.replace(old, new).encode(), BRIEF, PAGE)
    assert any(fault.lower() in found.lower() for found in faults), faults


def test_the_copied_name_of_the_record_is_not_that_of_the_sign() -> None:
    brief = brief_of(make_business(name="HARBOUR BAKERY LTD"))
    copied = GOOD.replace("Harbour Bakery</h1>", "HARBOUR BAKERY LTD</h1>")
    assert "the h1 is not the name" in gate_faults(copied.encode(), brief, page_of(brief))
    assert "the h1 is not the name" not in gate_faults(GOOD.encode(), brief, page_of(brief))


def stored_faults(business: Business | None) -> list[str]:
    score = make_score()
    asked = SiteRequest(business=RICH, contacts=(), score=score, token="abcdefghij23", language="en")
    (built,) = build_sites([asked], agency=Agency(name="Quay Studio"), ordered_on=ORDERED_ON)
    page = built.files["index.html"]
    return stored_site_faults(
        built.site, page, business, (), score, agency_name="Quay Studio", ordered_on=ORDERED_ON
    )


def test_a_stored_demo_is_held_against_what_is_known_of_its_business_now() -> None:
    changed: list[tuple[dict[str, Any], str]] = [
        ({"phone": None, "street": None}, "too few facts for a demo"),
        ({"name": "Harbour Bakers"}, "the h1 is not the name"),
    ]
    assert stored_faults(RICH) == []
    assert [fault in stored_faults(make_business(**fields)) for fields, fault in changed] == [True, True]


def test_a_stored_demo_of_nobody_who_is_a_lead_is_a_fault() -> None:
    assert stored_faults(None) == ["its business is not among the leads"]
