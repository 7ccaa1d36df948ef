"""A place service that answers from a function instead of the network."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from leadgen_dagster.discovery.sources.base import ApiCall, PlaceApi


@dataclass(kw_only=True)
class RecordedApi:
    """Answers each call by the function given; keeps what it was asked."""

    answer: Callable[[ApiCall], Mapping[str, Any]]
    asked: list[ApiCall] = field(default_factory=list)

    def ask(self, call: ApiCall) -> Mapping[str, Any]:
        self.asked.append(call)
        return self.answer(call)

    def of(self, _service: str) -> PlaceApi:
        """As `SourceAccess.api`."""
        return self
