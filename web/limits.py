"""Slows down whoever tries passwords."""

from __future__ import annotations

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")


def login_tried() -> str:
    """Whose password is being tried, so that one person's mistakes do not lock out the office."""
    return f"{get_remote_address()} {request.form.get('login', '')[:40].lower()}"


def install(app: Flask, form_limit: int) -> None:
    """Start counting.

    Args:
        form_limit: most bytes of a form without files.
    """
    limiter.init_app(app)

    def bound() -> None:
        # The limit of the framework for fields of a form is asked of multipart forms only.
        if request.mimetype == "application/x-www-form-urlencoded":
            request.max_content_length = form_limit

    app.before_request_funcs.setdefault(None, []).insert(0, bound)  # before anybody reads the form
