"""Relations of an OSM file as areas: their ways joined to rings by osmium, in a small file of nothing else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from leadgen_dagster.discovery.geography import Point, Polygon

if TYPE_CHECKING:
    from osmium.osm import NodeRefList

Refs = Mapping[int, Sequence[int]]
"""Way id -> the ids of its nodes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A relation, copied out of its file."""

    relation_id: int
    tags: Mapping[str, str]
    way_ids: tuple[int, ...]
    roles: tuple[str, ...]
    """Of its ways, one each."""
    edited: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A relation that lies wholly in its file, as an area."""

    relation: Relation
    polygon: Polygon


def shapes_of(relations: Iterable[Relation], refs: Refs, locations: Mapping[int, Point]) -> Iterator[Shape]:
    """Those of the relations whose rings close; one that lies in the file only in part has no shape."""
    from osmium import FileProcessor
    from osmium.filter import EntityFilter
    from osmium.osm import AREA
    from osmium.osm import Area as OsmArea

    whole = {r.relation_id: r for r in relations if r.way_ids and all(way in refs for way in r.way_ids)}
    if not whole:
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / "relations.osm.pbf"
        _write(path, whole.values(), refs, locations)
        for item in FileProcessor(path).with_areas().with_filter(EntityFilter(AREA)):
            if isinstance(item, OsmArea) and not item.from_way():
                outers = tuple(item.outer_rings())
                inners = tuple(_ring(inner) for outer in outers for inner in item.inner_rings(outer))
                polygon = Polygon(tuple(_ring(outer) for outer in outers), inners)
                yield Shape(relation=whole[item.orig_id()], polygon=polygon)


def _write(path: Path, relations: Iterable[Relation], refs: Refs, locations: Mapping[int, Point]) -> None:
    """The relations with their ways and nodes, and nothing of the other tags."""
    from osmium import SimpleWriter
    from osmium.osm import mutable

    relations = sorted(relations, key=lambda relation: relation.relation_id)
    ways = sorted({way for relation in relations for way in relation.way_ids})
    nodes = sorted({node for way in ways for node in refs[way]} & locations.keys())
    version: dict[str, Any] = {"version": 1, "visible": True}
    with SimpleWriter(str(path)) as writer:
        for node in nodes:
            latitude, longitude = locations[node]
            writer.add_node(mutable.Node(id=node, location=(longitude, latitude), **version))
        for way in ways:
            writer.add_way(mutable.Way(id=way, nodes=list(refs[way]), **version))
        for relation in relations:
            members = [("w", *member) for member in zip(relation.way_ids, relation.roles, strict=True)]
            tags = dict(relation.tags)
            writer.add_relation(
                mutable.Relation(id=relation.relation_id, members=members, tags=tags, **version)
            )


def _ring(nodes: "NodeRefList") -> tuple[Point, ...]:
    return tuple((node.lat, node.lon) for node in nodes)
