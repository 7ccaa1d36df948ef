"""What a place source is asked, what it answers, and what it is handed to find out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.locations import Location, SearchArea, parse_location
from leadgen_dagster.discovery.niches import Niche

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

# -------------------------------------------------------------------------------- the question


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRequest:
    """What a source is asked for."""

    location: str
    """As ordered; `where` reads it."""
    niches: tuple[Niche, ...]
    """The ones that were ordered."""
    ordered_on: date
    home_country: str | None = None
    """The agency's, ISO 3166-1 alpha-2: which of several places of one name is meant."""
    limit: int = 50
    """So many leads are wanted; a source whose calls cost need not look for many times as many."""
    other_niches: tuple[Niche, ...] = ()
    """Given too by a source that this costs no call: neighbours show which names and domains are chains."""

    @property
    def all_niches(self) -> tuple[Niche, ...]:
        """The ordered ones first: a place that fits two belongs to the one that was asked for."""
        return (*self.niches, *self.other_niches)

    @property
    def where(self) -> Location:
        return parse_location(self.location)


# -------------------------------------------------------------------------------- the answer


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that was set aside, with the reason in a sentence that names it."""

    reason: str
    record: Mapping[str, str] = field(default_factory=dict)
    """What it said, column by column, where the agency can mend it in its own list."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A detail that could not be read and was left out of a record that is used, in a sentence that names both."""

    reason: str
    record: Mapping[str, str] = field(default_factory=dict)
    """What the whole record said, as in `Rejected`."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a person should know of the source's answer as a whole."""

    text: str


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Why a source gave less than it has: a budget, a quota, a line that broke. What it gave until then is kept."""

    reason: str


SourceItem = Place | Rejected | Unread | Note | Incomplete | SearchArea
"""A source that knows where it looked says so with one `SearchArea`, before the first place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What asking a source would take, told before it is asked."""

    calls_at_least: int = 0
    calls_at_most: int = 0
    cost_at_least_micro_usd: int = 0
    cost_at_most_micro_usd: int = 0
    note: str = ""
    """What the numbers depend on, in a sentence."""


NO_CALLS = Estimate(note="reads a file; no call is made")


class PlaceSource(Protocol):
    """A list of places, whoever keeps it."""

    @property
    def name(self) -> str: ...

    @property
    def licence(self) -> str:
        """SPDX identifier, or a sentence where there is none."""

    @property
    def attribution(self) -> str: ...

    @property
    def is_real(self) -> bool:
        """False for the demo town: nobody there may be looked for on the real web."""

    def check_ready(self, location: str) -> None:
        """Refuses, before an order stands, what `places` could not answer; calls nobody and costs nothing.

        Raises:
            OrderError: the source does not know the location; names the nearest that it knows.
            FileError: its file is not what it should be.
        """

    def estimate(self, request: PlaceRequest) -> Estimate:
        """What `places` would call and cost, as far as it can be told without a call."""

    def places(self, request: PlaceRequest) -> Iterable[SourceItem]:
        """The places asked for, what was set aside, and notes.

        A source that breaks off after it has given places says `Incomplete`; one that raises gave none.

        Raises:
            SourceError: the source could not answer.
            OrderError: the source does not know the location.
            FileError: its file cannot be read.
        """


# -------------------------------------------------------------------------------- what a source is handed


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall:
    """One question to an outside service. Keys are no part of it: whoever makes the call adds them."""

    endpoint: str
    """The path under the service's base address, e.g. `/v1/places:searchText`."""
    method: Literal["GET", "POST"] = "GET"
    query: Mapping[str, str] = field(default_factory=dict)
    document: Mapping[str, Any] | None = None
    """Sent as JSON."""
    form: Mapping[str, str] | None = None
    """Sent as a form."""
    headers: Mapping[str, str] = field(default_factory=dict)
    items_in: str = ""
    """The name of the list in the answer whose length the ledger notes."""
    dropped: frozenset[str] = frozenset()
    """Fields of those items that nobody here needs, such as who wrote them: gone before the answer is kept."""
    cost_micro_usd: int = 0
    fault_of: Callable[[Mapping[str, Any]], str | None] | None = None
    """Why an answer of 200 is none, for services that say so in the answer itself; such a one may be asked again."""


class PlaceApi(Protocol):
    """An outside service, asked within its rules and the order's budget.

    Answers are remembered as they come, so that a killed run goes on where it was and nothing is paid twice; each
    call is a row of the ledger; 429 and 5xx are tried again here and nowhere else.
    """

    def ask(self, call: ApiCall) -> Mapping[str, Any]:
        """The answer, a JSON object.

        Raises:
            SourceError: the service refused, failed or could not be reached; says whether later may help.
            BudgetExceededError: the order's budget has no room for the call.
        """


ApiOf = Callable[[str], PlaceApi]
"""Service -> the way to it. Services: overpass, google_places, yelp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAccess:
    """All that a source may need; each takes what is its own.

    Attributes:
        path: where the bytes of an ordered file lie now.
        label: the file's name, or a dataset's address, as the person knows it.
        column_map: the agency's own headers -> our columns, for lists.
        api: the way to outside services; None while an order is only checked.
        open_dataset: address of a folder or bucket -> its file system and the path in it.
        price_usd_per_1000_calls: of the source's service, for estimates and the ledger.
    """

    path: Path | None = None
    label: str | None = None
    column_map: Mapping[str, str] = field(default_factory=dict)
    api: ApiOf | None = None
    open_dataset: "Callable[[str], tuple[FileSystem, str]] | None" = None
    price_usd_per_1000_calls: float = 0.0
