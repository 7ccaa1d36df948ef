"""What one lead is to be told, decided before anybody words it: one topic, its evidence, one praise."""

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.discovery.names import sign_name
from leadgen_dagster.outreach.wording import can_fill, capitalised, fill, phrase_book, written_date
from leadgen_dagster.scoring.domains import SOCIAL_DOMAINS, social_network
from leadgen_dagster.scoring.lead_class import WANTS_A_PAGE
from leadgen_dagster.scoring.scores import Finding, WebsiteScore, WebsiteState

_MAX_LABEL = 40
_MAX_PATH = 30
_PLAIN_LABEL = re.compile(r"[^\s<>{}@/\\“”„\"]+(?: [^\s<>{}@/\\“”„\"]+)*")


class OfferKind(StrEnum):
    """What the message leads to; keys of the phrase book's `offers`."""

    DEMO = "demo"
    FIRST_PAGE = "first_page"
    """A demo for a business that has no page yet."""
    REPAIR = "repair"
    """No demo: the one fault is worth mending in the site as it is."""
    TALK = "talk"
    """No demo, and nothing there to mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pitch:
    """All that a copywriter may know. Whatever is not in it must not be said."""

    language: str
    name: str
    """As the sign has it."""
    topic: str
    """A check id or a website state."""
    is_state: bool
    offer: OfferKind
    page: str | None
    """Host and path, without a scheme: named, not linked."""
    looked_on: str | None
    """The day, as one writes it in the language."""
    praise: str | None
    """A clause, if the book has one."""
    parameters: Mapping[str, str | None] = field(default_factory=dict)
    """What fills the topic's phrases."""
    evidence: str | None = None
    """For the person who reviews the draft; never for a prompt, since it quotes the page."""
    seed: str = ""
    """What the stable choice of wording is made from."""

    @property
    def values(self) -> dict[str, str | None]:
        """Everything a phrase may have as a gap."""
        on_date = (
            fill(phrase_book(self.language)["on_date"], {"date": self.looked_on}) if self.looked_on else ""
        )
        return {**self.parameters, "name": self.name, "page": self.page, "on_date": on_date}


def make_pitch(
    *, business: Business, score: WebsiteScore, language: str, has_demo: bool, looked_on: date | None
) -> Pitch | None:
    """The pitch for one lead; None where there is nothing that may be pitched."""
    book = phrase_book(language)
    if score.website_state in WANTS_A_PAGE:
        return _state_pitch(business, score, language, has_demo=has_demo, looked_on=looked_on)
    for finding in _pitchable(score):
        parameters = _parameters(finding, language)
        phrases = book["faults"].get(finding.check_id)
        if phrases is None or not can_fill(_sentences(phrases, parameters)[0], parameters):
            continue
        evidence = finding.evidence
        return Pitch(
            language=language,
            name=sign_name(business.name),
            topic=finding.check_id,
            is_state=False,
            offer=OfferKind.DEMO if has_demo else OfferKind.REPAIR,
            page=page_name(evidence.url),
            looked_on=written_date(evidence.looked_at, language),
            praise=_praise(score, finding.check_id, language),
            parameters=parameters,
            evidence=f"{evidence.url} ({evidence.looked_at}), {evidence.where}: {evidence.snippet}",
            seed=business.fingerprint,
        )
    return None


def fault_sentences(pitch: Pitch) -> tuple[str, ...]:
    """The clauses that say the fault, or the sentences that say the state; gaps still open."""
    phrases = topic_phrases(pitch)
    if not pitch.is_state:
        return tuple(_sentences(phrases, pitch.parameters))
    return tuple(phrases["sentence_opened" if _was_opened(pitch, phrases) else "sentence"])


def short_sentence(pitch: Pitch) -> str:
    """The fault or the state in one short sentence, for a text message and a call card."""
    phrases = topic_phrases(pitch)
    phrase: str = phrases["short_opened" if _was_opened(pitch, phrases) else "short"]
    return fill(phrase, pitch.values)


def topic_phrases(pitch: Pitch) -> Mapping[str, Any]:
    """The phrase book's entry for what the pitch speaks of."""
    section = phrase_book(pitch.language)["states" if pitch.is_state else "faults"]
    entry: Mapping[str, Any] = section[pitch.topic]
    return entry


