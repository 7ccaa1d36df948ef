"""The agency that runs this: who signs a message, whom it leaves alone. Read from `agency.yaml`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from yaml.nodes import Node, ScalarNode, SequenceNode

from leadgen_dagster.orders import ISO_639_1
from leadgen_dagster.settings import public_url_problem
from leadgen_dagster.yaml_file import YamlFile, content_of, is_empty

IDENTITY = {
    "name": "the agency's name",
    "sender": "the sender's name",
    "postal_address": "the agency's postal address",
    "phone": "the agency's phone number",
    "reply_to": "the agency's reply-to address",
}
"""What every message has to carry, and what it is called where it is missing."""
_MAILBOX = re.compile(r"[\w.+-]{1,64}")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionList:
    """Whom the agency never contacts; matched case-insensitively."""

    names: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    """E.164."""
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxWords:
    """What the agency knows of mailboxes beyond what is known of all; in lower case."""

    roles: tuple[str, ...] = ()
    """First words of mailboxes that belong to a firm and not to a person, e.g. `bakeshop`."""
    nobodys_names: tuple[str, ...] = ()
    """Mailboxes that are nobody's at any domain."""
    nobodys_domains: tuple[str, ...] = ()
    """Domains whose mailboxes are nobody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """The sender's identity; what is missing makes every draft NOT READY."""

    name: str | None = None
    sender: str | None = None
    """The real name of the person who signs."""
    postal_address: str | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2: of numbers written nationally, in this file and in lists that name no country."""
    phone: str | None = None
    reply_to: str | None = None
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes the agency can answer in; empty means any that drafts exist in."""
    public_url: str | None = None
    """Where published demos are served; overrides nothing, completes `LEADGEN_PUBLIC_URL`."""
    exclusions: ExclusionList = ExclusionList()
    mailboxes: MailboxWords = MailboxWords()


def missing_identity(agency: Agency) -> tuple[str, ...]:
    """What a reader would need to know of the sender and is not there, each a short phrase."""
    return tuple(phrase for field, phrase in IDENTITY.items() if not getattr(agency, field))


def load_agency(path: Path | str) -> Agency:
    """Reads and validates `agency.yaml`; an empty file is an agency without an identity.

    Raises:
        FileError: names the file, the line and what is allowed.
    """
    return _AgencyFile(Path(path)).read()


