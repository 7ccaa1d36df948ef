"""What one reading of an OSM file tells: its places and boundaries, and where each thing that may be a business lies.

The file is read from its end to its beginning, relations, ways, nodes, for a relation names its ways and a way its
nodes: so one reading finds the coordinates of all that is asked for and of nothing else. Of a candidate no more is
kept than a few numbers; its tags are read again once the area is known.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from leadgen_dagster.discovery.geography import Box, Point
from leadgen_dagster.discovery.niches import Niche, niche_of
from leadgen_dagster.discovery.osm_tags import GONE_PREFIXES, KIND_KEYS
from leadgen_dagster.discovery.sources.osm_area import (
    ADDRESS_KEYS,
    QUARTERS_KM,
    SETTLEMENTS_KM,
    Boundary,
    Gazetteer,
    PlaceNode,
    boundary_from_tags,
    place_node_from_tags,
)
from leadgen_dagster.discovery.sources.osm_blobs import NODE, RELATION, WAY, Key
from leadgen_dagster.discovery.sources.osm_file import Chunk, OsmFile
from leadgen_dagster.discovery.sources.osm_shapes import Relation

if TYPE_CHECKING:
    from osmium._osmium import HandlerLike
    from osmium.osm import Location, TagList
    from osmium.osm import Relation as OsmRelation

AREA_TYPES = frozenset({"multipolygon", "boundary"})
GONE_HOUSE_KEYS = tuple(
    f"{prefix}:{key}" for prefix in ("disused", "was", "abandoned") for key in ("amenity", "shop", "tourism")
)
BLOCK_BITS, MAX_BLOCKS = 25, 4
"""osmium's set of ids takes 4 MB for each block of so many bits that an id lies in: 16 MB are enough."""
_NOWHERE = 2**31 - 1
_SCALE = 10_000_000
"""OSM's coordinates are whole numbers of 1e-7 degrees."""
_SETTLEMENTS_AND_QUARTERS = SETTLEMENTS_KM.keys() | QUARTERS_KM.keys()


class NicheTags:
    """Some niches by the first tag of each of their rules: most tags are told apart without a look at the rules."""

    def __init__(self, niches: Iterable[Niche]) -> None:
        """Takes the niches in their order: a place that fits two belongs to the first."""
        self._niches = tuple(niches)
        self._numbers: dict[str, dict[str, set[int]]] = {key: {} for key in KIND_KEYS}
        for number, niche in enumerate(self._niches):
            for (key, value), *_more in niche.tags:
                self._numbers.setdefault(key, {}).setdefault(value, set()).add(number)

    def niche_of(self, tags: Mapping[str, str]) -> Niche | None:
        """The first of the niches that the tags belong to."""
        likely = {
            number
            for key, numbers in self._numbers.items()
            for value in (*_parts(tags.get(key)), "*")
            if key in tags
            for number in numbers.get(value, ())
        }
        return niche_of(tags, (self._niches[number] for number in sorted(likely)))

    def may_fit(self, tags: "TagList") -> bool:
        """Whether the tags may belong to one of the niches, or did when the thing was still there."""
        if not self._niches:
            return False
        is_known = False
        for key, numbers in self._numbers.items():
            value = tags.get(key)
            if value is None:
                continue
            is_known = True
            if (
                value in numbers
                or "*" in numbers
                or (";" in value and not numbers.keys().isdisjoint(_parts(value)))
            ):
                return True
        return not is_known and any(tag.k.startswith(GONE_PREFIXES) for tag in tags)


class Locations(Mapping[int, Point]):
    """The coordinates of some nodes, in 16 bytes each."""

    def __init__(self, ids: Iterable[int]) -> None:
        self._ids = array("q", sorted(ids))
        self._points = array("i", [_NOWHERE]) * (2 * len(self._ids))

    @property
    def ids(self) -> "array[int]":
        """Sorted; what several ways share stands there several times."""
        return self._ids

    def put(self, node_id: int, location: "Location") -> None:
        at = 2 * bisect_left(self._ids, node_id)
        self._points[at], self._points[at + 1] = location.y, location.x

    def __getitem__(self, node_id: int) -> Point:
        at = bisect_left(self._ids, node_id)
        if at == len(self._ids) or self._ids[at] != node_id or self._points[2 * at] == _NOWHERE:
            raise KeyError(node_id)
        return self._points[2 * at] / _SCALE, self._points[2 * at + 1] / _SCALE

    def __iter__(self) -> Iterator[int]:
        return (node_id for node_id in dict.fromkeys(self._ids) if node_id in self)

    def __len__(self) -> int:
        return sum(1 for _node_id in self)


