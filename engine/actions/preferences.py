"""Deeds on the settings of the centre."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from engine.access import Right, may
from engine.errors import AnswerError, InputRejected, NotAllowed
from engine.model import Json, Person
from engine.store import journal, preferences
from engine.store.database import Work

HEAD = "centre"


def change(
    work: Work,
    by: Person | None,
    *,
    name: str,
    short: str,
    address: str,
    town: str,
    scope_accepted_by_wojt: bool,
    procurement_threshold: str,
) -> None:
    """Keep the centre's head and what every new instance takes along.

    Args:
        procurement_threshold: PLN, as typed; below it a purchase is simplified.

    Raises:
        NotAllowed, InputRejected
    """
    if by is not None and not may(by, Right.PEOPLE):
        raise NotAllowed("Ustawienia prowadzi administrator.")
    threshold = _amount(procurement_threshold)
    if not name.strip():
        raise InputRejected((AnswerError(field="name", message="Podaj pełną nazwę ośrodka."),))
    stored = preferences.get(work, HEAD)
    known: dict[str, Json] = stored if isinstance(stored, dict) else {}
    head: dict[str, Json] = {
        "name": name.strip(),
        "short": short.strip() or name.strip()[:20],
        "address": address.strip(),
        "town": town.strip(),
    }
    preferences.put(work, HEAD, {**known, **head})
    preferences.put(work, "akceptacja_zakresu", scope_accepted_by_wojt)
    preferences.put(work, "prog_pzp", threshold)
    journal.write(work, instance=None, by=by.id if by else None, deed="settings", text="Zmieniono ustawienia ośrodka.")


def _amount(text: str) -> int:
    try:
        value = Decimal(text.replace(" ", "").replace("\u00a0", "").replace(",", "."))
    except InvalidOperation:
        value = Decimal(-1)
    if not 0 <= value <= 1_000_000_000:
        raise InputRejected((AnswerError(field="prog_pzp", message="Podaj kwotę w złotych, na przykład 170 000."),))
    return int(value)
