"""An agency's file is read as written, or the line that is wrong is named."""

from pathlib import Path

import pytest

from leadgen_dagster.agency import Agency, ExclusionList, MailboxWords, load_agency, missing_identity
from leadgen_dagster.errors import FileError

WHOLE = """\
# the studio
name: Northlight Studio
sender: "Ruth Ackermann"
postal_address: |
  3 Saltpan Yard
  Wester Hythe NE99 8SY
country: gb
phone: 0191 498 0950
reply_to: Ruth@northlight-studio.example
languages: [en, de, no]
public_url: https://demos.northlight-studio.example/
exclusions:
  names: ["Hartmann & Sons"]
  domains: [WWW.Friend.example, bäcker.example]
  phones: ["+44 191 498 0101", 0191 498 0102]
  emails: [Boss@friend.example]
mailboxes:
  roles: [Bakeshop]
  nobodys_names: [max.mustermann]
  nobodys_domains: [designer.example]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "agency.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    assert load_agency(write(tmp_path, WHOLE)) == Agency(
        name="Northlight Studio",
        sender="Ruth Ackermann",
        postal_address="3 Saltpan Yard, Wester Hythe NE99 8SY",
        country="GB",
        phone="+441914980950",
        reply_to="ruth@northlight-studio.example",
        languages=("en", "de", "no"),
        public_url="https://demos.northlight-studio.example",
        exclusions=ExclusionList(
            names=("Hartmann & Sons",),
            domains=("friend.example", "xn--bcker-gra.example"),
            phones=("+441914980101", "+441914980102"),
            emails=("boss@friend.example",),
        ),
        mailboxes=MailboxWords(
            roles=("bakeshop",),
            nobodys_names=("max.mustermann",),
            nobodys_domains=("designer.example",),
        ),
    )


def test_an_empty_file_is_an_agency_without_identity_and_says_what_is_missing(tmp_path: Path) -> None:
    agency = load_agency(write(tmp_path, "# nothing yet\n"))
    assert agency == Agency()
    assert len(missing_identity(agency)) == 5
    assert missing_identity(load_agency(write(tmp_path, WHOLE))) == ()


def test_a_phone_written_without_quotes_keeps_its_plus(tmp_path: Path) -> None:
    assert load_agency(write(tmp_path, "phone: +441914980950\n")).phone == "+441914980950"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("name: A\nsendr: B\n", 2, "unknown key 'sendr'"),
        ("name: [A]\n", 1, "name must be text"),
        ("name: 12\n", 1, "name must be text"),
        ("name: A\nname: B\n", 2, "second time"),
        ("- name\n", 1, "must be a mapping"),
        ("\nreply_to: nobody\n", 2, "not an e-mail address"),
        ("phone: 0191 498 0950\n", 1, "not a valid phone number"),
        ('country: GB\nphone: "12"\n', 2, "not a valid phone number"),
        ("country: England\n", 1, "ISO 3166"),
        ("languages: en\n", 1, "must be a list"),
        ("languages:\n  - en\n  - english\n", 3, "ISO 639-1"),
        ("public_url: http://demos.agency.example\n", 1, "https://"),
        ("public_url: http://127.0.0.1.evil.example\n", 1, "https://"),
        ("public_url: https://user@agency.example\n", 1, "not a URL"),
        ("public_url: https://agency.example/?a=1\n", 1, "must end before"),
        ("public_url: https://[broken\n", 1, "not a URL"),
        ("exclusions:\n  domains:\n    - https://friend.example\n", 3, "not a domain"),
        ("exclusions:\n  people: []\n", 2, "unknown key 'people'"),
        ("name: 'A\n", 2, "not valid YAML"),
        ("name: \x07\n", None, "not valid YAML"),
        (f"name: {'x' * 201}\n", 1, "1 to 200"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, line: int | None, said: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(FileError) as caught:
        load_agency(path)
    assert caught.value.line == line
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{path}:{line}: " if line else f"{path}: ")


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file"):
        load_agency(tmp_path / "agency.yaml")
    (tmp_path / "agency.yaml").write_bytes(b"name: \xff\xfe")
    with pytest.raises(FileError, match="UTF-8"):
        load_agency(tmp_path / "agency.yaml")


@pytest.mark.parametrize(
    "url", ["http://localhost:8000", "http://127.0.0.1:8000", "https://demos.agency.example:8443/x"]
)
def test_a_public_url_is_https_or_this_very_machine(tmp_path: Path, url: str) -> None:
    assert load_agency(write(tmp_path, f"public_url: {url}\n")).public_url == url
