"""Which runs of digits are phone numbers."""

from datetime import date

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_dagster.scoring.phones import phones_in, read_phone


def numbers(text: str, country: str | None = "DE") -> list[str]:
    return [found.e164 for found in phones_in(text, country)]


@pytest.mark.parametrize(
    ("country", "text", "expected"),
    [
        ("DE", "Tel. 04421 / 91 31 010 Mo-Fr", ["+4944219131010"]),
        ("DE", "Tel/Fax: 0711 6363636", ["+497116363636"]),
        ("DE", "Hotel Post\n0711 6363636\ninfo@post.de", ["+497116363636"]),
        ("DE", "0711 6363636 / 0711 6363637", ["+497116363636", "+497116363637"]),
        ("FR", "03 86 67 05 95 / 09 75 75 94 40", ["+33386670595", "+33975759440"]),
        ("IT", "T (+39) 010 37 47 811 P.IVA 03286860105", ["+390103747811"]),
        ("GB", "Order line: 0345 602 4040 (24h)", ["+443456024040"]),
        ("GB", "Call us on +27 (0)39 313 0011 today", ["+27393130011"]),
        ("US", "Call 8007676996 or (800) 967-6696", ["+18007676996", "+18009676696"]),
        ("ES", "Teléfono: 912345678", ["+34912345678"]),
        ("FI", "Puh.\u00a009\u2011123 4567", ["+35891234567"]),
        ("BR", "COTEMIG Barroca\n(31) 3313.6500 Rua", ["+553133136500"]),
    ],
)
def test_numbers_are_read_as_people_write_them(country: str, text: str, expected: list[str]) -> None:
    assert numbers(text, country) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Fax: 0711 6363636",
        "Telefax 0711/6363636",
        "T. siehe oben | F. 0711 6363636",
        "USt-IdNr. DE 123456789",
        "USt-ID: DE123456789",
        "IBAN DE89 3704 0044 0532 0130 00",
        "Steuernummer 33/123/45678",
        "Handelsregister Nr. 0711 63636",
        "Artikelnummer: 8570931",
        "EAN: 0887942877477",
        "Seit dem 20.11.2013 im Sortiment",
        "30.11.2015 21:37",
        "2015-12-03 19:15:40",
        "geprüft mit der Note 1,7 (02/2014)",
        "1999 2001 2003 2005",
        "1 2 3 4 5 6 7 8 9 10",
        "12345678910",
        "0000 000 000",
        "Preis: € 0711 636363",
        "0711 636363 €",
        "02.345678, 48.858844",
        "id=0711636363&ref=a",
        "a711 636 3636b",
        "Bestellung 8570931",
    ],
)
def test_other_figures_are_no_phones(text: str) -> None:
    assert numbers(text) == []


@pytest.mark.parametrize("label", ["P.IVA e Cod. Fisc.", "P. IVA:", "Partita IVA", "C.F.", "REA n."])
def test_italian_registers_are_no_phones(label: str) -> None:
    assert numbers(f"{label} 03836450407", "IT") == []


LABELS = ["VAT No. GB", "VAT Reg. No.", "Fax", "IBAN", "Company No.", "Registered No.", "SKU", "ISBN", "Ref."]


@settings(max_examples=50)
@given(st.sampled_from(LABELS), st.from_regex(r"0[1-9]\d{2}[ -]?\d{3}[ -]?\d{4}", fullmatch=True))
def test_whatever_stands_behind_the_label_of_another_number_is_no_phone(label: str, digits: str) -> None:
    assert numbers(f"{label} {digits}", "GB") == []


DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))


@given(
    DAYS,
    st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y"]),
    st.sampled_from(["", " 18:00", " - 20:00", " 12"]),
)
def test_no_date_is_a_phone(day: date, style: str, after: str) -> None:
    assert numbers(f"Am {day.strftime(style)}{after}") == []


@given(st.sampled_from(["DE", "FI", "GB", "FR", "IT", "SE", "US", "ES"]), st.booleans())
def test_every_countrys_example_is_read_in_its_own_and_in_the_international_spelling(
    country: str, is_international: bool
) -> None:
    number = phonenumbers.example_number(country)
    assert number is not None
    style = phonenumbers.PhoneNumberFormat
    written = phonenumbers.format_number(number, style.INTERNATIONAL if is_international else style.NATIONAL)
    expected = phonenumbers.format_number(number, style.E164)
    assert numbers(f"Phone: {written}, open daily", country) == [expected]


@given(st.text(alphabet="0123456789+()-/. \n\tabTelFax:€", max_size=80), st.sampled_from(["DE", "US", None]))
def test_a_number_stands_where_it_is_said_to_stand(text: str, country: str | None) -> None:
    for found in phones_in(text, country):
        assert text[found.start :].lstrip().startswith(found.written)
        again = read_phone(found.written, country)
        assert again is not None
        assert again.e164 == found.e164
