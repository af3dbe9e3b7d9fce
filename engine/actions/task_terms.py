"""Deeds on the terms of tasks: postpone, delay, suspend, resume."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from engine import access, circumstances, clock, terms
from engine.documents import delay as letters
from engine.errors import AnswerError, Conflict, InputRejected, NotAllowed, NotFound
from engine.forms import polish
from engine.model import Json, Person, Task, TaskId, TaskState
from engine.store import instances, journal, task_terms, tasks
from engine.store.database import Work
from engine.store.task_terms import Dates
from engine.terms import Due
from engine.terms.calendar import why_free
from engine.terms.moving import moved

REASON_LIMIT = 1000  # letters
TEXT_LIMIT = 10_000
LONGEST = timedelta(days=5 * 365)
BASES = (  # of a suspension, the most common one first
    "art. 97 § 1 pkt 4 KPA (zagadnienie wstępne)",
    "art. 97 § 1 pkt 1–3 KPA (śmierć strony, jej przedstawiciela albo utrata zdolności)",
    "art. 98 § 1 KPA (na wniosek strony)",
    "art. 35 § 5 KPA (opóźnienie z winy strony albo z przyczyn niezależnych od organu)",
)
ART_36 = "art. 36 § 1 KPA"
STATUTORY = (
    "Tego terminu nie można przesunąć, bo wynika z prawa. Przygotuj zawiadomienie o nowym terminie (art. 36 KPA)."
)


def postpone(work: Work, by: Person, task: TaskId, *, new_end: date, reason: str) -> Task:
    """Give a term of the centre's own another end.

    Raises:
        NotFound: when there is no such task.
        NotAllowed: when `by` is neither kierownik nor administrator, or the term is a statutory one.
        Conflict: when the task is closed, its term is suspended, or it has none.
        InputRejected: when the reason is missing or the day does not fit.
    """
    found = _timed(work, by, task)
    if _is_statutory(found):
        raise NotAllowed(STATUTORY)
    why = _reason(reason)
    return _move(work, by, found, "postpone", new_end=new_end, why=why)


def delay(
    work: Work, by: Person, task: TaskId, *, new_end: date, reason: str, basis: str = ART_36, text: str = ""
) -> Task:
    """Note that a statutory end cannot be met: a new one, with the notice that the parties get.

    Args:
        text: of the notice, as the clerk completed it; "" for the draft.

    Raises:
        NotFound, NotAllowed, Conflict, InputRejected: as `postpone`; NotAllowed also for a term of the centre's own.

    Source: art. 36 KPA.
    """
    found = _timed(work, by, task)
    if not _is_statutory(found):
        raise NotAllowed(
            "To termin własny ośrodka, więc zawiadomienie z art. 36 KPA nie jest potrzebne. Przesuń termin."
        )
    why, basis = _reason(reason), _basis(basis)
    if len(text) > TEXT_LIMIT:
        raise _refused("tresc", f"Skróć zawiadomienie do {TEXT_LIMIT} znaków.")
    _check_end(work, found, new_end)
    said = text.strip() or _drafted(work, found, new_end, why)
    return _move(work, by, found, "delay", new_end=new_end, why=why, basis=basis, text=said)


def suspend(
    work: Work, by: Person, task: TaskId, *, reason: str, basis: str, whole_case: bool = False
) -> tuple[Task, ...]:
    """Stop the term of a task, or of all open tasks of its case; the time until `resume` is not counted.

    Returns:
        The tasks whose term stands now.

    Raises:
        NotFound, NotAllowed, InputRejected: as `postpone`.
        Conflict: when the task is closed, its term stands already, is over, or it has none.

    Source: art. 97–103, art. 35 § 5 KPA.
    """
    first = _timed(work, by, task)
    why, basis = _reason(reason), _basis(basis)
    if first.due_at is None or first.due_at < work.now:
        raise Conflict("Termin tego zadania już minął, więc nie można go wstrzymać.")
    chosen = _of_case(work, first) if whole_case else (first,)
    for one in chosen:
        facts = {**_facts(one), "changed": "suspend"}
        task_terms.put(work, one, Dates(paused_at=work.now, term=facts))
        task_terms.note(work, one, by.id, "suspend", reason=why, basis=basis, before=one.due_at, after=None)
        said = f"Wstrzymano bieg terminu zadania „{one.name}” ({basis}). Powód: {why}"
        journal.write(work, instance=one.instance, by=by.id, deed="suspend", element=one.element, text=said)
    return tuple(tasks.get(work, one.id) for one in chosen)


def resume(work: Work, by: Person, task: TaskId, *, reason: str, whole_case: bool = False) -> tuple[Task, ...]:
    """Let a suspended term run on by what was left of it, or all of them in its case.

    Returns:
        The tasks whose term runs again.

    Raises:
        NotFound, NotAllowed, InputRejected: as `postpone`.
        Conflict: when the task is closed or its term runs.
    """
    instances.hold_for(work, task)
    first = tasks.get(work, task)
    _refuse(by, first)
    if first.paused_at is None:
        raise Conflict("Termin tego zadania biegnie, więc nie ma czego podejmować.")
    why = _reason(reason)
    opened = tasks.of_instance(work, first.instance, state=TaskState.OPEN) if whole_case else (first,)
    chosen = [one for one in opened if one.paused_at is not None]
    for one in chosen:
        _resume(work, by, one, why)
    return tuple(tasks.get(work, one.id) for one in chosen)


def notice_for(work: Work, by: Person, task: Task, *, new_end: date, reason: str) -> str:
    """The draft of a notice under art. 36 KPA, before anything is kept.

    Raises:
        NotAllowed: when `by` may not delay it, or the term is the centre's own.
        Conflict: when the task is closed, its term is suspended, or it has none.
        InputRejected: when the reason is missing or the day does not fit.
    """
    _refuse_untimed(by, task)
    _refuse_own(task)
    why = _reason(reason)
    _check_end(work, task, new_end)
    return _drafted(work, task, new_end, why)


def _timed(work: Work, by: Person, id: TaskId) -> Task:
    """The open task whose term runs, for somebody who may change it; other deeds on its case wait."""
    instances.hold_for(work, id)
    found = tasks.get(work, id)
    _refuse_untimed(by, found)
    return found


def _refuse_untimed(by: Person, task: Task) -> None:
    _refuse(by, task)
    if task.paused_at is not None:
        raise Conflict("Bieg tego terminu jest wstrzymany. Najpierw go podejmij.")
    if task.due_at is None:
        raise Conflict("To zadanie nie ma terminu, więc nie ma czego zmieniać.")


def _refuse(by: Person, task: Task) -> None:
    if not access.sees_all_instances(by):
        raise NotFound("Nie ma takiego zadania.")
    if not access.may_change_terms(by):
        raise NotAllowed("Termin zadania zmienia kierownik ośrodka albo administrator.")
    _still_open(task)


def _refuse_own(task: Task) -> None:
    if not _is_statutory(task):
        raise NotAllowed(
            "To termin własny ośrodka, więc zawiadomienie z art. 36 KPA nie jest potrzebne. Przesuń termin."
        )


def _still_open(task: Task) -> None:
    if task.state is not TaskState.OPEN:
        raise Conflict("To zadanie nie jest już otwarte, więc jego termin się nie zmieni. Odśwież stronę.")


def _of_case(work: Work, first: Task) -> Sequence[Task]:
    """The open tasks of a case whose term runs and is not over yet."""
    opened = tasks.of_instance(work, first.instance, state=TaskState.OPEN)
    return [one for one in opened if one.due_at is not None and one.due_at >= work.now]


def _drafted(work: Work, task: Task, new_end: date, why: str) -> str:
    today = clock.today(work.now)
    end = clock.today(task.due_at) if task.due_at else today
    return letters.draft(task.instance_number, end=end, new_end=new_end, reason=why, today=today)


def _move(
    work: Work, by: Person, task: Task, kind: str, *, new_end: date, why: str, basis: str = "", text: str = ""
) -> Task:
    _check_end(work, task, new_end)
    before = task.due_at or work.now
    due = moved(new_end, work.now, before=before, rules=circumstances.terms(work), facts=task.term)
    task_terms.put(work, task, _dates(task, due, kind))
    task_terms.note(work, task, by.id, kind, reason=why, basis=basis, before=before, after=due.moment, text=text)
    verb = "Przesunięto termin" if kind == "postpone" else "Wyznaczono nowy termin"
    on = f" ({basis})" if basis else ""
    said = f"{verb} zadania „{task.name}” z {_day(before)} na {_day(due.moment)}{on}. Powód: {why}"
    journal.write(work, instance=task.instance, by=by.id, deed=kind, element=task.element, text=said)
    return tasks.get(work, task.id)


def _resume(work: Work, by: Person, task: Task, why: str) -> None:
    before = task_terms.end_of(task)
    if before is None or task.paused_at is None:
        return
    due = terms.resumed(before, task.paused_at, work.now, rules=circumstances.terms(work), facts=task.term)
    task_terms.put(work, task, _dates(task, due, "resume"))
    task_terms.note(work, task, by.id, "resume", reason=why, before=before, after=due.moment)
    said = f"Podjęto bieg terminu zadania „{task.name}”: nowy koniec {_minute(due.moment)}. Powód: {why}"
    journal.write(work, instance=task.instance, by=by.id, deed="resume", element=task.element, text=said)


def _facts(task: Task) -> dict[str, Json]:
    """What is kept of a term while it does not run; of tasks opened long ago only the end is known."""
    return {**task.term, "end": task.due_at.isoformat() if task.due_at else None}


def _dates(task: Task, due: Due, kind: str) -> Dates:
    """The new dates, with what has been known of the term from its beginning."""
    old, new = task.term, due.facts()
    first = old.get("first") or old.get("explanation") or ""
    kept = {name: old[name] for name in ("since", "event", "dates") if name in old}
    facts: dict[str, Json] = {**new, **kept, "first": first, "changed": kind}
    return Dates(due_at=due.moment, target_at=due.target, remind_at=due.reminder, term=facts)


def _is_statutory(task: Task) -> bool:
    return task.term.get("statutory") is True


def _check_end(work: Work, task: Task, day: date) -> None:
    today, before = clock.today(work.now), clock.today(task.due_at) if task.due_at else clock.today(work.now)
    if day <= today or day <= before:
        raise _refused("nowy_termin", f"Wybierz dzień po {polish.day(max(today, before))}.")
    if day - today > LONGEST:
        raise _refused("nowy_termin", "Ten dzień jest zbyt odległy. Sprawdź rok.")
    if why := why_free(day):
        raise _refused("nowy_termin", f"{polish.day(day)} to dzień wolny ({why}). Wybierz dzień roboczy.")


def _reason(text: str) -> str:
    said = " ".join(text.split())
    if not said or len(said) > REASON_LIMIT:
        raise _refused("powod", f"Podaj powód, najwyżej {REASON_LIMIT} znaków. Zapisze się w dzienniku sprawy.")
    return said


def _basis(text: str) -> str:
    said = " ".join(text.split())
    if not said or len(said) > REASON_LIMIT:
        raise _refused("podstawa", "Podaj podstawę prawną, na przykład: art. 97 § 1 pkt 4 KPA.")
    return said


def _refused(field: str, message: str) -> InputRejected:
    return InputRejected((AnswerError(field=field, message=message),))


def _day(moment: datetime) -> str:
    return polish.day(clock.today(moment))


def _minute(moment: datetime) -> str:
    local = clock.local(moment)
    return f"{polish.day(local.date())}, {local:%H:%M}"
