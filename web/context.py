"""What a request works with: the parts, a Work, the person who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, TypeVar, cast

from flask import current_app, g, request

from engine.actions import incidents, tasks, timers
from engine.bootstrap import Parts
from engine.errors import EngineError, NotAllowed, StepFailed
from engine.model import InstanceId, Person, TaskId
from engine.reading import frame

if TYPE_CHECKING:
    from engine.store.database import Work as Work  # pages name the type, they never open one themselves
else:
    Work = object

Answer = TypeVar("Answer")
PARTS = "bieg"
KEPT = "kept"


def parts() -> Parts:
    """The parts of this installation."""
    return cast(Parts, current_app.extensions[PARTS])


def work() -> AbstractContextManager[Work]:
    """A writing transaction; it commits at a clean end."""
    g.pop(KEPT, None)
    return parts().database.work()


@contextmanager
def look() -> Iterator[Work]:
    """A reading transaction; those of one request read only once what all of them ask."""
    kept: dict[str, object] = g.setdefault(KEPT, {})
    with parts().database.look(kept) as opened:
        found = visitor()
        if found is not None and not kept and not request.path.startswith("/api/"):
            frame.prepare(opened, found)
        yield opened


def person() -> Person:
    """The signed-in person.

    Raises:
        NotAllowed: when nobody is.
    """
    found = visitor()
    if found is None:
        raise NotAllowed("Zaloguj się, aby przejść dalej.")
    return found


def visitor() -> Person | None:
    """The signed-in person, None for a visitor."""
    return cast("Person | None", g.get("person"))


def deed(do: Callable[[Work], Answer], *, instance: InstanceId | None = None) -> Answer:
    """Do one deed in one transaction; when the diagram cannot go on, the instance stops as an incident.

    Raises:
        EngineError: what the deed raises.
    """
    g.pop(KEPT, None)
    try:
        return parts().database.run(do)
    except StepFailed as failure:
        if instance is not None:
            with work() as opened:
                incidents.record(opened, instance, failure)
        raise


def keep_draft(by: Person, task: TaskId, raw: Mapping[str, object]) -> None:
    """Keep what was typed when a deed was refused for a reason that lies elsewhere."""
    try:
        with work() as opened:
            tasks.save_draft(opened, by, task, raw)
    except EngineError:
        return  # the task is gone or somebody else's: the page that follows says so


def catch_up(instance: InstanceId) -> None:
    """After a click that came too late: let what was due happen now, not at the next tick."""
    try:
        deed(lambda opened: timers.catch_up(opened, instance), instance=instance)
    except EngineError:
        return  # the scheduler tries again


def repeat_key() -> str:
    """The idempotency key of this request, "" when it has none."""
    return request.headers.get("Idempotency-Key", "") or request.form.get("_key", "")
