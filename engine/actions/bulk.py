"""Deeds on many tasks at once: remind, reassign, postpone; each task in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from engine.access import Right, may
from engine.actions import repeats, task_terms, telling
from engine.actions import tasks as task_deeds
from engine.errors import AnswerError, Crossed, EngineError, InputRejected, NotAllowed
from engine.model import Json, Person, Task, TaskId, TaskState
from engine.store import journal, tasks
from engine.store.database import Database, Work, part

MOST = 200  # tasks at once
REASON_LIMIT = 500  # letters
KEY_LIMIT = 60


@dataclass(frozen=True, kw_only=True)
class Done:
    """What came of one task of many. `text` says what was done; `refusal` is "" unless nothing was."""

    task: TaskId
    name: str
    number: str  # of its case
    text: str
    refusal: str


Deed = Callable[[Work, TaskId], str]


def remind_each(database: Database, by: Person, chosen: Sequence[TaskId], key: str) -> Iterator[Done]:
    """Remind whoever has each task, or may take it.

    Args:
        chosen: at most `MOST`.
        key: the same key again does nothing twice and tells the same.

    Yields:
        What came of each; one that is refused does not keep the others.

    Raises:
        NotAllowed, InputRejected: before anything is done.
    """

    def do(work: Work, id: TaskId) -> str:
        task = tasks.get(work, id)
        if task.state is not TaskState.OPEN:
            raise NotAllowed("Zadanie nie jest już otwarte.")
        told = telling.remind(work, task)
        if told:
            text = f"Przypomniano o zadaniu „{task.name}”."
            journal.write(work, instance=task.instance, by=by.id, deed="remind", element=task.element, text=text)
        return "przypomniano" if told else "przypomniano już dzisiaj"

    return _each(database, by, chosen, f"remind {key}", do)


def reassign_each(
    database: Database, by: Person, chosen: Sequence[TaskId], to: Mapping[TaskId, str], key: str
) -> Iterator[Done]:
    """Give each task to a person who may do it.

    Args:
        to: logins by task; a task without one is refused.

    Yields, Raises: as `remind_each`.
    """

    def do(work: Work, id: TaskId) -> str:
        if not to.get(id):
            raise NotAllowed("Nikt inny nie może wykonać tego zadania.")
        given = task_deeds.delegate(work, by, id, to[id])
        return f"przekazano: {given.person_name}"

    return _each(database, by, chosen, f"reassign {key}", do)


def postpone_each(
    database: Database, by: Person, chosen: Sequence[TaskId], *, new_end: date, reason: str, key: str
) -> Iterator[Done]:
    """Give the term of each task another end; what the law sets is refused.

    Yields, Raises: as `remind_each`.
    """
    if not reason.strip() or len(reason) > REASON_LIMIT:
        raise _rejected("reason", f"Podaj powód, najwyżej {REASON_LIMIT} znaków.")

    def do(work: Work, id: TaskId) -> str:
        task_terms.postpone(work, by, id, new_end=new_end, reason=reason)
        return f"nowy termin: {new_end:%d.%m.%Y}"

    return _each(database, by, chosen, f"postpone {key}", do)


def _each(database: Database, by: Person, chosen: Sequence[TaskId], key: str, do: Deed) -> Iterator[Done]:
    if not may(by, Right.OVERSEE):
        raise NotAllowed("Na wielu zadaniach naraz działa kierownik ośrodka albo administrator.")
    deed, _, name = key.partition(" ")
    if not 0 < len(chosen) <= MOST:
        raise _rejected("tasks", f"Zaznacz od 1 do {MOST} zadań.")
    if not 0 < len(name) <= KEY_LIMIT or ":" in name or ";" in name:
        raise _rejected("key", "Odśwież stronę i spróbuj jeszcze raz.")
    return (_once(database, by, one, deed, name, do) for one in dict.fromkeys(chosen))


def _once(database: Database, by: Person, id: TaskId, deed: str, key: str, do: Deed) -> Done:
    """Do one, or tell what came of it when it was done before under this key."""

    def act(work: Work) -> Done:
        told = repeats.once(work, by, f"{key}:{int(id):018}", f"{deed} {id}", lambda: _tried(work, id, do))
        return understood(told)

    return database.run(act)


def _tried(work: Work, id: TaskId, do: Deed) -> Json:
    """A refusal is remembered too; what the deed had begun is taken back."""
    task: Task | None = None
    try:
        task = tasks.get(work, id)
        with part(work):
            text, refusal = do(work, id), ""
    except Crossed:
        raise  # not the task's fault: it is tried again
    except InputRejected as failure:
        text, refusal = "", " ".join(one.message for one in failure.errors)
    except EngineError as failure:
        text, refusal = "", failure.message
    found = {"name": task.name, "number": task.instance_number} if task else {"name": "", "number": ""}
    return {"task": int(id), **found, "text": text, "refusal": refusal}


def understood(told: Json) -> Done:
    """A remembered answer as it was given."""
    said = cast(dict[str, Json], told)
    return Done(
        task=TaskId(cast(int, said["task"])),
        name=str(said["name"]),
        number=str(said["number"]),
        text=str(said["text"]),
        refusal=str(said["refusal"]),
    )


def _rejected(field: str, message: str) -> InputRejected:
    return InputRejected((AnswerError(field=field, message=message),))
