"""Whose address a URL is: whether two are of one site, and the places where profiles live."""

import re

from leadgen_dagster.discovery.normalise import registrable_domain, split_host
from leadgen_dagster.scoring.page_view import host_of

SOCIAL_DOMAINS = {
    "facebook.com": "Facebook",
    "fb.com": "Facebook",
    "fb.me": "Facebook",
    "instagram.com": "Instagram",
    "tiktok.com": "TikTok",
    "linkedin.com": "LinkedIn",
    "twitter.com": "X",
    "x.com": "X",
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "pinterest.com": "Pinterest",
    "xing.com": "XING",
    "threads.net": "Threads",
    "bsky.app": "Bluesky",
    "linktr.ee": "Linktree",
    "t.me": "Telegram",
}
_HOST = re.compile(r"\s*(?:https?:)?//(?:[^/?#@]*@)?([^/?#:]+)", re.IGNORECASE)

_NO_PROFILE = re.compile(
    r"shar(?:e|er|ing|eArticle)\b|/intent/|/plugins/|/dialog/|/tr\?|/hashtag/|/watch|/embed/|/policies|/privacy|/terms"
    r"|/legal|/about/|/login|/signup|/search|/home\?|/explore/|/pin/|/p/|/reel/|/status(?:es)?/|/posts/|/photo|/events/"
    r"|/ajax/|/2008/fbml|/i/|submit\?|feed/update|youtu\.be/|/playlist|/subscription_center|/results|/video/|/widgets",
    re.IGNORECASE,
)
"""Links to share a page, to a single post, or to the network's own pages."""
_BUILDERS_PROFILE = re.compile(
    r"/(?:@|company/|user/)?(?:wix|wordpress|wordpressdotcom|squarespace|shopify|jimdo|weebly|godaddy|joomla|prestashop"
    r"|facebook|twitter|instagram|youtube|linkedin|tiktok|pinterest|themeforest|elegantthemes)/?$",
    re.IGNORECASE,
)
"""Left in by a template: those of the website's builder."""


def is_same_site(one: str, other: str) -> bool:
    """Whether two URLs lie on one registrable domain, or on one name under two suffixes (`.fi` and `.com`)."""
    label, other_label = (split_host(host_of(url)).domain for url in (one, other))
    is_one_name = len(label) > 3 and label == other_label
    return is_one_name or registrable_domain(host_of(one)) == registrable_domain(host_of(other))


def social_network(url: str) -> str | None:
    """The network that a URL lies on, if it is one where firms keep profiles."""
    host = _HOST.match(url)
    return SOCIAL_DOMAINS.get(".".join(host[1].lower().rstrip(".").rsplit(".", 2)[-2:])) if host else None


def profile_of(url: str) -> str | None:
    """The profile that a URL leads to, without what tracks or points inside; None for anything else."""
    if social_network(url) is None or _NO_PROFILE.search(url):
        return None
    bare = url.partition("#")[0].partition("?")[0].rstrip("/")
    if bare.endswith("profile.php"):
        bare = url.partition("#")[0].partition("&")[0]
    is_page = bare.count("/") >= 3 and bare.startswith(("http:", "https:"))
    return bare if is_page and not _BUILDERS_PROFILE.search(bare) else None
