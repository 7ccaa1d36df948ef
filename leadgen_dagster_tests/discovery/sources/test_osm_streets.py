from pathlib import Path

import pytest

from leadgen_dagster.discovery.geography import Point
from leadgen_dagster.discovery.sources import HELSINKI
from leadgen_dagster.discovery.sources.osm_streets import Street, StreetKind, Streets, read_streets
from leadgen_dagster.errors import FileError
from leadgen_dagster_tests.discovery.builders import write_pbf

STATION, MARKET = (60.1711, 24.9414), (60.1675, 24.9530)
REACH_M = 225


def read(path: Path, *points: Point) -> Streets:
    streets = Streets(points, REACH_M)
    read_streets(path, "town.osm.pbf", streets)
    return streets


def test_the_streets_around_a_point_of_helsinki_are_found_and_far_ones_are_not() -> None:
    streets = read(HELSINKI, STATION, MARKET)
    found = streets.near(STATION)
    assert {street.kind for street in found} == set(StreetKind)
    assert 100 < len(found) < 600
    assert all(
        min(abs(lat - STATION[0]) for lat, _ in street.line) < 0.01
        and min(abs(lon - STATION[1]) for _, lon in street.line) < 0.02
        for street in found
    )
    assert set(found) != set(streets.near(MARKET))
    assert streets.near((60.3, 25.5)) == ()


def test_a_straight_street_is_found_between_its_ends_and_the_rest_of_a_long_one_is_let_go() -> None:
    streets = Streets([(50.0, 10.0)], REACH_M)
    straight = Street(StreetKind.MAIN, ((49.5, 10.0), (50.5, 10.0)))
    streets.add(straight)
    streets.add(Street(StreetKind.SIDE, tuple((50.0, 9.0 + step / 1000) for step in range(2000))))
    streets.add(Street(StreetKind.SIDE, ((50.1, 10.0), (50.2, 10.0))))
    kept, long = streets.near((50.0, 10.0))
    assert kept == straight
    assert 8 < len(long.line) < 20


def test_what_runs_under_ground_or_beside_another_is_no_street_of_a_map(tmp_path: Path) -> None:
    nodes: list[tuple[int, float, float, dict[str, str]]] = [
        (n, 50.0, 10.0 + n / 10_000, {}) for n in range(1, 5)
    ]
    unseen = ({"tunnel": "yes"}, {"footway": "sidewalk"}, {"service": "driveway"}, {"indoor": "yes"})
    ways = [
        (1, [1, 2, 99, 3, 4], {"highway": "primary_link"}),
        (2, [1, 2], {"highway": "pedestrian", "area": "yes"}),
        (3, [1, 2], {"highway": "proposed"}),
        *((10 + at, [1, 2], {"highway": "service"} | tags) for at, tags in enumerate(unseen)),
    ]
    found = read(write_pbf(tmp_path / "town.osm.pbf", nodes, ways), (50.0, 10.0)).near((50.0, 10.0))
    assert [street.kind for street in found] == [StreetKind.MAIN, StreetKind.MAIN, StreetKind.PATH]


@pytest.mark.parametrize("content", [None, b"not a map"])
def test_a_file_that_is_missing_or_damaged_is_named(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "x"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileError, match=r"town\.osm\.pbf"):
        read(path, STATION)
