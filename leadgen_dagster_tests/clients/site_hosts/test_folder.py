"""The folder: an address shows one version, whole, whatever happens while another is written."""

import subprocess
import sys
from pathlib import Path

import pytest

from leadgen_dagster.clients.site_hosts.folder import FolderHost
from leadgen_dagster.errors import SiteHostError
from leadgen_dagster_tests.clients.site_hosts.samples import OTHER, TOKEN, make_site

KILLED = """
import os, signal, sys
from pathlib import Path
from leadgen_dagster.clients.site_hosts.folder import FolderHost
from leadgen_dagster_tests.clients.site_hosts.samples import make_site

written = Path.write_bytes
def write_once_and_die(path, data):
    written(path, data)
    os.kill(os.getpid(), signal.SIGKILL)
Path.write_bytes = write_once_and_die
FolderHost(Path(sys.argv[1])).put([make_site(text="second")], lambda: [])
"""


def put(host: FolderHost, text: str = "first", token: str = TOKEN) -> None:
    host.put([make_site(token, text)], list)


def page(host: FolderHost, token: str = TOKEN) -> bytes | None:
    found = host.read(token, "index.html")
    return None if found is None else found[1]


def test_a_demo_lies_where_any_web_server_shows_it(tmp_path: Path) -> None:
    put(FolderHost(tmp_path))
    shown = tmp_path / "d" / TOKEN
    assert (shown / "index.html").read_bytes() == b"<p>first"
    assert (shown / "take-down" / "index.html").is_file()


def test_a_file_comes_with_the_hash_of_the_content_it_is_of(tmp_path: Path) -> None:
    host = FolderHost(tmp_path)
    put(host)
    assert host.read(TOKEN, "preview.png") == (make_site().content_hash, b"\x89PNG")


def test_new_content_takes_the_old_one_s_place_and_nothing_stays_behind(tmp_path: Path) -> None:
    host = FolderHost(tmp_path)
    put(host)
    put(host, "second")
    assert page(host) == b"<p>second"
    assert [path.name for path in (tmp_path / "versions" / TOKEN).iterdir()] == [
        make_site(text="second").content_hash
    ]


def test_the_same_content_is_not_written_again(tmp_path: Path) -> None:
    host = FolderHost(tmp_path)
    put(host)
    before = (tmp_path / "d" / TOKEN / "index.html").stat().st_ino
    put(host)
    assert (tmp_path / "d" / TOKEN / "index.html").stat().st_ino == before


def test_an_upload_that_is_killed_half_way_leaves_the_old_version_whole(tmp_path: Path) -> None:
    host = FolderHost(tmp_path)
    put(host)
    died = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)  # noqa: S603  # our own
    assert died.returncode == -9
    assert len(list((tmp_path / "versions" / TOKEN).iterdir())) == 2, "something was written beside it"
    assert page(host) == b"<p>first"
    put(host, "second")
    assert page(host) == b"<p>second"
    assert len(list((tmp_path / "versions" / TOKEN).iterdir())) == 1


def test_what_is_removed_is_gone_and_its_neighbour_stands_twice_too(tmp_path: Path) -> None:
    host = FolderHost(tmp_path)
    put(host)
    put(host, token=OTHER)
    for _ in range(2):
        host.remove([TOKEN], list)
        assert page(host) is None
        assert page(host, OTHER) == b"<p>first"
    assert not (tmp_path / "versions" / TOKEN).exists()


@pytest.mark.parametrize(
    "path", ["../../secret", "..", "/etc/passwd", "", ".", "take-down", "a\0b", "nothing.html"]
)
def test_no_path_leads_out_or_to_what_is_no_file(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_text("hidden", encoding="ascii")
    host = FolderHost(tmp_path)
    put(host)
    assert host.read(TOKEN, path) is None


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SiteHostError, match=f"host folder: {tmp_path / 'file'}: Not a directory"):
        put(FolderHost(tmp_path / "file"))
