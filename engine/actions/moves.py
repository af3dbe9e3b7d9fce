"""What every deed on an instance has in common: run the diagram, store what came of it, hand on what was sent."""

from __future__ import annotations

from engine.actions import keeping, posting
from engine.actions.keeping import NOT_RUNNING as NOT_RUNNING
from engine.actions.keeping import program as program
from engine.actions.keeping import require_running as require_running
from engine.model import Outcome, PersonId
from engine.store.database import Work
from engine.store.instances import Held


def store(work: Work, held: Held, outcome: Outcome, *, by: str, done: PersonId | None = None, key: str = "") -> None:
    """Keep what the runner reports; messages and signals reach others within this deed.

    Args:
        by: name of the person who moved the token on, "" for the engine.
        done: the person who completed the task `key`, if this deed completed one.

    Raises:
        StepFailed: when messages answer each other without end.
    """
    keeping.keep(work, held, outcome, by=by, done=done, key=key)
    posting.hand_on(work, held.instance.id, outcome.sent)
