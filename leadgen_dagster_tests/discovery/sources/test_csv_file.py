from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.sources.base import (
    Note,
    PlaceRequest,
    Rejected,
    SourceAccess,
    SourceItem,
    Unread,
)
from leadgen_dagster.discovery.sources.csv_file import CsvSource
from leadgen_dagster.errors import FileError, OrderError
from leadgen_dagster_tests.discovery.builders import request_for, run


def read_all(tmp_path: Path, content: str | bytes, request: PlaceRequest | None = None) -> list[SourceItem]:
    path = tmp_path / "stored"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(
        CsvSource(SourceAccess(path=path, label="leads.csv")).places(request or request_for("Helsinki"))
    )


def read(
    tmp_path: Path, content: str | bytes, request: PlaceRequest | None = None
) -> tuple[list[Place], list[str], list[str]]:
    """Places, rejected rows, notes."""
    items = read_all(tmp_path, content, request)
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
        (",a@kitch.fi,,", "column name: '' is empty"),
        (" - ,a@kitch.fi,,", "column name: '-' is no name"),
        ("#NAME?,a@kitch.fi,,", "column name: '#NAME?' is no name"),
        ("K\0tch,,,", "column name: 'K\\x00tch' is broken by NUL characters"),
    ],
)
def test_a_row_without_a_name_is_left_out_and_named_and_the_next_one_is_read(
    tmp_path: Path, row: str, reason: str
) -> None:
    places, rejected, _notes = read(tmp_path, f"name,email,phone,latitude\n{row}\nSavoy,,,60.1\n")
    assert [place.name for place in places] == ["Savoy"]
    assert rejected == [f"leads.csv: row 2, {reason}; the row was left out"]


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("email", "a@b", "not an address"),
        ("phone", "call us", "not a phone number"),
        ("phone", "4.41914980101E+11", "a number that a spreadsheet rewrote; format the column as text"),
        ("phone", "4,42e11", "a number that a spreadsheet rewrote; format the column as text"),
        ("website", "coming soon", "not a web address"),
        ("latitude", "95.2", "not between -90 and 90"),
        ("latitude", "inf", "not between -90 and 90"),
        ("country", "Narnia", "no country; give two letters, e.g. FI"),
        ("language", "Klingon", "no language; give two letters, e.g. fi"),
        ("updated", "last spring", "not a day like 2026-11-22"),
        ("street", "Anna\0katu", "broken by NUL characters"),
    ],
)
def test_a_cell_that_cannot_be_read_is_left_out_and_named_and_its_row_is_used(
    tmp_path: Path, column: str, cell: str, why: str
) -> None:
    unread, place = read_all(tmp_path, f'name,{column},city\nKitch,"{cell}",Helsinki\n')
    ours = "last_edited" if column == "updated" else column
    assert unread == Unread(f"leads.csv: row 2, column {ours}: {cell!r} is {why}; the cell was left out")
    assert isinstance(place, Place)
    assert (place.name, place.city) == ("Kitch", "Helsinki")
    assert getattr(place, ours) is None


@pytest.mark.parametrize(
    "cell",
    [
        "-",
        "\N{EM DASH}",
        "n/a",
        "N/A",
        "none",
        "NULL",
        "keine",
        "k. A.",
        "unbekannt",
        "ei ole",
        "?",
        "#N/A",
        "#NV",
    ],
)
def test_words_for_nothing_are_nothing(tmp_path: Path, cell: str) -> None:
    columns = ("phone", "email", "website", "city", "country", "niche", "latitude", "updated", "language")
    (place,) = read_all(tmp_path, f"name,{','.join(columns)}\nKitch{f',{cell}' * len(columns)}\n")
    assert isinstance(place, Place)
    assert (place.phone, place.email, place.website, place.city, place.country) == (None,) * 5
    assert (place.niche, place.latitude, place.last_edited, place.language) == (
        "restaurant",
        None,
        None,
        None,
    )


def test_two_letters_are_a_country_where_they_elsewhere_are_nothing(tmp_path: Path) -> None:
    (place,) = read_all(tmp_path, "name,country,language,city\nKitch,NO,no,no\n")
    assert isinstance(place, Place)
    assert (place.country, place.language, place.city) == ("NO", "no", None)


def test_a_number_that_a_table_program_made_of_a_column_with_gaps_is_whole(tmp_path: Path) -> None:
    (place,), _rejected, _notes = read(
        tmp_path, "name,street,house number,postcode,phone\nKitch,Annankatu,12.0,33100.0,358503288664.0\n"
    )
    assert (place.street, place.postcode, place.phone) == ("Annankatu 12", "33100", "358503288664")


def test_a_row_that_is_not_used_is_not_complained_of(tmp_path: Path) -> None:
    (note,) = read_all(tmp_path, "name,city,email\nTorni,Espoo,a@b\n")
    assert isinstance(note, Note)


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
    assert rejected == [
        "leads.csv: row 4, column niche: 'spaceport' is no niche that is known; the row was left out"
    ]
    assert notes == [
        "leads.csv: rows left out because their niche was not ordered: 1, the first is row 3, 'Anna' (Friseur)"
    ]
    everybody, _rejected, _notes = read(tmp_path, content, request_for("Helsinki", "all"))
    assert [place.niche for place in everybody] == ["restaurant", "hairdresser"]


def test_with_all_niches_ordered_the_name_tells_the_trade_or_the_row_is_counted(tmp_path: Path) -> None:
    places, _rejected, notes = read(
        tmp_path, "name\nBäckerei Petersen\nKontor\n", request_for("Helsinki", "all")
    )
    assert [(place.name, place.niche) for place in places] == [("Bäckerei Petersen", "bakery")]
    (note,) = notes
    assert note.endswith("niche was not ordered: 1, the first is row 3, 'Kontor' (no trade given)")


def test_a_row_of_another_trade_is_a_neighbour_and_still_told_and_its_cells_are_not(tmp_path: Path) -> None:
    request = request_for("Helsinki", with_neighbours=True)
    content = "name,category,email\nKitch,Restaurant,\nAnna,Friseur,a@b\n"
    path = tmp_path / "stored"
    path.write_text(content, encoding="utf-8")
    found = run(CsvSource(SourceAccess(path=path, label="leads.csv")))
    assert [business.name for business in found.businesses] == ["Kitch"]
    assert found.unread == ()
    assert found.notes == (
        "leads.csv: rows left out because their niche was not ordered: 1, the first is row 3, 'Anna' (Friseur)",
    )
    places, _rejected, _notes = read(tmp_path, content, request)
    assert [place.niche for place in places] == ["restaurant", "hairdresser"]


def test_a_place_that_no_row_lies_in_is_refused_with_the_towns_that_there_are(tmp_path: Path) -> None:
    path = tmp_path / "stored"
    path.write_text("name,city\nA,Stuttgart\nB,Esslingen\nC,Stuttgart\nD,\n", encoding="utf-8")
    source = CsvSource(SourceAccess(path=path, label="leads.csv"))
    with pytest.raises(OrderError, match=r"'Stutgart' .* leads\.csv names Stuttgart \(2\), Esslingen \(1\)$"):
        source.check_ready("Stutgart")
    source.check_ready("STUTTGART, Germany")


def test_a_list_that_mostly_names_no_town_is_ready_for_any(tmp_path: Path) -> None:
    path = tmp_path / "stored"
    path.write_text("name,city\nA,\nB,n/a\nC,Lund\n", encoding="utf-8")
    CsvSource(SourceAccess(path=path, label="leads.csv")).check_ready("Stutgart")


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
