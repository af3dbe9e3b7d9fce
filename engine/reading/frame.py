"""Looks at what the frame of every page shows, and reads it together with what the page itself will ask."""

from __future__ import annotations

from engine import clock
from engine.model import Person
from engine.reading import centre
from engine.store import first_look, term_rules
from engine.store.database import Work

SETTINGS = (centre.HEAD, term_rules.MARK)


def prepare(work: Work, viewer: Person) -> None:
    """Read ahead, with one statement, what this look and those after it would ask one by one."""
    first_look.read(work, viewer, day=clock.today(work.now), settings=SETTINGS)
