"""What every part of one evaluation shares: the file, its calculation, and what went wrong so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.bpmn.dmn import typing
from engine.bpmn.dmn.model import File
from engine.errors import ExpressionFailed
from engine.feel import Calculation
from engine.feel.values import Value

STEPS = 1_000_000  # of FEEL, for a decision with all that it requires

Names = Mapping[str, Value]


@dataclass(kw_only=True)
class Room:
    """Where a decision, a function or a service of one file is computed.

    By the letter of DMN what goes wrong makes a value null and is noted; a `strict` room stops instead.
    """

    file: File
    calculation: Calculation
    strict: bool
    owner: str = ""  # name of the decision, for sentences
    faults: list[str] = field(default_factory=list)

    def fault(self, sentence: str) -> None:
        """Something is wrong; the value will be null.

        Raises:
            ExpressionFailed: in a strict room.
        """
        said = f"Decyzja „{self.owner}”: {sentence}" if self.owner else sentence
        if self.strict:
            raise ExpressionFailed(said)
        self.faults.append(said)

    def value(self, text: str, names: Names) -> Value:
        """The value of an expression; null when it cannot be computed."""
        try:
            return self.calculation.value(text, names)
        except ExpressionFailed as failed:
            self.fault(f"nie udało się obliczyć „{short(text)}”. {failed.message}")
            return None

    def passes(self, text: str, value: Value, names: Names) -> bool:
        """True when the value passes the unary tests; False when they cannot be computed."""
        try:
            return self.calculation.passes(text, value, names)
        except ExpressionFailed as failed:
            self.fault(f"nie udało się obliczyć „{short(text)}”. {failed.message}")
            return False

    def typed(self, value: Value, reference: str, what: str) -> Value:
        """The value as its type wants it; null, and a fault, when it does not fit."""
        if not reference or value is None:
            return value
        fitted = typing.coerced(self.file, value, reference, self.calculation)
        if fitted is None:
            self.fault(f"{what} nie pasuje do typu „{reference}” albo do jego dozwolonych wartości.")
        return fitted

    def dated(self, value: Value, reference: str) -> Value:
        """In a strict room, texts of an instance's variables as the moments that the type asks for."""
        return typing.dated(self.file, value, typing.named(reference)) if self.strict and reference else value


def short(text: str) -> str:
    """An expression as a sentence can carry it."""
    return text if len(text) <= 60 else f"{text[:57]}…"
