"""Decides: brings together what a decision requires, in any order, each part computed once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.bpmn.dmn import logic
from engine.bpmn.dmn.model import Decision, Element, File, InputData, Knowledge, Service
from engine.bpmn.dmn.room import STEPS, Room
from engine.errors import ExpressionFailed, NotFound
from engine.feel import Calculation, budget
from engine.feel.conversion import from_python, to_python
from engine.feel.values import Function, Value

DEEPEST = 60  # decisions that wait for one another

_Key = tuple[str, str]  # namespace and id


@dataclass(frozen=True, kw_only=True)
class Decided:
    """The value by the letter of DMN, null where something was wrong, and what was wrong."""

    value: object
    faults: tuple[str, ...]


def evaluate(file: File, decision: str, context: Mapping[str, object], *, now: datetime | None = None) -> object:
    """The value of a decision for the variables of an instance; nothing that goes wrong passes unsaid.

    Names that the decision reads without requiring them are taken from `context`, texts become the dates and
    durations that input data ask for.

    Args:
        file: from `read`.
        decision: its id.
        context: input data and other names with their values.
        now: the moment that `now()` and `today()` give, aware (default: the present).

    Raises:
        NotFound: when the file has no such decision.
        ExpressionFailed: when rules contradict each other, a value does not fit its type or what is allowed,
            or an expression cannot be computed; the sentence names the decision and the place.
    """
    return _Evaluation(file, context, now, strict=True).decided(decision).value


def decide(file: File, element: str, context: Mapping[str, object], *, now: datetime | None = None) -> Decided:
    """The value of a decision, a service or a business knowledge model, as the DMN text has it.

    Raises:
        NotFound: when the file has no such element.
    """
    return _Evaluation(file, context, now, strict=False).decided(element)


class _Evaluation:
    """One evaluation of one element with everything that it requires."""

    def __init__(self, file: File, context: Mapping[str, object], now: datetime | None, *, strict: bool) -> None:
        self.file = file
        self.now = now
        self.strict = strict
        self.faults: list[str] = []
        self.context = context
        self.calculations: dict[str, Calculation] = {}
        self.depth = 0

    def decided(self, id: str) -> Decided:
        """The outcome."""
        if id not in self.file.elements:
            raise NotFound(f"W pliku nie ma decyzji „{id}”.")
        value: object = None
        try:
            with budget.opened(STEPS):
                given = {name: from_python(one) for name, one in self.context.items()}
                value = to_python(self._outcome(self.file.elements[id], _Level(given=given)))
        except ExpressionFailed as failed:
            if self.strict:
                raise
            self.faults.append(failed.message)
        return Decided(value=value, faults=tuple(self.faults))

    def _outcome(self, element: Element, level: _Level) -> Value:
        found = self.value(self.file, element, level)
        if not isinstance(element, Knowledge | Service) or not isinstance(found, Function):
            return found
        return found.call([level.given.get(name) for name in found.parameters])

    def room(self, file: File, owner: Element) -> Room:
        """Where something of that file is computed."""
        if file.namespace not in self.calculations:
            self.calculations[file.namespace] = Calculation(now=self.now, types=file.types)
        calculation = self.calculations[file.namespace]
        return Room(file=file, calculation=calculation, strict=self.strict, owner=owner.name, faults=self.faults)

    def value(self, file: File, element: Element, level: _Level) -> Value:
        """What the element stands for: a value, or a function."""
        key = (file.namespace, element.id)
        if key not in level.known:
            self.depth += 1
            if self.depth > DEEPEST:
                raise ExpressionFailed("Decyzje wymagają siebie nawzajem w kółko albo przez zbyt wiele stopni.")
            try:
                level.known[key] = self._value(file, element, level)
            finally:
                self.depth -= 1
        return level.known[key]

    def _value(self, file: File, element: Element, level: _Level) -> Value:
        room = self.room(file, element)
        if isinstance(element, InputData):
            given = room.dated(level.given.get(element.name), element.type)
            return room.typed(given, element.type, f"dana wejściowa „{element.name}”")
        if isinstance(element, Decision):
            names = self._names(file, (*element.information, *element.knowledge), level)
            found = logic.value(element.logic, {**self._loose(file, level), **names}, room)
            return room.typed(found, element.type, "wynik")
        if isinstance(element, Knowledge):
            return self._knowledge(file, element, level)
        return self._service(file, element, room) if isinstance(element, Service) else None

    def _loose(self, file: File, level: _Level) -> Mapping[str, Value]:
        """Names of the context that are no elements of the file."""
        if not self.strict:
            return {}
        own = {one.name for one in file.elements.values()}
        return {name: value for name, value in level.given.items() if name not in own}

    def _names(self, file: File, references: Iterable[str], level: _Level) -> dict[str, Value]:
        """What is required, by name; what comes from an imported file, in a context under the import's name."""
        names: dict[str, Value] = {}
        for reference in references:
            found = file.find(reference)
            if found is None:
                continue
            alias, owner, element = found
            value = self.value(owner, element, level)
            if alias:
                inside = names.get(alias)
                names[alias] = {**(inside if isinstance(inside, dict) else {}), element.name: value}
            else:
                names[element.name] = value
        return names

    def _knowledge(self, file: File, element: Knowledge, level: _Level) -> Value:
        """The function; known before what it requires, so that functions may invoke each other."""
        if element.function is None:
            return None
        names: dict[str, Value] = {}
        made = logic.function(element.function, names, self.room(file, element))
        level.known[(file.namespace, element.id)] = made
        names.update(self._names(file, element.knowledge, level))
        names.setdefault(element.name, made)
        return made

    def _service(self, file: File, service: Service, room: Room) -> Function:
        """A service as a function of its input data, then its input decisions (DMN 10.4)."""
        given = [found for one in (*service.given_data, *service.given_decisions) if (found := file.find(one))]

        def call(values: list[Value]) -> Value:
            inner = _Level()
            for (_, owner, element), value in zip(given, values, strict=True):
                fitted = room.typed(value, element.type, f"argument „{element.name}”")
                if value is not None and fitted is None:
                    return None
                inner.known[(owner.namespace, element.id)] = fitted
            outputs = [found for one in service.outputs if (found := file.find(one))]
            answers = {element.name: self.value(owner, element, inner) for _, owner, element in outputs}
            answer = next(iter(answers.values())) if len(answers) == 1 else answers
            return room.typed(answer, service.type, "wynik")

        return Function(tuple(element.name for _, _, element in given), call)


@dataclass
class _Level:
    """What is known within the whole evaluation, or within one invocation of a service."""

    given: Mapping[str, Value] = field(default_factory=dict)
    known: dict[_Key, Value] = field(default_factory=dict)
