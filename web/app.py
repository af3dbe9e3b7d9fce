"""The Flask application: parts in, a WSGI callable out."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from engine.bootstrap import Parts
from web import api, context, guard, limits, pages, problems, render
from web.session import ServerSessions

FORM_LIMIT = 2 * 1024 * 1024  # bytes of a form without its files
FORM_PARTS = 5_000


def create(parts: Parts) -> Flask:
    """The application for one installation."""
    app = Flask("web")
    app.config.update(
        SECRET_KEY=parts.secret,
        SESSION_COOKIE_NAME="__Host-bieg" if parts.settings.https else "bieg",
        SESSION_COOKIE_SECURE=parts.settings.https,
        MAX_CONTENT_LENGTH=parts.settings.upload_limit * 3 + FORM_LIMIT,
        MAX_FORM_MEMORY_SIZE=FORM_LIMIT,
        MAX_FORM_PARTS=FORM_PARTS,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=parts.settings.https,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions[context.PARTS] = parts
    app.session_interface = ServerSessions()
    guard.install(app)
    protection = CSRFProtect(app)
    limits.install(app, FORM_LIMIT)
    problems.install(app)
    render.install(app)
    for blueprint in pages.BLUEPRINTS:
        app.register_blueprint(blueprint)
    for blueprint in api.BLUEPRINTS:
        app.register_blueprint(blueprint)
        protection.exempt(blueprint)  # calls carry a token, never a cookie
    if parts.settings.https:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app
