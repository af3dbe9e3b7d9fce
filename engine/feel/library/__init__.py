"""All built-in functions of FEEL, by name."""

from engine.feel.library import contexts, conversions, lists, numeric, ranges, statistics, strings, temporal
from engine.feel.library.registry import FUNCTIONS, invoke

__all__ = [
    "FUNCTIONS",
    "contexts",
    "conversions",
    "invoke",
    "lists",
    "numeric",
    "ranges",
    "statistics",
    "strings",
    "temporal",
]
