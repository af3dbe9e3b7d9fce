"""Keeps the bytes of attached files outside the database, each under its SHA-256."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path

from engine.errors import NotFound, Unavailable
from engine.store.sealing import flush_folder

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Files:
    """A folder of files that never change."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Keeps `data`; when this returns, a power cut does not lose it.

        Returns:
            The SHA-256 of the data, in hexadecimal.

        Raises:
            Unavailable: it cannot be written.
        """
        digest = hashlib.sha256(data).hexdigest()
        target = self._path(digest)
        try:
            if not target.exists():
                _write(target, data)
        except OSError as error:
            raise Unavailable("Nie można zapisać pliku na serwerze. Spróbuj ponownie za chwilę.") from error
        return digest

    def open(self, sha256: str) -> Path:
        """Where the bytes with this digest lie.

        Raises:
            NotFound: they are not here.
        """
        if not _DIGEST.fullmatch(sha256) or not self._path(sha256).is_file():
            raise NotFound("Nie ma takiego pliku.")
        return self._path(sha256)

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def _write(target: Path, data: bytes) -> None:
    """The name appears only when all bytes are on the disk."""
    if not target.parent.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        flush_folder(target.parent.parent)
    draft = target.with_name(f"{target.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    flush_folder(target.parent)
