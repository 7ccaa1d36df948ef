import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.clients.robots_rules import MAX_BYTES, RobotsRules, parse_rules, product_token

PRODUCT = "leadgen_dagster"


def rules_of(text: str, product: str = PRODUCT) -> RobotsRules:
    return parse_rules(text.encode(), product)


def for_all(*rules: str) -> RobotsRules:
    return rules_of("\n".join(["User-agent: *", *rules]))


@pytest.mark.parametrize(
    ("pattern", "reached", "not_reached"),
    [
        ("/", ["/", "/a?b=c"], []),
        ("", [], ["/", "/a"]),
        ("/menu", ["/menu", "/menu.html", "/menus/", "/menu?day=1"], ["/", "/Menu", "/a/menu", "/?menu"]),
        ("/menu/", ["/menu/", "/menu/?day", "/menu/a"], ["/menu", "/menu.html"]),
        ("/*.php", ["/a.php", "/a/b.php5?c", "/?a.php"], ["/php", "/a.PHP"]),
        ("/*.php$", ["/a.php", "/a.php.php"], ["/a.php?b", "/a.php/", "/a.php5"]),
        ("/a*b*c$", ["/abc", "/a1b2c", "/abcbc"], ["/abcd", "/acb"]),
        ("/a$b", ["/a$b", "/a$bc"], ["/a"]),
        ("*/b", ["/b", "/a/b/c"], ["/ab"]),
        ("/$", ["/"], ["/a", "/?a"]),
        ("*", ["/", "/a"], []),
        ("a", [], ["/a", "/"]),
        ("/caf\u00e9", ["/caf%C3%A9", "/caf%c3%a9"], ["/caf"]),
        ("/caf%c3%a9", ["/caf%C3%A9", "/caf%c3%a9"], ["/caf"]),
        ("/%62ar", ["/bar", "/%62ar"], ["/ar"]),
        ("/a%2fb", ["/a%2Fb"], ["/a/b"]),
        ("/~me", ["/~me", "/%7Eme"], []),
    ],
)
def test_a_pattern_reaches_what_the_standard_says(
    pattern: str, reached: list[str], not_reached: list[str]
) -> None:
    rules = for_all(f"Disallow: {pattern}")
    assert [target for target in (*reached, *not_reached) if not rules.allows(target)] == reached


@pytest.mark.parametrize(
    ("lines", "is_allowed"),
    [
        (["Disallow: /a", "Allow: /a/b"], True),
        (["Allow: /a/b", "Disallow: /a"], True),
        (["Allow: /a", "Disallow: /a/b"], False),
        (["Disallow: /a/b/c", "Allow: /a/b/c"], True),
        (["Allow: /*/b", "Disallow: /a/b"], True),
        (["Allow: /a/b", "Disallow: /*/b/c$"], False),
        (["Disallow: /", "Allow: /%61/b/c"], False),
    ],
)
def test_the_longest_pattern_wins_and_allowing_wins_a_tie(lines: list[str], is_allowed: bool) -> None:
    assert for_all(*lines).allows("/a/b/c") is is_allowed


@pytest.mark.parametrize(
    ("text", "is_allowed"),
    [
        ("User-agent: other\nDisallow: /", True),
        ("Disallow: /", True),
        ("user-AGENT: LeadGen_Dagster/2.1 (comment)\ndisallow: /", False),
        ("User-agent: *\nDisallow: /\nUser-agent: leadgen_dagster\nDisallow:", True),
        ("User-agent: leadgen_dagster\n\nUser-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /\nUser-agent: leadgen_dagster\nCrawl-delay: 5", True),
        ("User-agent: leadgen\nUser-agent: leadgen-dagster\nDisallow: /", True),
        ("User-agent: * and all others\nDisallow: /", False),
        ("User-agent: *bot\nDisallow: /", True),
        ("User-agent: *\nDisallow: /\nUser-agent: \x1cleadgen_dagster\nAllow: /", False),
        ("User-agent: leadgen_dagster\nAllow: /x\nUser-agent: leadgen_dagster\nDisallow: /", False),
        ("User-agent: a\nCrawl-delay: 2\nSitemap: /s\nUser-agent: *\nDisallow: /", False),
        ("User-agent: *\nCrawl-delay: 2\nUser-agent: a\nDisallow: /", False),
        ("User-agent: *\nAllow: /x\nUser-agent: a\nDisallow: /", True),
    ],
)
def test_groups_are_found_by_name_and_merged(text: str, is_allowed: bool) -> None:
    assert rules_of(text).allows("/") is is_allowed


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: *\rDisallow: /",
        "User-agent: *\r\nDisallow: /\r\n",
        "\ufeffUser-agent: *\nDisallow: /",
        "  User-agent : *  # everyone\n\t disallow\t:\t/ # all",
        "User-agent *\nDisallow /",
        "useragent: *\ndissallow: /",
        "User agent: *\nDisalow: /",
        "nonsense\n:::\n<html>\nUser-agent: *\n\n\nDisallow: /",
        "User-agent: *\nDisallow: /\0\n",
        "User-agent: *\n# " + "x" * 100_000 + "\nDisallow: /",
    ],
)
def test_odd_but_clear_spellings_refuse(text: str) -> None:
    assert not rules_of(text).allows("/a")


