"""What a robots.txt says to one crawler: RFC 9309, read byte for byte as Google's open-source parser reads it.

Where the two differ, the stricter one counts: an encoded path also refuses its decoded spelling, and never
allows it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_BYTES = 500 * 1024
"""RFC 9309, 2.5: at least so much is read; the rest may be passed over."""
MAX_LINE_BYTES = 2083 * 8 - 1
"""Of a longer line, the rest is passed over."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_WHITESPACE = " \t\v\f"
_LINE = re.compile(rb"[^\r\n]+")
_FORGOTTEN_COLON = re.compile(r"([^ \t]+)[ \t]+([^ \t]+)")
_USER_AGENT = re.compile(r"user-agent|useragent|user agent", re.IGNORECASE)
_ALLOW = re.compile(r"allow", re.IGNORECASE)
_DISALLOW = re.compile(r"disallow|dissallow|dissalow|disalow|diasllow|disallaw", re.IGNORECASE)
_CRAWL_DELAY = re.compile(r"crawl-delay", re.IGNORECASE)
_EVERYONE = re.compile(rf"\*(?:[{_WHITESPACE}]|$)")
_BEYOND_A_NAME = re.compile(r"[^A-Za-z_-]")
_INDEX_PAGE = re.compile(r"(.*/)index\.htm[^/]*")
_SECONDS = re.compile(r"\d+(?:\.\d+)?|\.\d+")

_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_ESCAPED_UNRESERVED = re.compile(r"%(?:2[DE]|3\d|[46][1-9A-F]|[57][0-9A]|5F|7E)")
"""RFC 3986, 2.3: characters that are the same encoded and plain."""
_BEYOND_ASCII = re.compile(r"[\x80-\xff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRules:
    """The rules of the groups that speak to one product."""

    allowed: tuple[str, ...] = ()
    """Path patterns with `*` and a last `$`, as in the file but with bytes beyond ASCII encoded."""
    disallowed: tuple[str, ...] = ()
    crawl_delay_s: float = 0.0

    def allows(self, target: str) -> bool:
        """Whether the path and query of a URL, encoded as they are sent, may be asked for.

        The longest pattern wins, an allowing one where two are as long.
        """
        plain = _plainly_spelled(target)
        refused = (
            pattern
            for pattern in self.disallowed
            if _matches(pattern, target) or _matches(_plainly_spelled(pattern), plain)
        )
        longest_refused = max(map(len, refused), default=0)
        if not longest_refused:
            return True
        return any(len(rule) >= longest_refused and _matches(rule, target) for rule in self._as_read(target))

    def _as_read(self, target: str) -> Iterator[str]:
        """What is allowed; a folder's index page stands for the folder, unless it is that page that is asked for."""
        for pattern in self.allowed:
            index_page = _INDEX_PAGE.fullmatch(pattern)
            yield f"{index_page[1]}$" if index_page and not _matches(pattern, target) else pattern


def product_token(user_agent: str) -> str:
    """The name in a user agent that robots.txt speaks to, e.g. `leadgen_dagster`."""
    return _BEYOND_A_NAME.split(user_agent.strip(_WHITESPACE), maxsplit=1)[0]


def parse_rules(body: bytes, product: str) -> RobotsRules:
    """Reads a robots.txt for one product; lines that make no sense are passed over.

    Groups for one product are one group; those for everyone count where none names the product.
    """
    ours, everyones = _Group(), _Group()
    is_ours = is_everyones = has_rules = False
    for key, value in _records(body):
        if _USER_AGENT.match(key):
            if has_rules:
                is_ours = is_everyones = has_rules = False
            if _EVERYONE.match(value):
                is_everyones = True
            elif product_token(value).lower() == product.lower():
                is_ours = ours.is_named = True
            continue
        # A rule behind both names is the product's; other records neither begin a group nor end one.
        group = ours if is_ours else everyones if is_everyones else None
        has_rules |= _is_rule(key)
        if group:
            group.take(key, value)
    return (ours if ours.is_named else everyones).rules()


class _Group:
    """The rules that were gathered for one name."""

    def __init__(self) -> None:
        self.is_named = False
        self._allowed: list[str] = []
        self._disallowed: list[str] = []
        self._delay_s = 0.0

    def take(self, key: str, value: str) -> None:
        if _ALLOW.match(key):
            self._allowed.append(_encoded(value))
        elif _DISALLOW.match(key):
            self._disallowed.append(_encoded(value))
        elif _CRAWL_DELAY.match(key):
            seconds = _SECONDS.match(value)
            self._delay_s = max(self._delay_s, float(seconds[0]) if seconds else 0.0)

    def rules(self) -> RobotsRules:
        return RobotsRules(
            allowed=tuple(dict.fromkeys(self._allowed)),
            disallowed=tuple(dict.fromkeys(self._disallowed)),
            crawl_delay_s=self._delay_s,
        )


def _is_rule(key: str) -> bool:
    return bool(_ALLOW.match(key) or _DISALLOW.match(key))


def _records(body: bytes) -> Iterator[tuple[str, str]]:
    """Key and value of every line that has them, as latin-1, so that a character is a byte."""
    for line in _LINE.findall(_within_the_cap(body).removeprefix(BYTE_ORDER_MARK)):
        text = line[:MAX_LINE_BYTES].partition(b"\0")[0].partition(b"#")[0].decode("latin-1")
        text = text.strip(_WHITESPACE)
        key, colon, value = text.partition(":")
        if not colon:
            forgotten = _FORGOTTEN_COLON.fullmatch(text)
            if not forgotten:
                continue
            key, value = forgotten.groups()
        key = key.strip(_WHITESPACE)
        if key:
            yield key, value.strip(_WHITESPACE)


def _within_the_cap(body: bytes) -> bytes:
    """Half a line may say the opposite of the whole one: the file is cut at the end of a line."""
    if len(body) <= MAX_BYTES:
        return body
    kept = body[:MAX_BYTES]
    return kept[: max(kept.rfind(b"\n"), kept.rfind(b"\r"), 0)]


def _encoded(pattern: str) -> str:
    upper = _ESCAPE.sub(lambda found: found[0].upper(), pattern)
    return _BEYOND_ASCII.sub(lambda found: f"%{ord(found[0]):02X}", upper)


def _plainly_spelled(text: str) -> str:
    if "%" not in text:
        return text
    upper = _ESCAPE.sub(lambda found: found[0].upper(), text)
    return _ESCAPED_UNRESERVED.sub(lambda found: chr(int(found[0][1:], 16)), upper)


def _matches(pattern: str, target: str) -> bool:
    """Whether the target begins with the pattern; in time that grows with both, whatever the pattern."""
    is_to_the_end = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    at = len(first)
    if not others:
        return at == len(target) or not is_to_the_end
    *inner, last = others
    for part in inner:
        at = target.find(part, at)
        if at < 0:
            return False
        at += len(part)
    if is_to_the_end:
        return len(target) - len(last) >= at and target.endswith(last)
    return target.find(last, at) >= 0
