"""Does the page say who is behind it, and that somebody still looks after it?"""

from leadgen_dagster.scoring.checks.outcomes import PASSED, Failed, Outcome
from leadgen_dagster.scoring.site_pages import SitePages

_PRIVACY = (
    *("privacy", "data protection", "data-protection", "dataprotection", "gdpr"),
    *("datenschutz", "dsgvo", "tietosuoja", "rekisteriseloste"),
    *("integritetspolicy", "personuppgift", "dataskydd"),
    *("confidentialit", "données personnelles", "données-personnelles"),
    *("donnees personnelles", "donnees-personnelles"),
    *("privacidad", "protección de datos", "protección-de-datos"),
    *("proteccion de datos", "proteccion-de-datos"),
)


def privacy_page_missing(site: SitePages) -> Outcome:
    """A link that leads to one; the bare words are no page."""
    if any(word in page.lower_links for word in _PRIVACY for page in site.pages):
        return PASSED
    return Failed(where="links of the pages read", snippet="no link to a privacy policy")
