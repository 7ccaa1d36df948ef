"""What is encrypted, and what protects it."""

import pytest

from leadgen_dagster.scoring.checks import CHECKS
from leadgen_dagster.scoring.checks.outcomes import Failed, NotApplicable, Passed
from leadgen_dagster_tests.scoring.builders import HOME, html, site
from leadgen_dagster_tests.scoring.checks.pairs import FORM, HTTPS, Pair, pair

PAIRS: dict[str, Pair] = {
    "security.no_https": Pair(site(html("")), site(html(""), **HTTPS)),
    "security.mixed_content": pair("<img src='http://x.example/a.png'>", "<img src='/a.png'>", **HTTPS),
    "security.headers_missing": Pair(
        site(html("")),
        site(
            html(""),
            headers=(
                ("content-security-policy", "x"),
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "x"),
            ),
        ),
    ),
    "security.paste_forbidden": pair("<input name=mail onpaste='return false'>", "<input name=mail>"),
    "security.form_over_http": pair(FORM.format("/send"), FORM.format("https://x.example/send")),
    "security.outdated_server": Pair(
        site(html(""), headers=(("server", "Apache/2.2.3 (CentOS)"),)),
        site(html(""), headers=(("server", "Apache/2.4.62 (Debian)"), ("x-powered-by", "PHP/8.3.1"))),
    ),
}


def test_a_search_over_http_asks_for_nothing_personal() -> None:
    search = site(html("<form action='/find'><input type=search name=q></form>"))
    assert isinstance(CHECKS["security.form_over_http"](search), NotApplicable)


def test_a_form_of_an_encrypted_page_may_still_be_sent_in_the_open() -> None:
    sent = site(html(FORM.format("http://x.example/send.php")), **HTTPS)
    assert isinstance(CHECKS["security.form_over_http"](sent), Failed)


@pytest.mark.parametrize(
    "head",
    [
        "<style>body { background: url('http://x.example/a.png') }</style>",
        "<script src='http://x.example/a.js'></script>",
    ],
)
def test_every_kind_of_file_counts_as_mixed(head: str) -> None:
    assert isinstance(CHECKS["security.mixed_content"](site(html("", head), **HTTPS)), Failed)


def test_on_a_page_sent_in_the_open_its_own_files_are_no_second_fault() -> None:
    own = site(html(f"<img src='{HOME}a.png'>"))
    assert isinstance(CHECKS["security.mixed_content"](own), Passed)
    assert isinstance(
        CHECKS["security.mixed_content"](site(html("<img src='http://x.example/a.png'>"))), Failed
    )
