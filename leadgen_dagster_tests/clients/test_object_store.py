import hashlib
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from upath import UPath

from leadgen_dagster.clients.object_store import ObjectStore
from leadgen_dagster.errors import StageError


@pytest.fixture(params=["local", "memory"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> UPath:
    return UPath(tmp_path / "store") if request.param == "local" else UPath(f"memory://{uuid4().hex}/store")


def names_under(root: UPath) -> set[str]:
    return {path.as_posix().partition("/store/")[2] for path in root.glob("**/*") if path.is_file()}


def test_a_body_is_named_by_its_hash_and_comes_back(root: UPath) -> None:
    store = ObjectStore(root)
    data = b"<h1>Harbour Bakery</h1>" * 100
    digest = store.put_body(data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert store.get_body(digest) == data
    assert names_under(root) == {f"bodies/{digest[:2]}/{digest}.gz"}
    assert len(store.read_file(f"bodies/{digest[:2]}/{digest}.gz")) < len(data)


def test_the_same_body_is_the_same_file_whenever_it_is_written(root: UPath) -> None:
    one, other = ObjectStore(root / "one"), ObjectStore(root / "other")
    digest = one.put_body(b"hello")
    assert other.put_body(b"hello") == one.put_body(b"hello") == digest
    path = f"bodies/{digest[:2]}/{digest}.gz"
    assert one.read_file(path) == other.read_file(path)
    assert one.read_file(path)[4:8] == bytes(4)


def test_an_input_is_kept_by_hash(root: UPath) -> None:
    store = ObjectStore(root)
    digest = store.put_input(b"name,city\n")
    assert store.put_input(b"name,city\n") == digest
    assert store.input_path(digest).read_bytes() == b"name,city\n"
    assert names_under(root) == {f"inputs/{digest}"}


def test_a_file_is_written_replaced_and_read(root: UPath) -> None:
    store = ObjectStore(root)
    assert store.put_file("exports/run-1/leads.csv", b"one") == store.path("exports/run-1/leads.csv")
    store.put_file("exports/run-1/leads.csv", b"two")
    assert store.read_file("exports/run-1/leads.csv") == b"two"
    assert names_under(root) == {"exports/run-1/leads.csv"}


def test_what_is_not_there_is_an_error(root: UPath) -> None:
    store = ObjectStore(root)
    with pytest.raises(FileNotFoundError):
        store.read_file("exports/none.csv")
    with pytest.raises(FileNotFoundError):
        store.get_body("0" * 64)


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "..",
        "../secret",
        "exports/../../secret",
        "/etc/passwd",
        "//server/share",
        "exports\\..\\..\\secret",
        "C:/secret",
        "s3://bucket/secret",
        "exports/\0",
    ],
)
def test_paths_that_leave_the_store_are_refused(root: UPath, path: str) -> None:
    store = ObjectStore(root)
    with pytest.raises(StageError, match="does not name a file inside the store"):
        store.put_file(path, b"x")


@pytest.mark.parametrize("digest", ["", "../../secret", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_what_is_no_hash_is_refused(root: UPath, digest: str) -> None:
    with pytest.raises(StageError, match="is not a SHA-256"):
        ObjectStore(root).get_body(digest)


@given(st.binary(max_size=500))
def test_any_bytes_come_back(data: bytes) -> None:
    store = ObjectStore(UPath("memory://any-bytes"))
    assert store.get_body(store.put_body(data)) == data


@given(st.text(max_size=40))
def test_any_path_is_refused_or_lies_under_the_root(text: str) -> None:
    root = UPath("/srv/store")
    try:
        path = ObjectStore(root).path(text)
    except StageError:
        return
    assert path.as_posix().startswith("/srv/store/")
    assert ".." not in path.parts


def test_an_input_file_is_kept_as_its_bytes_would_be_without_being_held_in_memory(
    root: UPath, tmp_path: Path
) -> None:
    listed = tmp_path / "list.csv"
    listed.write_bytes(b"name,city\n" * 1000)
    store = ObjectStore(root)
    assert store.put_input_file(listed) == store.put_input(listed.read_bytes())
    assert store.local_input(store.put_input_file(listed)).read_bytes() == listed.read_bytes()


def test_a_file_that_somebody_put_where_a_far_input_is_cached_is_not_believed(tmp_path: Path) -> None:
    store = ObjectStore(UPath(f"memory://{uuid4().hex}/store"))
    digest = store.put_input(b"good")
    store.local_input(digest).write_bytes(b"evil")
    assert store.local_input(digest).read_bytes() == b"good"


def test_files_that_belong_together_are_all_there_or_none_is_new(root: UPath) -> None:
    store = ObjectStore(root)
    paths = store.put_files({"exports/run/a.csv": b"1", "exports/run/b.csv": b"2"})
    assert {name: path.read_bytes() for name, path in paths.items()} == {
        "exports/run/a.csv": b"1",
        "exports/run/b.csv": b"2",
    }
    with pytest.raises(StageError):
        store.put_files({"exports/run/a.csv": b"new", "../out": b"no"})
    assert store.read_file("exports/run/a.csv") == b"1"
    assert names_under(root) == {"exports/run/a.csv", "exports/run/b.csv"}
