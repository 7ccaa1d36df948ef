"""A drawn map on a demo: where the run's files know the streets, and a link alone where they do not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from leadgen_dagster.discovery.sources import HELSINKI
from leadgen_dagster.orchestration import street_maps
from leadgen_dagster.orchestration.execution import Workshop
from leadgen_dagster.orchestration.flow import STAGES
from leadgen_dagster.orchestration.layout import site_path
from leadgen_dagster.orders import Executor
from leadgen_dagster.settings import Settings
from leadgen_dagster.sites.gates import stored_site_faults

UNTIL_SITES = STAGES[: STAGES.index("generated_sites") + 1]
FLORIST = """name,niche,street,postcode,city,country,phone,latitude,longitude,opening_hours
Kukka,florist,Aleksanterinkatu 1,00170,Helsinki,FI,+358 9 4245 5440,60.1690,24.9500,Mo-Fr 09:00-17:00
"""


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEADGEN_HOME", str(home))
        patch.setenv("DAGSTER_HOME", str(home / "dagster"))
        workshop = Workshop(Settings.load())
        yield workshop
        workshop.instance.dispose()
        workshop.database.dispose()


def pages_of(workshop: Workshop, source: str) -> list[str]:
    """The demos of the florists of Helsinki, none of whom has a website; each without a fault."""
    fields = {"location": "Helsinki", "niche": "florist", "sources": [source]}
    order, _ = workshop.desk.place(fields, requested_by="test", executor=Executor.PROCESS)
    workshop.execute(order.id, stages=UNTIL_SITES)
    run, partition = workshop.run(order.id), workshop.partition(order.id)
    businesses = {one.id: one for one in partition.businesses()}
    pages = []
    for business_id, site in partition.sites().items():
        html = workshop.files.read_file(site_path(site.content_hash, "index.html"))
        faults = stored_site_faults(
            site,
            html,
            businesses[business_id],
            partition.contacts().get(business_id, ()),
            partition.scores()[business_id],
            agency_name=workshop.agency_of(run).name,
            ordered_on=run.ordered_on,
        )
        assert (faults, site.faults) == ([], ())
        assert (site.facts.get("area") == "record: osm") == (b'class="area"' in html)
        pages.append(html.decode())
    return pages


def test_a_demo_of_a_run_over_helsinki_carries_a_map(workshop: Workshop) -> None:
    pages = pages_of(workshop, f"osm:{HELSINKI}")
    assert pages
    assert all('class="area"' in page and "© OpenStreetMap" in page for page in pages)


def test_a_demo_of_a_run_without_an_openstreetmap_file_has_the_link_alone(
    workshop: Workshop, tmp_path: Path
) -> None:
    list_of_one = tmp_path / "florists.csv"
    list_of_one.write_text(FLORIST, encoding="utf-8")
    (page,) = pages_of(workshop, f"csv:{list_of_one}")
    assert 'class="area"' not in page
    assert "openstreetmap.org/?mlat=60.16900" in page


def test_a_file_that_is_too_large_is_left_out_with_a_sentence(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {"location": "Helsinki", "niche": "florist", "sources": [f"osm:{HELSINKI}"]}
    order, _ = workshop.desk.place(fields, requested_by="test", executor=Executor.PROCESS)
    monkeypatch.setattr(street_maps, "MAX_FILE_BYTES", 600_000)
    place = (60.1690, 24.9500)
    streets, unread = street_maps.streets_around([place], order.config, workshop.files)
    assert streets.near(place) == ()
    (told,) = unread
    assert told.startswith(f"{HELSINKI} has ")
    assert "maps are drawn from files of up to" in told
