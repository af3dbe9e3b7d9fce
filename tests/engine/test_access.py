"""Who may what: the rules alone, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine import access
from engine.access import ADMINISTRATOR, KIEROWNIK, KOORDYNATOR, WOJT, Right
from engine.model import InstanceId, Person, PersonId, Task, TaskId, TaskState, UnitId

NGO, PUP = "Organizacja pozarządowa", "Pracownik PUP"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OWN_UNIT, OTHER_UNIT = UnitId(1), UnitId(2)


def person(*roles: str, active: bool = True, unrestricted: bool = False, number: int = 1) -> Person:
    return Person(
        id=PersonId(number),
        login="ktos",
        name="Ktoś",
        email="",
        unit=OWN_UNIT,
        roles=frozenset(roles),
        active=active,
        unrestricted=unrestricted,
    )


TASK = Task(
    id=TaskId(1),
    key="klucz",
    instance=InstanceId(1),
    instance_number="OPS/2026/0001",
    instance_title="Sprawa",
    definition_key="proces",
    definition_name="Proces",
    element="krok",
    process="proces",
    name="Krok",
    role=KOORDYNATOR,
    authority="",
    form=None,
    form_key="",
    priority=50,
    state=TaskState.OPEN,
    person=None,
    person_name="",
    opened_at=NOW,
    due_at=None,
    done_at=None,
    done_by=None,
)


@pytest.mark.parametrize(
    ("right", "roles"),
    [
        (Right.START, {KOORDYNATOR, KIEROWNIK}),
        (Right.PUBLISH, {KIEROWNIK, ADMINISTRATOR}),
        (Right.PEOPLE, {ADMINISTRATOR}),
        (Right.SIGNED_IN, set(access.ROLES)),
        (Right.ANYONE, set(access.ROLES)),
    ],
)
def test_a_right_belongs_to_just_these_roles(right: Right, roles: set[str]) -> None:
    have = {role for role in access.ROLES if access.may(person(role), right)}

    assert have == roles


@pytest.mark.parametrize("right", Right)
def test_a_visitor_and_somebody_who_has_left_have_no_right_but_to_look_in(right: Right) -> None:
    left = person(*access.ROLES, active=False, unrestricted=True)

    assert access.may(None, right) is (right is Right.ANYONE)
    assert access.may(left, right) is (right is Right.ANYONE)


def test_one_of_several_roles_is_enough() -> None:
    assert access.may(person(WOJT, ADMINISTRATOR), Right.PEOPLE)


@pytest.mark.parametrize("role", access.ROLES)
def test_a_plain_task_belongs_to_its_role_alone(role: str) -> None:
    allowed = access.may_take(person(role), TASK, candidates=(), scopes=())

    assert allowed is (role == KOORDYNATOR)


@pytest.mark.parametrize("lane", [KIEROWNIK, WOJT, KOORDYNATOR])
def test_a_decision_belongs_to_the_kierownik_only_while_its_own_scope_is_in_force(lane: str) -> None:
    decision = replace(TASK, role=lane, authority="UMOWA")

    def takers(*scopes: str) -> set[str]:
        return {role for role in access.ROLES if access.may_take(person(role), decision, candidates=(), scopes=scopes)}

    assert takers() == {WOJT}
    assert takers("FORMA", "KONKURS") == {WOJT}
    assert takers("FORMA", "UMOWA") == {KIEROWNIK}


def test_only_named_people_take_a_task_of_the_committee_whatever_their_role() -> None:
    member, other = person(WOJT, number=7), person(KOORDYNATOR, number=8)

    assert access.may_take(member, TASK, candidates={PersonId(7)}, scopes=())
    assert not access.may_take(other, TASK, candidates={PersonId(7)}, scopes=())


def test_nobody_of_the_performing_unit_takes_a_task_not_even_as_a_named_member() -> None:
    one = person(KOORDYNATOR)

    assert access.may_take(one, TASK, candidates=(), scopes=(), performer=OTHER_UNIT)
    assert not access.may_take(one, TASK, candidates=(), scopes=(), performer=OWN_UNIT)
    assert not access.may_take(one, TASK, candidates={one.id}, scopes=(), performer=OWN_UNIT)


def test_somebody_without_a_unit_performs_nothing() -> None:
    assert not access.belongs_to_performer(replace(person(), unit=None), None)
    assert not access.belongs_to_performer(replace(person(), unit=None), OWN_UNIT)


@pytest.mark.parametrize("role", access.ROLES)
def test_only_staff_of_the_gmina_see_every_case(role: str) -> None:
    assert access.sees_all_instances(person(role)) is (role not in access.OUTSIDE)


def test_a_second_role_in_the_gmina_opens_every_case() -> None:
    assert access.sees_all_instances(person(NGO, KOORDYNATOR))
    assert not access.sees_all_instances(person())


def test_a_competitor_reads_only_his_own_answers_a_public_partner_reads_all() -> None:
    assert not access.reads_all_answers(person(NGO))
    assert not access.reads_all_answers(person())
    assert access.reads_all_answers(person(PUP))
    assert access.reads_all_answers(person(NGO, KIEROWNIK))


def test_kierownik_and_administrator_hand_over_what_somebody_else_has() -> None:
    allowed = {role for role in access.ROLES if access.may_hand_over(person(role))}

    assert allowed == {KIEROWNIK, access.ADMINISTRATOR}
    assert not access.may_hand_over(person(KIEROWNIK, active=False))
