"""How much a lead is worth a person's time: 0 to 100, the sum of three parts.

need (0 to 50)
    For a scored website `40 * (100 - score) / 100`, times 0.9 at medium and 0.8 at low confidence; for another state
    the fixed figure of `STATE_NEED`: what is known is that a page is missing, not how bad it is. A fault of high
    severity adds 10.
reachability (0 to 30)
    15 for a phone number; 15 for an e-mail address one may write to, 3 where that needs consent first.
fit (0 to 20)
    8 where the niche is not sensitive, and 4 each for phone, street and opening hours: what a demo site is made of.
"""

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.scoring.reachability import Reachability
from leadgen_dagster.scoring.scores import Confidence, Opportunity, WebsiteState

OPPORTUNITY_VERSION = "1"

MOST_NEED = 50

STATE_NEED = {
    WebsiteState.PARKED: 45,
    WebsiteState.UNDER_CONSTRUCTION: 42,
    WebsiteState.SOCIAL_ONLY: 36,
    WebsiteState.WEBSITE_UNKNOWN: 32,
    WebsiteState.NOT_FOUND: 25,
    WebsiteState.UNREACHABLE: 20,
    WebsiteState.OTHER_DOMAIN: 10,
    WebsiteState.SHELL: 5,
    WebsiteState.NOT_HTML: 5,
    WebsiteState.TOO_LARGE: 5,
    WebsiteState.BLOCKED: 0,
}
_CERTAINTY = {Confidence.HIGH: 1.0, Confidence.MEDIUM: 0.9, Confidence.LOW: 0.8}


def opportunity(
    business: Business,
    *,
    state: WebsiteState,
    score: int | None,
    has_high_severity: bool,
    confidence: Confidence,
    ways: Reachability,
    is_sensitive: bool,
) -> Opportunity:
    weakness = None if score is None else round(40 * (100 - score) / 100 * _CERTAINTY[confidence])
    need = STATE_NEED.get(state, 0) if weakness is None else weakness
    need = min(MOST_NEED, need + (10 if has_high_severity else 0))
    reachability = _reachability(ways)
    facts = (business.phone, business.street, business.opening_hours)
    fit = (0 if is_sensitive else 8) + 4 * sum(fact is not None for fact in facts)
    return Opportunity(total=need + reachability + fit, need=need, reachability=reachability, fit=fit)


def _reachability(ways: Reachability) -> int:
    by_mail = 0 if ways.email is None else 15 if ways.may_mail else 3
    return by_mail + (15 if ways.phone else 0)
