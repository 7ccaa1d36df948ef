from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_dagster.clients.addresses import DENIED_IPV4, DENIED_IPV6, denied_network


@pytest.mark.parametrize(
    ("address", "purpose"),
    [
        ("0.0.0.1", "unspecified"),
        ("10.1.2.3", "private"),
        ("100.64.0.1", "carrier"),
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("169.254.169.254", "link-local"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("168.63.129.16", "cloud"),
        ("192.0.0.1", "IETF"),
        ("192.0.2.1", "documentation"),
        ("192.88.99.1", "6to4"),
        ("192.168.1.1", "private"),
        ("198.18.0.1", "benchmark"),
        ("198.51.100.1", "documentation"),
        ("203.0.113.1", "documentation"),
        ("224.0.0.1", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "broadcast"),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::ffff:a9fe:a9fe", "link-local"),
        ("::10.0.0.1", "private"),
        ("::ffff:0:7f00:1", "IPv4-translated"),
        ("64:ff9b::7f00:1", "NAT64"),
        ("64:ff9b:1::1", "NAT64"),
        ("100::1", "discard"),
        ("2001::1", "Teredo"),
        ("2001:2::1", "benchmark"),
        ("2001:10::1", "IETF"),
        ("2001:db8::1", "documentation"),
        ("2002:7f00:1::", "6to4"),
        ("3fff::1", "documentation"),
        ("fc00::1", "unique local"),
        ("fd00:ec2::254", "unique local"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("fec0::1", "site-local"),
        ("ff02::1", "multicast"),
        ("4000::1", "not global unicast"),
    ],
)
def test_what_is_no_public_website_is_denied_with_its_purpose(address: str, purpose: str) -> None:
    assert purpose in (denied_network(address) or "")


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.0.1.1",
        "198.17.255.255",
        "198.20.0.1",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "2001:4860:4860::8888",
        "2a00:1450:4001:80b::200e",
    ],
)
def test_public_addresses_are_let_through(address: str) -> None:
    assert denied_network(address) is None


@given(st.sampled_from(DENIED_IPV4).flatmap(lambda row: st.integers(int(row[0][0]), int(row[0][-1]))))
def test_every_address_of_a_denied_network_is_denied_in_ipv6_dress_too(number: int) -> None:
    assert denied_network(IPv4Address(number))
    assert denied_network(IPv6Address((0xFFFF << 32) | number))
    assert denied_network(IPv6Address(number))


@given(st.sampled_from(DENIED_IPV6).flatmap(lambda row: st.integers(int(row[0][0]), int(row[0][-1]))))
def test_every_address_of_a_denied_ipv6_network_is_denied(number: int) -> None:
    assert denied_network(IPv6Address(number))
