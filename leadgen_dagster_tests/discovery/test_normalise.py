import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.discovery.businesses import PhoneKind
from leadgen_dagster.discovery.normalise import (
    lacks_digits,
    normalise_email,
    normalise_phone,
    normalise_website,
    readable_phone,
    registrable_domain,
    street_line,
    usual_country,
    website_of_email,
)
from leadgen_dagster.discovery.words import clean_line, fold, name_key, shown_name, sign_key, street_key
from leadgen_dagster_tests.discovery.builders import make_place


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("09-5626995", "FI", ("+35895626995", PhoneKind.LANDLINE)),
        ("+358 (0)9 652147", None, ("+3589652147", PhoneKind.LANDLINE)),
        ("+ 358 50 3288 664", None, ("+358503288664", PhoneKind.MOBILE)),
        ("see website; +358 44 033 7609", "FI", ("+358440337609", PhoneKind.MOBILE)),
        ("0191 498 0103", "GB", ("+441914980103", PhoneKind.LANDLINE)),
        ("07700 900 742", "GB", ("+447700900742", PhoneKind.MOBILE)),
        ("07700 900742", None, None),
        ("555", "FI", None),
        ("", "FI", None),
        ("http://example.org", "FI", None),
        ("0711/6363636", "DE", ("+497116363636", PhoneKind.LANDLINE)),
        ("0711 / 22 33 440", "DE", ("+497112233440", PhoneKind.LANDLINE)),
        ("01/5123456", "AT", ("+4315123456", PhoneKind.LANDLINE)),
        ("+49 711/6363636", None, ("+497116363636", PhoneKind.LANDLINE)),
        ("030/12345678", "DE", ("+493012345678", PhoneKind.LANDLINE)),
        ("089 / 123 456 78", "DE", ("+498912345678", PhoneKind.LANDLINE)),
        ("0171/1234567", "DE", ("+491711234567", PhoneKind.MOBILE)),
        ("0711/6363636 oder 0171/1234567", "DE", ("+497116363636", PhoneKind.LANDLINE)),
        ("0711/6363636, 0171/1234567", "DE", ("+497116363636", PhoneKind.LANDLINE)),
        ("0711 6363636 / 0171 1234567", "DE", ("+497116363636", PhoneKind.LANDLINE)),
        ("0711 6363636 / 7", "DE", ("+497116363636", PhoneKind.LANDLINE)),
        ("0711/6363636/37", "DE", ("+497116363636", PhoneKind.LANDLINE)),
        ("09 652147 tai 050 3288664", "FI", ("+3589652147", PhoneKind.LANDLINE)),
        ("0191 498 0103/0104", "GB", ("+441914980103", PhoneKind.LANDLINE)),
        ("07700 900742/900743", "GB", ("+447700900742", PhoneKind.MOBILE)),
        ("Telefon: 0711/6363636 und Fax 0711/6363637", "DE", ("+497116363636", PhoneKind.LANDLINE)),
        ("0711/63636361234567890", "DE", None),
        ("0711 / 6363636 / 6363637 / 6363638", "DE", None),
    ],
)
def test_phones_become_e164_with_their_kind(
    text: str, country: str | None, expected: tuple[str, PhoneKind] | None
) -> None:
    assert normalise_phone(text, country) == expected


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("mocafe.fi", "http://mocafe.fi/"),
        ("HTTPS://WWW.Elrey.FI/Menu", "https://www.elrey.fi/Menu"),
        ("https://a.fi/x?utm_source=osm&id=7&fbclid=1#top", "https://a.fi/x?id=7"),
        ("https://a.fi:443/", "https://a.fi/"),
        ("http://bücher.de", "http://xn--bcher-kva.de/"),
        ("http://one.fi; http://two.fi", "http://one.fi/"),
    ],
)
def test_a_website_is_an_absolute_address_without_tracking(text: str, url: str) -> None:
    found = normalise_website(text)
    assert found is not None
    assert found.url == url
    assert found.is_website


@pytest.mark.parametrize(
    "text",
    ["", "none", "n/a", "info@mocafe.fi", "ftp://a.fi/", "javascript:alert(1)", "http://10.0.0.1/", "http://a:b@c.fi/",
     "http://localhost/", "http://[::1]/", "http://a..fi/"],
)  # fmt: skip
def test_what_is_no_public_web_address_is_none(text: str) -> None:
    assert normalise_website(text) is None


def test_a_profile_or_listing_is_no_website() -> None:
    for text in ("https://www.facebook.com/haru", "m.instagram.com/x", "https://www.tripadvisor.co.uk/R-1"):
        found = normalise_website(text)
        assert found is not None
        assert not found.is_website
        assert found.is_profile
        assert found.domain is None


def test_the_front_page_of_a_network_is_nobodys_profile() -> None:
    found = normalise_website("https://www.facebook.com/")
    assert found is not None
    assert not found.is_profile


def test_pages_under_a_builder_are_a_website_but_no_sign_of_one_owner() -> None:
    found = normalise_website("https://annas-salon.jimdofree.com/")
    assert found is not None
    assert found.is_website
    assert found.domain is None


def test_firms_of_the_demo_town_have_a_domain_each() -> None:
    assert registrable_domain("www.osteria.port-linden.example") == "osteria.port-linden.example"
    assert registrable_domain("shop.foo.co.uk") == "foo.co.uk"
    assert registrable_domain("https://Shop.Foo.co.uk:8443/menu?x=1") == "foo.co.uk"
    assert registrable_domain("http://[broken") == "http://[broken"


