"""The colours of a demo."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Six colours, as `#rrggbb`; each pair that a theme sets as text on a ground has WCAG AA contrast.

    Those pairs: `ink` on `paper`, `soft` and `accent`; `paper` on `brand`, `ink` and `night`; `soft` on `brand`
    and `night`; `brand` on `paper`; `accent` on `night`.
    """

    name: str
    paper: str
    """The page by day."""
    ink: str
    """Text by day; the darkest ground."""
    brand: str
    """The large surface: dark enough for `paper` on it."""
    accent: str
    """The spark: light enough for `ink` on it."""
    soft: str
    """A tint of the brand: light enough for `ink` on it."""
    night: str
    """The page in the dark."""
