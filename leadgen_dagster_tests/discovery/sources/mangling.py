"""Answers of a service with something wrong in them."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

NONSENSE: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**400),
    st.floats(),
    st.text(max_size=5),
    st.just("\0"),
    st.just("\ud800"),
    st.just("x" * 100_000),
    st.lists(
        st.one_of(st.none(), st.integers(), st.text(max_size=3), st.dictionaries(st.text(), st.none())),
        max_size=3,
    ),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@st.composite
def mangled(draw: st.DrawFn, node: Any) -> Any:
    """A copy in which up to four parts, wherever they stand, are missing or something else."""
    whole = {"": copy.deepcopy(node)}
    for _ in range(draw(st.integers(1, 4))):
        holder, key = draw(st.sampled_from(list(_parts(whole))))
        if key != "" and draw(st.booleans()):
            del holder[key]
        else:
            holder[key] = draw(NONSENSE)
    return whole[""]


def _parts(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in it where something stands: what holds it, and by which name."""
    keys = node.keys() if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield node, key
        yield from _parts(node[key])
