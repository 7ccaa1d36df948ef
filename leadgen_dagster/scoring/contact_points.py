"""A way to reach a business, read off its stored pages."""

from dataclasses import dataclass
from enum import StrEnum


class ContactKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    SOCIAL_PROFILE = "social_profile"
    CONTACT_FORM = "contact_form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One address, number, profile or form found on a stored page."""

    id: str
    """`uuid5` of business id, kind and value."""
    business_id: str
    kind: ContactKind
    value: str
    """An e-mail address in lower case, an E.164 number, or an absolute URL."""
    is_mobile: bool = False
    is_role_address: bool = False
    """`info@`, `hello@`, …: belongs to the firm and not to a person."""
    is_best: bool = False
    """The one of its kind to use, by the rule stated in `contacts.py`."""
    page_url: str
    snippet: str
