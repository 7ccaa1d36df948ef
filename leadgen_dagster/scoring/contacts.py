"""Ways to reach a business, and what it says of itself, read off its stored pages.

The best one of a kind is chosen by this rule, the first difference deciding:

- an e-mail address: on the website's own domain before others; one for customers before those for applications,
  invoices or the press; a role (`info@`) before a person; on the contact page before the home page; the one that
  stands first.
- a phone number: the record's own before others; behind a link that dials, or marked as data, before plain text; on the
  contact page before the home page; the one that stands first.
- a profile or a form: the contact page's form before others, a form of the page's own before one of a service; the
  one that stands first.
- a name or hours: the one that stands first.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.normalise import registrable_domain
from leadgen_dagster.scoring.collector import no_search_for_cycles
from leadgen_dagster.scoring.contact_points import Contact, ContactKind
from leadgen_dagster.scoring.contact_rules import DEFAULT_RULES, ContactRules
from leadgen_dagster.scoring.domains import profile_of, social_network
from leadgen_dagster.scoring.emails import emails_on, has_other_duty, is_designers, is_role_address
from leadgen_dagster.scoring.forms import embedded_forms, forms_of
from leadgen_dagster.scoring.hidden import hidden_on
from leadgen_dagster.scoring.marked import marked_as, marked_items
from leadgen_dagster.scoring.marked_hours import marked_hours
from leadgen_dagster.scoring.page_view import PageView, opening_tag, snippet
from leadgen_dagster.scoring.phones import FoundPhone, phones_in
from leadgen_dagster.scoring.scores import WebsiteState
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.snapshots import PageKind, PageSnapshot
from leadgen_dagster.scoring.told_phones import told_phones
from leadgen_dagster.scoring.website_state import website_state

OWN_PAGES = frozenset({WebsiteState.OK, WebsiteState.UNDER_CONSTRUCTION, WebsiteState.SHELL})
"""States in which the page is surely the business's; a registrar's or another firm's addresses are nobody's lead."""

LONGEST_NAME = 120
_NO_NAME = re.compile(r"copyright|©|https?:|\{\{", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A contact with what decides between it and others of its kind; larger wins."""

    contact: Contact
    rank: tuple[bool, ...] = ()


@no_search_for_cycles()
def find_contacts(
    business: Business, snapshots: Sequence[PageSnapshot], rules: ContactRules = DEFAULT_RULES
) -> list[Contact]:
    """Every address, number, profile and form on the pages of a business's own website, each once."""
    home = next((one for one in snapshots if one.kind is PageKind.HOME), None)
    verdict, page = website_state(business, home.page if home else None)
    if page is None or verdict.state not in OWN_PAGES:
        return []
    return contacts_on(SitePages.of(business, page, snapshots), rules)


def contacts_on(site: SitePages, rules: ContactRules = DEFAULT_RULES) -> list[Contact]:
    """The same of pages that are known to be the business's own."""
    candidates = [*_emails(site, rules), *_phones(site), *_profiles(site), *_forms(site), *_told(site)]
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


def _emails(site: SitePages, rules: ContactRules) -> Iterator[_Candidate]:
    own_domain = registrable_domain(site.home.url)
    for page in site.pages:
        for found in emails_on(page, own_domain, rules):
            is_role = is_role_address(found.address, rules)
            contact = _contact(site, page, ContactKind.EMAIL, found.address, found.shown)
            is_own = registrable_domain(found.address.rpartition("@")[2]) == own_domain
            rank = (is_own, not has_other_duty(found.address, rules), is_role, page is not site.home)
            yield _Candidate(replace(contact, is_role_address=is_role), rank)


# ------------------------------------------------------------------------- phones


def _phones(site: SitePages) -> Iterator[_Candidate]:
    """A number that is only ever called a fax, or the web designer's, is none."""
    for page in site.pages:
        hidden = hidden_on(page)
        for found, shown in told_phones(page, site.business.country):
            yield _phone(site, page, found, shown, is_told=True)
        for found in phones_in(page.text, site.business.country):
            before = page.text[max(0, found.start - 90) : found.start].rpartition("\n")[2]
            if not is_designers(before) and not hidden.has_text(found.written):
                shown = page.text[max(0, found.start - 40) : found.start + len(found.written) + 20]
                yield _phone(site, page, found, shown, is_told=False)


def _phone(site: SitePages, page: PageView, found: FoundPhone, shown: str, *, is_told: bool) -> _Candidate:
    contact = _contact(site, page, ContactKind.PHONE, found.e164, shown)
    rank = (found.e164 == site.business.phone, is_told, page is not site.home)
    return _Candidate(replace(contact, is_mobile=found.is_mobile), rank)


# ------------------------------------------------------------------------- profiles, forms, names


def _profiles(site: SitePages) -> Iterator[_Candidate]:
    for page in site.pages:
        for link in page.links:
            if social_network(link.href) and (profile := profile_of(page.absolute(link.href))):
                yield _Candidate(
                    _contact(site, page, ContactKind.SOCIAL_PROFILE, profile, opening_tag(link.element))
                )
        for item in marked_items(page):
            for url in item.texts("sameAs") if item.is_firm else ():
                if profile := profile_of(url):
                    yield _Candidate(
                        _contact(site, page, ContactKind.SOCIAL_PROFILE, profile, marked_as("sameAs", url))
                    )


def _forms(site: SitePages) -> Iterator[_Candidate]:
    """Forms to write to the firm, of the page's own or of a service."""
    for page in site.pages:
        url, is_beside = page.url.partition("#")[0], page is not site.home
        for form in forms_of(page):
            if form.is_to_firm:
                contact = _contact(site, page, ContactKind.CONTACT_FORM, url, opening_tag(form.node))
                yield _Candidate(contact, (True, is_beside))
        for frame in embedded_forms(page):
            contact = _contact(site, page, ContactKind.CONTACT_FORM, url, opening_tag(frame))
            yield _Candidate(contact, (False, is_beside))


def _told(site: SitePages) -> Iterator[_Candidate]:
    """Names and hours that the page marks as data."""
    for page in site.pages:
        for item in marked_items(page):
            if not item.is_firm:
                continue
            for kind, key in ((ContactKind.NAME, "name"), (ContactKind.LEGAL_NAME, "legalName")):
                for name in item.texts(key):
                    if len(name) <= LONGEST_NAME and not _NO_NAME.match(name):
                        yield _Candidate(_contact(site, page, kind, name, marked_as(key, name)))
            if hours := marked_hours(item):
                shown = marked_as("openingHours", hours)
                yield _Candidate(_contact(site, page, ContactKind.OPENING_HOURS, hours, shown))
