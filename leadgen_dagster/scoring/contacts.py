"""Ways to reach a business, read off its stored pages.

The best one of a kind is chosen by this rule, the first difference deciding:

- an e-mail address: on the website's own domain before others; a role (`info@`) before a person; on the contact
  page before the home page; the one that stands first.
- a phone number: the record's own before others; behind a `tel:` link before plain text; on the contact page before
  the home page; the one that stands first.
- a profile or a form: the one that stands first, the contact page's form before others.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from selectolax.lexbor import LexborNode

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.normalise import registrable_domain
from leadgen_dagster.scoring.contact_points import Contact, ContactKind
from leadgen_dagster.scoring.domains import social_network
from leadgen_dagster.scoring.emails import FoundEmail, emails_on, is_role_address
from leadgen_dagster.scoring.page_view import PageView, one_line, opening_tag, snippet
from leadgen_dagster.scoring.phones import FoundPhone, phones_in, read_phone
from leadgen_dagster.scoring.scores import WebsiteState
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.snapshots import PageKind, PageSnapshot
from leadgen_dagster.scoring.website_state import website_state

OWN_PAGES = frozenset({WebsiteState.OK, WebsiteState.UNDER_CONSTRUCTION, WebsiteState.SHELL})
"""States in which the page is surely the business's; a registrar's or another firm's addresses are nobody's lead."""

_FAX = re.compile(r"(?:fax|faksi)\W*$", re.IGNORECASE)
_SHARING = re.compile(
    r"shar(?:e|er|ing)\b|/intent/|/plugins/|/dialog/|/tr\?|/hashtag/|/watch|/embed/|/policies|/privacy",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A contact with what decides between it and others of its kind; larger wins."""

    contact: Contact
    rank: tuple[bool, ...]


def find_contacts(business: Business, snapshots: Sequence[PageSnapshot]) -> list[Contact]:
    """Every address, number, profile and form on the pages of a business's own website, each once."""
    home = next((one for one in snapshots if one.kind is PageKind.HOME), None)
    verdict, page = website_state(business, home.page if home else None)
    if page is None or verdict.state not in OWN_PAGES:
        return []
    site = SitePages.of(business, page, snapshots)
    candidates = [*_emails(site), *_phones(site), *_profiles(site), *_forms(site)]
    return [contact for kind in ContactKind for contact in _chosen(candidates, kind)]


def _chosen(candidates: Sequence[_Candidate], kind: ContactKind) -> list[Contact]:
    """One contact a value, by its best finding place; the best of all is marked."""
    best_place: dict[str, _Candidate] = {}
    for candidate in candidates:
        if candidate.contact.kind is kind:
            known = best_place.get(candidate.contact.value)
            if known is None or candidate.rank > known.rank:
                best_place[candidate.contact.value] = candidate
    if not best_place:
        return []
    best = max(best_place.values(), key=lambda candidate: candidate.rank)
    return [replace(one.contact, is_best=one is best) for one in best_place.values()]


def _contact(site: SitePages, page: PageView, kind: ContactKind, value: str, shown: str) -> Contact:
    business_id = site.business.id
    return Contact(
        id=str(uuid5(UUID(business_id), f"{kind.value}:{value}")),
        business_id=business_id,
        kind=kind,
        value=value,
        page_url=page.url,
        snippet=snippet(shown),
    )


def _emails(site: SitePages) -> Iterator[_Candidate]:
    own_domain = registrable_domain(site.home.url)
    for page in site.pages:
        for found in emails_on(page, own_domain):
            yield _email(site, page, found, own_domain)


def _email(site: SitePages, page: PageView, found: FoundEmail, own_domain: str) -> _Candidate:
    is_role = is_role_address(found.address)
    contact = _contact(site, page, ContactKind.EMAIL, found.address, found.shown)
    is_own = registrable_domain(found.address.rpartition("@")[2]) == own_domain
    return _Candidate(replace(contact, is_role_address=is_role), (is_own, is_role, page is not site.home))


def _phones(site: SitePages) -> Iterator[_Candidate]:
    for page in site.pages:
        for link in page.links:
            scheme, _, number = link.href.partition(":")
            if scheme.lower() == "tel" and (found := read_phone(number, site.business.country)):
                yield _phone(site, page, found, opening_tag(link.node), is_linked=True)
        for found in phones_in(page.text, site.business.country):
            before = page.text[max(0, found.start - 12) : found.start]
            if not _FAX.search(before):
                shown = page.text[max(0, found.start - 40) : found.start + len(found.written) + 20]
                yield _phone(site, page, found, shown, is_linked=False)


def _phone(site: SitePages, page: PageView, found: FoundPhone, shown: str, *, is_linked: bool) -> _Candidate:
    contact = _contact(site, page, ContactKind.PHONE, found.e164, shown)
    rank = (found.e164 == site.business.phone, is_linked, page is not site.home)
    return _Candidate(replace(contact, is_mobile=found.is_mobile), rank)


def _profiles(site: SitePages) -> Iterator[_Candidate]:
    for page in site.pages:
        for link in page.links:
            url = page.absolute(link.href)
            if social_network(url) and not _SHARING.search(url) and (profile := _profile_url(url)):
                yield _Candidate(
                    _contact(site, page, ContactKind.SOCIAL_PROFILE, profile, opening_tag(link.node)), ()
                )


def _profile_url(url: str) -> str | None:
    """Without what tracks or points inside; None for a network's front page."""
    bare = url.partition("#")[0].partition("?")[0].rstrip("/")
    if bare.endswith("profile.php"):
        bare = url.partition("#")[0].partition("&")[0]
    return bare if bare.count("/") >= 3 else None


def _forms(site: SitePages) -> Iterator[_Candidate]:
    for page in site.pages:
        for form in page.all("form"):
            if _is_contact_form(form):
                contact = _contact(
                    site, page, ContactKind.CONTACT_FORM, page.url.partition("#")[0], opening_tag(form)
                )
                yield _Candidate(contact, (page is not site.home,))


def _is_contact_form(form: LexborNode) -> bool:
    """A place for a message; a search, a log-in or a newsletter has none."""
    if form.css_first('input[type="password"]') is not None:
        return False
    return any("g-recaptcha" not in one_line(opening_tag(area)) for area in form.css("textarea"))
