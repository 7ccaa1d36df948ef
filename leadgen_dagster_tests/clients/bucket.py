"""A store on loopback that speaks as much S3 as reading takes, and counts what it gave away."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

DAY = "2026-10-21T00:00:00.000Z"


@dataclass(kw_only=True)
class Bucket:
    """Objects by key; once it has given `broken_after` bytes of content, it refuses."""

    server: HTTPServer
    name: str
    objects: Mapping[str, bytes]
    broken_after: int | None = None
    given: int = 0
    """Bytes of all answers that hold content."""
    footers: int = 0
    """Bytes of those that reach to an object's end."""
    requests: int = 0
    signed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.expect_request(re.compile(".*")).respond_with_handler(self._answer)

    @property
    def content_bytes(self) -> int:
        """Without the footers, which have to be read in any case."""
        return self.given - self.footers

    def address(self, folder: str) -> str:
        endpoint = self.server.url_for("").rstrip("/")
        return f"s3://{self.name}/{folder}?region=us-west-2&endpoint_override={endpoint}"

    def _answer(self, request: Request) -> Response:
        self.requests += 1
        if "Authorization" in request.headers:
            self.signed.append(request.path)
        key = request.path.removeprefix(f"/{self.name}").strip("/")
        if not key:
            return self._listing(request.args.get("prefix", ""))
        content = self.objects.get(key)
        if content is None:
            return Response("", 404)
        headers = {"Last-Modified": "Wed, 21 Oct 2026 00:00:00 GMT", "ETag": '"1"', "Accept-Ranges": "bytes"}
        if request.method == "HEAD":
            return Response(content, headers=headers)
        if self.broken_after is not None and self.content_bytes >= self.broken_after:
            return Response("<Error><Code>AccessDenied</Code></Error>", 403, content_type="application/xml")
        first, _, last = request.headers["Range"].removeprefix("bytes=").partition("-")
        part = content[int(first) : int(last) + 1]
        self.given += len(part)
        if int(last) + 1 >= len(content):
            self.footers += len(part)
        where = f"bytes {first}-{int(first) + len(part) - 1}/{len(content)}"
        return Response(part, 206, headers=headers | {"Content-Range": where})

    def _listing(self, prefix: str) -> Response:
        found = {key: content for key, content in sorted(self.objects.items()) if key.startswith(prefix)}
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(content)}</Size><LastModified>{DAY}</LastModified></Contents>"
            for key, content in found.items()
        )
        return Response(
            f"<ListBucketResult><Name>{self.name}</Name><Prefix>{prefix}</Prefix><IsTruncated>false</IsTruncated>"
            f"<KeyCount>{len(found)}</KeyCount>{rows}</ListBucketResult>",
            content_type="application/xml",
        )