class Scan:
    """One reading of a file."""

    def __init__(
        self,
        file: OsmFile,
        *,
        niches: Iterable[Niche] = (),
        place_names: frozenset[str] = frozenset(),
        box: Box | None = None,
    ) -> None:
        """Reads the file.

        Args:
            file: what is read.
            niches: of the candidates; without any, only places and boundaries are looked for.
            place_names: folded; boundaries of these names come with their ways.
            box: nodes outside it are no candidates; ways and relations may turn out to lie outside.

        Raises:
            FileError: the file is damaged.
        """
        self.file = file
        self.niches = NicheTags(niches)
        self._place_names = place_names
        self._box = box
        self._places: list[PlaceNode] = []
        self._boundaries: list[Boundary] = []
        self._addresses: dict[tuple[str | None, ...], int] = {}
        self._node_ids, self._node_points, self._node_addresses = array("q"), array("i"), array("l")
        self._way_ids, self._way_addresses = array("q"), array("l")
        self._way_ends, self._way_refs = array("q"), array("q")
        self.relations: list[Relation] = []
        """Those that may be businesses."""
        self.outlines: list[Relation] = []
        """The boundaries that have one of the names."""
        self.way_nodes: dict[int, array[int]] = {}
        """Ways of the relations -> their nodes."""
        file.check_whole()
        self._read_relations()
        self._read_ways()
        needed = array("q", self._way_refs)
        for refs in self.way_nodes.values():
            needed.extend(refs)
        self.locations = Locations(needed)
        self._read_nodes()
        self._address_tags = [_address_tags(values) for values in self._addresses]

    @property
    def gazetteer(self) -> Gazetteer:
        return Gazetteer(nodes=tuple(self._places), boundaries=tuple(self._boundaries))

    def candidates(self) -> Iterator[tuple[Key, Mapping[str, str], Point | None]]:
        """Kind and id, the tags of its address, and centre of every node and way that may be a business."""
        for at, (node_id, address) in enumerate(zip(self._node_ids, self._node_addresses, strict=True)):
            latitude, longitude = self._node_points[2 * at : 2 * at + 2]
            point = None if latitude == _NOWHERE else (latitude / _SCALE, longitude / _SCALE)
            yield (NODE, node_id), self._address_tags[address], point
        begin = 0
        for way_id, address, end in zip(self._way_ids, self._way_addresses, self._way_ends, strict=True):
            refs = self._way_refs[begin:end]
            points = [point for ref in refs if (point := self.locations.get(ref)) is not None]
            yield (WAY, way_id), self._address_tags[address], centre(points)
            begin = end

    def _read_relations(self) -> None:
        for chunk in self.file.chunks_of(RELATION):
            for item in self.file.relations(*candidate_filters(RELATION), chunk=chunk):
                tags = item.tags
                if tags.get("boundary") == "administrative" and "name" in tags:
                    boundary = boundary_from_tags(item.id, dict(tags))
                    self._boundaries.append(boundary)
                    if not self._place_names.isdisjoint(boundary.names):
                        self.outlines.append(_copy(item))
                if tags.get("type") in AREA_TYPES and self.niches.may_fit(tags):
                    self.relations.append(_copy(item))

    def _read_ways(self) -> None:
        for chunk in self.file.chunks_of(WAY):
            for item in self.file.ways(*candidate_filters(WAY), chunk=chunk):
                if self.niches.may_fit(item.tags):
                    self._way_ids.append(item.id)
                    self._way_addresses.append(self._address(item.tags))
                    self._way_refs.extend(node.ref for node in item.nodes)
                    self._way_ends.append(len(self._way_refs))
        members = {way for relation in (*self.relations, *self.outlines) for way in relation.way_ids}
        for chunk, ids in self.file.blobs_with(WAY, sorted(members)):
            for item in self.file.ways(*id_filters(ids), chunk=chunk):
                if item.id in members:
                    self.way_nodes[item.id] = array("q", [node.ref for node in item.nodes])

    def _read_nodes(self) -> None:
        from osmium import NodeLocationsForWays, apply
        from osmium.index import create_map
        from osmium.io import FileBuffer

        wanted = dict(self.file.chunks_with(NODE, self.locations.ids))
        for chunk in self.file.chunks_of(NODE):
            if chunk not in wanted:
                self._read_node_tags(chunk)
                continue
            table = create_map("sparse_mem_array")
            store = NodeLocationsForWays(table)
            store.ignore_errors()
            self._read_node_tags(chunk, store)
            apply(FileBuffer(b"w1 v1 Nn1\n", "opl"), store)  # a first way makes it sort its nodes
            for node_id in wanted[chunk]:
                try:
                    location = table.get(node_id)
                except KeyError:  # beyond the edge of the extract
                    continue
                if location.valid():
                    self.locations.put(node_id, location)

    def _read_node_tags(self, chunk: Chunk, *handlers: "HandlerLike") -> None:
        for item in self.file.nodes(*handlers, *candidate_filters(NODE), chunk=chunk):
            tags = item.tags
            is_place = tags.get("place") in _SETTLEMENTS_AND_QUARTERS and "name" in tags
            location = item.location
            is_somewhere = location.valid()
            if is_place and is_somewhere:
                self._places.append(place_node_from_tags(dict(tags), (location.lat, location.lon)))
            if self._box and not (is_somewhere and self._box.contains((location.lat, location.lon))):
                continue
            if is_place or not self.niches.may_fit(tags):
                continue
            self._node_ids.append(item.id)
            self._node_points.extend((location.y, location.x) if is_somewhere else (_NOWHERE, _NOWHERE))
            self._node_addresses.append(self._address(tags))

    def _address(self, tags: "TagList") -> int:
        """The number of an address, counted from 0."""
        values = tuple(tags.get(key) for key in ADDRESS_KEYS)
        return self._addresses.setdefault(values, len(self._addresses))