def test_an_allowed_index_page_stands_for_its_folder() -> None:
    rules = for_all("Disallow: /", "Allow: /menu/index.html")
    assert [target for target in ("/menu/", "/menu/index.html", "/menu/a", "/") if rules.allows(target)] == [
        "/menu/",
        "/menu/index.html",
    ]


def test_a_long_file_is_cut_at_the_end_of_a_line() -> None:
    head = "User-agent: *\nDisallow: /private\n"
    filler = "#" * (MAX_BYTES - len(head) - len("\nAllow: /")) + "\n"
    text = f"{head}{filler}Allow: /private/not-this"
    assert text[:MAX_BYTES].endswith("\nAllow: /")
    assert rules_of(text) == RobotsRules(disallowed=("/private",))
    assert rules_of("x" * (MAX_BYTES + 1)) == RobotsRules()


@pytest.mark.parametrize(
    ("text", "delay_s"),
    [
        ("User-agent: *\nCrawl-delay: 7.5", 7.5),
        ("User-agent: *\nCrawl-delay: 10 seconds", 10.0),
        ("User-agent: *\nCrawl-delay: soon", 0.0),
        ("User-agent: *\nCrawl-delay: -1", 0.0),
        ("User-agent: *\nCrawl-delay: 3\nCrawl-delay: 9\nCrawl-delay: 5", 9.0),
        ("User-agent: leadgen_dagster\nCrawl-delay: 2\nAllow: /\n\nUser-agent: *\nCrawl-delay: 60", 2.0),
        ("Crawl-delay: 60", 0.0),
    ],
)
def test_a_crawl_delay_is_that_of_the_group(text: str, delay_s: float) -> None:
    assert rules_of(text).crawl_delay_s == delay_s


@pytest.mark.parametrize(
    ("user_agent", "product"),
    [
        ("leadgen_dagster/0.1 (+https://agency.example/)", "leadgen_dagster"),
        (" My-Agency Bot", "My-Agency"),
        ("", ""),
    ],
)
def test_the_name_that_robots_txt_speaks_to_is_the_first_word_of_the_user_agent(
    user_agent: str, product: str
) -> None:
    assert product_token(user_agent) == product


PATTERNS = st.text(alphabet="/ab*$", max_size=10).map(lambda text: f"/{text}")
TARGETS = st.text(alphabet="/ab$?", max_size=12).map(lambda text: f"/{text}")


@given(PATTERNS, TARGETS)
def test_matching_agrees_with_a_regular_expression(pattern: str, target: str) -> None:
    body, end = (pattern[:-1], "$") if pattern.endswith("$") else (pattern, "")
    expression = ".*".join(re.escape(part) for part in body.split("*")) + ("\\Z" if end else "")
    assert for_all(f"Disallow: {pattern}").allows(target) is not bool(re.match(expression, target))


def test_a_pattern_of_many_stars_takes_no_time() -> None:
    rules = for_all("Disallow: /" + "*a" * 2000 + "$")
    assert rules.allows("/" + "a" * 2000 + "b")


@given(st.binary(max_size=200), TARGETS)
def test_any_bytes_are_rules(body: bytes, target: str) -> None:
    rules = parse_rules(b"User-agent: *\n" + body, PRODUCT)
    assert rules.allows(target) in {True, False}


@given(st.lists(PATTERNS, max_size=5), PATTERNS, TARGETS)
def test_one_more_rule_that_refuses_never_allows_more(patterns: list[str], extra: str, target: str) -> None:
    lines = [f"{'Allow' if at % 2 else 'Disallow'}: {pattern}" for at, pattern in enumerate(patterns)]
    if for_all(*lines, f"Disallow: {extra}").allows(target):
        assert for_all(*lines).allows(target)
