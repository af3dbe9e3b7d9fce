"""What a DMN file says, as values: decisions, what they require, and their boxed expressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.feel.types import Types


@dataclass(frozen=True, kw_only=True)
class Boxed:
    """An expression of any form; `type` is the type it declares, "" when none."""

    id: str
    line: int
    type: str = ""


@dataclass(frozen=True, kw_only=True)
class Literal(Boxed):
    """FEEL as text."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A named value of a context; the one without a name is the result. Also a binding of an invocation."""

    name: str
    type: str
    value: Boxed | None


@dataclass(frozen=True, kw_only=True)
class ContextBox(Boxed):
    """Named values, the later of which may read the earlier."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Invocation(Boxed):
    """A function invoked with named arguments."""

    function: Boxed | None
    bindings: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A formal parameter."""

    name: str
    type: str


@dataclass(frozen=True, kw_only=True)
class FunctionBox(Boxed):
    """A function; `language` is FEEL, Java or PMML."""

    language: str
    parameters: tuple[Parameter, ...]
    body: Boxed | None


@dataclass(frozen=True, kw_only=True)
class ListBox(Boxed):
    """A list."""

    items: tuple[Boxed, ...]


@dataclass(frozen=True, kw_only=True)
class Relation(Boxed):
    """A list of contexts with the same names."""

    columns: tuple[Parameter, ...]
    rows: tuple[tuple[Boxed, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Conditional(Boxed):
    """If, then, else."""

    condition: Boxed | None
    yes: Boxed | None
    no: Boxed | None


@dataclass(frozen=True, kw_only=True)
class Filter(Boxed):
    """The items that match."""

    source: Boxed | None
    match: Boxed | None


@dataclass(frozen=True, kw_only=True)
class Rounds(Boxed):
    """`for`, `some` or `every`: the same expression for every item."""

    word: str
    variable: str
    source: Boxed | None
    result: Boxed | None


@dataclass(frozen=True, kw_only=True)
class Input:
    """A column that asks; `values` are the unary tests of what it may be asked."""

    id: str
    line: int
    label: str
    expression: Literal
    values: str


@dataclass(frozen=True, kw_only=True)
class Output:
    """A column that answers; `values` are what it may answer, the most important first."""

    id: str
    line: int
    name: str
    label: str
    type: str
    values: str
    default: Literal | None


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Unary tests of one input of one rule."""

    id: str
    line: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One row."""

    id: str
    line: int
    tests: tuple[Cell, ...]
    answers: tuple[Literal, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Table(Boxed):
    """A decision table."""

    policy: str
    aggregation: str
    orientation: str
    label: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    notes: tuple[str, ...]  # names of the annotation columns


@dataclass(frozen=True, kw_only=True)
class Element:
    """Something that may be required; `name` is how expressions call it."""

    id: str
    line: int
    name: str
    type: str
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class InputData(Element):
    """What comes from outside."""


@dataclass(frozen=True, kw_only=True)
class Decision(Element):
    """What is to be decided. `information` and `knowledge` are references as the file writes them."""

    question: str
    information: tuple[str, ...]
    knowledge: tuple[str, ...]
    logic: Boxed | None


@dataclass(frozen=True, kw_only=True)
class Knowledge(Element):
    """A business knowledge model: a function with a name."""

    knowledge: tuple[str, ...]
    function: FunctionBox | None


@dataclass(frozen=True, kw_only=True)
class Service(Element):
    """A decision service: some decisions offered as a function."""

    outputs: tuple[str, ...]
    inside: tuple[str, ...]
    given_decisions: tuple[str, ...]
    given_data: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ItemType:
    """A type of the model's own, or a part of one, with what it allows."""

    name: str
    line: int
    base: str
    parts: tuple[ItemType, ...]
    many: bool
    allowed: str  # unary tests that each value passes
    whole: str  # unary tests that the whole list passes
    function: tuple[tuple[str, ...], str] | None = None


@dataclass(frozen=True, kw_only=True)
class File:
    """A DMN file. `imports` are the files it reads beside itself, by the name they have in it."""

    key: str  # how versions of the file are told to be of one file
    namespace: str
    name: str
    elements: Mapping[str, Element]  # by id
    items: Mapping[str, ItemType]
    types: Types
    imports: Mapping[str, File] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()  # names in it that no grammar could guess

    @property
    def decisions(self) -> Mapping[str, Decision]:
        """The decisions by id, in the order of the file."""
        return {id: one for id, one in self.elements.items() if isinstance(one, Decision)}

    def find(self, reference: str) -> tuple[str, File, Element] | None:
        """What `#id` or `namespace#id` refers to: the name of its import ("" for this file), its file, itself."""
        namespace, _, id = reference.rpartition("#")
        if namespace in {"", self.namespace}:
            return ("", self, self.elements[id]) if id in self.elements else None
        for alias, file in self.imports.items():
            if file.namespace == namespace and id in file.elements:
                return alias, file, file.elements[id]
        return None

    def named(self, name: str) -> Element | None:
        """The element that has this name."""
        return next((one for one in self.elements.values() if one.name == name), None)
