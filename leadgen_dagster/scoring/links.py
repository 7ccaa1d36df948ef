"""Which links and images of a home page are looked at beside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from leadgen_dagster.scoring.domains import TOWN_SUFFIX, registrable_domain, social_network

MAX_MATTERING_LINKS = 3
MAX_IMAGES = 10
MAX_LABEL = 80

# Beginnings of words, in English, German, Finnish, Swedish, French and Spanish; the most telling first.
# An optician's contact lenses are no way to write to the firm.
CONTACT_WORDS = (
    r"(?<!lentilles de )(?<!lentes de )contact(?!\W?lens)|kontakt(?!lin)"
    r"|yhteystie|yhteydenotto|ota-?\s?yhteytt|nous[- ]contacter|anfahrt"
)
IMPRINT_WORDS = r"imprint|impressum|legal[- ]notice|mentions[- ]l[eé]gales|aviso[- ]legal"
ABOUT_WORDS = (
    r"about|[uü]e?ber[- ]?uns|meist[aä]\b|tietoa[- ]meist|yritys|om[- ]oss|[aà][- ]propos"
    r"|qui[- ]sommes|qui[eé]nes[- ]somos|sobre[- ]nosotros"
)
BOOKING_WORDS = (
    r"book(?:\b|ing|-)|r[eé]serv|appointment|termin(?!al)|buch(?:en|ung)|online-?buch|varaa|varaus|ajanvaraus"
    r"|boka|rendez|cita[- ]previa|pedir[- ]cita"
)
MENU_WORDS = r"men[uú]|speise|preisliste|prices|ruokalista|lounas|matsedel|la[- ]carte|carta\b"


def _beginnings(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{words})", re.IGNORECASE)


_CONTACT = _beginnings(CONTACT_WORDS)
_CONTACT_PAGES = (_CONTACT, _beginnings(IMPRINT_WORDS), _beginnings(ABOUT_WORDS))
_BOOKING = _beginnings(BOOKING_WORDS)
_MENU = _beginnings(MENU_WORDS)
_FILE_THAT_IS_NO_PAGE = re.compile(r"\.(?:pdf|jpe?g|png|gif|svg|webp|docx?|zip|mp[34])$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the home page, absolute and without fragment."""

    url: str
    words: str


class HomePage:
    """A parsed home page, read for where else to look."""

    def __init__(self, html: str, url: str) -> None:
        self._tree = LexborHTMLParser(html)
        self._url = url
        self._base = self._base_url()
        self._links = tuple(dict.fromkeys(self._found_links()))

    def contact_link(self) -> Link | None:
        """The one page of this site that looks like contact, imprint or about, in that order."""
        own = [
            link for link in self._links if self._is_own(link) and not _FILE_THAT_IS_NO_PAGE.search(link.url)
        ]
        for pattern in _CONTACT_PAGES:
            for link in own:
                if _matches(pattern, link):
                    return link
        return None

    def mattering_links(self, beside: Link | None) -> list[Link]:
        """Booking, menu and contact links, at most three; the one that is fetched anyway is left out."""
        chosen: dict[str, Link] = {}
        for pattern, is_own_only in ((_BOOKING, False), (_MENU, False), (_CONTACT, True)):
            for link in self._links:
                if not self._is_own(link) and (is_own_only or not self._may_lead_to(link)):
                    continue
                if (beside is None or link.url != beside.url) and _matches(pattern, link):
                    chosen.setdefault(link.url, link)
        return list(chosen.values())[:MAX_MATTERING_LINKS]

    def image_urls(self) -> list[str]:
        """Images that this page's own host serves, each once."""
        host = _host(self._url)
        sources = (node.attributes.get("src") for node in self._tree.css("img[src]"))
        absolute = (self._absolute(source) for source in sources if source)
        own = (url for url in absolute if url and _host(url) == host)
        return list(dict.fromkeys(own))[:MAX_IMAGES]

    def _found_links(self) -> Iterator[Link]:
        for node in self._tree.css("a[href], area[href]"):
            href = (node.attributes.get("href") or "").strip()
            url = self._absolute(href) if href and not href.startswith("#") else None
            if url and url != _without_fragment(self._url):
                yield Link(url, _words(node))

    def _is_own(self, link: Link) -> bool:
        return registrable_domain(link.url) == registrable_domain(self._url)

    def _may_lead_to(self, link: Link) -> bool:
        """Profiles tell nothing to strangers; and from the demo town nothing real is ever asked."""
        return social_network(link.url) is None and not _is_in_town(self._url)

    def _base_url(self) -> str:
        node = self._tree.css_first("base[href]")
        href = (node.attributes.get("href") or "") if node else ""
        return _joined(self._url, href) or self._url

    def _absolute(self, href: str) -> str | None:
        return _joined(self._base, href)


def _joined(base: str, href: str) -> str | None:
    """An absolute http(s) URL without fragment, or None for `mailto:`, `data:` and what is no URL."""
    try:
        url = _without_fragment(urljoin(base, href.strip()))
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _is_in_town(url: str) -> bool:
    return f".{_host(url)}".endswith(f".{TOWN_SUFFIX}")


def _words(node: LexborNode) -> str:
    """What a visitor reads on the link: its text, or the picture's alternative."""
    text = " ".join(node.text().split())
    if not text:
        image = node.css_first("img[alt]")
        text = " ".join(((image.attributes.get("alt") if image else "") or "").split())
    return text[:MAX_LABEL]


def _matches(pattern: re.Pattern[str], link: Link) -> bool:
    path = unquote(urlsplit(link.url).path)
    return bool(pattern.search(link.words) or pattern.search(path))
