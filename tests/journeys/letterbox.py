"""A mail server on loopback that keeps what it is given."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """Takes every e-mail."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        read = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(read, EmailMessage)
        self.received.append(read)
        return "250 taken"

    def text_for(self, address: str) -> str:
        """The plain part of the only e-mail to this address."""
        found = [one for one in self.received if address in str(one["To"])]
        assert len(found) == 1, [str(one["Subject"]) for one in found]
        plain = found[0].get_body(("plain",))
        assert plain is not None
        return str(plain.get_content())


@contextmanager
def mail_server() -> Iterator[tuple[Mailbox, int]]:
    """A server and its port, until the block ends."""
    box, port = Mailbox(), _free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


def _free_port() -> int:
    """The library knocks at the port that it was told, so it must be told a real one."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
