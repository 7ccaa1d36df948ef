"""What a source lets one keep: the table beside the sources, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

TABLE = Path(__file__).with_name("sources") / "policies.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoragePolicy:
    """One source's terms, as far as they decide over rows."""

    licence: str
    """SPDX identifier, or a sentence where there is none."""
    attribution: str
    keeps: Literal["all", "ids"]
    """`ids`: whatever else the source says is kept apart and deleted on time."""
    content_days: int | None = None
    origin: str | None = None
    """Where the terms stand."""
    read_on: date | None = None
    """The day on which somebody read them."""

    def expires_at(self, fetched_at: datetime) -> datetime | None:
        """When what was fetched has to be gone; None where it may stay."""
        return fetched_at + timedelta(days=self.content_days) if self.content_days is not None else None


@cache
def policies() -> Mapping[str, StoragePolicy]:
    """Source -> its policy; every source of the registry has one."""
    import yaml

    table: dict[str, dict[str, Any]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return {name: StoragePolicy(**row) for name, row in table.items()}


@cache
def restricted_sources() -> frozenset[str]:
    """The sources of which only ids may stay."""
    return frozenset(name for name, policy in policies().items() if policy.keeps == "ids")
