import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid5

import pytest

from leadgen_dagster.discovery.businesses import Business, ExclusionReason
from leadgen_dagster.scoring.crawl import VISITS_AT_ONCE, MemoisedFetcher, collect_snapshots
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome, PageKind, PageSnapshot
from leadgen_dagster_tests.factories import make_business, make_page

HOME = "https://bakery.example/"


class PaperWeb:
    """A web of given pages; everything else is a 404, some hosts fail."""

    def __init__(
        self,
        pages: dict[str, str],
        failures: dict[str, FetchOutcome] | None = None,
        status: dict[str, int] | None = None,
    ) -> None:
        self.pages = pages
        self.failures = failures or {}
        self.status = status or {}
        self.asked: list[tuple[str, str]] = []

    async def fetch(self, url: str, *, method: str = "GET") -> FetchedPage:
        self.asked.append((method, url))
        # The later a URL is in the alphabet, the earlier it is answered: order must not come from the network.
        await asyncio.sleep(0.001 * (200 - ord(url[-2])) / 100)
        outcome = self.failures.get(url, FetchOutcome.FETCHED)
        is_answered = outcome is FetchOutcome.FETCHED
        status = self.status.get(url, 200 if url in self.pages else 404)
        return make_page(
            url=url,
            final_url=url if is_answered else None,
            method=method,
            outcome=outcome,
            status=status if is_answered else None,
            body=self.pages.get(url, "missing").encode() if is_answered and method == "GET" else None,
        )


def snapshots_of(web: PaperWeb, *businesses: Business) -> list[PageSnapshot]:
    return asyncio.run(collect_snapshots(businesses or [make_business(website=HOME)], web))


def kinds_and_urls(snapshots: Sequence[PageSnapshot]) -> list[tuple[str, str]]:
    return [(snapshot.kind.value, snapshot.page.url.removeprefix(HOME)) for snapshot in snapshots]


BAKERY = """
<nav><a href="#menu">Menu</a> <a href="/">Home</a> <a href="/about-us">About us</a>
<a href="/contact.html#form">Get in touch</a> <a href="mailto:x@bakery.example">Contact us</a>
<a href="https://tables.example/bakery">Book a table</a> <a href="/menu.pdf">Our menu</a>
<a href="tel:+441914980101">Call</a> <a href="javascript:void(0)">Reserve</a></nav>
<img src="/hero.jpg"><img src="hero.jpg"><img src="https://cdn.example/x.jpg"><img src="data:image/gif;base64,R0">
<img src="//bakery.example/logo.svg#icon"><img><img src="http://[broken">
"""


def test_home_contact_page_mattering_links_and_images_are_looked_at() -> None:
    web = PaperWeb({HOME: BAKERY})
    snapshots = snapshots_of(web)
    assert kinds_and_urls(snapshots) == [
        ("home", ""),
        ("contact", "contact.html"),
        ("contact", "about-us"),
        ("link", "https://tables.example/bakery"),
        ("link", "menu.pdf"),
        ("image", "hero.jpg"),
        ("image", "logo.svg"),
    ]
    assert [snapshot.label for snapshot in snapshots] == [
        None,
        "Get in touch",
        "About us",
        "Book a table",
        "Our menu",
        None,
        None,
    ]
    assert [method for method, _ in web.asked[:3]] == ["GET"] * 3
    assert {method for method, url in web.asked if url.endswith("jpg")} == {"HEAD"}


