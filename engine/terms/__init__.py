"""Terms: rules of law or of the centre that yield a moment, each answer with its explanation."""

from engine.terms.answer import Due, check, due
from engine.terms.built_in import BUILT_IN
from engine.terms.hours import working_hours
from engine.terms.pausing import resumed
from engine.terms.refusals import DatesMissing, OutOfRange, TermRefused, TermUnknown
from engine.terms.remaining import days_left
from engine.terms.rules import OWN_SOURCE, Rule, Rules, merged, nearest, problem

__all__ = [
    "BUILT_IN",
    "OWN_SOURCE",
    "DatesMissing",
    "Due",
    "OutOfRange",
    "Rule",
    "Rules",
    "TermRefused",
    "TermUnknown",
    "check",
    "days_left",
    "due",
    "merged",
    "nearest",
    "problem",
    "resumed",
    "working_hours",
]
