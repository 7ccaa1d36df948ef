"""Who words the free passages of a demo: a brief in, its lead and its text about the house out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from types import MappingProxyType
from typing import Protocol

from leadgen_dagster.sites.brief import Hours, SiteBrief
from leadgen_dagster.sites.wording import Wording, wording

LEAD, ABOUT = "lead", "about"
MOST_CLOSED_DAYS = 2
"""More are told by the days that it is open."""
FEWEST_IN_SPAN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteCopy:
    """The free passages of one demo. A writer that is no rule may put in words of its own, once they are checked."""

    lead: str | None
    """A sentence or two under the name; None where there is nothing worth saying."""
    about: tuple[str, ...]
    written: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Section -> the text of a language model; sections that a rule wrote are not in it."""
    note: str | None = None
    """Why a rule stepped in for the model, if it did."""


class SiteCopywriter(Protocol):
    """Words a brief; never fails."""

    def write(self, brief: SiteBrief) -> SiteCopy:
        """The passages, in the brief's language."""
        ...


class DeterministicSiteCopywriter:
    """The week or the street in a sentence, and the business's own sentences as they are."""

    def write(self, brief: SiteBrief) -> SiteCopy:
        return SiteCopy(lead=_lead(brief), about=tuple(sentence.value for sentence in brief.about))


BY_RULE = DeterministicSiteCopywriter()


def written_copy(brief: SiteBrief, written: Mapping[str, str]) -> SiteCopy:
    """The rules' copy with a model's text in its sections; whoever hands it over has checked it."""
    plain = BY_RULE.write(brief)
    return SiteCopy(
        lead=written.get(LEAD, plain.lead),
        about=(written[ABOUT],) if ABOUT in written else plain.about,
        written=written,
    )


def _lead(brief: SiteBrief) -> str | None:
    words = wording(brief.language)
    if brief.hours is not None:
        return week_sentence(brief.hours, words)
    if brief.address is not None and brief.address.street is not None:
        return words.say("description_find", street=brief.address.street.value)
    return None


def week_sentence(hours: Hours, words: Wording) -> str:
    """The open days, and the closed ones where they are few: `Open Monday to Saturday. Closed on Sunday.`."""
    if hours.week.is_always_open:
        return words.say("always_open") + "."
    is_open = [bool(day) for day in hours.week.days]
    if all(is_open):
        return words.say("lead_every_day")
    told = words.say("lead_open", days=_listed(list(_spans(is_open, words)), words))
    closed = [day for day, opens in enumerate(is_open) if not opens]
    if len(closed) > MOST_CLOSED_DAYS:
        return told
    if closed == [0, 6]:
        closed = [6, 0]
    names = [words.days_on[day] for day in closed]
    return f"{told} {words.say('lead_closed', days=_listed(names, words))}"


def _spans(is_open: Sequence[bool], words: Wording) -> Iterator[str]:
    """Days in a row as one, from three on."""
    for opens, run in groupby(range(len(is_open)), key=is_open.__getitem__):
        days = list(run)
        if opens and len(days) >= FEWEST_IN_SPAN:
            yield words.say("days_span", first=words.days_from[days[0]], last=words.days_to[days[-1]])
        elif opens:
            yield from (words.days_on[day] for day in days)


def _listed(parts: Sequence[str], words: Wording) -> str:
    """`Monday to Thursday, Saturday and Sunday`."""
    if len(parts) == 1:
        return parts[0]
    return words.say("days_and", days=", ".join(parts[:-1]), last=parts[-1])