def test_ids_come_from_business_kind_and_url() -> None:
    business = make_business(website=HOME)
    snapshots = snapshots_of(PaperWeb({HOME: BAKERY}), business)
    assert snapshots[1].id == str(uuid5(UUID(business.id), "contact:https://bakery.example/contact.html"))
    assert len({snapshot.id for snapshot in snapshots}) == len(snapshots)
    assert {snapshot.business_id for snapshot in snapshots} == {business.id}


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/impressum">Impressum</a><a href="/kontakt">Kontakt</a>', "kontakt impressum"),
        ('<a href="/ueber-uns">Über uns</a><a href="/i">Impressum</a>', "i ueber-uns"),
        ('<a href="/yritys">Yritys</a><a href="/yht">Yhteystiedot</a>', "yht yritys"),
        ('<a href="/om-oss">Om oss</a>', "om-oss"),
        ('<a href="/chi">Chi siamo</a><a href="/c">Contatti</a>', "c chi"),
        (
            '<a href="/a">About</a><a href="/c">Contact</a><a href="/i">Imprint</a><a href="/c2">Contact us</a>',
            "c i a",
        ),
        ('<a href="/ki">Kontakt &amp; Impressum</a><a href="/i">Impressum</a>', "ki"),
        ('<a href="/k">Kontakt</a><a href="/k">Impressum</a>', "k"),
        ('<a href="/k.pdf">Kontakt</a><a href="/books">Our books</a>', None),
        ('<a href="/k">Kontakta oss</a>', "k"),
        ('<a href="/n">Nous contacter</a>', "n"),
        ('<a href="/m">Mentions légales</a>', "m"),
        ('<a href="/q">Quiénes somos</a>', "q"),
        ('<a href="/c"><img src="/x.gif" alt="Contact"></a>', "c"),
        ('<map><area href="/contact.htm"></map>', "contact.htm"),
        ('<base href="https://bakery.example/en/"><a href="contact">x</a>', "en/contact"),
        ('<a href="https://florist.example/contact">Contact</a>', None),
        ('<a href="/contract">Contract terms</a><a href="/soft-contacts.jpg">lens</a>', None),
        ('<a href="/">Contact</a>', None),
        ('<a href="/l">Kontaktlinsen</a><a href="/k">Kontakt</a>', "k"),
        ('<a href="/l">Contact lenses</a><a href="/l2">Lentilles de contact</a>', None),
    ],
)
def test_contact_imprint_and_about_are_known_in_several_languages(html: str, expected: str | None) -> None:
    snapshots = snapshots_of(PaperWeb({HOME: html}))
    contacts = [url for kind, url in kinds_and_urls(snapshots) if kind == "contact"]
    assert contacts == (expected.split() if expected else [])


def test_a_contact_page_on_another_host_of_the_same_domain_is_the_firms_own() -> None:
    website, contact = "https://bakery.co.uk/", "https://www.bakery.co.uk/contact"
    snapshots = snapshots_of(
        PaperWeb({website: f'<a href="{contact}">Contact</a>'}), make_business(website=website)
    )
    assert [snapshot.page.url for snapshot in snapshots] == [website, contact]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/r">Tisch reservieren</a><a href="/s">Speisekarte</a>', ["r", "s"]),
        ('<a href="/v">Varaa aika</a><a href="/l">Ruokalista</a>', ["v", "l"]),
        ('<a href="/b">Boka bord</a><a href="/m">Meny &amp; matsedel</a>', ["b", "m"]),
        ('<a href="/d">Réserver</a><a href="/e">À la carte</a>', ["d", "e"]),
        ('<a href="/f">Reservar mesa</a><a href="/g">Menú del día</a>', ["f", "g"]),
        (
            '<a href="/1">Book now</a><a href="/2">Booking</a><a href="/3">Menu</a><a href="/4">Menus</a>',
            ["1", "2", "3"],
        ),
        ('<a href="/books">Books</a><a href="/t">Terminal</a><a href="/bookshop">Our bookshop</a>', []),
        (
            '<a href="/k">Karte</a><a href="/anreise-karte">Lageplan und Karte</a><a href="/kartta">Kartta</a>',
            [],
        ),
        ('<a href="/w">Weinkarte</a><a href="/t">Tageskarte</a>', ["w", "t"]),
    ],
)
def test_links_that_matter_are_asked_for_their_status(html: str, expected: list[str]) -> None:
    snapshots = snapshots_of(PaperWeb({HOME: html}))
    assert [url for kind, url in kinds_and_urls(snapshots) if kind == "link"] == expected


@pytest.mark.parametrize(
    ("final_url", "is_looked_at"),
    [
        ("https://www.bakery.co.uk/home", True),
        ("https://bakery.com/", True),
        ("https://vans.co.uk/", False),
    ],
)
def test_where_the_home_page_leads_to_another_firm_nothing_more_is_looked_at(
    final_url: str, is_looked_at: bool
) -> None:
    class Moved(PaperWeb):
        async def fetch(self, url: str, *, method: str = "GET") -> FetchedPage:
            page = await super().fetch(url, method=method)
            return replace(page, final_url=final_url) if url == "http://bakery.co.uk/" else page

    web = Moved({"http://bakery.co.uk/": '<a href="/contact">Contact</a>'})
    snapshots = snapshots_of(web, make_business(website="http://bakery.co.uk/"))
    assert len(snapshots) == (2 if is_looked_at else 1)


