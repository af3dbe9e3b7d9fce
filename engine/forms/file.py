"""The text of a JSON file of forms/, made into plain data without surprises."""

from __future__ import annotations

import json
import math

from engine.errors import DefinitionRejected, Problem
from engine.forms.node import FORBIDDEN_KEY, Findings, Node
from engine.forms.places import lines

LARGEST = 200_000  # bytes


def load(data: bytes | str) -> Node:
    """The whole file as one object, ready to be read.

    Raises:
        DefinitionRejected: when it is too large, no UTF-8, no JSON, or has a key twice.
    """
    text = _text(data)
    doubled: list[str] = []

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        keys = [key for key, _ in pairs]
        doubled.extend(key for key in made if keys.count(key) > 1 or key == FORBIDDEN_KEY)
        return made

    try:
        raw = json.loads(text, object_pairs_hook=unique, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as cause:
        raise _refused(f"To nie jest poprawny JSON: znak {cause.colno}. w tym wierszu.", cause.lineno) from cause
    except (RecursionError, ValueError) as cause:
        raise _refused("Plik jest zbyt zagnieżdżony albo ma liczbę, której nie da się zapisać.") from cause
    findings = Findings(lines(text))
    for key in doubled:
        findings.add((), f"Klucz „{key}” jest zabroniony albo występuje dwa razy w jednym obiekcie.")
    return Node(raw, (), findings)


def _text(data: bytes | str) -> str:
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "replace"))
    if size > LARGEST:
        raise _refused(f"Plik jest za duży: {size // 1000} kB. Najwyżej {LARGEST // 1000} kB.")
    try:
        return data.decode("utf-8-sig") if isinstance(data, bytes) else data
    except UnicodeDecodeError as cause:
        raise _refused("Zapisz plik w kodowaniu UTF-8.") from cause


def _finite(said: str) -> float:
    value = float(said)
    if not math.isfinite(value):
        raise ValueError(said)
    return value


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _refused(message: str, line: int = 1) -> DefinitionRejected:
    return DefinitionRejected((Problem(element="", name="", line=line, message=message, severity="error"),))
