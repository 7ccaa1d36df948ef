"""One form for what sources write in many: phones, addresses of websites and mailboxes, countries."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, urlsplit, urlunsplit

from leadgen_dagster.discovery.businesses import PhoneKind, Place
from leadgen_dagster.discovery.hosts import HostKind, host_kind, is_free_mail
from leadgen_dagster.discovery.web_text import addresses_in, clean_ending, without_hidden_signs

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber
    from tldextract import TLDExtract
    from tldextract.tldextract import ExtractResult

TOWN_SUFFIX = "port-linden.example"
"""Firms of the demo town have names under it as others have them under `.co.uk`."""

MAX_HOST = 253
"""Letters of a host name (RFC 1035)."""
MAX_PHONE_TEXT = 300
MAX_EMAIL_TEXT = 2_000
MAX_REDIRECTS = 3
REDIRECTS = {"/url": ("q", "url"), "/l.php": ("u",), "/redirect": ("q",), "/": ("u",)}
"""The path of a page that only sends on, and the parameters that say where to: of search, networks, videos."""
SENDS_ON = re.compile(
    r"(www\.)?google(\.[a-z]{2,3}){1,2}|lm?\.(facebook|instagram)\.com|(www\.)?youtube\.com"
)

LABEL = r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
PUBLIC_HOST = re.compile(rf"(?:{LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{1,59}})")
AT = re.compile(r"\s*[\[({]\s*(?:at|a|ät)\s*[\])}]\s*", re.IGNORECASE)
DOT = re.compile(r"\s*[\[({]\s*(?:dot|punkt|piste|punto|point)\s*[\])}]\s*", re.IGNORECASE)
"""How people write an address so that no program reads it."""
MAILTO = re.compile(r"^\W*mailto:/*", re.IGNORECASE)
AROUND_MAILBOX = ".:=+-*`@'"
HTML_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
NEXT_NUMBER = re.compile(r"[;,]|\b(?:or|oder|tai|und)\b", re.IGNORECASE)
DIALLED_WHOLE = re.compile(r"[^\d+]*[+0]")
"""How a number with its area code begins; what begins otherwise may be the rest of one."""
OTHER_ENDING = re.compile(r"\s*/\s*\d{1,2}\s*$")
"""The `/7` of a firm that answers to `0711 6363636` and to `0711 6363637`."""
DRAMA_MOBILE = re.compile(r"^\+447700900\d{3}$")
"""Mobile numbers that Ofcom keeps free for drama; no operator has them, so no table of valid numbers does."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    url: str
    kind: HostKind
    domain: str | None
    """The registrable domain; None where it would name a builder and not the business."""

    @property
    def is_website(self) -> bool:
        return self.kind in (HostKind.OWN, HostKind.SHARED)

    @property
    def is_profile(self) -> bool:
        """A page on a network or in a directory; the network's own front page is nobody's."""
        parts = urlsplit(self.url)
        is_listed = self.kind in (HostKind.SOCIAL, HostKind.DIRECTORY)
        return is_listed and (parts.path.strip("/") != "" or parts.query != "")


# -------------------------------------------------------------------------------- phones


def normalise_phone(text: str, country: str | None) -> tuple[str, PhoneKind] | None:
    """The first number in the text, as E.164, with its kind; a national one needs the country.

    A part without its area code would be a stranger's number, so none is dialled that may be one.
    """
    text = HTML_TAG.sub(" ", without_hidden_signs(text[:MAX_PHONE_TEXT]))
    for part in _dialled(NEXT_NUMBER.split(text)):
        if found := _around_slashes(part, country):
            return found
    return _one_number(text, country)


def _dialled(parts: Iterable[str]) -> list[str]:
    """The parts that begin as a whole number does; if none does, the first that has a digit at all."""
    numbers = [part for part in parts if any(map(str.isdigit, part))]
    return [part for part in numbers if DIALLED_WHOLE.match(part)] or numbers[:1]


def _around_slashes(text: str, country: str | None) -> tuple[str, PhoneKind] | None:
    """A slash stands behind an area code, or between numbers: the second only if the first gives no number."""
    found = [number for part in _dialled(text.split("/")) if (number := _one_number(part, country))]
    if len(found) > 1:
        return found[0]
    shorter = OTHER_ENDING.sub("", text)
    one = _one_number(shorter, country) or _one_number(text, country)
    return one or (found[0] if found else None)


def _one_number(text: str, country: str | None) -> tuple[str, PhoneKind] | None:
    """The text read as a single number, whatever stands between its digits."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if DRAMA_MOBILE.match(e164):
        return e164, PhoneKind.MOBILE
    return (e164, _phone_kind(number)) if phonenumbers.is_valid_number(number) else None


def readable_phone(number: str) -> str:
    """An E.164 number as one reads it out; any other text as it is."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _phone_kind(number: "PhoneNumber") -> PhoneKind:
    from phonenumbers import PhoneNumberType, number_type

    kinds = {
        PhoneNumberType.MOBILE: PhoneKind.MOBILE,
        PhoneNumberType.FIXED_LINE: PhoneKind.LANDLINE,
        PhoneNumberType.TOLL_FREE: PhoneKind.LANDLINE,
        PhoneNumberType.UAN: PhoneKind.LANDLINE,
        PhoneNumberType.SHARED_COST: PhoneKind.LANDLINE,
    }
    return kinds.get(number_type(number), PhoneKind.UNKNOWN)