def page_name(url: str) -> str:
    """How a message names a page: host and a short path, no scheme, so that it is no second link."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    with contextlib.suppress(UnicodeError):  # a host that is no IDNA is named as it stands
        host = host.encode("ascii").decode("idna")
    path = parts.path.rstrip("/")
    return host + path if path and len(path) <= _MAX_PATH and "%" not in path else host


def _state_pitch(
    business: Business, score: WebsiteScore, language: str, *, has_demo: bool, looked_on: date | None
) -> Pitch:
    day = next((finding.evidence.looked_at for finding in score.findings), looked_on)
    profile = _profile(business, language)
    in_list = _in_list(business, language)
    was_opened = score.website_state is not WebsiteState.WEBSITE_UNKNOWN
    return Pitch(
        language=language,
        name=sign_name(business.name),
        topic=score.website_state.value,
        is_state=True,
        offer=OfferKind.FIRST_PAGE if has_demo else OfferKind.TALK,
        page=page_name(business.website) if was_opened and business.website else None,
        looked_on=written_date(day, language) if day else None,
        praise=None,
        parameters={
            "profile": profile,
            "Profile": capitalised(profile),
            "in_list": in_list,
            "In_list": capitalised(in_list),
        },
        evidence=score.state_reason,
        seed=business.fingerprint,
    )


def _pitchable(score: WebsiteScore) -> Iterator[Finding]:
    by_id = {finding.check_id: finding for finding in score.findings if finding.is_pitchable}
    return (by_id[check_id] for check_id in score.top_issues if check_id in by_id)


def _parameters(finding: Finding, language: str) -> dict[str, str | None]:
    given = finding.parameters
    point = phrase_book(language)["decimal_point"]
    megabytes = given.get("megabytes", "")
    year = given.get("year", "")
    return {
        "label": _label(given.get("label")),
        "passage": _label(given.get("passage")),
        "network": network if (network := given.get("network")) in SOCIAL_DOMAINS.values() else None,
        "megabytes": megabytes.replace(".", point) if re.fullmatch(r"\d+(\.\d+)?", megabytes) else None,
        "year": year if re.fullmatch(r"(19|20)\d\d", year) else None,
        "expired": _written_iso_date(given.get("date"), language),
    }


def _label(label: str | None) -> str | None:
    """The words of a link, if they are plain words: they come from a stranger's page."""
    text = " ".join((label or "").split())
    is_plain = len(text) <= _MAX_LABEL and text.isprintable() and _PLAIN_LABEL.fullmatch(text)
    return text if is_plain and "www." not in text.lower() else None


def _written_iso_date(text: str | None, language: str) -> str | None:
    try:
        return written_date(date.fromisoformat(text or ""), language, with_year=True)
    except ValueError:
        return None


def _sentences(phrases: Mapping[str, list[str]], parameters: Mapping[str, str | None]) -> list[str]:
    fillable = [sentence for sentence in phrases["sentence"] if can_fill(sentence, parameters)]
    return fillable or phrases.get("sentence_unnamed") or phrases["sentence"]


def _praise(score: WebsiteScore, topic: str, language: str) -> str | None:
    if score.praise is None or score.praise == topic:
        return None
    praise: str | None = phrase_book(language)["praise"].get(score.praise)
    return praise


def _was_opened(pitch: Pitch, phrases: Mapping[str, Any]) -> bool:
    """Whether an address was opened where, as a rule, only a list was read: one that led to a profile."""
    return pitch.page is not None and "sentence_opened" in phrases


def _in_list(business: Business, language: str) -> str:
    """Where a business without a website was looked up: nothing but the lists were read."""
    book = phrase_book(language)
    lists: Mapping[str, str] = book["lists"]
    named = dict.fromkeys(lists.get(origin.source, lists["other"]) for origin in business.origins)
    return f" {book['and']} ".join(named or [lists["other"]])


def _profile(business: Business, language: str) -> str:
    book = phrase_book(language)["profile"]
    for url in business.social_profiles:
        if platform := social_network(url):
            return fill(book["named"], {"platform": platform})
    unnamed: str = book["unnamed"]
    return unnamed
