"""What scoring a partition again changed: the rows that stood there before, beside those of now."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from leadgen_dagster.scoring.scores import LeadClass, WebsiteScore


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreChange:
    """One business whose score, website state or lead class is not what it was."""

    business_id: str
    before: WebsiteScore
    after: WebsiteScore

    @property
    def points(self) -> int | None:
        """Up or down; None where one of the two was no score."""
        if self.before.score is None or self.after.score is None:
            return None
        return self.after.score - self.before.score


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescoring:
    """The difference between two scorings of one partition."""

    compared: int
    """Businesses that were there both times."""
    changes: tuple[ScoreChange, ...]
    """The largest first."""
    rubrics: tuple[str, str]
    """Version and hash before and now; several before are joined."""

    @property
    def moved(self) -> tuple[int, ...]:
        """By how many points each score changed that did."""
        return tuple(change.points for change in self.changes if change.points)

    @property
    def median_points(self) -> float | None:
        return median(self.moved) if self.moved else None

    @property
    def class_moves(self) -> Mapping[tuple[LeadClass, LeadClass], int]:
        """How many leads went from one class to another."""
        return Counter(
            (change.before.lead_class, change.after.lead_class)
            for change in self.changes
            if change.before.lead_class is not change.after.lead_class
        )


def rescoring(before: Mapping[str, WebsiteScore], after: Sequence[WebsiteScore]) -> Rescoring | None:
    """The difference; None where nothing stood before.

    Args:
        before: the published rows, by business id.
        after: the rows that take their place.
    """
    pairs = [(before[score.business_id], score) for score in after if score.business_id in before]
    if not pairs:
        return None
    changes = [
        ScoreChange(business_id=new.business_id, before=old, after=new)
        for old, new in pairs
        if (old.score, old.website_state, old.lead_class) != (new.score, new.website_state, new.lead_class)
    ]
    changes.sort(key=lambda change: (-abs(change.points or 0), change.business_id))
    return Rescoring(
        compared=len(pairs),
        changes=tuple(changes),
        rubrics=(_rubrics([old for old, _ in pairs]), _rubrics([new for _, new in pairs])),
    )


def _rubrics(scores: Sequence[WebsiteScore]) -> str:
    """Version and the first digits of the hash, which changes with every weight and word."""
    return ", ".join(sorted({f"{score.rubric_version} ({score.rubric_hash[:8]})" for score in scores}))
