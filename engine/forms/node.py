"""A JSON object of a form file that hands out typed values and collects what is wrong with it."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from decimal import Decimal

from engine.errors import Problem
from engine.forms.places import Path, spell

FORBIDDEN_KEY = "typename"  # the library's loader would take such an object for one of its own classes


class Findings:
    """Every problem found so far, each with its path and line."""

    def __init__(self, lines: Mapping[Path, int]) -> None:
        self._lines = lines
        self._problems: list[Problem] = []

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, in the order of the file."""
        return tuple(sorted(self._problems, key=lambda problem: problem.line))

    def add(self, path: Path, message: str, *, name: str = "") -> None:
        """Record one problem at `path`; the line is that of the nearest value that exists."""
        known = path
        while known not in self._lines and known:
            known = known[:-1]
        line = self._lines.get(known, 1)
        self._problems.append(Problem(element=spell(path), name=name, line=line, message=message, severity="error"))


class Node:
    """One JSON object. Each reader returns a usable value even when it records a problem."""

    def __init__(self, raw: object, path: Path, findings: Findings) -> None:
        self.path = path
        self.findings = findings
        if not isinstance(raw, dict):
            findings.add(path, "W tym miejscu musi być obiekt w nawiasach klamrowych { }.")
        self._raw: dict[str, object] = raw if isinstance(raw, dict) else {}

    def __contains__(self, key: str) -> bool:
        return key in self._raw

    @property
    def name(self) -> str:
        """The field's label or the section's title, to name the place for a reader."""
        found = self._raw.get("label") or self._raw.get("title") or self._raw.get("id")
        return found if isinstance(found, str) else ""

    def problem(self, message: str, key: str = "") -> None:
        """Record a problem with this object, or with its `key`."""
        self.findings.add((*self.path, key) if key else self.path, message, name=self.name)

    def only(self, keys: Collection[str]) -> None:
        """Record every key that is not one of `keys`."""
        for key in self._raw:
            if key not in keys:
                near = difflib.get_close_matches(key, keys, n=1)
                hint = f"Czy chodziło o „{near[0]}”?" if near else f"Dozwolone klucze: {', '.join(sorted(keys))}."
                self.problem(f"Nieznany klucz „{key}”. {hint}", key)

    def raw(self, key: str) -> object:
        """The value as it stands in the file, None when the key is missing."""
        return self._raw.get(key)

    def text(self, key: str, *, needed: bool = False, most: int = 500, default: str = "") -> str:
        """A text of at most `most` characters."""
        value = self._raw.get(key, default)
        if not isinstance(value, str):
            self.problem(f"Wartość „{key}” musi być tekstem w cudzysłowie.", key)
            return default
        if needed and not value.strip():
            missing = f"Uzupełnij „{key}”: tekst nie może być pusty." if key in self else f"Brakuje klucza „{key}”."
            self.problem(missing, key)
        if len(value) > most:
            self.problem(f"Skróć „{key}” do {most} znaków (jest {len(value)}).", key)
        return value

    def word(self, key: str, allowed: Collection[str], default: str) -> str:
        """One of the `allowed` words."""
        value = self._raw.get(key, default)
        if not isinstance(value, str) or value not in allowed:
            self.problem(f"Wartość „{key}” musi być jedną z: {', '.join(allowed)}.", key)
            return default
        return value

    def flag(self, key: str) -> bool:
        """True or false; false when the key is missing."""
        value = self._raw.get(key, False)
        if not isinstance(value, bool):
            self.problem(f"Wartość „{key}” musi być true albo false, bez cudzysłowu.", key)
        return value is True

    def whole(self, key: str, *, low: int, high: int, default: int = 0) -> int:
        """A whole number within bounds."""
        value = self._raw.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            self.problem(f"Wartość „{key}” musi być liczbą całkowitą, bez cudzysłowu.", key)
            return default
        if key in self and not low <= value <= high:
            self.problem(f"Wartość „{key}” musi być liczbą od {low} do {high}.", key)
            return default
        return value

    def decimal(self, key: str) -> Decimal | None:
        """A number, None when the key is missing."""
        value = self._raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.problem(f"Wartość „{key}” musi być liczbą, bez cudzysłowu.", key)
            return None
        return Decimal(str(value))

    def texts(self, key: str, *, most: int = 50) -> tuple[str, ...]:
        """A list of texts."""
        found = self._items(key, most)
        if not all(isinstance(value, str) and value.strip() for value in found):
            self.problem(f"Każda pozycja listy „{key}” musi być niepustym tekstem.", key)
        return tuple(value for value in found if isinstance(value, str))

    def nodes(self, key: str, *, most: int = 200) -> tuple[Node, ...]:
        """A list of objects."""
        return tuple(
            Node(value, (*self.path, key, index), self.findings) for index, value in enumerate(self._items(key, most))
        )

    def node(self, key: str) -> Node:
        """The object under `key`."""
        return Node(self._raw.get(key), (*self.path, key), self.findings)

    def _items(self, key: str, most: int) -> list[object]:
        value = self._raw.get(key, [])
        if not isinstance(value, list):
            self.problem(f"Wartość „{key}” musi być listą w nawiasach [ ].", key)
            return []
        if len(value) > most:
            self.problem(f"Lista „{key}” może mieć najwyżej {most} pozycji (jest {len(value)}).", key)
            return value[:most]
        return value
