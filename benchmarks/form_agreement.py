"""How often the kinds of forms agree with those that people gave them: precision and recall by kind.

The folder holds pages and an `index.json`: for each file its `url` and its `forms`, a letter for each in page order.
Forms without a kind (`X`, `-`) are left out, and so are pages on which the parser finds another number of forms than
the people did (broken HTML): those are named.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leadgen_dagster.scoring.forms import FormKind, forms_of
from leadgen_dagster.scoring.page_view import PageView
from leadgen_dagster.scoring.snapshots import FetchedPage, FetchOutcome

FETCHED_AT = datetime(2026, 11, 22, tzinfo=UTC)
LETTERS = {
    "s": FormKind.SEARCH,
    "l": FormKind.LOGIN,
    "r": FormKind.REGISTRATION,
    "p": FormKind.PASSWORD_RECOVERY,
    "c": FormKind.CONTACT,
    "m": FormKind.NEWSLETTER,
    "b": FormKind.ORDER,
    "P": FormKind.POLL,
    "V": FormKind.DISPLAY,
    "N": FormKind.NAVIGATION,
    "C": FormKind.OTHER,
    "o": FormKind.OTHER,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", type=Path, help="a folder with *.html files and their index.json")
    parser.add_argument("--mistakes", action="store_true", help="name every form that was taken for another")
    options = parser.parse_args()
    index: Mapping[str, Any] = json.loads((options.pages / "index.json").read_text(encoding="utf-8"))
    pairs = [
        (name, given, told)
        for name, entry in sorted(index.items())
        for given, told in labelled(options.pages / name, entry["url"], entry["forms"])
    ]
    if options.mistakes:
        for name, given, told in pairs:
            if given is not told:
                print(f"{name}: {given} taken for {told}")
    print_table([(given, told) for _, given, told in pairs])


def labelled(file: Path, url: str, letters: str) -> Iterator[tuple[FormKind, FormKind]]:
    """The kind that people gave each form of a page, and the one that it is taken for."""
    page = FetchedPage(
        url=url,
        outcome=FetchOutcome.FETCHED,
        fetched_at=FETCHED_AT,
        final_url=url,
        status=200,
        body=file.read_bytes(),
    )
    forms = forms_of(PageView(page))
    if len(forms) != len(letters):
        print(f"{file.name}: {len(letters)} forms are labelled and {len(forms)} found; left out")
        return
    for form, letter in zip(forms, letters, strict=True):
        if letter in LETTERS:
            yield LETTERS[letter], form.kind


def print_table(pairs: list[tuple[FormKind, FormKind]]) -> None:
    given = Counter(kind for kind, _ in pairs)
    told = Counter(kind for _, kind in pairs)
    right = Counter(kind for kind, as_told in pairs if kind is as_told)
    print(f"{'kind':20}{'labelled':>9}{'precision':>11}{'recall':>8}")
    for kind in FormKind:
        print(
            f"{kind:20}{given[kind]:9}{share(right[kind], told[kind]):>11}{share(right[kind], given[kind]):>8}"
        )
    both = share(right.total(), len(pairs))
    print(f"{'all (micro average)':20}{len(pairs):9}{both:>11}{both:>8}")


def share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


if __name__ == "__main__":
    main()
