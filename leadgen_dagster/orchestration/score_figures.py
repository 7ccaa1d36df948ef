"""What Dagster's UI shows of a scoring: a small picture, counts worth a plot, the commonest faults, what changed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import dagster as dg

from leadgen_dagster.exports.charts import Bin, score_bins
from leadgen_dagster.orchestration.stage import counts
from leadgen_dagster.scoring.rescoring import Rescoring
from leadgen_dagster.scoring.scores import WebsiteScore

COMMONEST = 12
MOST_CHANGES = 20
WEAK, FINE = "tomato", "seagreen"
LEFT, BASE, TALL, STEP = 4, 88, 72, 30
"""Of the picture, in pixels: margin, line under the bars, height of the tallest bar, bar and gap."""


def score_figures(
    scores: Sequence[WebsiteScore], *, score_threshold: int, pages: int, seconds: float
) -> dict[str, Any]:
    """What is worth a plot over many runs.

    Args:
        scores: of one partition.
        score_threshold: a website that scores below it is weak.
        pages: how many page bodies were read for it.
        seconds: how long reading and scoring took.
    """
    points = sorted(score.score for score in scores if score.score is not None)
    return {
        "scores": histogram(scores, score_threshold),
        "scored": len(points),
        "share_scored": round(len(points) / len(scores), 3) if scores else None,
        "median_score": points[len(points) // 2] if points else None,
        "pages_read": pages,
        "pages_a_second": round(pages / seconds, 1) if seconds else None,
        "rubric_version": scores[0].rubric_version if scores else None,
        "rubric_hash": scores[0].rubric_hash if scores else None,
        "commonest_faults": commonest_faults(scores),
        **counts([score.website_state for score in scores], "state"),
        **counts([score.lead_class for score in scores], "lead_class"),
        **counts([score.confidence for score in scores if score.score is not None], "confidence"),
    }


def commonest_faults(scores: Sequence[WebsiteScore]) -> dg.MetadataValue | None:
    """How many of the scored websites have each fault, and of how many it is what one would speak of."""
    scored = [score for score in scores if score.score is not None]
    found = Counter(finding.check_id for score in scored for finding in score.findings)
    first = Counter(
        issue
        for score in scored
        for issue in score.top_issues[:1]
        if any(finding.check_id == issue and finding.is_pitchable for finding in score.findings)
    )
    if not found:
        return None
    rows = [
        {"fault": fault, "websites": count, "of_scored": f"{count / len(scored):.0%}", "first": first[fault]}
        for fault, count in sorted(found.items(), key=lambda one: (-one[1], one[0]))[:COMMONEST]
    ]
    return _table(rows, {"fault": "string", "websites": "int", "of_scored": "string", "first": "int"})


def change_figures(changed: Rescoring | None, names: Mapping[str, str]) -> dict[str, Any]:
    """What a re-scoring changed, against the rows that stood before; nothing where none did.

    Args:
        changed: the difference.
        names: of the businesses, by id.
    """
    if changed is None:
        return {}
    before, after = changed.rubrics
    moved = changed.moved
    rows = [
        {
            "business": names[change.business_id],
            "score": f"{_shown(change.before)} → {_shown(change.after)}",
            "lead_class": _moved(change.before.lead_class.value, change.after.lead_class.value),
        }
        for change in changed.changes[:MOST_CHANGES]
    ]
    return {
        "changed/rubric": _moved(before, after),
        "changed/compared": changed.compared,
        "changed/scores": len(moved),
        "changed/median_points": changed.median_points,
        "changed/largest_points": moved[0] if moved else None,
        **{f"changed/{old} → {new}": count for (old, new), count in sorted(changed.class_moves.items())},
        "changes": _table(rows, dict.fromkeys(("business", "score", "lead_class"), "string"))
        if rows
        else None,
    }


def histogram(scores: Sequence[WebsiteScore], threshold: int) -> dg.MetadataValue | None:
    """The distribution of the scores as a picture of less than 1000 characters: more the UI hides behind a link."""
    bins = score_bins(scores, threshold)
    if not any(one.count for one in bins):
        return None
    picture = quote("".join(_svg(bins)), safe="/:='(),")
    return dg.MetadataValue.md(f"![{_in_words(bins, threshold)}](data:image/svg+xml,{picture})")


def _in_words(bins: Sequence[Bin], threshold: int) -> str:
    weak, fine = sum(one.weak for one in bins), sum(one.fine for one in bins)
    return f"{weak} websites score below {threshold}, {fine} from {threshold} on"


def _svg(bins: Sequence[Bin]) -> Iterator[str]:
    """Each bin as one bar, what is weak below what is fine, its count above it and its tens under it."""
    unit = TALL / max(one.count for one in bins)
    lefts = [LEFT + index * STEP for index in range(len(bins))]
    bars: dict[str, list[str]] = {WEAK: [], FINE: []}
    counted = []
    for x, one in zip(lefts, bins, strict=True):
        top = BASE
        for colour, count in ((WEAK, one.weak), (FINE, one.fine)):
            if count:
                tall = max(1, round(count * unit))
                bars[colour].append(f"M{x + STEP // 3} {top}v-{tall}")
                top -= tall
        if one.count:
            counted.append(f"<text x='{x + 6}' y='{top - 3}'>{one.count}</text>")
    width, height = LEFT + STEP * len(bins), BASE + 12
    yield f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' font-size='10' fill='gray'>"
    for colour, paths in bars.items():
        if paths:
            yield f"<path stroke='{colour}' stroke-width='{STEP - 6}' d='{''.join(paths)}'/>"
    yield from counted
    marks = "".join(str(one.low // 10) for one in bins)
    yield f"<text y='{height - 2}' x='{','.join(str(x + 7) for x in lefts)}'>{marks}</text></svg>"


def _table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> dg.MetadataValue:
    schema = dg.TableSchema(columns=[dg.TableColumn(name, kind) for name, kind in columns.items()])
    return dg.MetadataValue.table(records=[dg.TableRecord(dict(row)) for row in rows], schema=schema)


def _shown(score: WebsiteScore) -> str:
    return score.website_state.value if score.score is None else str(score.score)


def _moved(before: str, after: str) -> str:
    return after if before == after else f"{before} → {after}"
