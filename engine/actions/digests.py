"""Deeds of the morning: everybody is written once what waits for them, in a transaction of their own."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from engine import circumstances, clock
from engine.documents import letters
from engine.documents.letters import Letter, Line, Section, one_line, path
from engine.forms import polish
from engine.model import Deadline, DeadlineKind, Person, PersonId, Task
from engine.store import absences, deadlines, mails, notices, people, preferences, tasks
from engine.store.database import Work
from engine.store.notices import Notice
from engine.store.task_search import TaskFilter
from engine.terms.calendar import why_free

PERSON = "person:"  # key of the deadline of one person, before her id
MOST_TASKS = 500
MOST_LINES = 20  # under one heading
KEPT = timedelta(days=180)
URGENT_PRIORITY = 80
WEEK = 7
CENTRE = "centre"  # preference


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What waits for one person on one day."""

    late: tuple[Task, ...]
    today: tuple[Task, ...]
    week: tuple[Task, ...]
    follow_ups: tuple[Task, ...]
    notices: tuple[Notice, ...]
    remarks: tuple[str, ...]

    @property
    def worth(self) -> bool:
        """True when it is worth a letter; what others could do as well is not."""
        return any((self.late, self.today, self.week, self.follow_ups, self.notices))

    @property
    def urgent(self) -> bool:
        """True when it cannot wait for the next working day."""
        return any(is_urgent(one) for one in (*self.late, *self.today))


def is_urgent(task: Task) -> bool:
    """True for what counts in hours, and for what has a high priority."""
    return in_hours(task) or task.priority >= URGENT_PRIORITY


def in_hours(task: Task) -> bool:
    """True for crisis work, whose term counts hours or minutes."""
    return task.due_at is not None and not clock.ends_day(task.due_at)


def fire(work: Work, deadline: Deadline) -> None:
    """Write the digest of one person; the daily deadline of the centre only sets one for everybody.

    So a failure with one person holds up nobody else, and no transaction is long.
    """
    if deadline.key.startswith(PERSON):
        _write(work, people.get(work, PersonId(int(deadline.key.removeprefix(PERSON)))))
        return
    for one in people.all_people(work):
        if one.active and not one.unrestricted:
            deadlines.put(work, kind=DeadlineKind.DIGEST, key=f"{PERSON}{one.id}", due_at=work.now)


def waiting(work: Work, person: Person) -> Waiting:
    """What waits for this person now: her own tasks by their end, and what no letter has told her yet."""
    own = mine(work, person)
    ends = [_day_end(work.now, days) for days in (0, WEEK)]
    due = [(one.due_at, one) for one in own if one.due_at is not None and one.paused_at is None]
    late = tuple(one for end, one in due if end < work.now)
    today = tuple(one for end, one in due if work.now <= end < ends[0])
    week = tuple(one for end, one in due if ends[0] <= end < ends[1])
    shown = {one.id for one in (*late, *today, *week)}
    told = tuple(one for one in notices.unsent(work, person.id) if one.task is None or one.task not in shown)
    return Waiting(
        late=late,
        today=today,
        week=week,
        follow_ups=tuple(one for one in own if one.follow_up_at is not None and one.follow_up_at < ends[0]),
        notices=told,
        remarks=tuple(
            f"Zastępujesz nieobecną osobę do {polish.day(one.ends_on)}."
            for one in absences.about(work, person.id)
            if one.running and one.deputy == person.id
        ),
    )


def mine(work: Work, person: Person) -> tuple[Task, ...]:
    """The open tasks of a person, soonest end first."""
    scopes = circumstances.scopes_in_force(work)
    return tasks.search(work, TaskFilter(viewer=person, scopes=scopes, whose="mine", limit=MOST_TASKS)).items


def post(work: Work, person: PersonId, kind: str, letter: Letter) -> mails.MailId | None:
    """Lay a letter ready; None when the digest of that person and day is written already."""
    return mails.write(
        work,
        person=person,
        kind=kind,
        day=clock.today(work.now),
        message_id=secrets.token_hex(16),
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
    )


def centre_name(work: Work) -> str:
    """How the centre calls itself."""
    stored = preferences.get(work, CENTRE)
    return str(stored.get("name") or "") if isinstance(stored, dict) else ""


def wants(work: Work, person: Person) -> bool:
    """True unless the person has switched the digest off."""
    stored = preferences.get(work, f"mail:{person.id}")
    return not (isinstance(stored, dict) and stored.get("digest") is False)


def _write(work: Work, person: Person) -> None:
    today = clock.today(work.now)
    mails.replace_digests(work, person.id, today)
    notices.forget(work, person.id, work.now - KEPT)
    mails.forget(work, person.id, work.now - KEPT)
    if not person.active or not person.email or not wants(work, person) or _away(work, person):
        return
    found = waiting(work, person)
    if not found.worth or (why_free(today, circumstances.terms(work).free_days) and not found.urgent):
        return
    mail = post(work, person.id, mails.DIGEST, _letter(centre_name(work), today, found))
    if mail is not None:
        notices.mark_sent(work, person.id, mail)


def _away(work: Work, person: Person) -> bool:
    """True while somebody else does all the work of this person."""
    return any(
        one.running and one.person == person.id and one.covers("", "") for one in absences.about(work, person.id)
    )


def _letter(centre: str, today: date, found: Waiting) -> Letter:
    sections = [
        _section("Po terminie", found.late, today),
        _section("Termin dzisiaj", found.today, today),
        _section("Termin w ciągu 7 dni", found.week, today),
        _section("Do powrotu dzisiaj", found.follow_ups, today),
        Section(
            title="Powiadomienia",
            lines=tuple(Line(text=one.text, path=path(one.task, one.instance)) for one in found.notices[:MOST_LINES]),
            more=max(0, len(found.notices) - MOST_LINES),
        ),
    ]
    return letters.digest(centre, today, sections, summary=_summary(found), remarks=found.remarks)


def _section(title: str, found: Sequence[Task], today: date) -> Section:
    lines = tuple(
        Line(
            text=one_line(f"{one.name} – sprawa {one.instance_number}"),
            path=f"/zadania/{one.id}",
            note=_end(one, today),
        )
        for one in found[:MOST_LINES]
    )
    return Section(title=title, lines=lines, more=max(0, len(found) - MOST_LINES))


def _end(task: Task, today: date) -> str:
    if task.due_at is None:
        return ""
    local = clock.local(task.due_at)
    when = polish.day(local.date()) + (f", {local:%H:%M}" if in_hours(task) else "")
    left = (local.date() - today).days
    how_long = {0: "dzisiaj", 1: "jutro", -1: "wczoraj"}.get(
        left, f"za {left} dni" if left > 0 else f"{-left} dni temu"
    )
    return f"termin: {when} ({how_long})"


def _summary(found: Waiting) -> str:
    counted = [
        (len(found.late), "po terminie"),
        (len(found.today), "na dziś"),
        (len(found.week), "w ciągu 7 dni"),
        (len(found.follow_ups), "do powrotu"),
    ]
    said = [f"{count} {what}" for count, what in counted if count]
    return "zadania: " + ", ".join(said) if said else f"nowe powiadomienia: {len(found.notices)}"


def _day_end(now: datetime, days: int) -> datetime:
    day = clock.today(now) + timedelta(days=days + 1)
    return datetime.combine(day, time(), clock.WARSAW).astimezone(UTC)
