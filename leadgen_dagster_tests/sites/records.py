"""Businesses that a theme has to carry: rich, ordinary, poor, and those with names nobody planned for."""

from datetime import date

from leadgen_dagster.discovery.businesses import Business
from leadgen_dagster.sites.brief import SiteBrief, make_site_brief
from leadgen_dagster.sites.looks import Look
from leadgen_dagster.sites.theme import Theme, themes
from leadgen_dagster.sites.view import SitePage, site_page
from leadgen_dagster_tests.factories import make_business, make_score

ORDERED_ON = date(2026, 11, 22)

HOSTILE_NAMES = (
    '<script>document.title="owned"</script>',
    '"><img src=x onerror=document.title="owned">',
    "</title></style></script><svg onload=document.title='owned'>",
    "{{ 7 * 7 }} {% raw %} {business} ${x}",
    'Bob\'s "Best" & Söhne <b>bold</b>',
    "\u202eevil\u202c مقهى الميناء",
    "Å Æ ß Ł ő 東京 🥐",
    "javascript:document.title='owned'",
    "]]><!--",
    "TODO 0800 1234567 me@other.example",
    "A" * 120,
)

RICH = make_business(
    social_profiles=("https://www.instagram.com/harbourbakery", "https://www.facebook.com/harbourbakery"),
    opening_hours="Mo-Fr 07:00-12:30,13:30-17:00; Sa 08:00-13:00; Su,PH off",
)
ORDINARY = make_business(name="Quay Plumbing", niche="plumber", email=None, opening_hours="Mo-Fr 08:00-17:00")
POOR = make_business(name="Polish", niche="nail_salon", email=None, opening_hours=None, latitude=None)


HARBOUR = themes()["harbour"]


def look(theme: Theme = HARBOUR, variant: str | None = None, palette: str | None = None) -> Look:
    """A look of a theme; its first arrangement and palette if nothing else is asked."""
    palettes = theme.palettes
    return Look(theme, variant or theme.variants[0], palettes[palette or next(iter(palettes))])


def page_of(brief: SiteBrief, *, agency: str | None = "Quay Studio", url: str | None = None) -> SitePage:
    return site_page(brief, look(), fingerprint="one", agency_name=agency, url=url)


def brief_of(business: Business, *, language: str = "en") -> SiteBrief:
    brief = make_site_brief(business, (), make_score(), language=language, ordered_on=ORDERED_ON)
    assert brief is not None
    return brief
