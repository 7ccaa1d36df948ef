"""What one does with a lead, and why: the one class that each ends in, by the first rule that applies."""

from dataclasses import dataclass
from datetime import date

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.scoring.reachability import Reachability, consent_note
from leadgen_dagster.scoring.scores import LeadClass, WebsiteState

RECORD_OUTDATED = "record_outdated"
DOUBTFUL_DUPLICATE = "doubtful_duplicate"
NAME_DISCREPANCY = "name_discrepancy"
ADDRESS_DISCREPANCY = "address_discrepancy"
PHONE_DISCREPANCY = "phone_discrepancy"
HOURS_DISCREPANCY = "hours_discrepancy"
"""Told, and no reason to look first: no message speaks of hours, and the demo leaves them out."""
TEXT_ADDRESSED_TO_MACHINES = "text_addressed_to_machines"
SENSITIVE_NICHE = "sensitive_niche"
EMAIL_NEEDS_CONSENT = "email_needs_consent"

OUTDATED_AFTER_DAYS = 365

WANTS_A_PAGE = {
    WebsiteState.PARKED: "The domain shows a registrar's placeholder",
    WebsiteState.UNDER_CONSTRUCTION: "The website has nothing on it yet",
    WebsiteState.SOCIAL_ONLY: "There is a profile and no page of its own",
    WebsiteState.WEBSITE_UNKNOWN: "No website could be found",
}
"""States that say that there is no page to look at, not that one could not be looked at."""

_REVIEWS = {
    RECORD_OUTDATED: "The record was last edited more than 12 months before the order.",
    DOUBTFUL_DUPLICATE: "It may be the same business as another one of the run.",
    NAME_DISCREPANCY: "The website says that it is another firm's than the record has.",
    ADDRESS_DISCREPANCY: "The website and the record show different addresses.",
    PHONE_DISCREPANCY: "The website and the record show different phone numbers.",
    TEXT_ADDRESSED_TO_MACHINES: "The website holds text that is addressed to programs.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that the rules look at."""

    state: WebsiteState
    state_reason: str
    score: int | None
    score_threshold: int
    has_high_severity: bool
    is_certificate_expired: bool
    has_pitch: bool
    """Whether a fault was found that its owner can see."""
    ways: Reachability
    flags: tuple[str, ...]

    @property
    def is_weak(self) -> bool:
        return self.score is not None and self.score < self.score_threshold

    @property
    def is_good(self) -> bool:
        return self.score is not None and not self.is_weak and not self.has_high_severity


def flags_of(
    business: Business, *, ordered_on: date, discrepancies: tuple[str, ...], has_machine_text: bool
) -> tuple[str, ...]:
    """What a person should know before anything else."""
    raised = {
        RECORD_OUTDATED: is_outdated(business, ordered_on),
        DOUBTFUL_DUPLICATE: business.review_note is not None,
        NAME_DISCREPANCY: "name" in discrepancies,
        ADDRESS_DISCREPANCY: bool({"street", "postcode"} & set(discrepancies)),
        PHONE_DISCREPANCY: "phone" in discrepancies,
        TEXT_ADDRESSED_TO_MACHINES: has_machine_text,
        SENSITIVE_NICHE: is_sensitive(business),
        EMAIL_NEEDS_CONSENT: consent_note(business) is not None,
        HOURS_DISCREPANCY: "opening_hours" in discrepancies,
    }
    return tuple(flag for flag, is_raised in raised.items() if is_raised)


def is_outdated(business: Business, ordered_on: date) -> bool:
    """Of a record without a date nothing is known: the agency's own list has none."""
    return business.last_edited is not None and (ordered_on - business.last_edited).days > OUTDATED_AFTER_DAYS


def is_sensitive(business: Business) -> bool:
    niche = NICHES.get(business.niche)
    return niche is not None and niche.is_sensitive


def classify(case: Situation) -> tuple[LeadClass, str]:
    """The class and its reason in one sentence."""
    for flag, reason in _REVIEWS.items():
        if flag in case.flags:
            return LeadClass.CHECK_FIRST, reason
    if case.is_good:
        return LeadClass.LEAVE_ALONE, f"The website is good ({case.score} of 100)."
    if case.ways.phone is None and case.ways.email is None:
        return LeadClass.LEAVE_ALONE, "There is nothing to reach it by."
    if SENSITIVE_NICHE in case.flags:
        return LeadClass.CHECK_FIRST, "In this trade nobody is written to automatically."
    return _by_state(case)


def _by_state(case: Situation) -> tuple[LeadClass, str]:
    """Of a business that one may approach: by what its website gives to speak of."""
    if case.score is not None:
        if not case.has_pitch:
            return (
                LeadClass.CHECK_FIRST,
                f"{_weakness(case)}, but nothing was found that its owner could see.",
            )
        return _by_channel(case, _weakness(case))
    if case.state in WANTS_A_PAGE:
        return _by_phone_first(case, WANTS_A_PAGE[case.state])
    if case.is_certificate_expired and case.ways.phone:
        return (
            LeadClass.READY_TO_CALL,
            "The certificate of the website has expired, and there is a phone number.",
        )
    return LeadClass.CHECK_FIRST, case.state_reason


def _weakness(case: Situation) -> str:
    if case.is_weak:
        return f"The website is weak ({case.score} of 100)"
    return f"The website scores {case.score} of 100 but has a plain fault to speak of"


def _by_channel(case: Situation, why: str) -> tuple[LeadClass, str]:
    if case.ways.may_mail:
        return LeadClass.READY_TO_MAIL, f"{why}, and there is an address to write to."
    if case.ways.phone:
        return LeadClass.READY_TO_CALL, f"{why}, and there is a phone number."
    return LeadClass.CHECK_FIRST, f"{why}; its only address is an e-mail that needs consent first."


def _by_phone_first(case: Situation, why: str) -> tuple[LeadClass, str]:
    """Where no page was seen one rings up: a call can ask, a mail has to claim."""
    if case.ways.phone:
        return LeadClass.READY_TO_CALL, f"{why}, and there is a phone number."
    return _by_channel(case, why)


def wants_demo(case: Situation) -> bool:
    """Whether a new page would help, and there is somebody to show it to."""
    if SENSITIVE_NICHE in case.flags or not (case.ways.phone or case.ways.email):
        return False
    return case.is_weak or case.state in WANTS_A_PAGE
