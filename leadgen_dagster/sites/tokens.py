"""The unguessable part of a demo's address: the same for one business and one secret, for ever."""

import base64
import hashlib
import hmac

TOKEN_LENGTH = 12
"""60 bits: short enough for an SMS, too many to try."""


def demo_token(secret: bytes, fingerprint: str) -> str:
    digest = hmac.new(secret, b"demo\x00" + fingerprint.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode("ascii").lower()[:TOKEN_LENGTH]


def demo_url(public_url: str, token: str) -> str:
    return f"{public_url.rstrip('/')}/d/{token}/"
