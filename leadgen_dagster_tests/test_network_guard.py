import asyncio
import socket

import pytest


def test_a_test_that_reaches_beyond_this_machine_fails() -> None:
    with socket.socket() as stream, pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.1"):
        stream.connect(("192.0.2.1", 80))
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
        pytest.raises(pytest.fail.Exception, match="only loopback"),
    ):
        datagrams.sendto(b"", ("192.0.2.1", 53))


def test_loopback_is_open_to_tests() -> None:
    async def ask() -> None:
        server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await reader.read() == b""
        writer.close()
        server.close()

    asyncio.run(ask())
