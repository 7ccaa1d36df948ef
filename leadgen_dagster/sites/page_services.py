"""What a page says is on offer, in its own words: priced rows, lists under a heading that says so, marked data.

Precision before recall: one doubtful row is left out, a page with fewer rows than make a list gives none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from leadgen_dagster.scoring.marked import MarkedItem, marked_items
from leadgen_dagster.scoring.page_view import PageView, folded
from leadgen_dagster.sites.fact_check import PRAISE
from leadgen_dagster.sites.page_words import any_word, anything, inside
from leadgen_dagster.sites.passages import BROKEN, SINCE, Line, is_plain

MOST_OFFERS = 12
FEWEST_OFFERS = 2
FEWEST_PAIRS = 3
"""Of names and prices that stand in lines of their own, one after the other."""
LONGEST_NAME = 60
LONGEST_PRICE = 30
LONGEST_ROW = 120
LONGEST_LEAD_IN = 60
"""Of a line that stands over others without being a heading or before a list."""
MAX_PRICE_AGE_YEARS = 1
"""A page whose newest year is older shows prices of that year."""

_SIGN = r"(?:€|£|\$|EUR|GBP|CHF|SEK|NOK|DKK|Fr\.|kr\.?)"
_AMOUNT = r"\d{1,4}(?:[.,\u2019' \u00a0]\d{3}(?!\d))?(?:[.,]\d{2}(?!\d)|[.,][-\u2013]{1,2}|:-)?"
_MONEY = rf"(?:{_SIGN}\s?{_AMOUNT}(?!\d)|{_AMOUNT}\s?{_SIGN}(?!\w)|\d{{1,5}}:-)"
_FROM = r"(?:from|ab|alkaen|alk\.|från|dès|à partir de|desde|a partir de)"
_PER = r"(?:(?:/|per|pro|je|par|por)\s?(?:\w+\.?\s?){1,2})"
_PRICE_TEXT = rf"(?:{_FROM}\s)?{_MONEY}(?:\s?[-\u2013]\s?(?:{_MONEY}|{_AMOUNT}))?(?:\s?{_PER})?"
_PRICE = re.compile(_PRICE_TEXT, re.IGNORECASE)
_PRICED = re.compile(
    rf"(?P<name>.{{2,90}}?)[\s.:\u2026_|\u00b7\u2013-]+(?P<price>{_PRICE_TEXT})", re.IGNORECASE
)
_HAS_MONEY = re.compile(rf"[€£$]|{_MONEY}|\d\s?(?:p|ct|c)\b", re.IGNORECASE)
_NOTHING = re.compile(r"\D*0+(?:[.,]0+)?\D*")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

_HEADING = anything("offers")
_NO_NAME = anything("no_name")
_NO_OFFER = re.compile(rf"\b(?:{inside('no_offer')})\b|{inside('no_offer_signs')}", re.IGNORECASE)
_SEASON = anything("season")
_NOT_FOR_GUESTS = any_word("not_for_guests")
_OTHER_PRICE = re.compile(rf"(?<!\w)(?:{inside('other_price')})(?!\w)", re.IGNORECASE | re.MULTILINE)
_TAX, _TAX_WITHIN = any_word("tax"), any_word("tax_within")
_AROUND_NAME = re.compile(r"^[^\w(\"\u201e\u201c]+|[^\w)\"\u201c\u201d]+$")


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing on offer, as the page writes it."""

    name: str
    price: str | None
    shown: str
    """The line, or the two lines, that it was read from."""


def offers_on(page: PageView, lines: Sequence[Line], *, year: int) -> list[Offer]:
    """The first of the ways that gives a list; no prices where the page is of a year gone by.

    Args:
        year: of the day the page was looked at.
    """
    told = _without_old_offers(list(_with_what_is_over(lines)))
    left_out = {over for over in {line.under for line in told} if _NOT_FOR_GUESTS.search(over)}
    told = [line for line in told if line.under not in left_out]
    for read in (_priced(told), _marked(page, told), _headed(told)):
        offers = _distinct(read)
        if len(offers) >= FEWEST_OFFERS:
            return _up_to_date(offers, page, told, year)[:MOST_OFFERS]
    return []


