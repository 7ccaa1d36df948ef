import re
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.discovery.businesses import PhoneKind
from leadgen_dagster.discovery.countries import lacks_digits, street_line
from leadgen_dagster.discovery.hosts import TABLE, HostKind, host_kind
from leadgen_dagster.discovery.normalise import (
    normalise_email,
    normalise_phone,
    normalise_website,
    readable_phone,
    registrable_domain,
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
        ("+49 (0)711 6363636", None, ("+497116363636", PhoneKind.LANDLINE)),
        ("0049 711 6363636", "DE", ("+497116363636", PhoneKind.LANDLINE)),
        ("0191 498 0103 ext. 12", "GB", ("+441914980103", PhoneKind.LANDLINE)),
        ("0191 498 0103 x12", "GB", ("+441914980103", PhoneKind.LANDLINE)),
        ("tel:+358-44-0337609", None, ("+358440337609", PhoneKind.MOBILE)),
        ("\u202a+358 44 033 7609\u202c", None, ("+358440337609", PhoneKind.MOBILE)),
        ("'+358 44 033 7609", None, ("+358440337609", PhoneKind.MOBILE)),
        ('<a href="tel:+358440337609">044 0337609</a>', "FI", ("+358440337609", PhoneKind.MOBILE)),
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
        ("http://one.fi, http://two.fi", "http://one.fi/"),
        ("one.fi,two.fi", "http://one.fi/"),
        ("http:///a.fi", "http://a.fi/"),
        ("https//:a.fi", "https://a.fi/"),
        ("https//a.fi", "https://a.fi/"),
        ("http:/a.fi/x", "http://a.fi/x"),
        ("http;//a.fi", "http://a.fi/"),
        ("https:\\\\a.fi", "https://a.fi/"),
        ("http://https://a.fi/x", "https://a.fi/x"),
        ("hhtp://a.fi", "http://a.fi/"),
        ("https:// a.fi", "https://a.fi/"),
        ("www,a.fi", "http://www.a.fi/"),
        ("www..a.fi", "http://www.a.fi/"),
        ("Website: www.a.fi", "http://www.a.fi/"),
        ("info@a.fi, www.a.fi", "http://www.a.fi/"),
        ("A.FI.", "http://a.fi/"),
        ("<https://a.fi/x>", "https://a.fi/x"),
        ("(https://a.fi/x).", "https://a.fi/x"),
        ("https://a.fi/x_(y)", "https://a.fi/x_(y)"),
        ('<a href="https://a.fi/x?b=1&amp;c=2" rel="x">our site</a>', "https://a.fi/x?b=1&c=2"),
        ("[our site](https://a.fi/x)", "https://a.fi/x"),
        ("\u200bhttps://a.fi/\u202e", "https://a.fi/"),
        ("https://a.fi/käsi?ä=ö", "https://a.fi/k%C3%A4si?%C3%A4=%C3%B6"),
        (
            "https://a.fi/?srsltid=1&gad_source=2&wbraid=3&_hsenc=4&trk=5&y_source=6&page=7",
            "https://a.fi/?page=7",
        ),
        ("https://www.google.com/url?q=https://a.fi/x%3Fb%3D1&sa=D&ved=2", "https://a.fi/x?b=1"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fa.fi%2F&h=AT0", "https://a.fi/"),
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
     "http://localhost/", "http://[::1]/", "http://a..fi/", "k.A.", "Open daily. Call us", "http://a\0.fi/",
     '=HYPERLINK("http://a.fi")', "http://" + "a" * 300 + ".fi/", "https://a.fi/" + "x" * 1_000_000, "x" * 1_000_000,
     "https://www.google.com/url?q=" * 9 + "x"],
    ids=lambda text: text[:24].encode("ascii", "replace").decode().replace("\0", "NUL"),
)  # fmt: skip
def test_what_is_no_public_web_address_is_none(text: str) -> None:
    assert normalise_website(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "https://www.facebook.com/haru", "m.instagram.com/x", "https://www.tripadvisor.co.uk/R-1", "wolt.com/fi/x",
        "https://www.yelp.fi/biz/x", "https://www.booking.com/hotel/fi/x.html", "https://maps.google.es/?cid=1",
        "https://www.treatwell.at/x", "https://www.doctolib.fr/x", "https://www.checkatrade.com/x", "hitta.se/x",
        "https://www.gelbeseiten.de/x", "https://www.pagesjaunes.fr/x", "https://www.11880.com/x", "eniro.se/x",
        "https://www.fonecta.fi/x", "https://www.paginegialle.it/x", "https://www.etsy.com/shop/x", "houzz.com/x",
        "https://www.justdial.com/x", "https://www.thefork.es/x", "https://www.jameda.de/x", "lieferando.de/x",
        "https://pinterest.com.mx/x", "https://linktr.ee/x", "https://www.trustpilot.com/review/x",
    ],
)  # fmt: skip
def test_a_profile_or_listing_is_no_website(text: str) -> None:
    found = normalise_website(text)
    assert found is not None
    assert not found.is_website
    assert found.is_profile
    assert found.domain is None


