from leadgen_dagster.scoring.styles import rules, rules_for_some_screens

FONT = f"@font-face{{font-family:A;src:url(data:font/woff2;base64,{'d09GMg+/' * 40}==) format('woff2')}}"


def test_rules_that_hold_on_every_screen_are_read_and_those_of_at_rules_are_not() -> None:
    sheet = f"@import url(a.css);{FONT}@media print{{p{{width:1px}}}}/* b{{}} */ a, b{{color:RED;width:9px}}"
    assert list(rules(sheet)) == [("a, b", {"color": "red", "width": "9px"})]


def test_what_is_packed_into_a_style_sheet_is_no_declaration() -> None:
    packed = "a{background:url(data:image/png;base64,iVBORw0KGgo=);width:760px}"
    assert list(rules(packed)) == [("a", {"background": "url(data:image/png)", "width": "760px"})]


def test_a_block_that_never_ends_hides_the_rest() -> None:
    assert list(rules("a{width:1px}@media print{b{width:2px} c{width:3px}")) == [("a", {"width": "1px"})]


def test_what_holds_for_some_screens_only_is_told_apart() -> None:
    sheet = "p { width: 9px } @media print { p { color: red } } @import 'x'; a { color: blue }"
    assert rules_for_some_screens(sheet) == "@media print { p { color: red } }@import 'x';"
