"""What is encrypted, and what protects it."""

from leadgen_dagster_tests.scoring.builders import html, site
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
    "security.form_over_http": pair(FORM.format("/send"), FORM.format("https://x.example/send")),
}
