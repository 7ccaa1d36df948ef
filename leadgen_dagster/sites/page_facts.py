"""What a demo takes over from the business's own stored pages, each with the page and the words it stands in.

In doubt a thing is left out. Words are taken only in the demo's own language, and none at all from a website that
carries text addressed to machines.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.names import sign_name
from leadgen_dagster.rendering import is_safe_url
from leadgen_dagster.scoring.collector import no_search_for_cycles
from leadgen_dagster.scoring.domains import social_network
from leadgen_dagster.scoring.languages import language_shares
from leadgen_dagster.scoring.links import ABOUT_WORDS
from leadgen_dagster.scoring.machine_text import text_addressed_to_machines
from leadgen_dagster.scoring.marked import marked_items
from leadgen_dagster.scoring.marked_hours import marked_hours
from leadgen_dagster.scoring.page_view import PageView, opening_tag, snippet
from leadgen_dagster.scoring.scores import WebsiteState
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.snapshots import PageKind, PageSnapshot
from leadgen_dagster.scoring.website_state import website_state
from leadgen_dagster.sites.facts import Fact, Service
from leadgen_dagster.sites.page_about import sentences_on
from leadgen_dagster.sites.page_services import offers_on
from leadgen_dagster.sites.page_words import anything
from leadgen_dagster.sites.passages import Line, lines_of

SURE_SHARE = 0.6
"""Of a page's small words that are in its language."""
MAX_URL_LENGTH = 300

_ARROW = re.compile(r"^[\W_]+|[\W_]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What the pages tell; empty where they tell nothing sure."""

    services: tuple[Service, ...] = ()
    about: tuple[Fact, ...] = ()
    hours: Fact | None = None
    """OSM's `opening_hours` syntax; None where the pages tell several weeks."""
    booking: Fact | None = None


@no_search_for_cycles()
def page_facts(business: Business, snapshots: Sequence[PageSnapshot], *, language: str) -> PageFacts:
    """What is taken over from the pages of a business's own website; nothing of a page that is not surely its own."""
    home = next((one for one in snapshots if one.kind is PageKind.HOME), None)
    if home is None:
        return PageFacts()
    verdict, page = website_state(business, home.page)
    if page is None or verdict.state is not WebsiteState.OK:
        return PageFacts()
    site = SitePages.of(business, page, snapshots)
    hours = _hours(site)
    if text_addressed_to_machines(site):
        return PageFacts(hours=hours)
    read = [(one, lines_of(one)) for one in site.pages if _is_in(one, language)]
    return PageFacts(
        services=_services(read, site),
        about=_about(read, business, language),
        hours=hours,
        booking=_booking(site, language),
    )


def _is_in(page: PageView, language: str) -> bool:
    """Whether most of a page is in that language; a page of few words has to say so itself, and not in vain."""
    shares = language_shares(page.lower_words)
    if shares:
        return shares.get(language, 0.0) >= SURE_SHARE
    root = next(iter(page.elements("html")), None)
    return root is not None and root.get("lang").lower().partition("-")[0] == language


def _services(read: Sequence[tuple[PageView, list[Line]]], site: SitePages) -> tuple[Service, ...]:
    """Of the first page that has a list."""
    for page, lines in read:
        offers = offers_on(page, lines, year=site.looked_at.year)
        if offers:
            return tuple(
                Service(
                    name=_fact(offer.name, page, offer.shown),
                    price=_fact(offer.price, page, offer.shown) if offer.price else None,
                )
                for offer in offers
            )
    return ()


def _about(
    read: Sequence[tuple[PageView, list[Line]]], business: Business, language: str
) -> tuple[Fact, ...]:
    """Of one page: the one about the business, else the home page; a contact page or imprint speaks of itself."""
    name = sign_name(business.name)
    told = [one for one in read if _is_called(one[0], ABOUT_WORDS)]
    for page, lines in (*told, *read[:1]):
        if sentences := sentences_on(lines, language=language, name=name):
            return tuple(_fact(sentence, page, passage) for sentence, passage in sentences)
    return ()


def _is_called(page: PageView, words: str) -> bool:
    return re.search(rf"(?<![^\W_])(?:{words})", urlsplit(page.url).path, re.IGNORECASE) is not None


def _hours(site: SitePages) -> Fact | None:
    told = {
        hours: page
        for page in reversed(site.pages)
        for item in marked_items(page)
        if item.is_firm and (hours := marked_hours(item))
    }
    if len(told) != 1:
        return None
    hours, page = next(iter(told.items()))
    return _fact(hours, page, f'"openingHours": "{hours}"')


def _booking(site: SitePages, language: str) -> Fact | None:
    """The first link whose words say so and that does not lead nowhere."""
    return next(_booking_links(site, language), None)


def _booking_links(site: SitePages, language: str) -> Iterator[Fact]:
    words = anything("booking", language)
    broken = {one.page.url for one in site.linked if not _is_there(one)}
    own = {page.url.partition("#")[0] for page in site.pages}
    for page in site.pages:
        for link in page.links:
            if not words.fullmatch(_ARROW.sub("", link.label)):
                continue
            url = page.absolute(link.href)
            bare = url.partition("#")[0]
            is_web = (
                url.lower().startswith(("http://", "https://")) and is_safe_url(url) and url.isprintable()
            )
            if (
                is_web
                and len(url) <= MAX_URL_LENGTH
                and not social_network(url)
                and not {bare} & (broken | own)
            ):
                yield Fact(url, f"page: {page.url}", snippet(f"{opening_tag(link.element)} {link.label}"))


def _is_there(followed: PageSnapshot) -> bool:
    return followed.page.status is not None and followed.page.status < 400


def _fact(value: str, page: PageView, shown: str) -> Fact:
    return Fact(value, f"page: {page.url}", snippet(shown))
