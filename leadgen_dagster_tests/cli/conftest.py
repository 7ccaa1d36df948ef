"""One home with one run of the demo town in it, and the command as a person types it, in this process."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from leadgen_dagster.cli import main


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout; anything beside it is an error here."""
        return json.loads(self.out)


Leadgen = Callable[..., Said]


@pytest.fixture
def leadgen(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Leadgen:
    """Runs a command in this process."""

    def run(*arguments: str, columns: int = 80) -> Said:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys, "argv", ["leadgen", *arguments])
        monkeypatch.setattr(sys, "excepthook", sys.excepthook)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        return Said(int(ended.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home in which the demo town has been run once; tests that read may share it."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEADGEN_HOME", str(home))
        patch.chdir(home)
        patch.setattr(sys, "argv", ["leadgen", "demo"])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0
        os.environ.pop("DAGSTER_HOME", None)
    return home


@pytest.fixture
def in_town(town: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEADGEN_HOME", str(town))
    monkeypatch.setenv("DAGSTER_HOME", str(town / "dagster"))
    monkeypatch.chdir(town)
    return town


@pytest.fixture
def in_fresh_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEADGEN_HOME", str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    monkeypatch.chdir(tmp_path)
    return tmp_path
