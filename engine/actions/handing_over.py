"""Hands over everything that somebody has who leaves: tasks, loans, and the colleagues for whom she stands in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine import access, circumstances
from engine.access import Right, may
from engine.actions import absence_checks, absences, telling
from engine.actions import people as people_deeds
from engine.errors import Conflict, NotAllowed
from engine.model import Person, PersonId
from engine.store import absences as absence_rows
from engine.store import assignments, journal, people
from engine.store.assignments import Assigned, Move
from engine.store.database import Work

Heirs = Mapping[str, PersonId] | PersonId | None  # by role, one for all, or nobody: then the team


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """What was handed over, in numbers.

    Attributes:
        given: tasks by name of the person who has them now; "" is the team.
        returned: borrowed tasks that went back to their owners.
        lent: tasks that colleagues had borrowed and that go back to somebody else now.
        deputies: absences in which somebody else stands in now. cancelled: those for which nobody could be found.
        named: numbers of the cases with a committee in which somebody must be named anew.
    """

    given: Mapping[str, int]
    returned: int
    lent: int
    deputies: int
    cancelled: int
    named: tuple[str, ...]


def hand_over(work: Work, by: Person, leaver: PersonId, heirs: Heirs, *, deactivate: bool = False) -> HandedOver:
    """Give everything of a person who leaves to others, in one deed; doing it again finds nothing left to do.

    Args:
        deactivate: her account is closed too; only an administrator may.

    Raises:
        NotAllowed: unless `by` is kierownik or administrator.
        NotFound: there is no such person or heir.
        Conflict: when an heir is the person herself or has left; when the last administrator would go.
    """
    if not (may(by, Right.OVERSEE) or by.unrestricted):
        raise NotAllowed("Sprawy osoby, która odchodzi, przekazuje kierownik albo administrator.")
    if deactivate and not may(by, Right.PEOPLE):
        raise NotAllowed("Konto wyłącza administrator. Przekaż sprawy bez wyłączania konta.")
    absence_rows.alone(work)
    person = people.get(work, leaver)
    heir_of = _heirs(work, person, heirs)
    assignments.hold(work, [one.instance for one in _all(work, leaver)])
    given, returned = _give(work, by, person, heir_of)
    done = HandedOver(
        given=given,
        returned=returned,
        lent=_keep_loans(work, by, person, heir_of),
        **_deputise_anew(work, by, person, heir_of),
        named=tuple(sorted({one.instance_number for one in assignments.naming(work, leaver)})),
    )
    total = sum(given.values()) + returned + done.lent
    if total or done.deputies or done.cancelled:
        text = f"Przekazano sprawy osoby {person.name}: zadania {total}, zastępstwa {done.deputies + done.cancelled}."
        journal.write(work, instance=None, by=by.id, deed="hand_over", text=text)
    if deactivate and person.active:
        people_deeds.change(
            work,
            by,
            leaver,
            name=person.name,
            email=person.email,
            unit=person.unit,
            roles=person.own_roles,
            active=False,
        )
    return done


def _all(work: Work, leaver: PersonId) -> tuple[Assigned, ...]:
    return (*assignments.of_person(work, leaver), *assignments.lent_by(work, leaver))


def _heirs(work: Work, leaver: Person, heirs: Heirs) -> Callable[[str], Person | None]:
    """Says who gets what belongs to a role.

    Raises:
        Conflict: when an heir does not fit.
    """
    wanted = heirs if isinstance(heirs, Mapping) else {}
    known = {one.id: one for one in people.all_people(work)}
    for id in {*wanted.values(), *([heirs] if isinstance(heirs, int) else [])}:
        if id == leaver.id or id not in known or not known[id].active:
            raise Conflict("Sprawy może przejąć tylko inna osoba, która pracuje w ośrodku. Wybierz ją z listy.")
    if isinstance(heirs, int):
        return lambda _role: known[heirs]
    return lambda role: known[wanted[role]] if role in wanted else None


def _give(
    work: Work, by: Person, leaver: Person, heir_of: Callable[[str], Person | None]
) -> tuple[dict[str, int], int]:
    """Her open tasks go to the heirs as far as those may take them, borrowed ones to their owners."""
    taker = _Taker(work, heir_of)
    moves, counts, returned = [], dict[str, int](), 0
    told: dict[PersonId, int] = {}
    for one in assignments.of_person(work, leaver.id):
        owner = one.returns_to if one.returns_to != leaver.id else None
        person = taker.known(owner, one) or taker.heir(one)
        back = person is not None and person.id == owner
        moves.append(Move(task=one.id, person=person.id if person else None, absence=one.absence if person else None))
        returned += back
        if not back:
            counts[person.name if person else ""] = counts.get(person.name if person else "", 0) + 1
        if person is not None:
            told[person.id] = told.get(person.id, 0) + 1
        text = f"Przekazano zadanie „{one.name}” po osobie {leaver.name}: {person.name if person else 'zespół'}."
        journal.write(work, instance=one.instance, by=by.id, deed="hand_over", element=one.element, text=text)
    assignments.move(work, moves)
    for id, count in told.items():
        telling.handed_over(work, id, leaver=leaver.id, count=count)
    return counts, returned


def _keep_loans(work: Work, by: Person, leaver: Person, heir_of: Callable[[str], Person | None]) -> int:
    """What she had lent goes back to the heir one day; without one the colleague has it for good."""
    taker, moves = _Taker(work, heir_of), []
    for one in assignments.lent_by(work, leaver.id):
        heir = taker.heir(one)
        owner = heir.id if heir is not None and heir.id != one.person else None
        moves.append(Move(task=one.id, person=one.person, returns_to=owner))
        whom = heir.name if heir is not None and owner is not None else "bez zwrotu"
        text = f"Zadanie „{one.name}” pożyczyła osoba {leaver.name}, która odchodzi. Zwrot: {whom}."
        journal.write(work, instance=one.instance, by=by.id, deed="hand_over", element=one.element, text=text)
    assignments.move(work, moves)
    return len(moves)


def _deputise_anew(work: Work, by: Person, leaver: Person, heir_of: Callable[[str], Person | None]) -> dict[str, int]:
    """Where she stands in somebody else does, or nobody; her own absences end."""
    changed = cancelled = 0
    for one in absence_rows.about(work, leaver.id):
        if one.person == leaver.id:
            _close(work, by, one.id, running=one.running)
            continue
        heir = next((known for role in _roles(work, one) if (known := heir_of(role)) is not None), None)
        if heir is not None and not absence_checks.unfit_now(work, one, heir):
            absences.replace_deputy(work, by, one.id, heir.id)
            changed += 1
        else:
            _close(work, by, one.id, running=one.running)
            cancelled += 1
    return {"deputies": changed, "cancelled": cancelled}


def _roles(work: Work, one: absence_rows.Absence) -> list[str]:
    return [one.role] if one.role else sorted(people.get(work, one.person).own_roles)


def _close(work: Work, by: Person, id: int, *, running: bool) -> None:
    if running:
        absences.come_back(work, by, id)
    else:
        absences.cancel(work, by, id)


class _Taker:
    """Finds who may take tasks, asking for everybody's rights once."""

    def __init__(self, work: Work, heir_of: Callable[[str], Person | None]) -> None:
        self._scopes = circumstances.scopes_in_force(work)
        self._known = {one.id: one for one in people.all_people(work)}
        self._heir_of = heir_of

    def heir(self, one: Assigned) -> Person | None:
        """The heir of a task's role, when she may take it; a committee's task waits for a decision."""
        heir = self._heir_of(access.responsible(one.role, one.authority, self._scopes)) or self._heir_of(one.role)
        return heir if heir is not None and self._may(heir, one) else None

    def known(self, id: PersonId | None, one: Assigned) -> Person | None:
        """This person, when she may take the task."""
        found = self._known.get(id) if id is not None else None
        return found if found is not None and self._may(found, one) else None

    def _may(self, person: Person, one: Assigned) -> bool:
        performer = circumstances.performer(one.variables)
        fits = access.may_take(person, one, candidates=(), scopes=self._scopes, performer=performer)
        return fits and not one.restricted
