"""What became of the attempt to look at a business's website.

A state other than `ok` is no fault of the site: it says that there was nothing to score, and why. A page is only
called parked, under construction or a shell where next to nothing else stands on it.
"""

import re
from dataclasses import dataclass, replace

from leadgen_dagster.discovery.businesses import Business, WebsiteOrigin
from leadgen_dagster.discovery.normalise import registrable_domain
from leadgen_dagster.scoring.domains import is_same_site, social_network
from leadgen_dagster.scoring.html import is_html
from leadgen_dagster.scoring.lexicon import IN_TEXT
from leadgen_dagster.scoring.page_view import PageView
from leadgen_dagster.scoring.phones import phones_in, read_phone
from leadgen_dagster.scoring.scores import WebsiteState
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome

PARKED_TEXT = 2_500
"""Longer than any parking page that is not mostly advertisements."""
CONSTRUCTION_TEXT = 900
CONSTRUCTION_LINKS = 6
BARE_TEXT = 300
SHELL_TEXT = 150
CAPTCHA_TEXT = 1_000

_PARKED = re.compile(
    r"(?:this|the) (?:web ?site|domain|domain name|web address) (?:name )?[^.\n]{0,60}(?:is|may be|"
    r"could be) (?:listed )?for sale|"
    r"(?:buy|purchase|inquire about|enquire about|make an offer (?:on|for)) this domain|"
    r"domain (?:name )?(?:is )?for sale|"
    r"(?:domain|page|site) (?:name )?(?:is|has been|was) (?:parked|registered (?:at|by|with|through|"
    r"via))|parked (?:free|domain|page)|"
    r"domain parking|sedoparking|hugedomains|domain (?:has|name has) expired|this domain (?:has )?expired|"
    r"diese (?:domain|webadresse|internetadresse)[^.\n]{0,60}(?:zum verkauf|zu verkaufen|geparkt|"
    r"registriert)|domain (?:kaufen|erwerben)|"
    r"verkkotunnus[^.\n]{0,40}(?:myytävänä|myynnissä|pysäköity)|domän[^.\n]{0,40}till salu|"
    r"(?:domaine|nom de domaine)[^.\n]{0,40}à vendre|dominio[^.\n]{0,40}(?:en venta|a la venta)",
    re.IGNORECASE,
)
_PARKED_HINTS = IN_TEXT.words(
    *("domain", "domän", "dominio", "verkkotunnus", "webadresse", "internetadresse"),
    *("for sale", "parked", "parking", "registered"),
)
"""One of them stands in whatever the pattern finds; nearly every page is passed over without it."""
_CONSTRUCTION = re.compile(
    r"coming (?:very )?soon|under construction|opening soon online|launching soon|"
    r"(?:web)?site is being (?:built|rebuilt|updated)|"
    r"(?:new )?(?:web)?site (?:is )?on its way|we are working on (?:our|the|a) (?:new )?(?:web ?)?site|"
    r"maintenance mode|"
    r"down for maintenance|under maintenance|im aufbau|in (?:arbeit|bearbeitung|vorbereitung|wartung)|"
    r"wartungsmodus|"
    r"hier entsteht|demnächst|baustelle|in kürze|työn alla|rakenteilla|tulossa pian|avataan pian|"
    r"under uppbyggnad|under konstruktion|kommer snart|en construction|bientôt|en construcción|"
    r"próximamente",
    re.IGNORECASE,
)
_DEFAULT_PAGE = re.compile(
    r"apache2? (?:\w+ )?default page|welcome to nginx|it works!|test page for the apache|"
    r"iis windows server|plesk default|"
    r"default web ?site page|future home of|index of /|web server's default page|"
    r"site not (?:yet )?(?:found|published)",
    re.IGNORECASE,
)
_CAPTCHA = re.compile(
    r"captcha|are you (?:a )?(?:human|robot)|verify (?:that )?you(?:'re| are)|checking your browser|"
    r"just a moment|"
    r"unusual traffic|attention required|security check|sicherheitsüberprüfung|kein roboter",
    re.IGNORECASE,
)
_CAPTCHA_MARKS = ("captcha", "cf-challenge", "challenge-platform", "_incapsula_", "px-captcha", "ddos-guard")
_ROOTS_WORDS = """
    root app __next ___gatsby __nuxt q-app svelte main-app react-root
"""
_NO_SIZES = frozenset({"0", "0%", "1"})
FEWEST_FRAMES = 2
_ROOTS = frozenset(_ROOTS_WORDS.split())

