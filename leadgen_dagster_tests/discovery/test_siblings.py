from typing import Any

from leadgen_dagster.discovery.businesses import WebsiteOrigin
from leadgen_dagster.discovery.merge import Merged, merge
from leadgen_dagster.discovery.siblings import with_sibling_websites
from leadgen_dagster_tests.discovery.builders import make_candidate

FAR = {"latitude": 60.3, "source_id": "far"}


def completed(*neighbours: dict[str, Any], **fields: Any) -> Merged:
    """A business after it was seen beside these."""
    one = make_candidate(**fields)
    others = [make_candidate(**({"source_id": f"n{n}"} | other)) for n, other in enumerate(neighbours)]
    (business,) = with_sibling_websites(merge([one]), [one, *others], "Helsinki")
    return business


def test_a_place_without_website_gets_that_of_its_sibling_and_says_whose_it_was() -> None:
    found = completed(FAR | {"website": "https://osteria.fi/"})
    assert (found.best.website, found.best.website_origin) == ("https://osteria.fi/", WebsiteOrigin.SIBLING)
    assert found.best.domain is None
    assert found.field_origins["website"] == found.field_origins["website_origin"] == "fake far"
    assert found.field_origins["name"] == "fake 1"


def test_what_a_place_has_itself_stays() -> None:
    found = completed(FAR | {"website": "https://osteria.fi/"}, website="https://porto.fi/")
    assert found.best.website_origin is WebsiteOrigin.RECORD


def test_a_website_that_firms_of_other_names_share_is_no_siblings() -> None:
    mall = {"website": "https://mall.fi/"}
    assert completed(FAR | mall, mall | {"name": "Kitch"}).best.website is None


def test_a_name_with_two_websites_or_without_a_telling_word_has_no_sibling() -> None:
    assert (
        completed(FAR | {"website": "a.fi"}, FAR | {"website": "b.fi", "source_id": "2"}).best.website is None
    )
    plain = {"name": "Helsinki Thai Kitchen"}
    assert completed(FAR | plain | {"website": "thai.fi"}, **plain).best.website is None


def test_a_guess_from_a_mailbox_completes_nobody_else() -> None:
    assert completed(FAR | {"email": "a@porto.fi"}).best.website is None
