"""The unguessable part of a demo's address: the same for one business and one secret, for ever."""

import base64
import hashlib
import hmac
import re

TOKEN_LENGTH = 12
"""60 bits: short enough for an SMS, too many to try."""

_TOKEN = re.compile(rf"[a-z2-7]{{{TOKEN_LENGTH}}}")
_IN_URL = re.compile(rf"://[^/]+(?:/[^?#]*)?/d/({_TOKEN.pattern})(?:[/?#]|$)")


def demo_token(secret: bytes, fingerprint: str) -> str:
    digest = hmac.new(secret, b"demo\x00" + fingerprint.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode("ascii").lower()[:TOKEN_LENGTH]


def demo_url(public_url: str, token: str) -> str:
    return f"{public_url.rstrip('/')}/d/{token}/"


def token_in(text: str) -> str | None:
    """The token that a person means by a token or a demo's address; None where the text is neither."""
    found = _IN_URL.search(text.strip())
    if found:
        return found[1]
    return text.strip() if _TOKEN.fullmatch(text.strip()) else None
