"""Where a page and the record disagree; a person settles it, and neither value is printed."""

from leadgen_dagster.scoring.site_pages import SitePages


def discrepancies(site: SitePages) -> tuple[str, ...]:
    """Names of `Business` fields. A phone counts only where the page says a number is its own and not the record's."""
    record = site.business.phone
    if record is None or not site.linked_phones or site.shows_phone(record):
        return ()
    return ("phone",)
