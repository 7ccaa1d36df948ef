"""The streets around the businesses that get a demo, out of the files that their order reads."""

from collections.abc import Collection

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.discovery.geography import Point
from leadgen_dagster.discovery.sources.osm_streets import Streets, read_streets
from leadgen_dagster.orders import ProcessingRunConfig
from leadgen_dagster.sites.area_map import REACH_M

MAX_FILE_BYTES = 200_000_000
"""A city or a small country; a larger file takes minutes and gigabytes for a drawing."""


def streets_around(
    points: Collection[Point], config: ProcessingRunConfig, files: ObjectStore
) -> tuple[Streets, list[str]]:
    """What the order's OpenStreetMap files know, and a sentence for each file that was not read.

    Raises:
        FileError: a file is damaged.
    """
    streets, unread = Streets(points, REACH_M), []
    for spec in config.sources:
        if spec.name != "osm" or spec.file_hash is None or not points:
            continue
        label, size = spec.file or spec.name, files.input_path(spec.file_hash).stat().st_size
        if size > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // 1_000_000
            unread.append(
                f"{label} has {size // 1_000_000} MB; maps are drawn from files of up to {limit} MB"
            )
        else:
            read_streets(files.local_input(spec.file_hash), label, streets)
    return streets, unread
