"""Which fields are to be answered, given the other answers and the variables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.forms.form import Condition, Field, Scalar
from engine.model import Json


def visible(field: Field, answers: Mapping[str, Json], variables: Mapping[str, Json]) -> bool:
    """True when all conditions hold. A hidden field has no answer, so what hangs on it is hidden too."""
    return all(holds(condition, answers, variables) for condition in field.conditions)


def holds(condition: Condition, answers: Mapping[str, Json], variables: Mapping[str, Json]) -> bool:
    """True when the answer or variable has one of the condition's values; of a list, one is enough."""
    value = answers.get(condition.field) if condition.field else variables.get(condition.variable)
    if isinstance(value, list):
        return any(_among(one, condition.values) for one in value or [None])
    return _among(value, condition.values)


def _among(value: Json, values: Iterable[Scalar]) -> bool:
    """Equality as JSON has it: true is not 1."""
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in values)
