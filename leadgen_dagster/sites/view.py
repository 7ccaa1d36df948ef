"""What a theme is handed: a brief in words, numbers and links, ready to be set."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, urlsplit

from leadgen_dagster.discovery.niches import NICHES, Niche
from leadgen_dagster.rendering import render
from leadgen_dagster.scoring.domains import social_network
from leadgen_dagster.sites.area_map import AreaMap
from leadgen_dagster.sites.art import Quilt, drawing, lay_quilt, motifs_of
from leadgen_dagster.sites.brief import FactLevel, SiteBrief
from leadgen_dagster.sites.copywriter import BY_RULE, SiteCopy
from leadgen_dagster.sites.facts import Service
from leadgen_dagster.sites.hours_table import HoursTable, hours_table
from leadgen_dagster.sites.looks import Look
from leadgen_dagster.sites.palettes import Palette
from leadgen_dagster.sites.structured import json_ld
from leadgen_dagster.sites.theme import SHARED, themes_folder
from leadgen_dagster.sites.wording import Wording, wording

PREVIEW_PICTURE = "preview.png"
"""The picture that a messenger shows beside the link."""
TAKE_DOWN_PAGE = "take-down/"
_VISITED = frozenset({"retail", "lodging"})
"""Groups of niches whose customers come before they call."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a visitor can do at once."""

    kind: str
    """`book`, `call`, `find` or `write`."""
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """All that a template may print; nothing else of a business is known to it."""

    look: Look
    seed: str
    """For what may differ between businesses and must not between renderings."""
    words: Wording
    niche: Niche
    level: FactLevel
    locale: str
    """Language and country, e.g. `en_GB`."""
    url: str | None
    """Where the page will stand; None while the agency has named no public address."""
    title: str
    description: str
    kicker: str
    """The trade and the town."""
    name: str
    city: str | None
    lead: str | None
    """A sentence or two that are worth saying first."""
    actions: tuple[Action, ...]
    """The one that a customer most likely wants comes first."""
    services: tuple[Service, ...]
    about: tuple[str, ...]
    hours: HoursTable | None
    address_lines: tuple[str, ...]
    map_url: str | None
    area: AreaMap | None
    """Drawn above the link to the map."""
    phone: str | None
    phone_url: str | None
    whatsapp_url: str | None
    email: str | None
    profiles: tuple[tuple[str, str], ...]
    """What people call the place a link leads to, and the link."""
    notice_short: str
    notice: str
    json_ld: str

    @property
    def palette(self) -> Palette:
        return self.look.palette

    @property
    def variant(self) -> str:
        return self.look.variant

    @property
    def says(self) -> Callable[[str], str]:
        """A phrase of the page's language by its key in `wording.yaml`."""
        return self.words.phrases.__getitem__

    @property
    def has_prices(self) -> bool:
        return any(service.price for service in self.services)

    @property
    def name_size(self) -> str:
        """`short` (to 16 letters), `medium` (to 32) or `long`."""
        if len(self.name) <= 16:
            return "short"
        return "medium" if len(self.name) <= 32 else "long"

    @property
    def longest_word(self) -> int:
        """The letters that have to fit on one line; the largest type is measured by them."""
        return max([4, *(len(word) for word in self.name.replace("-", " ").split())])

    @property
    def motifs(self) -> tuple[str, ...]:
        """The drawings that fit the trade, the most telling first."""
        return motifs_of(self.niche.key, self.niche.group)

    def quilt(self, columns: int, rows: int) -> Quilt:
        return lay_quilt(self.motifs, self.seed, columns=columns, rows=rows)


def render_site(
    brief: SiteBrief, look: Look, *, fingerprint: str, agency_name: str | None, url: str | None = None
) -> bytes:
    """The page of one business, all in one file."""
    return render_page(site_page(brief, look, fingerprint=fingerprint, agency_name=agency_name, url=url))


def render_page(page: SitePage) -> bytes:
    template = f"sites/themes/{page.look.theme.name}/index.html"
    return render(template, page=page, font=font, drawing=drawing, preview_picture=PREVIEW_PICTURE).encode()


