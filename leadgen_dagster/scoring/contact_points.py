"""What a business says of itself on its stored pages: how to reach it, its names, its hours."""

from dataclasses import dataclass
from enum import StrEnum


class ContactKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    SOCIAL_PROFILE = "social_profile"
    CONTACT_FORM = "contact_form"
    NAME = "name"
    """As the sign has it."""
    LEGAL_NAME = "legal_name"
    OPENING_HOURS = "opening_hours"

    @property
    def is_way_to_reach(self) -> bool:
        return self not in _TOLD


_TOLD = frozenset({ContactKind.NAME, ContactKind.LEGAL_NAME, ContactKind.OPENING_HOURS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One address, number, profile, form, name or week of hours found on a stored page."""

    id: str
    """`uuid5` of business id, kind and value."""
    business_id: str
    kind: ContactKind
    value: str
    """An e-mail address in lower case, an E.164 number, an absolute URL, a name, or hours in OSM syntax."""
    is_mobile: bool = False
    is_role_address: bool = False
    """`info@`, `hello@`, …: belongs to the firm and not to a person."""
    is_best: bool = False
    """The one of its kind to use, by the rule stated in `contacts.py`."""
    page_url: str
    snippet: str
