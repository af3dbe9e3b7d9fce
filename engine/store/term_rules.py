"""Keeps the centre's own rows of rules for terms, its free days and its hours."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import delete, insert, select, update

from engine.model import PersonId
from engine.store import preferences
from engine.store.database import Work
from engine.store.rows import Found, insert_one
from engine.store.tables import free_day, person, term_rule
from engine.terms import Rule

MARK = "terms.mark"  # another one after each change, so that whoever keeps rules in memory reads them again
_HOURS = "terms.hours"
_ALL = (
    select(term_rule, person.c.name.label("by"))
    .outerjoin(person, person.c.id == term_rule.c.made_by)
    .order_by(term_rule.c.name, term_rule.c.valid_from, term_rule.c.id)
)
_FREE = select(free_day.c.day, free_day.c.name).order_by(free_day.c.day)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A row of the table: a rule, when and by whom it was entered, and when it was withdrawn."""

    id: int
    rule: Rule
    made_at: datetime
    by: str  # name, "" for the installation
    withdrawn_at: datetime | None


def mark(work: Work) -> str:
    """Changes with every change of rules, free days and hours; "" before the first."""
    return str(preferences.get(work, MARK) or "")


def all_rows(work: Work) -> tuple[Kept, ...]:
    """Every row, by name and then by validity."""
    return tuple(_kept(row) for row in work.connection.execute(_ALL))


def add(work: Work, rule: Rule, *, by: PersonId | None) -> None:
    """Enters a row."""
    values = {
        "name": rule.name,
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
        "rule": rule.rule,
        "statutory": rule.statutory,
        "reminder": rule.reminder,
        "source": rule.source,
        "text": rule.text,
        "made_at": work.now,
        "made_by": by,
    }
    insert_one(work, term_rule, values)
    _touch(work)


def end(work: Work, id: int, last: date, *, withdrawn: bool = False) -> None:
    """Says which day is the last of a row; nothing else of it ever changes."""
    values = {"valid_to": last, **({"withdrawn_at": work.now} if withdrawn else {})}
    work.connection.execute(update(term_rule).where(term_rule.c.id == id).values(values))
    _touch(work)


def free_days(work: Work) -> Mapping[date, str]:
    """The free days of the centre with their names, in order."""
    return {row.day: row.name for row in work.connection.execute(_FREE)}


def add_free_day(work: Work, day: date, name: str) -> None:
    """Enters a free day of the centre."""
    work.connection.execute(insert(free_day).values(day=day, name=name))
    _touch(work)


def drop_free_day(work: Work, day: date) -> bool:
    """Takes a free day out; False when it was none."""
    gone = work.connection.execute(delete(free_day).where(free_day.c.day == day)).rowcount > 0
    _touch(work)
    return gone


def hours(work: Work) -> tuple[time, time] | None:
    """When the centre opens and closes, None when nobody has said so."""
    said = preferences.get(work, _HOURS)
    if not isinstance(said, dict):
        return None
    return time.fromisoformat(str(said["opens"])), time.fromisoformat(str(said["closes"]))


def set_hours(work: Work, opens: time, closes: time) -> None:
    """Says when the centre opens and closes."""
    preferences.put(work, _HOURS, {"opens": opens.isoformat("minutes"), "closes": closes.isoformat("minutes")})
    _touch(work)


def _touch(work: Work) -> None:
    # A random mark, since a counter that is rolled back would come again with other rules.
    preferences.put(work, MARK, secrets.token_hex(8))


def _kept(row: Found) -> Kept:
    rule = Rule(
        name=row.name,
        rule=row.rule,
        statutory=row.statutory,
        reminder=row.reminder,
        source=row.source,
        text=row.text,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
    return Kept(id=row.id, rule=rule, made_at=row.made_at, by=row.by or "", withdrawn_at=row.withdrawn_at)
