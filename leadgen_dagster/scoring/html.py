"""HTML bytes to text, the way a browser would read them."""

import codecs
import re

from leadgen_dagster.scoring.snapshots import FetchedPage

PRESCAN_BYTES = 4096
"""How far into the page a `<meta charset>` is looked for; browsers look at 1024 bytes, then go on."""

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})

# Labels as the WHATWG Encoding Standard reads them: what calls itself Latin-1 or ASCII is windows-1252.
# Python's own codec lookup would also accept `utf-7`, `rot13` or `unicode_escape`, which no browser does.
ENCODINGS = {
    label: codec
    for codec, labels in {
        "utf-8": "utf-8 utf8 unicode-1-1-utf-8 x-unicode20utf8",
        "utf-16-le": "utf-16 utf-16le unicode ucs-2 csunicode iso-10646-ucs-2",
        "utf-16-be": "utf-16be unicodefffe",
        "cp1252": "windows-1252 cp1252 x-cp1252 iso-8859-1 iso8859-1 iso88591 iso_8859-1 latin1 latin-1 l1 "
        "us-ascii ascii ansi_x3.4-1968 cp819 ibm819",
        "cp1250": "windows-1250 cp1250 x-cp1250",
        "cp1251": "windows-1251 cp1251 x-cp1251",
        "cp1253": "windows-1253 cp1253 x-cp1253",
        "cp1254": "windows-1254 cp1254 x-cp1254 iso-8859-9 iso8859-9 latin5 l5",
        "cp1255": "windows-1255 cp1255 x-cp1255",
        "cp1256": "windows-1256 cp1256 x-cp1256",
        "cp1257": "windows-1257 cp1257 x-cp1257",
        "cp1258": "windows-1258 cp1258 x-cp1258",
        "iso8859-2": "iso-8859-2 iso8859-2 iso88592 latin2 l2",
        "iso8859-3": "iso-8859-3 iso8859-3 latin3 l3",
        "iso8859-4": "iso-8859-4 iso8859-4 latin4 l4",
        "iso8859-5": "iso-8859-5 iso8859-5 cyrillic",
        "iso8859-6": "iso-8859-6 iso8859-6 arabic",
        "iso8859-7": "iso-8859-7 iso8859-7 greek",
        "iso8859-8": "iso-8859-8 iso8859-8 iso-8859-8-i hebrew logical",
        "iso8859-10": "iso-8859-10 iso8859-10 latin6 l6",
        "iso8859-13": "iso-8859-13 iso8859-13",
        "iso8859-14": "iso-8859-14 iso8859-14",
        "iso8859-15": "iso-8859-15 iso8859-15 iso885915 l9",
        "iso8859-16": "iso-8859-16",
        "koi8-r": "koi8-r koi8 koi koi8_r",
        "koi8-u": "koi8-u koi8-ru",
        "mac-roman": "macintosh mac x-mac-roman",
        "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
        "cp866": "ibm866 866 cp866",
        "cp874": "windows-874 tis-620 iso-8859-11 iso8859-11 dos-874",
        "gb18030": "gb18030 gbk gb2312 gb_2312-80 x-gbk chinese",
        "big5hkscs": "big5 big5-hkscs cn-big5 x-x-big5",
        "cp932": "shift_jis shift-jis sjis x-sjis windows-31j ms932 ms_kanji",
        "euc_jp": "euc-jp x-euc-jp",
        "iso2022_jp": "iso-2022-jp csiso2022jp",
        "cp949": "euc-kr windows-949 ks_c_5601-1987 korean ksc5601",
    }.items()
    for label in labels.split()
}

_REPLACED = "\ufffd"
"""Stands where bytes could not be read."""
_META_TAG = re.compile(rb"<meta[\s/][^>]*", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';/>]+)", re.IGNORECASE)


def decode_html(page: FetchedPage) -> str:
    """The text of a page's body: by byte order mark, header, `<meta>`, and else UTF-8 or windows-1252."""
    return read_html(page)[0]


def read_html(page: FetchedPage) -> tuple[str, bytes]:
    """The same, and as UTF-8 beside it: most bodies are that already, and need not be written again to be parsed."""
    body, encoding = _as_declared(page)
    try:
        html = body.decode(encoding or "utf-8", "replace" if encoding else "strict")
    except UnicodeDecodeError:
        html, encoding = body.decode("cp1252", "replace"), "cp1252"
    if encoding in (None, "utf-8") and _REPLACED not in html:
        return html, body
    return html, html.encode()


def _as_declared(page: FetchedPage) -> tuple[bytes, str | None]:
    """The body without its byte order mark, and the encoding that is declared for it."""
    body = page.body or b""
    for mark, codec in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body[len(mark) :], codec
    return body, _encoding_in(page.header("content-type") or "") or _meta_encoding(body)


def is_html(page: FetchedPage) -> bool:
    """Whether a browser would show the body as a web page; without a content type the first bytes say."""
    content_type = (page.header("content-type") or "").partition(";")[0].strip().lower()
    if content_type:
        return content_type in HTML_TYPES
    return (page.body or b"").lstrip(b"\xef\xbb\xbf \t\r\n\f")[:1] == b"<"


def _encoding_in(text: str) -> str | None:
    match = _CHARSET.search(text)
    return ENCODINGS.get(match[1].lower()) if match else None


def _meta_encoding(body: bytes) -> str | None:
    head = _COMMENT.sub(b"", body[:PRESCAN_BYTES])
    for tag in _META_TAG.finditer(head):
        codec = _encoding_in(tag[0].decode("latin-1"))
        if codec:
            # A meta tag that could be read as ASCII cannot be in UTF-16: browsers take UTF-8 then.
            return "utf-8" if codec.startswith("utf-16") else codec
    return None
