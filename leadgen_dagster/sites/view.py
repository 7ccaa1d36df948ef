"""What a theme is handed: a brief in words, numbers and links, ready to be set."""

import base64
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import quote, urlsplit

from leadgen_dagster.discovery.niches import NICHES
from leadgen_dagster.rendering import render
from leadgen_dagster.scoring.domains import social_network
from leadgen_dagster.sites.art import Quilt, drawing, lay_quilt, motifs_of
from leadgen_dagster.sites.brief import SiteBrief
from leadgen_dagster.sites.hours import MINUTES_OF_DAY, Day, WeeklyHours, clock
from leadgen_dagster.sites.looks import THEME, Look, has_serif_voice
from leadgen_dagster.sites.structured import json_ld
from leadgen_dagster.sites.wording import Wording, wording

_QUILTS = {"poster": (8, 2), "split": (4, 4), "ledger": (12, 2)}
_ZONES = {
    "AT": "Europe/Vienna", "BE": "Europe/Brussels", "CH": "Europe/Zurich", "CZ": "Europe/Prague",
    "DE": "Europe/Berlin", "DK": "Europe/Copenhagen", "EE": "Europe/Tallinn", "FI": "Europe/Helsinki",
    "GB": "Europe/London", "IE": "Europe/Dublin", "IT": "Europe/Rome", "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg", "LV": "Europe/Riga", "NL": "Europe/Amsterdam", "NO": "Europe/Oslo",
    "PL": "Europe/Warsaw", "SE": "Europe/Stockholm",
}  # fmt: skip
"""Countries with one clock; elsewhere no page says "open now"."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One opening drawn on the day's line, in per cent of it."""

    left: float
    width: float


@dataclass(frozen=True, slots=True)
class HoursRow:
    day: str
    text: str
    bars: tuple[Bar, ...]


def render_site(brief: SiteBrief, look: Look, *, fingerprint: str, agency_name: str | None) -> bytes:
    """The page of one business, all in one file."""
    words = wording(brief.language)
    niche = NICHES[brief.niche]
    columns, rows = _QUILTS[look.layout]
    quilt = lay_quilt(motifs_of(niche.key, niche.group), fingerprint, columns=columns, rows=rows)
    values: dict[str, Any] = {
        "brief": brief,
        "look": look,
        "palette": look.palette,
        "words": words,
        "quilt": quilt,
        "drawings": _drawings(quilt),
        "name_size": _name_size(brief.name.value),
        "longest_word": _longest_word(brief.name.value),
        "display_font": _font("young-serif" if has_serif_voice(niche.group) else "bricolage-grotesque"),
        "text_font": _font("hanken-grotesk"),
        "is_serif": has_serif_voice(niche.group),
        "address_lines": address_lines(brief),
        "map_url": map_url(brief),
        "profiles": [(profile_name(link.value), link.value) for link in brief.profiles],
        "json_ld": json_ld(brief, niche.schema_org),
        "agency": agency_name or words.say("anonymous_agency"),
        **_sentences(brief, words),
        **_hours_values(brief, words),
    }
    return render(f"sites/themes/{THEME}/index.html", **values).encode()


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


def profile_name(url: str) -> str:
    """What people call the place that a link leads to."""
    host = (urlsplit(url).hostname or url).removeprefix("www.").removeprefix("m.")
    return social_network(url) or host


def hours_text(day: Day, words: Wording) -> str:
    if not day:
        return words.say("closed")
    if len(day) == 1 and day[0].closes - day[0].opens == MINUTES_OF_DAY:
        return words.say("all_day")
    return ", ".join(f"{clock(span.opens)}\u2013{clock(span.closes)}" for span in day)


def _sentences(brief: SiteBrief, words: Wording) -> dict[str, str]:
    label = words.niche(NICHES[brief.niche])
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
    return {"kicker": kicker, "title": title, "description": description}


def _hours_values(brief: SiteBrief, words: Wording) -> dict[str, Any]:
    if brief.hours is None:
        return {"hours_rows": (), "holidays": None, "clock_data": None}
    week = brief.hours.week
    zone = _ZONES.get(brief.country or "")
    can_tell = brief.hours.is_recent and zone is not None
    return {
        "hours_rows": () if week.is_always_open else _hours_rows(week, words),
        "holidays": None if week.public_holidays is None else hours_text(week.public_holidays, words),
        "clock_data": _clock_data(week, str(zone), words) if can_tell else None,
    }


def _hours_rows(week: WeeklyHours, words: Wording) -> tuple[HoursRow, ...]:
    spans = [span for day in week.days for span in day]
    first = max(0, min(span.opens for span in spans) - 60)
    length = max(span.closes for span in spans) + 60 - first
    return tuple(
        HoursRow(
            name,
            hours_text(day, words),
            tuple(
                Bar(
                    round(100 * (span.opens - first) / length, 1),
                    round(100 * (span.closes - span.opens) / length, 1),
                )
                for span in day
            ),
        )
        for name, day in zip(words.days, week.days, strict=True)
    )


def _clock_data(week: WeeklyHours, zone: str, words: Wording) -> str:
    """What the small script needs to say "open now"; the page is complete without it."""
    days = [[[span.opens, span.closes] for span in day] for day in week.days]
    until = words.say("open_now", time="%")
    told = {"zone": zone, "days": days, "until": until, "always": words.say("open_now_all_day")}
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")


def _name_size(name: str) -> str:
    if len(name) <= 16:
        return "short"
    return "medium" if len(name) <= 32 else "long"


def _longest_word(name: str) -> int:
    """The letters that have to fit on one line; the largest type is measured by them."""
    return max(4, *(len(word) for word in name.replace("-", " ").split()))


def _drawings(quilt: Quilt) -> dict[str, str]:
    return {motif: drawing(motif) for motif in quilt.motifs}


@cache
def _font(name: str) -> str:
    font = resources.files(__package__).joinpath("themes", THEME, "fonts", f"{name}.woff2").read_bytes()
    return base64.b64encode(font).decode("ascii")
