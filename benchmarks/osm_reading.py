"""How long an OSM file takes to read, and how much memory, beside the floor: reading it all and counting.

The floor is `osmium fileinfo --extended` where osmium-tool is installed, else osmium's own pass over every object
(without the statistics, so a little lower). The files are the packaged extract of Helsinki and copies of it laid
side by side: ids spread over the range that real ones have, sorted, towns 3 km apart. What is asked of each is the
restaurants, and for their neighbours' sake all other niches, of a box around the first copy. Each reading is a
process of its own; times are of the reading alone, imports and the table of niches apart, the best of some rounds.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import osmium
import osmium.filter
from osmium.osm import mutable

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.niches import NICHES, find_niche
from leadgen_dagster.discovery.sources import HELSINKI
from leadgen_dagster.discovery.sources.base import PlaceRequest, SourceAccess
from leadgen_dagster.discovery.sources.osm import OsmSource
from leadgen_dagster.discovery.words import fold

BOX = "60.164,24.935,60.18,24.954"
HIGHEST_IDS = {"n": 13_000_000_000, "w": 1_400_000_000, "r": 19_000_000}
COPY_DEGREES = 0.03
ROW = 10


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 10, 50], help="sizes (default 1 10 50)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (default 3)")
    parser.add_argument("--where", default=BOX, help=f"the location asked for (default {BOX})")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        print(json.dumps(read(options.read, options.where)))
        return
    tool = shutil.which("osmium")
    print(f"floor: {'osmium fileinfo --extended' if tool else 'a pass of osmium over every object'}")
    print("copies      MB   places   floor s    ours s   ratio    our peak MB")
    with tempfile.TemporaryDirectory() as folder:
        for copies in options.copies:
            path = Path(folder) / f"{copies}.osm.pbf"
            write_copies(path, copies)
            floor, ours, told = measure(path, options.where, tool, options.rounds)
            print(
                f"{copies:6} {path.stat().st_size / 1e6:7.1f} {told['places']:8} {floor:9.3f} {ours:9.3f} "
                f"{ours / floor:7.1f} {told['peak_mb']:8} ({told['before_mb']} before it began)"
            )


def measure(path: Path, where: str, tool: str | None, rounds: int) -> tuple[float, float, dict[str, Any]]:
    """The best times of the floor and of ours, in turns, and what ours told."""
    floors, told = [], []
    for _ in range(rounds):
        floors.append(seconds_of(fileinfo if tool else pass_over, path))
        child = [sys.executable, __file__, "--read", str(path), "--where", where]
        told.append(json.loads(subprocess.run(child, check=True, capture_output=True).stdout))
    return min(floors), min(one["seconds"] for one in told), told[-1]


def seconds_of(measured: Callable[[Path], object], path: Path) -> float:
    began = time.perf_counter()
    measured(path)
    return time.perf_counter() - began


def fileinfo(path: Path) -> None:
    subprocess.run(["osmium", "fileinfo", "--extended", str(path)], check=True, capture_output=True)


def pass_over(path: Path) -> None:
    osmium.apply(str(path), osmium.filter.EntityFilter(osmium.osm.NOTHING))


def read(path: Path, where: str) -> dict[str, Any]:
    niches = find_niche("restaurants")
    others = tuple(niche for niche in NICHES.values() if niche not in niches)
    request = PlaceRequest(location=where, niches=niches, other_niches=others, ordered_on=date(2026, 11, 22))
    list(OsmSource(SourceAccess()).places(request))  # tables are read once, libraries loaded
    fold.cache_clear()
    before = peak_mb()
    began = time.perf_counter()
    items = list(OsmSource(SourceAccess(path=path)).places(request))
    seconds = time.perf_counter() - began
    places = sum(isinstance(item, Place) for item in items)
    return {"seconds": seconds, "places": places, "before_mb": before, "peak_mb": peak_mb()}


def peak_mb() -> int:
    """Of this process alone; what `getrusage` says begins with the parent's."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def write_copies(path: Path, copies: int) -> None:
    """Helsinki so many times, ids and places moved."""
    objects = list(copied(HELSINKI))
    numbers = {kind: number_of(kind, objects) for kind in "nwr"}
    gaps = {kind: HIGHEST_IDS[kind] // (copies * (len(table) + 1)) for kind, table in numbers.items()}

    def moved(kind: str, number: int, copy: int) -> int:
        table = numbers[kind]
        return (copy * (len(table) + 1) + table[number] + 1) * gaps[kind]

    header = osmium.io.Header()
    header.set("sorting", "Type_then_ID")
    with osmium.SimpleWriter(osmium.io.File(str(path), "pbf"), header=header) as writer:
        for kind in "nwr":
            for copy in range(copies):
                east, north = COPY_DEGREES * (copy % ROW), COPY_DEGREES * (copy // ROW)
                for number, shape, more in (found[1:] for found in objects if found[0] == kind):
                    known = {"id": moved(kind, number, copy), **more}
                    if kind == "n":
                        writer.add_node(mutable.Node(location=(shape[0] + east, shape[1] + north), **known))
                    elif kind == "w":
                        writer.add_way(mutable.Way(nodes=[moved("n", ref, copy) for ref in shape], **known))
                    else:
                        members = [(of, moved(of, ref, copy), role) for of, ref, role in shape]
                        writer.add_relation(mutable.Relation(members=members, **known))


Copied = tuple[str, int, Any, dict[str, Any]]
"""Kind, id; coordinates, nodes or members; tags, version and day."""


def copied(path: Path) -> Iterator[Copied]:
    for item in osmium.FileProcessor(path):
        more = {"tags": dict(item.tags), "version": item.version, "timestamp": item.timestamp}
        if item.is_node():
            yield "n", item.id, (item.location.lon, item.location.lat), more
        elif item.is_way():
            yield "w", item.id, [node.ref for node in item.nodes], more
        else:
            yield "r", item.id, [(member.type, member.ref, member.role) for member in item.members], more


def number_of(kind: str, objects: list[Copied]) -> dict[int, int]:
    """The objects of a kind and what the extract refers to without holding it, numbered in their order."""
    ids = {number for of, number, _shape, _more in objects if of == kind}
    ids |= {ref for of, _number, shape, _more in objects if of == "w" and kind == "n" for ref in shape}
    ids |= {
        ref for of, _n, shape, _m in objects if of == "r" for of_member, ref, _r in shape if of_member == kind
    }
    return {number: at for at, number in enumerate(sorted(ids))}


if __name__ == "__main__":
    main()
