"""Built-in functions on lists. Positions count from 1, and from the end below 0."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key

from engine.feel import budget
from engine.feel.comparison import equal, less
from engine.feel.library.registry import function, invoke
from engine.feel.values import Function, Value


def same(left: Value, right: Value) -> bool:
    """True when the two are equal, nulls included."""
    return equal(left, right) is True


def _index(position: Decimal, length: int) -> int | None:
    place = int(position)
    if place == 0 or abs(place) > length:
        return None
    return place - 1 if place > 0 else length + place


@function("list contains(list: list, element: any)")
def list_contains(items: list[Value], element: Value) -> Value:
    """True when an element of the list equals it."""
    return any(same(item, element) for item in items)


@function("count(list: list)")
def count(items: list[Value]) -> Value:
    """How many elements the list has."""
    return Decimal(len(items))


@function("min(*list: list)")
def minimum(items: list[Value]) -> Value:
    """The least element; None when two have no order."""
    return _extreme(items, least=True)


@function("max(*list: list)")
def maximum(items: list[Value]) -> Value:
    """The greatest element; None when two have no order."""
    return _extreme(items, least=False)


def _extreme(items: list[Value], *, least: bool) -> Value:
    best = items[0] if items else None
    for item in items:
        before = less(item, best) if least else less(best, item)
        if before is None:
            return None
        best = item if before else best
    return best


@function("all(*list: list)")
def every(items: list[Value]) -> Value:
    """False when one is false, else None when one is no truth, else True."""
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@function("any(*list: list)")
def some(items: list[Value]) -> Value:
    """True when one is true, else None when one is no truth, else False."""
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


@function("sublist(list: list, start position: number, length: number?)")
def sublist(items: list[Value], start: Decimal, length: Decimal | None = None) -> Value:
    """The elements from `start` on, at most `length`."""
    begin = _index(start, len(items))
    if begin is None or (length is not None and not 0 <= length <= len(items) - begin):
        return None
    return items[begin:] if length is None else items[begin : begin + int(length)]


@function("append(list: list, *item: any)")
def append(items: list[Value], more: Value) -> Value:
    """The list with the items behind its last."""
    return [*items, *more] if isinstance(more, list) else [*items, more]


@function("concatenate(*lists: list)")
def concatenate(lists: list[Value]) -> Value:
    """All elements of all lists."""
    joined: list[Value] = []
    for items in lists:
        joined.extend(items if isinstance(items, list) else [items])
    budget.spend(len(joined))
    return joined


@function("union(*lists: list)")
def union(lists: list[Value]) -> Value:
    """All elements of all lists, each once."""
    joined = concatenate(lists)
    return distinct_values(joined) if isinstance(joined, list) else None


@function("insert before(list: list, position: number, newItem: any)")
def insert_before(items: list[Value], position: Decimal, new: Value) -> Value:
    """The list with the item in front of that position."""
    place = _index(position, len(items))
    return None if place is None else [*items[:place], new, *items[place:]]


@function("remove(list: list, position: number)")
def remove(items: list[Value], position: Decimal) -> Value:
    """The list without the element there."""
    place = _index(position, len(items))
    return None if place is None else items[:place] + items[place + 1 :]


@function("list replace(list: list, position: number, newItem: any)")
def list_replace(items: list[Value], position: Decimal, new: Value) -> Value:
    """The list with another item at that position."""
    place = _index(position, len(items))
    return None if place is None else [*items[:place], new, *items[place + 1 :]]


@function("list replace(list: list, match: function, newItem: any)")
def list_replace_where(items: list[Value], match: Function, new: Value) -> Value:
    """The list with another item wherever `match(item, newItem)` is true."""
    if len(match.parameters) != 2:
        return None
    results = [invoke(match, [item, new], ()) for item in items]
    if any(not isinstance(result, bool) for result in results):
        return None
    return [new if result else item for item, result in zip(items, results, strict=True)]


@function("reverse(list: list)")
def reverse(items: list[Value]) -> Value:
    """The list from its last to its first."""
    return items[::-1]


@function("index of(list: list, match: any)")
def index_of(items: list[Value], match: Value) -> Value:
    """The positions of the elements that equal it."""
    return [Decimal(place) for place, item in enumerate(items, 1) if same(item, match)]


@function("distinct values(list: list)")
def distinct_values(items: list[Value]) -> Value:
    """The list with each value once, at its first place."""
    seen: list[Value] = []
    for item in items:
        if not any(same(item, known) for known in seen):
            seen.append(item)
    return seen


@function("flatten(list: list)")
def flatten(items: list[Value]) -> Value:
    """All elements that are no lists, from every depth."""
    flat: list[Value] = []
    waiting: list[Value] = items[::-1]
    while waiting:
        budget.spend()
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        else:
            flat.append(item)
    return flat


@function("sort(list: list, precedes: function)")
def sort(items: list[Value], precedes: Function) -> Value:
    """The list in the order that `precedes(a, b)` says; equal elements keep their places."""

    def order(one: Value, other: Value) -> int:
        return -1 if invoke(precedes, [one, other], ()) is True else 0

    return sorted(items, key=cmp_to_key(order)) if len(precedes.parameters) == 2 else None
