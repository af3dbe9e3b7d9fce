"""Reads test cases of the DMN TCK: what goes in, what is expected, and whether an answer is alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from engine import feel
from engine.bpmn.dmn import evaluation, markup, reading
from engine.bpmn.dmn.markup import Node
from engine.bpmn.dmn.model import File, Service
from engine.errors import DefinitionRejected, ExpressionFailed
from engine.feel.conversion import from_python

SPACE = "{http://www.omg.org/spec/DMN/20160719/testcase}"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
CLOSE = Decimal("0.00000001")
LITERALS = {"date": "date", "time": "time", "dateTime": "date and time", "duration": "duration"}
NUMBERS = frozenset({"decimal", "double", "integer", "int", "float", "long"})


@dataclass(frozen=True, kw_only=True)
class Case:
    """One expected result."""

    folder: str
    id: str
    name: str  # of what is asked
    passed: bool

    def __str__(self) -> str:
        return f"{self.folder}/{self.id}/{self.name}"


def cases(folder: Path) -> Iterator[Case]:
    """Every expected result in a folder of the TCK, with its outcome; a folder without a model has none."""
    models = {path.name: path.read_bytes() for path in sorted(folder.glob("*.dmn"))}
    spaces = {_namespace(data): data for data in models.values()}
    for path in sorted(folder.glob("*.xml")):
        root = markup.parse(path.read_bytes())
        if root.tag != f"{SPACE}testCases":
            continue
        file = _file(models.get((root.findtext(f"{SPACE}modelName") or "").strip(), b""), spaces)
        for one in root.findall(f"{SPACE}testCase"):
            yield from _case(folder.name, one, file)


def _namespace(data: bytes) -> str:
    try:
        return markup.parse(data).get("namespace") or ""
    except DefinitionRejected:
        return ""


def _file(data: bytes, others: Mapping[str, bytes]) -> File | None:
    try:
        return reading.read(data, others)
    except DefinitionRejected:
        return None


def _case(folder: str, node: Node, file: File | None) -> Iterator[Case]:
    given = {one.get("name") or "": _value(one) for one in node.findall(f"{SPACE}inputNode")}
    for result in node.findall(f"{SPACE}resultNode"):
        name = result.get("name") or ""
        expected = result.find(f"{SPACE}expected")
        wanted = _value(expected) if expected is not None else None
        passed = file is not None and _passes(file, node.get("invocableName") or name, name, given, wanted)
        yield Case(folder=folder, id=node.get("id") or "", name=name, passed=passed)


def _passes(file: File, asked: str, name: str, given: Mapping[str, object], wanted: object) -> bool:
    element = file.named(asked)
    if element is None:
        return False
    actual = evaluation.decide(file, element.id, given).value
    if isinstance(element, Service) and len(element.outputs) > 1 and isinstance(actual, dict) and name != asked:
        actual = actual.get(name)
    return alike(from_python(actual), from_python(wanted))


def _value(node: Node) -> object:
    """The value that a test case writes as XML."""
    found = node.find(f"{SPACE}list")
    if found is not None:
        return None if _nil(found) else [_value(one) for one in found.findall(f"{SPACE}item")]
    components = node.findall(f"{SPACE}component")
    if components:
        return {one.get("name") or "": _value(one) for one in components}
    value = node.find(f"{SPACE}value")
    if value is None or _nil(value):
        return None
    return _typed((value.get(TYPE) or "").rpartition(":")[2], value.text or "")


def _typed(kind: str, text: str) -> object:
    if kind in NUMBERS:
        return Decimal(text)
    if kind == "boolean":
        return text.strip() in {"true", "1"}
    if kind in LITERALS:
        return _literal(LITERALS[kind], text)
    return text


def _literal(function: str, text: str) -> object:
    try:
        return feel.evaluate(f"{function}(text)", {"text": text})
    except ExpressionFailed:
        return None


def _nil(node: Node) -> bool:
    return bool(node.get(NIL) == "true")


def alike(actual: object, expected: object) -> bool:
    """Equal, numbers to eight digits; a moment must also stand in the same zone."""
    if isinstance(actual, Decimal) and isinstance(expected, Decimal):
        return abs(actual - expected) <= CLOSE * max(Decimal(1), abs(expected))
    if isinstance(actual, list) and isinstance(expected, list):
        return len(actual) == len(expected) and all(map(alike, actual, expected))
    if isinstance(actual, dict) and isinstance(expected, dict):
        return actual.keys() == expected.keys() and all(alike(actual[key], expected[key]) for key in expected)
    return type(actual) is type(expected) and actual == expected
