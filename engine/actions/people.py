"""Deeds on people, units and authorisations."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from argon2 import PasswordHasher

from engine import access, clock
from engine.access import Right, may
from engine.actions import deputies, duties
from engine.errors import AnswerError, Conflict, InputRejected, NotAllowed
from engine.model import AuthorisationId, Person, PersonId, UnitId
from engine.store import absences, authorisations, journal, people, sessions
from engine.store.database import Work

# OWASP's smallest safe setting: an office with one old computer signs in without waiting.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,39}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
LONGEST_NAME = 120


def add_unit(work: Work, by: Person | None, *, name: str, performs: bool) -> UnitId:
    """Enter an organisational unit.

    Raises:
        NotAllowed, InputRejected
    """
    _administrator(by)
    _reject({"name": _name(name, "Podaj nazwę komórki.")})
    unit = people.add_unit(work, name=name.strip(), performs=performs)
    _note(work, by, "people", f"Dodano komórkę „{name.strip()}”.")
    return unit


def change_unit(work: Work, by: Person, unit: UnitId, *, name: str, performs: bool) -> None:
    """Change name or kind of a unit.

    Raises:
        NotAllowed, InputRejected
    """
    _administrator(by)
    _reject({"name": _name(name, "Podaj nazwę komórki.")})
    people.change_unit(work, unit, name=name.strip(), performs=performs)
    _note(work, by, "people", f"Zmieniono komórkę „{name.strip()}”.")


def add(
    work: Work,
    by: Person | None,
    *,
    login: str,
    name: str,
    email: str,
    unit: UnitId | None,
    roles: Collection[str],
    password: str,
    unrestricted: bool = False,
) -> PersonId:
    """Enter a person with roles and a first password.

    Raises:
        NotAllowed, Conflict (the login is taken), InputRejected
    """
    _administrator(by)
    problem = "" if LOGIN.fullmatch(login) else "Podaj login małymi literami, bez spacji i polskich znaków."
    profile = _profile(name, email, roles, _unit(work, unit))
    _reject({"login": problem, **profile, "password": _password(password)})
    if people.by_login(work, login) is not None:
        raise Conflict(f"Login „{login}” jest już zajęty. Podaj inny.")
    person = people.add(
        work,
        login=login,
        name=name.strip(),
        email=email.strip(),
        unit=unit,
        roles=frozenset(roles),
        password_hash=HASHER.hash(password),
        unrestricted=unrestricted,
    )
    _note(work, by, "people", f"Dodano osobę {name.strip()} (role: {', '.join(sorted(roles)) or 'brak'}).")
    return person


def change(
    work: Work,
    by: Person,
    person: PersonId,
    *,
    name: str,
    email: str,
    unit: UnitId | None,
    roles: Collection[str],
    active: bool,
    employment: int | None = None,
) -> None:
    """Change a person's data, unit or roles; one who is no longer active is signed out everywhere.

    Args:
        roles: her own; those of colleagues for whom she stands in come on top.
        employment: percent of a full post; None leaves it as it is.

    Raises:
        NotAllowed, InputRejected, Conflict: when the last administrator would go.
    """
    _administrator(by)
    post = "" if employment is None or 1 <= employment <= 100 else "Podaj wymiar etatu od 1 do 100 procent."
    _reject({**_profile(name, email, roles, _unit(work, unit)), "employment": post})
    absences.alone(work)
    if access.ADMINISTRATOR not in roles or not active:
        _keep_an_administrator(work, person)
    people.change(
        work,
        person,
        name=name.strip(),
        email=email.strip(),
        unit=unit,
        roles=frozenset(roles),
        active=active,
        employment=employment,
    )
    deputies.settle(work)
    if not active:
        sessions.drop_of_person(work, person)
    state = "" if active else ", konto wyłączone"
    _note(work, by, "people", f"Zmieniono dane osoby {name.strip()} (role: {', '.join(sorted(roles))}{state}).")


def set_password(work: Work, by: Person, person: PersonId, password: str) -> None:
    """Set a new password and sign the person out everywhere.

    Raises:
        NotAllowed: unless it is one's own or `by` is an administrator.
        InputRejected: when it is too short.
    """
    if by.id != person:
        _administrator(by)
    _reject({"password": _password(password)})
    people.set_password_hash(work, person, HASHER.hash(password))
    sessions.drop_of_person(work, person)
    _note(work, by, "people", f"Ustawiono nowe hasło osoby {people.get(work, person).name}.")


def authorise(
    work: Work,
    by: Person | None,
    *,
    scope: str,
    number: str,
    valid_from: date | None,
    valid_to: date | None,
    note: str = "",
) -> AuthorisationId:
    """Enter an authorisation that the wójt gave to the kierownik into the register.

    Raises:
        NotAllowed, InputRejected
    """
    _administrator(by)
    late = valid_from is not None and valid_to is not None and valid_to < valid_from
    starts = valid_from or clock.today(work.now)  # a missing start is refused below
    _reject(
        {
            "scope": "" if scope in access.SCOPES else "Wybierz zakres upoważnienia.",
            "number": "" if number.strip() else "Podaj numer dokumentu upoważnienia.",
            "valid_from": "" if valid_from else "Podaj datę, od której upoważnienie obowiązuje.",
            "valid_to": "Koniec nie może być wcześniejszy niż początek." if late else "",
        }
    )
    new = authorisations.add(
        work, scope=scope, number=number.strip(), valid_from=starts, valid_to=valid_to, note=note.strip()
    )
    duties.register_changed(work)
    _note(work, by, "authorise", f"Wpisano upoważnienie nr {number.strip()}: {access.SCOPES[scope]}.", number.strip())
    return new


def revoke(work: Work, by: Person, authorisation: AuthorisationId) -> None:
    """End an authorisation today; its open decisions go to the wójt at once.

    Raises:
        NotAllowed
    """
    _administrator(by)
    found = [one for one in authorisations.all_authorisations(work) if one.id == authorisation]
    authorisations.revoke(work, authorisation, clock.today(work.now))
    duties.register_changed(work)
    number = found[0].number if found else ""
    _note(work, by, "authorise", f"Cofnięto upoważnienie nr {number}.", number)


def _keep_an_administrator(work: Work, person: PersonId) -> None:
    """Refuse to let the last one go who is administrator in her own right."""
    if access.ADMINISTRATOR not in people.get(work, person).own_roles:
        return
    everybody = people.all_people(work)
    if not any(one.id != person and one.active and access.ADMINISTRATOR in one.own_roles for one in everybody):
        raise Conflict("To ostatni administrator. Najpierw nadaj tę rolę innej osobie.")


def _administrator(by: Person | None) -> None:
    if by is not None and not may(by, Right.PEOPLE):
        raise NotAllowed("Osoby, role i upoważnienia prowadzi administrator.")


def _profile(name: str, email: str, roles: Collection[str], unit: str) -> dict[str, str]:
    unknown = sorted(set(roles) - set(access.ROLES))
    return {
        "name": _name(name, "Podaj imię i nazwisko."),
        "email": "" if not email.strip() or EMAIL.fullmatch(email.strip()) else "Podaj jeden adres e-mail albo żaden.",
        "roles": f"Nieznana rola: {', '.join(unknown)}." if unknown else "",
        "unit": unit,
    }


def _name(name: str, missing: str) -> str:
    if not name.strip():
        return missing
    return "" if len(name.strip()) <= LONGEST_NAME else f"Skróć nazwę do {LONGEST_NAME} znaków."


def _unit(work: Work, unit: UnitId | None) -> str:
    known = unit is None or any(one.id == unit for one in people.units(work))
    return "" if known else "Nie ma takiej komórki. Wybierz inną."


def _password(password: str) -> str:
    if SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return ""
    return f"Hasło musi mieć od {SHORTEST_PASSWORD} do {LONGEST_PASSWORD} znaków."


def _reject(messages: dict[str, str]) -> None:
    errors = tuple(AnswerError(field=name, message=text) for name, text in messages.items() if text)
    if errors:
        raise InputRejected(errors)


def _note(work: Work, by: Person | None, deed: str, text: str, authority: str = "") -> None:
    journal.write(work, instance=None, by=by.id if by else None, deed=deed, text=text, authority=authority)
