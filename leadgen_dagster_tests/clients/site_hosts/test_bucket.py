"""A bucket: the page comes last and goes first, so that an address never shows half a demo."""

from collections.abc import Iterator
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from leadgen_dagster.clients.site_hosts.base import HostedSite
from leadgen_dagster.clients.site_hosts.bucket import BucketHost
from leadgen_dagster.errors import SiteHostError
from leadgen_dagster_tests.clients.site_hosts.samples import OTHER, TOKEN, make_site


class Bucket(MemoryFileSystem):  # type: ignore[misc]  # fsspec has no types
    """In memory; remembers what was done, and breaks where it is told to."""

    protocol = "bucket"
    done: list[tuple[str, str]] = []  # noqa: RUF012  # fsspec makes one of a kind
    headers: dict[str, dict[str, Any]] = {}  # noqa: RUF012
    breaks_at: str | None = None

    def pipe_file(self, path: str, value: bytes, **headers: Any) -> None:
        self._note("put", path)
        self.headers[path.rpartition("/")[2]] = headers
        super().pipe_file(path, value)

    def rm_file(self, path: str) -> None:
        self._note("remove", path)
        super().rm_file(path)

    def _note(self, act: str, path: str) -> None:
        name = path.partition("/d/")[2]
        if self.breaks_at == name:
            raise PermissionError(13, "Access Denied")
        self.done.append((act, name))


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    fsspec.register_implementation("bucket", Bucket, clobber=True)
    Bucket.done.clear()
    Bucket.breaks_at = None
    files = Bucket()
    files.store.clear()  # one for all file systems in memory
    yield files
    files.store.clear()


def host() -> BucketHost:
    return BucketHost("bucket://agency/demos")


def put(*sites: HostedSite) -> None:
    host().put(sites, list)


def held(bucket: Bucket) -> dict[str, bytes]:
    return {path.partition("/d/")[2]: bucket.cat_file(path) for path in list(bucket.store)}


def test_the_page_comes_after_all_that_it_needs(bucket: Bucket) -> None:
    put(make_site())
    assert bucket.done == [
        ("put", f"{TOKEN}/preview.png"),
        ("put", f"{TOKEN}/take-down/index.html"),
        ("put", f"{TOKEN}/index.html"),
    ]
    assert held(bucket) == {f"{TOKEN}/{path}": body for path, body in make_site().files.items()}


def test_what_new_content_has_no_more_goes_after_the_page_has_come(bucket: Bucket) -> None:
    put(make_site())
    bucket.done.clear()
    put(HostedSite(token=TOKEN, content_hash="b" * 64, files={"index.html": b"<p>second"}))
    assert bucket.done[0] == ("put", f"{TOKEN}/index.html")
    assert held(bucket) == {f"{TOKEN}/index.html": b"<p>second"}


@pytest.mark.parametrize("broken", ["preview.png", "take-down/index.html", "index.html"])
def test_an_upload_that_breaks_at_any_file_leaves_the_old_page(bucket: Bucket, broken: str) -> None:
    put(make_site())
    Bucket.breaks_at = f"{TOKEN}/{broken}"
    with pytest.raises(SiteHostError, match="host bucket://agency/demos: Access Denied"):
        put(make_site(text="second"))
    assert held(bucket)[f"{TOKEN}/index.html"] == b"<p>first"
    Bucket.breaks_at = None
    put(make_site(text="second"))
    assert held(bucket)[f"{TOKEN}/index.html"] == b"<p>second"


def test_the_page_goes_first_and_the_neighbour_stands(bucket: Bucket) -> None:
    put(make_site(), make_site(OTHER))
    bucket.done.clear()
    host().remove([TOKEN], list)
    assert bucket.done[0] == ("remove", f"{TOKEN}/index.html")
    assert set(held(bucket)) == {f"{OTHER}/{path}" for path in make_site(OTHER).files}
    host().remove([TOKEN], list)


def test_a_take_down_that_breaks_has_taken_the_page_at_least(bucket: Bucket) -> None:
    put(make_site())
    Bucket.breaks_at = f"{TOKEN}/preview.png"
    with pytest.raises(SiteHostError):
        host().remove([TOKEN], list)
    assert f"{TOKEN}/index.html" not in held(bucket)


@pytest.mark.parametrize(
    ("scheme", "headers"),
    [
        ("s3", {"ContentType": "text/html; charset=utf-8", "CacheControl": "no-cache"}),
        (
            "gcs",
            {
                "content_type": "text/html; charset=utf-8",
                "fixed_key_metadata": {"cache_control": "no-cache"},
            },
        ),
    ],
)
def test_a_page_is_stored_as_a_page_that_no_cache_keeps(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, scheme: str, headers: dict[str, Any]
) -> None:
    monkeypatch.setattr("fsspec.core.url_to_fs", lambda url: (bucket, url.partition("://")[2]))
    BucketHost(f"{scheme}://agency/demos").put([make_site()], list)
    assert bucket.headers["index.html"] == headers
    assert "image/png" in bucket.headers["preview.png"].values()
