"""E-mail addresses of a page: in links, in the text, behind the common obfuscations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from email_validator import EmailNotValidError, validate_email

from leadgen_dagster.discovery.normalise import registrable_domain
from leadgen_dagster.scoring.page_view import PageView, opening_tag

_ROLES_WORDS = """
    info hello hallo hi contact kontakt mail email office post team service shop store booking bookings buchung
    reservation reservations reservierung reservierungen reception rezeption sales enquiries enquiry inquiries
    admin praxis kanzlei salon studio werkstatt laden verwaltung asiakaspalvelu myynti toimisto ravintola
    varaukset posti bokning bestellung order orders support welcome willkommen accueil reservas hola pedidos
    bonjour
"""
ROLES = frozenset(_ROLES_WORDS.split())

_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_OBFUSCATED = re.compile(
    r"([\w.+-]{1,64})\s?[\[({]\s?(?:at|ät|@|klammeraffe|miukumauku)\s?[\])}]\s?"
    r"([\w-]{1,63}(?:\s?(?:\.|[\[({]\s?(?:dot|punkt|piste|\.)\s?[\])}])\s?[\w-]{1,63}){1,4})",
    re.IGNORECASE,
)
_DOT = re.compile(r"\s?[\[({]\s?(?:dot|punkt|piste|\.)\s?[\])}]\s?|\s*\.\s*", re.IGNORECASE)
_NOT_A_MAILBOX = re.compile(r"no-?_?reply|do-?not-?reply|donotreply|mailer-daemon|bounce", re.IGNORECASE)
_OFFICERS = re.compile(
    r"privacy|datenschutz|dsb\b|dpo\b|gdpr|dsgvo|tietosuoja|dataskydd|rgpd|abuse|postmaster|hostmaster|"
    r"webmaster",
    re.IGNORECASE,
)
_OFFICER_NEAR = re.compile(
    r"datenschutzbeauftragt|data protection officer|tietosuojavastaava|dataskyddsombud", re.IGNORECASE
)
_PLACEHOLDER_DOMAINS_WORDS = """
    example.com example.org example.net example.de domain.com domain.de yourdomain.com mydomain.com
    email.com mysite.com yoursite.com website.com company.com test.com address.com mail.example
"""
_PLACEHOLDER_DOMAINS = frozenset(_PLACEHOLDER_DOMAINS_WORDS.split())
_PLACEHOLDER_NAMES_WORDS = """
    name yourname your.name your-name youremail your.email user username example test
"""
_PLACEHOLDER_NAMES = frozenset(_PLACEHOLDER_NAMES_WORDS.split())
_TRACKER_DOMAINS = frozenset(
    ["sentry.io", "wixpress.com", "sentry-next.wixpress.com", "bugsnag.com", "rollbar.com"]
)
_FILE_ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".js", ".css")
_DESIGNER_NEAR = re.compile(
    r"web ?design|web ?site (?:by|from)|site by|design(?:ed)? by|built by|made by|created by|powered by|"
    r"webmaster|"
    r"umsetzung:|gestaltung:|realisierung:|programmierung:|web-?agentur|erstellt von|internetagentur|"
    r"toteutus|sivut:|webbyrå|réalisation",
    re.IGNORECASE,
)
_CONTEXT = 90


@dataclass(frozen=True, slots=True)
class FoundEmail:
    address: str
    shown: str


def is_role_address(address: str) -> bool:
    """Whether a mailbox belongs to the firm and not to a person."""
    return re.split(r"[.+_-]", address.partition("@")[0])[0] in ROLES


def is_nobodys(address: str) -> bool:
    """Placeholders, trackers, and mailboxes that nobody reads or that have another duty."""
    name, _, domain = address.lower().partition("@")
    registrable = registrable_domain(domain)
    if {domain, registrable} & (_PLACEHOLDER_DOMAINS | _TRACKER_DOMAINS):
        return True
    return name in _PLACEHOLDER_NAMES or bool(_NOT_A_MAILBOX.search(name) or _OFFICERS.search(name))


def emails_on(page: PageView, own_domain: str) -> Iterator[FoundEmail]:
    """The usable addresses of a page; the web designer's and the privacy officer's are left out."""
    for written, shown, before in _written(page):
        address = _valid(written)
        if address and not is_nobodys(address) and not _is_somebody_else(address, own_domain, before):
            yield FoundEmail(address, shown)


def _written(page: PageView) -> Iterator[tuple[str, str, str]]:
    """An address as written, what one sees there, and the text before it."""
    for link in page.links:
        if link.href.lower().startswith("mailto:"):
            written = unquote(link.href[7:]).partition("?")[0].partition(",")[0]
            yield written, opening_tag(link.node), _before(page, link.label)
        elif "/cdn-cgi/l/email-protection#" in link.href:
            yield _unprotected(link.href.partition("#")[2]), opening_tag(link.node), ""
    for node in page.select("[data-cfemail]"):
        yield _unprotected(node.attributes.get("data-cfemail") or ""), opening_tag(node), ""
    for item in page.json_ld:
        if isinstance(email := item.get("email"), str):
            yield email.removeprefix("mailto:"), f'"email": "{email}"', ""
    if "@" in page.text:
        for match in _ADDRESS.finditer(page.text):
            yield match.group(), *_around(page.text, match)
    for match in _OBFUSCATED.finditer(page.text):
        yield f"{match[1]}@{_DOT.sub('.', match[2])}", *_around(page.text, match)


def _around(text: str, match: re.Match[str]) -> tuple[str, str]:
    shown = text[max(0, match.start() - 40) : match.end() + 20]
    return shown, text[max(0, match.start() - _CONTEXT) : match.start()]


def _before(page: PageView, label: str) -> str:
    """The text before a link's words, where they can be found again."""
    position = page.text.find(label) if label else -1
    return page.text[max(0, position - _CONTEXT) : position] + label if position >= 0 else label


def _unprotected(code: str) -> str:
    """Cloudflare's protection: hexadecimal bytes, each xor-ed with the first one."""
    try:
        key, *rest = bytes.fromhex(code)
    except ValueError:
        return ""
    return bytes(byte ^ key for byte in rest).decode("utf-8", "replace")


def _valid(written: str) -> str | None:
    address = written.strip().strip(".,;:<>\"'").lower()
    if len(address) > 254 or address.endswith(_FILE_ENDINGS):
        return None
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def _is_somebody_else(address: str, own_domain: str, before: str) -> bool:
    """The designer's address at the foot of the page, or an outside privacy officer's."""
    if registrable_domain(address.rpartition("@")[2]) == own_domain:
        return bool(_OFFICER_NEAR.search(before))
    return bool(_DESIGNER_NEAR.search(before) or _OFFICER_NEAR.search(before))