def _priced(lines: Sequence[Line]) -> list[Offer]:
    return [*_rows(lines), *_inline(lines), *_pairs(lines)]


def _rows(lines: Sequence[Line]) -> Iterator[Offer]:
    """Table rows with one name in front and one price behind."""
    for row, cells in groupby(lines, key=lambda line: line.row):
        held = list(cells)
        texts = [cell.text for cell in held] if row else []
        prices = [text for text in texts if _is_price(text)]
        if len(texts) >= 2 and len(prices) == 1 and texts[-1] == prices[0] and (name := _name(texts[0])):
            yield Offer(name, _price(prices[0], held[-1]), " ".join(texts))


def _inline(lines: Sequence[Line]) -> Iterator[Offer]:
    """`Fish pie … £12.90` in one line."""
    for line in lines:
        if line.row or line.rank or len(line.text) > LONGEST_ROW or not _HAS_MONEY.search(line.text):
            continue
        found = _PRICED.fullmatch(line.text)
        if found and (name := _name(found["name"])) and not _HAS_MONEY.search(found["name"]):
            yield Offer(name, _price(found["price"], line), line.text)


def _pairs(lines: Sequence[Line]) -> Iterator[Offer]:
    """A name and a price in lines of their own; only where several follow each other and nothing else is between.

    A run that begins after a price is left out: there the price may stand before its name.
    """
    is_price = [not line.row and len(line.text) <= LONGEST_PRICE and _is_price(line.text) for line in lines]
    at = 0
    while at + 1 < len(lines):
        run: list[Offer] = []
        is_sure = at == 0 or not is_price[at - 1]
        while at + 1 < len(lines) and is_price[at + 1] and not is_price[at]:
            name, line = _name(lines[at].text), lines[at]
            if name is None or line.row:
                break
            price = _price(lines[at + 1].text, line)
            run.append(Offer(name, price, f"{line.text} {lines[at + 1].text}"))
            at += 2
        if is_sure and len(run) >= FEWEST_PAIRS:
            yield from run
        at += 1


def _headed(lines: Sequence[Line]) -> list[Offer]:
    """What is listed under a heading that says services, or the smaller headings below it."""
    for at, line in enumerate(lines):
        if line.rank and _HEADING.fullmatch(line.text):
            below = _below(lines[at + 1 :], line.rank)
            items = [one for one in below if one.tag == "li" and one.group]
            listed = [one for one in items if one.group == items[0].group]
            found = (
                listed
                if len(listed) >= FEWEST_OFFERS
                else [one for one in below if one.rank == line.rank + 1]
            )
            offers = [Offer(name, None, one.text) for one in found if (name := _name(one.text))]
            if len(offers) >= FEWEST_OFFERS and len(offers) * 3 >= len(found) * 2:
                return offers
    return []


def _below(lines: Sequence[Line], rank: int) -> list[Line]:
    below: list[Line] = []
    for line in lines:
        if line.rank and line.rank <= rank:
            break
        below.append(line)
    return below


def _marked(page: PageView, lines: Sequence[Line]) -> list[Offer]:
    """What the page marks as menu or catalogue, where a visitor reads it too."""
    shown = {folded(line.text): line for line in reversed(lines)}
    names = [name for item in marked_items(page) if item.is_firm for name in _marked_names(item)]
    return [
        Offer(name, None, shown[folded(one)].text)
        for one in names
        if folded(one) in shown and (name := _name(one))
    ]


def _marked_names(item: MarkedItem) -> Iterator[str]:
    for key in (
        "hasOfferCatalog",
        "makesOffer",
        "hasMenu",
        "itemListElement",
        "hasMenuSection",
        "hasMenuItem",
    ):
        for held in item.items(key):
            offered = held.items("itemOffered") or (held,)
            for one in offered:
                if key in ("makesOffer", "itemListElement", "hasMenuItem") and not one.types & {
                    "offercatalog"
                }:
                    yield from one.texts("name")
            yield from _marked_names(held)


