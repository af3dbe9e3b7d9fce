"""Says in whose place somebody has a task: for a colleague who lent it, or for one who is away."""

from __future__ import annotations

from engine import access, circumstances
from engine.circumstances import Entitled
from engine.errors import AnswerError, Conflict, InputRejected
from engine.model import Person, PersonId
from engine.store import absences, people, tasks
from engine.store.database import Work

LONGEST_NOTE = 300


def lender(work: Work, rule: Entitled) -> PersonId | None:
    """Whose a lent task is; nobody's when that person may no longer have it and nobody stands in for her."""
    owner = rule.task.returns_to
    if owner is None or rule.task.person is None:
        return None
    return owner if taker(work, rule, owner)[0] is not None else None


def taker(work: Work, rule: Entitled, person: PersonId) -> tuple[PersonId | None, int | None]:
    """Who gets a task that comes back to a person: she, or while she is away her deputy.

    Returns:
        The person, nobody when she may not have it, and the absence by which she has it.
    """
    instead = absences.stand_in(work, person, role=rule.role, definition_key=rule.task.definition_key)
    if instead is not None and not rule.candidates:
        return instead if rule.admits(people.get(work, instead[0])) else (None, None)
    return (person, None) if rule.admits(people.get(work, person)) else (None, None)


def returns_to(work: Work, rule: Entitled, by: Person, *, lent: bool) -> PersonId | None:
    """To whom a task goes back that `by` hands on, None when it does not.

    Args:
        lent: she wants it back; what was lent to herself stays lent in any case.
    """
    owner = lender(work, rule)
    if lent:
        return owner or circumstances.holder(work, rule) or by.id
    return owner if rule.task.person == by.id else None


def refuse_borrower(work: Work, rule: Entitled, by: Person) -> None:
    """A colleague who does a part gives the task back; the one whose it is completes it.

    Raises:
        Conflict
    """
    owner = lender(work, rule)
    if owner is not None and owner != by.id and not by.unrestricted:
        name = people.get(work, owner).name
        raise Conflict(f"To zadanie kończy {name}. Zapisz swoją część i użyj przycisku „Zwróć zadanie”.")


def in_place_of(work: Work, rule: Entitled, by: Person) -> int | None:
    """The absence by which `by` acts, when she has the task or its role only for a colleague who is away."""
    if rule.task.person == by.id and rule.task.absence is not None:
        return rule.task.absence
    if rule.candidates or rule.role not in by.deputised:
        return None
    return people.absence_of_role(work, by.id, rule.role)


def mark_deputy(work: Work, rule: Entitled, by: Person) -> str:
    """Keep with a task that a deputy does it; the words for the journal, "" when nobody is away."""
    absence = in_place_of(work, rule, by)
    if absence is None:
        return ""
    tasks.assign(work, rule.task.id, by.id, absence=absence)
    return f" w zastępstwie za: {absences.get(work, absence).person_name}"


def authority_number(work: Work, rule: Entitled, by: Person) -> str:
    """By which authorisation a decision is taken: the kierownik's, or the deputy's own; "" when none is needed."""
    if not rule.task.authority:
        return ""
    if access.KIEROWNIK in by.deputised and rule.task.authority in rule.scopes:
        return by.decides_by
    return circumstances.authority_number(work, rule.task.authority)


def said(note: str) -> str:
    """A note as it ends an entry of the journal.

    Raises:
        InputRejected: when it is too long.
    """
    words = " ".join(note.split())
    if len(words) > LONGEST_NOTE:
        raise InputRejected((AnswerError(field="note", message=f"Skróć notatkę do {LONGEST_NOTE} znaków."),))
    return f" Notatka: {words}" if words else ""
