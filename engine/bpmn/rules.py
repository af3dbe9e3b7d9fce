# mypy: allow-subclassing-any
"""Business-rule tasks: a decision is made where a token passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import feel
from engine.bpmn import dmn
from engine.bpmn.steps import Step
from engine.errors import EngineError, StepFailed

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token
    from engine.model import Json


class BusinessRuleTask(Step):
    """Makes a decision of a DMN file and keeps its result in a variable."""

    PARTS = ("decision", "variable")
    decision: str
    variable: str

    def run(self, token: Token) -> None:
        """Set the variable.

        Raises:
            StepFailed: when the decision cannot be made, or its rules contradict each other.
        """
        token.set(self.variable, self._decided(token))

    def _decided(self, token: Token) -> Json:
        file = token.top.program.decisions.get(self.decision)
        if file is None:
            raise StepFailed(f"Krok „{self.label}”: nie ma decyzji „{self.decision}”.", element=self.bpmn_id)
        try:
            return feel.to_json(dmn.evaluate(file, self.decision, token.context(), now=token.top.now))
        except EngineError as failed:
            raise StepFailed(f"Krok „{self.label}”: {failed.message}", element=self.bpmn_id) from failed