_FAILURES = {
    FetchOutcome.DNS_FAILURE: (
        WebsiteState.UNREACHABLE,
        "dns",
        "The name of the website could not be resolved.",
    ),
    FetchOutcome.TLS_FAILURE: (
        WebsiteState.UNREACHABLE,
        "tls",
        "No encrypted connection to the website was possible.",
    ),
    FetchOutcome.TIMEOUT: (WebsiteState.UNREACHABLE, "timeout", "The website did not answer in time."),
    FetchOutcome.CONNECTION_FAILURE: (
        WebsiteState.UNREACHABLE,
        "connection",
        "No connection to the website was possible.",
    ),
    FetchOutcome.ADDRESS_DENIED: (
        WebsiteState.UNREACHABLE,
        "address",
        "The website's name leads to an address that is no public website.",
    ),
    FetchOutcome.TOO_MANY_REDIRECTS: (
        WebsiteState.UNREACHABLE,
        "redirects",
        "The website redirects without end.",
    ),
    FetchOutcome.BAD_URL: (
        WebsiteState.UNREACHABLE,
        "bad_url",
        "The address in the record is no address of a website.",
    ),
    FetchOutcome.ROBOTS_DENIED: (
        WebsiteState.BLOCKED,
        "robots",
        "The website asks programs not to read it, so it was not looked at.",
    ),
    FetchOutcome.TOO_LARGE: (WebsiteState.TOO_LARGE, None, "The home page is larger than what is read."),
    FetchOutcome.BAD_ENCODING: (
        WebsiteState.NOT_HTML,
        "encoding",
        "The home page came in an encoding that is not read.",
    ),
}


# A name that does not resolve is not among them: a resolver that failed and a name that is nobody's look alike,
# and neither is a redirect elsewhere: a firm that moved to a new domain often keeps its mail at the old one.
_LOOKED_AT = frozenset(
    {
        WebsiteState.OK,
        WebsiteState.PARKED,
        WebsiteState.UNDER_CONSTRUCTION,
        WebsiteState.SOCIAL_ONLY,
        WebsiteState.NOT_FOUND,
    }
)
"""States of a guessed website after which "I could not find a website" is true."""


_GUESSED_FROM = {
    WebsiteOrigin.EMAIL_DOMAIN: ("its e-mail address", "domain of the e-mail address"),
    WebsiteOrigin.SIBLING: ("another place of its name", "website of another place of its name"),
}
"""Origins of a website that a page has to confirm, and what a sentence says of them."""


@dataclass(frozen=True, slots=True)
class StateVerdict:
    state: WebsiteState
    cause: str | None
    reason: str
    """A sentence a person understands."""


def website_state(business: Business, page: FetchedPage | None) -> tuple[StateVerdict, PageView | None]:
    """The state of a business's website by the fetch of its home page; the parsed page where there is one."""
    if business.website is None:
        return _without_website(business), None
    if page is None:
        return StateVerdict(
            WebsiteState.UNREACHABLE, "not_fetched", "The website has not been asked for."
        ), None
    verdict, view = _state_of_page(business.website, page)
    if guessed := _GUESSED_FROM.get(business.website_origin or WebsiteOrigin.RECORD):
        return _of_guess(business, verdict, view, *guessed)
    return verdict, view


