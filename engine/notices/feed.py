"""The calendar of one person as other programs read it (iCalendar, RFC 5545): numbers of cases and names of tasks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from icalendar import Alarm, Calendar, Event

from engine import circumstances, clock
from engine.documents.letters import one_line, path
from engine.model import Person, Task
from engine.settings import Settings
from engine.store import absences, feeds, people, tasks
from engine.store.absences import Absence
from engine.store.database import Work
from engine.store.feeds import Changes
from engine.store.task_search import TaskFilter

MOST_TASKS = 500
TO_DO = frozenset({"foreseen", "planned", "begun"})  # states of a duty
OFTEN = "PT1H"  # how often a program need ask


class Occurrence(Protocol):
    """One time that a duty comes round, as `engine.reading.duties` tells of it."""

    @property
    def duty(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def due_on(self) -> date: ...
    @property
    def number(self) -> str: ...
    @property
    def state(self) -> str: ...


def owner(work: Work, secret: str) -> Person | None:
    """Whose calendar has this secret address; None when it is unknown or revoked, or she does not work here any more.

    The secret has 256 random bits and is looked up by its hash, so that the time of the answer tells nothing of it.
    """
    found = feeds.person_of(work, hashlib.sha256(secret.encode()).hexdigest())
    person = people.get(work, found) if found is not None else None
    return person if person is not None and person.active else None


def calendar(work: Work, person: Person, settings: Settings, duties: Sequence[Occurrence] = ()) -> bytes:
    """Open tasks with their ends, follow-ups, absences and duties; within a day the same rows give the same bytes.

    Args:
        duties: of all roles.
    """
    made = Calendar()
    made.add("prodid", "-//Bieg//kalendarz osobisty//PL")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", "Bieg – moje terminy")
    made.add("x-published-ttl", OFTEN)
    scopes = circumstances.scopes_in_force(work)
    own = tasks.search(work, TaskFilter(viewer=person, scopes=scopes, whose="mine", limit=MOST_TASKS)).items
    changed = feeds.changes(work, [one.id for one in own])
    for one in own:
        times, last = changed.get(one.id, Changes(times=0, last=one.opened_at))
        if one.due_at is not None:
            made.add_component(_end(one, one.due_at, times, last, settings))
        if one.follow_up_at is not None:
            made.add_component(_follow_up(one, one.follow_up_at, settings))
    stamp = datetime.combine(clock.today(work.now), time(), UTC)
    for away in absences.about(work, person.id):
        made.add_component(_absence(away, person, stamp, settings))
    for duty in duties:
        if duty.role in person.roles and duty.state in TO_DO:
            made.add_component(_duty(duty, stamp, settings))
    return bytes(made.to_ical())


def _end(task: Task, due_at: datetime, times: int, last: datetime, settings: Settings) -> Event:
    made = _event(f"task-{task.id}", f"{task.name} – {task.instance_number}", last, settings)
    made.add("sequence", times)
    made.add("url", settings.address + path(task.id, None))
    if clock.ends_day(due_at):
        _whole_days(made, clock.today(due_at), clock.today(due_at))
    else:
        made.add("dtstart", due_at.astimezone(UTC))
    if task.remind_at is not None and task.remind_at < due_at:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", "Zbliża się termin zadania.")
        alarm.add("trigger", task.remind_at.astimezone(UTC), parameters={"VALUE": "DATE-TIME"})
        made.add_component(alarm)
    return made


def _follow_up(task: Task, moment: datetime, settings: Settings) -> Event:
    """Another day makes another event: nothing is kept of when it was chosen."""
    day = clock.today(moment)
    made = _event(
        f"follow-up-{task.id}-{day}", f"Powrót do: {task.name} – {task.instance_number}", task.opened_at, settings
    )
    made.add("url", settings.address + path(task.id, None))
    _whole_days(made, day, day)
    return made


def _absence(away: Absence, person: Person, stamp: datetime, settings: Settings) -> Event:
    own = away.person == person.id
    made = _event(f"absence-{away.id}", "Nieobecność" if own else "Zastępstwo", stamp, settings)
    _whole_days(made, away.starts_on, away.ends_on)
    return made


def _duty(duty: Occurrence, stamp: datetime, settings: Settings) -> Event:
    mark = hashlib.sha256(f"{duty.duty} {duty.number} {duty.name} {duty.due_on}".encode()).hexdigest()[:16]
    made = _event(f"duty-{mark}", f"Obowiązek: {duty.name}", stamp, settings)
    _whole_days(made, duty.due_on, duty.due_on)
    return made


def _event(name: str, summary: str, stamp: datetime, settings: Settings) -> Event:
    """DTSTAMP must not move with every answer, else nobody could see that nothing has changed."""
    made = Event()
    made.add("uid", f"{name}@{urlsplit(settings.address).hostname}")
    made.add("summary", one_line(summary))
    made.add("dtstamp", stamp.astimezone(UTC))
    made.add("last-modified", stamp.astimezone(UTC))
    made.add("class", "PRIVATE")
    made.add("transp", "TRANSPARENT")  # an end is no meeting: the day stays free for others
    return made


def _whole_days(event: Event, first: date, last: date) -> None:
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))  # the first day that does not belong to it
