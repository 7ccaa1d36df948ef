from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.sources import Note, PlaceRequest, Rejected
from leadgen_dagster.discovery.sources.csv_file import CsvSource
from leadgen_dagster.errors import FileError
from leadgen_dagster_tests.discovery.builders import request_for


def read(
    tmp_path: Path, content: str | bytes, request: PlaceRequest | None = None
) -> tuple[list[Place], list[str], list[str]]:
    """Places, rejected rows, notes."""
    path = tmp_path / "stored"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    items = list(CsvSource(path, "leads.csv").places(request or request_for("Helsinki")))
    return (
        [item for item in items if isinstance(item, Place)],
        [item.reason for item in items if isinstance(item, Rejected)],
        [item.text for item in items if isinstance(item, Note)],
    )


TITLES = [
    ("Name", "Street", "Postcode", "City", "Phone", "Email", "Website"),
    ("Firma", "Straße", "PLZ", "Ort", "Telefon", "E-Mail", "Webseite"),
    ("Yritys", "Osoite", "Postinumero", "Kaupunki", "Puhelin", "Sähköposti", "Kotisivut"),
]
KITCH = ("Kitch", "Yrjönkatu 30", "00100", "Helsinki", "09 666001", "a@kitch.fi", "kitch.fi")


@pytest.mark.parametrize("titles", TITLES)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_list_is_read_in_three_languages_delimiters_and_encodings(
    tmp_path: Path, titles: tuple[str, ...], delimiter: str, encoding: str
) -> None:
    content = "\r\n".join([delimiter.join(titles), delimiter.join(KITCH), ""])
    (place,), rejected, notes = read(tmp_path, content.encode(encoding))
    assert (rejected, notes) == ([], [])
    assert (place.name, place.street, place.postcode) == ("Kitch", "Yrjönkatu 30", "00100")
    assert (place.city, place.phone, place.email) == ("Helsinki", "09 666001", "a@kitch.fi")
    assert (place.website, place.niche, place.source_id) == ("http://kitch.fi/", "restaurant", "row 2")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Kitch,a@b,,", "row 2, column email: 'a@b' is not an address"),
        ("Kitch,,no,", "row 2, column phone: 'no' is not a phone number"),
        (",a@kitch.fi,,", "row 2, column name: '' is empty"),
        ("Kitch,,,nan", "row 2, column latitude: 'nan' is not between -90 and 90"),
        ("Kitch,,,95.2", "row 2, column latitude: '95.2' is not between -90 and 90"),
        ("K\0tch,,,", "row 2, column name: 'K\\x00tch' is in a row with NUL characters"),
    ],
)
def test_a_bad_row_is_named_with_its_column_and_the_next_one_is_read(
    tmp_path: Path, row: str, reason: str
) -> None:
    places, rejected, _notes = read(tmp_path, f"name,email,phone,latitude\n{row}\nSavoy,,,60.1\n")
    assert [place.name for place in places] == ["Savoy"]
    assert rejected == [f"leads.csv: {reason}"]


def test_a_name_of_a_megabyte_is_set_aside_and_shown_short(tmp_path: Path) -> None:
    places, (reason,), _notes = read(tmp_path, f"name\n{'x' * 100_000}\nSavoy\n")
    assert [place.name for place in places] == ["Savoy"]
    assert len(reason) < 150


def test_a_list_without_a_name_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        FileError, match=r"^leads\.csv:1: no column says the name; .* Its first line has: foo, bar$"
    ):
        read(tmp_path, "foo,bar\n1,2\n")
    with pytest.raises(FileError, match=r"Its first line has: nothing$"):
        read(tmp_path, b"")


def test_rows_of_another_town_are_left_out_and_counted(tmp_path: Path) -> None:
    places, rejected, notes = read(tmp_path, "name,city\nKitch,HELSINKI\nSavoy,\nTorni,Espoo\n")
    assert [place.name for place in places] == ["Kitch", "Savoy"]
    assert (rejected, notes) == ([], ["leads.csv: rows left out because their town is not Helsinki: 1"])


def test_a_niche_column_is_respected(tmp_path: Path) -> None:
    content = "name,category\nKitch,Restaurant\nAnna,Friseur\nX,spaceport\n"
    places, rejected, notes = read(tmp_path, content)
    assert [place.name for place in places] == ["Kitch"]
    assert rejected == ["leads.csv: row 4, column niche: 'spaceport' is no niche that is known"]
    assert notes == ["leads.csv: rows left out because their niche was not ordered: 1"]
    everybody, _rejected, _notes = read(tmp_path, content, request_for("Helsinki", "all"))
    assert [place.niche for place in everybody] == ["restaurant", "hairdresser"]


def test_with_all_niches_ordered_the_name_tells_the_trade_or_the_row_is_counted(tmp_path: Path) -> None:
    places, _rejected, notes = read(
        tmp_path, "name\nBäckerei Petersen\nKontor\n", request_for("Helsinki", "all")
    )
    assert [(place.name, place.niche) for place in places] == [("Bäckerei Petersen", "bakery")]
    assert notes == ["leads.csv: rows left out because their niche was not ordered: 1"]


def test_a_quoted_cell_may_hold_the_delimiter_and_a_line_break(tmp_path: Path) -> None:
    places, _rejected, _notes = read(
        tmp_path, 'name,street\n"Kitch, Bar\n& Grill","Annankatu 3, B"\n\nSavoy,\n'
    )
    assert [(place.name, place.street) for place in places] == [
        ("Kitch, Bar\n& Grill", "Annankatu 3, B"),
        ("Savoy", None),
    ]


def test_a_country_may_be_written_out_and_orders_the_street(tmp_path: Path) -> None:
    header = "name,street,house number,country\n"
    (place,), _rejected, _notes = read(tmp_path, header + "Coble Arms,Quayside,12,United Kingdom\n")
    assert (place.country, place.street) == ("GB", "12 Quayside")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: f"name,email\n{text}".encode()))
)
def test_any_bytes_give_places_and_reasons_or_one_line(tmp_path: Path, content: bytes) -> None:
    try:
        places, rejected, notes = read(tmp_path, content)
    except FileError:
        return
    assert all(place.name.strip() for place in places)
    assert all(text.startswith("leads.csv: ") for text in rejected + notes)
