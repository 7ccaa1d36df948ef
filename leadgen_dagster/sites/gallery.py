"""Made-up businesses that a theme has to carry: what real records look like, and what nobody planned for."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, radians
from types import MappingProxyType

from leadgen_dagster.discovery.geography import METRES_PER_DEGREE, Point
from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.discovery.opening_hours import parse_opening_hours
from leadgen_dagster.discovery.sources.osm_streets import Street, StreetKind
from leadgen_dagster.sites.area_map import draw_area
from leadgen_dagster.sites.brief import Address, Hours, Phone, Position, SiteBrief
from leadgen_dagster.sites.facts import Fact, Service
from leadgen_dagster.sites.looks import Look
from leadgen_dagster.sites.theme import Theme
from leadgen_dagster.sites.view import render_site

ORIGIN = "sample"
POSITION: Point = (55.01, -1.42)
AGENCY = "Your agency"
NICHES_PER_THEME = 4
FOR_ANY_TRADE = ("plumber", "vet")
"""What a theme shows that is made for no group in particular."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One business of the gallery, beside a niche."""

    title: str
    name: str
    street: str | None = "4 Quay Street"
    phone: str | None = "0191 498 0101"
    e164: str = "+441914980101"
    is_mobile: bool = False
    hours: str | None = "Mo-Fr 08:00-12:30,13:30-17:00; Sa 08:00-13:00; PH off"
    is_rich: bool = False
    has_email: bool = True
    language: str = "en"
    city: str = "Port Linden"
    postcode: str = "NE99 1AA"
    country: str = "GB"


SAMPLES = MappingProxyType(
    {
        "ordinary": Sample(title="Name, phone, street, hours", name="Harbour House", has_email=False),
        "rich": Sample(title="Services and own words", name="Quay & Daughters", is_rich=True),
        "poor": Sample(title="Phone and street only", name="Molly's", hours=None, has_email=False),
        "no_phone": Sample(title="Hours and street only", name="The Lamp Room", phone=None, has_email=False),
        "mobile": Sample(
            title="A mobile number, no street",
            name="Ben Ashdown",
            street=None,
            phone="07700 900123",
            e164="+447700900123",
            is_mobile=True,
            has_email=False,
        ),
        "long": Sample(
            title="A long name",
            name="The Harbour Master's Traditional Workshop and Daughters of Port Linden Limited Company",
            street="The Old Customs House, Unit 14b, 221 Lower Quayside Road",
            hours="24/7",
        ),
        "german": Sample(
            title="German, with a long word",
            name="Donaudampfschifffahrtsgesellschaft Krüger",
            language="de",
            country="DE",
            city="Bad Münstereifel",
            postcode="53902",
            street="Große Bleichen 12",
            phone="02253 123456",
            e164="+492253123456",
            hours="Mo-Sa 17:00-02:00; Su off",
        ),
        "finnish": Sample(
            title="Finnish",
            name="Kävely & Ystävät",
            language="fi",
            country="FI",
            city="Helsinki",
            postcode="00150",
            street="Iso Roobertinkatu 8",
            phone="09 4245 5440",
            e164="+358942455440",
            hours="Tu-Th 11:00-22:00; Fr-Sa 11:00-24:00; Su 12:00-20:00",
        ),
        "other_script": Sample(title="Another script", name="東京庵 とうきょうあん"),
        "right_to_left": Sample(title="Right to left", name="مقهى الميناء القديم"),
    }
)
"""Kind -> sample; the ordinary one is what most real records are."""

_SERVICES = {
    "food": (
        ("Sourdough, baked on the premises", "£4.20"),
        ("Soup of the day with bread", "£6.50"),
        ("Fish pie", "£12.90"),
        ("Sunday roast", "£16.50"),
        ("Apple cake", None),
    ),
    "beauty": (
        ("Cut and blow-dry", "£38"),
        ("Colour", "from £55"),
        ("Manicure", "£24"),
        ("Children's cut", "£15"),
    ),
    "trades": (
        ("Boiler service", None),
        ("Burst pipes and leaks", None),
        ("Bathrooms", None),
        ("Radiators and underfloor heating", None),
    ),
    "lodging": (
        ("Double room with breakfast", "£95"),
        ("Family room", "£125"),
        ("Dogs welcome in two rooms", None),
    ),
}
_PLAIN_SERVICES = (("Advice", None), ("Repairs while you wait", None), ("Orders and collection", None))
_ABOUT = (
    "We have been on Quay Street since 1987.",
    "Anna and Tom run the house with four of us, and every one of us learned the trade here.",
)


