"""The public test cases of the DMN TCK, as far as they test FEEL and not tables or services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from tck_model import Model, UnsupportedError, child, children, tag

from engine import feel
from engine.feel.conversion import from_python

CASES = Path(__file__).resolve().parents[3] / "shared" / "dmn-tck"
KNOWN = Path(__file__).with_name("tck_known.txt")
LITERALS = {"date": "date", "time": "time", "dateTime": "date and time", "duration": "duration"}


def value_of(element: Element) -> object:
    """The value that a test case writes as XML."""
    found = child(element, "list")
    if found is not None:
        return None if nil(found) else [value_of(item) for item in children(found, "item")]
    components = children(element, "component")
    if components:
        return {item.get("name", ""): value_of(item) for item in components}
    value = child(element, "value")
    if value is None or nil(value):
        return None
    text, kind = value.text or "", next((v for k, v in value.attrib.items() if k.endswith("}type")), "")
    kind = kind.rpartition(":")[2]
    if kind in {"decimal", "double", "integer", "int", "float"}:
        return Decimal(text)
    if kind == "boolean":
        return text == "true"
    if kind in LITERALS:
        return feel.evaluate(f"{LITERALS[kind]}(text)", {"text": text})
    return text


def nil(element: Element) -> bool:
    return any(name.endswith("}nil") and value == "true" for name, value in element.attrib.items())


def alike(actual: object, expected: object) -> bool:
    """Equal, numbers to eight digits; a moment must also stand in the same zone."""
    if isinstance(actual, Decimal) and isinstance(expected, Decimal):
        return abs(actual - expected) <= Decimal("0.00000001") * max(Decimal(1), abs(expected))
    if isinstance(actual, list) and isinstance(expected, list):
        return len(actual) == len(expected) and all(map(alike, actual, expected))
    if isinstance(actual, dict) and isinstance(expected, dict):
        return actual.keys() == expected.keys() and all(alike(actual[key], expected[key]) for key in expected)
    return type(actual) is type(expected) and actual == expected


def outcomes(folder: Path) -> Iterator[tuple[str, str]]:
    """Every expected result of the folder: its id, and whether it was passed, failed or skipped."""
    for file in sorted(folder.glob("*test*.xml")):
        root = ElementTree.parse(file).getroot()
        try:
            model = Model(folder / (root.findtext("{*}modelName") or ""))
        except (UnsupportedError, OSError):
            model = None
        for case in children(root, "testCase"):
            if case.get("invocableName"):
                continue  # a decision service
            inputs = {item.get("name", ""): value_of(item) for item in children(case, "inputNode")}
            for result in children(case, "resultNode"):
                name = result.get("name", "")
                yield f"{folder.name}/{case.get('id')}/{name}", outcome(model, name, inputs, child(result, "expected"))


def outcome(model: Model | None, name: str, inputs: dict[str, object], expected: Element | None) -> str:
    if model is None:
        return "skipped"
    try:
        actual = model.decide(name, inputs)
    except (UnsupportedError, StopIteration):
        return "skipped"
    wanted = value_of(expected) if expected is not None else None
    return "passed" if alike(from_python(actual), from_python(wanted)) else "failed"


@pytest.mark.skipif(not CASES.is_dir(), reason="the public test cases are not beside the repository")
def test_no_case_fails_that_is_not_known_to() -> None:
    known = {line for line in KNOWN.read_text().splitlines() if line and not line.startswith("#")}
    failed: set[str] = set()
    print()

    for folder in sorted(folder for folder in CASES.glob("compliance-level-[23]/*") if folder.is_dir()):
        found = dict(outcomes(folder))
        counts = Counter(found.values())
        failed |= {name for name, state in found.items() if state == "failed"}
        print(f"{folder.name:45} {counts['passed']:4} passed {counts['failed']:4} failed {counts['skipped']:4} skipped")

    assert sorted(failed - known) == []
    assert sorted(known - failed) == [], "these pass now; take them off the list"


def test_the_comparison_can_fail() -> None:
    assert alike([Decimal("1.000000001")], [Decimal(1)])
    assert not alike([Decimal("1.1")], [Decimal(1)])
    assert not alike({"a": None}, {})
    assert not alike(True, Decimal(1))
    assert tag(Element("{x}y")) == "y"
