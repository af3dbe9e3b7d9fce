"""Keeps the passage of tokens through the diagram, for ever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, literal_column, select, update

from engine.model import InstanceId, Step, StepMove, StepState
from engine.store.database import Work
from engine.store.rows import insert_all
from engine.store.tables import step

# The condition stands in the text of the statement: a bound value would hide the partial index from the planner.
_LEAVE = (
    update(step)
    .where(
        step.c.instance_id == bindparam("of"),
        step.c.key == bindparam("passed"),
        step.c.state == literal_column("'active'"),
    )
    .values(state=bindparam("now_state"), left_at=bindparam("at"), by=bindparam("who"))
)
_OF_INSTANCE = select(step).where(step.c.instance_id == bindparam("of")).order_by(step.c.id)


def record(work: Work, instance: InstanceId, moves: Sequence[StepMove], *, by: str) -> None:
    """Notes steps that were entered or left, in the order in which it happened.

    Args:
        moves: a step that was entered before and is still active needs no move.
        by: name of the person who moved the token on, "" for the engine itself.
    """
    final = {move.key: move for move in moves}
    entered = {move.key for move in moves if move.first}
    new = [_entered(work, instance, final[key], by) for key in dict.fromkeys(m.key for m in moves) if key in entered]
    left = [
        {"of": instance, "passed": move.key, "now_state": move.state.value, "at": work.now, "who": by}
        for move in final.values()
        if move.key not in entered and move.state is not StepState.ACTIVE
    ]
    if left:
        work.connection.execute(_LEAVE, left)
    insert_all(work, step, new)


def of_instance(work: Work, id: InstanceId) -> tuple[Step, ...]:
    """All steps of an instance, in the order of entering."""
    return tuple(
        Step(
            key=row.key,
            element=row.element,
            process=row.process,
            name=row.name,
            kind=row.kind,
            state=StepState(row.state),
            entered_at=row.entered_at,
            left_at=row.left_at,
            by=row.by,
        )
        for row in work.connection.execute(_OF_INSTANCE, {"of": id})
    )


def _entered(work: Work, instance: InstanceId, move: StepMove, by: str) -> dict[str, Any]:
    left = move.state is not StepState.ACTIVE
    return {
        "instance_id": instance,
        "key": move.key,
        "element": move.element,
        "process": move.process,
        "name": move.name,
        "kind": move.kind,
        "state": move.state.value,
        "entered_at": work.now,
        "left_at": work.now if left else None,
        "by": by if left else "",
    }
