"""Does the page say who is behind it, and do others vouch for them?"""

import re
from urllib.parse import urlsplit

from leadgen_dagster.scoring.checks.absence import is_read_whole, pages_read
from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.checks.sight import is_seen
from leadgen_dagster.scoring.domains import SOCIAL_DOMAINS, social_network
from leadgen_dagster.scoring.page_view import Link, PageView, opening_tag, selector_of, snippet
from leadgen_dagster.scoring.site_pages import SitePages

_PRIVACY = (
    *("privacy", "datenschutz", "tietosuoja", "rekisteriseloste", "integritetspolicy", "personuppgift"),
    *(
        "confidentialit",
        "privacidad",
        "data protection",
        "data-protection",
        "dataprotection",
        "gdpr",
        "dsgvo",
    ),
    *(
        "dataskydd",
        "données personnelles",
        "données-personnelles",
        "donnees personnelles",
        "donnees-personnelles",
    ),
    *("protección de datos", "protección-de-datos", "proteccion de datos", "proteccion-de-datos"),
)
_IMPRINT = ("impressum", "imprint", "anbieterkennzeichnung", "legal notice", "offenlegung")
_IMPRINT_COUNTRIES = frozenset({"DE", "AT"})
_ABOUT = (
    *(
        "about",
        "über ",
        "ueber",
        "team",
        "meist",
        "yritys",
        "om oss",
        "om-oss",
        "propos",
        "sommes-nous",
        "nosotros",
    ),
    *(
        "our story",
        "our-story",
        "history",
        "geschichte",
        "philosoph",
        "historia",
        "who we are",
        "who-we-are",
        "wir",
    ),
    *("tarina", "histoire", "quienes", "quiénes", "staff", "meet ", "praxis", "familie", "family"),
)
_REVIEWS = (
    *(
        "review",
        "testimonial",
        "tripadvisor",
        "trustpilot",
        "yelp.",
        "bewertung",
        "rezension",
        "kundenstimmen",
    ),
    *(
        "arvostelu",
        "asiakaspalaut",
        "omdöme",
        "recension",
        "avis clients",
        "témoignage",
        "opiniones",
        "reseñas",
    ),
    *(
        "google.com/maps/place",
        "provenexpert",
        "jameda",
        "aggregaterating",
        "customers say",
        "kunden sagen",
        "★",
    ),
)
_TRACKERS = (
    *("google-analytics.com", "googletagmanager.com", "connect.facebook.net", "hotjar.com", "clarity.ms"),
    *("doubleclick.net", "matomo", "piwik", "analytics.tiktok", "snap.licdn", "fbevents.js"),
)
_CONSENT = (
    *(
        "cookie",
        "consent",
        "klaro",
        "borlabs",
        "usercentrics",
        "onetrust",
        "didomi",
        "tarteaucitron",
        "iubenda",
    ),
    *("complianz", "axeptio", "quantcast", "termly", "osano", "ccm19", "gdpr"),
)
_TEMPLATES_PROFILES_WORDS = """
    yourpage your-page your_page yourprofile your-profile yourusername your-username username yourname your-name
    yourcompany yourbusiness yoursite wix wixcom squarespace weebly jimdo godaddy envato themeforest wordpress
    wordpressdotcom elementor elementorcom elegantthemes example mysite page profile home.php templatemo colorlib
    bootstrapmade html5up webflow strikingly ionos
"""
_TEMPLATES_PROFILES = frozenset(_TEMPLATES_PROFILES_WORDS.split())
_NETWORK_SIGNS = {
    re.compile(rf"(?<![a-z]){name}(?![a-z])"): network
    for name, network in {
        "facebook(?:-f|-square|-official)?": "Facebook",
        "instagram": "Instagram",
        "twitter": "X",
        "linkedin(?:-in)?": "LinkedIn",
        "youtube": "YouTube",
        "pinterest": "Pinterest",
        "tiktok": "TikTok",
    }.items()
}
_SHARING = re.compile(r"shar(?:e|ing)|teilen|jaa|cookie|consent|like")


def privacy_page_missing(site: SitePages) -> Outcome:
    """A link that leads to one; the bare words are no page."""
    if any(word in page.lower_links for page in site.pages for word in _PRIVACY):
        return PASSED
    return Failed(where="links of the pages read", snippet="no link to a privacy policy")


def imprint_missing(site: SitePages) -> Outcome:
    """Who answers for the page, where the law of the land has it on every firm's."""
    if site.business.country not in _IMPRINT_COUNTRIES:
        return NOT_APPLICABLE
    if any(word in page.lower_links for page in site.pages for word in _IMPRINT):
        return PASSED
    if "impressum" in site.home.lower_text:
        return PASSED
    return Failed(where="links of the pages read", snippet="no link to an imprint")


