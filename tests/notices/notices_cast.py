"""A small office: people with e-mail addresses, one case, tasks with ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from store_cast import KIEROWNIK, KOORDYNATOR, WOJT, a_person, a_task, an_instance

from engine.actions import digests
from engine.model import Deadline, DeadlineId, DeadlineKind, InstanceId, Person, PersonId, Task
from engine.store import mails, notices, people, tasks
from engine.store.database import Database, Work
from engine.store.notices import Notice
from engine.store.tables import mail
from engine.store.tables import task as task_table

ADMINISTRATOR = "Administrator"
SOCJALNY = "Pracownik socjalny"
NGO = "Organizacja pozarządowa"
SECRET = "KANAREK-Kowalska"  # stands wherever personal data may stand
MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # 7:00 in the centre
SATURDAY = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
CAST: Mapping[str, tuple[str, ...]] = {
    "anna": (KOORDYNATOR,),
    "olga": (KOORDYNATOR,),
    "krystyna": (KIEROWNIK,),
    "kazimierz": (KIEROWNIK,),
    "wojciech": (WOJT,),
    "pawel": (SOCJALNY,),
    "natalia": (NGO,),
    "adam": (ADMINISTRATOR,),
}


def end_of(moment: datetime, days: int = 0) -> datetime:
    """The last second of a day of the centre, in winter."""
    return (moment + timedelta(days=days)).replace(hour=22, minute=59, second=59, microsecond=0)


@dataclass(frozen=True, kw_only=True)
class Row:
    """An e-mail as it lies in the outbox."""

    login: str
    kind: str
    subject: str
    text: str
    html: str
    message_id: str
    waits: bool
    error: str
    attempts: int


@dataclass(frozen=True, kw_only=True)
class Office:
    """The office on one database."""

    database: Database
    ids: Mapping[str, PersonId]
    instance: InstanceId

    def person(self, login: str) -> Person:
        with self.database.look() as work:
            return people.get(work, self.ids[login])

    def task(self, key: str = "t1", *, person: str = "", due_at: datetime | None = None, **said: object) -> Task:
        """An open task; `said` are columns of its row, or what `a_task` takes."""
        columns = {name: said.pop(name) for name in ("follow_up_at", "remind_at", "paused_at", "about") if name in said}
        with self.database.work() as work:
            id = a_task(work, self.instance, key, due_at=due_at, **said)  # type: ignore[arg-type]
            if person:
                tasks.assign(work, id, self.ids[person])
            if columns:
                work.connection.execute(update(task_table).where(task_table.c.id == id).values(**columns))
            return tasks.get(work, id)

    def changed(self, task: Task, **columns: object) -> Task:
        with self.database.work() as work:
            work.connection.execute(update(task_table).where(task_table.c.id == task.id).values(**columns))
            return tasks.get(work, task.id)

    def told(self, login: str) -> tuple[Notice, ...]:
        with self.database.look() as work:
            return notices.of_person(work, self.ids[login]).items

    def told_anything(self) -> set[str]:
        """Logins of those who were told at least one thing."""
        return {login for login in self.ids if self.told(login)}

    def outbox(self, login: str = "") -> list[Row]:
        logins = {id: name for name, id in self.ids.items()}
        with self.database.look() as work:
            rows = work.connection.execute(select(mail).order_by(mail.c.id)).all()
        found = [
            Row(
                login=logins[row.person_id],
                kind=row.kind,
                subject=row.subject,
                text=row.text,
                html=row.html,
                message_id=row.message_id,
                waits=row.ready_at is not None,
                error=row.error,
                attempts=row.attempts,
            )
            for row in rows
        ]
        return [one for one in found if login in ("", one.login)]

    def digest(self, login: str) -> None:
        """What the clock does for one person in the morning."""
        with self.database.work() as work:
            digests.fire(work, a_deadline(work, f"{digests.PERSON}{self.ids[login]}"))

    def post(self, *logins: str, subject: str = "Bieg: próba") -> None:
        """An e-mail to each, ready to be sent."""
        with self.database.work() as work:
            for number, login in enumerate(logins):
                mails.write(
                    work,
                    person=self.ids[login],
                    kind=mails.URGENT,
                    day=work.now.date(),
                    message_id=f"znak-{login}-{number}-{work.now.timestamp()}",
                    subject=subject,
                    text="Zażółć gęślą jaźń: {bieg}/zadania/1",
                    html='<p>Zażółć <a href="{bieg}/zadania/1">gęślą</a> jaźń</p>',
                )


def a_deadline(work: Work, key: str) -> Deadline:
    return Deadline(
        id=DeadlineId(1),
        instance=None,
        kind=DeadlineKind.DIGEST,
        key=key,
        element="",
        name="",
        due_at=work.now,
        attempts=1,
    )


def opened(database: Database) -> Office:
    with database.work() as work:
        ids = {
            login: a_person(work, login, *roles, name=f"{login.capitalize()} {SECRET}") for login, roles in CAST.items()
        }
        instance = an_instance(work, title=f"Usługa dla osoby {SECRET}")
    return Office(database=database, ids=ids, instance=instance)
