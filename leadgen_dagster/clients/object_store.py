"""Files of the project: page bodies, input files, sites, exports; on a disk or in any bucket fsspec knows."""

import gzip
import hashlib
import io
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO
from uuid import uuid4

from upath import UPath

from leadgen_dagster.errors import StageError

BODIES = "bodies"
PICTURES = "pictures"
INPUTS = "inputs"
COMPRESSION_LEVEL = 6
LOCAL_PROTOCOLS = frozenset({"", "file", "local"})

_HASH = re.compile(r"[0-9a-f]{64}")


def picture_name(digest: str) -> str:
    """Where a picture lies, seen from the root of the store."""
    return f"{PICTURES}/{_checked_hash(digest)[:2]}/{digest}.jpg"


class ObjectStore:
    """Stores files under one root; what is named by its hash is written once and never changed."""

    def __init__(self, root: UPath) -> None:
        self._root = root

    def put_body(self, data: bytes) -> str:
        """Stores a page's body compressed; gives the SHA-256 of the bytes as they were."""
        digest = hashlib.sha256(data).hexdigest()
        target = self._body_path(digest)
        if not target.exists():
            # No time in the header: the same body is the same file.
            _write(target, gzip.compress(data, COMPRESSION_LEVEL, mtime=0))
        return digest

    def get_body(self, digest: str) -> bytes:
        """The bytes of a stored body."""
        return gzip.decompress(self._body_path(digest).read_bytes())

    def put_picture(self, data: bytes) -> str:
        """Stores a JPEG, as it is, so that it can be opened; gives its SHA-256."""
        digest = hashlib.sha256(data).hexdigest()
        target = self.picture_path(digest)
        if not target.exists():
            _write(target, data)
        return digest

    def picture_path(self, digest: str) -> UPath:
        return self.path(picture_name(digest))

    def put_input(self, data: bytes) -> str:
        """Stores a file that an order reads; gives its SHA-256."""
        digest = hashlib.sha256(data).hexdigest()
        target = self.input_path(digest)
        if not target.exists():
            _write(target, data)
        return digest

    def put_input_file(self, source: Path) -> str:
        """The same for a file of any size, which is never held in memory."""
        digest = _digest_of(source)
        target = self.input_path(digest)
        if not target.exists():
            with source.open("rb") as stream:
                _copy(stream, target)
        return digest

    def input_path(self, digest: str) -> UPath:
        return self.path(f"{INPUTS}/{_checked_hash(digest)}")

    def local_input(self, digest: str) -> Path:
        """A path on this machine with an input's bytes, for readers that want a file; fetched once if it is far."""
        source = self.input_path(digest)
        if source.protocol in LOCAL_PROTOCOLS:
            return Path(source.path)
        copy = Path(tempfile.gettempdir()) / f"leadgen-input-{digest}"
        if not copy.exists() or _digest_of(copy) != digest:  # anybody may have put a file of this name there
            with source.open("rb") as stream:
                _copy(stream, UPath(copy))
        return copy

    def put_file(self, relative_path: str, data: bytes) -> UPath:
        """Writes a file, whole or not at all, in the place of any that was there."""
        target = self.path(relative_path)
        _write(target, data)
        return target

    def put_files(self, files: Mapping[str, bytes]) -> dict[str, UPath]:
        """Writes files that belong together: none takes its place before all of them lie on the disk."""
        targets = {relative_path: self.path(relative_path) for relative_path in files}
        with ExitStack() as stack:
            placed = [
                stack.enter_context(_beside(target, io.BytesIO(files[relative_path])))
                for relative_path, target in targets.items()
            ]
            for place in placed:
                place()
        return targets

    def read_file(self, relative_path: str) -> bytes:
        return self.path(relative_path).read_bytes()

    def read_files(self, folder: str) -> dict[str, bytes]:
        """All files of a folder by their path in it; none where there is no such folder."""
        root = self.path(folder)
        found = (path for path in root.rglob("*") if path.is_file())
        return {path.path.removeprefix(root.path).strip("/"): path.read_bytes() for path in found}

    def path(self, relative_path: str) -> UPath:
        """Where a file lies.

        Raises:
            StageError: the path leads out of the store.
        """
        parts = PurePosixPath(relative_path).parts
        is_odd = any(part == ".." or "\\" in part or ":" in part or "\0" in part for part in parts)
        if not parts or relative_path.startswith("/") or is_odd:
            raise StageError(f"{relative_path!r} does not name a file inside the store")
        return self._root.joinpath(*parts)

    def _body_path(self, digest: str) -> UPath:
        return self.path(f"{BODIES}/{_checked_hash(digest)[:2]}/{digest}.gz")


def _checked_hash(digest: str) -> str:
    if not _HASH.fullmatch(digest):
        raise StageError(f"{digest[:80]!r} is not a SHA-256")
    return digest


def _digest_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write(target: UPath, data: bytes) -> None:
    _copy(io.BytesIO(data), target)


def _copy(source: IO[bytes], target: UPath) -> None:
    with _beside(target, source) as place:
        place()


@contextmanager
def _beside(target: UPath, source: IO[bytes]) -> Iterator[Callable[[], object]]:
    """Writes a file beside its place and gives what puts it there, so that it is seen whole or not at all.

    Buckets and memory show a file only when it is complete; there it takes its place at once.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.protocol not in LOCAL_PROTOCOLS:
        with target.open("wb") as out:
            shutil.copyfileobj(source, out)
        yield lambda: target
        return
    beside = target.with_name(f".{target.name[:80]}.{uuid4().hex}")
    try:
        with beside.open("wb") as out:
            shutil.copyfileobj(source, out)
        yield lambda: beside.replace(target)
    finally:
        if beside.exists():
            beside.unlink()
