import csv
import io
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadgen_dagster.discovery.businesses import Place
from leadgen_dagster.discovery.locations import SearchArea
from leadgen_dagster.discovery.sources.base import (
    Note,
    PlaceRequest,
    Rejected,
    SourceAccess,
    SourceItem,
    Unread,
)
from leadgen_dagster.discovery.sources.csv_file import CsvSource, decode, rows_of
from leadgen_dagster.discovery.sources.own_headers import TITLES as TITLES_FILE
from leadgen_dagster.discovery.words import fold
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
        (
            '"=HYPERLINK(""http://x.y"")",,,',
            "column name: '=HYPERLINK(\"http://x.y\")' is a formula",
        ),
        ("'=A1,,,", "column name: '=A1' is a formula"),
        ("<script>x</script>,,,", "column name: '<script>x</script>' is HTML"),
        ("&lt;script&gt;x,,,", "column name: '<script>x' is HTML"),
        ("Kitch,,,95.2", "column latitude: '95.2' is not between -90 and 90"),
        ("Kitch,,,inf", "column latitude: 'inf' is not between -90 and 90"),
        ("Kitch,,,1e999", "column latitude: '1e999' is not between -90 and 90"),
        ("Kitch,,,north", "column latitude: 'north' is not between -90 and 90"),
        (
            "Kitch,a@kitch.fi,Annankatu 3, B,60.1",
            "its cells are 5 and the titles 4; quote a cell that holds the delimiter",
        ),
        ('"Kitch,a@kitch.fi,,', "a quotation mark is opened and never closed"),
    ],
)
def test_a_row_that_cannot_be_used_is_left_out_and_named_and_the_next_one_is_read(
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
        ("latitude", "NaN", "not between -90 and 90"),
        ("country", "Narnia", "no country that is known; give two letters, e.g. FI"),
        ("language", "Klingon", "no language; give two letters, e.g. fi"),
        ("updated", "last spring", "not a day like 2026-11-22"),
        ("street", "Anna\0katu", "broken by NUL characters"),
        ("street", "=1+1", "a formula"),
        ("street", "\uff1d1+1", "a formula"),
        ("street", "@SUM(A1:A9)", "a formula"),
        ("street", "+cmd|' /C calc'!A0", "a formula"),
        ("street", "<b>Annankatu</b> 3", "HTML"),
        ("street", "Anna\ufffdkatu", "broken: it holds characters that cannot be read"),
    ],
)
def test_a_cell_that_cannot_be_read_is_left_out_and_named_and_its_row_is_used(
    tmp_path: Path, column: str, cell: str, why: str
) -> None:
    unread, place = read_all(tmp_path, f'name,{column},city\nKitch,"{cell}",Helsinki\n')
    ours = "last_edited" if column == "updated" else column
    assert unread == Unread(
        f"leads.csv: row 2, column {ours}: {cell!r} is {why}; the cell was left out",
        {"name": "Kitch", column: cell.replace("\0", "\ufffd"), "city": "Helsinki"},
    )
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
    rejected, place = read_all(tmp_path, f"name,street\n{'x' * 2**20},A 1\nSavoy,\n")
    assert isinstance(rejected, Rejected)
    assert isinstance(place, Place)
    assert place.name == "Savoy"
    assert len(rejected.reason) < 150
    assert len(rejected.record["name"]) < 3_000


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


def test_two_letters_behind_a_town_may_be_its_state(tmp_path: Path) -> None:
    content = "name,city,country\nMarina Grill,San Diego,US\n"
    places, _rejected, _notes = read(tmp_path, content, request_for("San Diego, CA"))
    assert [place.name for place in places] == ["Marina Grill"]


def test_rows_of_a_town_of_that_name_in_another_country_are_left_out(tmp_path: Path) -> None:
    content = "name,city,country\nKitch,Newcastle,Australia\nSavoy,Newcastle,GB\nTorni,Newcastle,\n"
    places, _rejected, (note,) = read(tmp_path, content, request_for("Newcastle, AU"))
    assert [place.name for place in places] == ["Kitch", "Torni"]
    assert note == "leads.csv: rows left out because their town is not Newcastle, AU: 1"


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


def test_a_list_without_a_row_is_refused_before_an_order_stands(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"^leads\.csv: has a title line and no row that can be read$"):
        mapped(tmp_path, "name,city\n,,\n", {}).check_ready("Helsinki")


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


