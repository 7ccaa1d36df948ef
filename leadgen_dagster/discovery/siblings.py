"""The website of another place of the same name, for a business whose records name none.

A name that tells (no mere trade) and stands on one domain alone, which firms of other names do not share, is most
likely one owner's. Whether the website is this place's too, a page has to confirm.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from leadgen_dagster.discovery.businesses import WebsiteOrigin
from leadgen_dagster.discovery.candidates import Candidate
from leadgen_dagster.discovery.merge import Merged
from leadgen_dagster.discovery.similarity import are_similar, plain
from leadgen_dagster.discovery.words import fold, sign_key

MIN_LETTERS = 4


def with_sibling_websites(
    businesses: Iterable[Merged], everybody: Iterable[Candidate], town: str
) -> list[Merged]:
    """Completes businesses without a website; their domain stays unknown, so nobody is merged or known by it.

    Args:
        businesses: of the ordered niches.
        everybody: the records of all niches, among them those of the siblings.
        town: its name tells nobody apart.
    """
    held = list(everybody)
    sites = _sites_by_name(held, frozenset(fold(town).split()))
    return [_completed(business, sites) for business in businesses]


def _completed(business: Merged, sites: Mapping[str, Candidate]) -> Merged:
    best = business.best
    sibling = sites.get(sign_key(best.name)) if best.website is None else None
    if sibling is None:
        return business
    online = replace(best, website=sibling.website, website_origin=WebsiteOrigin.SIBLING)
    return replace(business, best=online, sibling=sibling)


def _sites_by_name(everybody: Sequence[Candidate], town: frozenset[str]) -> dict[str, Candidate]:
    """Name on the sign -> the record with the website that belongs to the name."""
    names: dict[str, set[str]] = defaultdict(set)
    online: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in everybody:
        if candidate.domain:
            names[candidate.domain].add(candidate.name_key)
        if candidate.domain and candidate.website_origin is WebsiteOrigin.RECORD:
            online[sign_key(candidate.name)].append(candidate)
    return {
        sign: _most_usual(found)
        for sign, found in online.items()
        if _is_telling(sign, town)
        and len(domains := {record.domain for record in found}) == 1
        and all(are_similar(found[0].name_key, name) for domain in domains for name in names[domain or ""])
    }


def _is_telling(sign: str, town: frozenset[str]) -> bool:
    return sum(len(word) for word in sign.split() if word not in plain() | town) >= MIN_LETTERS


def _most_usual(found: Sequence[Candidate]) -> Candidate:
    """The record whose address most of them give; of several the shortest one."""
    counts = Counter(record.website for record in found)
    return min(
        found,
        key=lambda record: (
            -counts[record.website],
            len(record.website or ""),
            record.website or "",
            record.origin.key,
        ),
    )