@pytest.mark.parametrize(
    ("number", "shown"), [("+441914980102", "+44 191 498 0102"), ("ask inside", "ask inside")]
)
def test_a_phone_is_shown_as_one_reads_it_out(number: str, shown: str) -> None:
    assert readable_phone(number) == shown


@pytest.mark.parametrize(
    ("text", "address"),
    [("Info@Foo.FI", "info@foo.fi"), ("mailto:a@b.fi", "a@b.fi"), ("x, a@b.fi", "a@b.fi"), ("a@b", None)],
)
def test_mailboxes_are_in_small_letters_or_none(text: str, address: str | None) -> None:
    assert normalise_email(text) == address


def test_a_mailbox_on_an_own_domain_names_a_website_and_a_providers_does_not() -> None:
    assert website_of_email("info@imperialmatto.fi") == "https://imperialmatto.fi/"
    assert website_of_email("anna@gmail.com") is None
    assert website_of_email("anna@pp.inet.fi") is None
    assert website_of_email("anna@facebook.com") is None


def test_the_usual_country_is_named_by_most_records_or_else_dialled_by_most_numbers() -> None:
    named = [make_place(country=code) for code in ("FI", "FI", "SE", None)]
    assert usual_country(named) == "FI"
    dialled = [
        make_place(country=None, phone=phone) for phone in ("+358 9 652147", "+46 8 123 456", "09 652147")
    ]
    assert usual_country([*dialled, make_place(country=None, phone="+358503288664")]) == "FI"
    assert usual_country([make_place(country=None)]) is None


def test_the_house_number_stands_where_the_country_has_it() -> None:
    assert street_line("Quayside", "12", "GB") == "12 Quayside"
    assert street_line("Annankatu", "20", "FI") == "Annankatu 20"
    assert street_line("Annankatu", None, "FI") == "Annankatu"
    assert street_line(None, "20", "FI") is None


def test_names_are_compared_without_case_accents_legal_forms_and_trade_words() -> None:
    assert name_key("Ravintola SAVOY Oy") == name_key("Savoy") == "savoy"
    assert sign_key("Bäckerei Müller GmbH") == "backerei muller"
    assert name_key("The Pub") == "the pub"
    assert name_key("!!!") == "!!!"


def test_a_shown_name_has_no_explanation_behind_it_and_no_hidden_signs() -> None:
    assert shown_name("Base Camp  (Nepalese cuisine)") == "Base Camp"
    assert shown_name("(K)") == "(K)"
    assert shown_name("A\u202eB\x00C\n D") == "ABC D"


def test_two_spellings_of_a_street_are_one() -> None:
    assert street_key("12 Quay Street") == street_key("Quay St. 12")
    assert street_key("Hauptstraße 3") == street_key("Hauptstr. 3")
    assert street_key("Hauptstraße 3") != street_key("Hauptstraße 5")


@given(st.text(max_size=60), st.sampled_from(["FI", "GB", "DE", None]))
def test_a_normalised_phone_normalises_to_itself(text: str, country: str | None) -> None:
    found = normalise_phone(text, country)
    if found is not None:
        assert normalise_phone(found[0], None) == found


AREA_CODES = [
    ("DE", "030"), ("DE", "0711"), ("DE", "07151"), ("DE", "0171"), ("AT", "01"), ("AT", "0512"), ("AT", "0664"),
    ("FI", "09"), ("FI", "050"), ("GB", "020"), ("GB", "0191"), ("GB", "07911"),
]  # fmt: skip


@given(
    st.sampled_from(AREA_CODES),
    st.from_regex(r"[2-9][0-9]{3,7}", fullmatch=True),
    st.sampled_from(["/", " / ", "/ "]),
    st.booleans(),
)
def test_a_slash_behind_the_area_code_changes_no_number(
    area: tuple[str, str], rest: str, slash: str, is_grouped: bool
) -> None:
    country, code = area
    without = normalise_phone(code + rest, country)
    shown = f"{rest[:3]} {rest[3:]}" if is_grouped else rest
    if without is not None:
        assert normalise_phone(f"{code}{slash}{shown}", country) == without
        dialling_code = {"DE": 49, "AT": 43, "FI": 358, "GB": 44}[country]
        assert normalise_phone(f"+{dialling_code} {code[1:]}{slash}{shown}", None) == without


@pytest.mark.parametrize(
    ("postcode", "country", "expected"),
    [
        ("7017", "DE", True),
        ("07017", "DE", False),
        ("100", "FI", True),
        ("1010", "AT", False),
        ("7017", None, False),
        ("SW1A", "GB", False),
        ("94103-1234", "US", False),
    ],
)
def test_a_postcode_with_too_few_digits_is_seen(postcode: str, country: str | None, expected: bool) -> None:
    assert lacks_digits(postcode, country) is expected


@given(
    st.one_of(
        st.text(max_size=80), st.from_regex(r"(https?://)?[a-zäö0-9.-]{1,20}\.(fi|de|co\.uk)(/[!-~]{0,20})?")
    )
)
def test_a_normalised_website_normalises_to_itself(text: str) -> None:
    found = normalise_website(text)
    if found is not None:
        assert normalise_website(found.url) == found


@given(st.one_of(st.text(max_size=80), st.emails()))
def test_a_normalised_mailbox_normalises_to_itself(text: str) -> None:
    found = normalise_email(text)
    if found is not None:
        assert normalise_email(found) == found


@given(st.text(max_size=60))
def test_keys_are_stable_and_clean(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
    assert fold(fold(text)) == fold(text)
    assert clean_line(text).isprintable()
    if clean_line(text):
        assert name_key(shown_name(text)).strip()
