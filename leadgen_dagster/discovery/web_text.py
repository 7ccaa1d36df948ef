"""Web addresses found in a text that a person or a program wrote: mended, but not yet read."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote, unquote_plus

MAX_TEXT = 4_000
"""So much of a text is looked at."""
MAX_ADDRESS = 2_000

_HREF = re.compile(r"""\bhref\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)
_MARKDOWN = re.compile(r"\]\(\s*<?([^)\s<>]+)")
_TAG = re.compile(r"<!--|</?[a-z][a-z0-9]*(?=[\s/>])[^<>]*>?", re.IGNORECASE)
_AMPERSAND = re.compile(r"&(?:amp;)+", re.IGNORECASE)
_SCHEME_SIGN = re.compile(r"(https?)\s*[:;](/{1,3})\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"[;|\s]+")
_AROUND = "<>\"'`()[]{},.:!*_\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a"
"""What stands around an address in a sentence; a slash may end one."""
_SCHEME = re.compile(r"(?:h+t+p+(s?)(?::[:;/\\]*|[/\\]*//+[:/\\]*))+", re.IGNORECASE)
"""`http://`, and what becomes of it: `http:///`, `https//:`, `http:/`, `htttp:\\`, twice in a row."""
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_WWW = re.compile(r"\A(?:www[,;:]+(?=[^/])|www\.{2,})", re.IGNORECASE)
_WWW_START = re.compile(r"www[.,;:]", re.IGNORECASE)
_UNSAFE_IN_HOST = re.compile(r"[,\\].*$")

TRACKING = re.compile(
    r"utm[_-].*|gclid|gclsrc|gad_.*|gbraid|wbraid|dclid|_gl|_ga|_ga_.*|srsltid|fbclid|fb_.*|igsh|igshid|msclkid"
    r"|ttclid|twclid|yclid|ysclid|y_source|li_fat_id|lipi|rdt_cid|epik|scid|mc_[ce]id|mkt_tok|_hs.*|hsa_.*"
    r"|hsctatracking|trk|trk_.*|trkinfo|trackingid|wickedid|_kx|vero_id|oly_(?:anon|enc)_id|dm_i|pk_.*|mtm_.*"
    r"|matomo_.*|ref|ref_src|ref_url|sca_esv|sxsrf|ved|usg|hl",
    re.IGNORECASE,
)
"""Names of query parameters that say where a visitor comes from, and nothing of the page."""


def without_hidden_signs(text: str) -> str:
    """Without control and format characters: marks of writing direction, zero-width spaces, lone surrogates."""
    if text.isprintable():
        return text
    return "".join(char for char in text if char.isspace() or unicodedata.category(char)[0] != "C")


def addresses_in(text: str) -> Iterator[str]:
    """What may be web addresses, in the order of the text, each with `http://` or `https://` before it.

    The first word need not look like one; a later one has to begin like an address, for a full stop without a space
    behind it stands in many a sentence.
    """
    if "\0" in text:
        return
    shown = without_hidden_signs(_AMPERSAND.sub("&", text[:MAX_TEXT]))
    linked = [_BETWEEN.split(found)[0] for found in (*_HREF.findall(shown), *_MARKDOWN.findall(shown))]
    words = _BETWEEN.split(_TAG.sub(" ", _SCHEME_SIGN.sub(r"\1:\2", shown)).strip())
    for index, word in enumerate((*linked, *words)):
        bare = _without_ending(word.lstrip(_AROUND).lstrip("/=+-@"))
        if 0 < len(bare) <= MAX_ADDRESS and (index == 0 or _SCHEME.match(bare) or _WWW_START.match(bare)):
            yield _mended(bare)


def _mended(word: str) -> str:
    """The address with one sound scheme; another scheme than the web's is left for the reader to refuse."""
    scheme = _SCHEME.match(word)
    rest = word[scheme.end() :] if scheme else word
    if scheme is None and "://" in word and _OTHER_SCHEME.match(word):
        return word
    host, slash, path = _WWW.sub("www.", rest).partition("/")
    host = _UNSAFE_IN_HOST.sub("", host)
    return f"http{(scheme[1] or '').lower() if scheme else ''}://{host}{slash}{path}"


def _without_ending(text: str) -> str:
    """Without the sentence's marks behind it; a bracket that the address itself opens is its own."""
    bare = text.rstrip(_AROUND)
    closes = text[len(bare) :].startswith(")") and bare.count("(") > bare.count(")")
    return f"{bare})" if closes else bare


def clean_ending(path: str, query: str) -> tuple[str, str]:
    """Path and query without tracking, with everything escaped that an address may not hold, and a sound end.

    What is escaped already stays as it is.
    """
    before = None
    while query != before:
        before = query
        kept = (part for part in query.split("&") if part and not _is_tracking(part))
        query = _without_ending(quote("&".join(kept), safe="/%:@!$&'()*+,;=-._~?"))
    path = quote(path, safe="/%:@!$&'()*+,;=-._~")
    return (path if query else _without_ending(path)) or "/", query


def _is_tracking(part: str) -> bool:
    return TRACKING.fullmatch(unquote_plus(part.partition("=")[0])) is not None
