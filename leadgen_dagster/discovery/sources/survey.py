"""A service that shows only the first results of an area: asked page by page, then for the quarters of the area.

The whole area comes first, then its quarters, then theirs, so that what is found when enough is found lies all over
the area. Every call may cost, so a survey ends early; what it left is said.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Protocol

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.geography import Box, Point
from leadgen_dagster.discovery.locations import NamedPlace, area_on_map
from leadgen_dagster.discovery.niches import Niche
from leadgen_dagster.discovery.sources.answers import BadRecordError, Fields, record_id
from leadgen_dagster.discovery.sources.base import (
    ApiCall,
    Estimate,
    Incomplete,
    Note,
    PlaceApi,
    PlaceRequest,
    Rejected,
    SourceItem,
    Unread,
)
from leadgen_dagster.discovery.sources.tiles import may_touch, most_tiles, quarters
from leadgen_dagster.discovery.sources.whereabouts import Whereabouts
from leadgen_dagster.discovery.words import fold
from leadgen_dagster.errors import BudgetExceededError, SourceError

ENOUGH_TIMES = 4
"""So many times the leads ordered are looked for: some are closed, chains, or found elsewhere too."""
MIN_CALLS = 12
"""Of a niche: a first search of three pages, and that of three quarters."""
MIN_SHARE_INSIDE = 1 / 8
"""Of a tile's results. A town is densest where its quarters meet, and a radius is but a hint to some services: what
they answer for one quarter may lie in it to a fourth, for a quarter of that only if they do what they are asked."""
MAX_NAMES_SHOWN = 5

# -------------------------------------------------------------------------------- what a service is


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a search."""

    records: Sequence[object]
    next_call: ApiCall | None = None
    hides_more: bool = False
    """It is the last one that the service gives, and there are more results than it gave."""


class Service(Protocol):
    """How one service is asked, and how its records are read."""

    @property
    def name(self) -> str: ...

    @property
    def page_size(self) -> int: ...

    def fits(self, tile: Box, /) -> bool:
        """Whether one search may cover the tile; one that it may not is cut before it is asked for."""

    def first_call(self, niche: Niche, tile: Box | None) -> ApiCall:
        """The first page of a search in a tile; with None, by the place's name alone."""

    def page(self, answer: Mapping[str, Any], call: ApiCall, number: int) -> Page:
        """The page that a call was answered with, the search's first being number 1.

        Raises:
            SourceError: the answer is no page.
        """

    def place(self, fields: Fields, source_id: str, niche: Niche) -> Place:
        """The place of a record, with the niche that it belongs to: mostly the one that was asked for.

        Raises:
            BadRecordError: the record cannot be used.
        """


# -------------------------------------------------------------------------------- how far it is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How far one niche is followed."""

    enough: int
    """Places; no further call once so many are known."""
    most_calls: int
    """One for each lead ordered: more would cost too much for what they bring."""


def effort_for(request: PlaceRequest, page_size: int) -> Effort:
    """The niches of an order share what it asks for, but each is asked for."""
    share = ceil(request.limit / len(request.niches))
    return Effort(enough=max(page_size, ENOUGH_TIMES * share), most_calls=max(MIN_CALLS, share))


def estimate_of(request: PlaceRequest, *, page_size: int, max_pages: int, cost_micro_usd: int) -> Estimate:
    """One call a niche at least: a small town has no second page. At most what `Effort`, or a small area, allows."""
    effort, niches, where = effort_for(request, page_size), len(request.niches), request.where
    most_calls = effort.most_calls
    if not isinstance(where, NamedPlace):
        most_calls = min(most_calls, max_pages * most_tiles(area_on_map(where, request.location).bounds))
    kinds = "1 kind of business" if niches == 1 else f"{niches} kinds of business"
    return Estimate(
        calls_at_least=niches,
        calls_at_most=niches * most_calls,
        cost_at_least_micro_usd=niches * cost_micro_usd,
        cost_at_most_micro_usd=niches * most_calls * cost_micro_usd,
        note=(
            f"{kinds}, a call for each page of {page_size}, and more for crowded parts of the map until "
            f"{effort.enough} places of a kind are known or {most_calls} calls are made for it"
        ),
    )