def site_page(
    brief: SiteBrief,
    look: Look,
    *,
    fingerprint: str,
    agency_name: str | None,
    url: str | None,
    copy: SiteCopy | None = None,
) -> SitePage:
    """What a theme may print.

    Args:
        copy: the free passages, checked against the brief; without any, the rules' own.
    """
    copy = copy or BY_RULE.write(brief)
    words, niche = wording(brief.language), NICHES[brief.niche]
    agency = agency_name or words.say("anonymous_agency")
    name = brief.name.value
    kicker, title, description = _headlines(brief, niche, words)
    number = brief.phone.number.value if brief.phone else None
    return SitePage(
        look=look,
        seed=fingerprint,
        words=words,
        niche=niche,
        level=brief.level,
        locale=f"{brief.language}_{brief.country}" if brief.country else brief.language,
        url=url,
        title=title,
        description=description,
        kicker=kicker,
        name=name,
        city=brief.city.value if brief.city else None,
        lead=copy.lead,
        actions=_actions(brief, niche, words),
        services=brief.services,
        about=copy.about,
        hours=hours_table(brief.hours, brief.country, words) if brief.hours else None,
        address_lines=address_lines(brief),
        map_url=map_url(brief),
        area=brief.area,
        phone=brief.phone.shown if brief.phone else None,
        phone_url=f"tel:{number}" if number else None,
        whatsapp_url=whatsapp_url(brief),
        email=brief.email.value if brief.email else None,
        profiles=tuple((profile_name(link.value), link.value) for link in brief.profiles),
        notice_short=words.say("notice_short", business=name),
        notice=words.say("notice", agency=agency, business=name),
        json_ld=json_ld(brief, niche.schema_org),
    )


def address_lines(brief: SiteBrief) -> tuple[str, ...]:
    """The address as an envelope of that country has it; no line ends within a postcode."""
    if brief.address is None:
        return ()
    city = brief.city.value if brief.city else ""
    postcode = brief.address.postcode.value.replace(" ", "\u00a0") if brief.address.postcode else ""
    town = f"{city} {postcode}" if brief.country in {"GB", "IE"} else f"{postcode} {city}"
    street = brief.address.street.value if brief.address.street else ""
    return tuple(line for line in (street, town.strip()) if line)


def map_url(brief: SiteBrief) -> str | None:
    """A plain link to OpenStreetMap: the point where it is known, else a search for the street."""
    if brief.position is not None:
        place = f"{brief.position.latitude:.5f}", f"{brief.position.longitude:.5f}"
        return f"https://www.openstreetmap.org/?mlat={place[0]}&mlon={place[1]}#map=18/{place[0]}/{place[1]}"
    if brief.address is None or brief.address.street is None:
        return None
    return f"https://www.openstreetmap.org/search?query={quote(', '.join(address_lines(brief)))}"


def whatsapp_url(brief: SiteBrief) -> str | None:
    """Only a mobile number may have a chat behind it."""
    if brief.phone is None or not brief.phone.is_mobile:
        return None
    return f"https://wa.me/{brief.phone.number.value.lstrip('+')}"


def profile_name(url: str) -> str:
    """What people call the place that a link leads to."""
    host = (urlsplit(url).hostname or url).removeprefix("www.").removeprefix("m.")
    return social_network(url) or host


@cache
def font(name: str) -> str:
    """A packaged font, base64 of its WOFF2."""
    file = themes_folder().joinpath(SHARED, "fonts", f"{name}.woff2")
    return base64.b64encode(file.read_bytes()).decode("ascii")


def _headlines(brief: SiteBrief, niche: Niche, words: Wording) -> tuple[str, str, str]:
    """Kicker, title and description."""
    label = words.niche(niche)
    niche_lower = label[:1].lower() + label[1:]
    name = brief.name.value
    if brief.city is None:
        kicker, title, description = label, f"{name} · {label}", f"{name}, {niche_lower}."
    else:
        place = {"name": name, "niche": label, "niche_lower": niche_lower, "city": brief.city.value}
        kicker, title, description = (words.say(key, **place) for key in ("kicker", "title", "description"))
    if brief.phone:
        description += " " + words.say("description_call", phone=brief.phone.shown)
    if brief.address and brief.address.street:
        description += " " + words.say("description_find", street=brief.address.street.value)
    return kicker, title, description


def _actions(brief: SiteBrief, niche: Niche, words: Wording) -> tuple[Action, ...]:
    place = map_url(brief)
    found = [
        Action("book", words.say("book"), brief.booking.value) if brief.booking else None,
        Action("call", words.say("call", phone=brief.phone.shown), f"tel:{brief.phone.number.value}")
        if brief.phone
        else None,
        Action("find", words.say("directions"), place) if place else None,
        Action("write", words.say("write"), f"mailto:{brief.email.value}") if brief.email else None,
    ]
    known = [action for action in found if action]
    comes_first = {"book": 0, "find": 1 if niche.group in _VISITED else 3, "call": 2, "write": 4}
    return tuple(sorted(known, key=lambda action: comes_first[action.kind]))
