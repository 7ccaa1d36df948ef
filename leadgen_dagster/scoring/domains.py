"""Whose address a URL is: registrable domains and the places where profiles live."""

from functools import cache

import tldextract

from leadgen_dagster.scoring.page_view import host_of

TOWN_SUFFIX = "port-linden.example"
"""Every host of the demo town is a site of its own."""

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


@cache
def _extractor() -> tldextract.TLDExtract:
    """Reads the list that ships with tldextract; never the network, never a cache on disk."""
    return tldextract.TLDExtract(
        suffix_list_urls=(),
        cache_dir=None,
        extra_suffixes=(TOWN_SUFFIX,),
        include_psl_private_domains=True,
    )


@cache
def _split(host: str) -> tuple[str, str]:
    parts = _extractor()(host)
    registrable = f"{parts.domain}.{parts.suffix}" if parts.domain and parts.suffix else host
    return registrable, parts.domain


def registrable_domain(url_or_host: str) -> str:
    """`example.co.uk` for any host under it; the host itself where no public suffix is known."""
    return _split(host_of(url_or_host) or url_or_host.lower())[0]


def is_same_site(one: str, other: str) -> bool:
    """Whether two URLs lie on one registrable domain, or on one name under two suffixes (`.fi` and `.com`)."""
    (domain, label), (other_domain, other_label) = (_split(host_of(url)) for url in (one, other))
    return domain == other_domain or (len(label) > 3 and label == other_label)


def social_network(url: str) -> str | None:
    """The network that a URL lies on, if it is one where firms keep profiles."""
    host = host_of(url)
    for domain, network in SOCIAL_DOMAINS.items():
        if host == domain or host.endswith(f".{domain}"):
            return network
    return None
