"""E-mail addresses of a page: in links, in data, in the text, behind the common obfuscations."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from urllib.parse import parse_qs, unquote

from email_validator import EmailNotValidError, validate_email

from leadgen_dagster.discovery.normalise import registrable_domain, split_host
from leadgen_dagster.scoring.contact_rules import DEFAULT_RULES, ContactRules
from leadgen_dagster.scoring.hidden import Hidden, hidden_on
from leadgen_dagster.scoring.marked import marked_items
from leadgen_dagster.scoring.page_view import Link, PageView, opening_tag, text_of

MOST_SIGNS = 500
"""Of an `@` on a page, in whatever disguise; one with more of them is no business card."""
MOST_WORDS = 20
DEMONSTRATION = ".example"
"""The one suffix that nobody has registered and that mailboxes are told of all the same (RFC 2606)."""
MAX_SCRIPT = 20_000
"""Characters of a script that are read; addresses are put together in small ones."""

_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_NAME_BEFORE = re.compile(r"[\w.+%-]{1,64}\Z")
_AT = re.compile(
    r"[@\uff20]|[\[({<]\s?(?:at|ät|aet|arroba|chiocciola|@|klammeraffe|miukumauku|snabel-?a|собака)\s?[\])}>]"
    r"|[\[(]a[\])](?=\w)",
    re.IGNORECASE,
)
_AT_WORD = re.compile(r" (?:at|ät|arroba) ", re.IGNORECASE)
_DOT = r"\s?[\[({<]\s?(?:dot|punkt|punto|point|piste|\.)\s?[\])}>]\s?"
_DOMAIN_AFTER = re.compile(
    rf"([\w-]{{1,63}}(?:(?:\.|{_DOT}| (?:dot|punkt|piste) )[\w-]{{1,63}}){{1,4}})", re.IGNORECASE
)
_ANY_DOT = re.compile(rf"{_DOT}| (?:dot|punkt|piste) ", re.IGNORECASE)
_JOINED = re.compile(r"""["']\s*\+\s*["']""")
_BACKWARDS = "bidi-override"

_NOT_A_MAILBOX = re.compile(
    r"no-?_?reply|do-?not-?reply|donotreply|mailer-daemon|bounce|unsubscribe", re.IGNORECASE
)
_OFFICERS = re.compile(
    r"privacy|datenschutz|dsb\b|dpo\b|gdpr|dsgvo|tietosuoja|dataskydd|rgpd|rodo\b|privacidad|lopd|gegevensbescherming|"
    r"abuse|postmaster|hostmaster|webmaster|copyright|legalnotices",
    re.IGNORECASE,
)
_OFFICER_NEAR = re.compile(
    r"datenschutzbeauftragt|data protection officer|privacy officer|tietosuojavastaava|dataskyddsombud|"
    r"délégué à la protection|delegado de protección|responsabile della protezione|encarregado|"
    r"functionaris (?:voor )?gegevensbescherming|inspektor ochrony danych|aufsichtsbehörde|schlichtungsstelle|"
    r"landesbeauftragte|supervisory authority|ombudsman",
    re.IGNORECASE,
)
_DESIGNER_NEAR = re.compile(
    r"web[ -]?design|web[ -]?develop|web ?site (?:by|from)|(?:web)?site by|design(?:ed)? by|developed by|built by|"
    r"made by|created by|powered by|webmaster|hosted by|hosting:|umsetzung:|gestaltung:|realisi?erung:|programmierung:|"
    r"konzept (?:und|&) design|web-?agentur|werbeagentur|erstellt von|internetagentur|toteutus|sivut:|kotisivut:|"
    r"webbyrå|hemsida av|webbplats av|réalisation|création (?:du )?site|diseño web|diseñado por|desarrollado por|"
    r"realizzazione|realizzato da|sito web di|ontwerp|realisatie|webbureau|projekt i wykonanie|wykonanie:|"
    r"desenvolvido por|разработка сайта|создание сайта",
    re.IGNORECASE,
)
_FILE_ENDINGS = (
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".webp",
    ".svg",
    ".avif",
    ".js",
    ".css",
    ".ico",
    ".pdf",
    ".html",
)
_CONTEXT = 90


@dataclass(frozen=True, slots=True)
class FoundEmail:
    address: str
    shown: str


@dataclass(frozen=True, slots=True)
class _Written:
    """An address as it stands somewhere."""

    address: str
    shown: str
    before: str = ""
    """The text in front of it."""


def is_role_address(address: str, rules: ContactRules = DEFAULT_RULES) -> bool:
    """Whether a mailbox belongs to the firm and not to a person."""
    return _first_word(address) in rules.roles


def has_other_duty(address: str, rules: ContactRules = DEFAULT_RULES) -> bool:
    """Whether a mailbox is read for something else than customers: applications, invoices, the press."""
    return _first_word(address) in rules.other_duties


def _first_word(address: str) -> str:
    return re.split(r"[.+_-]", address.partition("@")[0])[0]


def is_nobodys(address: str, rules: ContactRules = DEFAULT_RULES) -> bool:
    """Placeholders, trackers, and mailboxes that nobody reads or that have another duty."""
    name, _, domain = address.lower().partition("@")
    if {domain, registrable_domain(domain)} & rules.excluded_domains:
        return True
    return name in rules.excluded_names or bool(_NOT_A_MAILBOX.search(name) or _OFFICERS.search(name))


def emails_on(page: PageView, own_domain: str, rules: ContactRules = DEFAULT_RULES) -> Iterator[FoundEmail]:
    """The usable addresses of a page that a visitor can see; the web designer's and officers' are left out."""
    hidden = hidden_on(page)
    for written in (*_in_links(page, hidden), *_in_data(page), *_in_text(page, own_domain, hidden)):
        address = _valid(written.address)
        if address is None or is_nobodys(address, rules) or _OFFICER_NEAR.search(written.before):
            continue
        domain = registrable_domain(address.rpartition("@")[2])
        if domain != own_domain and (
            is_designers(written.before) or _is_named_designer(page, address, domain)
        ):
            continue
        yield FoundEmail(address, written.shown)


def _is_named_designer(page: PageView, address: str, domain: str) -> bool:
    """Whether the page links to an address, or to its domain's website, as its designer's or host's.

    A designer with a mailbox at a provider does not make the firm's, at the same provider, another's.
    """
    links = _designers_links(page, domain)
    return any(address in href or not href.startswith("mailto:") for href in links)


@lru_cache(maxsize=8)
def _designers_links(page: PageView, domain: str) -> tuple[str, ...]:
    return tuple(
        link.href for link in page.links if domain in link.href and is_designers(text_before(page, link))
    )


def is_designers(before: str) -> bool:
    """Whether the words in front of an address or a number give it to whoever made the website."""
    return _DESIGNER_NEAR.search(before) is not None


# ------------------------------------------------------------------------- where they stand


def _in_links(page: PageView, hidden: Hidden) -> Iterator[_Written]:
    for link in page.links:
        scheme, _, target = link.href.partition(":")
        if scheme.lower() == "mailto":
            addresses = _addressees(target)
        elif "email-protection#" in link.href:
            addresses = [_unprotected(link.href.partition("#")[2])]
        elif "UnCryptMailto" in link.href:
            addresses = _addressees(_unshifted(link.href).partition(":")[2])
        else:
            continue
        if not hidden.holds(link.element.node):
            yield from (
                _Written(one, opening_tag(link.element), text_before(page, link)) for one in addresses
            )
    if "data-" in page.html:
        yield from _in_attributes(page, hidden)


def _addressees(target: str) -> list[str]:
    """Those a `mailto:` is for; a link for sharing a page has none."""
    path, _, query = target.partition("?")
    also = parse_qs(query).get("to", ()) if "to=" in query else ()
    return [one for part in (unquote(path), *also) for one in re.split(r"[,;]", part) if one.strip()]


def _in_attributes(page: PageView, hidden: Hidden) -> Iterator[_Written]:
    """Addresses that a script takes out of attributes."""
    for node in page.select(
        "[data-cfemail], [data-email], [data-mail], [data-enc-email], [data-user][data-domain]"
    ):
        given = node.attributes
        if hidden.holds(node):
            continue
        shown = opening_tag(node)
        if code := given.get("data-cfemail"):
            yield _Written(_unprotected(code), shown)
        if code := given.get("data-enc-email"):
            yield _Written(codecs.decode(code.replace("[at]", "@"), "rot13"), shown)
        if given.get("data-user") and given.get("data-domain"):
            yield _Written(f"{given['data-user']}@{given['data-domain']}", shown)
        for plain in (given.get("data-email"), given.get("data-mail")):
            if plain:
                readable = _AT.sub("@", plain)
                yield _Written(readable, shown)
                yield _Written(readable[::-1], shown)


def _in_data(page: PageView) -> Iterator[_Written]:
    for item in marked_items(page):
        for email in item.texts("email"):
            yield _Written(email.removeprefix("mailto:"), f'"email": "{email}"')


def _in_text(page: PageView, own_domain: str, hidden: Hidden) -> Iterator[_Written]:
    for at in islice(_AT.finditer(page.text), MOST_SIGNS):
        found = _spelled(page.text, at.start(), at.end())
        if found and not (hidden.has_text(found.address) or hidden.has_decoy(found.address)):
            yield found
    for words in (f" at {own_domain}", " dot ", " punkt ", " piste "):
        yield from _in_words(page, words)
    yield from _put_together(page)
    yield from _backwards(page)
    for line in hidden.freed_texts:
        yield from (_Written(match.group(), line) for match in _ADDRESS.finditer(line))


def _in_words(page: PageView, words: str) -> Iterator[_Written]:
    """`info at firm.com`, at the page's own domain, or `info at firm dot com`, at any."""
    for place in islice(re.finditer(re.escape(words), page.lower_text), MOST_WORDS):
        line = page.text[max(0, place.start() - _CONTEXT) : place.end() + _CONTEXT]
        for at in _AT_WORD.finditer(line):
            found = _spelled(line, at.start(), at.end())
            if found and words.strip().removeprefix("at ") in found.shown:
                yield found


def _spelled(text: str, at_start: int, at_end: int) -> _Written | None:
    """The address around its `@`, e.g. `info [at] firm [dot] com`."""
    before = text[max(0, at_start - 64) : at_start]
    is_plain = text[at_start] in "@\uff20"
    name = _NAME_BEFORE.search(before if is_plain else before.rstrip())
    domain = _DOMAIN_AFTER.match(text, at_end if is_plain or text[at_end : at_end + 1] != " " else at_end + 1)
    if name is None or domain is None:
        return None
    address = f"{name.group()}@{_ANY_DOT.sub('.', domain[1])}"
    return _around(text, address, at_start - len(name.group()), domain.end())


def _around(text: str, address: str, start: int, end: int) -> _Written:
    return _Written(address, text[max(0, start - 40) : end + 20], text[max(0, start - _CONTEXT) : start])


def _put_together(page: PageView) -> Iterator[_Written]:
    """Addresses that a script writes from pieces: `'info' + '@' + 'firm.com'`."""
    for node in page.all("script"):
        script = text_of(node)[:MAX_SCRIPT]
        if ("document.write" in script or "mailto" in script) and ("@" in script or "&#64;" in script):
            for match in _ADDRESS.finditer(
                _JOINED.sub("", script.replace("&#64;", "@").replace("&#46;", "."))
            ):
                if match.group() not in script:
                    yield _Written(match.group(), script[:200])


def _backwards(page: PageView) -> Iterator[_Written]:
    """Text that a style turns round, so that only people can read it."""
    if _BACKWARDS in page.html:
        selectors = [f'[style*="{_BACKWARDS}"]']
        selectors += [
            selector for selector, style in page.style_rules if _BACKWARDS in style.get("unicode-bidi", "")
        ]
        for node in (node for selector in selectors for node in page.select(selector)):
            yield from (
                _Written(match.group(), opening_tag(node)) for match in _ADDRESS.finditer(text_of(node)[::-1])
            )


# ------------------------------------------------------------------------- how they are read


def text_before(page: PageView, link: Link) -> str:
    """The text in front of a link and its own words, where they can be found again."""
    position = page.text.find(link.label) if link.label else -1
    return page.text[max(0, position - _CONTEXT) : position] + link.label if position >= 0 else link.label


def _unprotected(code: str) -> str:
    """Cloudflare's protection: hexadecimal bytes, each xor-ed with the first one."""
    try:
        key, *rest = bytes.fromhex(code)
    except ValueError:
        return ""
    return bytes(byte ^ key for byte in rest).decode("utf-8", "replace")


_SHIFTED = ((0x2B, 0x3A), (0x40, 0x5A), (0x61, 0x7A))
"""TYPO3 moves each character of an address round within its own one of these."""


def _unshifted(href: str) -> str:
    quoted = re.search(r"\(['\"]([^'\"]+)['\"]", unquote(href))
    for offset in range(-13, 14) if quoted else ():
        plain = "".join(_moved(char, offset) for char in quoted[1]) if quoted else ""
        if plain.startswith("mailto:"):
            return plain
    return ""


def _moved(char: str, offset: int) -> str:
    for first, last in _SHIFTED:
        if first <= ord(char) <= last:
            return chr((ord(char) - first + offset) % (last - first + 1) + first)
    return char


@lru_cache(maxsize=4096)
def _valid(written: str) -> str | None:
    address = written.strip().strip(".,;:<>\"'()").lower()
    name, _, domain = address.rpartition("@")
    if not name or len(address) > 254 or address.endswith(_FILE_ENDINGS):
        return None
    try:
        found = validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        return None
    return found if split_host(domain).suffix or domain.endswith(DEMONSTRATION) else None
