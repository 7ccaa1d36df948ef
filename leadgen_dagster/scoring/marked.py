"""What a page marks as data for programs: schema.org items in JSON-LD and in microdata, read alike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborNode

from leadgen_dagster.scoring.page_view import PageView, once_a_page, one_line, text_of

MOST_ITEMS = 100
MOST_PROPERTIES = 100
MAX_DEPTH = 4

_NOT_A_FIRM_WORDS = """
    person event product offer aggregateoffer review website webpage article newsarticle blogposting breadcrumblist
    listitem imageobject searchaction postaladdress geocoordinates openinghoursspecification contactpoint rating
    aggregaterating menuitem menu question answer faqpage service jobposting creativework videoobject
"""
_NOT_A_FIRM = frozenset(_NOT_A_FIRM_WORDS.split())
_FIRMS = frozenset({"organization", "localbusiness", "corporation"})
_MARKS_OF_A_FIRM = ("address", "telephone", "openingHours", "openingHoursSpecification", "geo")
_TELLING_ATTRIBUTES = ("content", "datetime", "href", "src")


@dataclass(frozen=True, slots=True)
class MarkedItem:
    """One schema.org item."""

    fields: Mapping[str, Any]

    @property
    def types(self) -> frozenset[str]:
        """In lower case, without the vocabulary's address."""
        return frozenset(one.rpartition("/")[2].rpartition(":")[2].lower() for one in self.texts("@type"))

    @property
    def is_firm(self) -> bool:
        """An organisation or a place of business, by its type or by what it says of itself."""
        types = self.types
        if types & _NOT_A_FIRM:
            return False
        return bool(types & _FIRMS) or (bool(types) and any(key in self.fields for key in _MARKS_OF_A_FIRM))

    def texts(self, key: str) -> tuple[str, ...]:
        """The plain values of a field, one or several, each on one line."""
        given = self.fields.get(key)
        values = given if isinstance(given, list) else [given]
        return tuple(line for value in values if isinstance(value, str) and (line := one_line(value)))

    def items(self, key: str) -> tuple["MarkedItem", ...]:
        """The items that a field holds."""
        given = self.fields.get(key)
        values = given if isinstance(given, list) else [given]
        return tuple(MarkedItem(value) for value in values if isinstance(value, dict))


def marked_as(key: str, value: str) -> str:
    """A field with its value, as one sees it in the source of JSON-LD."""
    return f'"{key}": "{value}"'


@once_a_page
def marked_items(page: PageView) -> tuple[MarkedItem, ...]:
    """Every item of a page, nested ones too."""
    return tuple(MarkedItem(item) for item in (*page.json_ld, *_microdata(page)))


def _microdata(page: PageView) -> Iterator[Mapping[str, Any]]:
    if "itemtype" in page.html:
        scopes = page.select("[itemscope]")
        own = _properties(page, frozenset(node.mem_id for node in scopes))
        for node in scopes[:MOST_ITEMS]:
            if node.attributes.get("itemtype"):
                yield _item(node, own, MAX_DEPTH)


_Properties = Mapping[int, list[LexborNode]]
"""The elements with an item's own properties, by the item's `mem_id`; one without any has none."""


def _properties(page: PageView, scopes: frozenset[int]) -> _Properties:
    own: dict[int, list[LexborNode]] = {scope: [] for scope in scopes}
    scope_of: dict[int, int | None] = {scope: scope for scope in scopes}
    for node in page.select("[itemprop]")[: MOST_ITEMS * MOST_PROPERTIES]:
        scope = _scope_around(node, scope_of)
        if scope is not None:
            own[scope].append(node)
    return own


def _scope_around(node: LexborNode, scope_of: dict[int, int | None]) -> int | None:
    """The item that a property belongs to: the next one around it; remembered for all that lies between."""
    passed: list[int] = []
    around = node.parent
    while around is not None and around.mem_id not in scope_of:
        passed.append(around.mem_id)
        around = around.parent
    found = scope_of[around.mem_id] if around is not None else None
    scope_of |= dict.fromkeys(passed, found)
    return found


def _item(scope: LexborNode, own: _Properties, depth: int) -> dict[str, Any]:
    fields: dict[str, Any] = {"@type": (scope.attributes.get("itemtype") or "").split()}
    for node in own[scope.mem_id][:MOST_PROPERTIES] if depth else ():
        value = _item(node, own, depth - 1) if node.mem_id in own else _value(node)
        for name in (node.attributes.get("itemprop") or "").split():
            fields.setdefault(name, []).append(value)
    return fields


def _value(node: LexborNode) -> str:
    given = node.attributes
    told = next((given[name] for name in _TELLING_ATTRIBUTES if given.get(name)), None)
    return told or text_of(node)
