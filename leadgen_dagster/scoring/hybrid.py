"""The checks and a second look, combined by a stated formula. Pure.

For each category that a method measured, the combined value is `(1 - share) * checks + share * measured`, with the
share of `MEASURED_SHARES`; a category that only the checks know (trust, conversion) keeps their value, and one that
only the method knows takes the method's. The whole is the mean of the categories by their weights in the rubric.

Of several methods the surest counts for each category: Lighthouse, else PageSpeed Insights, else the browser.
Where both know a category, the mean absolute difference says how well they agree: up to `CLOSE` points confidence
goes up a step, beyond `FAR` points down a step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from leadgen_dagster.scoring.audits import AuditMethod, PageAudit
from leadgen_dagster.scoring.scores import Category, Confidence

HYBRID_VERSION = "1"

LABORATORY: Mapping[Category, float] = {
    Category.PERFORMANCE: 0.7,  # loading takes place; the checks see only what will be loaded
    Category.ACCESSIBILITY: 0.5,
    Category.BEST_PRACTICES: 0.5,
    Category.SEO: 0.5,
}
MEASURED_SHARES: Mapping[AuditMethod, Mapping[Category, float]] = {
    AuditMethod.LIGHTHOUSE: LABORATORY,
    AuditMethod.PAGESPEED: LABORATORY,
    # Its speed is reckoned from the weight of what was loaded, and no more sure than the checks are.
    AuditMethod.BROWSER: {Category.PERFORMANCE: 0.5, Category.ACCESSIBILITY: 0.5},
}
"""How much of a category is the method's; the rest is the checks'."""

CLOSE = 10.0
"""Points between the checks and a method up to which they agree."""
FAR = 25.0
"""Points from which on they contradict each other."""

SUREST_FIRST = tuple(AuditMethod)
STEPS = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)


@dataclass(frozen=True, slots=True, kw_only=True)
class HybridScore:
    """What the checks and the audits come to together."""

    score: int | None
    """0 to 100; None where no audit was done or no check applied: what the checks say stands."""
    category_scores: Mapping[Category, float] = field(default_factory=dict)
    note: str | None = None
    """Who looked and who could not, for a person; None where nobody was asked."""
    difference: float | None = None
    """Mean points between the checks and the methods, over the categories that both know."""

    @property
    def is_hybrid(self) -> bool:
        return self.score is not None

    def confidence(self, sureness: Confidence, reason: str) -> tuple[Confidence, str]:
        """The confidence in the checks, a step up or down by how well a second method agrees, and why."""
        if self.difference is None:
            return sureness, reason
        told = f"{reason} The second look differs by {self.difference:.0f} points on average"
        step = STEPS.index(sureness)
        if self.difference <= CLOSE:
            return STEPS[min(step + 1, len(STEPS) - 1)], f"{told}, which confirms it."
        if self.difference > FAR:
            return STEPS[max(step - 1, 0)], f"{told}, which casts doubt on it."
        return sureness, f"{told}."


def hybrid(
    checked: Mapping[Category, float],
    audits: Sequence[PageAudit],
    weights: Mapping[Category, int],
) -> HybridScore:
    """The checks' category scores and the audits of the same page as one score.

    Args:
        weights: of the categories in the whole, as the rubric has them.
    """
    measured: dict[Category, tuple[float, AuditMethod]] = {}
    for audit in sorted(audits, key=lambda one: SUREST_FIRST.index(one.method)):
        known = audit.category_scores if audit.is_done else {}
        for category in filter(known.__contains__, MEASURED_SHARES[audit.method]):  # in one order, always
            measured.setdefault(category, (known[category], audit.method))
    used = sorted({method for _, method in measured.values()}, key=SUREST_FIRST.index) if checked else []
    alone = "The score is of the checks alone." if checked else "There was nothing to score."
    note = _note(used, audits, alone)
    if not used:
        return HybridScore(score=None, note=note)
    combined, differences = dict(checked), []
    for category, (value, method) in measured.items():
        share = MEASURED_SHARES[method][category] if category in checked else 1.0
        combined[category] = (1 - share) * checked.get(category, 0.0) + share * value
        differences += [abs(checked[category] - value)] if category in checked else []
    whole = sum(weights[category] for category in combined)
    total = sum(weights[category] * points for category, points in combined.items())
    return HybridScore(
        score=round(total / whole) if whole else 0,
        category_scores=combined,
        note=note,
        difference=sum(differences) / len(differences) if differences else None,
    )


def _note(used: Sequence[AuditMethod], audits: Sequence[PageAudit], alone: str) -> str | None:
    if not audits:
        return None
    failures = [
        _sentence(f"{one.method.words} could not look: {one.error}") for one in audits if not one.is_done
    ]
    if not used:
        return " ".join([*failures, alone])
    return " ".join([f"The checks combined with {' and '.join(method.words for method in used)}.", *failures])


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}."
