"""Does the browser trust the connection, and what is sent over it?"""

import re

from selectolax.lexbor import LexborNode

from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.page_view import PageView, opening_tag, scheme_of, selector_of
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
_PERSONAL = re.compile(r"mail|phone|tel|name|address|message|nachricht|viesti|puhelin|correo", re.IGNORECASE)


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
    if not site.is_https:
        return NOT_APPLICABLE
    for node in site.home.all(*_SOURCES):
        attributes = node.attributes
        if node.tag == "link" and "stylesheet" not in (attributes.get("rel") or "").lower():
            continue
        if (attributes.get(_SOURCES[node.tag or ""]) or "").strip().lower().startswith("http://"):
            return Failed(where=selector_of(node), snippet=opening_tag(node))
    return PASSED


def headers_missing(site: SitePages) -> Outcome:
    page = site.home.page
    if not page.headers:
        return NOT_APPLICABLE
    missing = [name for name in _HEADERS if page.header(name) is None]
    if len(missing) * 2 <= len(_HEADERS):
        return PASSED
    return Failed(where="response headers", snippet=f"missing: {', '.join(missing)}")


def form_over_http(site: SitePages) -> Outcome:
    """A form that asks for something personal and sends it unencrypted."""
    asked = [(page, form) for page in site.pages for form in page.all("form") if _is_personal(form)]
    if not asked:
        return NOT_APPLICABLE
    for page, form in asked:
        target = page.absolute(form.attributes.get("action") or page.url)
        if scheme_of(target) == "http":
            return Failed(
                where=selector_of(form),
                snippet=opening_tag(form),
                url=page.url,
                parameters={"url": _bare(page)},
            )
    return PASSED


def _is_personal(form: LexborNode) -> bool:
    if form.css_first("textarea") is not None:
        return True
    return any(
        (field.attributes.get("type") or "text").lower() in {"email", "tel", "password"}
        or ((field.attributes.get("type") or "text").lower() == "text" and _PERSONAL.search(_name(field)))
        for field in form.css("input")
    )


def _name(field: LexborNode) -> str:
    return f"{field.attributes.get('name') or ''} {field.attributes.get('id') or ''}"


def _bare(page: PageView) -> str:
    return page.url.partition("#")[0]
