"""From an order to the businesses of its run: ask, normalise, merge, say who is no lead, take the best."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from uuid import UUID, uuid5

from leadgen_dagster.agency import ExclusionList
from leadgen_dagster.discovery.businesses import Business, Place
from leadgen_dagster.discovery.candidates import (
    MAX_SHOWN,
    Candidate,
    candidate_of,
    remarks,
    why_unusable,
    without_shared_guesses,
)
from leadgen_dagster.discovery.earlier import Earlier
from leadgen_dagster.discovery.exclusions import (
    Exclusion,
    Neighbourhood,
    after_take_down,
    exclusion_of,
    left_alone_since,
)
from leadgen_dagster.discovery.fingerprints import FINGERPRINT_RULE, business_id
from leadgen_dagster.discovery.geography import Box, Circle
from leadgen_dagster.discovery.identities import aliases, recognised
from leadgen_dagster.discovery.locations import Location, SearchArea, parse_location
from leadgen_dagster.discovery.merge import Merged, merge
from leadgen_dagster.discovery.niches import NICHES, find_niche
from leadgen_dagster.discovery.normalise import usual_country
from leadgen_dagster.discovery.policies import restricted_sources
from leadgen_dagster.discovery.ranking import by_fullness, in_order_of_worth
from leadgen_dagster.discovery.siblings import with_sibling_websites
from leadgen_dagster.discovery.sources.base import (
    Incomplete,
    Note,
    PlaceRequest,
    PlaceSource,
    Rejected,
    Unread,
)
from leadgen_dagster.errors import LeadgenError, SourceError
from leadgen_dagster.orders import ProcessingRunConfig

NOBODY: Mapping[str, date] = MappingProxyType({})
AREAS = UUID("c59e6f0e-54c1-4a52-8b34-0a4f4f4a6f77")
"""The namespace of area ids."""

KnownAs = Callable[[Collection[str]], Mapping[str, str]]
"""Aliases -> the fingerprint that each was first met under, for those that were met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedArea:
    """Where one source looked."""

    id: str
    """`uuid5` of run id, source and position."""
    source: str
    area: SearchArea


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was found, and what was not taken."""

    businesses: tuple[Business, ...]
    """Leads in order of worth (`ranking`); then the excluded ones."""
    counts_by_source: Mapping[str, int]
    """Records of the ordered niches, before merging."""
    merged_count: int
    """Records that went into another one."""
    rejected: tuple[Rejected, ...]
    """Records set aside, each with the reason."""
    unread: tuple[Unread, ...] = ()
    """Details left out of records that were taken."""
    failed_sources: Mapping[str, str]
    """Source -> why it gave nothing."""
    incomplete_sources: Mapping[str, str] = field(default_factory=dict)
    """Source -> why it gave less than it has."""
    notes: tuple[str, ...] = ()
    areas: tuple[SearchedArea, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    """By what another run may know these businesses -> their fingerprint."""
    leads_beyond_limit: int = 0
    """Leads found that the order's limit left out."""
    of_before: frozenset[str] = frozenset()
    """Ids of the businesses of which something was not found now: sources that failed, or broke off, gave it before."""


