import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.scoring.html import ENCODINGS, decode_html, is_html, read_html
from leadgen_dagster_tests.factories import make_page

GERMAN = "Öffnungszeiten: täglich, „bis 18 Uhr“, 12 €"


def page_of(body: bytes, content_type: str = "text/html") -> str:
    return decode_html(make_page(body=body, headers=(("content-type", content_type),)))


def test_the_header_names_the_charset() -> None:
    assert page_of(GERMAN.encode("cp1252"), "text/html; charset=ISO-8859-1") == GERMAN


def test_a_byte_order_mark_wins_over_the_header() -> None:
    assert page_of(b"\xef\xbb\xbf" + GERMAN.encode(), "text/html; charset=iso-8859-1") == GERMAN
    assert page_of(b"\xff\xfe" + GERMAN.encode("utf-16-le"), "text/html; charset=utf-8") == GERMAN


@pytest.mark.parametrize(
    "meta",
    [
        '<meta charset="windows-1252">',
        "<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=iso-8859-1'>",
        "<!-- <meta charset=koi8-r> --><meta charset=latin1 />",
        "<meta name=viewport content='width=device-width'><meta charset = cp1252>",
    ],
)
def test_a_meta_tag_names_the_charset(meta: str) -> None:
    text = f"<html><head>{meta}</head><p>{GERMAN}"
    assert page_of(text.encode("cp1252")) == text


def test_a_meta_tag_that_says_utf16_in_ascii_bytes_is_read_as_utf8() -> None:
    text = f"<meta charset=utf-16><p>{GERMAN}"
    assert page_of(text.encode()) == text


def test_without_a_declaration_utf8_is_tried_and_windows_1252_is_the_rest() -> None:
    assert page_of(GERMAN.encode()) == GERMAN
    assert page_of(GERMAN.encode("cp1252")) == GERMAN


@pytest.mark.parametrize("label", ["utf-7", "rot13", "unicode_escape", "idna", "no-such-charset"])
def test_labels_no_browser_knows_are_passed_over(label: str) -> None:
    assert page_of(GERMAN.encode(), f"text/html; charset={label}") == GERMAN


@pytest.mark.parametrize("codec", sorted(set(ENCODINGS.values())))
def test_every_encoding_of_the_table_exists(codec: str) -> None:
    assert b"Linden".decode(codec, "replace") is not None


@given(body=st.binary(max_size=300), content_type=st.text(max_size=60))
def test_any_bytes_give_text(body: bytes, content_type: str) -> None:
    assert isinstance(page_of(body, content_type), str)


@given(body=st.binary(max_size=100), label=st.sampled_from(sorted(ENCODINGS)))
def test_any_bytes_under_any_known_label_give_text(body: bytes, label: str) -> None:
    assert isinstance(page_of(body, f"text/html; charset={label}"), str)


def test_a_page_without_a_body_is_empty_text() -> None:
    assert decode_html(make_page(body=None)) == ""


def test_html_is_told_from_other_files() -> None:
    assert is_html(make_page())
    assert is_html(make_page(headers=(("content-type", "application/xhtml+xml"),)))
    assert is_html(make_page(headers=(), body=b"\xef\xbb\xbf\n <p>"))
    assert not is_html(make_page(headers=(("content-type", "application/pdf"),)))
    assert not is_html(make_page(headers=(), body=b"%PDF-1.4"))


@given(st.binary(max_size=80), st.sampled_from(["", "utf-8", "iso-8859-1", "shift_jis", "utf-16"]))
def test_a_page_as_utf_8_says_what_its_text_says(body: bytes, charset: str) -> None:
    page = make_page(body=body, headers=(("content-type", f"text/html; charset={charset}"),))
    text, utf8 = read_html(page)
    assert text == decode_html(page)
    assert utf8.decode("utf-8") == text
