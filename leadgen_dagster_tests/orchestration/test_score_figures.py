"""What the UI shows of a scoring says what the rows say, and stays small."""

import re
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import dagster as dg
import pytest

from leadgen_dagster.orchestration.score_figures import (
    change_figures,
    commonest_faults,
    histogram,
    score_figures,
)
from leadgen_dagster.orders import MAX_BUSINESSES_LIMIT
from leadgen_dagster.scoring.rescoring import rescoring
from leadgen_dagster.scoring.scores import LeadClass, WebsiteScore, WebsiteState
from leadgen_dagster_tests.factories import make_finding, make_score

SHOWN_AT_ONCE = 1_000
"""Characters of Markdown; more is behind a link in the UI."""
UNSCORED = {"score": None, "website_state": WebsiteState.PARKED, "findings": (), "top_issues": ()}


def scores_of(*points: int | None) -> list[WebsiteScore]:
    return [
        make_score(business_id=str(index), **(UNSCORED if point is None else {"score": point}))
        for index, point in enumerate(points)
    ]


def markdown(value: dg.MetadataValue | None) -> str:
    assert isinstance(value, dg.MarkdownMetadataValue)
    return str(value.md_str)


def rows(value: object) -> list[dict[str, object]]:
    assert isinstance(value, dg.TableMetadataValue)
    return [dict(record.data) for record in value.records]


class TestPicture:
    def test_it_shows_every_bin_with_its_count_and_says_in_words_what_it_shows(self) -> None:
        shown = markdown(histogram(scores_of(0, 9, 48, 69, 70, 100, None), 70))
        parts = re.fullmatch(r"!\[(.+)\]\(data:image/svg\+xml,(\S+)\)", shown)
        assert parts is not None
        assert parts[1] == "4 websites score below 70, 2 from 70 on"
        picture = ET.fromstring(unquote(parts[2]))  # noqa: S314  # our own
        texts = [text.text for text in picture if text.tag.endswith("text")]
        assert texts == ["2", "1", "1", "1", "1", "0123456789"]
        heights = {
            path.get("stroke"): re.findall(r"v-(\d+)", path.get("d", ""))
            for path in picture
            if path.tag.endswith("path")
        }
        assert heights == {"tomato": ["72", "36", "36"], "seagreen": ["36", "36"]}

    def test_however_many_websites_it_is_small_enough_to_be_shown_at_once(self) -> None:
        shown = markdown(histogram(scores_of(*(point % 101 for point in range(MAX_BUSINESSES_LIMIT))), 55))
        assert len(shown) < SHOWN_AT_ONCE

    def test_without_a_scored_website_there_is_none(self) -> None:
        assert histogram(scores_of(None), 70) is None
        assert histogram([], 70) is None


class TestCounts:
    def test_the_share_the_speed_and_every_state_are_told(self) -> None:
        figures = score_figures(scores_of(20, 40, None, 90), score_threshold=70, pages=6, seconds=0.5)
        assert (figures["scored"], figures["share_scored"], figures["median_score"]) == (3, 0.75, 40)
        assert (figures["pages_read"], figures["pages_a_second"]) == (6, 12.0)
        assert (figures["state/ok"], figures["state/parked"], figures["confidence/high"]) == (3, 1, 3)

    def test_a_partition_without_businesses_has_figures_too(self) -> None:
        assert score_figures([], score_threshold=70, pages=0, seconds=0.0)["scored"] == 0

    def test_the_commonest_faults_come_first_and_only_of_websites_that_were_scored(self) -> None:
        old, wide = make_finding(check_id="trust.old"), make_finding(check_id="mobile.wide")
        scores = [
            make_score(business_id="a", findings=(old,), top_issues=("trust.old",)),
            make_score(business_id="b", findings=(wide, old), top_issues=("mobile.wide", "trust.old")),
            make_score(
                business_id="d",
                findings=(make_finding(check_id="trust.old", is_pitchable=False),),
                top_issues=("trust.old",),
            ),
            make_score(business_id="c", **(UNSCORED | {"findings": (wide,)})),
        ]
        assert rows(commonest_faults(scores)) == [
            {"fault": "trust.old", "websites": 3, "of_scored": "100%", "first": 1},
            {"fault": "mobile.wide", "websites": 1, "of_scored": "33%", "first": 1},
        ]


class TestChanges:
    @pytest.fixture
    def before(self) -> dict[str, WebsiteScore]:
        return {score.business_id: score for score in scores_of(20, 50, 90, None)}

    def test_what_changed_is_told_against_the_rows_that_stood_there(
        self, before: dict[str, WebsiteScore]
    ) -> None:
        after = scores_of(30, 50, 40, 60)
        after[0] = make_score(business_id="0", score=30, rubric_version="2", rubric_hash="f" * 64)
        after[2] = make_score(business_id="2", score=40, lead_class=LeadClass.CHECK_FIRST)
        figures = change_figures(
            rescoring(before, after), {str(index): f"Firm {index}" for index in range(4)}
        )
        assert figures["changed/rubric"] == "test (00000000) → 2 (ffffffff), test (00000000)"
        assert (figures["changed/compared"], figures["changed/scores"]) == (4, 2)
        assert (figures["changed/median_points"], figures["changed/largest_points"]) == (-20, -50)
        assert figures["changed/ready_to_mail → check_first"] == 1
        assert rows(figures["changes"]) == [
            {"business": "Firm 2", "score": "90 → 40", "lead_class": "ready_to_mail → check_first"},
            {"business": "Firm 0", "score": "20 → 30", "lead_class": "ready_to_mail"},
            {"business": "Firm 3", "score": "parked → 60", "lead_class": "ready_to_mail"},
        ]

    def test_where_nothing_changed_that_is_said(self, before: dict[str, WebsiteScore]) -> None:
        figures = change_figures(rescoring(before, list(before.values())), {})
        assert figures["changed/rubric"] == "test (00000000)"
        assert (figures["changed/scores"], figures["changes"]) == (0, None)

    def test_where_nothing_stood_before_nothing_is_said(self) -> None:
        assert rescoring({}, scores_of(20)) is None
        assert change_figures(None, {}) == {}
