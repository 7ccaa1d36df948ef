import pytest
from jinja2 import UndefinedError

from leadgen_dagster.rendering import environment, is_safe_url, safe_url


@pytest.mark.parametrize(
    "url",
    [
        "http://harbour.example/",
        "https://harbour.example/menu?a=1&b=2#top",
        "HTTPS://harbour.example",
        "tel:+441914980101",
        "mailto:hello@harbour.example",
    ],
)
def test_a_link_a_visitor_can_follow_passes(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//other.example/",
        "/etc/passwd",
        "https://harbour.example/\njavascript:alert(1)",
        "https:",
        "",
    ],
)
def test_any_other_link_leads_nowhere(url: str) -> None:
    assert not is_safe_url(url)
    assert safe_url(url) == "#"


def test_a_template_that_uses_an_unknown_variable_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nobody }}").render()


@pytest.mark.parametrize(("name", "is_escaped"), [("a/b.html", True), ("a/b.css", True), ("a/b.txt", False)])
def test_everything_but_plain_text_is_escaped(name: str, is_escaped: bool) -> None:
    decide = environment().autoescape
    assert callable(decide)
    assert decide(name) is is_escaped


def test_the_environment_is_made_once() -> None:
    assert environment() is environment()