def names(tmp_path: Path, content: str | bytes) -> list[str]:
    return [place.name for place in read(tmp_path, content)[0]]


# -------------------------------------------------------------------------------- titles


@pytest.mark.parametrize(
    "titles",
    [
        "Företag,Gatuadress,Postnr,Postort,Telefon,E-post,Webbplats",
        "Raison sociale,Rue,Code postal,Ville,Téléphone,Courriel,Site web",
        "Nombre de la empresa,Dirección,Código postal,Ciudad,Teléfono,Correo electrónico,Sitio web",
        "Ragione sociale,Indirizzo,CAP,Città,Telefono,E-mail,Sito web",
        "Bedrijfsnaam,Straat,Postcode,Plaats,Telefoonnummer,E-mailadres,Webadres",
        "Company name,Street Address,Postal Code,City,Phone Number,Email,Website URL",
        "Organization - Name,Organization - Address,ZIP/Postal code of Address,Place,Person - Phone,Email,Web",
        "Organization Name,Address 1 - Street,Address 1 - Postal Code,Address 1 - City,Phone,E-mail 1 - Value,Web",
        "Account Name,Billing Street,Billing Zip/Postal Code,Billing City,Phone,Email,Website",
        "Company,Business Street,Business Postal Code,Business City,Business Phone,E-mail Address,Web Page",
    ],
)
def test_a_list_is_read_in_other_languages_and_as_other_programs_export_it(
    tmp_path: Path, titles: str
) -> None:
    (place,) = read_all(tmp_path, "\n".join([titles, ",".join(KITCH)]))
    assert isinstance(place, Place)
    found = (place.name, place.street, place.postcode, place.city, place.phone, place.email, place.website)
    assert found == (*KITCH[:6], "http://kitch.fi/")


@pytest.mark.parametrize(
    ("cell", "postcode", "city"),
    [
        ("70173 Stuttgart", "70173", "Stuttgart"),
        ("D-70173 Stuttgart Mitte", "D-70173", "Stuttgart Mitte"),
        ("1012 AB Amsterdam", "1012 AB", "Amsterdam"),
        ("114 55 Stockholm", "114 55", "Stockholm"),
        ("Stuttgart", None, None),
    ],
)
def test_postcode_and_town_may_stand_in_one_cell(
    tmp_path: Path, cell: str, postcode: str | None, city: str | None
) -> None:
    (place,) = read_all(tmp_path, f"Firma;PLZ / Ort\nKitch;{cell}\n", request_for(city or "Helsinki"))
    assert isinstance(place, Place)
    assert (place.postcode, place.city) == (postcode, city)


def test_no_title_means_two_columns_and_each_is_folded() -> None:
    columns = yaml.safe_load(TITLES_FILE.read_text(encoding="utf-8"))
    titles = [title for given in columns.values() for title in given]
    assert [title for title, count in Counter(titles).items() if count > 1] == []
    assert [title for title in titles if title != fold(title)] == []


def test_of_columns_of_one_kind_the_business_comes_before_the_person_and_the_empty_one_last(
    tmp_path: Path,
) -> None:
    content = "Name,Company,Mobile,Phone,Phone\nEva,Kitch,0401234567,,09 666001\nSavoy,,0407654321,,\n"
    places, _rejected, _notes = read(tmp_path, content)
    assert [(place.name, place.phone) for place in places] == [
        ("Kitch", "09 666001"),
        ("Savoy", "0407654321"),
    ]


def mapped(tmp_path: Path, content: str, column_map: dict[str, str]) -> CsvSource:
    path = tmp_path / "stored"
    path.write_text(content, encoding="utf-8")
    return CsvSource(SourceAccess(path=path, label="leads.csv", column_map=column_map))


def test_the_agencys_own_map_wins_over_what_a_title_usually_means(tmp_path: Path) -> None:
    content = "Export\nName;Firmenname 2;Notiz\nEva;Kitch;a@kitch.fi\n"
    source = mapped(tmp_path, content, {"firmenname 2": "name", "Notiz": "email"})
    (place,) = source.places(request_for("Helsinki"))
    assert isinstance(place, Place)
    assert (place.name, place.email, place.source_id) == ("Kitch", "a@kitch.fi", "row 3")


