"""What a page gives to reach a business by."""

import codecs
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_dagster.agency import MailboxWords
from leadgen_dagster.scoring.contact_points import Contact, ContactKind
from leadgen_dagster.scoring.contact_rules import ContactRules
from leadgen_dagster.scoring.contacts import find_contacts
from leadgen_dagster.scoring.snapshots import PageSnapshot
from leadgen_dagster_tests.factories import make_business
from leadgen_dagster_tests.scoring.builders import contact_page, home, html

PROSE = (
    "<p>We bake bread and rolls every morning in the old harbour, and the cakes are ready at noon.</p>" * 4
)
OWN = "harbour-bakery.port-linden.example"


def shifted(address: str) -> str:
    """As TYPO3 hides an address: each character moved by one."""
    return "nbjmup+" + address.translate({ord(char): ord(char) + 1 for char in address})


def contacts_of(body: str, *beside: PageSnapshot) -> list[Contact]:
    return find_contacts(make_business(), [home(html(PROSE + body)), *beside])


def values(found: list[Contact], kind: ContactKind) -> list[str]:
    return [contact.value for contact in found if contact.kind is kind]


def best(found: list[Contact], kind: ContactKind) -> Contact:
    (chosen,) = [contact for contact in found if contact.kind is kind and contact.is_best]
    return chosen


def protected(address: str) -> str:
    return "2a" + "".join(f"{ord(char) ^ 0x2A:02x}" for char in address)


@pytest.mark.parametrize(
    "written",
    [
        f"<a href='mailto:Hello@{OWN}?subject=Bread'>Write</a>",
        f"<p>hello@{OWN}",
        f"<p>hello [at] {OWN}",
        "<p>hello(at)harbour-bakery (dot) port-linden (dot) example",
        f"<a class=__cf_email__ data-cfemail='{protected(f'hello@{OWN}')}'>[protected]</a>",
        f"<a href='/cdn-cgi/l/email-protection#{protected(f'hello@{OWN}')}'>Write</a>",
        f'<script type="application/ld+json">{{"@type": "Bakery", "email": "hello@{OWN}"}}</script>',
        f"<div itemscope itemtype='https://schema.org/Bakery'><b itemprop=email>hello@{OWN}</b></div>",
        f"<p>hello&#64;{OWN}",
        f"<p>hello at {OWN}",
        "<p>hello at harbour-bakery dot port-linden dot example",
        f"<p>hello(@){OWN}",
        f"<p>hello\uff20{OWN}",
        f"<p>hello@<span style='display: none'>nospam.</span>{OWN}",
        f"<p style='unicode-bidi:bidi-override; direction: rtl'>{f'hello@{OWN}'[::-1]}</p>",
        f"<a data-email='{f'hello@{OWN}'[::-1]}'>Write</a>",
        f"<a data-user=hello data-domain={OWN}>Write</a>",
        f"<a data-enc-email='{codecs.encode('hello', 'rot13')}[at]{codecs.encode(OWN, 'rot13')}'>Write</a>",
        f"<script>document.write('<a href=\"mailto:' + 'hello' + '@' + '{OWN}' + '\">')</script>",
        f"<a href=\"javascript:linkTo_UnCryptMailto('{shifted(f'hello@{OWN}')}');\">Write</a>",
        f"<a href='mailto:?to=hello@{OWN}&subject=x'>Write</a>",
    ],
)
def test_an_address_is_read_however_it_is_written(written: str) -> None:
    assert values(contacts_of(written), ContactKind.EMAIL) == [f"hello@{OWN}"]


@pytest.mark.parametrize(
    "written",
    [
        "<p>name@example.com",
        "<p>logo@2x.png",
        "<p>8f2c1d@o123.ingest.sentry.io",
        f"<p>no-reply@{OWN}",
        f"<p>datenschutz@{OWN}",
        "<footer>Website by Pixel &amp; Son, studio@pixel-son.co.uk</footer>",
        "<p>Datenschutzbeauftragter: Herr Boysen, boysen@kanzlei-boysen.de",
        "<p>Zuständige Aufsichtsbehörde: poststelle@datenaufsicht.de",
        "<p>Webdesign: <a href='https://pixel-son.co.uk'>Webdesign: Pixel</a></p>"
        + "<p>x</p>" * 60
        + "<p>studio@pixel-son.co.uk",
        f"<p hidden>trap@{OWN}</p>",
        f"<div style='visibility:hidden'><a href='mailto:trap@{OWN}'>x</a></div>",
        f"<style>.hp {{ display: none }}</style><p class=hp>trap@{OWN}</p>",
        f"<input type=hidden value='trap@{OWN}'>",
        "<p>Follow us @bakery.fi @baker.com",
        "<a href='mailto:?subject=Look&body=http://x.fi'>Share</a>",
        "<p>no.such@suffix.of-nobody",
    ],
)
def test_addresses_of_nobody_or_of_somebody_else_are_left_out(written: str) -> None:
    assert values(contacts_of(written), ContactKind.EMAIL) == []


