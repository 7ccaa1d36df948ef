"""One business's website as it was fetched: the one thing a check looks at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.scoring.lexicon import IN_LINKS, IN_SOURCES
from leadgen_dagster.scoring.links import contact_rank
from leadgen_dagster.scoring.page_view import Link, PageView
from leadgen_dagster.scoring.phones import FoundPhone, first_phone_in, phones_in
from leadgen_dagster.scoring.snapshots import FetchOutcome, PageKind, PageSnapshot
from leadgen_dagster.scoring.told_phones import told_phones

_CONTACT_FILES = IN_LINKS.words("contact", "kontakt", "impressum", "imprint", "about", "yhteys")
_CONTACT_WORDS = IN_LINKS.words(
    *_CONTACT_FILES,
    *(
        "find us",
        "visit us",
        "ota yhteyttä",
        "tietoa",
        "über uns",
        "anfahrt",
        "om oss",
        "mentions l",
        "nous trouver",
    ),
    "sobre nosotros",
)
_NO_PAGES = ("mailto:", "tel:", "javascript:", "#")
FEWEST_CHARACTERS = 400
"""Of a home page's text; with fewer, pictures or scripts may hold what a visitor reads."""
_EMPTY_FRAMES = (
    *(
        "youtube",
        "vimeo",
        "googletagmanager",
        "doubleclick",
        "recaptcha",
        "about:blank",
        "soundcloud",
        "spotify",
    ),
    *(
        "facebook.com/plugins",
        "facebook.com/tr",
        "google.com/maps",
        "maps.google",
        "openstreetmap",
        "addthis",
    ),
)
"""What is embedded and says nothing of its own about a firm."""
_BUILT_LATER = IN_SOURCES.words("widget", "elfsight", "powr.io", "wixapps", "commonninja", "sociablekit")


@dataclass(frozen=True)
class SitePages:
    """The pages that could be read, parsed once, and what was asked for with HEAD."""

    business: Business
    home: PageView
    others: tuple[PageView, ...] = ()
    """Contact, about or imprint."""
    linked: tuple[PageSnapshot, ...] = ()
    """Every link that was followed, whatever its answer."""
    images: tuple[PageSnapshot, ...] = ()

    @classmethod
    def of(cls, business: Business, home: PageView, snapshots: Sequence[PageSnapshot]) -> Self:
        # Rows of a table come in no order of their own.
        contacts = (one for one in snapshots if one.kind is PageKind.CONTACT and is_read(one))
        return cls(
            business=business,
            home=home,
            others=tuple(PageView(one.page) for one in sorted(contacts, key=contact_rank)),
            linked=tuple(one for one in snapshots if one.kind in (PageKind.LINK, PageKind.CONTACT)),
            images=tuple(one for one in snapshots if one.kind is PageKind.IMAGE),
        )

    @property
    def pages(self) -> tuple[PageView, ...]:
        return (self.home, *self.others)

    @property
    def looked_at(self) -> date:
        """The day of the fetch: "now" for every check."""
        return self.home.page.fetched_at.date()

    @property
    def is_https(self) -> bool:
        return self.home.url.startswith("https:")

    @cached_property
    def text(self) -> str:
        return "\n".join(page.text for page in self.pages)

    @cached_property
    def phone_link(self) -> tuple[PageView, Link] | None:
        """The first link that a phone can dial."""
        return next(
            (
                (page, link)
                for page in self.pages
                if "tel:" in page.lower_links or "callto:" in page.lower_links
                for link in page.links
                if link.href.lower().startswith(("tel:", "callto:"))
            ),
            None,
        )

    @cached_property
    def written_phone(self) -> tuple[PageView, FoundPhone] | None:
        """The first phone number that stands in the text."""
        for page in self.pages:
            if found := first_phone_in(page.text, self.business.country):
                return page, found
        return None

    @cached_property
    def told_phones(self) -> frozenset[str]:
        """The numbers, E.164, that the pages say are their own."""
        country = self.business.country
        return frozenset(found.e164 for page in self.pages for found, _ in told_phones(page, country))

    def shows_phone(self, e164: str) -> bool:
        """Whether a number stands on the pages, behind a link, as data or in the text."""
        if e164 in self.told_phones:
            return True
        return any(
            found.e164 == e164 for page in self.pages for found in phones_in(page.text, self.business.country)
        )

    @cached_property
    def has_unseen_contact_page(self) -> bool:
        """Whether the home page leads to a contact page that was not read: then absence proves nothing."""
        if self.others:
            return False
        home = self.home
        words = [word for word in home.link_words & _CONTACT_WORDS if word in home.lower_labels]
        words += [word for word in home.link_words & _CONTACT_FILES if word not in words]
        own = home.url.partition("#")[0]
        labels = home.lower_labels.split("\n")
        for word in words:
            for label, (_, href, _) in zip(labels, home.links, strict=True):
                if (
                    word in (label or href.lower())
                    and not href.lower().startswith(_NO_PAGES)
                    and home.absolute(href).partition("#")[0] != own
                ):
                    return True
        return False

    @cached_property
    def is_read_whole(self) -> bool:
        """Whether absence proves something: real text, no contact page unread, nothing embedded that may say more."""
        return (
            len(self.home.text) >= FEWEST_CHARACTERS
            and not self.has_unseen_contact_page
            and not any(_may_show_more(page) for page in self.pages)
        )


def _may_show_more(page: PageView) -> bool:
    embedded = (
        (one.get("src") or one.get("data-src") or one.get("data")).lower()
        for one in page.elements("iframe", "frame", "object", "embed")
    )
    if any(source and not any(mark in source for mark in _EMPTY_FRAMES) for source in embedded):
        return True
    return bool(page.source_words & _BUILT_LATER)


def is_read(snapshot: PageSnapshot) -> bool:
    """Whether a page came with a body to look at."""
    page = snapshot.page
    return (
        page.outcome is FetchOutcome.FETCHED
        and page.status is not None
        and page.status < 300
        and bool(page.body)
    )
