"""Gives deputies the roles and tasks of colleagues who are away, and takes them back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from engine import access, circumstances
from engine.forms import polish
from engine.model import Json, Person, PersonId, TaskState
from engine.store import absences, assignments, journal, people
from engine.store.absences import Absence
from engine.store.assignments import Assigned, Move
from engine.store.database import Work

MOST_LINES = 500  # of one kind in a report


def settle(work: Work) -> None:
    """Give every deputy just the roles that the absences which run now give her.

    A deputy of a deputy gets the roles of both. Whoever has left gets none. No other deed on absences may run
    meanwhile (`absences.alone`).
    """
    running = absences.running(work)
    everybody = {one.id: one for one in people.all_people(work) if one.active}
    granted: dict[PersonId, dict[str, int]] = {}
    while any(_grant(one, everybody, granted) for one in running):
        pass  # until nobody gets anything new: every round gives at least one role, so this ends
    people.deputise(work, granted)


def take_over(work: Work, absence: Absence) -> int:
    """Move the open tasks of somebody who is away to her deputy, as far as the deputy may take them.

    Committees are named people, so their tasks stay; so do decisions for which the deputy has no authorisation.

    Returns:
        How many tasks moved.
    """
    found = _held(work, lambda: _covered(work, absence))
    fits = _judge(work, people.get(work, absence.deputy))
    moved = [one for one in found if not one.restricted and fits(one)]
    assignments.move(work, [_move(one, absence.deputy, one.absence or absence.id) for one in moved])
    until = polish.day(absence.ends_on)
    for one in moved:
        text = f"Zastępstwo do {until}: zadanie „{one.name}” ma {absence.deputy_name} (za: {absence.person_name})."
        journal.write(work, instance=one.instance, by=None, deed="deputise", element=one.element, text=text)
    return len(moved)


def hand_back(work: Work, absence: Absence) -> dict[str, list[Json]]:
    """Move what is still open back, at the end of an absence that runs no longer.

    Returns:
        The report. `done` by the deputy, `back` to the person, `left` with somebody else; each line is a task.
    """
    own = _held(work, lambda: assignments.of_absence(work, absence.id))
    chained = _held(work, lambda: _chained(work, absence))
    back = [one for one in own if one.state is TaskState.OPEN and one.person == absence.deputy]
    moves = [_returned(work, one, absence.person) for one in back]
    moves += [_move(one, absence.person, one.absence) for one in chained]
    moves += [
        Move(task=one.id, person=one.person, returns_to=absence.person)  # the deputy had lent it
        for one in own
        if one.state is TaskState.OPEN and one.returns_to == absence.deputy
    ]
    assignments.move(work, moves)
    for one in (*back, *chained):
        text = f"Koniec zastępstwa: zadanie „{one.name}” wraca do: {absence.person_name}."
        journal.write(work, instance=one.instance, by=None, deed="hand_back", element=one.element, text=text)
    elsewhere = [one for one in own if one.state is TaskState.OPEN and one.person != absence.deputy]
    waited = [one for one in _covered(work, absence) if one.id not in {done.id for done in back}]
    left = {one.id: one for one in (*elsewhere, *waited, *assignments.naming(work, absence.person))}
    since = absence.began_at or work.now
    return {
        "done": _lines((one for one in own if one.state is TaskState.DONE), since),
        "back": _lines(back, since),
        "left": _lines(left.values(), since),
    }


def pass_on(work: Work, before: Absence, after: Absence) -> None:
    """Move what a deputy has to the one who stands in from now; what the new one may not take waits for the team."""
    found = _held(work, lambda: assignments.of_absence(work, before.id))
    fits = _judge(work, people.get(work, after.deputy))
    for one in found:
        if one.state is TaskState.OPEN and one.person == before.deputy:
            fit = fits(one)
            assignments.move(work, [_move(one, after.deputy if fit else None, after.id if fit else None)])
            taker = after.deputy_name if fit else "zespół"
            text = f"Zmiana zastępstwa: zadanie „{one.name}” ma {taker} (za: {after.person_name})."
            journal.write(work, instance=one.instance, by=None, deed="deputise", element=one.element, text=text)


def comes_back_to(work: Work, person: PersonId, one: Assigned) -> tuple[PersonId | None, int | None]:
    """Who gets a task that comes back to a person: she, while she is away her deputy, nobody once she may not.

    Returns:
        The person, and the absence by which she has it.
    """
    instead = absences.stand_in(work, person, role=one.role, definition_key=one.definition_key)
    taker, absence = instead or (person, None)
    return (taker, absence) if _judge(work, people.get(work, taker))(one) else (None, None)


def _grant(one: Absence, everybody: Mapping[PersonId, Person], granted: dict[PersonId, dict[str, int]]) -> bool:
    if one.deputy not in everybody or one.person not in everybody:
        return False
    known = granted.setdefault(one.deputy, {})
    all_roles = everybody[one.person].own_roles | set(granted.get(one.person, ()))
    new = {role for role in all_roles if one.role in ("", role)} - everybody[one.deputy].own_roles - set(known)
    known.update(dict.fromkeys(new, one.id))
    return bool(new)


def _covered(work: Work, absence: Absence) -> tuple[Assigned, ...]:
    """What the person who is away has, as far as the absence is about it."""
    scopes = circumstances.scopes_in_force(work)
    found = assignments.of_person(work, absence.person)
    return tuple(
        one
        for one in found
        if absence.covers(access.responsible(one.role, one.authority, scopes), one.definition_key)
        or absence.covers(one.role, one.definition_key)
    )


def _chained(work: Work, absence: Absence) -> tuple[Assigned, ...]:
    """What a deputy who was away herself had for others: her own deputy gives it back to her."""
    return tuple(
        task
        for one in absences.running(work)
        if one.deputy == absence.person
        for task in assignments.of_absence(work, one.id)
        if task.state is TaskState.OPEN and task.person == absence.deputy
    )


def _held(work: Work, find: Callable[[], tuple[Assigned, ...]]) -> tuple[Assigned, ...]:
    """Tasks as they are while no other deed on their instances runs."""
    assignments.hold(work, [one.instance for one in find()])
    return find()


def _judge(work: Work, person: Person) -> Callable[[Assigned], bool]:
    """Says of tasks whether a person may take them now."""
    scopes = circumstances.scopes_in_force(work)

    def may_take(one: Assigned) -> bool:
        performer = circumstances.performer(one.variables)
        return access.may_take(person, one, candidates=(), scopes=scopes, performer=performer)

    return may_take


def _returned(work: Work, one: Assigned, person: PersonId) -> Move:
    taker, absence = comes_back_to(work, person, one)
    return _move(one, taker, absence)


def _move(one: Assigned, person: PersonId | None, absence: int | None) -> Move:
    return Move(task=one.id, person=person, returns_to=one.returns_to, absence=absence)


def _lines(found: Iterable[Assigned], since: datetime) -> list[Json]:
    """Each task without personal data: its name, the number of its case, and whether it is new."""
    return [
        {"task": int(one.id), "name": one.name, "number": one.instance_number, "new": one.opened_at >= since}
        for one in list(found)[:MOST_LINES]
    ]
