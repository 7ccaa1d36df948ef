"""Does the page say who is behind it, and do others vouch for them?"""

import re

from leadgen_dagster.scoring.checks.absence import pages_read
from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.checks.sight import is_seen
from leadgen_dagster.scoring.lexicon import IN_LINKS, IN_SOURCES, IN_TEXT
from leadgen_dagster.scoring.page_view import Link, PageView, opening_tag, selector_of, snippet
from leadgen_dagster.scoring.site_pages import SitePages

_PRIVACY = IN_LINKS.words(
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
_IMPRINT = IN_LINKS.words("impressum", "imprint", "anbieterkennzeichnung", "legal notice", "offenlegung")
_IMPRINT_COUNTRIES = frozenset({"DE", "AT"})
_ABOUT = IN_LINKS.words(
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
_REVIEWS = IN_TEXT.words(
    *(
        "review",
        "testimonial",
        "bewertung",
        "rezension",
        "kundenstimm",
        "arvostelu",
        "asiakaspalaut",
        "omdöme",
    ),
    *("recension", "avis", "témoignage", "opinion", "reseña", "customers say", "kunden sagen", "★"),
)
_REVIEW_HOSTS = IN_LINKS.words(
    "tripadvisor",
    "trustpilot",
    "yelp.",
    "google.com/maps/place",
    "provenexpert",
    "jameda",
    "g.page",
)
_TRACKERS = IN_SOURCES.words(
    *("google-analytics.com", "googletagmanager.com", "connect.facebook.net", "hotjar.com", "clarity.ms"),
    *("doubleclick.net", "matomo", "piwik", "analytics.tiktok", "snap.licdn", "fbevents.js"),
)
_WRITTEN_TRACKERS = ("google-analytics.com", "googletagmanager.com", "connect.facebook.net")
_CONSENT = ("cookie", "consent", "gdpr")
_CONSENT_TOOLS = IN_SOURCES.words(
    *(
        "klaro",
        "borlabs",
        "usercentrics",
        "onetrust",
        "didomi",
        "tarteaucitron",
        "iubenda",
        "complianz",
        "axeptio",
    ),
    *("quantcast", "termly", "osano", "ccm19"),
)
_TEMPLATES_PROFILES_WORDS = """
    yourpage your-page your_page yourprofile your-profile yourusername your-username username yourname your-name
    yourcompany yourbusiness yoursite wix wixcom squarespace weebly jimdo godaddy envato themeforest wordpress
    wordpressdotcom elementor elementorcom elegantthemes example mysite page profile home.php templatemo colorlib
    bootstrapmade html5up webflow strikingly ionos
"""
_TEMPLATES_PROFILES = frozenset(_TEMPLATES_PROFILES_WORDS.split())
_NETWORKS = {
    "facebook": "Facebook",
    "instagram": "Instagram",
    "twitter": "X",
    "linkedin": "LinkedIn",
    "youtube": "YouTube",
    "pinterest": "Pinterest",
    "tiktok": "TikTok",
    "plus.google": "Google+",
}
_LINKED_NETWORKS = IN_LINKS.words(*_NETWORKS)
_PROFILE_LINK = re.compile(
    rf"https?://(?:www\.|[a-z]{{2}}\.|[a-z]{{2}}-[a-z]{{2}}\.)?({'|'.join(_NETWORKS)})\.com(?![\w.-])(\S*)"
)
_SIGN = re.compile(r"(?<![a-z])(facebook|instagram|twitter|linkedin|youtube|pinterest|tiktok)(?![a-z])")
_ICONS = frozenset({"i", "span", "svg"})
_SHARING = re.compile(r"shar(?:e|ing)|teilen|jaa|cookie|consent|like")


def privacy_page_missing(site: SitePages) -> Outcome:
    """A link that leads to one; the bare words are no page."""
    if any(page.link_words & _PRIVACY for page in site.pages):
        return PASSED
    return Failed(where="links of the pages read", snippet="no link to a privacy policy")


def imprint_missing(site: SitePages) -> Outcome:
    """Who answers for the page, where the law of the land has it on every firm's."""
    if site.business.country not in _IMPRINT_COUNTRIES:
        return NOT_APPLICABLE
    if any(page.link_words & _IMPRINT for page in site.pages):
        return PASSED
    if "impressum" in site.home.lower_text:
        return PASSED
    return Failed(where="links of the pages read", snippet="no link to an imprint")


def about_missing(site: SitePages) -> Outcome:
    """A page, or a part of this one, about the people."""
    home = site.home
    if not site.is_read_whole:
        return NOT_APPLICABLE
    if any(page.link_words & _ABOUT for page in site.pages):
        return PASSED
    if any(word in heading for heading in home.lower_headings for word in _ABOUT):
        return PASSED
    return Failed(where=pages_read(site), snippet="no link and no heading about the people")


def reviews_missing(site: SitePages) -> Outcome:
    if not site.is_read_whole:
        return NOT_APPLICABLE
    for page in site.pages:
        if page.text_words & _REVIEWS or page.link_words & _REVIEW_HOSTS:
            return PASSED
    if "aggregaterating" in site.home.lower_html:
        return PASSED
    return Failed(where=pages_read(site), snippet="no review and no link to reviews")


def social_link_dead(site: SitePages) -> Outcome:
    """A sign of a network that leads to its front page, a template's profile or nowhere, and no other to a profile."""
    page = site.home
    linked = _PROFILE_LINK.findall(page.lower_links) if page.link_words & _LINKED_NETWORKS else []
    with_profile = {name for name, path in linked if _is_profile(name, path)}
    has_signs = " #\n" in page.lower_links or page.lower_links.endswith(" #")
    signs = [link for link in page.links if link.href == "#"] if has_signs else []
    if not linked and not any(map(_sign_of, signs)):
        return NOT_APPLICABLE
    doubtful = page.links if any(name not in with_profile for name, _ in linked) else signs
    for link in doubtful:
        name = _linked_network(link)
        if name and name not in with_profile and _is_no_sharing(link) and is_seen(link.element.node):
            return Failed(
                where=selector_of(link.element),
                snippet=opening_tag(link.element),
                parameters={"network": _NETWORKS[name], "href": snippet(link.href)},
            )
    return PASSED


def _linked_network(link: Link) -> str | None:
    if link.href == "#":
        return _sign_of(link)
    match = _PROFILE_LINK.match(link.href.lower()) if link.href[0] in "hH" else None
    return match[1] if match else None


def _sign_of(link: Link) -> str | None:
    """The network whose sign a link bears, where nothing says that a script does something with it."""
    given = link.element.attributes
    if any(name.startswith(("on", "data-")) for name in given):
        return None
    parts = link.element.node.traverse()
    icons = [part.attributes.get("class") or "" for part in parts if part.tag in _ICONS]
    words = " ".join((link.label, given.get("class") or "", given.get("title") or "", *icons)).lower()
    match = _SIGN.search(words)
    return match[1] if match else None


def _is_profile(name: str, path: str) -> bool:
    """Whether it is none of a network's front page, of what stands in templates, and of a network that is no more."""
    page, _, inside = path.partition("#")
    first = page.partition("?")[0].strip("/").partition("/")[0] or inside.strip("/")
    return bool(first) and first not in _TEMPLATES_PROFILES and name != "plus.google"


def _is_no_sharing(link: Link) -> bool:
    given = link.element.attributes
    around = link.element.node.parent
    words = [link.href, link.label, given.get("class") or "", given.get("title") or ""]
    words += [around.attributes.get("class") or ""] if around is not None else []
    return "onclick" not in given and not _SHARING.search(" ".join(words).lower())


def tracking_without_consent(site: SitePages) -> Outcome:
    """Scripts that count visitors, and nothing on the page that asks them."""
    page = site.home
    tracker = min(page.source_words & _TRACKERS, default=None) or _written_tracker(page)
    if tracker is None:
        return NOT_APPLICABLE
    if page.source_words & _CONSENT_TOOLS or any(word in page.lower_html for word in _CONSENT):
        return PASSED
    return Failed(where="scripts of the page", snippet=tracker, parameters={"tracker": tracker})


def _written_tracker(page: PageView) -> str | None:
    return next(
        (mark for mark in _WRITTEN_TRACKERS if any(mark in script for script in page.script_texts)), None
    )


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