# -------------------------------------------------------------------------------- asking


@dataclass(slots=True)
class _Quest:
    """One niche: what is still to be asked, and what came of it."""

    niche: Niche
    waiting: deque[Box | None]
    """Tiles; None is the place by its name."""
    calls: int = 0
    found: int = 0


@dataclass(slots=True)
class _Search:
    """What one tile has given so far."""

    tile: Box | None
    ids: set[str] = field(default_factory=set)
    """All that were answered with, known before or not."""
    inside: int = 0
    """Of them, those that lie in the tile."""

    @property
    def is_of_its_tile(self) -> bool:
        """Whether asking for a part of the tile may bring something else: not if the service ignores it."""
        return self.inside >= MIN_SHARE_INSIDE * len(self.ids)


class Survey:
    """One order's questions to one service.

    Args:
        service: whom, and how.
        api: the way to it.
        request: the order.
        where: where the order is on the map.
    """

    def __init__(
        self,
        service: Service,
        api: PlaceApi,
        request: PlaceRequest,
        where: Whereabouts,
    ) -> None:
        self._service = service
        self._api = api
        self._request = request
        self._where = where
        self._area = where.area
        self._effort = effort_for(request, service.page_size)
        self._wanted = {niche.key for niche in request.all_niches}
        self._calls = 0
        self._places = 0
        self._known: dict[str, Point | None] = {}
        self._rejected: set[str] = set()
        self._outside = 0
        self._other_trades = 0
        self._with_enough: list[str] = []
        self._with_most_calls: list[str] = []
        self._crowded: list[str] = []
        self._repeating: list[str] = []
        self._missing = list(where.missing)

    def items(self) -> Iterator[SourceItem]:
        """The area, the places, what was set aside, and what a person should know of the whole.

        Raises:
            SourceError: the first call already failed.
        """
        if self._area is not None:
            yield self._area
        yield from map(Note, self._where.notes)
        try:
            for niche in self._request.niches:
                yield from self._niche(niche)
        except (SourceError, BudgetExceededError) as error:
            if self._calls == 0:
                raise _as_source_error(self._service.name, error) from None
            self._missing.append(str(error).removeprefix(f"source {self._service.name}: "))
        yield from self._remarks()

    def _niche(self, niche: Niche) -> Iterator[SourceItem]:
        quest = _Quest(niche, deque([self._area.bounds if self._area else None]))
        while quest.waiting:
            tile = quest.waiting.popleft()
            if tile is not None and not self._service.fits(tile):
                quest.waiting.extend(self._parts(tile))
            else:
                yield from self._search(quest, _Search(tile))

    def _search(self, quest: _Quest, search: _Search) -> Iterator[SourceItem]:
        """All pages of one tile; one that holds more than they show is asked for in parts later."""
        call: ApiCall | None = self._service.first_call(quest.niche, search.tile)
        number = 0
        while call is not None and not self._is_over(quest):
            answer = self._api.ask(call)
            number += 1
            page = self._service.page(answer, call, number)
            self._calls += 1
            quest.calls += 1
            known = len(search.ids)
            for node in page.records:
                yield from self._record(node, quest, search)
            call = page.next_call
            if (
                len(search.ids) == known
            ):  # an empty page, or one that was given before: no later one is better
                self._repeating += [quest.niche.key] if call else []
                return
            if page.hides_more:
                parts = self._parts(search.tile) if search.is_of_its_tile else ()
                quest.waiting.extend(parts)
                self._crowded += [] if parts else [quest.niche.key]

    def _is_over(self, quest: _Quest) -> bool:
        """Whether another call for the niche would not be worth its price."""
        if quest.found >= self._effort.enough:
            self._with_enough.append(quest.niche.key)
        elif quest.calls >= self._effort.most_calls:
            self._with_most_calls.append(quest.niche.key)
        else:
            return False
        quest.waiting.clear()
        return True

    def _parts(self, tile: Box | None) -> tuple[Box, ...]:
        """The tiles to ask for instead of one."""
        if tile is None or self._area is None:
            return ()
        area = self._area
        return tuple(part for part in quarters(tile) if may_touch(area, part))

    # ---- one record

    def _record(self, node: object, quest: _Quest, search: _Search) -> Iterator[SourceItem]:
        """A place, the reason why there is none, or nothing for one that was given before."""
        source_id = record_id(node)
        fields = Fields(node if isinstance(node, Mapping) else {})
        if source_id is None:
            yield from self._reject("record without a usable id")  # what it says may not be kept
            return
        is_repeated = source_id in search.ids
        search.ids.add(source_id)
        if source_id in self._known:
            search.inside += not is_repeated and _lies_in(search.tile, self._known[source_id])
            return
        try:
            place = self._service.place(fields, source_id, quest.niche)
        except BadRecordError as error:
            yield from self._reject(f"{source_id}: {error}")
            return
        point = _point(place)
        search.inside += not is_repeated and _lies_in(search.tile, point)
        if place.niche not in self._wanted:
            self._known[source_id] = point
            self._other_trades += 1
        elif self._area is not None and point is None and fold(place.city or "") not in self._where.towns:
            why = "; ".join(text for text in fields.left_out if "location" in text or "coordinates" in text)
            reason = (
                f"{source_id}: no place on the map, so nobody can tell whether it lies in {self._area.label}"
            )
            yield from self._reject(f"{reason} ({why})" if why else reason)
        elif self._area is not None and point is not None and not self._area.contains(point):
            self._known[source_id] = point
            self._outside += 1
        else:
            self._known[source_id] = point
            self._places += 1
            quest.found += place.niche == quest.niche.key and not place.is_closed
            yield from (
                Unread(f"{self._service.name} {source_id}: {told}; it was left out")
                for told in fields.left_out
            )
            yield place

    def _reject(self, reason: str) -> Iterator[Rejected]:
        """Told once, however many tiles answer with it."""
        if reason not in self._rejected:
            self._rejected.add(reason)
            yield Rejected(f"{self._service.name} {reason}")

    # ---- what a person should know

    def _remarks(self) -> Iterator[SourceItem]:
        name = self._service.name
        if self._outside and self._area is not None:
            yield Note(f"{name}: results outside {self._area.label} left out: {self._outside}")
        if self._other_trades:
            yield Note(f"{name}: results of other trades left out: {self._other_trades}")
        if self._with_enough:
            yield Note(
                f"{name}: stopped at {self._calls} calls with {self._places} places: enough for an order of "
                f"{self._request.limit}; there may be more of {_listed(self._with_enough)}"
            )
        if self._with_most_calls:
            yield Note(
                f"{name}: stopped at {self._calls} calls with {self._places} places: more calls than "
                f"{self._effort.most_calls} a kind of business are not worth an order of {self._request.limit}; "
                f"there may be more of {_listed(self._with_most_calls)}"
            )
        if self._repeating:
            self._missing.append(
                f"pages of {_listed(self._repeating)} brought nothing new and promised more; "
                "they were not followed"
            )
        if self._crowded:
            self._missing.append(
                f"there are more of {_listed(self._crowded)} than it shows, where no smaller area can be asked for"
            )
        if self._missing:
            yield Incomplete("; ".join(self._missing))


def _as_source_error(name: str, error: SourceError | BudgetExceededError) -> SourceError:
    return error if isinstance(error, SourceError) else SourceError(name, str(error))


def _point(place: Place) -> Point | None:
    if place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude


def _lies_in(tile: Box | None, point: Point | None) -> bool:
    return tile is not None and point is not None and tile.contains(point)


def _listed(keys: Sequence[str]) -> str:
    names = list(dict.fromkeys(key.replace("_", " ") for key in keys))
    more = len(names) - MAX_NAMES_SHOWN
    return ", ".join(names[:MAX_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")
