"""What belongs to one installation: its secret."""

import os
import secrets
from pathlib import Path

SECRET_BYTES = 32


def installation_secret(home: Path) -> bytes:
    """What makes the addresses of demos unguessable; made once, the same in every run, readable by its owner only."""
    path = home / "secret"
    home.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(SECRET_BYTES))
    return _read(path)


def _read(path: Path) -> bytes:
    return bytes.fromhex(path.read_text(encoding="ascii").strip())
