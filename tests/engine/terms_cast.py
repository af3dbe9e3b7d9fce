"""Tasks with a term in the small centre: how they open, how time passes, and what is done about their terms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from actions_cast import END, START, Centre, user, ways

from engine import clock
from engine.actions import firing, follow_ups, task_terms
from engine.model import InstanceId, Json, Task
from engine.store import deadlines, journal, notices, tasks

STATUTORY = "KPA: 1 miesiąc"
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with clock.standing(moment):
        yield


def published(centre: Centre, key: str, term: str) -> None:
    centre.publish(key, START + user("praca", f'term="{term}"') + END + ways("start praca koniec"))


def opened(centre: Centre, term: str = STATUTORY, key: str = "terminowa", **variables: Json) -> Task:
    """The one task of a case that began on Monday."""
    with at(MONDAY):
        published(centre, key, term)
        return centre.task(centre.start(key, by="anna", **variables).id)


def waiting(centre: Centre, instance: InstanceId) -> dict[str, datetime]:
    """The deadlines of a case by kind."""
    with centre.database.look() as work:
        return {one.kind.value: one.due_at for one in deadlines.of_instance(work, instance)}


def fresh(centre: Centre, task: Task) -> Task:
    with centre.database.look() as work:
        return tasks.get(work, task.id)


def told(centre: Centre, login: str) -> list[str]:
    """Kinds of the notices of a person, oldest first."""
    with centre.database.look() as work:
        found = notices.of_person(work, centre.person(login).id)
        return [one.kind for one in sorted(found.items, key=lambda one: one.id)]


def account(centre: Centre, instance: InstanceId) -> list[str]:
    with centre.database.look() as work:
        return [one.deed for one in journal.of_instance(work, instance)]


def fire(centre: Centre, moment: datetime) -> None:
    with at(moment):
        firing.fire_due(centre.database, "test", moment)


def plain(text: str) -> str:
    """With plain spaces where lines must not break."""
    return text.replace("\u00a0", " ")


def postpone(centre: Centre, task: Task, day: date, by: str = "krystyna", reason: str = "Czekamy na opinię") -> Task:
    with centre.work() as work:
        return task_terms.postpone(work, centre.person(by), task.id, new_end=day, reason=reason)


def delay(centre: Centre, task: Task, day: date, by: str = "krystyna", text: str = "") -> Task:
    with centre.work() as work:
        person = centre.person(by)
        return task_terms.delay(work, person, task.id, new_end=day, reason="Brak opinii biegłego", text=text)


def suspend(centre: Centre, task: Task, *, whole_case: bool = False, by: str = "krystyna") -> tuple[Task, ...]:
    with centre.work() as work:
        person = centre.person(by)
        basis = task_terms.BASES[0]
        return task_terms.suspend(work, person, task.id, reason="Sąd bada", basis=basis, whole_case=whole_case)


def resume(centre: Centre, task: Task, *, whole_case: bool = False) -> tuple[Task, ...]:
    with centre.work() as work:
        person = centre.person("krystyna")
        return task_terms.resume(work, person, task.id, reason="Sąd orzekł", whole_case=whole_case)


def follow_up(centre: Centre, task: Task, day: date | None, by: str = "anna") -> Task:
    with centre.work() as work:
        return follow_ups.follow_up(work, centre.person(by), task.id, day)
