"""Built-in functions on strings. Positions count characters from 1, and from the end below 0."""

from __future__ import annotations

from decimal import Decimal

from engine.feel import budget, patterns
from engine.feel.library.registry import function
from engine.feel.values import Value


@function("substring(string: string, start position: number, length: number?)")
def substring(text: str, start: Decimal, length: Decimal | None = None) -> Value:
    """The characters from `start` on, at most `length`."""
    place = int(start)
    if place == 0 or abs(place) > len(text) or (length is not None and int(length) < 0):
        return None
    begin = place - 1 if place > 0 else len(text) + place
    return text[begin:] if length is None else text[begin : begin + min(int(length), len(text))]


@function("string length(string: string)")
def string_length(text: str) -> Value:
    """How many characters the text has."""
    return Decimal(len(text))


@function("upper case(string: string)")
def upper_case(text: str) -> Value:
    """The text in capitals."""
    return text.upper()


@function("lower case(string: string)")
def lower_case(text: str) -> Value:
    """The text in small letters."""
    return text.lower()


@function("substring before(string: string, match: string)")
def substring_before(text: str, match: str) -> Value:
    """What stands before the first match, "" without one."""
    head, found, _ = text.partition(match) if match else ("", "", "")
    return head if found else ""


@function("substring after(string: string, match: string)")
def substring_after(text: str, match: str) -> Value:
    """What stands behind the first match, "" without one."""
    return text.partition(match)[2] if match else text


@function("contains(string: string, match: string)")
def contains(text: str, match: str) -> Value:
    """True when the text holds the match."""
    return match in text


@function("starts with(string: string, match: string)")
def starts_with(text: str, match: str) -> Value:
    """True when the text begins with the match."""
    return text.startswith(match)


@function("ends with(string: string, match: string)")
def ends_with(text: str, match: str) -> Value:
    """True when the text ends with the match."""
    return text.endswith(match)


@function("matches(input: string, pattern: string, flags: string?)")
def matches(text: str, pattern: str, flags: str | None = None) -> Value:
    """True when the pattern is found anywhere in the text."""
    compiled = patterns.compiled(pattern, flags or "")
    return None if compiled is None else compiled.search(text, 0) is not None


@function("replace(input: string, pattern: string, replacement: string, flags: string?)")
def replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    """The text with every match replaced; `$1` is the first group, `$0` the whole match."""
    compiled = patterns.compiled(pattern, flags or "")
    return None if compiled is None else patterns.replaced(compiled, text, replacement)


@function("split(string: string, delimiter: string)")
def split(text: str, delimiter: str) -> Value:
    """The pieces between the matches of the delimiter, which is a pattern."""
    compiled = patterns.compiled(delimiter, "")
    return None if compiled is None else patterns.pieces(compiled, text)


@function("string join(list: list, delimiter: string?)")
def string_join(items: list[Value], delimiter: str | None = None) -> Value:
    """The texts of the list one after another; nulls are left out."""
    texts = [item for item in items if item is not None]
    strings = [item for item in texts if isinstance(item, str)]
    if len(strings) != len(texts):
        return None
    budget.spend_text(sum(map(len, strings)) + len(delimiter or "") * len(strings))
    return (delimiter or "").join(strings)
