"""A certificate authority for one test, made by the `openssl` command."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

CONFIG = """
[ca]
default_ca = own
[own]
new_certs_dir = {folder}
database = {folder}/index
serial = {folder}/serial
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[site]
subjectAltName = {names}
[req]
distinguished_name = name
[name]
"""


class Authority:
    """Signs certificates with the dates and names a test asks for."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("openssl") is None:
            pytest.skip("the openssl command is not installed")
        self._folder = folder
        folder.joinpath("index").touch()
        folder.joinpath("serial").write_text("01\n")
        self._configure("DNS:unused")
        self._key("authority")
        self._run(
            *("req", "-x509", "-new", "-key", "authority.key", "-out", "authority.pem", "-days", "3"),
            *("-subj", "/CN=Test authority", "-config", "config", "-extensions", "authority"),
        )

    def client_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self._folder / "authority.pem"))

    def server_context(
        self, *, names: str = "IP:127.0.0.1", ends: str = "20990101000000Z", is_self_signed: bool = False
    ) -> ssl.SSLContext:
        self._configure(names)
        self._key("site")
        self._run(
            "req", "-new", "-key", "site.key", "-out", "site.csr", "-subj", "/CN=site", "-config", "config"
        )
        signer = ["-selfsign", "-keyfile", "site.key"]
        if not is_self_signed:
            signer = ["-cert", "authority.pem", "-keyfile", "authority.key"]
        self._run(
            *("ca", "-batch", "-notext", "-config", "config", "-extensions", "site", "-in", "site.csr"),
            *("-out", "site.pem", "-startdate", "20200101000000Z", "-enddate", ends, *signer),
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._folder / "site.pem", self._folder / "site.key")
        return context

    def _configure(self, names: str) -> None:
        self._folder.joinpath("config").write_text(CONFIG.format(folder=self._folder, names=names))

    def _key(self, name: str) -> None:
        self._run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")

    def _run(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self._folder, check=True, capture_output=True)  # noqa: S603, S607