def country_of_phone(text: str) -> str | None:
    """The country of a number that is written internationally."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text.split(";", maxsplit=1)[0], None)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.region_code_for_number(number)


def usual_country(places: Iterable[Place]) -> str | None:
    """The country of records that name none.

    The one that most records of the same source name; if none does, that of most of its international numbers.
    """
    named: Counter[str] = Counter()
    dialled: Counter[str] = Counter()
    for place in places:
        if place.country:
            named[place.country] += 1
        elif place.phone and (country := country_of_phone(place.phone)):
            dialled[country] += 1
    counts = named or dialled
    return min(counts, key=lambda code: (-counts[code], code)) if counts else None


# -------------------------------------------------------------------------------- the web


def normalise_website(text: str) -> WebAddress | None:
    """The first web address in the text, or None.

    Mended, with scheme and host in small letters, without tracking and fragment; where it is a page that only sends on
    to another, that one.
    """
    return _first_website(text, MAX_REDIRECTS)


def own_website(given: Sequence[str]) -> str | None:
    """The first that is a website of its own, as it was given; one alone is for `normalise_website` to judge."""
    if len(given) < 2:
        return given[0] if given else None
    own = (text for text in given if (found := normalise_website(text)) is not None and found.is_website)
    return next(own, given[0])


def _first_website(text: str, redirects: int) -> WebAddress | None:
    return next((found for raw in addresses_in(text) if (found := _web_address(raw, redirects))), None)


def _web_address(raw: str, redirects: int) -> WebAddress | None:
    try:
        parts = urlsplit(raw)
        port = parts.port
        host = _ascii_host(parts.hostname or "")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or host is None or parts.username is not None:
        return None
    if targets := _sent_on_to(host, parts):
        return _first_website(" ".join(targets), redirects - 1) if redirects else None
    netloc = host if port in (None, 80 if parts.scheme == "http" else 443) else f"{host}:{port}"
    url = urlunsplit((parts.scheme, netloc, *clean_ending(parts.path, parts.query), ""))
    kind = host_kind(host)
    return WebAddress(url, kind, registrable_domain(host) if kind is HostKind.OWN else None)


def _sent_on_to(host: str, parts: SplitResult) -> list[str]:
    """What a page that only sends on says of where to, e.g. `google.com/url?q=…`."""
    if not SENDS_ON.fullmatch(host):
        return []
    asked = parse_qs(parts.query)
    return [value for name in REDIRECTS.get(parts.path, ()) for value in asked.get(name, ())]


def _ascii_host(host: str) -> str | None:
    """The host as DNS has it, if it looks like a public one."""
    host = host.rstrip(".").lower()
    if len(host) > MAX_HOST:
        return None
    try:
        ascii_host = host if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    return ascii_host if PUBLIC_HOST.fullmatch(ascii_host) else None


@lru_cache(maxsize=65_536)
def registrable_domain(url_or_host: str) -> str:
    """The part of a host that somebody registered; the host itself where the suffix is not a public one."""
    try:
        host = (urlsplit(url_or_host).hostname or url_or_host.lower()).rstrip(".")
    except ValueError:
        host = url_or_host.lower()
    return split_host(host).top_domain_under_public_suffix or host.removeprefix("www.")


@lru_cache(maxsize=65_536)
def split_host(host: str) -> "ExtractResult":
    """A host in its parts; read from the list that ships with the package, never from the network."""
    return _extractor()(host)


@cache
def _extractor() -> "TLDExtract":
    from tldextract import TLDExtract

    return TLDExtract(
        suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True, extra_suffixes=(TOWN_SUFFIX,)
    )


# -------------------------------------------------------------------------------- mailboxes


def normalise_email(text: str) -> str | None:
    """The first address in the text that is one, in small letters."""
    if "\0" in text:
        return None
    plain = DOT.sub(".", AT.sub("@", without_hidden_signs(text[:MAX_EMAIL_TEXT])))
    for part in re.split(r"[;,\s<>\"'()\[\]|]+", plain):
        bare = MAILTO.sub("", part).partition("?")[0].strip(AROUND_MAILBOX)
        found = _mailbox(bare) if "@" in bare else None
        if found and (found == bare or found == _mailbox(found)):
            return found
    return None


def _mailbox(text: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def website_of_email(email: str) -> str | None:
    """The website that an address on a domain of its own lets one guess; None for a provider's mailbox."""
    host = _ascii_host(email.rpartition("@")[2])
    if host is None or is_free_mail(host) or host_kind(host) is not HostKind.OWN:
        return None
    return f"https://{host}/"
