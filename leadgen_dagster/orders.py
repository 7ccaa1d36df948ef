"""What a person asks for, validated in one place for every door; request keys and run ids.

An order is immutable. Its run id is also its Dagster partition key; it is never parsed: location and niche
come from the order.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from anyascii import anyascii
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    ValidationError,
    model_validator,
)

from leadgen_dagster.errors import OrderError

_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id
ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu
lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu
rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr
ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
ISO_639_1 = frozenset(_CODES.split())
"""The two-letter codes of languages."""
MAX_BUSINESSES_LIMIT = 5_000
MAX_AUDITS = 200
DEFAULT_SCORE_THRESHOLD = 70
MAX_RUN_ID_WORD = 24
JOINERS = "\u200c\u200d"  # invisible, and part of the spelling in Persian and the scripts of India

RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def _printable(text: str) -> str:
    if not text or not all(char.isprintable() or char in JOINERS for char in text):
        raise ValueError("must be printable text")
    return text


def _one_line(text: str) -> str:
    """One line of printable text: what a place or a niche is called."""
    return _printable(" ".join(text.split()))


Line = Annotated[StrictStr, Field(max_length=200), AfterValidator(_one_line)]
FileName = Annotated[StrictStr, Field(max_length=4096), AfterValidator(_printable)]
FileHash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of an input file's bytes, which lie in the object store since the order was placed."""


def _language(code: str) -> str:
    if code not in ISO_639_1:
        raise ValueError("must be an ISO 639-1 code")
    return code


class SourceSpec(BaseModel):
    """A place source named by an order, with its file where it reads one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line
    file: FileName | None = None
    """The path or name as the person gave it; for people, never opened again once the order is placed."""
    file_hash: FileHash | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: object) -> object:
        """Reads `NAME` or `NAME:FILE`, as a person writes it."""
        if not isinstance(value, str):
            return value
        name, _, file = value.partition(":")
        return {"name": name.strip().lower(), "file": file.strip() or None}

    def __str__(self) -> str:
        return f"{self.name}:{self.file}" if self.file else self.name


class ProcessingRunConfig(BaseModel):
    """The options of one order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    location: Line
    niche: Line
    sources: tuple[SourceSpec, ...] = ()
    """Empty: every real source that is configured."""
    max_businesses: Annotated[StrictInt, Field(ge=1, le=MAX_BUSINESSES_LIMIT)] = 50
    score_threshold: Annotated[StrictInt, Field(ge=1, le=100)] = DEFAULT_SCORE_THRESHOLD
    """A website that scores below it is weak."""
    audit_weakest: Annotated[StrictInt, Field(ge=0, le=MAX_AUDITS)] = 0
    """So many websites, the weakest, get a second look in a browser."""
    rubric_file: FileName | None = None
    """The person's own weights, by the path they gave; never opened again once the order is placed."""
    rubric_file_hash: FileHash | None = None
    column_map: Annotated[dict[Line, Line], Field(max_length=100)] = {}
    """The agency's own headers -> our columns, for lists."""
    language: Annotated[StrictStr, AfterValidator(_language)] | None = None
    """ISO 639-1, for drafts and demos; None: the language of each business."""
    budget_usd: Annotated[Decimal, Field(ge=0, le=100_000, max_digits=11, decimal_places=6)] | None = None
    """Caps the ledger's sum over all attempts; None: no cap."""

    @classmethod
    def parse(cls, fields: Mapping[str, Any]) -> Self:
        """Validates fields from any door.

        Raises:
            OrderError: names the first wrong field, its value and what is allowed.
        """
        try:
            return cls.model_validate(dict(fields))
        except ValidationError as error:
            raise _order_error(error, fields) from None

    def normalised(self) -> dict[str, Any]:
        """The same for two orders that ask for the same; the request key hashes it where a door has none."""
        fields = self.model_dump(mode="json")
        fields["location"] = self.location.casefold()
        fields["niche"] = self.niche.casefold()
        del fields["rubric_file"]  # the bytes count, not what they are called
        fields["sources"] = sorted([spec.name, spec.file_hash or spec.file or ""] for spec in self.sources)
        fields["budget_usd"] = None if self.budget_usd is None else str(abs(self.budget_usd).normalize())
        return fields


ALLOWED = {
    "location": "give a place on one line of 1 to 200 printable characters, e.g. Helsinki",
    "niche": "give a niche on one line of 1 to 200 printable characters, e.g. restaurants",
    "sources": "give NAME or NAME:FILE, e.g. osm or csv:leads.csv",
    "max_businesses": f"give a whole number from 1 to {MAX_BUSINESSES_LIMIT}",
    "score_threshold": "give a whole number from 1 to 100",
    "audit_weakest": f"give a whole number from 0 to {MAX_AUDITS}",
    "rubric_file": "give the path of a YAML file, e.g. rubric.yaml, or leave it out",
    "rubric_file_hash": "leave it out, or give the SHA-256 of a rubric file that is kept here",
    "column_map": "give HEADER=COLUMN, e.g. Firma=name",
    "language": "give an ISO 639-1 code of two small letters, e.g. en, or leave it out",
    "budget_usd": "give an amount from 0 to 100000 with at most six decimals, or leave it out",
}


def _order_error(error: ValidationError, values: Mapping[str, Any]) -> OrderError:
    first = error.errors(include_url=False)[0]
    field = str(first["loc"][0])
    name = field if field.isprintable() else repr(field)
    return OrderError(name, values.get(field), ALLOWED.get(field, f"known fields are {', '.join(ALLOWED)}"))


class Executor(StrEnum):
    """Who executes the order's run."""

    DAEMON = "daemon"
    PROCESS = "process"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessingRun:
    """An order that was placed: a row, and a partition of every asset."""

    id: str
    config: ProcessingRunConfig
    requested_by: str
    requested_at: datetime
    executor: Executor
    request_key: str

    @property
    def ordered_on(self) -> date:
        """The day that ages are counted against."""
        return self.requested_at.date()


def request_key_of(config: ProcessingRunConfig, day: date) -> str:
    """The request key of a door that has none of its own: the same order on one UTC day is one request."""
    content = json.dumps([config.normalised(), day.isoformat()], sort_keys=True, ensure_ascii=False)
    return f"order:{hashlib.sha256(content.encode()).hexdigest()}"


def run_id_candidates(config: ProcessingRunConfig, request_key: str, day: date) -> list[str]:
    """Run ids for an order, the shortest first; a later one is taken where an earlier one exists already."""
    digits = hashlib.sha256(request_key.encode()).hexdigest()
    head = f"{day.isoformat()}-{_word(config.location, 'place')}-{_word(config.niche, 'niche')}"
    return [f"{head}-{digits[:length]}" for length in (4, 8, 16, 32, 64)]


def checked_run_id(text: str) -> str:
    """A run id that a person chose: safe as a partition key, a folder and a URL, like one made here.

    Raises:
        OrderError: it is not.
    """
    if not RUN_ID.fullmatch(text):
        raise OrderError(
            "partition", text, "give 1 to 128 of A-Z a-z 0-9 . _ - and begin with a letter or digit"
        )
    return text


def _word(text: str, fallback: str) -> str:
    """A word of small ASCII letters, digits and hyphens: safe as a partition key, a folder and a URL."""
    slug = re.sub(r"[^a-z0-9]+", "-", anyascii(text).lower()).strip("-")
    return slug[:MAX_RUN_ID_WORD].rstrip("-") or fallback
