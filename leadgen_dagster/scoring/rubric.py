"""The rubric: every check's category, weight, rank, wording and fix, in one table.

The score of a category is the weighted share of its applicable checks that passed; the whole score weighs the
categories that have one by `CATEGORY_WEIGHTS`. Wording may hold `{names}` that a finding's parameters fill.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import KW_ONLY, asdict, dataclass
from functools import cache

from leadgen_dagster.scoring.scores import Category

RUBRIC_VERSION = "1"

CATEGORY_WEIGHTS: Mapping[Category, int] = {
    Category.PERFORMANCE: 20,
    Category.ACCESSIBILITY: 15,
    Category.BEST_PRACTICES: 15,
    Category.SEO: 15,
    Category.TRUST: 15,
    Category.CONVERSION: 20,
}

HIGH_SEVERITY = 85
"""From this rank on, one fault alone is worth a call, however good the rest of the page is."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: what a check's answer means and how one speaks of it."""

    check_id: str
    category: Category
    _: KW_ONLY
    weight: int
    """Beside the other checks of its category."""
    severity: int
    """Rank for a shopkeeper, larger is worse."""
    is_pitchable: bool = False
    """Whether the owner can see it unaided and it is worth a call."""
    is_about_hosting: bool = False
    """A matter of the server, the domain or the live web: no fair question to a demo."""
    question: str
    shopkeeper: str
    """What one tells the owner: visible with one's own eyes, no threat, no figure that was not measured."""
    developer: str
    fix: str

    def for_shopkeeper(self, parameters: Mapping[str, str]) -> str:
        return self.shopkeeper.format_map(_Filled(parameters))

    def for_developer(self, parameters: Mapping[str, str]) -> str:
        return self.developer.format_map(_Filled(parameters))


class _Filled(dict[str, str]):
    """A parameter that was not measured reads as three dots, never as a made-up figure."""

    def __missing__(self, key: str) -> str:
        return "…"


