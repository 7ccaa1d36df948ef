"""Whose address a URL is: whether two are of one site, and the places where profiles live."""

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


def is_same_site(one: str, other: str) -> bool:
    """Whether two URLs lie on one registrable domain, or on one name under two suffixes (`.fi` and `.com`)."""
    label, other_label = (split_host(host_of(url)).domain for url in (one, other))
    is_one_name = len(label) > 3 and label == other_label
    return is_one_name or registrable_domain(host_of(one)) == registrable_domain(host_of(other))


def social_network(url: str) -> str | None:
    """The network that a URL lies on, if it is one where firms keep profiles."""
    host = host_of(url)
    for domain, network in SOCIAL_DOMAINS.items():
        if host == domain or host.endswith(f".{domain}"):
            return network
    return None
