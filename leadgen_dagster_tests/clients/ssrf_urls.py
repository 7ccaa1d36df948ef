"""Hundreds of ways to write an address that is nobody's public website."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address
from itertools import product

INNER_IPV4 = (
    "127.0.0.1",
    "127.8.9.10",
    "0.0.0.0",  # noqa: S104  # nothing is bound
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.31.1",
    "192.168.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
)
INNER_IPV6 = (
    "::1",
    "::",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "100::1",
)

INNER_NAMES: dict[str, Sequence[str]] = {
    "localhost": ["127.0.0.1", "::1"],
    "localhost.localdomain": ["127.0.0.1"],
    "ip6-localhost": ["::1"],
    "any.thing.localhost": ["::1", "127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "metadata": ["169.254.169.254"],
    "instance-data": ["169.254.169.254"],
    "instance-data.ec2.internal": ["fd00:ec2::254"],
    "kubernetes.default.svc": ["10.96.0.1"],
    "host.docker.internal": ["192.168.65.2"],
    "wireserver.example": ["168.63.129.16"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "7f000001.nip.example": ["127.0.0.1"],
    "10-0-0-1.sslip.example": ["10.0.0.1"],
    "mapped.example": ["::ffff:10.0.0.1"],
    "compatible.example": ["::127.0.0.1"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "6to4.example": ["2002:7f00:1::"],
    "half-public.example": ["93.184.215.14", "10.0.0.1"],
    "half-public-ipv6.example": ["2606:2800:21f::1", "fe80::1%eth0"],
}
"""What a resolver that belongs to an attacker, or to the machine, would say."""

DOTS = "\u3002\uff0e\uff61"
DIGITS = {
    "full-width": "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19",
    "circled": "\u24ea\u2460\u2461\u2462\u2463\u2464\u2465\u2466\u2467\u2468",
    "superscript": "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079",
    "bold": "".join(chr(0x1D7CE + n) for n in range(10)),
    "double-struck": "".join(chr(0x1D7D8 + n) for n in range(10)),
    "arabic": "".join(chr(0x660 + n) for n in range(10)),
}
LETTERS = {
    "circled": {letter: chr(0x24D0 + n) for n, letter in enumerate("abcdefghijklmnopqrstuvwxyz")},
    "full-width": {letter: chr(0xFF41 + n) for n, letter in enumerate("abcdefghijklmnopqrstuvwxyz")},
    "bold": {letter: chr(0x1D41A + n) for n, letter in enumerate("abcdefghijklmnopqrstuvwxyz")},
}
NUMBERS = (str, hex, lambda n: f"0{n:o}", lambda n: f"{n:#06X}", lambda n: f"0000{n:o}")

OTHER_SCHEMES = (
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1:6379/_INFO",
    "dict://127.0.0.1:11211/stat",
    "ldap://127.0.0.1/",
    "tftp://127.0.0.1/x",
    "ws://127.0.0.1/",
    "jar:http://127.0.0.1!/",
    "netdoc:///etc/passwd",
    "data:text/html,hello",
    "javascript:alert(1)",
    "view-source:http://127.0.0.1/",
    "unix:///var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "//127.0.0.1",
    "blob:http://127.0.0.1/x",
)


def ssrf_urls() -> list[str]:
    """Each of them once."""
    hosts = [host for ip in INNER_IPV4 for host in _ipv4_spellings(IPv4Address(ip))]
    hosts += [f"[{text}]" for ip in INNER_IPV6 for text in _ipv6_spellings(IPv6Address(ip))]
    hosts += [spelling for name in INNER_NAMES for spelling in _name_spellings(name)]
    urls = [f"http://{host}/" for host in hosts]
    urls += [url for ip in INNER_IPV4[:6] for url in _confusing(ip)]
    urls += [f"https://{ip}/" for ip in INNER_IPV4]
    return list(dict.fromkeys([*urls, *OTHER_SCHEMES]))


def _ipv4_spellings(ip: IPv4Address) -> Iterator[str]:
    parts, whole = list(ip.packed), int(ip)
    yield from (write(whole) for write in NUMBERS)
    for write in NUMBERS:
        yield ".".join(map(write, parts))
        yield f"{write(parts[0])}.{write(whole & 0xFFFFFF)}"
        yield f"{write(parts[0])}.{write(parts[1])}.{write(whole & 0xFFFF)}"
    yield from (
        ".".join(write(part) for write, part in zip(writes, parts, strict=True))
        for writes in ((str, hex, str, hex), (hex, str, NUMBERS[2], str), (NUMBERS[4], NUMBERS[3], str, hex))
    )
    for digits in DIGITS.values():
        yield str(ip).translate(str.maketrans("0123456789", digits))
    for dot in DOTS:
        yield str(ip).replace(".", dot)
    yield f"{ip}."
    yield f"{ip}:80"
    yield "".join(f"%{ord(char):02x}" for char in str(ip))
    yield str(ip).replace(".", "%2e")
    high, low = f"{whole >> 16:x}", f"{whole & 0xFFFF:x}"
    for prefix in ("::ffff:", "::", "::ffff:0:", "64:ff9b::", "64:ff9b:1::"):
        yield f"[{prefix}{high}:{low}]"
        yield f"[{prefix}{ip}]"
    yield f"[0:0:0:0:0:FFFF:{high.upper()}:{low.upper()}]"
    yield f"[2002:{high}:{low}::]"
    yield f"[2001:0:{high}:{low}::]"


def _ipv6_spellings(ip: IPv6Address) -> Iterator[str]:
    yield from (str(ip), ip.exploded, str(ip).upper(), f"{ip}%25lo", f"{ip}%lo", f"{ip}%1")


def _name_spellings(name: str) -> Iterator[str]:
    yield from (name, name.upper(), f"{name}.", f"{name}:8080", f"user:secret@{name}")
    if "." not in name:
        for letters in LETTERS.values():
            yield "".join(letters.get(char, char) for char in name)


def _confusing(ip: str) -> Iterator[str]:
    """Readers of URLs disagree on which host these name."""
    for before, after in product(
        ("good.example@", "good.example:80@", "good.example%2f@", "a@b@"), ("", ":80")
    ):
        yield f"http://{before}{ip}{after}/"
    yield from (
        f"http://{ip}#@good.example/",
        f"http://{ip}?@good.example/",
        f"http://{ip}\\@good.example/",
        f"http://good.example\\@{ip}/",
        f"http:\\\\{ip}/",
        f"http:/{ip}/",
        f"http:///{ip}/",
        f"http:{ip}/",
        f" http://{ip}/",
        f"http://{ip}\t/",
        f"http://\t{ip}/",
        f"ht\ntp://{ip}/",
        f"http://{ip[:4]}\r\n{ip[4:]}/",
        f"http://{ip}%00.good.example/",
        f"http://{ip}\x00.good.example/",
        f"http://{ip}%20.good.example/",
        f"http://{ip[:3]}\u200b{ip[3:]}/",
        f"http://{ip[:3]}\u00ad{ip[3:]}/",
        f"http://[{ip}]/",
        f"http://{ip}../",
        f"HTTP://{ip}/",
        f"http://{ip}:/",
        f"http://{ip}:080/",
    )
