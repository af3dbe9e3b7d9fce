# mypy: allow-subclassing-any
"""The only way from a diagram to a computed value: FEEL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment

from engine import feel
from engine.bpmn import markup
from engine.bpmn.markup import Node
from engine.errors import ExpressionFailed, StepFailed
from engine.model import Json

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


def bare(text: str) -> str:
    """An expression without the `=` that may stand before it."""
    return text.strip().removeprefix("=").strip()


def readable(text: str, node: Node) -> str:
    """An expression of a file, as it stands there.

    Raises:
        DefinitionRejected: when it is no FEEL; points at `node`.
    """
    try:
        feel.parse(bare(text))
    except ExpressionFailed as cause:
        raise markup.refused_at(node, f"Nie rozumiem wyrażenia „{text}”: {cause.message}") from cause
    return text


def value(text: str, context: Mapping[str, Json], token: Token) -> Json:
    """The value of an expression as JSON.

    Raises:
        StepFailed: when it cannot be computed; names the token's step.
    """
    found = raw(text, context, token)
    try:
        return feel.to_json(found)
    except ExpressionFailed as cause:  # a function or an open range is no value to keep
        raise _failed(text, cause, token) from cause


def raw(text: str, context: Mapping[str, Json], token: Token) -> object:
    """The value of an expression as FEEL gives it: dates, times and durations stay what they are.

    Raises:
        StepFailed: when it cannot be computed; names the token's step.
    """
    try:
        return feel.evaluate(bare(text), context, now=token.top.now)
    except ExpressionFailed as cause:
        raise _failed(text, cause, token) from cause


def holds(text: str, context: Mapping[str, Json], token: Token) -> bool:
    """True only when the value is exactly true.

    Raises:
        StepFailed: when it cannot be computed; names the token's step.
    """
    return raw(text, context, token) is True


def _failed(text: str, cause: ExpressionFailed, token: Token) -> StepFailed:
    step = token.task_spec
    message = f"Krok „{step.label}”: nie udało się obliczyć „{bare(text)}”. {cause.message}"
    return StepFailed(message, element=step.bpmn_id)


class _NoPython(BasePythonScriptEngineEnvironment):
    """Stands where the library keeps Python's `eval` and `exec`, so that no road leads there."""

    def evaluate(self, expression: str, context: Mapping[str, Any], _external: object = None) -> object:
        return feel.evaluate(bare(expression), context)

    def execute(self, _script: str, _context: object, _external: object = None) -> NoReturn:
        raise ExpressionFailed("Skrypty w języku Python nie są wykonywane.")

    def call_service(self, _context: object, **_said: object) -> NoReturn:
        raise ExpressionFailed("Usługi zewnętrzne nie są wywoływane.")


ENGINE = PythonScriptEngine(environment=_NoPython())