def _of_guess(
    business: Business, verdict: StateVerdict, view: PageView | None, guessed_from: str, what: str
) -> tuple[StateVerdict, PageView | None]:
    """What a website that was only guessed comes to: the business's own, none known, or not looked at."""
    if verdict.state not in _LOOKED_AT:
        looked = verdict.reason[0].lower() + verdict.reason[1:]
        return replace(verdict, reason=f"A website is only guessed, from {guessed_from}; {looked}"), view
    if _is_confirmed(business, verdict, view):
        return verdict, view
    cause = "unconfirmed" if verdict.state is WebsiteState.OK else verdict.state.value
    return StateVerdict(
        WebsiteState.WEBSITE_UNKNOWN,
        cause,
        f"No website is known; the {what} shows nothing that is surely this business's.",
    ), None


def _without_website(business: Business) -> StateVerdict:
    if business.social_profiles:
        network = social_network(business.social_profiles[0]) or "another site"
        return StateVerdict(
            WebsiteState.SOCIAL_ONLY,
            None,
            f"The sources name a profile on {network} and no website of its own.",
        )
    return StateVerdict(WebsiteState.WEBSITE_UNKNOWN, None, "No website could be found in the sources.")


def _state_of_page(website: str, page: FetchedPage) -> tuple[StateVerdict, PageView | None]:
    if page.outcome is not FetchOutcome.FETCHED:
        state, cause, reason = _FAILURES[page.outcome]
        detail = f" ({page.error})" if page.error else ""
        return StateVerdict(state, cause, f"{reason[:-1]}{detail}."), None
    verdict = _by_address(website, page.final_url or page.url) or _by_status(page)
    if verdict:
        return verdict, None
    if not page.body:
        return StateVerdict(WebsiteState.SHELL, "empty", "The home page is empty."), None
    if not is_html(page):
        return StateVerdict(
            WebsiteState.NOT_HTML, None, "The address leads to a file that is no web page."
        ), None
    view = PageView(page)
    return _by_content(view), view


def _by_address(website: str, final_url: str) -> StateVerdict | None:
    if is_same_site(website, final_url):
        return None
    if network := social_network(final_url):
        return StateVerdict(WebsiteState.SOCIAL_ONLY, None, f"The address leads to a profile on {network}.")
    return StateVerdict(
        WebsiteState.OTHER_DOMAIN,
        None,
        f"The address leads to another domain, {registrable_domain(final_url)}.",
    )


def _by_status(page: FetchedPage) -> StateVerdict | None:
    status = page.status or 0
    if 200 <= status < 300:
        return None
    body = (page.body or b"")[:20_000].decode("latin-1").lower()
    if status in {401, 403, 405, 406, 429, 503} and any(mark in body for mark in _CAPTCHA_MARKS):
        return StateVerdict(
            WebsiteState.BLOCKED,
            "captcha",
            "The website shows a captcha first, so it could not be looked at.",
        )
    if status in {404, 410}:
        return StateVerdict(
            WebsiteState.NOT_FOUND, str(status), f"The home page is not there (status {status})."
        )
    if 400 <= status < 500:
        return StateVerdict(
            WebsiteState.BLOCKED, "forbidden", f"The website refused the request (status {status})."
        )
    if status >= 500:
        return StateVerdict(
            WebsiteState.UNREACHABLE, "server_error", f"The server answered with an error (status {status})."
        )
    return StateVerdict(
        WebsiteState.UNREACHABLE, "redirects", f"The website answered with status {status} and no page."
    )


def _by_content(page: PageView) -> StateVerdict:
    text = page.text
    length = len(text)
    if length < CAPTCHA_TEXT and _has_captcha(page) and _CAPTCHA.search(f"{page.title}\n{text}"):
        return StateVerdict(
            WebsiteState.BLOCKED,
            "captcha",
            "The website shows a captcha first, so it could not be looked at.",
        )
    if length < PARKED_TEXT and _says_parked(page):
        return StateVerdict(
            WebsiteState.PARKED, None, "The domain shows a placeholder of a registrar, for sale or parked."
        )
    if _is_under_construction(page):
        return StateVerdict(
            WebsiteState.UNDER_CONSTRUCTION,
            None,
            "The website shows only that it is coming or being worked on.",
        )
    return _shell(page) or StateVerdict(WebsiteState.OK, None, "The website was looked at.")