def test_a_designer_at_the_same_provider_takes_nothing_from_the_firms_mailbox() -> None:
    found = contacts_of(
        "<p>harbour.bakery@gmail.com</p><p>joe@gmail.com</p>"
        "<footer>Web design by <a href='mailto:joe@gmail.com'>Joe</a></footer>"
    )
    assert values(found, ContactKind.EMAIL) == ["harbour.bakery@gmail.com"]


def test_the_firms_own_domain_wins_then_the_role_then_the_contact_page() -> None:
    found = contacts_of(
        f"<p>harbour.bakery@gmail.com, anna@{OWN}", contact_page(html(f"<p>info@{OWN} or post@{OWN}"))
    )
    assert best(found, ContactKind.EMAIL).value == f"info@{OWN}"
    assert best(found, ContactKind.EMAIL).is_role_address
    assert len(values(found, ContactKind.EMAIL)) == 4


def test_a_mailbox_for_applications_is_used_only_where_there_is_no_other() -> None:
    found = contacts_of(f"<p>jobs@{OWN} or anna@{OWN}")
    assert best(found, ContactKind.EMAIL).value == f"anna@{OWN}"
    assert best(contacts_of(f"<p>jobs@{OWN}"), ContactKind.EMAIL).is_role_address


def test_a_mailbox_at_a_provider_of_the_demo_town_is_one() -> None:
    assert values(contacts_of("<p>harbour@postbox.example"), ContactKind.EMAIL) == ["harbour@postbox.example"]


def test_an_agency_adds_to_what_is_known_of_mailboxes() -> None:
    words = MailboxWords(roles=("bakeshop",), nobodys_names=("old",), nobodys_domains=("designer.example",))
    text = f"{PROSE}<p>old@{OWN} info@designer.example bakeshop@{OWN} anna@{OWN} info@{OWN}"
    found = find_contacts(make_business(), [home(html(text))], ContactRules.with_words(words))
    roles = {one.value.partition("@")[0]: one.is_role_address for one in found}
    assert roles == {"bakeshop": True, "anna": False, "info": True}


def test_the_rules_of_contacts_are_the_users_to_change() -> None:
    rules = ContactRules(roles=frozenset({"anna"}), excluded_names=frozenset({"old"}))
    found = find_contacts(make_business(), [home(html(f"{PROSE}<p>old@{OWN} anna@{OWN} bo@{OWN}"))], rules)
    assert values(found, ContactKind.EMAIL) == [f"anna@{OWN}", f"bo@{OWN}"]
    assert best(found, ContactKind.EMAIL).value == f"anna@{OWN}"


def test_phones_are_e164_and_a_fax_is_none() -> None:
    found = contacts_of("<p>Tel 0191 498 0101, mobile 07700 900123, Fax: 0191 498 0999</p>")
    phones = {contact.value: contact.is_mobile for contact in found if contact.kind is ContactKind.PHONE}
    assert phones == {"+441914980101": False, "+447700900123": True}
    assert best(found, ContactKind.PHONE).value == "+441914980101"


def test_a_number_that_a_phone_can_dial_wins_over_plain_text() -> None:
    found = contacts_of("<p>0191 498 0222 <a href='tel:+44 191 498 0333'>call</a>")
    assert best(found, ContactKind.PHONE).value == "+441914980333"


def test_a_link_that_dials_a_fax_or_the_web_designer_is_no_phone_of_the_firm() -> None:
    found = contacts_of(
        "<p>Fax: <a href='tel:+441914980333'>0191 498 0333</a></p>"
        "<footer>Website by Pixel, <a href='tel:+441914980444'>0191 498 0444</a></footer>"
    )
    assert values(found, ContactKind.PHONE) == []


def test_a_chat_is_a_mobile_number() -> None:
    found = contacts_of("<a href='https://wa.me/447911123456?text=Hi'>Chat</a>")
    assert best(found, ContactKind.PHONE).value == "+447911123456"
    assert best(found, ContactKind.PHONE).is_mobile


