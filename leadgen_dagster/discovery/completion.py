"""The better field: one record made of all that are one business, and where each of its fields is from.

The best record comes first: the newest edit, then one whose source lets one keep it, then the one with most fields
filled, then by source and id. Each field is taken from the first record that has it, with these exceptions:

- a street with a house number goes before one without, and brings its postcode and town;
- a website on record goes before one guessed from a mailbox, and that before one of another place of the same name.

Where a field of the same value stands in a record that may be kept and in one that may not, the first is its origin:
so less is lost when the second expires.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from operator import attrgetter
from typing import Any

from leadgen_dagster.discovery.businesses import WebsiteOrigin
from leadgen_dagster.discovery.candidates import Candidate
from leadgen_dagster.discovery.policies import restricted_sources

SHOWN = {
    "name": ("name",),
    "sub_niche": ("sub_niche",),
    "street": ("street",),
    "postcode": ("postcode",),
    "city": ("city",),
    "country": ("country",),
    "point": ("latitude", "longitude"),
    "phone": ("phone", "phone_kind"),
    "email": ("email",),
    "website": ("website", "website_origin"),
    "social_profiles": ("social_profiles",),
    "opening_hours": ("opening_hours",),
    "language": ("language",),
    "last_edited": ("last_edited",),
    "brand": (),
}
"""Field of a record -> the fields of `Business` that it becomes."""
TOGETHER = {
    "street": ("street", "street_key", "street_name", "door"),
    "phone": ("phone", "phone_kind"),
    "website": ("website", "website_origin", "domain"),
}
"""What is taken from one record; other fields are taken alone."""
OF_THE_HOUSE = ("street", "postcode", "city")
_shown_values = attrgetter(*SHOWN)
WEBSITES = (WebsiteOrigin.RECORD, WebsiteOrigin.EMAIL_DOMAIN, WebsiteOrigin.SIBLING, None)
"""The surest first."""


def in_rank(records: Sequence[Candidate]) -> Sequence[Candidate]:
    """The best first."""
    return sorted(records, key=_rank) if len(records) > 1 else records


def _rank(record: Candidate) -> tuple[Any, ...]:
    origin = record.origin
    edited = record.last_edited.toordinal() if record.last_edited else 0
    return -edited, origin.source in _restricted(), -filled(record), origin.source, origin.source_id


def filled(record: Candidate) -> int:
    """How many of the fields that a lead lives by are known."""
    values = (record.website, record.phone, record.email, record.opening_hours, record.street, record.point)
    return len(values) - values.count(None)


def completed(records: Sequence[Candidate]) -> Candidate:
    """The records of one business, the best of them first, as one."""
    best = records[0]
    if len(records) == 1:
        return best
    others = records[1:]
    changes: dict[str, Any] = {
        name: getattr(giver, name)
        for field, giver in _from_others(records).items()
        for name in TOGETHER.get(field, (field,))
    }
    if any(record.social_profiles for record in others):
        profiles = (url for record in records for url in record.social_profiles)
        changes["social_profiles"] = tuple(dict.fromkeys(profiles))
    if any(record.tags.keys() - best.tags.keys() for record in others):
        changes["tags"] = {key: value for record in reversed(records) for key, value in record.tags.items()}
    if any(record.is_sole_trader for record in others):
        changes["is_sole_trader"] = True
    return replace(best, **changes) if changes else best


def origins_of_fields(records: Sequence[Candidate]) -> dict[str, str]:
    """Field of `Business` -> `Origin.key` of the record that `completed` takes it from."""
    best = records[0]
    givers = {field: best for field in SHOWN if getattr(best, field)} | _from_others(records)
    return {
        name: _kept(records, field, giver).origin.key
        for field, giver in givers.items()
        for name in SHOWN[field]
    }


def _from_others(records: Sequence[Candidate]) -> dict[str, Candidate]:
    """The fields that are not taken from the best record, each with the record that it is taken from."""
    best = records[0]
    taken: dict[str, Candidate] = {}
    for field, value in zip(SHOWN, _shown_values(best), strict=True):
        if not value:
            for record in records:
                if getattr(record, field):
                    taken[field] = record
                    break
    if best.door is None and (housed := next((record for record in records if record.door), None)):
        taken |= {field: housed for field in OF_THE_HOUSE if getattr(housed, field)}
    if best.website_origin is not WebsiteOrigin.RECORD:
        surest = min(records, key=lambda record: WEBSITES.index(record.website_origin))
        if surest is not best and surest.website:
            taken["website"] = surest
    return taken


def _kept(records: Sequence[Candidate], field: str, giver: Candidate) -> Candidate:
    """A record that gives the same value and may be kept; the giver itself where it may, or no other does."""
    restricted = _restricted()
    if giver.origin.source not in restricted:
        return giver
    value = getattr(giver, field)
    same = (
        record
        for record in records
        if record.origin.source not in restricted and getattr(record, field) == value
    )
    return next(same, giver)


@cache
def _restricted() -> frozenset[str]:
    return restricted_sources()
