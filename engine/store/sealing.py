"""Seals confidential values, so that the database file alone tells nobody what a person said."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine.errors import Misconfigured

KEY_BYTES = 32
_NONCE_BYTES = 12
_FIRST_KEY = b"\x01"  # leads every sealed value, so that a later key can be told from this one


class Sealer:
    """Seals and opens values, and marks rows that must not change, with the key of this installation."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise Misconfigured(f"Klucz szyfrowania odpowiedzi musi mieć {KEY_BYTES} bajty.")
        self._cipher = AESGCM(key)
        self._marking_key = hmac.digest(key, b"bieg: marking", hashlib.sha256)
        self.fingerprint = hmac.digest(key, b"bieg: fingerprint", hashlib.sha256).hex()

    def seal(self, text: str, place: str) -> bytes:
        """Seals `text` for one place.

        Args:
            text: what nobody else may read.
            place: identity of the row, such as `answers:17`; a sealed value that is moved elsewhere does not open.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _FIRST_KEY + nonce + self._cipher.encrypt(nonce, text.encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        """Opens what was sealed for `place`.

        Raises:
            Misconfigured: it was sealed with another key or for another place, or was changed since.
        """
        nonce, content = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            if sealed[:1] != _FIRST_KEY:
                raise InvalidTag
            return self._cipher.decrypt(nonce, content, place.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Misconfigured(
                "Nie można odczytać zapisanych odpowiedzi: klucz nie pasuje do bazy albo dane zostały zmienione "
                "poza systemem. Przywróć właściwy plik klucza lub kopię zapasową."
            ) from error

    def mark(self, content: bytes) -> bytes:
        """An HMAC-SHA-256 that only the holder of the key can make."""
        return hmac.digest(self._marking_key, content, hashlib.sha256)


def load_key(path: Path) -> bytes:
    """Reads the key file; makes it, readable by its owner only, when there is none yet.

    Raises:
        Misconfigured: the file cannot be used, or others than its owner may read it.
    """
    try:
        if not path.exists():
            _make_key(path)
        if path.stat().st_mode & 0o077:
            raise Misconfigured(f"Plik klucza {path} może czytać ktoś więcej niż jego właściciel. Nadaj mu prawa 0600.")
        key = base64.b64decode(path.read_bytes(), validate=False)
    except (OSError, binascii.Error) as error:
        raise Misconfigured(f"Nie można użyć pliku klucza {path}: {error}.") from error
    if len(key) != KEY_BYTES:
        raise Misconfigured(f"Plik klucza {path} jest uszkodzony. Przywróć go z kopii zapasowej.")
    return key


def _make_key(path: Path) -> None:
    """Two processes may start at once: the link lets exactly one of them win, and never shows half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Makes names that were just added to `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
