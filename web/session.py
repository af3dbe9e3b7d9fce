"""Sessions on the server: the cookie holds a secret, the database its hash, nothing lies in the browser."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from engine.actions import sessions as deeds
from engine.bootstrap import Parts
from engine.errors import Unavailable
from engine.model import Person, PersonId
from engine.reading import sessions as looks
from web.context import PARTS


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What Flask calls a session. `person` is who signed in; `sign` asks for a fresh secret."""

    def __init__(self, data: dict[str, Any] | None = None, secret: str = "", person: Person | None = None) -> None:
        def changed(_: object) -> None:
            self.modified = True

        super().__init__(data or {}, changed)
        self.modified = False
        self.secret = secret
        self.person = person
        self.sign: PersonId | None = None
        self.ended = False
        self.stale = False


class ServerSessions(SessionInterface):
    """Loads and saves sessions through the engine."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """The session of this request; an unknown or old cookie gives an empty one."""
        secret = request.cookies.get(self.get_cookie_name(app), "")
        if not secret or request.path.startswith(("/static/", "/healthz", "/api/")):
            return ServerSession()
        parts: Parts = app.extensions[PARTS]
        try:
            with parts.database.look() as work:
                found = looks.session(work, secret)
        except Unavailable:
            return ServerSession()
        if found is None:
            return ServerSession()
        opened = ServerSession(json.loads(found.data), secret, found.person)
        opened.stale = found.stale
        return opened

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what changed; signing in or out always changes the secret."""
        if not isinstance(session, ServerSession):
            raise TypeError("a session of this application is expected")
        parts: Parts = app.extensions[PARTS]
        name = self.get_cookie_name(app)
        if session.ended or session.sign is not None:
            self._renew(parts, session)
            if session.secret:
                self._set_cookie(app, response, session.secret)
            else:
                response.delete_cookie(name, path="/")
            return
        if not session.modified and not session.stale:
            return
        data = json.dumps(dict(session), ensure_ascii=False)
        with parts.database.work() as work:
            if session.secret:
                deeds.save_session(work, session.secret, data)
            else:
                session.secret = deeds.open_session(work, None, data)
        self._set_cookie(app, response, session.secret)

    def _renew(self, parts: Parts, session: ServerSession) -> None:
        with parts.database.work() as work:
            if session.secret:
                deeds.close_session(work, session.secret)
            session.secret = ""
            if session.sign is not None:
                data = json.dumps(dict(session), ensure_ascii=False)
                session.secret = deeds.open_session(work, session.sign, data)

    def _set_cookie(self, app: Flask, response: Response, secret: str) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            secret,
            httponly=True,
            secure=self.get_cookie_secure(app),
            samesite="Lax",
            path="/",
        )
        response.vary.add("Cookie")
