"""How sure one can be of a verdict, and why."""

from collections.abc import Mapping

from leadgen_dagster.scoring.checks.outcomes import NotApplicable, Outcome
from leadgen_dagster.scoring.scores import Confidence, WebsiteState
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.website_state import StateVerdict

WELL_COVERED = 0.6
THINLY_COVERED = 0.4
FEW_WORDS = 400
"""Characters of text below which scripts or pictures may hold what was not seen."""
MANY_SCRIPTS = 10
SHORT_FOR_SCRIPTS = 1_500
"""Characters of text; where there is more, most of the page came with its source."""

_PLAIN_STATES = frozenset({WebsiteState.PARKED, WebsiteState.UNDER_CONSTRUCTION, WebsiteState.OTHER_DOMAIN})


def confidence_in_pages(site: SitePages, outcomes: Mapping[str, Outcome]) -> tuple[Confidence, str]:
    """From how much could be asked, whether scripts would change the page, and how many pages were read."""
    applied = sum(not isinstance(outcome, NotApplicable) for outcome in outcomes.values())
    coverage = applied / len(outcomes)
    told = f"{applied} of {len(outcomes)} checks applied"
    if len(site.home.text) < FEW_WORDS:
        return Confidence.LOW, f"{told}, but there is little text; scripts or pictures may hold more."
    if coverage < THINLY_COVERED:
        return Confidence.LOW, f"Only {told}."
    scripts = len(site.home.lower_script_sources)
    if scripts >= MANY_SCRIPTS and len(site.home.text) < SHORT_FOR_SCRIPTS:
        return Confidence.MEDIUM, f"{told}, but {scripts} scripts may change what the page shows."
    if coverage < WELL_COVERED or not site.others:
        pages = "" if site.others else ", and only the home page was read"
        return Confidence.MEDIUM, f"{told}{pages}."
    return Confidence.HIGH, f"{told}, on the home page and the contact page."


def confidence_in_state(verdict: StateVerdict) -> tuple[Confidence, str]:
    if verdict.state in _PLAIN_STATES:
        return Confidence.HIGH, "The page says so itself."
    if verdict.state is WebsiteState.SOCIAL_ONLY:
        return Confidence.MEDIUM, "A source names the profile; there may be a page that no source names."
    if verdict.state is WebsiteState.WEBSITE_UNKNOWN:
        return Confidence.LOW, "That no source names a website does not prove that there is none."
    return Confidence.LOW, "It was looked at once, and could not be read."
