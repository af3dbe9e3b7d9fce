"""Reads the types that stand in an expression: `number`, `list<date and time>`, `function<> -> Any` …"""

from __future__ import annotations

from engine.feel import names, types
from engine.feel.scanner import Scanner

_ANY_BUILT_IN = frozenset(name for name in types.BUILT_IN if " " in name)


def read_type(scanner: Scanner, known: frozenset[str], depth: int = 0) -> types.Type:
    """The type that comes next; `known` are names of types that no grammar could guess.

    Raises:
        ExpressionFailed: when no type stands there.
    """
    if depth > 20:
        raise scanner.failed("typ jest zbyt głęboko zagnieżdżony")
    name = _type_name(scanner, known)
    if name in {"list", "range"} and scanner.take("<"):
        item = read_type(scanner, known, depth + 1)
        scanner.expect(">")
        return types.ListOf(item) if name == "list" else types.RangeOf(item)
    if name == "context" and scanner.take("<"):
        return _context(scanner, known, depth)
    if name == "function" and scanner.take("<"):
        return _function(scanner, known, depth)
    return types.Named(name)


def _type_name(scanner: Scanner, known: frozenset[str]) -> str:
    found = names.at(_ANY_BUILT_IN | known, scanner.text, scanner.skip())
    if found:
        scanner.position = found[1]
        return found[0]
    words = [scanner.word()]
    if not words[0]:
        raise scanner.failed("oczekiwano nazwy typu")
    scanner.position += len(words[0])
    while words[0] not in types.BUILT_IN and scanner.word() and scanner.word() not in names.KEYWORDS:
        words.append(scanner.word())
        scanner.position += len(words[-1])
    while scanner.text[scanner.position : scanner.position + 1] == ".":  # types of an imported model
        scanner.position += 1
        words[-1] += "." + scanner.word()
        scanner.position += len(scanner.word())
    return " ".join(words)


def _context(scanner: Scanner, known: frozenset[str], depth: int) -> types.Type:
    entries: list[tuple[str, types.Type]] = []
    while not scanner.take(">"):
        if entries:
            scanner.expect(",")
        match = names.ENTRY.match(scanner.text, scanner.skip())
        if not match:
            raise scanner.failed("oczekiwano nazwy pola")
        scanner.position = match.end()
        scanner.expect(":")
        entries.append((names.normal(match[0]), read_type(scanner, known, depth + 1)))
    return types.ContextOf(tuple(entries))


def _function(scanner: Scanner, known: frozenset[str], depth: int) -> types.Type:
    parameters: list[types.Type] = []
    while not scanner.take(">"):
        if parameters:
            scanner.expect(",")
        parameters.append(read_type(scanner, known, depth + 1))
    scanner.expect("->")
    return types.FunctionOf(tuple(parameters), read_type(scanner, known, depth + 1))
