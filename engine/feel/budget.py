"""The budget of one evaluation: no expression may run, nest or grow without end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from engine.errors import ExpressionFailed

STEPS = 250_000
NESTING = 50  # brackets, branches and functions inside one another, in the text
DEPTH = 220  # expressions that wait for one another, recursive functions included
TEXT = 20_000  # characters of an expression
STRING = 100_000  # characters of a string value


class Budget:
    """What one evaluation may still spend."""

    __slots__ = ("depth", "steps")

    def __init__(self, steps: int = STEPS) -> None:
        self.steps = steps
        self.depth = 0

    def spend(self, amount: int) -> None:
        """Take `amount` steps.

        Raises:
            ExpressionFailed: when no steps are left.
        """
        self.steps -= amount
        if self.steps < 0:
            raise ExpressionFailed("Wyrażenie wymaga zbyt wielu obliczeń. Uprość je lub zmniejsz listę danych.")


_current: ContextVar[Budget | None] = ContextVar("feel_budget", default=None)


@contextmanager
def opened(steps: int = STEPS) -> Iterator[Budget]:
    """The budget of the evaluation that runs, `steps` large; a nested evaluation shares the one around it."""
    outer = _current.get()
    if outer is not None:
        yield outer
        return
    budget = Budget(steps)
    token = _current.set(budget)
    try:
        yield budget
    except RecursionError as error:
        raise too_deep() from error
    finally:
        _current.reset(token)


def spend(amount: int = 1) -> None:
    """Take steps from the evaluation that runs now; free outside of one."""
    budget = _current.get()
    if budget is not None:
        budget.spend(amount)


def spend_text(length: int) -> None:
    """Pay for a string that is about to be made.

    Raises:
        ExpressionFailed: when the string would be too long.
    """
    if length > STRING:
        raise ExpressionFailed("Tekst obliczony w wyrażeniu jest zbyt długi.")
    spend(1 + length // 16)


def too_deep() -> ExpressionFailed:
    """The refusal of an expression that nests too deep."""
    return ExpressionFailed("Wyrażenie jest zbyt głęboko zagnieżdżone. Podziel je na prostsze części.")