def test_profiles_are_not_asked_for_though_they_offer_booking() -> None:
    html = '<a href="https://www.facebook.com/bakery/book">Book now</a>'
    assert kinds_and_urls(snapshots_of(PaperWeb({HOME: html}))) == [("home", "")]


def test_from_the_demo_town_nobody_outside_is_asked() -> None:
    website = "https://cafe.port-linden.example/"
    html = '<a href="https://tables.example/">Book</a><a href="/book">Book</a><img src="https://cdn.example/a.jpg">'
    snapshots = snapshots_of(PaperWeb({website: html}), make_business(website=website))
    assert [snapshot.page.url for snapshot in snapshots] == [website, f"{website}book"]


def test_at_most_ten_images_are_asked_for() -> None:
    html = "".join(f'<img src="/i{n}.jpg">' for n in range(30))
    assert len(snapshots_of(PaperWeb({HOME: html}))) == 11


def test_a_server_that_does_not_know_head_says_nothing_of_the_link() -> None:
    web = PaperWeb(
        {HOME: '<a href="/book">Book</a><img src="/a.jpg">'}, status={f"{HOME}book": 405, f"{HOME}a.jpg": 501}
    )
    assert kinds_and_urls(snapshots_of(web)) == [("home", "")]


@pytest.mark.parametrize("status", [403, 404, 410, 500])
def test_a_link_is_dead_only_where_it_does_not_open_either(status: int) -> None:
    class NoHeads(PaperWeb):
        async def fetch(self, url: str, *, method: str = "GET") -> FetchedPage:
            page = await super().fetch(url, method=method)
            return replace(page, status=status) if method == "HEAD" else page

    web = NoHeads({HOME: '<a href="/book">Book</a><a href="/menu">Menu</a>', f"{HOME}book": "<h1>Book</h1>"})
    _, book, menu = snapshots_of(web)
    assert (book.page.method, book.page.status) == ("GET", 200)
    assert (menu.page.method, menu.page.status) == ("GET", 404)


def test_a_link_that_answers_head_is_not_asked_for_again() -> None:
    web = PaperWeb({HOME: '<a href="/book">Book</a>', f"{HOME}book": "<h1>Book</h1>"})
    assert [snapshot.page.method for snapshot in snapshots_of(web)] == ["GET", "HEAD"]


def test_a_home_page_that_only_leads_on_is_followed_once() -> None:
    front, next_page = '<meta http-equiv="refresh" content="0; url=/start">', f"{HOME}start"
    html = '<meta http-equiv="refresh" content="0; url=/again"><a href="/contact">Contact</a>'
    home, contact = snapshots_of(PaperWeb({HOME: front, next_page: html}))
    assert (home.page.url, home.page.final_url, home.page.redirects) == (HOME, next_page, ())
    assert home.page.body == html.encode()
    assert contact.page.url == f"{HOME}contact"


def test_where_a_home_page_leads_on_to_nothing_that_is_what_the_site_is() -> None:
    web = PaperWeb(
        {HOME: '<meta http-equiv="refresh" content="0; url=/start">'}, {f"{HOME}start": FetchOutcome.TIMEOUT}
    )
    (home,) = snapshots_of(web)
    assert (home.page.url, home.page.outcome, home.page.final_url) == (
        HOME,
        FetchOutcome.TIMEOUT,
        f"{HOME}start",
    )


def test_only_so_many_sites_are_begun_at_once() -> None:
    class Counting(PaperWeb):
        under_way = 0
        most = 0

        async def fetch(self, url: str, *, method: str = "GET") -> FetchedPage:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            page = await super().fetch(url, method=method)
            self.under_way -= 1
            return page

    web = Counting({})
    ids = [str(uuid5(UUID(int=0), str(n))) for n in range(2 * VISITS_AT_ONCE)]
    snapshots_of(web, *(make_business(id=one, website=f"https://{one}.example/") for one in ids))
    assert web.most == VISITS_AT_ONCE