def tables_hash() -> str:
    """Changes when a table that decides over businesses does: part of the stage's code version."""
    digest = hashlib.sha256(str(FINGERPRINT_RULE).encode())
    for path in sorted(Path(__file__).parent.rglob("*.yaml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(slots=True)
class _Answers:
    """What the sources have said so far."""

    candidates: list[Candidate] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    areas: list[tuple[str, SearchArea]] = field(default_factory=list)
    incomplete: list[tuple[str, str]] = field(default_factory=list)
    failures: list[tuple[str, LeadgenError]] = field(default_factory=list)
    """By source; two files may be of one."""


def request_of(
    config: ProcessingRunConfig, ordered_on: date, home_country: str | None = None
) -> PlaceRequest:
    """What an order's sources are asked.

    Raises:
        OrderError: the niche or the location cannot be understood.
    """
    wanted = find_niche(config.niche)
    request = PlaceRequest(
        location=config.location,
        niches=wanted,
        other_niches=tuple(niche for niche in NICHES.values() if niche not in wanted),
        ordered_on=ordered_on,
        limit=config.max_businesses,
        home_country=home_country,
    )
    parse_location(request.location)
    return request


def discover(
    *,
    run_id: str,
    config: ProcessingRunConfig,
    sources: Sequence[PlaceSource],
    exclusions: ExclusionList,
    ordered_on: date,
    default_country: str | None = None,
    taken_down: Mapping[str, date] = NOBODY,
    previous: Sequence[Business] = (),
    known_as: KnownAs = lambda _aliases: {},
) -> Discovery:
    """Finds the businesses of a run.

    `max_businesses` limits the leads, which come in the order that `ranking` tells. Excluded businesses are kept
    beside them.

    Args:
        run_id: names the run in the ids.
        config: the order.
        sources: asked one after the other.
        exclusions: whom the agency leaves alone.
        ordered_on: the day that ages are counted against.
        default_country: ISO 3166-1 alpha-2, where neither a record nor its source says one.
        taken_down: fingerprint -> the day on which that business had its demo taken down.
        previous: what the run held before; a source that fails now loses nothing that it gave then.
        known_as: who was met before, in this run or another.

    Raises:
        OrderError: the niche is unknown; or the only source does not know the location.
        SourceError: no source gave an answer.
    """
    request = request_of(config, ordered_on, default_country)
    answers = _ask(sources, request, default_country)
    everybody = without_shared_guesses(answers.candidates)
    neighbourhood = Neighbourhood.of(everybody, config.location)
    wanted_keys = {niche.key for niche in request.niches}
    ordered = [candidate for candidate in everybody if candidate.niche in wanted_keys]
    merged = merge(ordered)
    by_alias = {alias for found in merged for alias in aliases(found)}
    known = known_as(by_alias)
    met = recognised(merged, known)
    left_alone = {
        **{alias: taken_down[first] for alias, first in known.items() if first in taken_down},
        **taken_down,
    }
    judged = [
        (found, after_take_down(found, left_alone) or exclusion_of(found, neighbourhood, exclusions))
        for found in with_sibling_websites(met, everybody, config.location)
    ]
    earlier = Earlier.of(previous, _names(answers.failures) | _names(answers.incomplete))
    lost = earlier.lost(
        {found.fingerprint for found, _ in judged},
        lambda business: left_alone_since(business, exclusions, taken_down),
    )
    room = max(0, config.max_businesses - sum(business.is_lead for business in lost))
    leads = earlier.first(in_order_of_worth(found for found, exclusion in judged if exclusion is None))
    excluded = sorted(
        ((found, why) for found, why in judged if why is not None), key=lambda pair: by_fullness(pair[0])
    )
    kept: list[tuple[Merged, Exclusion | None]] = [(lead, None) for lead in leads[:room]]
    now = [_business(run_id, found, why) for found, why in (*kept, *excluded)]
    businesses = [earlier.completed(business) for business in now]
    completed = [one for one, before in zip(businesses, now, strict=True) if one is not before]
    return Discovery(
        businesses=(*businesses, *lost),
        counts_by_source=dict(Counter(candidate.origin.source for candidate in ordered)),
        merged_count=len(ordered) - len(judged),
        rejected=tuple(answers.rejected),
        unread=tuple(answers.unread),
        failed_sources=_joined(answers.failures),
        incomplete_sources=_joined(answers.incomplete),
        notes=tuple(answers.notes),
        areas=tuple(
            SearchedArea(id=str(uuid5(AREAS, f"{run_id}\n{name}\n{position}")), source=name, area=area)
            for position, (name, area) in enumerate(answers.areas)
        ),
        aliases={alias: found.fingerprint for found in met for alias in aliases(found)},
        leads_beyond_limit=max(0, len(leads) - room),
        of_before=frozenset(business.id for business in (*lost, *completed)),
    )


def _ask(sources: Iterable[PlaceSource], request: PlaceRequest, default_country: str | None) -> _Answers:
    """All answers; a source that fails is named and the others go on."""
    answers = _Answers()
    asked = 0
    for source in sources:
        asked += 1
        try:
            _take(source, request, answers, default_country)
        except LeadgenError as error:
            answers.failures.append((source.name, error))
    if asked and len(answers.failures) == asked:
        _raise_all(answers.failures)
    if not asked:
        raise SourceError("none", "the order has no source to ask")
    return answers


def _names(told: Iterable[tuple[str, object]]) -> set[str]:
    return {name for name, _ in told}


def _joined(told: Iterable[tuple[str, object]]) -> dict[str, str]:
    """Source -> all that was said of it."""
    said: dict[str, list[str]] = {}
    for name, text in told:
        said.setdefault(name, []).append(str(text))
    return {name: "; ".join(texts) for name, texts in said.items()}


def _raise_all(failures: Sequence[tuple[str, LeadgenError]]) -> None:
    """With no source left the stage fails; a single source's error says it best itself."""
    if len(failures) == 1:
        raise failures[0][1]
    names = ", ".join(dict.fromkeys(name for name, _ in failures))
    reasons = "; ".join(str(error) for _, error in failures)
    raise SourceError(names, reasons, is_retryable=any(error.is_retryable for _, error in failures))


def _take(source: PlaceSource, request: PlaceRequest, answers: _Answers, default_country: str | None) -> None:
    """One source's whole answer; nothing is kept of one that raises."""
    items = list(source.places(request))
    for item in items:
        if not isinstance(item, Place):
            _note(item, source.name, answers)
    places = list(_usable([item for item in items if isinstance(item, Place)], source, request, answers))
    country = usual_country(places) or default_country
    candidates = [candidate_of(place, source, country, asked_on=request.ordered_on) for place in places]
    answers.candidates.extend(candidates)
    wanted = {niche.key for niche in request.niches}
    told = [pair for pair in zip(places, candidates, strict=True) if pair[0].niche in wanted]
    answers.unread.extend(Unread(text) for place, candidate in told for text in remarks(place, candidate))
    _note_undialled(source, [place for place, found in told if not (found.phone or found.country)], answers)


def _note(item: Rejected | Unread | Note | Incomplete | SearchArea, source: str, answers: _Answers) -> None:
    """What a source says beside its places."""
    match item:
        case Rejected():
            answers.rejected.append(item)
        case Unread():
            answers.unread.append(item)
        case Note(text):
            answers.notes.append(text)
        case Incomplete(reason):
            answers.incomplete.append((source, reason))
        case SearchArea():
            answers.areas.append((source, item))


def _usable(
    places: Iterable[Place], source: PlaceSource, request: PlaceRequest, answers: _Answers
) -> Iterator[Place]:
    """Without those that nothing can be made of, and those outside what was ordered."""
    where, elsewhere = request.where, 0
    for place in places:
        if why := why_unusable(place):
            answers.rejected.append(Rejected(f"{source.name} {place.source_id[:MAX_SHOWN]}: {why}"))
        elif _is_outside(place, where):
            elsewhere += 1
        else:
            yield place
    if elsewhere:
        answers.notes.append(
            f"{source.name}: records left out because they lie outside the area: {elsewhere}"
        )


def _is_outside(place: Place, where: Location) -> bool:
    """Whether it lies outside a box or circle that was ordered; a town's limits are for the source to know."""
    if not isinstance(where, Box | Circle):
        return False
    if place.latitude is None or place.longitude is None:
        return True
    return not where.contains((place.latitude, place.longitude))


def _note_undialled(source: PlaceSource, of_no_country: Iterable[Place], answers: _Answers) -> None:
    lost = [place for place in of_no_country if place.phone]
    if lost:
        first = f"{lost[0].phone!r} of {lost[0].name!r}"
        example = lost[0].source_id if source.name in restricted_sources() else first
        answers.notes.insert(
            0,
            f"{source.name}: phone numbers written nationally and left out: {len(lost)}, e.g. {example}: "
            "no country is known; add a country column, or `country` to agency.yaml",
        )


def _business(run_id: str, found: Merged, exclusion: Exclusion | None) -> Business:
    best = found.best
    latitude, longitude = best.point or (None, None)
    return Business(
        id=business_id(run_id, found.fingerprint),
        fingerprint=found.fingerprint,
        name=best.name,
        niche=best.niche,
        sub_niche=best.sub_niche,
        street=best.street,
        postcode=best.postcode,
        city=best.city,
        country=best.country,
        latitude=latitude,
        longitude=longitude,
        phone=best.phone,
        phone_kind=best.phone_kind,
        email=best.email,
        website=best.website,
        website_origin=best.website_origin,
        social_profiles=best.social_profiles,
        opening_hours=best.opening_hours,
        language=best.language,
        is_sole_trader=best.is_sole_trader,
        last_edited=best.last_edited,
        origins=found.origins,
        field_origins=found.field_origins,
        exclusion=exclusion[0] if exclusion else None,
        exclusion_note=exclusion[1] if exclusion else None,
        review_note=found.review_note,
    )
