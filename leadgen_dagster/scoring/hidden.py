"""What a visitor of a page cannot see: traps for programs, and words put into an address to lead them astray."""

import re
from functools import cached_property, lru_cache
from itertools import islice

from selectolax.lexbor import LexborNode

from leadgen_dagster.scoring.page_view import PageView, one_line, text_of
from leadgen_dagster.scoring.styles import hides, is_hiding

LONGEST_TRAP = 200
"""Characters of what a style sheet hides for good; longer ones are menus and windows that a script opens."""
LONGEST_DECOY = 40
MOST_RULES = 20
MOST_HIDDEN = 300
"""Elements of a page; one with more of them hides them for other reasons."""

_SIMPLE_SELECTOR = re.compile(r"[\w-]*[.#][\w-]+")
_INLINE_TAGS = frozenset({"span", "b", "i", "em", "strong", "u", "s", "small", "font", "del"})


class Hidden:
    """The elements of one page that it hides from people."""

    def __init__(self, page: PageView) -> None:
        self._page = page

    def holds(self, node: LexborNode) -> bool:
        """Whether an element lies in one that is hidden."""
        at: LexborNode | None = node
        while at is not None and self._nodes:
            if at.mem_id in self._nodes:
                return True
            at = at.parent
        return False

    def has_text(self, text: str) -> bool:
        """Whether a text of the page stands nowhere but in what is hidden."""
        within = sum(hidden.count(text) for hidden in self._texts)
        return within > 0 and self._page.text.count(text) <= within

    def has_decoy(self, address: str) -> bool:
        """Whether a hidden word stands in the midst of an address."""
        return any(decoy in address for decoy, _ in self._decoys)

    @property
    def freed_texts(self) -> tuple[str, ...]:
        """Lines with the decoys taken out."""
        return tuple(line for _, line in self._decoys)

    @cached_property
    def _nodes(self) -> dict[int, LexborNode]:
        page = self._page
        nodes = [
            node
            for node in page.select('[hidden], [style*="display"], [style*="visibility"]')
            if "hidden" in (given := node.attributes) or hides(given.get("style") or "")
        ]
        rules = [selector for selector, style in page.style_rules if is_hiding(style)]
        for selector in filter(_SIMPLE_SELECTOR.fullmatch, rules[:MOST_RULES]):
            nodes += [node for node in page.select(selector) if len(text_of(node)) <= LONGEST_TRAP]
        kept = (node for node in nodes if node.tag not in ("html", "body"))
        return {node.mem_id: node for node in islice(kept, MOST_HIDDEN)}

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        outermost = (
            node for node in self._nodes.values() if node.parent is None or not self.holds(node.parent)
        )
        return tuple(text for node in outermost if (text := one_line(text_of(node))))

    @cached_property
    def _decoys(self) -> tuple[tuple[str, str], ...]:
        """A hidden word in a line with an address, and the line without it."""
        return tuple(
            (word, one_line(line.replace(word, "", 1)))
            for node in self._nodes.values()
            if node.tag in _INLINE_TAGS
            and node.parent is not None
            and 0 < len(word := one_line(text_of(node))) <= LONGEST_DECOY
            and len(line := text_of(node.parent)) <= LONGEST_TRAP
            and "@" in line.replace(word, "", 1)
        )


@lru_cache(maxsize=8)
def hidden_on(page: PageView) -> Hidden:
    return Hidden(page)
