"""The facts once more, as schema.org has them: what search engines read."""

import json
from typing import Any

from leadgen_dagster.discovery.opening_hours import MINUTES_OF_DAY, Span, WeeklyHours, clock
from leadgen_dagster.sites.brief import SiteBrief

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def json_ld(brief: SiteBrief, schema_type: str) -> str:
    """JSON-LD that may stand inside a script element: no `<` is left in it."""
    text = json.dumps(structured_facts(brief, schema_type), ensure_ascii=False, sort_keys=True)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def structured_facts(brief: SiteBrief, schema_type: str) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": schema_type,
        "name": brief.name.value,
        "telephone": brief.phone.number.value if brief.phone else None,
        "email": brief.email.value if brief.email else None,
        "address": _address(brief),
        "geo": _geo(brief),
        "openingHoursSpecification": _opening_hours(brief.hours.week) if brief.hours else None,
        "sameAs": [profile.value for profile in brief.profiles] or None,
    }
    return {key: value for key, value in facts.items() if value is not None}


def _address(brief: SiteBrief) -> dict[str, str] | None:
    if brief.address is None:
        return None
    parts = {
        "@type": "PostalAddress",
        "streetAddress": brief.address.street.value if brief.address.street else None,
        "postalCode": brief.address.postcode.value if brief.address.postcode else None,
        "addressLocality": brief.city.value if brief.city else None,
        "addressCountry": brief.country,
    }
    return {key: value for key, value in parts.items() if value}


def _geo(brief: SiteBrief) -> dict[str, Any] | None:
    if brief.position is None:
        return None
    return {
        "@type": "GeoCoordinates",
        "latitude": brief.position.latitude,
        "longitude": brief.position.longitude,
    }


def _opening_hours(week: WeeklyHours) -> list[dict[str, Any]]:
    by_span: dict[Span, list[str]] = {}
    for name, day in zip(_DAYS, week.days, strict=True):
        for span in day:
            by_span.setdefault(span, []).append(name)
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": names,
            "opens": clock(span.opens),
            "closes": "23:59" if span.closes == MINUTES_OF_DAY else clock(span.closes),
        }
        for span, names in sorted(by_span.items())
    ]
