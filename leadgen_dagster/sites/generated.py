"""A demo site as it was rendered."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SHOWN_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedSite:
    """One demo site: rendered and stored, not published."""

    id: str
    """`uuid5` of business id and the word `site`."""
    business_id: str
    theme: str
    palette: str
    language: str
    token: str
    """The unguessable part of its address: the site is served under `/d/<token>/`."""
    content_hash: str
    """SHA-256 over the files, hex; the files lie in the object store under `sites/<content_hash>/`."""
    size_bytes: int
    facts: Mapping[str, str] = field(default_factory=dict)
    """Every fact printed on it: name of the fact -> where it came from."""
    score_before: int | None = None
    """The old site's score over the checks that apply to both; None where there was none to score."""
    score_after: int
    """The demo's score by the same scorer over the same checks."""
    faults_gone: tuple[str, ...] = ()
    """Check ids that failed before and pass now."""
    faults_left: tuple[str, ...] = ()
    """Check ids that failed before and fail still: what no fact could mend."""
    faults: tuple[str, ...] = ()
    """What is wrong with the demo itself, each a sentence; one that has any is shown to nobody."""

    copy: Mapping[str, str] = field(default_factory=dict)
    """Section -> what a language model wrote there; sections that rules wrote are not in it."""
    copy_note: str | None = None
    """Why rules stepped in for the model, if they did."""

    @property
    def short_hash(self) -> str:
        """Enough of the content's hash for a person to tell one demo from another."""
        return self.content_hash[:SHOWN_DIGITS]

    @property
    def is_presentable(self) -> bool:
        return not self.faults
