"""Open data where it lies: a file, a folder, or a bucket that anybody may read."""

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from leadgen_dagster.errors import FileError, SourceError

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem, S3FileSystem

CONNECT_TIMEOUT_S = 10
REQUEST_TIMEOUT_S = 60
REGION_OF_OTHER_STORES = "us-east-1"
"""What stores that speak S3 take where they know no regions."""

_REGION_AT_THE_END = re.compile(r"(?:^|[-.])((?:af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\d)$")
_SETTINGS = frozenset({"region", "endpoint_override"})
_ALLOWED = "give s3://bucket/folder, where needed with ?region=eu-west-1 or &endpoint_override=https://store.example.com"


def open_dataset(address: str) -> "tuple[FileSystem, str]":
    """The file system of a dataset, and its path in it.

    Nothing is read yet; a bucket is asked for its region where neither the address nor the bucket's name says one.

    Args:
        address: a local file or folder, or `s3://bucket/folder`. A bucket is read without credentials. Stars at
            the end, as documentations write them, are the folder. `?region=` names the region, `endpoint_override=`
            another store that speaks S3.

    Raises:
        FileError: no such file or folder, or an address that names none.
        SourceError: the bucket's region could not be asked for.
    """
    from pyarrow.fs import LocalFileSystem

    if address.startswith("s3://"):
        return _bucket(address)
    if "://" in address:
        raise FileError(address, f"not an address that is read; {_ALLOWED}, or a local path")
    path = Path(address).expanduser()
    if not path.exists():
        raise FileError(address, "there is no such file or folder")
    return LocalFileSystem(), str(path.resolve())


def _bucket(address: str) -> "tuple[S3FileSystem, str]":
    from pyarrow.fs import S3FileSystem

    parts = urlsplit(address)
    settings = dict(parse_qsl(parts.query))
    if unknown := settings.keys() - _SETTINGS:
        raise FileError(address, f"?{min(unknown)}= is no setting of an address; {_ALLOWED}")
    if "@" in parts.netloc:
        raise FileError(f"s3://{parts.hostname}", f"a bucket is read without credentials; {_ALLOWED}")
    if not parts.netloc:
        raise FileError(address, f"names no bucket; {_ALLOWED}")
    endpoint = settings.get("endpoint_override")
    scheme, _, host = endpoint.rpartition("://") if endpoint else ("", "", "")
    filesystem = S3FileSystem(
        anonymous=True,
        region=settings.get("region") or _region(address, parts.netloc, has_own_store=endpoint is not None),
        scheme=scheme or None,
        endpoint_override=host or None,
        connect_timeout=CONNECT_TIMEOUT_S,
        request_timeout=REQUEST_TIMEOUT_S,
    )
    folder = re.sub(r"(/\*[^/]*)+$", "", parts.path).strip("/")
    return filesystem, f"{parts.netloc}/{folder}".rstrip("/")


def _region(address: str, bucket: str, *, has_own_store: bool) -> str:
    """From the end of the bucket's name, such as `overturemaps-us-west-2`; else asked for."""
    from pyarrow.fs import resolve_s3_region

    if found := _REGION_AT_THE_END.search(bucket):
        return found[1]
    if has_own_store:
        return REGION_OF_OTHER_STORES
    try:
        return str(resolve_s3_region(bucket))
    except OSError as error:
        reason = str(error).splitlines()[0][:200]
        raise SourceError(
            address, f"the bucket's region is unknown; name it with ?region= ({reason})", is_retryable=True
        ) from error
