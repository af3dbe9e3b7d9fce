"""The bell of every page and the poll of the sender stay quick however much was told before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from notices_cast import Office
from sqlalchemy import event, insert, text

from engine.model import PersonId
from engine.store import mails, notices
from engine.store.database import Work
from engine.store.tables import mail, notice

COUNT = 8000


@pytest.fixture
def long_told(office: Office) -> Office:
    """An office in which much was told and sent, and nearly all of it was read."""
    with office.database.work() as work:
        anna, *others = office.ids.values()
        told = [
            _notice(work, number, others[number % len(others)] if number % 200 else anna) for number in range(COUNT)
        ]
        work.connection.execute(insert(mail), [_mail(work, number, anna) for number in range(1, COUNT + 1)])
        work.connection.execute(insert(notice), told)
    with office.database.work() as work:
        work.connection.execute(text("ANALYZE"))
    return office


QUERIES: dict[str, tuple[Callable[[Work, PersonId], object], str]] = {
    "the bell": (notices.unread_count, "ix_notice_unread"),
    "the list": (lambda work, person: notices.of_person(work, person, limit=30), "ix_notice_person_id_id"),
    "what no e-mail told": (notices.unsent, "ix_notice_un"),
    "is there anything to send": (lambda work, person: mails.any_ready(work), "ix_mail_ready_at"),
    "take": (
        lambda work, person: mails.take(work, limit=20, owner="a", lease=timedelta(minutes=1)),
        "ix_mail_ready_at",
    ),
    "urgent ones of this hour": (
        lambda work, person: mails.urgent_since(work, person, work.now - timedelta(hours=1)),
        "ix_mail_person_id",
    ),
}


@pytest.mark.parametrize("name", QUERIES)
def test_it_goes_by_an_index(long_told: Office, name: str) -> None:
    run, index = QUERIES[name]

    assert index in plan_of(long_told, lambda work: run(work, long_told.ids["anna"]))


def plan_of(office: Office, run: Callable[[Work], object]) -> str:
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        seen.append((statement, parameters))

    with office.database.work() as work:
        engine = work.connection.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            run(work)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        explain = "EXPLAIN" if work.connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        rows = [row for said in seen for row in work.connection.exec_driver_sql(f"{explain} {said[0]}", said[1])]
    return "\n".join(str(row[-1]) for row in rows)


def _notice(work: Work, number: int, person: PersonId) -> dict[str, object]:
    new = number > COUNT - 40
    return {
        "person_id": person,
        "kind": "late",
        "key": f"k{number}",
        "text": "Tekst",
        "urgent": False,
        "made_at": work.now,
        "read_at": None if new else work.now,
        "mail_id": None if new else 1 + number,
    }


def _mail(work: Work, number: int, person: PersonId) -> dict[str, object]:
    return {
        "id": number,
        "message_id": f"m{number}",
        "person_id": person,
        "kind": mails.URGENT,
        "day": work.now.date(),
        "subject": "s",
        "text": "t",
        "html": "h",
        "made_at": work.now - timedelta(hours=number),
        "ready_at": None,
        "owner": "",
        "attempts": 1,
        "error": "",
        "sent_at": work.now,
    }
