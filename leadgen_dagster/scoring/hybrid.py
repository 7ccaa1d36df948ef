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
    done = sorted(
        (audit for audit in audits if audit.is_done), key=lambda one: list(AuditMethod).index(one.method)
    )
    note = _note(done, [audit for audit in audits if not audit.is_done], has_checks=bool(checked))
    measured: dict[Category, tuple[float, float]] = {}
    for audit in done:
        for category, share in MEASURED_SHARES[audit.method].items():
            if category in audit.category_scores:
                measured.setdefault(category, (audit.category_scores[category], share))
    if not measured or not checked:
        return HybridScore(score=None, note=note)
    both = [
        abs(checked[category] - value) for category, (value, _) in measured.items() if category in checked
    ]
    combined = dict(checked)
    for category, (value, share) in measured.items():
        combined[category] = (1 - share) * checked[category] + share * value if category in checked else value
    whole = sum(weights[category] for category in combined)
    return HybridScore(
        score=round(sum(weights[category] * points for category, points in combined.items()) / whole)
        if whole
        else 0,
        category_scores=combined,
        note=note,
        difference=sum(both) / len(both) if both else None,
    )


def _note(done: Sequence[PageAudit], failed: Sequence[PageAudit], *, has_checks: bool) -> str | None:
    if not done and not failed:
        return None
    said = []
    if done:
        names = " and ".join(audit.method.words for audit in done)
        said.append(
            f"The checks combined with {names}."
            if has_checks
            else _sentence(f"{names} found nothing to score")
        )
    said += [_sentence(f"{audit.method.words} could not look: {audit.error}") for audit in failed]
    if has_checks and not done:
        said.append("The score is of the checks alone.")
    return " ".join(said)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}."
