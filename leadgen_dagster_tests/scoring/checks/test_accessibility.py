"""What a reading aid is told."""

from leadgen_dagster_tests.scoring.builders import site
from leadgen_dagster_tests.scoring.checks.pairs import WORDS, Pair, pair

GERMAN = (
    "Wir backen für Sie jeden Tag und die Brote sind nicht nur mit der Hand geformt, auch im Ofen von uns. "
    * 3
)

PAIRS: dict[str, Pair] = {
    "accessibility.lang_missing": Pair(site(b"<html><p>Bread"), site(b"<html lang=en><p>Bread")),
    "accessibility.lang_wrong": pair(f"<p>{GERMAN}", f"<p>{WORDS}"),
    "accessibility.image_alt_missing": pair("<img src=a.png>", "<img src=a.png alt='Our shop'>"),
    "accessibility.form_label_missing": pair("<input name=q>", "<label>Name <input name=q></label>"),
    "accessibility.link_text_missing": pair(
        "<a href=/x><img src=x.png></a>", "<a href=/x><img src=x.png alt=Home></a>"
    ),
    "accessibility.heading_order": pair("<h1>Bread</h1><h4>Rolls</h4>", "<h1>Bread</h1><h2>Rolls</h2>"),
}
