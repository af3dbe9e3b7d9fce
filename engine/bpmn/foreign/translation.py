"""Turns foreign expressions into FEEL where their meaning is certain."""

from __future__ import annotations

import json
import re

from engine import feel
from engine.bpmn.foreign import reading
from engine.bpmn.foreign.scanning import Unclear
from engine.bpmn.foreign.syntax import Call, Choice, Constant, Empty, Item, Items, Minus, Not, Pair, Path, Said, Text
from engine.errors import ExpressionFailed

__all__ = ["Unclear", "is_feel", "to_feel"]

_BRACED = re.compile(r"[$#]\{(?P<inside>[^{}]*)\}")
_FOREIGN_WORDS = frozenset({"not", "is", "True", "False", "None", "eq", "ne", "lt", "gt", "le", "ge", "empty"})
LONGEST_FEEL = 5_000  # characters
CHOICE, COMPARED, SIGNED, TIGHT = 1, 4, 8, 9  # how tight the parts of an expression are bound
STRENGTH = {"or": 2, "and": 3, "+": 5, "-": 5, "*": 6, "/": 6, "**": 7}
STRENGTH |= dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "in"), COMPARED)


def is_feel(text: str) -> bool:
    """True when an expression can be taken as FEEL as it stands.

    FEEL lets names hold spaces, so `not gotowe` reads as one name; such a one is another language's.
    """
    if len(text) > LONGEST_FEEL:
        return True  # no other program writes such a one; the gate says what is wrong with it
    try:
        names = feel.parse(text).names
    except ExpressionFailed:
        return False
    return not any(_FOREIGN_WORDS & set(name.split()) for name in names)


def to_feel(text: str) -> str:
    """The same in FEEL.

    Raises:
        Unclear: when its meaning is not certain.
    """
    braced = _BRACED.fullmatch(text.strip())
    if braced is None and re.search(r"[$#]\{", text):
        raise Unclear("wyrażenie łączy tekst z kilkoma częściami ${…}")
    said = reading.read(braced["inside"] if braced else text, juel=braced is not None)
    written = _write(said, 0)
    try:
        found = feel.parse(written)
    except ExpressionFailed as failed:
        raise Unclear("nie da się go zapisać w języku FEEL") from failed
    if found.names != _names(said):
        raise Unclear("nazwa zmiennej znaczy w języku FEEL coś innego")
    return written


def _write(said: Said, outside: int) -> str:
    """A part in FEEL, in brackets when what is around it binds at least as tight as `outside`."""
    match said:
        case Constant(value):
            return value
        case Text(value):
            return json.dumps(value, ensure_ascii=False)
        case Path(names):
            return ".".join(names)
        case Item(of, index):
            return f"{_write(of, TIGHT)}[{index}]"
        case Items(parts):
            return f"[{', '.join(_write(one, 0) for one in parts)}]"
        case Call(function, arguments):
            return f"{function}({', '.join(_write(one, 0) for one in arguments)})"
        case Minus(of):
            return _bracketed(f"-{_write(of, TIGHT)}", SIGNED, outside)
        case Pair(operator, left, right):
            return _pair(operator, left, right, outside)
        case Choice(condition, then, otherwise):
            written = f"if {_write(condition, 0)} then {_write(then, 0)} else {_write(otherwise, 0)}"
            return _bracketed(written, CHOICE, outside)
        case Empty(of):
            return _bracketed(f"({_empty(_write(of, COMPARED))}) = true", COMPARED, outside)
        case Not(of):
            return _not(of, outside)
    raise AssertionError(said)


def _pair(operator: str, left: Said, right: Said, outside: int) -> str:
    strength = STRENGTH[operator]
    even = strength - 1 if operator in ("or", "and", "+", "*") else strength
    before = strength - 1 if operator in ("-", "/") else even
    return _bracketed(f"{_write(left, before)} {operator} {_write(right, strength)}", strength, outside)


def _not(of: Said, outside: int) -> str:
    """FEEL's `not` of null is null, where other languages say true; so what may be null is asked for being true."""
    if isinstance(of, Pair) and of.operator in ("=", "!="):
        return _pair("!=" if of.operator == "=" else "=", of.left, of.right, outside)
    if isinstance(of, Not):
        return _write(Pair("=", of.of, Constant("true")), outside)
    if _never_null(of):
        return f"not({_write(of, 0)})"
    return f"not({_write(of, COMPARED)} = true)"


def _never_null(said: Said) -> bool:
    if isinstance(said, Pair) and said.operator in ("and", "or"):
        return _never_null(said.left) and _never_null(said.right)
    if isinstance(said, Pair) and said.operator == "in":
        return True
    return isinstance(said, Constant | Empty | Not)


def _empty(written: str) -> str:
    return " or ".join(f"{written} = {one}" for one in ("null", '""', "[]", "{}"))


def _bracketed(text: str, strength: int, outside: int) -> str:
    return f"({text})" if outside > 0 and strength <= outside else text


def _names(said: Said) -> frozenset[str]:
    """The variables that an expression reads."""
    match said:
        case Path(names):
            return frozenset({names[0]})
        case Items(parts) | Call(_, parts):
            return frozenset().union(*(_names(one) for one in parts))
        case Item(of, _) | Minus(of) | Not(of) | Empty(of):
            return _names(of)
        case Pair(_, left, right):
            return _names(left) | _names(right)
        case Choice(condition, then, otherwise):
            return _names(condition) | _names(then) | _names(otherwise)
    return frozenset()
