"""The composition root: settings in, working parts out."""

from __future__ import annotations

import hmac
import sys
from dataclasses import dataclass

import structlog

from engine.settings import Settings
from engine.store.database import Database
from engine.store.files import Files
from engine.store.sealing import load_key


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the web, the scheduler and the command line work with."""

    settings: Settings
    database: Database
    files: Files
    secret: bytes  # for signing what the web hands out; follows from the key of the installation


def assemble(settings: Settings) -> Parts:
    """Open the database and the folder of attachments.

    Raises:
        Misconfigured: when the database is not set up as safely as it must be.
        Unavailable: when it is away.
    """
    _log_without_values()
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = load_key(settings.key_file)
    database = Database(settings.url, key)
    secret = hmac.digest(key, b"bieg: web", "sha256")
    return Parts(settings=settings, database=database, files=Files(settings.attachments), secret=secret)


def _log_without_values() -> None:
    """Traces name lines of code only: the values of variables may be what a person said."""
    structlog.configure(
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # what a command answers goes out by itself
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=("timestamp", "level", "event"), bool_as_flag=False),
        ],
    )
