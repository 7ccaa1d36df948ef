import re
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from leadgen_dagster.discovery.sources.osm_streets import Street, StreetKind
from leadgen_dagster.sites.area_map import HEIGHT, MAX_BYTES, METRES_PER_UNIT, WIDTH, AreaMap, draw_area
from leadgen_dagster.sites.brief import make_site_brief
from leadgen_dagster.sites.gallery import POSITION, sample_brief, sample_streets
from leadgen_dagster.sites.gates import gate_faults
from leadgen_dagster.sites.theme import Theme, themes
from leadgen_dagster.sites.view import render_page, site_page
from leadgen_dagster_tests.factories import make_business, make_score
from leadgen_dagster_tests.sites.records import ORDERED_ON, look, page_of

CROSS = tuple(
    Street(StreetKind.SIDE, ((POSITION[0] + north, POSITION[1] - 1), (POSITION[0] + north, POSITION[1] + 1)))
    for north in (-0.0005, 0, 0.0005)
)
SUBPATH = re.compile(r"M(\d+) (\d+)l([-\d ]+)")

near = st.tuples(
    st.floats(POSITION[0] - 0.003, POSITION[0] + 0.003), st.floats(POSITION[1] - 0.006, POSITION[1] + 0.006)
)
anywhere = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
streets = st.builds(Street, st.sampled_from(StreetKind), st.lists(near | anywhere, max_size=12).map(tuple))


def strokes(path: str) -> list[list[tuple[int, int]]]:
    """The points of each stroke; nothing else may stand in a path."""
    assert SUBPATH.sub("", path) == ""
    return [list(_points(found)) for found in SUBPATH.finditer(path)]


def _points(found: re.Match[str]) -> list[tuple[int, int]]:
    steps = [int(step) for step in re.findall(r"-?\d+", found[3])]
    assert steps
    assert len(steps) % 2 == 0
    rights, downs = (accumulate(steps[at::2], initial=int(found[at + 1])) for at in (0, 1))
    return list(zip(rights, downs, strict=True))


@settings(max_examples=60)
@given(st.lists(streets, max_size=30))
def test_any_streets_give_strokes_within_the_box_of_bounded_size_in_any_order(found: list[Street]) -> None:
    drawn = draw_area(POSITION, found)
    assert draw_area(POSITION, reversed(found)) == drawn
    if drawn is None:
        return
    paths = (drawn.main, drawn.side, drawn.paths)
    assert sum(map(len, paths)) <= MAX_BYTES
    assert all(
        0 <= x <= WIDTH and 0 <= y <= HEIGHT for path in paths for line in strokes(path) for x, y in line
    )


def test_a_crowded_quarter_loses_its_footpaths_and_keeps_its_streets() -> None:
    paths = tuple(
        Street(
            StreetKind.PATH,
            tuple((POSITION[0] + row * 1e-5, POSITION[1] + (row % 7 + at % 3) * 1e-4) for at in range(20)),
        )
        for row in range(-100, 100)
    )
    drawn = draw_area(POSITION, paths + CROSS)
    assert drawn is not None
    assert len(strokes(drawn.side)) == 3
    assert MAX_BYTES - 100 < len(drawn.side) + len(drawn.paths) <= MAX_BYTES


def test_north_is_up_and_the_scale_is_the_same_both_ways() -> None:
    drawn = draw_area(
        POSITION, (*CROSS, Street(StreetKind.MAIN, ((POSITION[0] + 0.001, POSITION[1]), POSITION)))
    )
    assert drawn is not None
    assert drawn.main == f"M200 {125 - round(111.32 / METRES_PER_UNIT)}l0 99"
    assert strokes(drawn.side) == [[(0, y), (WIDTH, y)] for y in (76, 125, 174)]


@pytest.mark.parametrize("found", [(), CROSS[:2], tuple(Street(StreetKind.PATH, one.line) for one in CROSS)])
def test_two_streets_or_footpaths_alone_are_no_map(found: tuple[Street, ...]) -> None:
    assert draw_area(POSITION, found) is None


@pytest.mark.parametrize("disputed", ["street", "latitude"])
def test_a_place_that_is_disputed_is_not_drawn(disputed: str) -> None:
    score = make_score(discrepancies={disputed: "elsewhere"})
    brief = make_site_brief(
        make_business(), (), score, language="en", ordered_on=ORDERED_ON, streets=sample_streets()
    )
    assert brief is not None
    assert (brief.area, brief.facts.get("area")) == (None, None)


def test_the_map_is_a_fact_with_its_origin() -> None:
    brief = make_site_brief(
        make_business(), (), make_score(), language="en", ordered_on=ORDERED_ON, streets=sample_streets()
    )
    assert brief is not None
    assert brief.facts["area"] == "record: osm"


@pytest.mark.parametrize("theme", themes().values(), ids=lambda theme: theme.name)
def test_every_theme_shows_the_map_with_its_credit_and_the_link_alone_where_there_is_none(
    theme: Theme,
) -> None:
    for kind, drawings in (("rich", 1), ("ordinary", 0)):
        brief = sample_brief(kind, "bakery")
        page = site_page(brief, look(theme), fingerprint="one", agency_name="Quay Studio", url=None)
        html = render_page(page)
        tree = LexborHTMLParser(html.decode())
        assert gate_faults(html, brief, page) == []
        assert len(tree.css(".area > svg[aria-hidden=true]")) == drawings
        assert len(tree.css(f'a[href="{AreaMap.credit_url}"]')) == drawings
        assert len(tree.css("a.map")) == 1


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (f'href="{AreaMap.credit_url}"', 'href="#facts"', "the map does not name its source"),
        (AreaMap.credit, "©", "the map does not name its source"),
        ('class="area"', 'class="other"', "a link that is not in the brief"),
    ],
)
def test_a_map_without_its_credit_and_a_credit_without_its_map_are_faults(
    old: str, new: str, fault: str
) -> None:
    brief = sample_brief("rich", "bakery")
    page = page_of(brief)
    html = render_page(page).decode()
    assert old in html
    assert any(fault in told for told in gate_faults(html.replace(old, new).encode(), brief, page))


def test_a_map_of_a_place_that_is_not_known_is_a_fault() -> None:
    html = render_page(page_of(sample_brief("rich", "bakery")))
    brief = sample_brief("mobile", "bakery")
    assert "a map of a place that is not known" in gate_faults(html, brief, page_of(brief))