def test_names_and_hours_that_are_marked_as_data_are_told_and_are_no_way_to_reach_anybody() -> None:
    firm = {
        "@type": "Bakery",
        "name": "Harbour Bakery",
        "legalName": "Harbour Bakery Ltd",
        "openingHours": ["Mo-Fr 8:00-17:00"],
        "telephone": "0191 498 0101",
        "sameAs": "https://instagram.com/harbour",
    }
    found = contacts_of(f'<script type="application/ld+json">{json.dumps(firm)}</script>')
    told = {contact.kind: contact.value for contact in found}
    assert told == {
        ContactKind.PHONE: "+441914980101",
        ContactKind.SOCIAL_PROFILE: "https://instagram.com/harbour",
        ContactKind.NAME: "Harbour Bakery",
        ContactKind.LEGAL_NAME: "Harbour Bakery Ltd",
        ContactKind.OPENING_HOURS: "Mo-Fr 08:00-17:00",
    }
    assert [contact.kind for contact in found if contact.kind.is_way_to_reach] == list(told)[:2]
    assert all(contact.page_url and contact.snippet for contact in found)


def test_profiles_are_kept_without_tracking_and_share_buttons_are_none() -> None:
    found = contacts_of(
        "<a href='https://www.facebook.com/harbourbakery/?ref=x'>f</a>"
        "<a href='https://www.facebook.com/sharer/sharer.php?u=x'>share</a><a href='https://instagram.com/'>i</a>"
    )
    assert values(found, ContactKind.SOCIAL_PROFILE) == ["https://www.facebook.com/harbourbakery"]


def test_a_form_with_room_for_a_message_is_a_contact_form_and_a_search_is_none() -> None:
    found = contacts_of(
        "<form><input name=q></form>", contact_page(html("<form><textarea></textarea></form>"))
    )
    assert values(found, ContactKind.CONTACT_FORM) == [f"http://{OWN}/contact"]


def test_a_form_of_a_service_is_one_too_and_a_comment_is_none() -> None:
    frame = "<iframe src='https://form.jotform.com/123'></iframe>"
    comments = "<form id=commentform><textarea name=comment></textarea></form>"
    assert values(contacts_of(frame), ContactKind.CONTACT_FORM) == [f"http://{OWN}/"]
    assert values(contacts_of(comments), ContactKind.CONTACT_FORM) == []


def test_a_page_that_is_not_the_firms_gives_no_contact() -> None:
    parked = home(html("<h1>This domain is for sale</h1><p>sales@registrar.co.uk 0191 498 0101"))
    elsewhere = home(html(PROSE + "hello@other.co.uk"), final_url="http://other.port-linden.example/")
    assert find_contacts(make_business(), [parked]) == []
    assert find_contacts(make_business(), [elsewhere]) == []
    assert find_contacts(make_business(website=None), []) == []


def test_halves_of_a_cut_off_emoji_in_data_are_left_out_and_spoil_nothing() -> None:
    spoilt = {
        "@type": "LocalBusiness",
        "name": "Harbour Bakery \ud83e",
        "sameAs": "https://facebook.com/harbour\0",
    }
    found = contacts_of(f'<script type="application/ld+json">{json.dumps(spoilt)}</script>')
    assert [contact.value for contact in found] == ["https://facebook.com/harbour", "Harbour Bakery"]
    assert all("\ud83e" not in contact.snippet for contact in found)


def test_each_contact_has_an_id_of_its_own_that_stays() -> None:
    body = f"<p>a@{OWN} b@{OWN} 0191 498 0101"
    ids = [contact.id for contact in contacts_of(body)]
    assert ids == [contact.id for contact in contacts_of(body)]
    assert len(set(ids)) == len(ids)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab1@.+()[]-<>/'\":= \n&%", max_size=200), st.binary(max_size=60))
def test_no_bytes_make_the_reader_raise(text: str, tail: bytes) -> None:
    body = b"<a href='mailto:" + text.encode() + b"'>x</a><a href='tel:" + tail + b"'>" + text.encode() + tail
    for contact in find_contacts(make_business(), [home(html(PROSE) + body)]):
        assert contact.value
        assert len(contact.snippet) <= 200


@pytest.mark.parametrize(
    "piece",
    [
        "<form action=x><input name=email></form>",
        "<p style='display:none'>a@b.de</p>",
        "<div itemscope itemtype='https://schema.org/Bakery'><b itemprop=name>x</b>",
        "a@",
        "<a href='https://b.de'>Mail</a> a@b.de ",
        "[at] ",
        " dot at dot",
        "0711 636363 ",
        "<style>a",
    ],
)
def test_no_page_is_read_without_end(piece: str) -> None:
    page = html(PROSE + piece * (200_000 // len(piece)))
    began = time.process_time()
    find_contacts(make_business(), [home(page)])
    assert time.process_time() - began < 10
