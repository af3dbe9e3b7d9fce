"""A real mail server on the loopback address that answers as a test wants."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from engine.settings import Settings

DROP = "drop"  # instead of an answer: take the e-mail and hang up
USER, PASSWORD = "bieg", "tajne-haslo"


@dataclass
class Postman:
    """What the server has taken; `answers` to DATA are given one after the other, then everything is taken."""

    port: int = 0
    certificate: Path | None = None
    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    on_taken: Callable[[], None] = lambda: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    @contextmanager
    def open(cls, *, tls: Path | None = None, auth: bool = False, **said: Any) -> Iterator[Postman]:
        """Begin to listen.

        Args:
            tls: folder for a certificate made now; the server then insists on STARTTLS.
            auth: the server insists on a login.
        """
        made = cls(port=free_port(), certificate=None if tls is None else certificate(tls), **said)
        controller = Controller(
            made,
            hostname="127.0.0.1",
            port=made.port,
            tls_context=None if tls is None else _context(tls),
            require_starttls=tls is not None,
            authenticator=made.authenticate if auth else None,
            auth_required=auth,
            auth_require_tls=tls is not None,
        )
        controller.start()
        try:
            yield made
        finally:
            controller.stop()

    def settings(self, folder: Path, **said: Any) -> Settings:
        """How an installation is set up that sends by this server."""
        values: dict[str, Any] = {
            "base_url": "https://bieg.example",
            "smtp_host": "127.0.0.1",
            "smtp_port": self.port,
            "smtp_from": "bieg@ops.example",
            "smtp_security": "none" if self.certificate is None else "starttls",
            "smtp_ca": self.certificate,
        }
        return Settings(data=folder, **{**values, **said})

    def ids(self) -> list[str]:
        return [str(one["Message-ID"]) for one in self.taken]

    def to(self) -> list[str]:
        return sorted(one["To"].addresses[0].addr_spec for one in self.taken)

    async def handle_RCPT(  # noqa: N802 - the library calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        with self.lock:
            answer = self.answers.pop(0) if self.answers else "250 OK"
            if answer.startswith("250") or answer == DROP:
                content = cast(bytes, envelope.content)
                self.taken.append(cast(EmailMessage, message_from_bytes(content, policy=policy.default)))
                self.on_taken()
        if answer == DROP:
            assert server.transport is not None
            server.transport.abort()
        return answer

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        self.logins.append(mechanism)
        known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def certificate(folder: Path) -> Path:
    """A certificate that signs itself, with its key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return path


def _context(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context