# fmt: off
# A table: five lines a row, by hand.
RUBRIC: tuple[Rule, ...] = (
    # ---- conversion
    Rule("mobile.viewport_missing", Category.CONVERSION, weight=26, severity=90, is_pitchable=True,
         question="Does the page adapt to the width of a phone?",
         shopkeeper="On a phone the page appears as a small copy of the desktop page; one has to zoom in to read it.",
         developer="The page has no viewport meta tag, so phones lay it out about 980 px wide and shrink it.",
         fix='Add <meta name="viewport" content="width=device-width, initial-scale=1"> and let the layout flow.'),
    Rule("mobile.fixed_width", Category.CONVERSION, weight=20, severity=95, is_pitchable=True,
         question="Does the content fit on a phone without scrolling sideways?",
         shopkeeper="The page has a fixed width, wider than a phone: one has to zoom and push it sideways to read it.",
         developer="The block with most of the text is set to {pixels} px.",
         fix="Replace the fixed width by max-width and a layout that flows."),
    Rule("reachability.broken_link", Category.CONVERSION, weight=16, severity=100,
         is_pitchable=True, is_about_hosting=True,
         question="Do the links to booking, menu and contact lead somewhere?",
         shopkeeper="The link “{label}” leads to a page that is not there.",
         developer="{url} answers {status}.",
         fix="Point the link to the page that took its place, or take it out."),
    Rule("conversion.menu_is_image", Category.CONVERSION, weight=8, severity=64, is_pitchable=True,
         question="Can the menu be read as text?",
         shopkeeper="The menu is a picture: on a phone its words are tiny and cannot be made to fit the screen.",
         developer="The menu is an image file; its text is neither responsive, nor searchable, nor read aloud.",
         fix="Set the menu as text on a page of its own."),
    Rule("local.phone_missing", Category.CONVERSION, weight=12, severity=72, is_pitchable=True,
         question="Is there a phone number?",
         shopkeeper="I could not find a phone number on the page.",
         developer="No phone number in text, tel: links or structured data of the pages read.",
         fix="Show the number at the top of every page as a tel: link."),
    Rule("conversion.phone_not_clickable", Category.CONVERSION, weight=6, severity=50, is_pitchable=True,
         question="Can one ring up with one tap?",
         shopkeeper="On a phone one cannot tap the number to call: it has to be copied or typed.",
         developer="The number {phone} stands as plain text; there is no tel: link.",
         fix='Write it as <a href="tel:+…">.'),
    Rule("local.hours_missing", Category.CONVERSION, weight=8, severity=55, is_pitchable=True,
         question="Are the opening hours shown?",
         shopkeeper="I could not find the opening hours on the page.",
         developer="No opening hours in the text or structured data of the pages read.",
         fix="Show the hours on the home page, as text and as openingHours in JSON-LD."),
    Rule("local.map_missing", Category.CONVERSION, weight=4, severity=20,
         question="Is there a map, or a link to one?",
         shopkeeper="There is no map or directions link to follow.",
         developer="No map embed and no link to a map service.",
         fix="Link the address to a map."),
    # ---- performance
    Rule("speed.heavy_images", Category.PERFORMANCE, weight=36, severity=88, is_pitchable=True,
         question="Are the pictures light enough for a phone connection?",
         shopkeeper="The pictures of the page weigh {megabytes} MB together; on a phone they arrive slowly.",
         developer="{count} images of the home page add up to {megabytes} MB on the wire.",
         fix="Scale the pictures to the size they are shown at and save them as WebP or AVIF."),
    Rule("speed.heavy_page", Category.PERFORMANCE, weight=14, severity=30,
         question="Is the page itself of a reasonable size?",
         shopkeeper="The page is made of very many parts that all have to be loaded.",
         developer="The HTML is very large, or it asks for more than 80 files.",
         fix="Join files, load what is below the fold later, drop what nobody uses."),
    Rule("speed.blocking_scripts", Category.PERFORMANCE, weight=14, severity=25,
         question="Does the page appear before its scripts have loaded?",
         shopkeeper="The page stays white until several scripts have loaded.",
         developer="{count} scripts in the head load without async or defer.",
         fix="Add defer, or move the scripts to the end."),
    Rule("speed.slow_first_byte", Category.PERFORMANCE, weight=14, severity=28, is_about_hosting=True,
         question="Does the server answer quickly?",
         shopkeeper="The server took a while to answer.",
         developer="The first byte came after {milliseconds} ms.",
         fix="Cache the pages, or choose a quicker host."),
    Rule("speed.uncompressed", Category.PERFORMANCE, weight=10, severity=10, is_about_hosting=True,
         question="Is the page sent compressed?",
         shopkeeper="The page is sent larger than it has to be.",
         developer="The HTML comes without content-encoding.",
         fix="Switch on gzip or Brotli on the server."),
    Rule("speed.images_without_size", Category.PERFORMANCE, weight=12, severity=18,
         question="Does the page stand still while its pictures load?",
         shopkeeper="The text jumps while the pictures load.",
         developer="Most images have no width and height, so the layout shifts.",
         fix="Give each image its width and height."),
    # ---- accessibility
    Rule("mobile.zoom_forbidden", Category.ACCESSIBILITY, weight=10, severity=35,
         question="May one zoom in?",
         shopkeeper="On some phones the page cannot be zoomed.",
         developer="The viewport meta tag forbids zoom.",
         fix="Remove user-scalable and maximum-scale."),
    Rule("mobile.text_too_small", Category.ACCESSIBILITY, weight=18, severity=60, is_pitchable=True,
         question="Is the text large enough to read?",
         shopkeeper="Much of the text is set very small.",
         developer="At least a third of the words are set below 11 px.",
         fix="Set running text at 16 px or more."),
    Rule("accessibility.lang_missing", Category.ACCESSIBILITY, weight=14, severity=8,
         question="Does the page say which language it is in?",
         shopkeeper="The page does not tell reading aids which language it is in.",
         developer="The html element has no lang attribute.",
         fix="Add lang to <html>."),
    Rule("accessibility.lang_wrong", Category.ACCESSIBILITY, weight=8, severity=9,
         question="Is the stated language the language of the text?",
         shopkeeper="The page tells reading aids a language that it is not written in.",
         developer='lang says "{declared}", the text reads as "{spoken}".',
         fix="Correct lang."),
    Rule("accessibility.image_alt_missing", Category.ACCESSIBILITY, weight=18, severity=16,
         question="Do the pictures have a description?",
         shopkeeper="Blind visitors are not told what the pictures show.",
         developer="{count} images have no alt attribute.",
         fix="Describe each picture in alt; leave it empty where it is decoration."),
    Rule("accessibility.form_label_missing", Category.ACCESSIBILITY, weight=12, severity=15,
         question="Do the fields of forms say what goes into them?",
         shopkeeper="A field of the form does not say what goes into it.",
         developer="A form field has no label and no accessible name.",
         fix="Give each field a <label>."),
    Rule("accessibility.link_text_missing", Category.ACCESSIBILITY, weight=10, severity=12,
         question="Do the links say where they lead?",
         shopkeeper="Some links have no words that a reading aid could speak.",
         developer="A link has neither text, nor aria-label, nor an image with alt.",
         fix="Give each link words."),
    Rule("accessibility.heading_order", Category.ACCESSIBILITY, weight=10, severity=6,
         question="Are the headings in order?",
         shopkeeper="The headings are not in order.",
         developer="A heading skips a rank on the way down.",
         fix="Use h1, h2, h3 by rank and not by size."),
    # ---- best practices
    Rule("security.no_https", Category.BEST_PRACTICES, weight=30, severity=62, is_pitchable=True, is_about_hosting=True,
         question="Is the page sent over an encrypted connection?",
         shopkeeper="In the address bar the browser writes “Not secure” beside the address of the page.",
         developer="The page is served over http and does not lead to https.",
         fix="Get a certificate (Let's Encrypt is free) and redirect http to https."),
    Rule("security.certificate_expired", Category.BEST_PRACTICES, weight=10, severity=98,
         is_pitchable=True, is_about_hosting=True,
         question="Is the certificate valid?",
         shopkeeper="Instead of the page the browser shows a warning: the site's certificate ran out on {date}.",
         developer="The TLS certificate expired on {date}.",
         fix="Renew the certificate, and let it renew itself from now on."),
    Rule("security.mixed_content", Category.BEST_PRACTICES, weight=10, severity=22,
         question="Does everything on the page come encrypted?",
         shopkeeper="Parts of the page are fetched without encryption; browsers may leave them out.",
         developer="The page is served over https and embeds http resources.",
         fix="Change the addresses of the embedded files to https."),
    Rule("security.headers_missing", Category.BEST_PRACTICES, weight=8, severity=1, is_about_hosting=True,
         question="Does the server send the usual protective headers?",
         shopkeeper="Some technical settings of the server are at their defaults.",
         developer="More than half of CSP, X-Content-Type-Options, Referrer-Policy and HSTS are missing.",
         fix="Set the headers on the server."),
    Rule("freshness.outdated_library", Category.BEST_PRACTICES, weight=14, severity=24,
         question="Are the script libraries still kept up by their makers?",
         shopkeeper="The page is built with parts from years ago.",
         developer="{name} {version} is no longer maintained.",
         fix="Update the library, or do without it."),
    Rule("freshness.outdated_cms", Category.BEST_PRACTICES, weight=10, severity=26,
         question="Is the software behind the page still kept up by its makers?",
         shopkeeper="The software behind the page is years old.",
         developer="{name} {version} is no longer maintained.",
         fix="Update it, or move to a static page."),
    Rule("freshness.deprecated_markup", Category.BEST_PRACTICES, weight=12, severity=21,
         question="Is the page written in the HTML of today?",
         shopkeeper="The page is built the way pages were built twenty years ago.",
         developer="Font or center tags, frames, Flash, or tables nested for layout.",
         fix="Rebuild the layout with CSS."),
    Rule("freshness.doctype_missing", Category.BEST_PRACTICES, weight=6, severity=3,
         question="Does the page begin with a doctype?",
         shopkeeper="Browsers show the page in a mode for very old pages.",
         developer="No doctype: browsers use quirks mode.",
         fix="Begin the page with <!doctype html>."),
    # ---- seo
    Rule("search.title_missing", Category.SEO, weight=24, severity=32,
         question="Does the page have a title of its own?",
         shopkeeper="In the browser's tab and in search results the page has no name.",
         developer="The title is missing, empty or a mere default.",
         fix="Write a title: name, trade, town."),
    Rule("search.description_missing", Category.SEO, weight=24, severity=14,
         question="Does the page describe itself for search results?",
         shopkeeper="Search results show a random piece of text under the page's name.",
         developer="The meta description is missing or shorter than 30 characters.",
         fix="Write one or two sentences of description."),
    Rule("search.h1_missing", Category.SEO, weight=16, severity=11,
         question="Does the page have a main heading?",
         shopkeeper="The page has no main heading.",
         developer="There is no h1 with words in it.",
         fix="Make the name of the business the h1."),
    Rule("local.structured_data_missing", Category.SEO, weight=20, severity=7,
         question="Can search engines read name, address and hours as data?",
         shopkeeper="Search engines have to guess address and hours.",
         developer="No JSON-LD or microdata of the business.",
         fix="Add a JSON-LD LocalBusiness with address, phone and hours."),
    Rule("search.blocked_from_index", Category.SEO, weight=16, severity=45, is_about_hosting=True,
         question="May search engines list the page?",
         shopkeeper="The page tells search engines not to list it.",
         developer="noindex in the robots meta tag or the X-Robots-Tag header.",
         fix="Remove noindex."),
    # ---- trust
    Rule("security.form_over_http", Category.TRUST, weight=26, severity=92, is_pitchable=True,
         question="Are forms sent over an encrypted connection?",
         shopkeeper="The browser warns that the form on the page is not secure when one writes into it.",
         developer="The form on {url} is sent over http.",
         fix="Serve the page and the form's target over https."),
    Rule("local.address_missing", Category.TRUST, weight=24, severity=40,
         question="Is the address shown?",
         shopkeeper="I could not find the address on the page.",
         developer="Neither street nor postcode of the record stands on the pages read.",
         fix="Show the address on every page."),
    Rule("trust.privacy_page_missing", Category.TRUST, weight=20, severity=23,
         question="Is there a privacy policy?",
         shopkeeper="I could not find a privacy page.",
         developer="No link of the pages read leads to a privacy policy.",
         fix="Write one and link it from every page."),
    Rule("freshness.copyright_outdated", Category.TRUST, weight=16, severity=66, is_pitchable=True,
         question="Does the page look looked after?",
         shopkeeper="At the foot of the page stands the year {year}.",
         developer="The newest year of the copyright line is {year}.",
         fix="Bring the page up to date; print the current year by the template."),
    Rule("freshness.placeholder_text", Category.TRUST, weight=14, severity=86, is_pitchable=True,
         question="Is all the text the business's own?",
         shopkeeper="A filler text of the template is still on the page.",
         developer="Placeholder text of a template was never replaced.",
         fix="Replace it or take it out."),
)
# fmt: on

RULES: Mapping[str, Rule] = {rule.check_id: rule for rule in RUBRIC}


@cache
def rubric_hash() -> str:
    """Changes with every weight, rank and word of the table."""
    content = {"categories": CATEGORY_WEIGHTS, "rules": [asdict(rule) for rule in RUBRIC]}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
