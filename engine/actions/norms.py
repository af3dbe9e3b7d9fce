"""Deed of setting a norm of workload from a day on."""

from __future__ import annotations

from datetime import date

from engine import access
from engine.access import Right, may
from engine.errors import AnswerError, InputRejected, NotAllowed
from engine.forms import polish
from engine.model import Person
from engine.store import journal, norms
from engine.store.database import Work
from engine.store.norms import Kind, Norm

LONGEST = 200
MOST = {"hours": 200.0, "cases": 1000.0}


def set_norm(work: Work, by: Person, *, kind: Kind, subject: str, value: str, since: date | None, source: str) -> None:
    """Set how long a step takes or how many cases a full post bears; earlier days keep what they had.

    Args:
        subject: the key of a form or the name of a step; for cases a role.
        value: as typed, with a comma or a point; 0 withdraws the norm.
        source: where it comes from.

    Raises:
        NotAllowed, InputRejected
    """
    if not may(by, Right.OVERSEE):
        raise NotAllowed("Normy obciążenia ustala kierownik albo administrator.")
    number = _number(value, MOST[kind])
    role = kind == "hours" or subject in access.ROLES
    messages = {
        "subject": "" if subject.strip() and role and len(subject) <= LONGEST else "Wybierz rolę albo podaj krok.",
        "value": "" if number is not None else f"Podaj liczbę od 0 do {MOST[kind]:.0f}, na przykład 1,5.",
        "since": "" if since else "Podaj dzień, od którego norma obowiązuje.",
        "source": "" if source.strip() and len(source) <= LONGEST else "Podaj źródło normy, na przykład zarządzenie.",
    }
    errors = tuple(AnswerError(field=name, message=text) for name, text in messages.items() if text)
    if errors or number is None or since is None:
        raise InputRejected(errors)
    norms.add(work, Norm(kind=kind, subject=subject.strip(), value=number, since=since, source=source.strip()))
    text = f"Norma obciążenia „{subject.strip()}”: {value.strip()} od {polish.day(since)}."
    journal.write(work, instance=None, by=by.id, deed="settings", text=text)


def _number(text: str, most: float) -> float | None:
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return round(found, 2) if 0 <= found <= most else None
