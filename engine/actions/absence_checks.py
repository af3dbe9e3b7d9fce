"""Says who may enter an absence, and why one does not fit as it was given."""

from __future__ import annotations

from datetime import date, timedelta

from engine import access, circumstances, clock
from engine.access import Right, may
from engine.errors import AnswerError, InputRejected, NotAllowed
from engine.forms import polish
from engine.model import Person, PersonId
from engine.store import absences, assignments, definitions, people
from engine.store.absences import Absence
from engine.store.database import Work

LONGEST = timedelta(days=3 * 366)  # three years of leave for a child are the longest that a centre knows
LONGEST_NOTE = 300
GUARDED = frozenset({access.WOJT, access.ADMINISTRATOR})  # a kierownik gives nobody more power than his own


def ask(by: Person, absent: Person) -> None:
    """Refuse whoever may not enter absences of this person.

    Raises:
        NotAllowed
    """
    if by.unrestricted:
        return
    if not access.sees_all_instances(by):
        raise NotAllowed("Nieobecność zgłoś w ośrodku. Wpisze ją kierownik albo administrator.")
    if by.id == absent.id:
        return
    if not may(by, Right.OVERSEE):
        raise NotAllowed("Nieobecność innej osoby wpisuje kierownik albo administrator.")
    if absent.own_roles & GUARDED and not may(by, Right.PEOPLE):
        raise NotAllowed("Nieobecność wójta i administratora wpisuje ta osoba albo administrator.")


def days(work: Work, starts_on: date | None, ends_on: date | None) -> tuple[date, date]:
    """The first and the last day, when they fit.

    Raises:
        InputRejected
    """
    today = clock.today(work.now)
    first, last = starts_on or today, ends_on or today  # a missing day is refused here
    wrong = {"starts_on": "" if starts_on else "Podaj pierwszy dzień nieobecności.", "ends_on": ""}
    if ends_on is None:
        wrong["ends_on"] = "Podaj ostatni dzień nieobecności."
    elif last < first:
        wrong["ends_on"] = "Ostatni dzień nie może być wcześniejszy niż pierwszy."
    elif last < today:
        wrong["ends_on"] = "Ta nieobecność już minęła. Podaj dzień dzisiejszy albo późniejszy."
    elif last - first > LONGEST:
        wrong["ends_on"] = "Nieobecność może trwać najwyżej trzy lata. Podaj wcześniejszy dzień."
    reject(wrong)
    return first, last


def process(work: Work, key: str) -> str:
    """Why an absence cannot be limited to a process, "" when it can or is not."""
    known = not key or any(one.key == key for one in definitions.latest_all(work))
    return "" if known else "Nie ma takiego procesu. Wybierz inny."


def overlap(
    work: Work, absent: Person, first: date, last: date, *, role: str, definition_key: str, but: int = 0
) -> str:
    """Why an absence does not go with the person's other ones, "" when it does.

    Args:
        but: id of an absence that is changed itself.
    """
    for one in absences.between(work, first, last):
        if one.id != but and one.person == absent.id and (one.role, one.definition_key) == (role, definition_key):
            when = f"{polish.day(one.starts_on)} – {polish.day(one.ends_on)}"
            return f"Na ten czas jest już wpisana nieobecność ({when}). Zmień jej koniec albo ją odwołaj."
    return ""


def unfit(work: Work, absent: Person, deputy: Person, first: date, last: date, *, role: str, but: int = 0) -> str:
    """Why somebody may not stand in, "" when she may.

    Args:
        but: id of an absence that is changed itself.
    """
    if deputy.id == absent.id:
        return "Nikt nie zastępuje sam siebie. Wskaż inną osobę."
    if not deputy.active or deputy.unrestricted:
        return "Ta osoba nie pracuje w ośrodku. Wskaż inną."
    if not _same_side(absent, deputy):
        return "Tę osobę zastępuje ktoś z tej samej instytucji. Wskaż inną osobę."
    if not _somebody_is_here(work, absent, deputy, first, last, role, but):
        return f"{deputy.name} w tym czasie też jest nieobecna i nikt jej nie zastępuje. Wskaż inną osobę."
    barred = _performed_by(work, absent, deputy)
    if barred:
        return (
            f"{deputy.name} należy do komórki, która wykonuje usługę w sprawach tej osoby ({barred})."
            " Wskaż kogoś spoza tej komórki."
        )
    return ""


def unfit_now(work: Work, absence: Absence, deputy: Person) -> str:
    """Why somebody may not take the deputy's place from today on, "" when she may."""
    absent, first = people.get(work, absence.person), max(absence.starts_on, clock.today(work.now))
    return unfit(work, absent, deputy, first, absence.ends_on, role=absence.role, but=absence.id)


def reject(messages: dict[str, str]) -> None:
    """Refuse with every message that says something.

    Raises:
        InputRejected
    """
    errors = tuple(AnswerError(field=name, message=text) for name, text in messages.items() if text)
    if errors:
        raise InputRejected(errors)


def _same_side(absent: Person, deputy: Person) -> bool:
    """People of other institutions see little of the centre, and of those that compete nothing of each other."""
    inside = access.sees_all_instances(absent), access.sees_all_instances(deputy)
    if inside == (True, True):
        return True
    together = absent.unit is not None and absent.unit == deputy.unit
    return inside == (False, False) and (together or not (absent.own_roles | deputy.own_roles) & access.COMPETING)


def _somebody_is_here(work: Work, absent: Person, deputy: Person, first: date, last: date, role: str, but: int) -> bool:
    """False when the deputies of the deputy lead back to the person, or to one who has left."""
    away: dict[PersonId, list[PersonId]] = {}
    for one in absences.between(work, first, last):
        if one.id != but and (not role or one.role in ("", role)) and not one.definition_key:
            away.setdefault(one.person, []).append(one.deputy)
    active = {one.id for one in people.all_people(work) if one.active}
    seen, waiting = set[PersonId](), [deputy.id]
    while waiting:
        at = waiting.pop()
        if at == absent.id or at not in active:
            return False
        if at not in seen:
            seen.add(at)
            waiting += away.get(at, [])
    return True


def _performed_by(work: Work, absent: Person, deputy: Person) -> str:
    """Numbers of the cases that the deputy may not organise, because her unit performs their service (BR11)."""
    found = {
        one.instance_number
        for one in assignments.of_person(work, absent.id)
        if not one.restricted and access.belongs_to_performer(deputy, circumstances.performer(one.variables))
    }
    shown = sorted(found)[:3]
    return ", ".join(shown) + (f" i jeszcze {len(found) - 3}" if len(found) > 3 else "")
