"""The rows of docs/bpmn.md: what each element of BPMN 2.0 does here, each with the check that shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from building import Walk, el, end, flows, process, start

from engine.bpmn import gate
from engine.errors import DefinitionRejected, Problem
from engine.model import Json, StepState

ROLE = "Kierownik ops"
KNOWN = gate.Known(roles=frozenset({ROLE, "Wójt"}), forms={}, processes={})
Check = Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table.

    Attributes:
        verdict: `runs`, `refused` at publishing, or `read`: drawn for people, without any effect.
    """

    group: str
    element: str
    verdict: Literal["runs", "refused", "read"]
    note: str
    check: Check


ROWS: list[Row] = []


def runs(group: str, element: str, note: str = "") -> Callable[[Check], Check]:
    """Enters a check as a row of an element that runs."""
    return _enter(group, element, "runs", note)


def read(group: str, element: str, note: str) -> Callable[[Check], Check]:
    """Enters a check as a row of something that is drawn for people."""
    return _enter(group, element, "read", note)


def refused(group: str, element: str, xml: bytes, *, at: str, says: str, note: str) -> None:
    """Enters a row of an element that the gate refuses.

    Args:
        at: id of the element that the gate must name.
        says: words that its sentence must have.
    """

    def check() -> None:
        found = [one for one in problems(xml) if one.severity == "error" and one.element == at]
        assert any(says in one.message for one in found), problems(xml)

    ROWS.append(Row(group=group, element=element, verdict="refused", note=note, check=check))


def _enter(group: str, element: str, verdict: Literal["runs", "read"], note: str) -> Callable[[Check], Check]:
    def enter(check: Check) -> Check:
        ROWS.append(Row(group=group, element=element, verdict=verdict, note=note, check=check))
        return check

    return enter


def problems(xml: bytes, called: Mapping[str, bytes] | None = None) -> tuple[Problem, ...]:
    """What the rules of the gate say of a file."""
    known = gate.Known(roles=KNOWN.roles, forms={}, processes=dict(called or {}))
    return gate.rules(xml, known)


class Case(Walk):
    """An instance of a diagram that the gate lets pass; remembers the steps in the order in which they began."""

    def __init__(self, xml: bytes, called: Mapping[str, bytes] | None = None, **variables: Json) -> None:
        errors = [one for one in problems(xml, called) if one.severity == "error"]
        assert errors == [], errors
        super().__init__(xml, called, **variables)
        self.entered: list[str] = []
        self._note()

    def _note(self) -> None:
        self.entered += [move.element for move in self.outcome.moves if move.first]

    def do(self, element: str, **variables: Json) -> Case:
        super().do(element, **variables)
        self._note()
        return self

    def wait(self, **span: float) -> Case:
        super().wait(**span)
        self._note()
        return self

    def hear(self, name: str, payload: Mapping[str, Json] | None = None, **correlation: Json) -> Case:
        super().hear(name, payload, **correlation)
        self._note()
        return self

    @property
    def over(self) -> bool:
        return self.outcome.finished

    def cancelled(self) -> list[str]:
        """Steps that the last deed took away."""
        return [move.element for move in self.outcome.moves if move.state is StepState.CANCELLED]


def person(identity: str, *inner: str, **attributes: str) -> str:
    """A user task that somebody may do."""
    said = f'<bpmn:extensionElements><bieg:task role="{ROLE}"/></bpmn:extensionElements>'
    return el("userTask", identity, said, *inner, **attributes)


def line(*elements: str) -> str:
    """Elements in a row between a start and an end, with their flows; their ids are `a`, `b`, `c` … unless said."""
    ids = [_identity(one) for one in elements]
    return start() + "".join(elements) + end() + flows("start", *ids, "koniec")


def single(*elements: str, roots: str = "") -> bytes:
    """A file with these elements in a row."""
    return process(line(*elements), roots=roots)


def _identity(xml: str) -> str:
    return xml.split(' id="', 1)[1].split('"', 1)[0]


def rejects(xml: bytes) -> None:
    """The engine itself refuses it too, should a file get past the gate."""
    try:
        Walk(xml)
    except DefinitionRejected:
        return
    raise AssertionError("the engine runs what the gate refuses")
