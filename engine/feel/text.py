"""How a value of FEEL is written as text."""

from __future__ import annotations

from decimal import Decimal

from engine.feel import budget, numbers
from engine.feel.names import WORD
from engine.feel.values import Function, Range, Value


def written(value: Value) -> str:
    """The value as text; strings stand as they are."""
    return value if isinstance(value, str) else _written(value)


def _written(value: Value) -> str:
    budget.spend()
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return numbers.shown(value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return _paid("[" + ", ".join(_written(item) for item in value) + "]")
    if isinstance(value, dict):
        return _paid("{" + ", ".join(f"{_key(key)}: {_written(item)}" for key, item in value.items()) + "}")
    if isinstance(value, Range):
        return _range(value)
    if isinstance(value, Function):
        return "function(" + ", ".join(value.parameters) + ")"
    return str(value)


def _paid(text: str) -> str:
    budget.spend_text(len(text))
    return text


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(key: str) -> str:
    return key if all(WORD.fullmatch(word) for word in key.split(" ")) else _quoted(key)


def _range(value: Range) -> str:
    if value.sign:
        return f"({value.sign} {_written(value.low)})"
    if value.low is None:
        return f"({'<=' if value.high_included else '<'} {_written(value.high)})"
    if value.high is None:
        return f"({'>=' if value.low_included else '>'} {_written(value.low)})"
    opening, closing = "[" if value.low_included else "(", "]" if value.high_included else ")"
    return f"{opening}{_written(value.low)}..{_written(value.high)}{closing}"