def _says_parked(page: PageView) -> bool:
    hints = page.text_words & _PARKED_HINTS or IN_TEXT.found_in(page.title.lower()) & _PARKED_HINTS
    return bool(hints) and _PARKED.search(f"{page.title}\n{page.text}") is not None


def _has_captcha(page: PageView) -> bool:
    return any(mark in page.lower_html for mark in _CAPTCHA_MARKS)


def _is_under_construction(page: PageView) -> bool:
    """The words stand where a page says what it is, in its title or main heading, or alone; and little else is there.

    Below a heading of their own they are about a part of the page: a gallery to come is no website to come.
    """
    length = len(page.text)
    if length > CONSTRUCTION_TEXT or len(page.links) > CONSTRUCTION_LINKS:
        return False
    main_headings = [words for _, words in page.words("h1")]
    prominent = "\n".join((page.title, *main_headings))
    if _DEFAULT_PAGE.search(f"{prominent}\n{page.text[:BARE_TEXT]}") or _CONSTRUCTION.search(prominent):
        return True
    if not all(_CONSTRUCTION.search(words) for _, words in page.words("h2", "h3", "h4")):
        return False
    return bool(_CONSTRUCTION.search(page.text)) and (length <= BARE_TEXT or len(page.links) <= 2)


def _shell(page: PageView) -> StateVerdict | None:
    """Hardly a word without scripts: what a visitor sees is not in these bytes."""
    if page.all("frameset") and seen_frames(page) >= FEWEST_FRAMES:
        return None  # that it is put together from frames is what there is to say of it
    if page.all("frameset"):
        return StateVerdict(
            WebsiteState.SHELL, "frames", "The page is put together from frames; its text lies elsewhere."
        )
    if len(page.text) >= SHELL_TEXT:
        return None
    if "refresh" in page.metas:
        return StateVerdict(
            WebsiteState.SHELL, "refresh", "The page only sends the visitor on to another one."
        )
    has_root = any((node.attributes.get("id") or "") in _ROOTS for node in page.all("div", "main"))
    scripts = [node for node in page.all("script") if node.attributes.get("src")]
    needs_scripts = any("javascript" in (node.text() or "").lower() for node in page.all("noscript"))
    if scripts and (has_root or needs_scripts or len(page.all("img", "a", "p", "td")) <= 3):
        return StateVerdict(
            WebsiteState.SHELL,
            "scripts",
            "The page shows its text by scripts, so it cannot be judged without a browser.",
        )
    return None


def seen_frames(page: PageView) -> int:
    """How many frames of a frameset a visitor sees; one around another page has no size beside it."""
    sizes = [
        size.strip()
        for frameset in page.elements("frameset")
        for size in f"{frameset.get('cols')},{frameset.get('rows')}".split(",")
        if size.strip()
    ]
    shown = sum(size not in _NO_SIZES for size in sizes)
    filled = sum(bool(frame.get("src")) for frame in page.elements("frame"))
    return min(filled, shown) if shown > 1 else shown


def _is_confirmed(business: Business, verdict: StateVerdict, page: PageView | None) -> bool:
    """Whether a page that was only guessed shows the business's name, phone or street."""
    if verdict.state is not WebsiteState.OK or page is None:
        return False
    text = _squeezed(f"{page.title} {page.text}")
    if any(
        len(known) > 4 and known in text
        for known in (_squeezed(business.name), _squeezed(business.street or ""))
    ):
        return True
    own = read_phone(business.phone or "", business.country)
    return own is not None and own.e164 in {found.e164 for found in phones_in(page.text, business.country)}


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
