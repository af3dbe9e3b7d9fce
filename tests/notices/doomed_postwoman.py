"""A worker that sends e-mails until it is killed."""

from __future__ import annotations

from databases import KEY

from engine.notices import sending
from engine.settings import Settings
from engine.store.database import Database


def send(url: str, settings: Settings, owner: str) -> None:
    """Send what is ready, once."""
    sending.send_due(Database(url, KEY), settings, owner)
