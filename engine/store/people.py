"""Keeps people, their roles and the units they belong to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import bindparam, delete, select, update

from engine.errors import Conflict, NotFound
from engine.model import Person, PersonId, Unit, UnitId
from engine.store.database import Work
from engine.store.rows import Found, insert_all, insert_one
from engine.store.tables import absence, person, person_role, unit
from engine.store.task_ownership import DELEGATE

COLUMNS = (
    person.c.id,
    person.c.login,
    person.c.name,
    person.c.email,
    person.c.unit_id,
    person.c.active,
    person.c.unrestricted,
    person.c.employment,
    person_role.c.role,
    person_role.c.absence_id,
    absence.c.authorisation,
)
_SOURCE = person.outerjoin(person_role).outerjoin(absence, absence.c.id == person_role.c.absence_id)
_WITH_ROLES = select(*COLUMNS).select_from(_SOURCE).order_by(person.c.id)
_UNITS = select(unit).order_by(unit.c.name, unit.c.id)
_BY_ID = _WITH_ROLES.where(person.c.id == bindparam("id"))
_BY_LOGIN = _WITH_ROLES.where(person.c.login == bindparam("login"))


def add_unit(work: Work, *, name: str, performs: bool) -> UnitId:
    """Enters a unit.

    Raises:
        Conflict: another unit has this name.
    """
    _refuse_taken_unit(work, name, None)
    return UnitId(insert_one(work, unit, {"name": name, "performs": performs}))


def change_unit(work: Work, id: UnitId, *, name: str, performs: bool) -> None:
    """Gives a unit another name or kind.

    Raises:
        NotFound: there is no such unit.
        Conflict: another unit has this name.
    """
    _refuse_taken_unit(work, name, id)
    changed = work.connection.execute(update(unit).where(unit.c.id == id).values(name=name, performs=performs))
    if changed.rowcount == 0:
        raise NotFound("Nie ma takiej komórki.")


def units(work: Work) -> tuple[Unit, ...]:
    """All units, by name."""
    return tuple(Unit(id=row.id, name=row.name, performs=row.performs) for row in work.connection.execute(_UNITS))


def add(
    work: Work,
    *,
    login: str,
    name: str,
    email: str,
    unit: UnitId | None,
    roles: Collection[str],
    password_hash: str,
    unrestricted: bool = False,
) -> PersonId:
    """Enters an active person.

    Raises:
        Conflict: the login is taken.
    """
    if by_login(work, login) is not None:
        raise Conflict(f"Login „{login}” jest już zajęty. Podaj inny.")
    values = {
        "login": login,
        "name": name,
        "email": email,
        "unit_id": unit,
        "password_hash": password_hash,
        "active": True,
        "unrestricted": unrestricted,
    }
    id = PersonId(insert_one(work, person, values))
    _give_roles(work, id, roles)
    return id


def change(
    work: Work,
    id: PersonId,
    *,
    name: str,
    email: str,
    unit: UnitId | None,
    roles: Collection[str],
    active: bool,
    employment: int | None = None,
) -> None:
    """Replaces what is known of a person; `deputise` gives her again what she has for colleagues who are away.

    Args:
        roles: her own.
        employment: percent of a full post; None leaves it as it is.

    Raises:
        NotFound: there is no such person.
    """
    values: dict[str, object] = {"name": name, "email": email, "unit_id": unit, "active": active}
    values |= {} if employment is None else {"employment": employment}
    if work.connection.execute(update(person).where(person.c.id == id).values(values)).rowcount == 0:
        raise _unknown()
    work.connection.execute(delete(person_role).where(person_role.c.person_id == id))
    _give_roles(work, id, roles)


def get(work: Work, id: PersonId) -> Person:
    """The person with this id.

    Raises:
        NotFound: there is none.
    """
    found = from_rows(work.connection.execute(_BY_ID, {"id": id}))
    if not found:
        raise _unknown()
    return found[0]


def by_login(work: Work, login: str) -> Person | None:
    """The person with this login, letter by letter."""
    found = from_rows(work.connection.execute(_BY_LOGIN, {"login": login}))
    return found[0] if found else None


def all_people(work: Work) -> tuple[Person, ...]:
    """Everybody, active or not, in the order of entering."""
    return from_rows(work.connection.execute(_WITH_ROLES))


def password_hash(work: Work, id: PersonId) -> str:
    """The stored hash of a person's password.

    Raises:
        NotFound: there is no such person.
    """
    found = work.connection.scalar(select(person.c.password_hash).where(person.c.id == id))
    if found is None:
        raise _unknown()
    return str(found)


def set_password_hash(work: Work, id: PersonId, hash: str) -> None:
    """Replaces the hash of a person's password.

    Raises:
        NotFound: there is no such person.
    """
    if work.connection.execute(update(person).where(person.c.id == id).values(password_hash=hash)).rowcount == 0:
        raise _unknown()


def deputise(work: Work, granted: Mapping[PersonId, Mapping[str, int]]) -> None:
    """Gives people just these roles of colleagues who are away, and takes back all others of that kind.

    Args:
        granted: by person, the roles that are not her own, each with the id of the absence.
    """
    work.connection.execute(delete(person_role).where(person_role.c.absence_id.is_not(None)))
    rows = [
        {"person_id": id, "role": role, "absence_id": away}
        for id, roles in sorted(granted.items())
        for role, away in sorted(roles.items())
    ]
    insert_all(work, person_role, rows)


def absence_of_role(work: Work, id: PersonId, role: str) -> int | None:
    """The absence of the colleague whose role a person has meanwhile, None when it is her own."""
    found = select(person_role.c.absence_id).where(person_role.c.person_id == id, person_role.c.role == role)
    return work.connection.scalar(found)


def any_people(work: Work) -> bool:
    """True when at least one person was entered."""
    return work.connection.scalar(select(person.c.id).limit(1)) is not None


def _refuse_taken_unit(work: Work, name: str, id: UnitId | None) -> None:
    owner = work.connection.scalar(select(unit.c.id).where(unit.c.name == name))
    if owner is not None and owner != id:
        raise Conflict(f"Komórka „{name}” już istnieje. Podaj inną nazwę.")


def _give_roles(work: Work, id: PersonId, roles: Collection[str]) -> None:
    insert_all(work, person_role, [{"person_id": id, "role": role} for role in sorted(set(roles))])


def from_rows(rows: Iterable[Found]) -> tuple[Person, ...]:
    """People from rows of `COLUMNS`: one row for each role of a person, or one without a role, becomes one person."""
    first: dict[int, Found] = {}
    roles: dict[int, set[str]] = {}
    deputised: dict[int, set[str]] = {}
    numbers: dict[int, str] = {}
    for row in rows:
        first.setdefault(row.id, row)
        roles.setdefault(row.id, set()).update([row.role] if row.role is not None else [])
        if row.absence_id is not None:
            deputised.setdefault(row.id, set()).add(row.role)
            numbers[row.id] = row.authorisation if row.role == DELEGATE else numbers.get(row.id, "")
    return tuple(
        Person(
            id=PersonId(row.id),
            login=row.login,
            name=row.name,
            email=row.email,
            unit=None if row.unit_id is None else UnitId(row.unit_id),
            roles=frozenset(roles[id]),
            active=row.active,
            unrestricted=row.unrestricted,
            employment=row.employment,
            deputised=frozenset(deputised.get(id, ())),
            decides_by=numbers.get(id, ""),
        )
        for id, row in first.items()
    )


def _unknown() -> NotFound:
    return NotFound("Nie ma takiej osoby.")
