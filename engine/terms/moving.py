"""Gives a term another end that somebody has set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from engine import clock
from engine.model import Json
from engine.terms import counting
from engine.terms.answer import NO_DATES, Due, finished
from engine.terms.built_in import BUILT_IN
from engine.terms.counting import Counted
from engine.terms.rules import Rule, Rules
from engine.terms.words import day


def moved(
    end: date, at: datetime, *, before: datetime, rules: Rules = BUILT_IN, facts: Mapping[str, Json] = NO_DATES
) -> Due:
    """What a term gives whose end was set to another day; target and reminder follow it.

    Args:
        at: when that was done.
        before: the end until then.
        facts: `Due.facts` of the term until then.
    """
    row = Rule(
        name=str(facts.get("name") or ""),
        rule=str(facts.get("rule") or ""),
        statutory=facts.get("statutory") is True,
        source=str(facts.get("source") or ""),
    )
    text = f"Nowy termin: {day(end)}, wyznaczony {day(clock.today(at))} (poprzednio {day(clock.today(before))})."
    counted = Counted(
        moment=counting.end_of(end), event=clock.today(at), last=end, end=end, elapsed=False, text=text, steps=(text,)
    )
    return finished(counted, row, since=at, rules=rules, used={})
