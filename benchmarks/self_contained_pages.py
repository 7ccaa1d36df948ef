"""Writes pages of invented local businesses whose every file is local and of known weight.

Each page draws its traits together, from how old it is and how much care it got, as pages come in life: an old one
has tables, fixed widths and few scripts, a page builder's has dozens of files. Beside the pages stand their
pictures, scripts and styles, `headers.json` (what a server would send with them) and `manifest.json` (each page's
traits and the bytes of its files). The same seed gives the same folder.
"""

import argparse
import json
import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

TRADES = (
    ("bakery", "bread and cakes"),
    ("hairdresser", "cuts and colours"),
    ("plumber", "boilers and bathrooms"),
    ("restaurant", "fish from the harbour"),
    ("dentist", "check-ups and fillings"),
    ("florist", "bouquets and plants"),
    ("garage", "repairs and inspections"),
    ("locksmith", "keys and locks"),
)
STREETS = ("Quay Street", "Church Lane", "Mill Road", "Station Road", "Market Place", "High Street")
TEXT = (
    "we open at nine and close when the last guest has gone our workshop stands behind the church and parking is "
    "free in the yard ask for a quote by phone or come in for a cup of tea every piece is made by hand from local "
    "material since the family took over the shop prices are on the board and may change with the season"
)
SIZES_PX = ((320, 240), (640, 480), (1024, 768), (1600, 1067), (2400, 1600), (4000, 3000))
LIBRARIES = (  # name, kilobytes as published, milliseconds of work on a desktop
    ("jquery-1.8.3.min.js", 93, 6),
    ("jquery-1.12.4.min.js", 97, 6),
    ("jquery-2.2.4.min.js", 86, 5),
    ("jquery-3.7.1.min.js", 87, 5),
    ("bootstrap.min.js", 38, 3),
    ("slick.min.js", 43, 3),
    ("moment.min.js", 58, 4),
    ("gsap.min.js", 71, 5),
    ("elementor-frontend.min.js", 160, 25),
    ("woocommerce.min.js", 45, 8),
    ("swiper-bundle.min.js", 140, 15),
    ("maps-widget.js", 230, 60),
)
FAULTY_SCRIPTS = {
    "throws": "undefinedFunctionOfTheTheme();",
    "sync_xhr": "var r = new XMLHttpRequest(); r.open('GET', 'counter.txt', false); try { r.send(); } catch (e) {}",
    "unload": "window.addEventListener('unload', function () {});",
    "document_write": "document.write('<p>Today is a good day.</p>');",
    "asks_position": "navigator.geolocation.getCurrentPosition(function () {});",
    "asks_notification": "if (window.Notification) Notification.requestPermission();",
}


@dataclass(kw_only=True)
class Picture:
    path: str
    media: str
    bytes: int
    width: int
    height: int
    shown_width: int
    shown_height: int
    is_sized: bool
    is_lazy: bool
    alt: str | None


@dataclass(kw_only=True)
class TextFile:
    """A script or a style sheet."""

    path: str
    bytes: int
    where: str
    """`head`, `defer`, `async` or `end` for a script; `head`, `preload` or `end` for a style sheet."""
    work_ms: int = 0