def test_a_column_that_means_something_else_is_ignored_by_the_map(tmp_path: Path) -> None:
    source = mapped(tmp_path, "name,type\nKitch,PROSPECT\n", {"Type": "ignore"})
    (place,) = source.places(request_for("Helsinki"))
    assert isinstance(place, Place)
    assert place.niche == "restaurant"


def test_a_map_that_cannot_be_followed_is_refused_before_an_order_stands(tmp_path: Path) -> None:
    with pytest.raises(
        OrderError, match=r"^map: 'Firma=nam' is not allowed; our columns are id, name, niche, street, "
    ):
        mapped(tmp_path, "Firma\nKitch\n", {"Firma": "nam"}).check_ready("Helsinki")
    with pytest.raises(
        FileError, match=r"^leads\.csv:1: no column 'Firmenname 2', which the map names; it has Firma, Ort$"
    ):
        mapped(tmp_path, "Firma,Ort\nKitch,Turku\n", {"Firmenname 2": "name"}).check_ready("Helsinki")


def test_the_title_line_may_stand_below_others_and_be_repeated(tmp_path: Path) -> None:
    content = "Kundenliste 2026\n\nStand: 1.2.2026;;\nFirma;Ort;\nKitch;;\nFirma;Ort;\nSavoy;;\n"
    places, rejected, notes = read(tmp_path, content)
    assert [(place.name, place.source_id) for place in places] == [("Kitch", "row 5"), ("Savoy", "row 7")]
    assert (rejected, notes) == ([], [])


# -------------------------------------------------------------------------------- the text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "mac_roman"])
def test_a_list_is_read_as_excel_saves_it_elsewhere(tmp_path: Path, encoding: str) -> None:
    content = "Firma\tOrt\tStraße\rKäsekönig\tHelsinki\tBüßerweg 3\r"
    (place,), rejected, notes = read(tmp_path, content.encode(encoding))
    assert (place.name, place.street, rejected, notes) == ("Käsekönig", "Büßerweg 3", [], [])


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1250", "Żółta Łódź; Gęś; Café Ćma"),
        ("cp1250", "Švejkův dům; Příbramská pekárna"),
        ("mac_roman", "Kahvila Äijälä"),
        ("cp1252", "Škoda-Ääninen; Größe; Blåbär"),
        ("cp1252", "Õlle Šokolaad"),
        ("cp1252", "Þórður; São João; Calle Mayor nº 3; £5"),
    ],
    ids=["pl", "cs", "mac", "fi", "et", "mixed"],
)
def test_a_list_of_one_byte_a_letter_is_read_in_the_letters_of_its_language(
    encoding: str, names: str
) -> None:
    assert decode(names.encode(encoding), "leads.csv") == names


def test_a_text_that_is_damaged_in_one_place_keeps_its_other_rows(tmp_path: Path) -> None:
    content = "name,street\nKäsekönig,Büßerweg\nMüller,\n".encode() + b"M\xfcnchner,\nSavoy,Stra\xc3"
    places, rejected, _notes = read(tmp_path, content)
    assert [place.name for place in places] == ["Käsekönig", "Müller", "Savoy"]
    why = "is broken: it holds characters that cannot be read; the row was left out"
    assert rejected == [f"leads.csv: row 4, column name: 'M\ufffdnchner' {why}"]


def test_the_delimiter_that_excel_writes_above_the_titles_is_taken_and_no_row(tmp_path: Path) -> None:
    (place,) = read_all(tmp_path, "sep=|\nname|street\nKitch, Bar|Annankatu 3; B\n")
    assert isinstance(place, Place)
    assert (place.name, place.street, place.source_id) == ("Kitch, Bar", "Annankatu 3; B", "row 2")


def test_a_list_of_names_alone_has_no_delimiter(tmp_path: Path) -> None:
    assert names(tmp_path, "name\nKitch, Bar & Grill\nSavoy; Dal\n") == ["Kitch, Bar & Grill", "Savoy; Dal"]


def test_a_quotation_mark_amid_a_name_is_part_of_it(tmp_path: Path) -> None:
    assert names(tmp_path, 'name,city\nBar "Torni" Sky,\n"Torni" Bar,\n') == [
        'Bar "Torni" Sky',
        "Torni Bar",
    ]


def test_a_workbook_is_no_csv(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"^leads\.csv: an Excel workbook and no CSV file; order it as xlsx"):
        read(tmp_path, b"PK\x03\x04...")


