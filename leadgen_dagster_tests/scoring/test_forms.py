"""What a form is for, told from its own structure and words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_dagster.scoring.forms import Form, FormKind, contact_form, forms_of
from leadgen_dagster.scoring.page_view import PageView
from leadgen_dagster_tests.scoring.builders import home, html


def forms_in(body: str, url: str = "http://harbour-bakery.port-linden.example/") -> tuple[Form, ...]:
    return forms_of(PageView(home(html(body), url=url).page))


def kinds(body: str) -> list[FormKind]:
    return [form.kind for form in forms_in(body)]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FormKind.SEARCH, "<form action='/haku'><input name=sana><button>Hae</button></form>"),
        (FormKind.SEARCH, "<form><input type=search name=x></form>"),
        (
            FormKind.SEARCH,
            "<form action=/find method=post><input name=text><input type=submit value=Найти></form>",
        ),
        (
            FormKind.LOGIN,
            "<form><input name=user><input type=password name=p><button>ログイン</button></form>",
        ),
        (
            FormKind.REGISTRATION,
            "<form><input name=vorname><input type=password name=a><input type=password name=b></form>",
        ),
        (FormKind.REGISTRATION, "<form id=create-account><input name=email><button>Créer</button></form>"),
        (
            FormKind.PASSWORD_RECOVERY,
            "<form action=/account><p>¿Olvidó su contraseña?<input type=email name=email></form>",
        ),
        (
            FormKind.NEWSLETTER,
            "<form action=/x><input name=email placeholder='Ihre E-Mail'><button>OK</button></form>",
        ),
        (
            FormKind.NEWSLETTER,
            "<h3>Tilaa uutiskirje</h3><form><input name=nimi><input name=email><button>Lähetä</button></form>",
        ),
        (
            FormKind.CONTACT,
            "<form><input name=nome><input name=email><textarea name=messaggio></textarea></form>",
        ),
        (FormKind.ORDER, "<form><input name=qty value=1><button>In den Warenkorb</button></form>"),
        (FormKind.DISPLAY, "<form><select name=sort_by><option>Price</select><button>Go</button></form>"),
        (
            FormKind.POLL,
            "<form class=poll><input type=radio name=a><input type=radio name=a><button>Vote</button></form>",
        ),
        (FormKind.OTHER, "<form><input name=vehicle><button>Calculate</button></form>"),
    ],
)
def test_a_form_is_told_by_its_fields_and_its_words_in_many_languages(kind: FormKind, body: str) -> None:
    assert kinds(body) == [kind]


def test_a_link_to_a_forgotten_password_makes_no_form_one() -> None:
    body = "<form action=/news><input type=email name=email><a href=/p>Forgot your password?</a></form>"
    assert kinds(body) == [FormKind.NEWSLETTER]


def test_terms_to_agree_to_and_a_captchas_answer_are_no_room_for_a_message() -> None:
    body = (
        "<form id=signup><input name=email><textarea readonly>Terms</textarea><button>Sign up</button></form>"
    )
    captcha = "<form><input name=q><textarea name=g-recaptcha-response></textarea></form>"
    assert kinds(body + captcha) == [FormKind.REGISTRATION, FormKind.SEARCH]


def test_a_form_between_the_rows_of_a_table_has_the_fields_that_follow_it() -> None:
    body = (
        "<table><form action=/write><tr><td><input name=email><td><textarea name=text></textarea></tr></form>"
        "<form action=/find><tr><td><input name=q></tr></form></table>"
    )
    assert kinds(body) == [FormKind.CONTACT, FormKind.SEARCH]


def test_letters_to_the_firm_are_told_from_comments_and_recommendations() -> None:
    fields = "<input name=author><input name=email><textarea name=comment></textarea>"
    forms = forms_in(
        f"<form id=commentform action=/wp-comments-post.php>{fields}</form>"
        f"<form id=send-to-friend>{fields}</form>"
        f"<form class=contact-form><p>Your comments{fields}</form>"
    )
    assert {form.kind for form in forms} == {FormKind.CONTACT}
    assert [form.is_to_firm for form in forms] == [False, False, True]


def test_the_contact_form_of_a_page_is_the_first_that_goes_to_the_firm() -> None:
    page = PageView(home(html("<form role=search></form><form id=kontakt><textarea></textarea></form>")).page)
    form = contact_form(page)
    assert form is not None
    assert form.node.id == "kontakt"
    assert contact_form(PageView(home(html("<form role=search></form>")).page)) is None


PIECES = (
    "<form>|</form>|<table>|<tr>|<td>|</table>|<input name=q>|<textarea>|</textarea>|<input type=password>|"
    "<select name=sort>|<button>Go|<input type=hidden value=x>|<b>Write"
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(PIECES.split("|")), max_size=25))
def test_every_form_of_broken_html_gets_a_kind_and_always_the_same(pieces: list[str]) -> None:
    body = "".join(pieces)
    assert len(kinds(body)) == len(PageView(home(html(body)).page).select("form"))
    assert kinds(body) == kinds(body)
