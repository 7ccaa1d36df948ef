"""How one scored website looks on a terminal, from a phone's width on: the figure, then the faults worst first."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from leadgen_dagster.cli.output import out
from leadgen_dagster.cli.snapshot_report import clean, size
from leadgen_dagster.cli.words import STATE_WORDS, fault_words
from leadgen_dagster.scoring.lead_class import TEXT_ADDRESSED_TO_MACHINES
from leadgen_dagster.scoring.rubric import HIGH_SEVERITY
from leadgen_dagster.scoring.rules import Rubric, Rule
from leadgen_dagster.scoring.scores import Category, Confidence, Finding, WebsiteScore
from leadgen_dagster.scoring.snapshots import PageKind, PageSnapshot

DIGITS = {
    "0": "█▀█ █ █ ▀▀▀",
    "1": "▀█   █  ▀▀▀",
    "2": "▀▀█ █▀▀ ▀▀▀",
    "3": "▀▀█ ▀▀█ ▀▀▀",
    "4": "█ █ ▀▀█   ▀",
    "5": "█▀▀ ▀▀█ ▀▀▀",
    "6": "█▀▀ █▀█ ▀▀▀",
    "7": "▀▀█   █   ▀",
    "8": "█▀█ █▀█ ▀▀▀",
    "9": "█▀█ ▀▀█ ▀▀▀",
}
"""Three rows of three, one beside the other."""
POOR = 50
SHOWN_AT_FIRST = 8
MOST_BAR = 40
CONFIDENCE_STYLES = {Confidence.HIGH: "green", Confidence.MEDIUM: "yellow", Confidence.LOW: "red"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredWebsite:
    """One website beside any run, and what it was scored by."""

    name: str
    """What was asked for: a host, or the name of a file."""
    score: WebsiteScore
    snapshots: Sequence[PageSnapshot]
    rubric: Rubric
    threshold: int
    """Below it a website is weak."""
    is_saved: bool
    """Whether only a saved page was read: nothing can be said of its server."""
    has_country: bool
    """Without one, numbers in national form could not be read."""

    @property
    def faults(self) -> list[Finding]:
        """What an owner can see first, the gravest before the others; then what costs most points."""
        return sorted(
            self.score.findings,
            key=lambda one: (
                not one.is_pitchable,
                -one.severity if one.is_pitchable else 0,
                -one.points_lost,
                one.check_id,
            ),
        )

    @property
    def first_words(self) -> str | None:
        """What one would tell the owner first; None for a good website, and where nothing can be seen unaided."""
        pitched = [one for one in self.score.findings if one.is_pitchable]
        is_grave = any(one.severity >= HIGH_SEVERITY for one in pitched)
        is_good = self.score.score is not None and self.score.score >= self.threshold and not is_grave
        if is_good or not pitched:
            return None
        worst = self.faults[0]
        return self.rubric.rules[worst.check_id].for_shopkeeper(worst.parameters)


def score_document(shown: ScoredWebsite) -> dict[str, Any]:
    """The report as JSON: every fault with its evidence and its words."""
    score, home = shown.score, shown.snapshots[0].page
    return {
        "website": shown.name,
        # The evidence of a saved page has a stand-in for its address, since its own is not known.
        "page": shown.name if shown.is_saved else home.final_url or home.url,
        "looked_at": home.fetched_at.isoformat(),
        "state": score.website_state,
        "state_cause": score.state_cause,
        "state_reason": score.state_reason,
        "score": score.score,
        "threshold": shown.threshold,
        "category_scores": dict(score.category_scores),
        "confidence": score.confidence,
        "confidence_reason": score.confidence_reason,
        "is_addressed_to_machines": TEXT_ADDRESSED_TO_MACHINES in score.flags,
        "first_words": shown.first_words,
        "faults": [
            _fault_document(finding, shown.rubric.rules[finding.check_id]) for finding in shown.faults
        ],
        "works": list(score.checks_passed),
        "not_asked": list(score.checks_not_applicable),
        "pages": [
            {"kind": one.kind, "url": one.page.url, "outcome": one.page.outcome, "status": one.page.status}
            for one in shown.snapshots
        ],
        "rubric_version": score.rubric_version,
        "rubric_hash": score.rubric_hash,
    }


def _fault_document(finding: Finding, rule: Rule) -> dict[str, Any]:
    return {
        **asdict(finding),
        "evidence": asdict(finding.evidence) | {"looked_at": finding.evidence.looked_at.isoformat()},
        "shopkeeper": rule.for_shopkeeper(finding.parameters),
        "developer": rule.for_developer(finding.parameters),
        "fix": rule.fix,
    }


def print_score(shown: ScoredWebsite, *, is_all_shown: bool) -> None:
    score = shown.score
    home = shown.snapshots[0].page
    out.print(Text(clean(shown.name), "bold", overflow="fold"))
    if not shown.is_saved:
        out.print(Text(clean(home.final_url or home.url), "dim", overflow="fold"))
    out.print(Text(_looked_at(shown), "dim"))
    out.print()
    if score.score is None:
        out.print(Text.assemble(("Not scored: ", "bold"), (STATE_WORDS[score.website_state], "yellow")))
        out.print(Text(clean(score.state_reason)))
    else:
        out.print(_figure(score.score, shown.threshold))
        out.print()
        out.print(_categories(shown))
    out.print()
    out.print(_labelled(_verdicts(shown)))
    _print_faults(shown)
    _print_questions("What works", "✓", "green", _questions(shown, score.checks_passed), is_all_shown)
    _print_questions(
        "What could not be asked", "·", "dim", _questions(shown, score.checks_not_applicable), is_all_shown
    )


def _looked_at(shown: ScoredWebsite) -> str:
    home = shown.snapshots[0].page
    pages = sum(one.kind in {PageKind.HOME, PageKind.CONTACT} for one in shown.snapshots)
    facts = [f"read on {home.fetched_at:%Y-%m-%d}", f"{pages} page{'s' if pages > 1 else ''}"]
    if home.content_length is not None:
        facts.append(size(home.content_length))
    return " · ".join(facts)


def _figure(score: int, threshold: int) -> Table:
    """The figure in large digits, a bar beside it."""
    style = _style(score, threshold)
    rows = ["  ".join(DIGITS[digit][row * 4 : row * 4 + 3] for digit in str(score)) for row in range(3)]
    width = min(MOST_BAR, out.width - len(rows[0]) - 5)
    weak = f"weak: below {threshold}" if score < threshold else f"fine: {threshold} or more"
    table = Table.grid(padding=(0, 3))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_row(Text(rows[0], style), Text.assemble((f"{score} of 100", "bold")))
    table.add_row(Text(rows[1], style), Text(weak))
    table.add_row(Text(rows[2], style), _bar(score, width, style))
    return table


def _categories(shown: ScoredWebsite) -> Table:
    table = Table.grid(padding=(0, 1))
    for justify in ("left", "right", "left"):
        table.add_column(justify=justify, no_wrap=True)
    width = max(8, min(MOST_BAR, out.width - 22))
    for category in Category:
        points = shown.score.category_scores.get(category)
        if points is None:
            table.add_row(Text(category.label), "-", Text("nothing to ask", "dim"))
        else:
            table.add_row(
                Text(category.label), str(points), _bar(points, width, _style(points, shown.threshold))
            )
    return table


def _verdicts(shown: ScoredWebsite) -> Iterator[tuple[str, Text]]:
    score = shown.score
    if shown.first_words:
        yield "say first", Text(f"“{clean(shown.first_words)}”", "bold")
    elif score.score is not None:
        yield "say first", Text("nothing: there is no reason to ring up", "green")
    sureness = Text(score.confidence.value, CONFIDENCE_STYLES[score.confidence])
    yield "confidence", Text.assemble(sureness, f": {clean(score.confidence_reason)}")
    if not shown.has_country:
        yield "country", Text("not known, so no phone number was looked for; --country GB says it", "yellow")
    if TEXT_ADDRESSED_TO_MACHINES in score.flags:
        yield "to check", Text("the page holds text that is addressed to programs", "yellow")
    yield "rubric", Text(f"version {score.rubric_version}, {score.rubric_hash[:8]}", "dim")


def _print_faults(shown: ScoredWebsite) -> None:
    findings = shown.faults
    if shown.score.score is None and not findings:
        return
    out.print()
    count = (
        f"{len(findings)} faults: what an owner can see first, then by points"
        if len(findings) > 1
        else "1 fault"
        if findings
        else "No fault"
    )
    out.print(Text(count, "bold"))
    home = shown.snapshots[0].page
    for number, finding in enumerate(findings, 1):
        rule = shown.rubric.rules[finding.check_id]
        out.print()
        heading = Text.assemble(
            (f"{number} ", "dim"),
            (fault_words(finding.check_id), "bold red" if finding.is_pitchable else "bold"),
            (f"  -{finding.points_lost:.1f} {finding.category.label}", "dim"),
            (f"  {finding.check_id}", "dim"),
        )
        out.print(heading)
        where = (
            "" if finding.evidence.url in {home.url, home.final_url} else f"{clean(finding.evidence.url)}: "
        )
        told = [
            ("owner", Text(clean(rule.for_shopkeeper(finding.parameters)))),
            ("seen", Text.assemble(where, (clean(finding.evidence.where), "cyan"))),
            ("", Text(clean(finding.evidence.snippet), "italic")),
            ("dev", Text(clean(rule.for_developer(finding.parameters)))),
            ("fix", Text(clean(rule.fix))),
        ]
        out.print(Padding(_labelled(told), (0, 0, 0, 2)))


def _questions(shown: ScoredWebsite, check_ids: Sequence[str]) -> list[str]:
    """The questions of these checks, those first that matter most to an owner."""
    rules = [shown.rubric.rules[check_id] for check_id in check_ids]
    rules.sort(key=lambda rule: (not rule.is_pitchable, -rule.severity, rule.check_id))
    return [rule.question for rule in rules]


def _print_questions(title: str, mark: str, style: str, questions: list[str], is_all_shown: bool) -> None:
    if not questions:
        return
    shown = questions if is_all_shown else questions[:SHOWN_AT_FIRST]
    out.print()
    out.print(Text.assemble((title, "bold"), (f"  {len(questions)}", "dim")))
    out.print(_labelled([(Text(mark, style), Text(question)) for question in shown]))
    if len(shown) < len(questions):
        out.print(Text(f"  and {len(questions) - len(shown)} more: --all shows them", "dim"))


def _labelled(rows: "Sequence[tuple[str | Text, Text]] | Iterator[tuple[str, Text]]") -> Table:
    """Labels in a narrow column, text that wraps under itself beside them."""
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for label, text in rows:
        table.add_row(label, text)
    return table


def _style(points: int, threshold: int) -> str:
    if points >= threshold:
        return "green"
    return "yellow" if points >= min(POOR, threshold) else "red"


def _bar(points: int, width: int, style: str) -> Text:
    filled = min(width, max(round(points / 100 * width), 1 if points else 0))
    return Text.assemble(("█" * filled, style), ("░" * (width - filled), "dim"))
