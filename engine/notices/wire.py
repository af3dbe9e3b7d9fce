"""The connection to the mail server: what goes wrong on it is told in three kinds, in Polish."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from types import TracebackType

from engine.errors import EngineError
from engine.settings import Settings

PATIENCE = 10.0  # seconds for each answer of the server


class Refused(EngineError):
    """The server will never take this e-mail."""

    code = "mail_refused"


class Delayed(EngineError):
    """The server does not take this e-mail now, or nobody knows whether it did."""

    code = "mail_delayed"


class Away(EngineError):
    """Nothing can be sent at all for the moment."""

    code = "mail_away"


class Wire:
    """A connection that opens when it is needed and opens again when it broke."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open: smtplib.SMTP | None = None

    def __enter__(self) -> Wire:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def send(self, message: EmailMessage, to: str) -> None:
        """Hand one e-mail to the server.

        Raises:
            Refused: when it answers with a code from 500 for this e-mail.
            Delayed: when it answers with a code from 400, or breaks off.
            Away: when it cannot be reached, does not let us in or does not know our address.
        """
        server = self._open or self._connect()
        try:
            server.sendmail(self._settings.sender, [to], message.as_bytes(policy=SMTP))
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            raise self._answered(code, "Serwer poczty nie przyjął adresu odbiorcy") from refused
        except smtplib.SMTPSenderRefused as refused:
            self._close()
            raise Away(_with(refused.smtp_code, "Serwer poczty nie przyjął adresu nadawcy")) from refused
        except smtplib.SMTPDataError as refused:
            raise self._answered(refused.smtp_code, "Serwer poczty nie przyjął wiadomości") from refused
        except (OSError, smtplib.SMTPException) as broken:  # whether it was taken nobody knows: it is sent again
            self._close()
            raise Delayed("Połączenie z serwerem poczty zostało przerwane.") from broken

    def _answered(self, code: int, text: str) -> EngineError:
        if code == 421:  # the server closes the connection
            self._close()
        return Refused(_with(code, text)) if 500 <= code < 600 else Delayed(_with(code, text))

    def _connect(self) -> smtplib.SMTP:
        try:
            self._open = self._greeted()
        except smtplib.SMTPAuthenticationError as refused:
            raise Away(_with(refused.smtp_code, "Serwer poczty nie przyjął nazwy użytkownika i hasła")) from refused
        except smtplib.SMTPNotSupportedError as refused:
            raise Away("Serwer poczty nie szyfruje połączenia albo nie zna logowania.") from refused
        except ssl.SSLError as refused:
            raise Away("Nie można zaufać certyfikatowi serwera poczty albo serwer nie szyfruje.") from refused
        except (OSError, smtplib.SMTPException) as broken:
            raise Away("Serwer poczty nie odpowiada.") from broken
        return self._open

    def _greeted(self) -> smtplib.SMTP:
        settings, name = self._settings, self._settings.sender.rpartition("@")[2]
        trust = ssl.create_default_context(cafile=None if settings.smtp_ca is None else str(settings.smtp_ca))
        server: smtplib.SMTP
        if settings.smtp_security == "tls":
            server = smtplib.SMTP_SSL(
                settings.smtp_host, settings.smtp_port, local_hostname=name, timeout=PATIENCE, context=trust
            )
        else:
            server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, local_hostname=name, timeout=PATIENCE)
        try:
            if settings.smtp_security == "starttls":
                server.starttls(context=trust)  # a server without it is refused: there is no way back to plain text
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        except BaseException:
            server.close()
            raise
        return server

    def _close(self) -> None:
        if self._open is not None:
            try:
                self._open.quit()
            except (OSError, smtplib.SMTPException):
                self._open.close()
            self._open = None


def _with(code: int, text: str) -> str:
    return f"{text} (kod {code})."
