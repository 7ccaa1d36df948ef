"""OSM tags read as a place."""

from collections.abc import Mapping
from datetime import date

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.countries import country_code, street_line
from leadgen_dagster.discovery.niches import Niche
from leadgen_dagster.discovery.normalise import own_website

KIND_KEYS = ("amenity", "shop", "craft", "office", "tourism", "leisure", "healthcare", "sport")
"""The keys under which a niche may stand; an object without any of them is no candidate."""

GONE_PREFIXES = ("disused:", "was:", "abandoned:", "closed:", "demolished:", "removed:", "razed:")
PROFILE_KEYS = ("facebook", "instagram", "twitter", "tiktok", "youtube", "linkedin", "pinterest")
SUB_NICHE_KEYS = ("cuisine", "beauty", "sport", "healthcare:speciality", "clothes")
GONE_HOURS = frozenset({"closed", "off"})


def kind_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags with `disused:shop=…` read as `shop=…`: a place that is gone is still known for what it was."""
    known = dict(tags)
    for key, value in tags.items():
        for prefix in GONE_PREFIXES:
            bare = key.removeprefix(prefix)
            if bare != key and bare in KIND_KEYS:
                known.setdefault(bare, value)
    return known


def is_gone(tags: Mapping[str, str]) -> bool:
    """Whether the tags say that the place is closed for good."""
    if tags.get("opening_hours", "").strip().lower() in GONE_HOURS or tags.get("disused") == "yes":
        return True
    if tags.get("shop") == "vacant" or "yes" in (tags.get("abandoned"), tags.get("closed")):
        return True
    if any(char.isdigit() for char in tags.get("end_date", "")):
        return True
    was = {key.split(":", 1)[1] for key in tags if key.startswith(GONE_PREFIXES)}
    return bool(was.intersection(KIND_KEYS)) and not any(key in tags for key in KIND_KEYS)


def place_from_tags(
    tags: Mapping[str, str],
    *,
    source: str,
    source_id: str,
    niche: Niche,
    latitude: float | None,
    longitude: float | None,
    last_edited: date | None,
    country: str | None = None,
) -> Place:
    """A place as OSM tags tell it.

    Args:
        tags: the tags; `name` has to be among them.
        source: the name of the source.
        source_id: the object's id there.
        niche: the niche that its tags belong to.
        latitude: WGS 84.
        longitude: WGS 84.
        last_edited: the day of the newest edit.
        country: of the area, where `addr:country` is missing.
    """
    country = _country(tags) or country
    websites = _contact(tags, "website") + _contact(tags, "url")
    street = tags.get("addr:street") or tags.get("contact:street") or tags.get("addr:place")
    number = tags.get("addr:housenumber") or tags.get("contact:housenumber")
    return Place(
        source=source,
        source_id=source_id,
        name=tags["name"],
        niche=niche.key,
        sub_niche=_sub_niche(tags),
        street=street if country is None else street_line(street, number, country),
        house_number=number if country is None else None,
        postcode=tags.get("addr:postcode"),
        city=city_of(tags),
        country=country,
        latitude=latitude,
        longitude=longitude,
        phone=_joined(_contact(tags, "phone") + _contact(tags, "mobile")),
        email=_joined(_contact(tags, "email")),
        website=own_website(websites),
        social_profiles=_profiles(tags),
        opening_hours=_hours(tags),
        brand=tags.get("brand") or tags.get("brand:wikidata"),
        is_closed=is_gone(tags),
        last_edited=last_edited,
        tags=dict(tags),
    )


def city_of(tags: Mapping[str, str]) -> str | None:
    """The town that the address names; a house number that slipped into the field is none."""
    city = tags.get("addr:city") or tags.get("contact:city")
    return city if city and any(char.isalpha() for char in city) else None


def _contact(tags: Mapping[str, str], key: str) -> list[str]:
    values = [tags.get(f"contact:{key}"), tags.get(key)] if key != "url" else [tags.get("url")]
    return [part.strip() for value in reversed(values) if value for part in value.split(";") if part.strip()]


def _joined(values: list[str]) -> str | None:
    return ";".join(dict.fromkeys(values)) or None


def _country(tags: Mapping[str, str]) -> str | None:
    return country_code(tags.get("addr:country", ""))


def _sub_niche(tags: Mapping[str, str]) -> str | None:
    value = next((tags[key] for key in SUB_NICHE_KEYS if tags.get(key)), None)
    return value.split(";")[0].strip().replace("_", " ") or None if value else None


def _hours(tags: Mapping[str, str]) -> str | None:
    hours = tags.get("opening_hours", "").strip()
    return hours if hours and hours.lower() not in GONE_HOURS else None


def _profiles(tags: Mapping[str, str]) -> tuple[str, ...]:
    """Profile pages as addresses; a bare account name is completed where the network's form is plain."""
    found = [(network, value) for network in PROFILE_KEYS for value in _contact(tags, network)]
    addresses = (
        value if "/" in value else f"https://www.{network}.com/{value.removeprefix('@')}"
        for network, value in found
    )
    return tuple(dict.fromkeys(addresses))
