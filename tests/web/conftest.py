"""What tests of the web share: an application on a fresh database, its people, a browser and a program."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from web_cast import NOTE, NOTE_FORM, OUTSIDE, PLAIN, Actor, Caller, enter_all

from engine import circumstances
from engine.bootstrap import Parts
from engine.settings import Settings
from engine.store.database import Database
from engine.store.files import Files
from web.app import create


@pytest.fixture(autouse=True)
def no_known_forms() -> None:
    """Published forms are kept in memory by their id, which another database gives to another form."""
    circumstances._FORMS.clear()


@pytest.fixture
def parts(database: Database, tmp_path: Path) -> Parts:
    """An installation on a fresh database of each kind in turn."""
    settings = Settings(data=tmp_path)
    return Parts(settings=settings, database=database, files=Files(settings.attachments), secret=bytes(32))


@pytest.fixture
def app(parts: Parts) -> Flask:
    """The application of this installation."""
    return create(parts)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that has not signed in."""
    return app.test_client()


@pytest.fixture
def people(database: Database) -> dict[str, Actor]:
    """The cast, by login."""
    return enter_all(database)


@pytest.fixture
def call(app: Flask, people: dict[str, Actor]) -> Caller:
    """A program that calls the API."""
    return Caller(app, people)


@pytest.fixture
def office(call: Caller) -> Caller:
    """The same in an office where small processes and a form are in use."""
    assert call.post("/forms/notatka", data=NOTE_FORM.encode()).status_code == 201
    for xml in (NOTE, OUTSIDE, PLAIN):
        call.publish(xml)
    return call