class _AgencyFile(YamlFile):
    """One reading of `agency.yaml`."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, content_of(path))
        self.country: str | None = None

    def read(self) -> Agency:
        root = self.root()
        if root is None:
            return Agency()
        allowed = (
            "name",
            "sender",
            "postal_address",
            "country",
            "phone",
            "reply_to",
            "languages",
            "public_url",
        )
        nodes = self.fields(root, "agency", (*allowed, "exclusions", "mailboxes"))
        self.country = self._optional(nodes, "country", self._region)
        return Agency(
            name=self._optional(nodes, "name", self._line),
            sender=self._optional(nodes, "sender", self._line),
            postal_address=self._optional(nodes, "postal_address", self._address),
            country=self.country,
            phone=self._optional(nodes, "phone", self._phone),
            reply_to=self._optional(nodes, "reply_to", self._email),
            languages=self._list(nodes, "languages", self._language),
            public_url=self._optional(nodes, "public_url", self._url),
            exclusions=self._exclusions(nodes.get("exclusions")),
            mailboxes=self._mailboxes(nodes.get("mailboxes")),
        )

    def _exclusions(self, node: Node | None) -> ExclusionList:
        if node is None or is_empty(node):
            return ExclusionList()
        nodes = self.fields(node, "exclusions", ("names", "domains", "phones", "emails"))
        return ExclusionList(
            names=self._list(nodes, "names", self._line),
            domains=self._list(nodes, "domains", self._domain),
            phones=self._list(nodes, "phones", self._phone),
            emails=self._list(nodes, "emails", self._email),
        )

    def _mailboxes(self, node: Node | None) -> MailboxWords:
        if node is None or is_empty(node):
            return MailboxWords()
        nodes = self.fields(node, "mailboxes", ("roles", "nobodys_names", "nobodys_domains"))
        return MailboxWords(
            roles=self._list(nodes, "roles", self._mailbox),
            nobodys_names=self._list(nodes, "nobodys_names", self._mailbox),
            nobodys_domains=self._list(nodes, "nobodys_domains", self._domain),
        )

    def _optional(
        self, nodes: dict[str, Node], field: str, convert: Callable[[Node, str], str]
    ) -> str | None:
        node = nodes.get(field)
        return None if node is None or is_empty(node) else convert(node, field)

    def _list(
        self, nodes: dict[str, Node], field: str, convert: Callable[[Node, str], str]
    ) -> tuple[str, ...]:
        node = nodes.get(field)
        if node is None or is_empty(node):
            return ()
        if not isinstance(node, SequenceNode):
            raise self.error(node, f"{field} must be a list")
        return tuple(dict.fromkeys(convert(item, field) for item in node.value))

    def _text(self, node: Node, field: str) -> str:
        if not isinstance(node, ScalarNode) or node.tag != "tag:yaml.org,2002:str":
            raise self.error(node, f"{field} must be text; put it in quotes")
        return str(node.value)

    def _line(self, node: Node, field: str) -> str:
        text = " ".join(self._text(node, field).split())
        if not text or len(text) > 200 or not text.isprintable():
            raise self.error(node, f"{field} must be 1 to 200 printable characters")
        return text

    def _address(self, node: Node, field: str) -> str:
        parts = (part.strip().rstrip(",") for part in self._text(node, field).splitlines())
        joined = " ".join(", ".join(part for part in parts if part).split())
        if not joined or len(joined) > 200 or not joined.isprintable():
            raise self.error(node, f"{field} must be 1 to 200 printable characters; lines become commas")
        return joined

    def _region(self, node: Node, field: str) -> str:
        code = self._text(node, field).strip().upper()
        if code not in phonenumbers.SUPPORTED_REGIONS:
            raise self.error(node, f"{field} {code!r} is not an ISO 3166 code of two letters, e.g. GB")
        return code

    def _phone(self, node: Node, field: str) -> str:
        # YAML reads an unquoted +441914980100 as a number; its digits stand in the node as written.
        is_whole_number = isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:int"
        text = str(node.value) if is_whole_number else self._text(node, field)
        try:
            number = phonenumbers.parse(text, self.country)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_valid_number(number):
            form = "give e.g. +44 191 498 0100, or the national form and a country"
            raise self.error(node, f"{field} {text!r} is not a valid phone number; {form}")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def _email(self, node: Node, field: str) -> str:
        text = self._text(node, field).strip()
        try:
            return validate_email(text, check_deliverability=False).normalized.lower()
        except EmailNotValidError as error:
            raise self.error(node, f"{field} {text!r} is not an e-mail address: {error}") from None

    def _language(self, node: Node, field: str) -> str:
        # YAML 1.1 reads an unquoted `no` as false; Norwegian agencies mean the language.
        if isinstance(node, ScalarNode) and node.value.lower() == "no":
            return "no"
        code = self._text(node, field).strip().lower()
        if code not in ISO_639_1:
            raise self.error(node, f"{field}: {code!r} is not an ISO 639-1 code of two letters, e.g. en")
        return code

    def _domain(self, node: Node, field: str) -> str:
        text = self._text(node, field).strip().lower().rstrip(".").removeprefix("www.")
        if not _DOMAIN.fullmatch(_idna(text)):
            raise self.error(node, f"{field}: {text!r} is not a domain, e.g. firm.example")
        return _idna(text)

    def _mailbox(self, node: Node, field: str) -> str:
        text = self._text(node, field).strip().lower()
        if not _MAILBOX.fullmatch(text):
            raise self.error(node, f"{field}: {text!r} is not what stands before an @, e.g. reception")
        return text

    def _url(self, node: Node, field: str) -> str:
        text = self._text(node, field).strip()
        problem = public_url_problem(text)
        if problem:
            raise self.error(node, f"{field} {text!r} {problem}")
        return text.rstrip("/")


def _idna(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain
