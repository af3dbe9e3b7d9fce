"""Deeds on people, units and authorisations, as the administrator does them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from actions_cast import KOORDYNATOR, Centre

from engine import circumstances, clock
from engine.actions import people, sessions
from engine.errors import Conflict, InputRejected, NotAllowed, NotFound
from engine.model import Authorisation, AuthorisationId, PersonId, UnitId
from engine.reading import sessions as session_looks
from engine.store import authorisations, journal
from engine.store import people as rows

PASSWORD = "haslo-do-prob-2026"
NEW = {
    "login": "ewa",
    "name": "Ewa",
    "email": "ewa@ops.example",
    "unit": None,
    "roles": [KOORDYNATOR],
    "password": PASSWORD,
}


def add(centre: Centre, by: str = "adam", **said: Any) -> PersonId:
    with centre.work() as work:
        return people.add(work, centre.person(by), **{**NEW, **said})


def change(centre: Centre, login: str, **said: Any) -> None:
    one = centre.person(login)
    usual = {"name": one.name, "email": one.email, "unit": one.unit, "roles": one.roles, "active": True}
    with centre.work() as work:
        people.change(work, centre.person("adam"), one.id, **{**usual, **said})


def refused(centre: Centre, **said: Any) -> list[str]:
    with pytest.raises(InputRejected) as refusal:
        add(centre, **said)
    return [one.field for one in refusal.value.errors]


def test_a_new_person_signs_in_with_the_first_password(centre: Centre) -> None:
    ewa = add(centre)

    with centre.database.look() as work:
        assert sessions.sign_in(work, " EWA ", PASSWORD).id == ewa
        with pytest.raises(NotAllowed, match="Login albo hasło"):
            sessions.sign_in(work, "ewa", "inne-haslo-2026")
        with pytest.raises(NotAllowed, match="Login albo hasło"):
            sessions.sign_in(work, "nikt", PASSWORD)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"login": "Ewa"}, "login"),
        ({"login": "ewa nowak"}, "login"),
        ({"login": "e"}, "login"),
        ({"name": "  "}, "name"),
        ({"name": "E" * 121}, "name"),
        ({"email": "ewa"}, "email"),
        ({"email": "ewa@ops.example\nBcc: x@y.example"}, "email"),
        ({"roles": ["Dyrektor"]}, "roles"),
        ({"unit": UnitId(999)}, "unit"),
        ({"password": "krotkie"}, "password"),
        ({"password": "d" * 201}, "password"),
    ],
)
def test_what_does_not_fit_is_named_by_its_field(centre: Centre, said: dict[str, Any], field: str) -> None:
    assert refused(centre, **said) == [field]


def test_everything_wrong_is_told_at_once(centre: Centre) -> None:
    assert refused(centre, login="", name="", email="x", roles=["?"], password="") == [
        "login",
        "name",
        "email",
        "roles",
        "password",
    ]


def test_a_login_is_given_once(centre: Centre) -> None:
    with pytest.raises(Conflict, match="„anna” jest już zajęty"):
        add(centre, login="anna")


@pytest.mark.parametrize("by", ["anna", "krystyna", "wojciech"])
def test_only_the_administrator_enters_people(centre: Centre, by: str) -> None:
    with pytest.raises(NotAllowed, match="prowadzi administrator"):
        add(centre, by=by)


def test_somebody_whose_account_is_closed_is_out_at_once(centre: Centre) -> None:
    anna = centre.person("anna")
    with centre.work() as work:
        secret = sessions.open_session(work, anna.id, "{}")
        token = sessions.make_token(work, anna.id, "próba", 30)

    change(centre, "anna", active=False)

    with centre.database.look() as work:
        assert session_looks.session(work, secret) is None
        assert session_looks.token_owner(work, token) is None


def test_a_role_that_is_taken_away_counts_from_the_next_click(centre: Centre) -> None:
    task = centre.task(centre.start("dwa", by="anna").id)

    change(centre, "anna", roles=["Wójt"])

    with pytest.raises(NotAllowed):
        centre.complete(task.id, "anna")


@pytest.mark.parametrize("said", [{"active": False}, {"roles": [KOORDYNATOR]}])
def test_the_last_administrator_stays(centre: Centre, said: dict[str, Any]) -> None:
    with pytest.raises(Conflict, match="ostatni administrator"):
        change(centre, "adam", **said)

    change(centre, "olga", roles=["Administrator"])
    change(centre, "adam", **said)


def test_a_new_password_ends_all_sessions(centre: Centre) -> None:
    ewa = add(centre)
    with centre.work() as work:
        secret = sessions.open_session(work, ewa, "{}")

    with centre.work() as work:
        people.set_password(work, centre.person("ewa"), ewa, "zupelnie-nowe-2026")

    with centre.database.look() as work:
        assert session_looks.session(work, secret) is None
        assert sessions.sign_in(work, "ewa", "zupelnie-nowe-2026").id == ewa


def test_nobody_sets_the_password_of_another(centre: Centre) -> None:
    with centre.work() as work, pytest.raises(NotAllowed):
        people.set_password(work, centre.person("anna"), centre.person("olga").id, "zupelnie-nowe-2026")


def test_no_password_stands_in_the_journal(centre: Centre) -> None:
    ewa = add(centre)
    with centre.work() as work:
        people.set_password(work, centre.person("adam"), ewa, "zupelnie-nowe-2026")

    with centre.database.look() as work:
        told = " ".join(one.text for one in journal.recent(work, 50))
    assert "Ewa" in told
    assert PASSWORD not in told
    assert "zupelnie" not in told


def test_a_unit_needs_a_name_and_has_it_alone(centre: Centre) -> None:
    by = centre.person("adam")
    with centre.work() as work, pytest.raises(InputRejected):
        people.add_unit(work, by, name=" ", performs=False)
    with centre.work() as work, pytest.raises(Conflict, match="już istnieje"):
        people.add_unit(work, by, name="Organizacja", performs=True)

    with centre.work() as work:
        people.change_unit(work, by, centre.units["Organizacja"], name="Dział organizacji", performs=True)

    with centre.database.look() as work:
        assert next((one.name, one.performs) for one in rows.units(work)) == ("Dział organizacji", True)


# --- authorisations --------------------------------------------------------------------------------

TODAY = date(2026, 11, 21)
MORNING = clock.now().replace(year=2026, month=11, day=21, hour=8)


def authorise(centre: Centre, **said: Any) -> AuthorisationId:
    usual = {"scope": "UMOWA", "number": "7/2026", "valid_from": TODAY, "valid_to": None}
    with clock.standing(MORNING), centre.work() as work:
        return people.authorise(work, centre.person("adam"), **{**usual, **said})


def in_force(centre: Centre, after: timedelta = timedelta()) -> frozenset[str]:
    with clock.standing(MORNING + after), centre.database.look() as work:
        return circumstances.scopes_in_force(work)


def register(centre: Centre) -> tuple[Authorisation, ...]:
    with centre.database.look() as work:
        return authorisations.all_authorisations(work)


def test_an_authorisation_counts_from_its_first_to_its_last_day(centre: Centre) -> None:
    authorise(centre, valid_to=TODAY + timedelta(days=1))
    day = timedelta(days=1)

    assert [in_force(centre, day * number) for number in (-1, 0, 1, 2)] == [set(), {"UMOWA"}, {"UMOWA"}, set()]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"scope": "WSZYSTKO"}, "scope"),
        ({"number": " "}, "number"),
        ({"valid_from": None}, "valid_from"),
        ({"valid_to": TODAY - timedelta(days=1)}, "valid_to"),
    ],
)
def test_an_authorisation_that_does_not_fit_is_refused(centre: Centre, said: dict[str, Any], field: str) -> None:
    with pytest.raises(InputRejected) as refusal:
        authorise(centre, **said)

    assert [one.field for one in refusal.value.errors] == [field]
    assert register(centre) == ()


def revoke(centre: Centre, one: AuthorisationId, after: timedelta = timedelta()) -> None:
    with clock.standing(MORNING + after), centre.work() as work:
        people.revoke(work, centre.person("adam"), one)


def test_a_revoked_authorisation_ends_the_same_day_and_keeps_it_when_revoked_again(centre: Centre) -> None:
    one = authorise(centre)

    revoke(centre, one)
    revoke(centre, one, timedelta(days=3))

    assert in_force(centre) == set()
    assert [entry.revoked_on for entry in register(centre)] == [TODAY]


def test_revoking_what_was_never_entered_is_refused_and_not_noted(centre: Centre) -> None:
    with pytest.raises(NotFound):
        revoke(centre, AuthorisationId(99))

    with centre.database.look() as work:
        assert not [one for one in journal.recent(work, 50) if one.deed == "authorise"]


def test_only_the_administrator_keeps_the_register(centre: Centre) -> None:
    one = authorise(centre)

    with centre.work() as work, pytest.raises(NotAllowed):
        people.revoke(work, centre.person("krystyna"), one)
    with centre.work() as work, pytest.raises(NotAllowed):
        people.authorise(work, centre.person("krystyna"), scope="UMOWA", number="1", valid_from=TODAY, valid_to=None)