def _parts(value: str | None) -> list[str]:
    return [part.strip() for part in value.split(";")] if value else []


def centre(points: Iterable[Point]) -> Point | None:
    """The middle of the box around the points."""
    points = tuple(points)
    if not points:
        return None
    latitudes, longitudes = zip(*points, strict=True)
    return (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2


def candidate_filters(kind: int) -> "tuple[HandlerLike, ...]":
    """They let pass whatever may be a business, a place or a boundary.

    Most objects have neither a name nor one of the usual keys: the first filter spares them the many keys of the
    second. A thing that is gone and had no name is nothing to anybody; houses, which are many, say so by few keys.
    """
    from osmium.filter import KeyFilter

    if kind == NODE:
        more = ["place", *(prefix + key for prefix in GONE_PREFIXES for key in KIND_KEYS)]
    else:
        more = ["boundary"] * (kind == RELATION) + list(GONE_HOUSE_KEYS)
    return KeyFilter(*KIND_KEYS, "name"), KeyFilter(*KIND_KEYS, *more)


def id_filters(ids: Iterable[int]) -> "tuple[HandlerLike, ...]":
    """They let pass the ids; none where osmium's set of them would take too much memory."""
    from osmium.filter import IdFilter

    blocks = {number >> BLOCK_BITS for number in ids}
    return (IdFilter(ids),) if len(blocks) <= MAX_BLOCKS else ()


def _address_tags(values: Iterable[str | None]) -> dict[str, str]:
    return {key: value for key, value in zip(ADDRESS_KEYS, values, strict=True) if value}


def _copy(item: "OsmRelation") -> Relation:
    ways = [member for member in item.members if member.type == "w"]
    return Relation(
        relation_id=item.id,
        tags=dict(item.tags),
        way_ids=tuple(member.ref for member in ways),
        roles=tuple(member.role for member in ways),
        edited=item.timestamp,
    )
