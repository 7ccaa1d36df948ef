"""From an order to the businesses of its run: ask, normalise, merge, say who is no lead, take the best."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from leadgen_dagster.agency import ExclusionList
from leadgen_dagster.discovery.businesses import Business, Place
from leadgen_dagster.discovery.candidates import (
    Candidate,
    candidate_of,
    remarks,
    why_unusable,
    without_shared_guesses,
)
from leadgen_dagster.discovery.exclusions import Exclusion, Neighbourhood, after_take_down, exclusion_of
from leadgen_dagster.discovery.fingerprints import FINGERPRINT_RULE, business_id
from leadgen_dagster.discovery.merge import Merged, merge
from leadgen_dagster.discovery.niches import NICHES, find_niche
from leadgen_dagster.discovery.normalise import usual_country
from leadgen_dagster.discovery.ranking import by_fullness, in_order_of_worth
from leadgen_dagster.discovery.sources.base import Note, PlaceRequest, PlaceSource, Rejected, Unread
from leadgen_dagster.errors import LeadgenError, SourceError
from leadgen_dagster.orders import ProcessingRunConfig

NOBODY: Mapping[str, date] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was found, and what was not taken."""

    businesses: tuple[Business, ...]
    """Leads in order of worth (`ranking`); then the excluded ones."""
    counts_by_source: Mapping[str, int]
    """Records of the ordered niches, before merging."""
    merged_count: int
    """Records that went into another one."""
    rejected: tuple[str, ...]
    """Records set aside, each with the reason."""
    unread: tuple[str, ...] = ()
    """Details left out of records that were taken."""
    failed_sources: Mapping[str, str]
    """Source -> why it gave nothing."""
    notes: tuple[str, ...] = ()
    leads_beyond_limit: int = 0
    """Leads found that the order's limit left out."""


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
    rejected: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failures: dict[str, LeadgenError] = field(default_factory=dict)


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

    Raises:
        OrderError: the niche is unknown; or the only source does not know the location.
        SourceError: no source gave an answer.
    """
    wanted = find_niche(config.niche)
    request = PlaceRequest(
        location=config.location,
        niches=wanted,
        other_niches=tuple(niche for niche in NICHES.values() if niche not in wanted),
        ordered_on=ordered_on,
    )
    answers = _ask(sources, request, default_country)
    everybody = without_shared_guesses(answers.candidates)
    neighbourhood = Neighbourhood.of(everybody, config.location)
    wanted_keys = {niche.key for niche in wanted}
    ordered = [candidate for candidate in everybody if candidate.niche in wanted_keys]
    judged = [
        (found, after_take_down(found, taken_down) or exclusion_of(found, neighbourhood, exclusions))
        for found in merge(ordered)
    ]
    leads = in_order_of_worth(found for found, exclusion in judged if exclusion is None)
    excluded = sorted(
        ((found, why) for found, why in judged if why is not None), key=lambda pair: by_fullness(pair[0])
    )
    kept: list[tuple[Merged, Exclusion | None]] = [(lead, None) for lead in leads[: config.max_businesses]]
    businesses = [_business(run_id, found, why) for found, why in (*kept, *excluded)]
    return Discovery(
        businesses=(*businesses, *_of_failed(answers.failures, previous, businesses)),
        counts_by_source=dict(Counter(candidate.origin.source for candidate in ordered)),
        merged_count=len(ordered) - len(judged),
        rejected=tuple(answers.rejected),
        unread=tuple(answers.unread),
        failed_sources={name: str(error) for name, error in answers.failures.items()},
        notes=tuple(answers.notes),
        leads_beyond_limit=max(0, len(leads) - config.max_businesses),
    )


def _ask(sources: Iterable[PlaceSource], request: PlaceRequest, default_country: str | None) -> _Answers:
    """All answers; a source that fails is named and the others go on."""
    answers = _Answers()
    names: list[str] = []
    for source in sources:
        names.append(source.name)
        try:
            _take(source, request, answers, default_country)
        except LeadgenError as error:
            answers.failures[source.name] = error
    if names and len(answers.failures) == len(set(names)):
        _raise_all(answers.failures)
    if not names:
        raise SourceError("none", "the order has no source to ask")
    return answers


def _of_failed(
    failures: Mapping[str, LeadgenError], previous: Iterable[Business], found: Iterable[Business]
) -> list[Business]:
    """What only the failed sources gave in an earlier attempt."""
    known = {business.fingerprint for business in found}
    return [
        business
        for business in previous
        if business.fingerprint not in known
        and {origin.source for origin in business.origins} <= failures.keys()
    ]


def _raise_all(failures: Mapping[str, LeadgenError]) -> None:
    """With no source left the stage fails; a single source's error says it best itself."""
    if len(failures) == 1:
        raise next(iter(failures.values()))
    reasons = "; ".join(str(error) for error in failures.values())
    raise SourceError(
        ", ".join(failures), reasons, is_retryable=any(error.is_retryable for error in failures.values())
    )


def _take(source: PlaceSource, request: PlaceRequest, answers: _Answers, default_country: str | None) -> None:
    """One source's whole answer; nothing is kept of one that breaks off."""
    items = list(source.places(request))
    places: list[Place] = []
    for item in items:
        match item:
            case Rejected(reason):
                answers.rejected.append(reason)
            case Unread(reason):
                answers.unread.append(reason)
            case Note(text):
                answers.notes.append(text)
            case Place() if why := why_unusable(item):
                answers.rejected.append(f"{source.name} {item.source_id}: {why}")
            case Place():
                places.append(item)
    country = usual_country(places) or default_country
    candidates = [candidate_of(place, source, country) for place in places]
    answers.candidates.extend(candidates)
    wanted = {niche.key for niche in request.niches}
    told = [pair for pair in zip(places, candidates, strict=True) if pair[0].niche in wanted]
    answers.unread.extend(text for place, candidate in told for text in remarks(place, candidate))
    _note_undialled(source, [place for place, found in told if not (found.phone or found.country)], answers)


def _note_undialled(source: PlaceSource, of_no_country: Iterable[Place], answers: _Answers) -> None:
    lost = [place for place in of_no_country if place.phone]
    if lost:
        answers.notes.insert(
            0,
            f"{source.name}: phone numbers written nationally and left out: {len(lost)}, e.g. {lost[0].phone!r} of "
            f"{lost[0].name!r}: no country is known; add a country column, or `country` to agency.yaml",
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
        exclusion=exclusion[0] if exclusion else None,
        exclusion_note=exclusion[1] if exclusion else None,
        review_note=found.review_note,
    )
