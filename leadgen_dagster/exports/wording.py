"""The report's words for states, classes, reasons and flags. Faults have theirs in the rubric."""

from datetime import date

from leadgen_dagster.discovery.businesses import Business, ExclusionReason
from leadgen_dagster.discovery.notes import NoteKind
from leadgen_dagster.scoring.scores import LeadClass, WebsiteState

CLASS_WORDS = {
    LeadClass.READY_TO_MAIL: (
        "Ready to mail",
        "Each has a fault that the owner can see, and an address. Its draft names the fault; one without says why.",
    ),
    LeadClass.READY_TO_CALL: (
        "Ready to call",
        "There is something worth a call and a number to ring. The call card has the words; one without says why.",
    ),
    LeadClass.CHECK_FIRST: (
        "Check first",
        "Something here needs a person's eye before anybody is contacted.",
    ),
    LeadClass.LEAVE_ALONE: (
        "Leave alone",
        "Good websites, firms that cannot be reached, and those that must not be written to. No pitch, no draft.",
    ),
}

STATE_WORDS = {
    WebsiteState.OK: "Looked at and scored",
    WebsiteState.WEBSITE_UNKNOWN: "No website found",
    WebsiteState.SOCIAL_ONLY: "Social profile only",
    WebsiteState.OTHER_DOMAIN: "Leads to another firm",
    WebsiteState.PARKED: "Parked domain",
    WebsiteState.UNDER_CONSTRUCTION: "Under construction",
    WebsiteState.SHELL: "Needs a browser to judge",
    WebsiteState.BLOCKED: "Not to be looked at",
    WebsiteState.NOT_FOUND: "Page not found",
    WebsiteState.UNREACHABLE: "Not reached",
    WebsiteState.NOT_HTML: "Not a web page",
    WebsiteState.TOO_LARGE: "Too large to read",
}

EXCLUSION_WORDS = {
    ExclusionReason.CHAIN: "One of a chain",
    ExclusionReason.CLOSED: "Closed for good",
    ExclusionReason.INSTITUTION: "Public institution",
    ExclusionReason.COMPETITOR: "Competitor",
    ExclusionReason.EXCLUSION_LIST: "On your exclusion list",
    ExclusionReason.NOT_A_BUSINESS: "Not a business",
    ExclusionReason.OPTED_OUT: "Asked not to be contacted",
    ExclusionReason.TAKEN_DOWN: "Had a demo taken down",
}

NOTE_WORDS = {
    NoteKind.FAILED_SOURCE: "Sources that gave nothing",
    NoteKind.INCOMPLETE_SOURCE: "Sources that gave less than they have",
    NoteKind.REJECTED: "Records left out",
    NoteKind.UNREAD: "Details that could not be read as they were given",
    NoteKind.SOURCE_NOTE: "About the sources",
    NoteKind.BEYOND_LIMIT: "Beyond the order's limit",
}

PICTURE_WORDS = {"phone": "The website on a phone", "desktop": "The website on a desk"}
DEMO_PICTURE_WORDS = {"phone": "The demo on a phone", "desktop": "The demo on a desk"}

FLAG_WORDS = {
    "text_addressed_to_machines": "The page holds text addressed to machines. It was not followed.",
    "name_discrepancy": "The record and the website give different names.",
    "address_discrepancy": "The record and the website give different addresses.",
    "phone_discrepancy": "The record and the website give different numbers.",
    "hours_discrepancy": "The record and the website give different opening hours; the demo gives none.",
    "doubtful_duplicate": "It may be the same firm as another one in this list.",
    "email_needs_consent": "E-mail only after consent.",
    "sensitive_niche": "A sensitive niche: no draft is written automatically.",
}

LICENCE_URLS = {
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
}


def flag_words(flag: str) -> str:
    return FLAG_WORDS.get(flag, f"{flag.replace('_', ' ').capitalize()}.")


def day_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def trade_words(business: Business) -> str:
    """What it does, as closely as the source says."""
    return (business.sub_niche or business.niche).replace(";", ", ").replace("_", " ")


def address_words(business: Business) -> str:
    """Street and town as one line; what is not known is left out."""
    town = " ".join(part for part in (business.postcode, business.city) if part)
    return ", ".join(part for part in (business.street, town) if part)


def site_words(url: str) -> str:
    """An address as one says it: without scheme, `www.` and the last slash."""
    return url.partition("://")[2].removeprefix("www.").removesuffix("/") or url
