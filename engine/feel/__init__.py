"""FEEL, the expression language of DMN 1.5: the only language in diagrams, forms and decision tables.

Nothing here runs Python: an expression is read into a syntax tree, and an interpreter with a budget walks it.
"""

from engine.errors import ExpressionFailed
from engine.feel.conversion import to_json
from engine.feel.durations import DaysTime, YearsMonths
from engine.feel.evaluation import Calculation, Expression, evaluate, parse, parse_tests, unary
from engine.feel.evaluation import holds as test
from engine.feel.values import Function, Range

__all__ = [
    "Calculation",
    "DaysTime",
    "Expression",
    "ExpressionFailed",
    "Function",
    "Range",
    "YearsMonths",
    "evaluate",
    "parse",
    "parse_tests",
    "test",
    "to_json",
    "unary",
]