def _name(text: str) -> str | None:
    """A name as one would print it; None for what is none."""
    name = _AROUND_NAME.sub("", text)
    letters = sum(map(str.isalpha, name))
    if (
        not (letters >= 3 and len(name) <= LONGEST_NAME)
        or name.endswith((".", ":", ","))
        or not is_plain(name)
    ):
        return None
    if (
        _NO_NAME.fullmatch(name)
        or _NO_OFFER.search(name)
        or PRAISE.search(name)
        or _YEAR.search(name)
        or _HAS_MONEY.search(name)
    ):
        return None
    return name if name[0].isalnum() and letters * 2 >= len(name) else None


def _is_price(text: str) -> bool:
    return (
        len(text) <= LONGEST_PRICE
        and is_plain(text)
        and _PRICE.fullmatch(text) is not None
        and not _NOTHING.fullmatch(text)
    )


def _price(text: str, line: Line) -> str | None:
    """None where the figure is not simply what the thing costs: a member's, without the tax, for a course of six."""
    return text if _is_price(text) and not _OTHER_PRICE.search(line.under) else None


def _with_what_is_over(lines: Sequence[Line]) -> Iterator[Line]:
    """Each line with its headings, the line that leads into it, and the first row of its table."""
    headings: dict[int, str] = {}
    lead_in, over_group = "", ""
    first_row = 0
    before = Line("", "", 0, 0, 0, 0)
    is_price = [_HAS_MONEY.search(line.text) is not None for line in lines]
    for at, line in enumerate(lines):
        if line.rank:
            headings = {rank: text for rank, text in headings.items() if rank < line.rank}
            headings[line.rank], lead_in = line.text, ""
        is_priced = is_price[at] or is_price[at + 1 : at + 2] == [True]
        if line.group and line.group != before.group:
            over_group = "" if before.rank or _HAS_MONEY.search(before.text) else before.text
            first_row = line.row
        elif not line.group and not line.rank and not is_priced and _leads_in(line.text):
            lead_in = line.text
        if line.group and (
            line.tag == "caption" or (line.row == first_row and line.row and not is_price[at])
        ):
            over_group = f"{over_group}\n{line.text}"
        over = (*list(headings.values())[-2:], lead_in, over_group if line.group else "")
        yield line._replace(under="\n".join(filter(None, over)))
        before = line


def _leads_in(text: str) -> bool:
    return text.endswith(":") or (len(text) <= LONGEST_LEAD_IN and not text.endswith((".", "!", "?")))


def _without_old_offers(lines: Sequence[Line]) -> list[Line]:
    """Without what stands under a heading of a season's offers, events or a basket, or beside a price struck out."""
    kept: list[Line] = []
    is_left_out = False
    for line in lines:
        if line.rank:
            is_left_out = bool(_SEASON.search(line.text) and not _HEADING.fullmatch(line.text)) or bool(
                _YEAR.search(line.text)
            )
        if not is_left_out and BROKEN not in line.text:
            kept.append(line)
    return kept


def _up_to_date(offers: list[Offer], page: PageView, lines: Sequence[Line], year: int) -> list[Offer]:
    """Without prices where they are of a year gone by, or a tax comes on top of them."""
    if not any(offer.price for offer in offers):
        return offers
    is_taxed = any(_TAX.search(line.text) and not _TAX_WITHIN.search(line.text) for line in lines)
    years = [int(found) for found in _YEAR.findall(SINCE.sub("", page.text)) if int(found) <= year]
    if is_taxed or (years and max(years) < year - MAX_PRICE_AGE_YEARS):
        return [Offer(offer.name, None, offer.shown) for offer in offers]
    return offers


def _distinct(offers: Sequence[Offer]) -> list[Offer]:
    """Each name once; one that has two prices has none that could be printed."""
    by_name: dict[str, Offer] = {}
    for offer in offers:
        known = by_name.setdefault(folded(offer.name), offer)
        if known.price != offer.price:
            by_name[folded(offer.name)] = Offer(known.name, None, known.shown)
    return list(by_name.values())
