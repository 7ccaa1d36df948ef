"""Phone numbers in running text and in links.

Pages are full of digits that a numbering plan would take for a phone. A run of them counts only where nothing says that
it is something else: a label before it (fax, VAT, IBAN, article), a date in it, a currency beside it, letters joined to
it; and a bare run without a zero or a plus in front only where a word for phone stands before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

MAX_CANDIDATES = 60
"""A page with more runs of digits than this is a table of something else."""
LONGEST_LABEL = 40
FEWEST_DIGITS = 7

_GAP = r"[ \t\xa0\u2009\u202f()./\-\u2010-\u2013]{0,3}"
_DIGITS = re.compile(rf"[+(\d](?<!\d\d)(?:(?<=[+(])[+(]?\d|(?<=\d))(?:{_GAP}\d){{6,24}}")
"""At most two of `+` and `(` before the first digit; a class stands first, since a search for one is quick, and no
run begins within another: most are years and prices, and too short from wherever one counts."""
_GROUP = re.compile(r"[+(]{0,2}\d+\)?")
_BETWEEN_NUMBERS = re.compile(r"\s*/\s*|\s+[\u2010-\u2013-]\s+|\s{2,}|(?=\+)")
_WHOLE = re.compile(r"\(?[+0]|\(\d")
"""How a number with its area code begins; what begins otherwise may be the rest of one."""

_DATE = re.compile(
    r"(?<!\d)(?:[0-3]?\d([./-])[0-3]?\d\1(?:19|20)\d\d|(?:19|20)\d\d([./-])[01]?\d\2[0-3]?\d"
    r"|[01]?\d[./](?:19|20)\d\d)(?!\d)"
)
_HOURS = re.compile(r"[012]?\d[.:][0-5]\d\s?[-\u2010-\u2013]\s?[012]?\d[.:][0-5]\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_FRACTION = re.compile(r"\d{1,2}\.\d{5,}")
_MOST_SINGLE_DIGITS = 4
_FEWEST_DIFFERENT_DIGITS = 3
_ASCENDING = "12345678910"

_NUMBER_WORDS = r"(?:(?:no|nr|n|number|nummer|num|numero|número|numéro|numer|id|code|kod)\b[\s.:#№°º()-]*)?"
_AFTER_LABEL = r"[\s.:#№°º()/-]*" + _NUMBER_WORDS
_OTHER_NUMBERS = re.compile(
    r"(?:"
    r"(?:tele)?(?:fax|faks)\w*|télécopie|факс|\bf\s*[.:]"
    r"|\b(?:vat|ust|uid|tva|btw|iva|p\.\s?iva|c\.?f|cod\w*\.? ?fisc\w*|fisc\w*|rea|siret|siren|rcs|naf|ape|tax"
    r"|nif|cif|nip|regon|krs|i[čc]o?|di[čc]|cnpj|cpf|abn|acn|y-tunnus|kvk|cvr|hra|hrb|ogrn|inn|ein|pec|afm"
    r"|umsatzsteuer\w*|steuer\w*|handelsregister\w*|org(?:anisations?)?\.? ?(?:nr|nummer|no|n:o)"
    r"|company|charity|reg(?:istration|istered|istr)?|registro|iban|bic|swift|konto\w*|account|acct|kto|blz|bankleitzahl"
    r"|sort code|artikel\w*|art|item|sku|ean|gtin|upc|isbn|issn|mpn|order|bestell\w*|model\w*|part|ref\w*|serial"
    r"|invoice|tracking|sendungs\w*|icq|uin|qq|skype|jabber|ip|licen[cs]e|lic|licencia|permit|patent|zip|plz|postcode"
    r"|postal|lat\w*|lng|lon\w*|version|build|session|since|dal|copyright|id|code|kod)"
    r"|инн|огрн\w*|кпп|бик|окпо|унп|єдрпоу|артикул\w*|заказ\w*|©|αφμ"
    rf"){_AFTER_LABEL}\Z"
)
"""In small letters, as the text is made before: five times as quick as a search that takes large ones, too."""
_LONE_F = re.compile(rf"\bF(?i:{_AFTER_LABEL})\Z")
"""A fax, on a business card."""
_COUNTRY_CODE = re.compile(r"[A-Z]{2}\s?\Z")
"""The `GB` of `VAT No. GB 123`."""
_ALSO_PHONE = re.compile(
    r"\b(?:tel|phone|fon|тел|puh)\w*\W{0,3}(?:(?:and|und|et|e|y|ja|och|и)\s)?\W*\Z", re.IGNORECASE
)
_FAX = re.compile(r"(?:(?:tele)?fax|faks\w*|факс)\W*\Z|\bf\s*[.:]\s*\Z", re.IGNORECASE)
_PHONE_WORDS = re.compile(
    r"(?:\b(?:tel|phone|fon|call|mob|cell|handy|gsm|puh|tlf|tfno|hotline|whats ?app|viber|celular|dial|number|numéro"
    r"|número|nummer|numero|rufnummer|festnetz|contact|kontakt|soita|ring|тел|звон|моб|[tmp]\s?[.:])|mobil|telefon"
    r"|[☎✆📞📱]|電話|电话|전화)[^\d\n]{0,20}\Z"
)
_CURRENCY_BEFORE = re.compile(r"(?:[€$£¥₽]|\b(?:eur|usd|gbp|chf|sek|rs))\.?\s?\Z", re.IGNORECASE)
_CURRENCY_AFTER = re.compile(
    r"\s?(?:[€$£¥₽%°]|,\d|(?:eur|usd|gbp|kr|kč|zł|\u0440\u0443\u0431|ft|px|km|kg|m²)\b)", re.IGNORECASE
)
_JOINED_BEFORE = re.compile(r"(?:[\w#=@&%*§]|\d[.,:])\Z")
_HOURS_BEHIND = re.compile(r"\D\d{1,2}\Z")
"""The `24` of a number that is answered `(24h)`."""
_JOINED_AFTER = re.compile(r"[^\W\d]|[@=]")

_UK_FICTIONAL_MOBILES = range(7_700_900_000, 7_700_901_000)
"""Set aside by Ofcom for drama; numbering plans do not list them as valid."""


@dataclass(frozen=True, slots=True)
class FoundPhone:
    e164: str
    is_mobile: bool
    written: str
    """As it stands on the page."""
    start: int = 0
    """Where in the text it stands."""


@lru_cache(maxsize=4096)
def read_phone(text: str, country: str | None) -> FoundPhone | None:
    """The number that a text is, e.g. the target of a `tel:` link; None where it is none."""
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        return None
    is_fictional_mobile = number.country_code == 44 and number.national_number in _UK_FICTIONAL_MOBILES
    if not (is_fictional_mobile or phonenumbers.is_valid_number(number)):
        return None
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    is_mobile = is_fictional_mobile or phonenumbers.number_type(number) == PhoneNumberType.MOBILE
    return FoundPhone(e164, is_mobile, text.strip())


@lru_cache(maxsize=16)
def phones_in(text: str, country: str | None) -> tuple[FoundPhone, ...]:
    """The numbers in a text that are valid in the country or carry their own country code, in order."""
    return tuple(_phones_along(text, country))


def first_phone_in(text: str, country: str | None) -> FoundPhone | None:
    """The first of them; what comes after it is not read."""
    return next(_phones_along(text, country), None)


def _phones_along(text: str, country: str | None) -> Iterator[FoundPhone]:
    for run in islice(_DIGITS.finditer(text), MAX_CANDIDATES):
        if _may_be_phone(text, run):
            for found in _numbers(run[0], country):
                yield replace(found, start=run.start() + found.start)


def is_fax(before: str) -> bool:
    """Whether the words before a number make it one for faxes alone."""
    fax = _FAX.search(before)
    return fax is not None and not _ALSO_PHONE.search(before[: fax.start()])


def _may_be_phone(text: str, run: re.Match[str]) -> bool:
    """Whether neither the run of digits nor what stands around it says that it is something else."""
    written = run[0]
    if _is_other_figure(written):
        return False
    before = text[max(0, run.start() - LONGEST_LABEL) : run.start()]
    after = text[run.end() : run.end() + 6]
    if not _PHONE_WORDS.search(before.lower()):
        is_bare = written.isdigit() and not written.startswith("0")
        is_joined = _JOINED_AFTER.match(after) and not (
            written.startswith("+") or _HOURS_BEHIND.search(written)
        )
        if is_bare or is_joined or _JOINED_BEFORE.search(before):
            return False
    if _CURRENCY_BEFORE.search(before) or _CURRENCY_AFTER.match(after):
        return False
    label_at = _other_label_at(before)
    return label_at is None or _ALSO_PHONE.search(before[:label_at]) is not None


def _other_label_at(before: str) -> int | None:
    """Where a label begins that makes the number behind it something else than a phone."""
    code = _COUNTRY_CODE.search(before)
    labels = [
        label.start()
        for end in ((len(before), code.start()) if code else (len(before),))
        for label in (_OTHER_NUMBERS.search(before[:end].lower()), _LONE_F.search(before[:end]))
        if label
    ]
    return min(labels, default=None)


def _is_other_figure(written: str) -> bool:
    """Dates, years, fractions, and digits that only fill a place."""
    digits = "".join(filter(str.isdigit, written))
    groups = re.findall(r"\d+", written)
    return (
        digits.startswith(_ASCENDING[:FEWEST_DIGITS])
        or len(set(digits)) < _FEWEST_DIFFERENT_DIGITS
        or sum(len(group) == 1 for group in groups) >= _MOST_SINGLE_DIGITS
        or all(map(_YEAR.fullmatch, groups))
        or _DATE.search(written) is not None
        or _HOURS.fullmatch(written) is not None
        or _FRACTION.fullmatch(written) is not None
    )


@lru_cache(maxsize=4096)
def _numbers(run: str, country: str | None) -> tuple[FoundPhone, ...]:
    """The number that a run of digits is; else those that stand in it one after another."""
    if whole := read_phone(run, country):
        return (whole,)
    found: list[FoundPhone] = []
    start = 0
    for between in (*_BETWEEN_NUMBERS.finditer(run), None):
        end = between.start() if between else len(run)
        part = run[start:end]
        if (start == 0 or _WHOLE.match(part)) and (number := _within(part, country)):
            found.append(replace(number, start=start + number.start))
        start = between.end() if between else end
    return tuple(found)


def _within(part: str, country: str | None) -> FoundPhone | None:
    """The number that a part is, or that it is without a group or two at its end, or before a zero in it."""
    for start, end in _cuts(part):
        piece = part[start:end]
        if sum(map(str.isdigit, piece)) >= FEWEST_DIGITS and (number := read_phone(piece.strip(), country)):
            return replace(number, start=start)
    return None


def _cuts(part: str) -> Iterator[tuple[int, int]]:
    groups = list(_GROUP.finditer(part))
    yield 0, len(part)
    for group in groups[-1:-3:-1]:
        yield 0, group.start()
    for group in groups[1:]:
        if _WHOLE.match(group[0]):
            yield group.start(), len(part)
