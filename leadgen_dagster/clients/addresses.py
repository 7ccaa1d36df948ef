"""Which addresses are nobody's public website.

The list is explicit because `ipaddress.is_global` calls NAT64, 6to4 and others global, and its answer changes
between Python versions. Sources: the IANA IPv4 and IPv6 Special-Purpose Address Registries.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

DENIED_IPV4 = tuple(
    (IPv4Network(network), purpose)
    for network, purpose in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by a carrier's customers"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud platform's own service"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "IETF protocols"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112 sink"),
        ("192.52.193.0/24", "multicast tunnels"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "AS112 sink"),
        ("198.18.0.0/15", "benchmark"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "reserved"),
    )
)

DENIED_IPV6 = tuple(
    (IPv6Network(network), purpose)
    for network, purpose in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("100::/64", "discard"),
        ("100:0:0:1::/64", "dummy"),
        ("2001::/32", "Teredo"),
        ("2001:2::/48", "benchmark"),
        ("2001::/23", "IETF protocols"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "AS112 sink"),
        ("3ffe::/16", "6bone, returned"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "unique local"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)

EMBEDDING_IPV4 = (IPv6Network("::ffff:0:0/96"), IPv6Network("::/96"))
"""IPv4-mapped and IPv4-compatible: judged by the address inside."""

GLOBAL_UNICAST = IPv6Network("2000::/3")
"""The only part of IPv6 that IANA gives to the public internet."""


def denied_network(ip: str | IPv4Address | IPv6Address) -> str | None:
    """The network and its purpose, if the address lies in one that no public website has; else None."""
    address = ip_address(ip)
    if isinstance(address, IPv4Address):
        return _denied_ipv4(address)
    for network, purpose in DENIED_IPV6:
        if address in network:
            return f"{network} ({purpose})"
    if any(address in network for network in EMBEDDING_IPV4):
        return _denied_ipv4(IPv4Address(int(address) & 0xFFFF_FFFF))
    return None if address in GLOBAL_UNICAST else f"outside {GLOBAL_UNICAST} (not global unicast)"


def _denied_ipv4(address: IPv4Address) -> str | None:
    return next((f"{network} ({purpose})" for network, purpose in DENIED_IPV4 if address in network), None)
