"""Will one find it, and know what it is from the result?"""

import re
from collections.abc import Sequence

from leadgen_dagster.scoring.checks.accessibility import images_described
from leadgen_dagster.scoring.checks.outcomes import NOT_APPLICABLE, PASSED, Failed, Outcome
from leadgen_dagster.scoring.domains import is_same_site
from leadgen_dagster.scoring.page_view import (
    Element,
    PageView,
    once_a_page,
    opening_tag,
    selector_of,
    snippet,
)
from leadgen_dagster.scoring.rubric import limit_of
from leadgen_dagster.scoring.site_pages import SitePages

LONGEST_TITLE = limit_of("search.title_too_long")
SHORTEST_DESCRIPTION = limit_of("search.description_too_short")
CHARSET_BYTES = int(limit_of("search.charset_missing"))

_TITLES_OF_NOTHING = """
    home|homepage|home page|index|index.html|startseite|untitled|untitled document|unbenannt|unbenanntes dokument
    |documento sin título|document sans titre|namnlöst dokument|nimetön asiakirja|senza titolo|naamloos document
    |willkommen|welcome|etusivu|hem|accueil|inicio|website|my site|new page 1|document
"""
_WORDS_OF_NOTHING = """
    click here|click this|go|here|information|learn more|more|more info|more information|right here|read more
    |see more|start|this|weiterlesen|mehr|mehr lesen|mehr erfahren|mehr infos|mehr informationen|hier|weiter
    |hier klicken|klicken sie hier|lue lisää|lisää|täältä|tästä|klikkaa tästä|läs mer|här|klicka här|mer
    |en savoir plus|lire la suite|cliquez ici|ici|leer más|más|haga clic aquí|aquí|más información
    |scopri di più|leggi tutto|clicca qui|qui|lees meer|klik hier|meer
"""
_EMPTY_TITLES = frozenset(one.strip() for one in _TITLES_OF_NOTHING.split("|"))
_EMPTY_WORDS = frozenset(one.strip() for one in _WORDS_OF_NOTHING.split("|"))
"""Whole labels of links that tell nothing, in lower case."""
_LANGUAGE_CODE = re.compile(r"x-default|[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?")
_KEPT_OUT = re.compile(r"\b(?:noindex|none)\b")
_CHARSET = re.compile(rb"charset|encoding=|^\xef\xbb\xbf|^\xff\xfe|^\xfe\xff", re.IGNORECASE)
_NOT_FOLLOWED = ("#", "javascript:", "mailto:", "tel:", "sms:")
_MAY_BE_SCRIPT = "jJ \n\t"
_MEANT_AS_LINK = frozenset({"onclick", "target", "rel", "download", "ping", "hreflang", "type"})


def title_missing(site: SitePages) -> Outcome:
    title = site.home.title
    if title and title.casefold() not in _EMPTY_TITLES:
        return PASSED
    return Failed(where="title", snippet=f"<title>{snippet(title)}</title>" if title else "no title")


def title_too_long(site: SitePages) -> Outcome:
    title = site.home.title
    if not title:
        return NOT_APPLICABLE
    if len(title) <= LONGEST_TITLE:
        return PASSED
    return Failed(where="title", snippet=snippet(title), parameters={"count": str(len(title))})


@once_a_page
def _descriptions(page: PageView) -> Sequence[Element]:
    return [meta for meta in page.elements("meta") if meta.get("name").lower() == "description"]


def description_missing(site: SitePages) -> Outcome:
    """Search engines look for it in the head alone."""
    written = _descriptions(site.home)
    filled = [meta for meta in written if meta.get("content")]
    if any(meta.node.parent is not None and meta.node.parent.tag == "head" for meta in filled):
        return PASSED
    if filled:
        return Failed(where='body meta[name="description"]', snippet=opening_tag(filled[0]))
    return Failed(
        where='meta[name="description"]',
        snippet=opening_tag(written[0]) if written else "no description in the head of the page",
    )


def description_too_short(site: SitePages) -> Outcome:
    description = site.home.metas.get("description", "").strip()
    if not description:
        return NOT_APPLICABLE
    if len(description) >= SHORTEST_DESCRIPTION:
        return PASSED
    return Failed(
        where='meta[name="description"]', snippet=description, parameters={"count": str(len(description))}
    )


def doubled_tags(site: SitePages) -> Outcome:
    """A second title or description: nobody knows which one counts."""
    page = site.home
    titles = page.elements("title")
    descriptions = _descriptions(page)
    for name, found in (("title", titles), ('meta[name="description"]', descriptions)):
        if len(found) > 1:
            return Failed(where=name, snippet=f"{len(found)} times, the second {opening_tag(found[1])}")
    return PASSED if titles or descriptions else NOT_APPLICABLE


def h1_missing(site: SitePages) -> Outcome:
    """A picture of the name with its description counts."""
    page = site.home
    if any(words for _, words in page.words("h1")):
        return PASSED
    parts = (part for heading in page.all("h1") for part in heading.traverse())
    if any(part.tag == "img" and part.attributes.get("alt") for part in parts):
        return PASSED
    return Failed(where="h1", snippet="no heading of the first rank")