def test_a_shortened_address_is_neither_a_website_nor_a_profile() -> None:
    found = normalise_website("https://bit.ly/3abc")
    assert found is not None
    assert (found.is_website, found.is_profile, found.domain) == (False, False, None)


def test_the_front_page_of_a_network_is_nobodys_profile() -> None:
    found = normalise_website("https://www.facebook.com/")
    assert found is not None
    assert not found.is_profile


@pytest.mark.parametrize(
    "host",
    [
        "annas-salon.jimdofree.com", "anna.wixsite.com", "anna.jimdosite.com", "sites.google.com", "anna.business.site",
        "anna.webnode.fr", "anna.webnode.com", "anna.squarespace.com", "anna.godaddysites.com", "anna.myshopify.com",
        "anna.wordpress.com", "anna.blogspot.de", "anna.blogspot.com.es", "anna.weebly.com",
    ],
)  # fmt: skip
def test_pages_under_a_builder_are_a_website_but_no_sign_of_one_owner(host: str) -> None:
    found = normalise_website(f"https://{host}/anna")
    assert found is not None
    assert found.is_website
    assert found.domain is None


def test_a_firm_with_a_networks_name_in_its_own_is_its_own() -> None:
    for host in ("google-repairs.fi", "yelp.meyer.de", "mybooking.com", "wixsite.meyer.com", "notion.de"):
        assert host_kind(host) is HostKind.OWN


def test_no_host_is_of_two_kinds() -> None:
    lists = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    del lists["free_mail"]
    assert set(lists) == {kind.value for kind in HostKind} - {"own"}
    hosts = [host for listed in lists.values() for host in listed]
    assert len(hosts) == len(set(hosts))
    assert all(re.fullmatch(r"[a-z0-9.-]+\.([a-z]+|\*)", host) for host in hosts)


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
    [("Info@Foo.FI", "info@foo.fi"), ("mailto:a@b.fi", "a@b.fi"), ("x, a@b.fi", "a@b.fi"), ("a@b", None),
     ("Anna <a@b.fi>", "a@b.fi"), ('<a href="mailto:a@b.fi?subject=x">write</a>', "a@b.fi"), ("a@b.fi.", "a@b.fi"),
     ("info (at) b.fi", "info@b.fi"), ("info[at]b[dot]fi", "info@b.fi"), ("=a@b.fi", "a@b.fi"), ("a\0@b.fi", None),
     ("\u200ea@b.fi", "a@b.fi"), ('=HYPERLINK("x")', None), ("a@" * 500_000, None), ("a" * 1_000_000 + "@b.fi", None)],
    ids=lambda text: str(text)[:16].encode("ascii", "replace").decode().replace("\0", "NUL"),
)  # fmt: skip
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


PIECES = st.lists(
    st.one_of(
        st.sampled_from([
            "http://", "https//:", "https:", "www.", "www,", "a.fi", "Ä.de", "google.com", "/url?q=", "/l.php?u=",
            "?", "&", "&amp;", "=", "#", "/", ".", ",", ";", " ", "(", ")", "[x](", "<a href='", "'>", "utm_source=x",
            "hl", "@", ":80", "%", "%2F", "\\", "\u202e", "\0", "|", "wixsite.com", "bit.ly", "=1",
        ]),
        st.text(max_size=3),
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(st.one_of(st.text(max_size=80), PIECES))
def test_any_text_is_a_safe_web_address_that_normalises_to_itself_or_none(text: str) -> None:
    found = normalise_website(text)
    if found is not None:
        assert re.fullmatch(r"https?://[a-z0-9.:_-]+/[!-~]*", found.url)
        assert not set(found.url) & set('<>"\\^`{|}#')
        assert normalise_website(found.url) == found


@given(
    st.one_of(
        st.text(max_size=80),
        st.emails(),
        PIECES,
        st.from_regex(r"[=+-]?(mailto:)?[A-Zaäİ.+-]{1,6}(@|\(at\))ä?b\.fi[.>)]?"),
    )
)
def test_any_text_is_a_safe_mailbox_that_normalises_to_itself_or_none(text: str) -> None:
    found = normalise_email(text)
    if found is not None:
        assert found.isprintable()
        assert not set(found) & set(' <>"')
        assert found[0] not in "=+-@"
        assert normalise_email(found) == found


@pytest.mark.parametrize(
    "piece", ["/", "1 ", "a@", "a.", "http://", "<a href=", "](", "(at)", "0711/", "&amp;", "www,"]
)
def test_a_megabyte_takes_no_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    began = time.perf_counter()
    normalise_website(text)
    normalise_email(text)
    normalise_phone(text, "DE")
    assert time.perf_counter() - began < 1


@given(st.text(max_size=60))
def test_keys_are_stable_and_clean(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
    assert fold(fold(text)) == fold(text)
    assert clean_line(text).isprintable()
    if clean_line(text):
        assert name_key(shown_name(text)).strip()
