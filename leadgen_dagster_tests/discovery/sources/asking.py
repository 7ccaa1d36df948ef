"""What comes of an order at a service that answers from a function."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.sources.base import (
    ApiCall,
    PlaceRequest,
    PlaceSource,
    SourceAccess,
    SourceItem,
)
from leadgen_dagster_tests.discovery.sources.recorded_api import RecordedApi

Answer = Callable[[ApiCall], Mapping[str, Any]]


def asked_of(
    source_class: Callable[[SourceAccess], PlaceSource],
    answer: Answer,
    request: PlaceRequest,
    usd_per_1000: float = 35.0,
) -> tuple[list[SourceItem], list[ApiCall]]:
    """The items, and the calls that they took."""
    api = RecordedApi(answer=answer)
    source = source_class(SourceAccess(api=api.of, price_usd_per_1000_calls=usd_per_1000))
    return list(source.places(request)), api.asked


def places(items: Iterable[SourceItem]) -> list[Place]:
    return [item for item in items if isinstance(item, Place)]


def told(items: Iterable[SourceItem], *kinds: type[Any]) -> list[str]:
    """The sentences of these kinds."""
    return [
        getattr(item, "reason", "") or getattr(item, "text", "") for item in items if isinstance(item, kinds)
    ]
