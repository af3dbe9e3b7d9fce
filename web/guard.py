"""Who may enter: every route says which right it needs, and is asked before it opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine import access
from engine.access import Right
from engine.errors import NotAllowed, NotFound
from engine.reading import sessions
from web import context

View = TypeVar("View", bound=Callable[..., object])
POLICY = (
    "default-src 'self'; img-src 'self' data:; font-src 'self'; style-src 'self'; script-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
REFUSED = {
    Right.START: "Tę stronę otwiera koordynator usług albo kierownik ośrodka.",
    Right.PUBLISH: "Tę stronę otwiera kierownik ośrodka albo administrator.",
    Right.OVERSEE: "Tę stronę otwiera kierownik ośrodka albo administrator.",
    Right.PEOPLE: "Tę stronę otwiera administrator.",
}


def needs(right: Right) -> Callable[[View], View]:
    """Mark a view with the right it asks for."""

    def mark(view: View) -> View:
        view.bieg_right = right  # type: ignore[attr-defined]
        return view

    return mark


def right_of(app: Flask, endpoint: str) -> Right | None:
    """The right that the view of `endpoint` asks for, None when it says nothing."""
    if endpoint == "static":
        return Right.ANYONE
    found: Right | None = getattr(app.view_functions.get(endpoint), "bieg_right", None)
    return found


def install(app: Flask) -> None:
    """Ask before every request, and send the security headers with every answer."""
    app.before_request(_identify)
    app.before_request(_ask)
    app.after_request(_secure)


def _identify() -> None:
    """Find out who asks: by the session's cookie, for the API by its token."""
    g.person = getattr(session, "person", None)
    if not is_api():
        return
    g.person = None
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and secret:
        with context.look() as work:
            g.person = sessions.token_owner(work, secret.strip())


def _ask() -> AnyResponse | None:
    if request.endpoint is None:
        return None  # no such page: 404 follows
    right = right_of(current_app, request.endpoint)
    if right is None:
        raise NotFound("Nie ma takiej strony.")
    if access.may(context.visitor(), right):
        return None
    if context.visitor() is None:
        if is_api():
            raise NotAllowed("Podaj ważny token w nagłówku Authorization.")
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("signing.form", dalej=target))
    raise NotAllowed(REFUSED.get(right, "Nie masz uprawnień do tej strony."))


def is_api() -> bool:
    """True for calls of programs."""
    return request.path.startswith("/api/")


def _secure(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
