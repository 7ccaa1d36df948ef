"""The page that a demo's footer leads to: how it goes, by a button or by a letter; and what is said once it is gone."""

from urllib.parse import quote

from leadgen_dagster.agency import Agency
from leadgen_dagster.rendering import render
from leadgen_dagster.sites.wording import wording

TAKE_DOWN_FILE = "take-down/index.html"


def take_down_page(agency: Agency, language: str, token: str, *, has_button: bool = False) -> bytes:
    """What will happen, and one way to have it: the page of a static host, which cannot answer, names a mailbox.

    Args:
        agency: who shows the demo; its address and mailbox are printed.
        language: the demo's.
        token: stands in the subject, so that the agency knows what is meant.
        has_button: whether a server takes the page's POST.
    """
    subject = wording(language).say("take_down_subject", token=token)
    mail_url = f"mailto:{agency.reply_to}?subject={quote(subject)}" if agency.reply_to else None
    return _rendered(agency, language, said=None, has_button=has_button, mail_url=mail_url)


def gone_page(agency: Agency, language: str, *, is_taken_down: bool) -> bytes:
    """What an address says when its demo is no longer there."""
    said = wording(language).phrases["taken_down" if is_taken_down else "gone"]
    return _rendered(agency, language, said=said, has_button=False, mail_url=None)


def _rendered(
    agency: Agency, language: str, *, said: str | None, has_button: bool, mail_url: str | None
) -> bytes:
    identity = (agency.name, agency.postal_address, agency.phone, agency.reply_to)
    return render(
        "sites/themes/shared/take_down.html",
        words=wording(language),
        agency=agency,
        identity="\n".join(filter(None, identity)),
        said=said,
        has_button=has_button,
        mail_url=mail_url,
    ).encode()