def about_missing(site: SitePages) -> Outcome:
    """A page, or a part of this one, about the people."""
    home = site.home
    if any(word in page.lower_links for page in site.pages for word in _ABOUT):
        return PASSED
    if any(word in heading for heading in home.lower_headings for word in _ABOUT):
        return PASSED
    if not is_read_whole(site):
        return NOT_APPLICABLE
    return Failed(where=pages_read(site), snippet="no link and no heading about the people")


def reviews_missing(site: SitePages) -> Outcome:
    for page in site.pages:
        if any(word in page.lower_text or word in page.lower_links for word in _REVIEWS):
            return PASSED
    if not is_read_whole(site) or "aggregaterating" in site.home.lower_html:
        return NOT_APPLICABLE
    return Failed(where=pages_read(site), snippet="no review and no link to reviews")


def social_link_dead(site: SitePages) -> Outcome:
    """A sign of a network that leads to its front page, a template's profile or nowhere, and no other to a profile."""
    found = [(link, network) for link in site.home.links if (network := _network_of(link))]
    if not found:
        return NOT_APPLICABLE
    with_profile = {network for link, network in found if _profile(link.href)}
    for link, network in found:
        if network not in with_profile and _is_no_sharing(link) and is_seen(link.element.node):
            return Failed(
                where=selector_of(link.element),
                snippet=opening_tag(link.element),
                parameters={"network": network, "href": snippet(link.href)},
            )
    return PASSED


def _network_of(link: Link) -> str | None:
    if link.href.startswith("http"):
        return social_network(link.href) if any(mark in link.href for mark in _NETWORK_MARKS) else None
    return _sign_of(link) if link.href == "#" else None


_NETWORK_MARKS = tuple(domain.partition(".")[0] + "." for domain in SOCIAL_DOMAINS)


def _sign_of(link: Link) -> str | None:
    """The network whose sign a link bears, where nothing says that a script does something with it."""
    given = link.element.attributes
    if any(name.startswith(("on", "data-")) for name in given):
        return None
    icons = [node.attributes.get("class") or "" for node in link.element.node.css("i, span, svg")]
    words = " ".join((link.label, given.get("class") or "", given.get("title") or "", *icons)).lower()
    return next((network for sign, network in _NETWORK_SIGNS.items() if sign.search(words)), None)


def _profile(href: str) -> str | None:
    """The profile that a link leads to; None for a network's front page and for what stands in templates."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    first = parts.path.strip("/").partition("/")[0].lower()
    is_none = not first and not parts.query
    return None if is_none or first in _TEMPLATES_PROFILES else first or parts.query


def _is_no_sharing(link: Link) -> bool:
    given = link.element.attributes
    around = link.element.node.parent
    words = [link.href, link.label, given.get("class") or "", given.get("title") or ""]
    words += [around.attributes.get("class") or ""] if around is not None else []
    return "onclick" not in given and not _SHARING.search(" ".join(words).lower())


def tracking_without_consent(site: SitePages) -> Outcome:
    """Scripts that count visitors, and nothing on the page that asks them."""
    tracker = next((mark for mark in _TRACKERS if mark in site.home.lower_html), None)
    if tracker is None:
        return NOT_APPLICABLE
    if any(mark in site.home.lower_html for mark in _CONSENT):
        return PASSED
    return Failed(where="scripts of the page", snippet=tracker, parameters={"tracker": tracker})


def free_mail_address(site: SitePages) -> Outcome:
    """The firm writes from a free mailbox and not from its own name."""
    page, address = _written_address(site)
    if page is None:
        return NOT_APPLICABLE
    provider = address.rpartition("@")[2]
    if provider.partition(".")[0] not in _FREE_MAIL:
        return PASSED
    return Failed(
        where="a[href^='mailto:']", snippet=address, url=page.url, parameters={"provider": provider}
    )


def _written_address(site: SitePages) -> tuple[PageView | None, str]:
    for page in site.pages:
        for link in page.links if "mailto:" in page.lower_links else ():
            if link.href[:7].lower() == "mailto:" and "@" in link.href:
                return page, link.href[7:].partition("?")[0].strip().lower()
    return None, ""


_FREE_MAIL_WORDS = """
    gmail googlemail hotmail yahoo outlook live msn aol gmx web t-online freenet btinternet icloud me mail luukku
    kolumbus elisanet saunalahti suomi24 telia bredband orange wanadoo free laposte sfr telefonica
"""
_FREE_MAIL = frozenset(_FREE_MAIL_WORDS.split())