def blocked_from_index(site: SitePages) -> Outcome:
    for name in ("robots", "googlebot"):
        content = site.home.metas.get(name, "")
        if _KEPT_OUT.search(content.lower()):
            return Failed(where=f'meta[name="{name}"]', snippet=snippet(content))
    header = site.home.page.header("x-robots-tag") or ""
    if _KEPT_OUT.search(header.lower()):
        return Failed(where="x-robots-tag", snippet=snippet(header))
    return PASSED


def images_undescribed(site: SitePages) -> Outcome:
    return images_described(site.home)


def links_not_followable(site: SitePages) -> Outcome:
    """Links that only a script can follow."""
    anchors = site.home.elements("a")
    if not anchors:
        return NOT_APPLICABLE
    suspects = [
        anchor
        for anchor in anchors
        if not (href := anchor.attributes.get("href")) or href[0] in _MAY_BE_SCRIPT
    ]
    unfollowed = next(filter(_needs_script, suspects), None)
    if unfollowed is None:
        return PASSED
    return Failed(where=selector_of(unfollowed), snippet=opening_tag(unfollowed))


def _needs_script(anchor: Element) -> bool:
    attributes = anchor.attributes
    href = attributes.get("href")
    if href is None:
        return not attributes.keys().isdisjoint(_MEANT_AS_LINK) and not (
            anchor.get("role") or anchor.get("name")
        )
    bare = "".join(href.split()).lower()
    is_void = "javascript:void(0)" in bare or "javascript:void0" in bare
    return is_void and not (anchor.get("role") or anchor.get("name"))


def link_words_empty(site: SitePages) -> Outcome:
    """Links called "here" or "more": read out of context they tell nothing."""
    links = site.home.links
    if not links:
        return NOT_APPLICABLE
    if _EMPTY_WORDS.isdisjoint(site.home.lower_labels.split("\n")):
        return PASSED
    for link in links:
        if (
            link.label.lower() in _EMPTY_WORDS
            and not link.href.lower().startswith(_NOT_FOLLOWED)
            and "nofollow" not in link.element.get("rel").lower()
        ):
            return Failed(
                where=selector_of(link.element),
                snippet=f"“{link.label}”: {opening_tag(link.element)}",
                parameters={"label": link.label},
            )
    return PASSED


def hreflang_broken(site: SitePages) -> Outcome:
    versions = [link for link in site.home.elements("link") if link.get("hreflang")]
    if not versions:
        return NOT_APPLICABLE
    for link in versions:
        href = link.get("href").lower()
        if not _LANGUAGE_CODE.fullmatch(link.get("hreflang").lower()) or not href.startswith(
            ("http:", "https:")
        ):
            return Failed(where=f'link[hreflang="{link.get("hreflang")}"]', snippet=opening_tag(link))
    return PASSED


@once_a_page
def _canonicals(page: PageView) -> Sequence[Element]:
    return [link for link in page.elements("link") if "canonical" in link.get("rel").lower().split()]


def canonical_broken(site: SitePages) -> Outcome:
    """The one address of the page is given twice, or not in full."""
    named = _canonicals(site.home)
    if not named:
        return NOT_APPLICABLE
    whole = {link.get("href") for link in named if link.get("href").lower().startswith(("http:", "https:"))}
    if len(whole) == 1 and all(link.get("href") in whole for link in named):
        return PASSED
    return Failed(where='link[rel="canonical"]', snippet=" ".join(opening_tag(link) for link in named[:2]))


def canonical_elsewhere(site: SitePages) -> Outcome:
    """The page says that another website is the one to list."""
    page = site.home
    for link in _canonicals(page):
        if link.get("href"):
            target = page.absolute(link.get("href"))
            if target.startswith(("http:", "https:")) and not is_same_site(page.url, target):
                return Failed(where='link[rel="canonical"]', snippet=opening_tag(link))
            return PASSED
    return NOT_APPLICABLE


def preview_missing(site: SitePages) -> Outcome:
    """What messengers show of a link that a guest passes on."""
    metas = site.home.metas
    if metas.get("og:title") and metas.get("og:image"):
        return PASSED
    missing = " and ".join(name for name in ("og:title", "og:image") if not metas.get(name))
    return Failed(where="head", snippet=f"no {missing}")


def icon_missing(site: SitePages) -> Outcome:
    """No icon is named; browsers still ask for /favicon.ico, which nobody looked for."""
    if any("icon" in link.get("rel").lower() for link in site.home.elements("link")):
        return PASSED
    return Failed(where="head", snippet='no <link rel="icon">')


def charset_missing(site: SitePages) -> Outcome:
    """Neither the server nor the first bytes of the page say how its letters are written."""
    page = site.home.page
    if "charset" in (page.header("content-type") or "").lower() or _CHARSET.search(
        (page.body or b"")[:CHARSET_BYTES]
    ):
        return PASSED
    return Failed(
        where="content-type",
        snippet=f"{page.header('content-type') or 'no content-type'}; no charset in the first {CHARSET_BYTES} bytes",
    )
