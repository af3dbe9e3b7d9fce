"""Slows down whoever tries passwords."""

from __future__ import annotations

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")


def login_tried() -> str:
    """Whose password is being tried, so that one person's mistakes do not lock out the office."""
    return f"{get_remote_address()} {request.form.get('login', '')[:40].lower()}"


def install(app: Flask) -> None:
    """Start counting."""
    limiter.init_app(app)
