"""Values of a Parquet record as a place needs them, whatever type the column has."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from leadgen_dagster.discovery.niches import Niche
from leadgen_dagster.discovery.words import fold


def text_of(value: object) -> str | None:
    """A text that says something."""
    return value.strip() or None if isinstance(value, str) else None


def texts_of(value: object) -> tuple[str, ...]:
    """The texts of a list; a single one where the column holds no lists."""
    values = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(text for item in values if (text := text_of(item))))


def part_of(value: object, name: str) -> Any:  # noqa: ANN401 - whatever the column holds
    """A field of a struct; None where there is no struct."""
    return value.get(name) if isinstance(value, Mapping) else None


def day_of(value: object) -> date | None:
    """The day of a date, a point in time, or their usual spelling."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def sub_niche_of(category: str, niche: Niche) -> str | None:
    """A category as a person reads it, where it says more than the niche."""
    return (
        None
        if fold(category) in (fold(niche.key.replace("_", " ")), fold(niche.label("en")))
        else category.strip()
    )
