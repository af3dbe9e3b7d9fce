"""Built-in functions that make one number of a list of numbers."""

from __future__ import annotations

from decimal import Decimal

from engine.feel.library.registry import function
from engine.feel.numbers import CONTEXT, ZERO
from engine.feel.values import Value


def _numbers(items: list[Value]) -> list[Decimal] | None:
    numbers = [item for item in items if isinstance(item, Decimal)]
    return numbers if len(numbers) == len(items) else None


def _total(numbers: list[Decimal]) -> Decimal:
    total = ZERO
    for number in numbers:
        total = CONTEXT.add(total, number)
    return total


@function("sum(*list: list)")
def total(items: list[Value]) -> Value:
    """The sum; None of no numbers."""
    numbers = _numbers(items)
    return _total(numbers) if numbers else None


@function("product(*list: list)")
def product(items: list[Value]) -> Value:
    """The product; None of no numbers."""
    numbers = _numbers(items)
    result = Decimal(1)
    for number in numbers or ():
        result = CONTEXT.multiply(result, number)
    return result if numbers else None


@function("mean(*list: list)")
def mean(items: list[Value]) -> Value:
    """The average; None of no numbers."""
    numbers = _numbers(items)
    return CONTEXT.divide(_total(numbers), Decimal(len(numbers))) if numbers else None


@function("median(*list: list)")
def median(items: list[Value]) -> Value:
    """The number in the middle, or the average of the two; None of no numbers."""
    numbers = sorted(_numbers(items) or ())
    if not numbers:
        return None
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return CONTEXT.divide(CONTEXT.add(numbers[middle - 1], numbers[middle]), Decimal(2))


@function("stddev(*list: list)")
def stddev(items: list[Value]) -> Value:
    """The standard deviation of a sample; None of fewer than two numbers."""
    numbers = _numbers(items)
    if numbers is None or len(numbers) < 2:
        return None
    average = CONTEXT.divide(_total(numbers), Decimal(len(numbers)))
    squares = [CONTEXT.power(CONTEXT.subtract(number, average), 2) for number in numbers]
    return CONTEXT.sqrt(CONTEXT.divide(_total(squares), Decimal(len(numbers) - 1)))


@function("mode(*list: list)")
def mode(items: list[Value]) -> Value:
    """The most frequent numbers, in ascending order."""
    numbers = _numbers(items)
    if numbers is None:
        return None
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, times in counts.items() if times == most)
