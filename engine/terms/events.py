"""Says from which dates of a case a term counts."""

from __future__ import annotations

from engine.terms import grammar
from engine.terms.built_in import BUILT_IN
from engine.terms.grammar import Span
from engine.terms.refusals import TermRefused
from engine.terms.rules import Rules


def events(term: str, rules: Rules = BUILT_IN) -> tuple[str, ...]:
    """The variables that may hold the dates from which `term` counts; nothing when it counts from its beginning."""
    rows = rules.history(term)
    words = [row.rule for row in rows] if rows else [term]
    return tuple(dict.fromkeys(name for one in words for name in _named(one)))


def _named(words: str) -> tuple[str, ...]:
    try:
        plan = grammar.read(words)
    except TermRefused:
        return ()
    if not isinstance(plan, Span):
        return ()
    return plan.last_of or ((plan.after,) if plan.after else ())
