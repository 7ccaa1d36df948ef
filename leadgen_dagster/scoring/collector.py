"""The garbage collector, kept quiet while a page is looked at.

A page is some thousand small objects without cycles, freed by their reference counts; looking for cycles among
them again and again costs a third of the time that scoring takes.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Suspends the search; where it was suspended already, it stays so."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
