"""What must hold between any two deeds, whatever was killed, refused or repeated before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from sqlalchemy import text

from engine.actions import moves
from engine.bpmn import runner
from engine.model import DeadlineKind, Instance, InstanceId, InstanceState, StepState, Task, TaskState
from engine.reading import soundness
from engine.store import answers, deadlines, instances, journal, steps, tasks
from engine.store.database import Database, Work

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
MOVING = frozenset(
    {"start", "complete", "fire", "deliver", "stop", "retry", "cancel", "skip", "assign", "migrate", "undo"}
)
HUMAN = frozenset({"userTask", "manualTask"})


def broken(database: Database, only: Collection[InstanceId] = ()) -> list[str]:
    """Everything that does not fit together; empty when all does.

    Args:
        only: the instances that are looked at closely; all of them when there are none.
    """
    with database.look() as work:
        found_ids = work.connection.scalars(text("SELECT id FROM instance ORDER BY id"))
        ids = [InstanceId(one) for one in found_ids if not only or one in only]
        found = list(soundness.findings(work))
        for id in ids:
            found += [f"instance {id}: {one}" for one in _of_instance(work, id)]
        return found + list(_repeats(work))


def _of_instance(work: Work, id: InstanceId) -> Iterator[str]:
    held = _held(work, id)
    all_tasks = tasks.of_instance(work, id)
    yield from _revision(work, held.instance)
    yield from _done_once(work, held.instance, all_tasks)
    yield from _answers(work, id, all_tasks)
    if held.instance.state in (InstanceState.COMPLETED, InstanceState.CANCELLED):
        yield from _over(work, id, all_tasks)
    else:
        yield from _waiting(work, held, all_tasks)


def _held(work: Work, id: InstanceId) -> instances.Held:
    """As `instances.hold`, which a look may not ask for."""
    said = "SELECT content, bundle_id FROM instance JOIN instance_state ON instance_id = id WHERE id = :id"
    row = work.connection.execute(text(said), {"id": id}).one()
    return instances.Held(instance=instances.get(work, id), state=bytes(row.content), bundle=row.bundle_id)


def _revision(work: Work, instance: Instance) -> Iterator[str]:
    """Every deed that moves an instance makes one revision, and is told; timers due together fire in one deed."""
    told = {(entry.deed, entry.at) for entry in journal.of_instance(work, instance.id) if entry.deed in MOVING}
    if len(told) != instance.revision:
        yield f"revision {instance.revision}, but {len(told)} deeds in the journal"


def _done_once(work: Work, instance: Instance, all_tasks: tuple[Task, ...]) -> Iterator[str]:
    done = Counter(one.element for one in all_tasks if one.state is TaskState.DONE)
    told = Counter(one.element for one in journal.of_instance(work, instance.id) if one.deed == "complete")
    passed = Counter(
        one.element
        for one in steps.of_instance(work, instance.id)
        if one.kind in HUMAN and one.state is StepState.DONE and one.by
    )
    if not done == told == passed:
        yield f"tasks done {dict(done)}, journal {dict(told)}, steps {dict(passed)}"


def _answers(work: Work, id: InstanceId, all_tasks: tuple[Task, ...]) -> Iterator[str]:
    wanted = {one.id for one in all_tasks if one.state is TaskState.DONE and one.form is not None}
    found = {one.task: one for one in answers.of_instance(work, id)}
    if wanted != set(found):
        yield f"answers of {sorted(found)}, but done are {sorted(wanted)}"
    variables = instances.get(work, id).variables
    if "suma" in variables:
        said = [one.values["kwota"] for one in found.values()]
        if variables["suma"] != sum(int(str(one)) for one in said) or variables["razy"] != len(said):
            yield f"variables {variables['suma']} in {variables['razy']}, answers {said}"


def _over(work: Work, id: InstanceId, all_tasks: tuple[Task, ...]) -> Iterator[str]:
    if any(one.state is TaskState.OPEN for one in all_tasks):
        yield "over, with an open task"
    if deadlines.of_instance(work, id):
        yield "over, with a deadline"


def _waiting(work: Work, held: instances.Held, all_tasks: tuple[Task, ...]) -> Iterator[str]:
    """The stored state waits for the same tasks, steps and timers as the tables say."""
    id = held.instance.id
    seen = runner.fire(moves.program(work, held.bundle), held.state, facts={}, now=LONG_AGO)
    opened = {one.key for one in all_tasks if one.state is TaskState.OPEN}
    if {one.key for one in seen.tasks} != opened:
        yield f"the state waits for {sorted(one.key for one in seen.tasks)}, open are {sorted(opened)}"
    standing = {one.key for one in steps.of_instance(work, id) if one.kind in HUMAN and one.state is StepState.ACTIVE}
    if standing != opened:
        yield f"steps stand on {sorted(standing)}, open are {sorted(opened)}"
    timers = {(one.key, one.due_at) for one in deadlines.of_instance(work, id) if one.kind is DeadlineKind.TIMER}
    if {(one.key, one.due_at) for one in seen.timers} != timers:
        yield f"the state has timers {seen.timers}, deadlines are {timers}"
    if dict(seen.variables) != dict(held.instance.variables):
        yield f"the state knows {dict(seen.variables)}, the instance {dict(held.instance.variables)}"


def _repeats(work: Work) -> Iterator[str]:
    """A remembered answer to a completion means that the task is done."""
    for deed in work.connection.scalars(text("SELECT deed FROM repeat")):
        verb, target, *_ = deed.split()
        if verb == "complete":
            state = work.connection.scalar(text("SELECT state FROM task WHERE id = :id"), {"id": int(target)})
            if state != "done":
                yield f"{deed} was answered, but the task is {state}"
