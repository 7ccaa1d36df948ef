"""What Dagster's UI shows of a scoring: a small picture, counts worth a plot, the commonest faults, what changed."""

import base64
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from leadgen_dagster.exports.charts import Bin, score_bins
from leadgen_dagster.orchestration.stage import counts
from leadgen_dagster.scoring.rescoring import Rescoring
from leadgen_dagster.scoring.scores import WebsiteScore

COMMONEST = 12
MOST_CHANGES = 20
WEAK, FINE, INK = "#c2553d", "#2f7d5b", "#33373d"
LEFT, BASE, TALL, STEP = 8, 112, 72, 34
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
    first = Counter(issue for score in scored for issue in score.top_issues[:1])
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
    """The distribution of the scores as an inline picture of about 2 kB: it is stored with the event."""
    bins = score_bins(scores, threshold)
    if not any(one.count for one in bins):
        return None
    encoded = base64.b64encode(_svg(bins, threshold).encode()).decode()
    return dg.MetadataValue.md(f"![{_in_words(bins, threshold)}](data:image/svg+xml;base64,{encoded})")


def _in_words(bins: Sequence[Bin], threshold: int) -> str:
    weak, fine = sum(one.weak for one in bins), sum(one.fine for one in bins)
    return f"{weak} websites score below {threshold}, {fine} from {threshold} on"


def _svg(bins: Sequence[Bin], threshold: int) -> str:
    width = 2 * LEFT + STEP * len(bins)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{BASE + 20}" '
        f'font-family="sans-serif" font-size="10" text-anchor="middle" fill="{INK}">'
        f'<rect width="100%" height="100%" rx="4" fill="#fff"/>'
        f'<text x="{LEFT}" y="14" text-anchor="start" font-size="11">{_in_words(bins, threshold)}</text>'
        f"{''.join(_bars(bins))}</svg>"
    )


def _bars(bins: Sequence[Bin]) -> Iterator[str]:
    """Each bin as one bar, what is weak below what is fine, its count above and where it begins under it."""
    unit = TALL / max(one.count for one in bins)
    for index, one in enumerate(bins):
        x, middle, top = LEFT + index * STEP, LEFT + index * STEP + STEP // 2 - 2, float(BASE)
        for count, colour in ((one.weak, WEAK), (one.fine, FINE)):
            if count:
                top -= count * unit
                yield f'<rect x="{x}" y="{top:.1f}" width="{STEP - 4}" height="{count * unit:.1f}" fill="{colour}"/>'
        if one.count:
            yield f'<text x="{middle}" y="{top - 3:.1f}">{one.count}</text>'
        yield f'<text x="{middle}" y="{BASE + 14}" fill="#777">{one.low}</text>'


def _table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> dg.MetadataValue:
    schema = dg.TableSchema(columns=[dg.TableColumn(name, kind) for name, kind in columns.items()])
    return dg.MetadataValue.table(records=[dg.TableRecord(dict(row)) for row in rows], schema=schema)


def _shown(score: WebsiteScore) -> str:
    return score.website_state.value if score.score is None else str(score.score)


def _moved(before: str, after: str) -> str:
    return after if before == after else f"{before} → {after}"
