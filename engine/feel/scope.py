"""Where names are looked up: the innermost scope first, then the scopes around it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel.conversion import from_python
from engine.feel.names import normal
from engine.feel.values import Value


class Scope:
    """Names with FEEL values, inside an outer scope."""

    __slots__ = ("names", "outer")

    def __init__(self, names: dict[str, Value], outer: Scope | None = None) -> None:
        self.names = names
        self.outer = outer

    def find(self, name: str, missing: Value = None) -> Value:
        """The value of the name, `missing` when nobody knows it."""
        scope: Scope | None = self
        while scope is not None:
            if scope.holds(name):
                return scope.names[name]
            scope = scope.outer
        return missing

    def holds(self, name: str) -> bool:
        """True when this scope itself has the name."""
        return name in self.names


class Root(Scope):
    """The outermost scope: what the caller gave, turned into FEEL values only when it is asked for."""

    __slots__ = ("given",)

    def __init__(self, given: Mapping[str, object]) -> None:
        super().__init__({})
        self.given = given

    def holds(self, name: str) -> bool:
        """True when the caller gave the name, however he spaced it."""
        if name in self.names:
            return True
        if name in self.given:
            self.names[name] = from_python(self.given[name])
            return True
        if " " not in name and name.isidentifier():
            return False
        for key, value in self.given.items():
            if normal(key) == name:
                self.names[name] = from_python(value)
                return True
        return False
