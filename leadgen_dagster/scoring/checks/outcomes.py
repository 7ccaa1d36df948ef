"""What a check may say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from leadgen_dagster.scoring.site_pages import SitePages


@dataclass(frozen=True, slots=True)
class Passed:
    """What was asked for is there."""


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The question makes no sense here, or the pages at hand cannot answer it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The fault, with what proves it."""

    where: str
    """A CSS selector, a header's name, or what was measured."""
    snippet: str
    url: str | None = None
    """The page it stands on; None: the home page."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """What fills the rubric's wording."""


Outcome = Passed | NotApplicable | Failed
Check = Callable[[SitePages], Outcome]

PASSED = Passed()
NOT_APPLICABLE = NotApplicable()
