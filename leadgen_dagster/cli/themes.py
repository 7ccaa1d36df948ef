"""The themes of the demo sites, to look at."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadgen_dagster.errors import UserError

if TYPE_CHECKING:
    from leadgen_dagster.sites.theme import Theme

GALLERY = Path("theme-gallery")

Names = Annotated[list[str] | None, typer.Argument(help="Which themes; without one, all of them.")]
Folder = Annotated[Path, typer.Option("--out", help="The folder that the pages are written to.")]


def themes(
    names: Names = None,
    *,
    out: Folder = GALLERY,
    open_it: Annotated[bool, typer.Option("--open", help="Show the gallery in the browser.")] = False,
) -> None:
    """Render every theme with made-up businesses.

    Long names, no hours, other scripts, right to left; much known and little known.

    Example: leadgen themes bistro --open
    """
    from leadgen_dagster.cli.output import out as console
    from leadgen_dagster.rendering import render
    from leadgen_dagster.sites.gallery import render_gallery

    wanted = _wanted(names)
    rooms = []
    for theme in wanted:
        exhibits = list(render_gallery(theme))
        for exhibit in exhibits:
            path = out / exhibit.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(exhibit.html)
        rooms.append((theme, exhibits))
        console.print(f"[bold]{theme.name}[/]  {theme.about}  [dim]{len(exhibits)} pages[/]")
    index = out / "index.html"
    index.write_text(render("web/gallery.html", rooms=rooms), encoding="utf-8")
    console.print(str(index), soft_wrap=True)
    if open_it:
        typer.launch(index.absolute().as_uri())


def _wanted(names: list[str] | None) -> "list[Theme]":
    from leadgen_dagster.sites.theme import themes as known

    unknown = [name for name in names or () if name not in known()]
    if unknown:
        raise UserError(f"there is no theme {unknown[0]!r}; there are {', '.join(known())}")
    return [theme for name, theme in known().items() if not names or name in names]


COMMANDS = (themes,)
