"""Deeds of telling: who is told what, once, in the transaction of what happened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from engine import access, circumstances, clock
from engine.actions import digests
from engine.circumstances import Entitled
from engine.documents import letters
from engine.documents.letters import Line, one_line, path
from engine.forms import polish
from engine.model import Deadline, InstanceId, Json, Person, PersonId, Task, TaskId
from engine.store import absences, instances, mails, notices, people, preferences
from engine.store.database import Work

MOST_TOLD = 30  # people of one team that are told of a task which nobody has
MOST_LETTERS = 10  # urgent ones to one person within an hour; the rest stands in the system and in the digest
HOUR = timedelta(hours=1)
ESCALATION = "escalation"  # preference: roles that are told when the kierownik's turn has passed
LAST_RESORT: list[Json] = [access.ADMINISTRATOR]  # projekt własny


@dataclass(frozen=True, kw_only=True)
class Word:
    """What is told.

    Attributes:
        key: what it is about and when; nobody is told twice under the same key.
        text: without personal data beyond the number of the case and the name of the task.
        number: of the case, "" when it is about none.
        urgent: it is written in an e-mail of its own at once.
    """

    kind: str
    key: str
    text: str
    number: str = ""
    instance: InstanceId | None = None
    task: TaskId | None = None
    urgent: bool = False


def remind(work: Work, task: Task) -> int:
    """Remind whoever has a task, or may take it, of its end; at most once a day.

    Returns:
        How many people were told now.
    """
    text = f"Przypomnienie: zadanie {_named(task)}.{_until(work, task)}"
    key = f"remind:{task.id}:{clock.today(work.now)}"
    return _tell(work, _concerned(work, task), _word(task, "remind", key, text, urgent=digests.in_hours(task)))


def late(work: Work, task: Task) -> int:
    """Tell whoever has a task, or may take it, that its end has passed.

    Returns:
        How many people were told now.
    """
    text = f"Minął termin zadania {_named(task)}."
    word = _word(task, "late", f"late:{task.id}:{_due(task)}", text, urgent=digests.is_urgent(task))
    return _tell(work, _concerned(work, task), word)


def escalate(work: Work, task: Task, level: int) -> int:
    """Tell those who stand above that a task is late: the first of them in the morning, unless it is urgent.

    Args:
        level: 1 for the kierownik (of the unit, if it has one), 2 for the roles of the setting `escalation`.

    Returns:
        How many people were told now.
    """
    everybody = people.all_people(work)
    told = _above(work, task, level, everybody) or _above(work, task, 2, everybody)
    text = f"Zadanie {_named(task)} jest po terminie i nikt go nie wykonał."
    key = f"escalate:{level}:{task.id}:{_due(task)}"
    urgent = level > 1 or digests.is_urgent(task)
    return _tell(work, _with_deputies(work, told, task), _word(task, "escalate", key, text, urgent=urgent))


def follow_up(work: Work, task: Task) -> int:
    """Tell the person of a task that the day has come on which she wanted to come back to it.

    Returns:
        How many people were told now.
    """
    text = f"Na dziś zaplanowano powrót do zadania {_named(task)}."
    key = f"follow_up:{task.id}:{clock.today(task.follow_up_at)}"
    return _tell(work, _concerned(work, task), _word(task, "follow_up", key, text))


def assigned(work: Work, task: Task, by: Person | None) -> int:
    """Tell a person that somebody else gave her a task.

    Args:
        by: who gave it; None for the engine.

    Returns:
        How many people were told now.
    """
    if task.person is None or (by is not None and by.id == task.person):
        return 0
    text = f"Masz nowe zadanie: {_named(task)}."
    key = f"assigned:{task.id}:{work.now.isoformat()}"
    return _tell(work, _concerned(work, task), _word(task, "assigned", key, text, urgent=digests.in_hours(task)))


def incident(work: Work, instance: InstanceId, message: str) -> int:
    """Tell the administrators that a case stopped on an error; of the same error once a day.

    Args:
        message: what went wrong; it tells errors apart and is not passed on, because it may quote what people wrote.

    Returns:
        How many people were told now.
    """
    number = instances.get(work, instance).number
    text = f"Sprawa {number} zatrzymała się z powodu błędu i czeka na administratora."
    mark = hashlib.sha256(message.encode()).hexdigest()[:16]
    key = f"incident:{instance}:{clock.today(work.now)}:{mark}"
    told = _with_roles(people.all_people(work), {access.ADMINISTRATOR})
    return _tell(work, told, Word(kind="incident", key=key, text=text, number=number, instance=instance, urgent=True))


def unfired(work: Work, deadline: Deadline) -> int:
    """Tell the administrators that the clock fails again and again at something of the whole centre; once a day.

    Returns:
        How many people were told now.
    """
    name = one_line(deadline.name) or "czynność całego ośrodka"
    text = f"Budzik nie może wykonać: „{name}”. Próbuje dalej. Szczegóły pokaże polecenie „bieg verify”."
    key = f"unfired:{deadline.kind.value}:{deadline.key}:{clock.today(work.now)}"
    told = _with_roles(people.all_people(work), {access.ADMINISTRATOR})
    return _tell(work, told, Word(kind="incident", key=key, text=text, urgent=True))


def absence_begins(work: Work, absence: int, *, deputy: PersonId, until: date) -> int:
    """Tell a deputy that she stands in for somebody from today.

    Args:
        absence: its id.
        until: the last day.

    Returns:
        How many people were told now.
    """
    text = f"Od dziś do {_day(until)} zastępujesz nieobecną osobę. Zadania z zastępstwa są na Twojej liście."
    return _tell(work, [people.get(work, deputy)], Word(kind="absence", key=f"absence_begins:{absence}", text=text))


def absence_ends(work: Work, absence: int, *, person: PersonId, deputy: PersonId) -> int:
    """Tell both that the deputy has handed back.

    Args:
        absence: its id.

    Returns:
        How many people were told now.
    """
    back = "Twoje zastępstwo się skończyło. Otwarte zadania wróciły na Twoją listę."
    over = "Zastępstwo się skończyło. Otwarte zadania wróciły do zastępowanej osoby."
    key = f"absence_ends:{absence}"
    return sum(
        _tell(work, [people.get(work, one)], Word(kind="absence", key=key, text=text))
        for one, text in ((person, back), (deputy, over))
    )


def handed_over(work: Work, person: PersonId, *, leaver: PersonId, count: int) -> int:
    """Tell a person once how many tasks of a colleague who leaves are hers now.

    Returns:
        How many people were told now.
    """
    text = f"Masz nowe zadania po osobie, która odchodzi z pracy. Liczba zadań: {count}."
    key = f"handed_over:{leaver}:{work.now.isoformat()}"
    return _tell(work, [people.get(work, person)], Word(kind="assigned", key=key, text=text))


def duty(work: Work, occurrence: int, *, name: str, role: str, due_on: date, instance: InstanceId | None = None) -> int:
    """Tell the owners of a duty that it begins.

    Args:
        occurrence: its id.
        name: without personal data.
        role: the owner.
        instance: the case that it began.

    Returns:
        How many people were told now.
    """
    text = f"Zbliża się obowiązek „{one_line(name)}”. Termin: {_day(due_on)}."
    told = _with_roles(people.all_people(work), {role})
    return _tell(work, told, Word(kind="duty", key=f"duty:{occurrence}", text=text, instance=instance))


def fire_digest(work: Work, deadline: Deadline) -> None:
    """Write to everybody what waits for them, see `digests.fire`."""
    digests.fire(work, deadline)


def _tell(work: Work, told: Iterable[Person], word: Word) -> int:
    count = 0
    for one in {one.id: one for one in told if one.active and not one.unrestricted}.values():
        new = notices.add(
            work,
            person=one.id,
            kind=word.kind,
            key=word.key,
            text=word.text,
            instance=word.instance,
            task=word.task,
            urgent=word.urgent,
        )
        count += new
        if new and word.urgent and one.email:
            _write(work, one.id, word)
    return count


def _write(work: Work, person: PersonId, word: Word) -> None:
    """An e-mail of its own at once; a flood of them would be read by nobody."""
    before = mails.urgent_since(work, person, work.now - HOUR)
    if before >= MOST_LETTERS:
        return
    line = Line(text=word.text, path=path(word.task, word.instance))
    last = before == MOST_LETTERS - 1
    letter = letters.urgent(digests.centre_name(work), line, number=word.number, last=last)
    mail = digests.post(work, person, mails.URGENT, letter)
    if mail is not None:
        notices.mark_sent(work, person, mail, key=word.key)


def _word(task: Task, kind: str, key: str, text: str, *, urgent: bool = False) -> Word:
    return Word(
        kind=kind,
        key=key,
        text=text,
        number=task.instance_number,
        instance=task.instance,
        task=task.id,
        urgent=urgent,
    )


def _concerned(work: Work, task: Task) -> tuple[Person, ...]:
    """Who has the task, and who stands in for her; when nobody has it, everybody who may take it.

    All of them may take it, so that all of them may see its case.
    """
    rule = circumstances.entitled(work, task, instances.get(work, task.instance).variables)
    holder = circumstances.holder(work, rule)
    if holder is None:
        return _able(rule, people.all_people(work))[:MOST_TOLD]
    return _able(rule, _with_deputies(work, (people.get(work, holder),), task))


def _with_deputies(work: Work, found: Iterable[Person], task: Task) -> tuple[Person, ...]:
    """The same people, and for those who are away whoever acts for them today."""
    everybody = tuple(found)
    standing = (
        absences.stand_in(work, one.id, role=task.role, definition_key=task.definition_key) for one in everybody
    )
    return everybody + tuple(people.get(work, one[0]) for one in standing if one is not None)


def _able(rule: Entitled, everybody: Iterable[Person]) -> tuple[Person, ...]:
    return tuple(one for one in everybody if not one.unrestricted and rule.admits(one))


def _above(work: Work, task: Task, level: int, everybody: tuple[Person, ...]) -> tuple[Person, ...]:
    """Those who stand above whoever has the task; nobody is told of her own task this way."""
    others = tuple(one for one in everybody if one.id != task.person)
    if level > 1:
        stored = preferences.get(work, ESCALATION)
        roles = stored if isinstance(stored, list) and stored else LAST_RESORT
        return _with_roles(others, {str(one) for one in roles})
    heads = _with_roles(others, {access.KIEROWNIK})
    units = {one.id: one.unit for one in everybody}
    unit = units.get(task.person) if task.person is not None else None
    near = tuple(one for one in heads if unit is not None and one.unit == unit)
    return near or heads


def _with_roles(everybody: Iterable[Person], roles: set[str]) -> tuple[Person, ...]:
    return tuple(one for one in everybody if one.active and one.roles & roles)


def _named(task: Task) -> str:
    return f"„{one_line(task.name)}” w sprawie {task.instance_number}"


def _until(work: Work, task: Task) -> str:
    if task.due_at is None:
        return ""
    local = clock.local(task.due_at)
    when = _day(local.date()) + (f", {local:%H:%M}" if digests.in_hours(task) else "")
    return f" Termin minął: {when}." if task.due_at < work.now else f" Termin: {when}."


def _due(task: Task) -> str:
    return task.due_at.isoformat() if task.due_at else "none"


def _day(day: date) -> str:
    return polish.day(day)
