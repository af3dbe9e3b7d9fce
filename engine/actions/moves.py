"""What every deed on an instance has in common: run the diagram, store what came of it, hand on what was sent."""

from __future__ import annotations

from engine.actions import keeping, posting
from engine.actions.keeping import NOT_RUNNING as NOT_RUNNING
from engine.actions.keeping import Done as Done
from engine.actions.keeping import program as program
from engine.actions.keeping import require_running as require_running
from engine.actions.keeping import stop_stuck as stop_stuck
from engine.model import Outcome
from engine.store.database import Work
from engine.store.instances import Held


def store(work: Work, held: Held, outcome: Outcome, *, by: str, done: Done | None = None) -> None:
    """Keep what the runner reports; messages and signals reach others within this deed.

    Args:
        by: name of the person who moved the token on, "" for the engine.

    Raises:
        StepFailed: when messages answer each other without end.
    """
    keeping.keep(work, held, outcome, by=by, done=done)
    posting.hand_on(work, held.instance.id, outcome.sent)