@dataclass(kw_only=True)
class Traits:
    """All that is drawn of one page."""

    age: float
    """0 is new, 1 twenty years old."""
    care: float
    trade: int
    paragraphs: int
    wrappers: int
    """Empty elements round each paragraph, as page builders leave them."""
    has_doctype: bool
    charset: str
    has_viewport: bool
    forbids_zoom: bool
    has_lang: bool
    has_title: bool
    has_description: bool
    has_h1: bool
    has_labels: bool
    is_indexed: bool
    is_gzipped: bool
    is_cached: bool
    font_px: int
    is_pale: bool
    fixed_width_px: int
    inline_style_kb: int
    inline_script_ms: int
    late_banner: bool
    links_to_script: bool
    read_more: bool
    forbids_paste: bool
    missing_files: int
    insecure_files: int
    faulty: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    styles: list[TextFile] = field(default_factory=list)
    scripts: list[TextFile] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where to; it is made, and must be empty")
    parser.add_argument("--pages", type=int, default=84, help="how many (default 84)")
    parser.add_argument("--seed", type=int, default=3, help="default 3")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if any(options.folder.iterdir()):
        raise SystemExit(f"{options.folder} is not empty")
    manifest: dict[str, dict[str, object]] = {}
    headers: dict[str, dict[str, str]] = {}
    for number in range(options.pages):
        name = f"{number:03}"
        traits = draw(seeded(f"{options.seed}:{number}"), name)
        manifest[f"{name}.html"] = asdict(traits)
        headers |= write(options.folder, name, traits)
    (options.folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    (options.folder / "headers.json").write_text(json.dumps(headers, indent=1), encoding="utf-8")
    print(f"{options.pages} pages in {options.folder}")


def seeded(name: str) -> random.Random:
    return random.Random(name)  # noqa: S311 (pages are to be the same each time, not secret)


def draw(chance: random.Random, name: str) -> Traits:
    """One page's traits, joined by its age and by the care it got."""
    age, care = chance.random(), chance.betavariate(1.6, 1.6)
    neglect = 1 - care
    built_by_builder = age < 0.7 and chance.random() < 0.45

    def often(base: float, *, by_age: float = 0.0, by_neglect: float = 0.0) -> bool:
        return chance.random() < base + by_age * age + by_neglect * neglect

    traits = Traits(
        age=round(age, 3),
        care=round(care, 3),
        trade=chance.randrange(len(TRADES)),
        paragraphs=chance.randint(3, 25),
        wrappers=chance.randint(8, 40) if built_by_builder else chance.randint(0, 4),
        has_doctype=not often(-0.1, by_age=0.45, by_neglect=0.1),
        charset=chance.choices(("meta", "header", "none"), (6, 2, 0.5 + 2 * age * neglect))[0],
        has_viewport=not often(-0.25, by_age=0.95, by_neglect=0.1),
        forbids_zoom=often(0.1),
        has_lang=not often(0.0, by_age=0.5, by_neglect=0.3),
        has_title=not often(0.0, by_neglect=0.15),
        has_description=not often(0.0, by_age=0.2, by_neglect=0.6),
        has_h1=not often(0.05, by_age=0.2, by_neglect=0.2),
        has_labels=not often(0.0, by_age=0.3, by_neglect=0.6),
        is_indexed=not often(0.03, by_neglect=0.08),
        is_gzipped=not often(0.0, by_age=0.3, by_neglect=0.4),
        is_cached=not often(0.0, by_age=0.4, by_neglect=0.4),
        font_px=chance.choices((9, 11, 13, 16, 18), (2 * age, 3 * age, 2, 4 - 3 * age, 2 - age))[0],
        is_pale=often(0.05, by_neglect=0.4),
        fixed_width_px=chance.choice((760, 980, 1100)) if often(-0.3, by_age=1.1) else 0,
        inline_style_kb=chance.randint(20, 140) if built_by_builder else chance.randint(0, 12),
        inline_script_ms=round(chance.expovariate(1 / (60 if built_by_builder else 6))),
        late_banner=often(0.0, by_neglect=0.35),
        links_to_script=often(0.0, by_age=0.2, by_neglect=0.2),
        read_more=often(0.05, by_neglect=0.25),
        forbids_paste=often(0.0, by_neglect=0.12),
        missing_files=chance.randint(1, 3) if often(0.0, by_age=0.15, by_neglect=0.35) else 0,
        insecure_files=chance.randint(1, 3) if often(-0.1, by_age=0.35, by_neglect=0.2) else 0,
    )
    traits.faulty = [key for key in FAULTY_SCRIPTS if often(-0.02, by_age=0.08, by_neglect=0.2)]
    traits.pictures = draw_pictures(chance, name, neglect=neglect, age=age)
    traits.styles = draw_styles(chance, name, is_builder=built_by_builder, neglect=neglect)
    traits.scripts = draw_scripts(chance, name, is_builder=built_by_builder, neglect=neglect, age=age)
    return traits


def draw_pictures(chance: random.Random, name: str, *, neglect: float, age: float) -> list[Picture]:
    count = chance.choice((0, 1, 2, 3, 5, 8, 12, 20, 30))
    is_lazy, is_sized = chance.random() < 0.7 - 0.6 * age, chance.random() < 0.95 - 0.8 * neglect
    is_described, is_modern = chance.random() < 1.0 - 0.8 * neglect, chance.random() < 0.6 - 0.6 * age
    typical_bytes = chance.lognormvariate(11.0 + 2.4 * neglect, 0.8)
    pictures = []
    for number in range(count):
        media = "webp" if is_modern else chance.choice(("jpg", "jpg", "png"))
        width, height = chance.choice(SIZES_PX[: 4 if neglect < 0.4 else 6])
        shown_width = chance.choice((360, 340)) if number == 0 else chance.choice((110, 160, 340))
        is_squeezed = chance.random() < 0.15 * neglect
        pictures.append(
            Picture(
                path=f"{name}/picture{number}.{media}",
                media=media,
                bytes=max(2_000, min(3_500_000, round(typical_bytes * chance.lognormvariate(0, 0.5)))),
                width=width,
                height=height,
                shown_width=shown_width,
                shown_height=round(shown_width * height / width * (0.6 if is_squeezed else 1)),
                is_sized=is_sized or is_squeezed,
                is_lazy=is_lazy and number > 0,
                alt=f"Work {number}" if is_described else None,
            )
        )
    return pictures


def draw_styles(chance: random.Random, name: str, *, is_builder: bool, neglect: float) -> list[TextFile]:
    count = chance.randint(5, 18) if is_builder else chance.choice((0, 1, 1, 2, 3))
    late = "preload" if chance.random() < 0.25 * (1 - neglect) else "head"
    return [
        TextFile(
            path=f"{name}/style{number}.css",
            bytes=min(400_000, round(chance.lognormvariate(9.6, 1.0))),
            where="head" if number == 0 else late,
        )
        for number in range(count)
    ]


def draw_scripts(
    chance: random.Random, name: str, *, is_builder: bool, neglect: float, age: float
) -> list[TextFile]:
    count = chance.randint(5, 12) if is_builder else chance.choice((0, 1, 2, 3, 4, 6))
    where = chance.choices(("head", "end", "defer", "async"), (1 + 4 * neglect, 3, 4 - 3 * age, 0.6))[0]
    chosen = chance.sample(LIBRARIES, count)
    scripts = [
        TextFile(path=f"{name}/{library}", bytes=kilobytes * 1000, where=where, work_ms=work_ms)
        for library, kilobytes, work_ms in chosen
    ]
    if count:
        scripts.append(
            TextFile(
                path=f"{name}/theme.js",
                bytes=round(chance.lognormvariate(9.5, 1.0)),
                where="end" if where == "head" and chance.random() < 0.5 else where,
                work_ms=round(chance.lognormvariate(2.0 + (1.2 if is_builder else 0), 1.0)),
            )
        )
    return scripts


def write(folder: Path, name: str, traits: Traits) -> dict[str, dict[str, str]]:
    """The page and its files; the headers that go with them."""
    (folder / name).mkdir()
    for picture in traits.pictures:
        (folder / picture.path).write_bytes(ENCODERS[picture.media](picture))
    filler = seeded(name)
    for style in traits.styles:
        (folder / style.path).write_text(style_text(filler, style.bytes), encoding="ascii")
    for script in traits.scripts:
        (folder / script.path).write_text(script_text(filler, script), encoding="ascii")
    (folder / f"{name}.html").write_text(page_text(name, traits), encoding="ascii")
    headers = {"cache-control": "max-age=31536000"} if traits.is_cached else {}
    packed = headers | ({"content-encoding": "gzip"} if traits.is_gzipped else {})
    own = packed | ({"content-type": "text/html; charset=utf-8"} if traits.charset == "header" else {})
    texts = [*traits.styles, *traits.scripts]
    return (
        {f"/{name}.html": own}
        | {f"/{one.path}": headers for one in traits.pictures}
        | {f"/{one.path}": packed for one in texts}
    )


def style_text(filler: random.Random, size: int) -> str:
    text = ""
    while len(text) < size:
        number = filler.randrange(10**6)
        text += (
            f".block-{number:x} .item{number % 97}{{margin:{number % 40}px 0;color:#{number % 4096:03x}}}\n"
        )
    return text[:size].rpartition("\n")[0] + "\n"


def script_text(filler: random.Random, script: TextFile) -> str:
    """Functions that are parsed, as many as fill the bytes, and a loop that works."""
    text = work_text(script.work_ms)
    while len(text) < script.bytes:
        number = filler.randrange(10**6)
        text += (
            f"function part{number:x}(a,b){{var c=a*{number % 997}+b;return c>{number}?'x{number:x}':c-1}}\n"
        )
    return text


def work_text(work_ms: int) -> str:
    """Turns of a loop; about as long as said on a desktop of 2024."""
    return f"(function(){{var s=0;for(var i=0;i<{work_ms * 120_000};i++){{s+=Math.sqrt(i%97)}}window.sum=s}})();\n"


def page_text(name: str, traits: Traits) -> str:
    trade, offers = TRADES[traits.trade]
    words = seeded(f"words {name}")
    firm = f"{words.choice(('Harbour', 'Old Mill', 'Corner', 'Linden'))} {trade.title()}"
    parts = ["<!doctype html>\n" if traits.has_doctype else ""]
    parts.append('<html lang="en">\n<head>\n' if traits.has_lang else "<html>\n<head>\n")
    parts.extend(head_lines(traits, firm, offers))
    parts.append('</head>\n<body>\n<div id="page">\n')
    parts.append(f"<h1>{firm}</h1>\n" if traits.has_h1 else f'<div class="logo">{firm}</div>\n')
    parts.append('<p><a href="tel:+441914980101">0191 498 0101</a> - open Mon-Fri 9-17</p>\n')
    pictures = [picture_tag(picture) for picture in traits.pictures]
    parts.extend(pictures[:1])
    for number in range(traits.paragraphs):
        text = " ".join(words.choices(TEXT.split(), k=words.randint(20, 60)))
        parts.append("<div>" * (traits.wrappers % 20))
        parts.append("<span></span>" * (traits.wrappers * 2))
        parts.append(f"<h2>{offers.title()} {number}</h2>\n<p>{text}.</p>\n")
        parts.append("</div>" * (traits.wrappers % 20))
        parts.extend(pictures[1 + number : 2 + number])
    parts.extend(pictures[1 + traits.paragraphs :])
    parts.append(form_text(traits))
    parts.append(f"<p>{firm}, 4 {words.choice(STREETS)}, NE99 1AA. ")
    parts.append('<a href="privacy.html">Privacy</a> ')
    parts.append('<a href="more.html">Read more</a> ' if traits.read_more else "")
    parts.append('<a href="javascript:void(0)">Prices</a> ' if traits.links_to_script else "")
    parts.append("</p>\n</div>\n")
    parts.extend(f'<img src="{name}/gone{one}.png" alt="">\n' for one in range(traits.missing_files))
    parts.extend(
        f'<img src="http://static.firm.example/badge{one}.png" alt="" width="80" height="30">\n'
        for one in range(traits.insecure_files)
    )
    parts.extend(f"<script>{FAULTY_SCRIPTS[key]}</script>\n" for key in traits.faulty)
    if traits.late_banner:
        parts.append(
            "<script>setTimeout(function(){var b=document.createElement('div');b.style.height='140px';"
            "b.textContent='We use cookies';document.body.prepend(b)},400)</script>\n"
        )
    if traits.inline_script_ms:
        parts.append(f"<script>{work_text(traits.inline_script_ms)}</script>\n")
    parts.extend(script_tag(one) for one in traits.scripts if one.where == "end")
    parts.append("</body>\n</html>\n")
    return "".join(parts)


def head_lines(traits: Traits, firm: str, offers: str) -> list[str]:
    lines = ['<meta charset="utf-8">\n'] if traits.charset == "meta" else []
    if traits.has_title:
        lines.append(f"<title>{firm} - {offers}</title>\n")
    if traits.has_description:
        lines.append(f'<meta name="description" content="{firm}: {offers}, made by hand in the old town.">\n')
    if traits.has_viewport:
        zoom = ", user-scalable=no, maximum-scale=1" if traits.forbids_zoom else ""
        lines.append(f'<meta name="viewport" content="width=device-width, initial-scale=1{zoom}">\n')
    if not traits.is_indexed:
        lines.append('<meta name="robots" content="noindex">\n')
    for style in traits.styles:
        late = ' media="print" onload="this.media=\'all\'"' if style.where == "preload" else ""
        lines.append(f'<link rel="stylesheet" href="{style.path}"{late}>\n')
    color = "#aaa" if traits.is_pale else "#222"
    width = f"width:{traits.fixed_width_px}px;" if traits.fixed_width_px else "max-width:60rem;"
    own = f"body{{font:{traits.font_px}px sans-serif;color:{color};background:#fff}}#page{{{width}margin:auto}}\n"
    inlined = style_text(seeded(firm), traits.inline_style_kb * 1000) if traits.inline_style_kb else ""
    lines.append(f"<style>{own}{inlined}</style>\n")
    lines.extend(script_tag(one) for one in traits.scripts if one.where != "end")
    return lines


def script_tag(script: TextFile) -> str:
    how = f" {script.where}" if script.where in ("async", "defer") else ""
    return f'<script src="{script.path}"{how}></script>\n'


def picture_tag(picture: Picture) -> str:
    alt = "" if picture.alt is None else f' alt="{picture.alt}"'
    size = f' width="{picture.shown_width}" height="{picture.shown_height}"' if picture.is_sized else ""
    style = "" if picture.is_sized else f' style="max-width:{picture.shown_width}px"'
    lazy = ' loading="lazy"' if picture.is_lazy else ""
    return f'<img src="{picture.path}"{alt}{size}{style}{lazy}>\n'


def form_text(traits: Traits) -> str:
    label = '<label for="m">Your e-mail</label> ' if traits.has_labels else "E-mail: "
    paste = ' onpaste="return false"' if traits.forbids_paste else ""
    return f'<form action="send" method="post">{label}<input id="m" name="mail"{paste}> <button>Send</button></form>\n'


def png(picture: Picture) -> bytes:
    row = b"\0" + b"\x90\xb0\xc0" * picture.width
    pixels = zlib.compress(row * picture.height, 9)
    start = b"\x89PNG\r\n\x1a\n" + png_chunk(
        b"IHDR", struct.pack(">IIBBBBB", picture.width, picture.height, 8, 2, 0, 0, 0)
    )
    end = png_chunk(b"IDAT", pixels) + png_chunk(b"IEND", b"")
    padding = max(0, picture.bytes - len(start) - len(end) - 12)
    return start + png_chunk(b"paDd", seeded(picture.path).randbytes(padding)) + end


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def jpeg(picture: Picture) -> bytes:
    """One flat grey: every block is "no difference, nothing more", two bits of 0."""

    def segment(marker: int, data: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data

    blocks = -(-picture.width // 8) * -(-picture.height // 8)
    tables = segment(0xDB, b"\0" + b"\1" * 64)
    frame = segment(0xC0, struct.pack(">BHHB3B", 8, picture.height, picture.width, 1, 1, 0x11, 0))
    one_code = b"\1" + bytes(15)  # a single code, one bit long
    codes = segment(0xC4, b"\x00" + one_code + b"\0") + segment(0xC4, b"\x10" + one_code + b"\0")
    scan = segment(0xDA, b"\1\1\0\0\x3f\0") + bytes(-(-blocks * 2 // 8))
    body = tables + frame + codes + scan + b"\xff\xd9"
    padding, comments = max(0, picture.bytes - len(body) - 2), []
    filler = seeded(picture.path)
    while padding > 4:
        size = min(65_533, padding - 4)
        comments.append(segment(0xFE, filler.randbytes(size)))
        padding -= size + 4
    return b"\xff\xd8" + b"".join(comments) + body


def webp(picture: Picture) -> bytes:
    """Lossless and of one colour: five codes of one symbol each, no bits for the pixels."""
    bits, position = 0, 0

    def put(value: int, width: int) -> None:
        nonlocal bits, position
        bits |= value << position
        position += width

    put(picture.width - 1, 14)
    put(picture.height - 1, 14)
    put(0, 1 + 3 + 1 + 1 + 1)  # no alpha, version 0, no transform, no colour cache, one set of codes
    for symbol in (0x90, 0x50, 0xC0, 0xFF, 0):  # green, red, blue, alpha, distance
        put(0b101 | symbol << 3, 11)  # simple, one symbol, of eight bits
    data = b"\x2f" + bits.to_bytes(-(-position // 8), "little")
    data += bytes(8)
    data += seeded(picture.path).randbytes(max(0, picture.bytes - len(data) - 20))
    data += b"\0" * (len(data) % 2)
    return b"RIFF" + struct.pack("<I", len(data) + 12) + b"WEBPVP8L" + struct.pack("<I", len(data)) + data


ENCODERS: dict[str, Callable[[Picture], bytes]] = {"png": png, "jpg": jpeg, "webp": webp}


if __name__ == "__main__":
    main()
