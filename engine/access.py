"""Who may see, claim, complete and decide: pure predicates over persons and tasks."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Protocol

from engine.model import Offer, Person, PersonId, UnitId

KIEROWNIK = "Kierownik ops"
WOJT = "Wójt"
KOORDYNATOR = "Koordynator usług pomocy społecznej"
ADMINISTRATOR = "Administrator"

ROLES: tuple[str, ...] = (
    KOORDYNATOR,
    KIEROWNIK,
    WOJT,
    "Specjalista ds. form realizacji usług",
    "Specjalista ds. zamówień publicznych",
    "Pracownik socjalny",
    "Pracownik ds. świadczeń",
    "Komisja konkursowa",
    "Komisja przetargowa",
    "Pracownik ds. finansowych",
    "Pracownik PUP",
    "Kierownik PUP",
    "Rada gminy",
    "Urząd gminy",
    "Organizacja pozarządowa",
    "Interwent",
    "Kierownik interwencji",
    ADMINISTRATOR,
)

# People of other institutions see only the instances in which they take part.
OUTSIDE = frozenset({"Pracownik PUP", "Kierownik PUP", "Organizacja pozarządowa"})

# Of these one may compete with another: they read what they wrote themselves and what a form quotes to them.
COMPETING = frozenset({"Organizacja pozarządowa"})

SCOPES: dict[str, str] = {
    "FORMA": "przyjęcie i wybór formy realizacji usługi",
    "KONKURS": "specyfikacja, ogłoszenie konkursu i powołanie komisji",
    "POWIERZENIE": "powierzenie realizacji zadania",
    "UMOWA": "zawieranie umów i porozumień",
    "NADZOR": "nadzór, monitoring i ewaluacja usługi",
}


class Right(StrEnum):
    """What a page or call asks before it opens."""

    ANYONE = "anyone"  # also without signing in
    SIGNED_IN = "signed_in"
    START = "start"  # start and cancel instances
    PUBLISH = "publish"  # publish definitions and forms
    PEOPLE = "people"  # people, units, roles, authorisations, incidents
    OVERSEE = "oversee"  # the team: its queues, workload, absences, hand-over


RIGHTS: dict[Right, frozenset[str]] = {
    Right.START: frozenset({KOORDYNATOR, KIEROWNIK}),
    Right.PUBLISH: frozenset({KIEROWNIK, ADMINISTRATOR}),
    Right.PEOPLE: frozenset({ADMINISTRATOR}),
    Right.OVERSEE: frozenset({KIEROWNIK, ADMINISTRATOR}),
}


class Belonging(Protocol):
    """What belongs to a role, like a task."""

    @property
    def role(self) -> str:
        """The lane it is drawn in."""

    @property
    def authority(self) -> str:
        """Scope of the authorisation by which the kierownik may decide it, "" when it is no such decision."""


def may(person: Person | None, right: Right) -> bool:
    """True when `person` (None: nobody signed in) has the right."""
    if right is Right.ANYONE:
        return True
    if person is None or not person.active:
        return False
    return right is Right.SIGNED_IN or person.unrestricted or bool(person.roles & RIGHTS[right])


def responsible(role: str, authority: str, scopes: Collection[str]) -> str:
    """The role that a step belongs to at this moment.

    A decision that the wójt may delegate belongs to the kierownik only while an authorisation of its
    scope is in force, else to the wójt (*Model realizacji usług w gminie*, tab. 8, 9, 14; BR6).
    """
    if not authority:
        return role
    return KIEROWNIK if authority in scopes else WOJT


def may_take(
    person: Person,
    task: Belonging,
    *,
    candidates: Collection[PersonId],
    scopes: Collection[str],
    performer: UnitId | None = None,
) -> bool:
    """True when the task may be claimed and completed by `person`.

    Args:
        candidates: when there are any, only these people may.
        scopes: of the authorisations in force.
        performer: unit that performs the service; its people do not organise it (BR11).
    """
    if not person.active:
        return False
    if person.unrestricted:
        return True
    if belongs_to_performer(person, performer):
        return False
    if candidates:
        return person.id in candidates
    role = responsible(task.role, task.authority, scopes)
    return role in person.roles and (not task.authority or role != KIEROWNIK or decides(person))


def decides(person: Person) -> bool:
    """True when the wójt's authorisations are this person's to use, as far as she is a kierownik.

    An authorisation is given to a person, not to her post: a deputy needs one of her own
    (art. 110 ust. 7–8 ustawy o pomocy społecznej, art. 268a KPA).
    """
    return KIEROWNIK in person.own_roles or bool(person.decides_by)


def may_take_up(person: Person, offer: Offer) -> bool:
    """True when the person may begin what an ad-hoc sub-process offers: by its role, or as one who starts cases."""
    return may(person, Right.START) or (person.active and offer.role in person.roles)


def belongs_to_performer(person: Person, performer: UnitId | None) -> bool:
    """True when the person sits in the unit that performs the service and so may not organise it.

    Source: *Model realizacji usług w gminie*, rozdz. 5 (001: 2642–2644); BR11.
    """
    return performer is not None and person.unit == performer


def sees_all_instances(person: Person) -> bool:
    """True for the staff of the gmina; people of other institutions see their own instances only."""
    return person.unrestricted or bool(person.roles - OUTSIDE)


def reads_all_answers(person: Person) -> bool:
    """True for whoever may read every document of an instance that he sees; a competitor reads only his own."""
    return person.unrestricted or bool(person.roles - COMPETING)


def may_hand_over(person: Person) -> bool:
    """True for whoever oversees the centre and so may give what one person has to a colleague of that person."""
    return may(person, Right.OVERSEE)


def may_change_terms(person: Person) -> bool:
    """True for those who may postpone, suspend and delay the terms of tasks: the kierownik and the administrator."""
    return may_hand_over(person) or may(person, Right.PEOPLE)