@pytest.mark.parametrize(
    ("website", "other"),
    [
        ("https://bakery.example/", "http://bakery.example/"),
        ("http://bakery.example/", "https://bakery.example/"),
    ],
)
def test_where_one_scheme_refuses_the_other_is_tried_once(website: str, other: str) -> None:
    web = PaperWeb({other: "<h1>hello</h1>"}, {website: FetchOutcome.CONNECTION_FAILURE})
    (home,) = snapshots_of(web, make_business(website=website))
    assert (home.page.url, home.page.outcome) == (other, FetchOutcome.FETCHED)

    dead = PaperWeb({}, dict.fromkeys((website, other), FetchOutcome.CONNECTION_FAILURE))
    (home,) = snapshots_of(dead, make_business(website=website))
    assert home.page.url == website
    assert len(dead.asked) == 2


@pytest.mark.parametrize(
    "website", ["http://bakery.example:8080/", "https://bakery.example:8443", "http://[::1]:80/"]
)
def test_a_site_on_a_port_of_its_own_is_asked_once(website: str) -> None:
    web = PaperWeb({}, {website: FetchOutcome.CONNECTION_FAILURE})
    snapshots_of(web, make_business(website=website))
    assert web.asked == [("GET", website)]


def test_a_site_that_answers_both_schemes_is_looked_at_encrypted_as_a_browser_would() -> None:
    plain, secure = "http://bakery.example/", "https://bakery.example/"
    both = PaperWeb({plain: "<h1>hello</h1>", secure: "<h1>hello</h1>"})
    (home,) = snapshots_of(both, make_business(website=plain))
    assert home.page.url == secure
    for failure in (FetchOutcome.TLS_FAILURE, FetchOutcome.TIMEOUT):
        broken = PaperWeb({plain: "<h1>hello</h1>"}, {secure: failure})
        (home,) = snapshots_of(broken, make_business(website=plain))
        assert home.page.url == plain
    other_site = PaperWeb({plain: "<h1>hello</h1>"})
    (home,) = snapshots_of(other_site, make_business(website=plain))
    assert home.page.url == plain


@pytest.mark.parametrize(
    "outcome", [o for o in FetchOutcome if o.value not in ("fetched", "connection_failure")]
)
def test_any_other_failure_is_kept_as_it_is(outcome: FetchOutcome) -> None:
    web = PaperWeb({}, {HOME: outcome})
    (home,) = snapshots_of(web)
    assert (home.kind, home.page.outcome) == (PageKind.HOME, outcome)
    assert len(web.asked) == 1


def test_leads_with_a_website_alone_are_looked_at_in_their_own_order() -> None:
    ids = [str(uuid5(UUID(int=0), str(n))) for n in range(4)]
    businesses = [
        make_business(id=ids[0], website="https://b.example/"),
        make_business(id=ids[1], website=None),
        make_business(id=ids[2], website="https://c.example/", exclusion=ExclusionReason.CHAIN),
        make_business(id=ids[3], website="https://z.example/"),
    ]
    done: list[str] = []
    web = PaperWeb({})
    snapshots = asyncio.run(
        collect_snapshots(
            businesses, web, on_business_done=lambda business, kept: done.append(f"{business.id}{len(kept)}")
        )
    )
    assert [snapshot.business_id for snapshot in snapshots] == [ids[0], ids[3]]
    assert sorted(done) == sorted([f"{ids[0]}1", f"{ids[3]}1"])


class Memo:
    def __init__(self) -> None:
        self.pages: dict[tuple[str, str], FetchedPage] = {}

    def get(self, url: str, method: str) -> FetchedPage | None:
        return self.pages.get((url, method))

    def put(self, page: FetchedPage) -> None:
        self.pages[page.url, page.method] = page


def test_a_second_run_over_the_same_memo_asks_for_nothing() -> None:
    memo = Memo()
    first, second = PaperWeb({HOME: BAKERY}), PaperWeb({})
    one = asyncio.run(collect_snapshots([make_business(website=HOME)], MemoisedFetcher(first, memo)))
    two = asyncio.run(collect_snapshots([make_business(website=HOME)], MemoisedFetcher(second, memo)))
    assert one == two
    assert second.asked == []


def test_a_page_two_businesses_share_is_fetched_once() -> None:
    web = PaperWeb({HOME: "<h1>hello</h1>"})
    businesses = [make_business(id=str(UUID(int=n)), website=HOME) for n in range(5)]
    snapshots = asyncio.run(collect_snapshots(businesses, MemoisedFetcher(web, Memo())))
    assert len(snapshots) == 5
    assert web.asked == [("GET", HOME)]
