"""Loads the demonstration centre into an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from engine import clock, shipped
from engine.actions import counting, duties, firing, instances, people
from engine.actions.preferences import HEAD
from engine.bootstrap import Parts
from engine.demo import stories
from engine.demo.people import PASSWORD, PEOPLE, UNITS
from engine.demo.walking import Walk
from engine.errors import Conflict
from engine.model import Json, Person
from engine.store import people as people_rows
from engine.store import preferences
from engine.store.database import Work

PAUSE = timedelta(days=1, minutes=7)  # between two steps of a case, so that people act in office hours
CENTRE: dict[str, Json] = {
    "name": "Miejski Ośrodek Pomocy Społecznej w Przykładowie",
    "short": "MOPS Przykładowo",
    "address": "ul. Zmyślona 1, 00-000 Przykładowo",
    "town": "Przykładowo",
    "demo": True,
    "demo_password": PASSWORD,
}


def load(parts: Parts) -> Iterator[str]:
    """Load people, authorisations, processes, forms and cases.

    Yields:
        Lines that say what was loaded.

    Raises:
        Conflict: when the database holds other data.
    """
    with parts.database.work() as work:
        if people_rows.any_people(work):
            raise Conflict("Baza nie jest pusta. Ośrodek pokazowy wczytuje się tylko do pustej bazy.")
        _people(work)
        _authorisations(work)
        preferences.put(work, HEAD, CENTRE)
    yield f"Osoby: {len(PEOPLE)}, hasło każdej: {PASSWORD}"
    with parts.database.work() as work:
        count = len(list(shipped.publish(work, None, shipped.files())))
        duties.ensure(work)
    yield f"Opublikowane procesy i formularze: {count}"
    for story in stories.told():
        yield _tell(parts, story)
    with parts.database.work() as work:
        counting.count(work)
    parts.database.run(duties.plan)
    firing.fire_due(parts.database, "demo", clock.now())  # what has come while the stories were told
    yield "Obowiązki ośrodka: ułożone na rok naprzód"


def _people(work: Work) -> None:
    units = {name: people.add_unit(work, None, name=name, performs=performs) for name, performs in UNITS}
    for one in PEOPLE:
        people.add(
            work,
            None,
            login=one.login,
            name=one.name,
            email=f"{one.login}@przykladowo.example",
            unit=units.get(one.unit),
            roles=one.roles,
            password=PASSWORD,
        )
    people.add(
        work,
        None,
        login="api",
        name="Program próbny",
        email="",
        unit=None,
        roles=(),
        password=PASSWORD,
        unrestricted=True,
    )


def _authorisations(work: Work) -> None:
    today = clock.today(work.now)
    for number, scope in enumerate(("FORMA", "KONKURS", "NADZOR"), start=1):
        people.authorise(
            work,
            None,
            scope=scope,
            number=f"OPS.077.{number}.{today.year}",
            valid_from=date(today.year - 1, 1, 1),
            valid_to=date(today.year + 1, 12, 31),
        )


def _tell(parts: Parts, story: stories.Story) -> str:
    begun = _morning(clock.today() - timedelta(days=story.days_ago))
    with clock.standing(begun), parts.database.work() as work:
        by = person(work, "koordynator")
        instance = instances.start(work, by, "organizacja_uslugi", title=story.title, variables=story.variables)
    walk = Walk(parts=parts, instance=instance.id, now=begun, answers=story.answers, pause=PAUSE)
    walk.until(story.place) if story.place else walk.until()
    return f"Sprawa {instance.number}: {story.title}"


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(8, 12), clock.WARSAW).astimezone(UTC)


def person(work: Work, login: str) -> Person:
    """A person of the demonstration centre."""
    found = people_rows.by_login(work, login)
    if found is None:
        raise AssertionError(login)
    return found
