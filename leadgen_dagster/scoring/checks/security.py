"""Does the browser trust the connection, and what is sent over it?"""

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborNode

from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.checks.sight import is_seen
from leadgen_dagster.scoring.page_view import Element, PageView, host_of, opening_tag, scheme_of, selector_of
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome

_EXPIRED = re.compile(r"expired(?:\D*(\d{4}-\d{2}-\d{2}))?", re.IGNORECASE)
_HEADERS = (
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "strict-transport-security",
)
_SOURCES = {"img": "src", "script": "src", "iframe": "src", "source": "src", "video": "src", "link": "href"}
_OTHER_SOURCES = ("source", "video", "link")
_OPEN_URL = re.compile(r"url\(\s*[\"']?(http://[^\"')\s]+)")
_FORBIDS = re.compile(r"return\s+false|preventdefault", re.IGNORECASE)
_UNWRITTEN_TYPES = frozenset({"hidden", "submit", "button", "reset", "image", "checkbox", "radio", "file"})
_PERSONAL_TYPES = frozenset({"email", "tel", "password"})
_PERSONAL = re.compile(r"mail|phone|tel|name|address|message|nachricht|viesti|puhelin|correo", re.IGNORECASE)

# php.net/supported-versions, httpd.apache.org (2.2 ended in 2017), learn.microsoft.com/lifecycle (IIS 8.5: 2023).
_OLD_SERVERS: Mapping[str, re.Pattern[str]] = {
    "x-powered-by": re.compile(r"PHP/(?:[4-7]|8\.0)\b[\d.]*|ASP\.NET 1|PleskWin", re.IGNORECASE),
    "server": re.compile(
        r"Apache/(?:1|2\.[0-2])\b[\d.]*|PHP/[4-7]\b[\d.]*|Microsoft-IIS/[5-8]\b[\d.]*|nginx/(?:0|1\.\d)\b[\d.]*"
        r"|OpenSSL/(?:0\.9|1\.0)[\w.]*",
        re.IGNORECASE,
    ),
}


def no_https(site: SitePages) -> Outcome:
    if site.is_https:
        return PASSED
    return Failed(where="address of the page", snippet=site.home.url)


def certificate_expired(site: SitePages) -> Outcome:
    """A page that came over https was proved by a valid certificate; an expired one never gets here."""
    return PASSED if site.is_https else NOT_APPLICABLE


def expired_certificate_of(page: FetchedPage) -> Failed | None:
    """The finding for a website that could not be opened because its certificate ran out."""
    match = _EXPIRED.search(page.error or "") if page.outcome is FetchOutcome.TLS_FAILURE else None
    if match is None:
        return None
    return Failed(
        where="certificate",
        snippet=page.error or "",
        url=page.final_url or page.url,
        parameters={"date": match[1] or "a day in the past"},
    )


def mixed_content(site: SitePages) -> Outcome:
    """Files fetched in the open; on a page that is itself sent so, those of other hosts."""
    page = site.home
    own_host = "" if site.is_https else host_of(page.url)
    # Most pages have no such picture, script or frame: one look at all their addresses says so.
    tags = _SOURCES if "http:" in page.lower_sources else _OTHER_SOURCES
    for element in page.elements(*tags):
        source = element.attributes.get(_SOURCES[element.tag])
        if not source or source[:5] not in ("http:", "HTTP:") or not source.lower().startswith("http://"):
            continue
        is_asked_for = element.tag != "link" or "stylesheet" in element.get("rel").lower()
        if is_asked_for and host_of(source) != own_host:
            return Failed(where=selector_of(element), snippet=opening_tag(element))
    for match in _OPEN_URL.finditer(page.style_sheet) if "http://" in page.style_sheet else ():
        if host_of(match[1]) != own_host:
            return Failed(where="style", snippet=match[0])
    return PASSED


def headers_missing(site: SitePages) -> Outcome:
    page = site.home.page
    if not page.headers:
        return NOT_APPLICABLE
    sent = {name for name, _ in page.headers}
    missing = [name for name in _HEADERS if name not in sent]
    if len(missing) * 2 <= len(_HEADERS):
        return PASSED
    return Failed(where="response headers", snippet=f"missing: {', '.join(missing)}")


def outdated_server(site: SitePages) -> Outcome:
    """Software whose makers mend it no more, by what the server says of itself."""
    told = [(name, value) for name in _OLD_SERVERS if (value := site.home.page.header(name))]
    if not told:
        return NOT_APPLICABLE
    for name, value in told:
        if match := _OLD_SERVERS[name].search(value):
            return Failed(where=f"header {name}", snippet=value, parameters={"software": match[0]})
    return PASSED


def paste_forbidden(site: SitePages) -> Outcome:
    """A field into which nothing may be pasted, though passwords and addresses are kept in managers."""
    fields = [field for field in site.home.elements("input") if field.get("type") not in _UNWRITTEN_TYPES]
    if not fields:
        return NOT_APPLICABLE
    for field in fields:
        if _FORBIDS.search(field.get("onpaste")):
            return Failed(where=selector_of(field), snippet=opening_tag(field))
    return PASSED


def form_over_http(site: SitePages) -> Outcome:
    """A form that asks for something personal and sends it unencrypted."""
    asked = [page for page in site.pages if _asks_for_something(page)]
    for page in asked:
        for form in page.elements("form"):
            if _is_sent_openly(page, form) and _is_personal(form.node) and is_seen(form.node):
                return Failed(
                    where=selector_of(form),
                    snippet=opening_tag(form),
                    url=page.url,
                    parameters={"url": page.url.partition("#")[0]},
                )
    return PASSED if asked else NOT_APPLICABLE


def _is_sent_openly(page: PageView, form: Element) -> bool:
    action = form.get("action") or page.url
    if ":" not in action and scheme_of(page.base_url) != "http":
        return False  # as almost every form's is; joining addresses takes longer
    return scheme_of(page.absolute(action)) == "http"


def _asks_for_something(page: PageView) -> bool:
    """Most pages have a search at most; its form needs no closer look."""
    return bool(page.all("form")) and (
        bool(page.all("textarea"))
        or any(field.get("type") in _PERSONAL_TYPES for field in page.elements("input"))
        or bool(_PERSONAL.search("\n".join([field.get("name") for field in page.elements("input")])))
    )


def _is_personal(form: LexborNode) -> bool:
    if form.css_first("textarea") is not None:
        return True
    return any(
        (kind := (field.attributes.get("type") or "text").lower()) in _PERSONAL_TYPES
        or (kind == "text" and _PERSONAL.search(_name(field)))
        for field in form.css("input")
    )


def _name(field: LexborNode) -> str:
    return f"{field.attributes.get('name') or ''} {field.attributes.get('id') or ''}"
