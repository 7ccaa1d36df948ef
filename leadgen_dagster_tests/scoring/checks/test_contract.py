"""The contract of every check: one page that fails it and one that passes it."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadgen_dagster.scoring.checks import CHECKS
from leadgen_dagster.scoring.checks.outcomes import Failed, Passed
from leadgen_dagster.scoring.rubric import CATEGORY_WEIGHTS, RUBRIC, TABLE
from leadgen_dagster.scoring.rules import Rule
from leadgen_dagster_tests.scoring.builders import html, site
from leadgen_dagster_tests.scoring.checks import (
    test_accessibility,
    test_conversion,
    test_freshness,
    test_local,
    test_mobile,
    test_reachability,
    test_search,
    test_security,
    test_speed,
    test_trust,
)

PAIRS = {
    **test_reachability.PAIRS,
    **test_security.PAIRS,
    **test_mobile.PAIRS,
    **test_speed.PAIRS,
    **test_search.PAIRS,
    **test_accessibility.PAIRS,
    **test_trust.PAIRS,
    **test_conversion.PAIRS,
    **test_freshness.PAIRS,
    **test_local.PAIRS,
}
CERTIFICATE = "security.certificate_expired"
"""Fails only where no page came: its test stands with the scorer."""


@pytest.mark.parametrize("check_id", PAIRS)
def test_a_check_fails_one_page_with_evidence_and_passes_another(check_id: str) -> None:
    bad, good = CHECKS[check_id](PAIRS[check_id].bad), CHECKS[check_id](PAIRS[check_id].good)
    assert isinstance(bad, Failed)
    assert bad.where
    assert bad.snippet
    assert isinstance(good, Passed)


@pytest.mark.parametrize("check_id", PAIRS)
def test_a_fault_fills_every_word_of_its_rule(check_id: str) -> None:
    bad = CHECKS[check_id](PAIRS[check_id].bad)
    assert isinstance(bad, Failed)
    rule = RUBRIC.rules[check_id]
    for text in (rule.shopkeeper, rule.developer):
        named = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert named <= bad.parameters.keys()
    assert "…" not in rule.for_shopkeeper(bad.parameters) + rule.for_developer(bad.parameters)


def test_every_check_has_a_pair_and_one_rule_and_every_rule_a_check() -> None:
    assert set(PAIRS) | {CERTIFICATE} == set(CHECKS) == set(RUBRIC.rules)
    assert len(TABLE) == len(RUBRIC.rules)


@pytest.mark.parametrize("rule", TABLE, ids=lambda rule: rule.check_id)
def test_a_rule_says_what_is_asked_what_to_say_and_what_to_do(rule: Rule) -> None:
    assert rule.weight > 0
    assert all((rule.question, rule.shopkeeper, rule.developer, rule.fix))
    assert not any(
        word in rule.shopkeeper.lower() for word in ("seo", "wcag", "header", "hack", "customers", "%")
    )


def test_the_ranks_of_what_may_be_pitched_differ_and_the_categories_weigh_a_hundred() -> None:
    pitched = [rule.severity for rule in TABLE if rule.is_pitchable]
    assert len(set(pitched)) == len(pitched)
    assert sum(CATEGORY_WEIGHTS.values()) == 100
    assert {rule.category for rule in TABLE} == set(CATEGORY_WEIGHTS)


PIECES = st.sampled_from(
    (
        b"<table width=900>|<div style='|font-size:1px'>|<style>@media{|}}|<script type=application/ld+json>{|"
        b"</script>|<form action='http://[|<img src=|<a href='//[x'>|\x00|\xff\xfe|&copy; 20|<frameset>|"
        b"data-cfemail=zz|tel:|mailto:%ff|<meta name=viewport content=|<svg><title>|<!--|]]>|'>"
    ).split(b"|")
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=40).map(b"".join))
def test_no_bytes_make_a_check_raise_and_the_same_bytes_say_the_same(body: bytes) -> None:
    first, second = site(body), site(body)
    assert {key: check(first) for key, check in CHECKS.items()} == {
        key: check(second) for key, check in CHECKS.items()
    }


@pytest.mark.parametrize(
    "passage",
    ["Lorem ipsum dolor sit amet", "This page is under construction", "+44 191 498 0101", "your text here"],
)
def test_elements_nested_by_the_thousand_make_no_check_raise(passage: str) -> None:
    deep = site(html(f"{'<div>' * 3_000}<p>{passage}</p><a href=x></a><img src=y><form action=z><input>"))
    for check in CHECKS.values():
        check(deep)
