"""Looks at what somebody has who leaves, before it is handed over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine import access, circumstances
from engine.forms import polish
from engine.model import Person, PersonId
from engine.store import absences, assignments, people
from engine.store.absences import Absence
from engine.store.assignments import Assigned
from engine.store.database import Work


@dataclass(frozen=True, kw_only=True)
class RoleLine:
    """Open tasks of one role, and the colleagues who have the role."""

    role: str
    count: int
    heirs: tuple[Person, ...]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a person has.

    Attributes:
        roles: her open tasks by role, apart from borrowed ones and those of committees.
        borrowed: tasks that go back to their owners. lent: tasks that colleagues have from her.
        stands_in, away: absences in which she is the deputy, and her own.
        named: numbers of cases in which she is named in a committee.
    """

    person: Person
    roles: tuple[RoleLine, ...]
    borrowed: int
    lent: int
    stands_in: tuple[Absence, ...]
    away: tuple[Absence, ...]
    named: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """True when nothing is left to hand over."""
        return not (self.roles or self.borrowed or self.lent or self.stands_in or self.away)


def preview(work: Work, person: PersonId) -> Preview:
    """What would be handed over now.

    Raises:
        NotFound: there is no such person.
    """
    leaver = people.get(work, person)
    own, named = assignments.of_person(work, person), assignments.naming(work, person)
    about = absences.about(work, person)
    borrowed = [one for one in own if one.returns_to not in (None, person)]
    rest = [one for one in own if one.returns_to in (None, person) and not one.restricted]
    return Preview(
        person=leaver,
        roles=_by_role(work, rest, person),
        borrowed=len(borrowed),
        lent=len(assignments.lent_by(work, person)),
        stands_in=tuple(one for one in about if one.deputy == person),
        away=tuple(one for one in about if one.person == person),
        named=tuple(sorted({one.instance_number for one in named})),
    )


def _by_role(work: Work, found: Iterable[Assigned], leaver: PersonId) -> tuple[RoleLine, ...]:
    scopes = circumstances.scopes_in_force(work)
    counts: dict[str, int] = {}
    for one in found:
        role = access.responsible(one.role, one.authority, scopes)
        counts[role] = counts.get(role, 0) + 1
    everybody = [one for one in people.all_people(work) if one.active and not one.unrestricted and one.id != leaver]
    return tuple(
        RoleLine(role=role, count=counts[role], heirs=tuple(one for one in everybody if role in one.own_roles))
        for role in sorted(counts, key=polish.alphabetical)
    )