def test_marks_of_writing_direction_and_entities_are_no_part_of_a_name(tmp_path: Path) -> None:
    content = "name,email\n\u202eMeier\u202c &amp; S\u200bohn,\ufeffa@kitch.fi\u200f\n"
    (place,) = read_all(tmp_path, content)
    assert isinstance(place, Place)
    assert (place.name, place.email) == ("Meier & Sohn", "a@kitch.fi")


@pytest.mark.parametrize("name", ["'t Hoekje", "@home", "-18 Ice", "+Plus", "Kitch <3", "R&B; Bar", "1+1=3"])
def test_a_name_with_signs_is_a_name(tmp_path: Path, name: str) -> None:
    assert names(tmp_path, f"name,city\n{name},\n") == [name]


# -------------------------------------------------------------------------------- places


def test_in_a_box_and_in_a_circle_only_rows_with_coordinates_there_are_taken(tmp_path: Path) -> None:
    content = "name,lat,lon\nKitch,60.17,24.94\nTurku,60.45,22.27\nSavoy,,\nTorni,60.17,\n"
    for location in ("60.16,24.92,60.18,24.97", "60.17,24.94 500m"):
        items = read_all(tmp_path, content, request_for(location))
        area, place, *_notes = items
        assert isinstance(area, SearchArea)
        assert isinstance(place, Place)
        assert (place.name, area.label) == ("Kitch", location)
        assert [item.text for item in items if isinstance(item, Note)] == [
            f"leads.csv: rows left out because they lie outside {location}: 1",
            "leads.csv: rows left out because they have no coordinates: 2",
        ]


def test_a_box_without_a_row_is_refused_before_an_order_stands(tmp_path: Path) -> None:
    source = mapped(tmp_path, "name,lat,lon\nKitch,60.17,24.94\nSavoy,,\nTorni,north,1\n", {})
    with pytest.raises(OrderError, match=r"leads\.csv has no row there; of its 3 rows, 1 have coordinates$"):
        source.check_ready("51.0,9.0,51.1,9.1")
    source.check_ready("60.16,24.92,60.18,24.97")


def test_a_row_that_repeats_another_is_one_and_an_id_that_does_is_none(tmp_path: Path) -> None:
    places, _rejected, notes = read(tmp_path, "id,name\n7,Kitch\n7,Savoy\n7,Kitch,\n")
    assert [(place.source_id, place.name) for place in places] == [("7", "Kitch"), ("7, row 3", "Savoy")]
    assert notes == ["leads.csv: rows left out because they repeat an earlier row: 1"]


# -------------------------------------------------------------------------------- any text

LETTERS = st.characters(codec="cp1252", categories=["L", "N", "P", "Zs"], exclude_characters="ÃÂâ\xa0\ufeff")
CELLS = st.text(st.one_of(LETTERS, st.sampled_from(" ,;\t|\"'\r\näöüßéñ")), max_size=12)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\r\n", "\n", "\r"]),
)
def test_rows_are_read_as_they_were_written(
    rows: list[list[str]], delimiter: str, encoding: str, line_end: str
) -> None:
    text = io.StringIO(newline="")
    # The writer quotes a line break of its own kind only; others then break the line.
    quoting = csv.QUOTE_MINIMAL if line_end == "\r\n" else csv.QUOTE_ALL
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerows([["name", "city"], *rows])
    content = text.getvalue().encode(encoding)
    lines = list(io.StringIO(decode(content, "leads.csv"), newline=""))
    read_back = [(row.number, row.cells, row.fault) for row in rows_of(lines, delimiter)]
    written = enumerate([["name", "city"], *rows], start=1)
    assert read_back == [
        (number, cells, None) for number, cells in written if any(cell.strip() for cell in cells)
    ]


@given(st.text(st.sampled_from("abc äöüßéèçåñ€–,;"), max_size=50))
def test_a_text_of_windows_is_read_as_it_was_written(text: str) -> None:
    assert decode(text.encode("cp1252"), "leads.csv") == text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.text('ab",\n', max_size=30), max_size=5))
def test_whatever_its_quotation_marks_a_row_between_whole_ones_costs_no_other(
    tmp_path: Path, rows: list[str]
) -> None:
    bad = "\n".join(row.replace("\n", "") for row in rows)
    found = names(tmp_path, f"name,city\nKitch,\n{bad}\nSavoy,\n")
    assert {"Kitch", "Savoy"} <= set(found)


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
