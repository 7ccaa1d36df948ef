"""What a source says of a place, and the business it becomes once merged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One record of one source, as the source gave it; nothing is normalised yet."""

    source: str
    source_id: str
    name: str
    niche: str
    sub_niche: str | None = None
    street: str | None = None
    house_number: str | None = None
    """Where it stands beside the street is for its country to say; given apart where the source knows no country."""
    postcode: str | None = None
    city: str | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2, upper case."""
    latitude: float | None = None
    longitude: float | None = None
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    social_profiles: tuple[str, ...] = ()
    opening_hours: str | None = None
    """In OSM's `opening_hours` syntax, as given."""
    brand: str | None = None
    is_closed: bool = False
    last_edited: date | None = None
    language: str | None = None
    is_sole_trader: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a record of a business came from; carried into every export."""

    source: str
    source_id: str
    licence: str
    attribution: str
    name: str
    """The spelling this source used."""
    as_of: date | None = None
    """The day of the record's newest edit; where the source tells none, the day on which it was asked."""

    @property
    def key(self) -> str:
        """What `Business.field_origins` names it by."""
        return f"{self.source} {self.source_id}"


class ExclusionReason(StrEnum):
    """Why a business of the run is not a lead."""

    CHAIN = "chain"
    CLOSED = "closed"
    INSTITUTION = "institution"
    COMPETITOR = "competitor"
    EXCLUSION_LIST = "exclusion_list"
    NOT_A_BUSINESS = "not_a_business"
    OPTED_OUT = "opted_out"
    TAKEN_DOWN = "taken_down"


class PhoneKind(StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    UNKNOWN = "unknown"


class WebsiteOrigin(StrEnum):
    RECORD = "record"
    EMAIL_DOMAIN = "email_domain"
    """Guessed from the domain of the record's e-mail address; a page has to confirm it."""
    SIBLING = "sibling"
    """Of another place of the same name; a page has to confirm it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """One business of one run, merged from all places that are it; the root of everything downstream."""

    id: str
    """`uuid5` of run id and fingerprint."""
    fingerprint: str
    """The same in every run that meets this business."""
    name: str
    niche: str
    """A key of the niche table."""
    sub_niche: str | None = None
    """What the source says more closely, for example a cuisine."""
    street: str | None = None
    """With house number, as one writes it in that country."""
    postcode: str | None = None
    city: str | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2, upper case."""
    latitude: float | None = None
    longitude: float | None = None
    phone: str | None = None
    """E.164."""
    phone_kind: PhoneKind | None = None
    email: str | None = None
    website: str | None = None
    """An absolute http(s) URL; never a social profile or directory page."""
    website_origin: WebsiteOrigin | None = None
    social_profiles: tuple[str, ...] = ()
    opening_hours: str | None = None
    """OSM syntax."""
    language: str | None = None
    """ISO 639-1: what one writes to this business in."""
    is_sole_trader: bool = False
    last_edited: date | None = None
    """The newest edit of its records."""
    origins: tuple[Origin, ...] = ()
    field_origins: Mapping[str, str] = field(default_factory=dict)
    """Field of this class -> `Origin.key` of the record that it was taken from."""
    exclusion: ExclusionReason | None = None
    exclusion_note: str | None = None
    """The reason in a sentence."""
    review_note: str | None = None
    """What a person should look at before contact, for example a doubtful duplicate."""

    is_expired: bool = False
    """What its sources let one keep no longer is gone: no later stage can work on it."""

    @property
    def is_lead(self) -> bool:
        return self.exclusion is None