_STREETS_M: tuple[tuple[StreetKind, tuple[tuple[int, int], ...]], ...] = (
    (StreetKind.MAIN, ((-260, -64), (-120, -40), (30, -34), (150, -58), (260, -70))),
    (StreetKind.MAIN, ((60, 160), (52, 40), (30, -34), (24, -160))),
    (StreetKind.SIDE, ((-260, 16), (-110, 22), (0, 12), (54, 14), (170, 2), (260, -16))),
    (StreetKind.SIDE, ((-150, 160), (-118, 60), (-110, 22), (-120, -40), (-138, -160))),
    (StreetKind.SIDE, ((-230, 92), (-104, 84), (56, 80), (150, 88), (260, 72))),
    (StreetKind.SIDE, ((150, 160), (150, 88), (170, 2), (150, -58), (166, -160))),
    (StreetKind.SIDE, ((-30, 82), (-22, 17), (-26, -37))),
    (StreetKind.SIDE, ((-260, -118), (-132, -108), (25, -104), (157, -116))),
    (StreetKind.PATH, ((-64, 82), (-58, 18), (-70, -38), (-64, -106))),
    (StreetKind.PATH, ((56, 80), (104, 46), (170, 2))),
    (StreetKind.PATH, ((-22, 17), (14, -10), (30, -34))),
    (StreetKind.PATH, ((-190, 90), (-176, 20), (-190, -52))),
    (StreetKind.PATH, ((92, -46), (96, -110), (110, -160))),
)
"""Metres to the east and north of the sample's door."""


def sample_streets() -> tuple[Street, ...]:
    """A made-up quarter around the sample's position."""
    latitude, longitude = POSITION
    shrink = cos(radians(latitude))
    return tuple(
        Street(
            kind,
            tuple(
                (latitude + north / METRES_PER_DEGREE, longitude + east / METRES_PER_DEGREE / shrink)
                for east, north in line
            ),
        )
        for kind, line in _STREETS_M
    )


def sample_brief(kind: str, niche: str) -> SiteBrief:
    """The brief of one sample as a business of that niche."""
    sample, group = SAMPLES[kind], NICHES[niche].group
    week = parse_opening_hours(sample.hours) if sample.hours else None
    phone = None
    if sample.phone:
        phone = Phone(number=_fact(sample.e164), shown=sample.phone, is_mobile=sample.is_mobile)
    address = Address(street=_fact(sample.street) if sample.street else None, postcode=_fact(sample.postcode))
    return SiteBrief(
        language=sample.language,
        niche=niche,
        name=_fact(sample.name),
        city=_fact(sample.city),
        country=sample.country,
        address=address,
        position=Position(latitude=POSITION[0], longitude=POSITION[1], origin=ORIGIN)
        if sample.street
        else None,
        area=draw_area(POSITION, sample_streets()) if sample.is_rich else None,
        phone=phone,
        email=_fact("hello@quay.port-linden.example") if sample.has_email else None,
        hours=Hours(week=week, source=_fact(sample.hours or ""), is_recent=True) if week else None,
        profiles=(_fact("https://www.instagram.com/quay"), _fact("https://www.facebook.com/quay"))
        if sample.is_rich
        else (),
        services=_services(group) if sample.is_rich else (),
        about=tuple(map(_fact, _ABOUT)) if sample.is_rich else (),
    )


def _services(group: str) -> tuple[Service, ...]:
    rows = _SERVICES.get(group, _PLAIN_SERVICES)
    return tuple(Service(name=_fact(name), price=_fact(price) if price else None) for name, price in rows)


def _fact(value: str) -> Fact:
    return Fact(value, ORIGIN)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One page of the gallery."""

    path: str
    title: str
    niche: str
    html: bytes


def render_gallery(theme: Theme) -> Iterator[Exhibit]:
    """The theme in all its arrangements, with every sample, going round its trades and palettes."""
    shown = niches_of(theme)
    palettes = list(theme.palettes.values())
    number = 0
    for variant in theme.variants:
        for kind, sample in SAMPLES.items():
            niche = shown[number % len(shown)]
            look = Look(theme, variant, palettes[number % len(palettes)])
            html = render_site(
                sample_brief(kind, niche), look, fingerprint=f"{kind}-{niche}", agency_name=AGENCY
            )
            title = f"{sample.title} · {NICHES[niche].label('en')} · {variant}, {look.palette.name}"
            yield Exhibit(f"{theme.name}/{variant}-{kind}.html", title, niche, html)
            number += 1


def niches_of(theme: Theme) -> tuple[str, ...]:
    """Some trades that the theme is made for."""
    if not theme.groups:
        return FOR_ANY_TRADE
    by_group = {
        group: [key for key, niche in NICHES.items() if niche.group == group] for group in theme.groups
    }
    return tuple(key for group in sorted(by_group) for key in by_group[group][:NICHES_PER_THEME])
