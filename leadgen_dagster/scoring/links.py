"""Which links and images of a home page are looked at beside it."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from leadgen_dagster.discovery.normalise import TOWN_SUFFIX, registrable_domain
from leadgen_dagster.scoring.domains import social_network
from leadgen_dagster.scoring.snapshots import PageSnapshot

MAX_MATTERING_LINKS = 3
MAX_IMAGES = 10
MAX_LABEL = 80
MAX_TELLING = 40

# Beginnings of words, in English, German, Finnish, Swedish, French and Spanish, and the commonest of some others;
# the most telling first.
# An optician's contact lenses are no way to write to the firm.
CONTACT_WORDS = (
    r"(?<!lentilles de )(?<!lentes de )contact(?!\W?lens)|kontakt(?!lin)"
    r"|yhteystie|yhteydenotto|ota-?\s?yhteytt|nous[- ]contacter|contatt|contato|anfahrt"
)
IMPRINT_WORDS = (
    r"imprint|impressum|colofon|note[- ]legali|legal[- ]notice|mentions[- ]l[eé]gales|aviso[- ]legal"
)
ABOUT_WORDS = (
    r"about|[uü]e?ber[- ]?uns|meist[aä]\b|tietoa[- ]meist|yritys|om[- ]oss|[aà][- ]propos"
    r"|qui[- ]sommes|qui[eé]nes[- ]somos|sobre[- ]nosotros|chi[- ]siamo|over[- ]ons|om[- ]os\b"
)
BOOKING_WORDS = (
    r"book(?:\b|ing|-)|r[eé]serv|appointment|termin(?!al)|buch(?:en|ung)|online-?buch|varaa|varaus|ajanvaraus"
    r"|boka|rendez|cita[- ]previa|pedir[- ]cita"
)
# A bare "Karte" is as often a map as a menu.
MENU_WORDS = (
    r"men[uú]|speise|(?:getr[aä]nke|wein|tages|wochen|mittags)karte|preisliste|prices|ruokalista|lounas|matsedel"
    r"|la[- ]carte|carta\b"
)


def _beginnings(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{words})", re.IGNORECASE)


_CONTACT = _beginnings(CONTACT_WORDS)
_CONTACT_PAGES = (_CONTACT, _beginnings(IMPRINT_WORDS), _beginnings(ABOUT_WORDS))
_BOOKING = _beginnings(BOOKING_WORDS)
_MENU = _beginnings(MENU_WORDS)
_ANY = _beginnings(f"{CONTACT_WORDS}|{IMPRINT_WORDS}|{ABOUT_WORDS}|{BOOKING_WORDS}|{MENU_WORDS}")
_FILE_THAT_IS_NO_PAGE = re.compile(r"\.(?:pdf|jpe?g|png|gif|svg|webp|docx?|zip|mp[34])$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the home page that may tell something, absolute and without fragment."""

    url: str
    words: str
    host: str
    last_part: str
    """Of its path: a page's own name, where the rest is folders."""

    def says(self, pattern: re.Pattern[str]) -> bool:
        """Whether its words or its name match; only where they are few, since an article's title tells nothing."""
        return bool(
            (len(self.words) <= MAX_TELLING and pattern.search(self.words))
            or (len(self.last_part) <= MAX_TELLING and pattern.search(self.last_part))
        )


def contact_rank(snapshot: PageSnapshot) -> int:
    """The place of a contact page among those of its site: contact, imprint, about, as they were chosen."""
    url = snapshot.page.url
    link = Link(url, snapshot.label or "", "", _last_part(urlsplit(url).path))
    return next(
        (rank for rank, pattern in enumerate(_CONTACT_PAGES) if link.says(pattern)), len(_CONTACT_PAGES)
    )


class HomePage:
    """A parsed home page, read for where else to look."""

    def __init__(self, html: str, url: str) -> None:
        self._tree = LexborHTMLParser(html)
        self._url = _without_fragment(url)
        self._host = (urlsplit(url).hostname or "").lower()
        self._domain = registrable_domain(self._host)
        self._base = self._base_url()
        self._links = tuple(dict.fromkeys(self._found_links()))

    def contact_links(self) -> list[Link]:
        """The pages of this site that look like contact, imprint and about: in that order, at most one of each."""
        pages = [
            link
            for link in self._links
            if self._is_own(link) and not _FILE_THAT_IS_NO_PAGE.search(link.last_part)
        ]
        chosen: dict[str, Link] = {}
        for pattern in _CONTACT_PAGES:
            new = (link for link in pages if link.says(pattern) and link.url not in chosen)
            # A link that says both, such as "contact and imprint", is both.
            if not any(link.says(pattern) for link in chosen.values()) and (link := next(new, None)):
                chosen[link.url] = link
        return list(chosen.values())

    def mattering_links(self, beside: Collection[Link]) -> list[Link]:
        """Booking, menu and contact links, at most three; those that are fetched anyway are left out."""
        fetched = {link.url for link in beside}
        candidates = [link for link in self._links if link.url not in fetched]
        elsewhere_too = [link for link in candidates if self._is_own(link) or self._may_lead_to(link)]
        own = [link for link in candidates if self._is_own(link)]
        chosen: dict[str, Link] = {}
        for pattern, links in ((_BOOKING, elsewhere_too), (_MENU, elsewhere_too), (_CONTACT, own)):
            for link in links:
                if link.says(pattern):
                    chosen.setdefault(link.url, link)
        return list(chosen.values())[:MAX_MATTERING_LINKS]

    def images(self) -> list[Link]:
        """Images that this page's own host serves, each once."""
        sources = (node.attributes.get("src") for node in self._tree.css("img[src]"))
        absolute = (_joined(self._base, source) for source in sources if source)
        own = {url: Link(url, "", host, "") for url, host, _ in filter(None, absolute) if host == self._host}
        return list(own.values())[:MAX_IMAGES]

    def _found_links(self) -> Iterator[Link]:
        for node in self._tree.css("a[href], area[href]"):
            href = (node.attributes.get("href") or "").strip()
            words = _words(node)
            if not href or href.startswith("#") or not _ANY.search(f"{words} {unquote(href)}"):
                continue
            target = _joined(self._base, href)
            if target and target[0] != self._url:
                url, host, path = target
                yield Link(url, words, host, _last_part(path))

    def _is_own(self, link: Link) -> bool:
        return link.host == self._host or registrable_domain(link.host) == self._domain

    def _may_lead_to(self, link: Link) -> bool:
        """Profiles tell nothing to strangers; and from the demo town nothing real is ever asked."""
        is_in_town = f".{self._host}".endswith(f".{TOWN_SUFFIX}")
        return not is_in_town and social_network(link.url) is None

    def _base_url(self) -> str:
        node = self._tree.css_first("base[href]")
        base = _joined(self._url, (node.attributes.get("href") or "") if node else "")
        return base[0] if base else self._url


def _joined(base: str, href: str) -> tuple[str, str, str] | None:
    """An absolute http(s) URL without fragment, its host and path; None for `mailto:` and what is no URL."""
    try:
        url = _without_fragment(urljoin(base, href.strip()))
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return (url, host, parts.path) if parts.scheme in ("http", "https") and host else None


def _last_part(path: str) -> str:
    return unquote(path).rstrip("/").rpartition("/")[2]


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]


def _words(node: LexborNode) -> str:
    """What a visitor reads on the link: its text, or the picture's alternative."""
    text = " ".join(node.text().split())
    if not text:
        image = node.css_first("img[alt]")
        text = " ".join(((image.attributes.get("alt") if image else "") or "").split())
    return text[:MAX_LABEL]
