"""No page of the menu asks the database more than six things, its frame included, however much it lists."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pages_cast
import pytest
from flask import g
from flask.testing import FlaskClient
from pages_cast import Centre
from sqlalchemy import event

from engine.model import PersonId, TaskId
from engine.reading import tasks as looks
from engine.store import people, tasks
from web import context

MOST = 6
MENU = {
    "/zadania": "koordynator",
    "/zadania?pokaz=late": "koordynator",
    "/zadania?pokaz=team": "koordynator",
    "/sprawy": "koordynator",
    "/kalendarz": "koordynator",
    "/kalendarz?widok=tydzien&kto=zespol": "koordynator",
    "/kalendarz?widok=dzien&kto=wszyscy": "kierownik",
    "/kalendarz?widok=rok&kto=wszyscy": "kierownik",
    "/terminy": "kierownik",
    "/terminy/lista": "kierownik",
    "/powiadomienia": "koordynator",
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("centre") / "data"
    return folder, pages_cast.build(folder)


@pytest.fixture
def centre(template: tuple[Path, dict[str, int]], tmp_path: Path) -> Iterator[Centre]:
    with pages_cast.opened(*template, tmp_path / "data") as made:
        yield made


@contextmanager
def asked(centre: Centre) -> Iterator[list[str]]:
    """Every statement but the beginning of a transaction."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            found.append(" ".join(statement.split())[:90])

    engines = (centre.parts.database._reader, centre.parts.database._writer)
    for one in engines:
        event.listen(one, "before_cursor_execute", note)
    try:
        yield found
    finally:
        for one in engines:
            event.remove(one, "before_cursor_execute", note)


def statements(centre: Centre, client: FlaskClient, path: str) -> list[str]:
    assert client.get(path).status_code == 200  # what is kept in memory for good is read now

    with asked(centre) as found:
        assert client.get(path).status_code == 200
    return found


@pytest.mark.parametrize("path", MENU)
def test_a_page_of_the_menu_asks_at_most_six_things(centre: Centre, path: str) -> None:
    found = statements(centre, centre.browser(MENU[path]), path)

    assert len(found) <= MOST, "\n".join(found)


def test_the_task_list_asks_no_more_when_it_is_longer(centre: Centre) -> None:
    client = centre.browser("koordynator")
    few = statements(centre, client, "/zadania")
    with centre.parts.database.work() as work:
        columns = [row[1] for row in work.connection.exec_driver_sql("PRAGMA table_info(task)") if row[1] != "id"]
        copied = ", ".join("key || n.i" if one == "key" else f'"{one}"' for one in columns)
        names = ", ".join(f'"{one}"' for one in columns)
        numbers = "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 41) "
        work.connection.exec_driver_sql(
            f"{numbers} INSERT INTO task ({names}) SELECT {copied} FROM task, n WHERE id = {centre.open}"
        )

    many = statements(centre, client, "/zadania")

    assert len(many) == len(few)


def test_what_a_request_has_read_is_forgotten_as_soon_as_it_writes(centre: Centre) -> None:
    with centre.app.test_request_context("/zadania"):
        with context.look() as work:
            g.person = people.get(work, PersonId(centre.people["koordynator"]))
            before = looks.waiting(work, context.person())
        with context.work() as work:
            tasks.cancel(work, TaskId(centre.open))
        with context.look() as work:
            after = looks.waiting(work, context.person())

    assert after.all == before.all - 1


def test_a_page_that_asks_for_each_line_is_noticed(centre: Centre) -> None:
    """The counting itself: every statement is seen, those of reading and those of writing."""
    with asked(centre) as found:
        for _ in range(7):
            centre.parts.database.ping()
        with centre.parts.database.work() as work:
            work.connection.exec_driver_sql("SELECT 2")

    assert len(found) == 8
