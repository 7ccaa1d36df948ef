"""What a demo is made of: a text that may be printed, and where it is from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that may be printed, and where it is from."""

    value: str
    origin: str
    """`record: …` or `page: URL`."""
    snippet: str | None = None
    """What stands on that page, for a person who asks."""

    def __post_init__(self) -> None:
        """Half of a character, as JSON on a page may hold, can be written nowhere: it becomes a question mark."""
        object.__setattr__(self, "value", self.value.encode("utf-8", "replace").decode("utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Something that the business says it offers, in its own words; with the price that stands beside it."""

    name: Fact
    price: Fact | None = None
