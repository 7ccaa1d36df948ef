from itertools import permutations

from leadgen_dagster.scoring.links import contact_rank
from leadgen_dagster.scoring.page_view import PageView
from leadgen_dagster.scoring.site_pages import SitePages
from leadgen_dagster.scoring.snapshots import PageKind, PageSnapshot
from leadgen_dagster_tests.factories import make_business, make_page


def contact_page(path: str, label: str) -> PageSnapshot:
    page = make_page(
        url=f"https://bakery.example{path}", final_url=f"https://bakery.example{path}", body=b"<p>x"
    )
    return PageSnapshot(id=path, business_id="1", kind=PageKind.CONTACT, label=label, page=page)


PAGES = (
    contact_page("/so-finden-sie-uns", "Kontakt & Impressum"),
    contact_page("/impressum", "Rechtliches"),
    contact_page("/p?id=3", "\u00dcber uns"),
    contact_page("/x", "Read more"),
)


def test_a_contact_page_has_its_place_by_its_words_or_its_name() -> None:
    assert [contact_rank(page) for page in PAGES] == [0, 1, 2, 3]


def test_contact_pages_are_read_in_that_order_however_their_rows_come() -> None:
    home = PageView(make_page(url="https://bakery.example/", body=b"<p>x"))
    for pages in permutations(PAGES):
        site = SitePages.of(make_business(), home, pages)
        assert [page.url for page in site.others] == [page.page.url for page in PAGES]
