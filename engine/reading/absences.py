"""Looks at absences: one's own and the team's, one with its report, and whom one may choose as a deputy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine import access, clock
from engine.access import Right, may
from engine.errors import NotFound
from engine.forms import polish
from engine.model import Person
from engine.store import absences, definitions, people
from engine.store.absences import Absence
from engine.store.database import Work

MOST = 100


@dataclass(frozen=True, kw_only=True)
class AbsencePage:
    """The page `Nieobecności`.

    Attributes:
        now: those that run. ahead: those that are planned. past: those that are over, newest first.
        people: whose absence the viewer may enter. deputies: who may stand in.
    """

    now: tuple[Absence, ...]
    ahead: tuple[Absence, ...]
    past: tuple[Absence, ...]
    people: tuple[Person, ...]
    deputies: tuple[Person, ...]
    role_options: tuple[tuple[str, str], ...]  # value, words
    processes: tuple[tuple[str, str], ...]  # key, name
    today: date
    oversees: bool


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """One task of a hand-back report."""

    task: int
    name: str
    number: str
    new: bool


@dataclass(frozen=True, kw_only=True)
class OneAbsence:
    """The page of one absence, with its report once it is over."""

    absence: Absence
    process: str
    done: tuple[ReportLine, ...]
    back: tuple[ReportLine, ...]
    left: tuple[ReportLine, ...]
    deputies: tuple[Person, ...]
    may_change: bool


def page(work: Work, viewer: Person) -> AbsencePage:
    """One's own absences and stand-ins; the whole team's for whoever oversees it."""
    oversees = may(viewer, Right.OVERSEE)
    found = absences.newest(work, MOST, of=None if oversees else viewer.id)
    everybody = _staff(work)
    own = tuple(one for one in everybody if one.id == viewer.id)
    chosen = tuple(one for one in everybody if _enters(viewer, one)) if oversees else own
    roles = {role for one in chosen for role in one.own_roles}
    over = [one for one in found if one.ended_at is not None or one.cancelled_at is not None]
    return AbsencePage(
        now=tuple(sorted((one for one in found if one.running), key=lambda one: (one.ends_on, one.id))),
        ahead=tuple(sorted((one for one in found if one.planned), key=lambda one: (one.starts_on, one.id))),
        past=tuple(over),
        people=chosen,
        deputies=everybody if chosen else (),
        role_options=tuple((role, role) for role in sorted(roles, key=polish.alphabetical)),
        processes=tuple((one.key, one.name) for one in definitions.latest_all(work)),
        today=clock.today(work.now),
        oversees=oversees,
    )


def one(work: Work, viewer: Person, id: int) -> OneAbsence:
    """One absence with its report.

    Raises:
        NotFound: when there is none, or it is about others and the viewer does not oversee them.
    """
    found = absences.get(work, id)
    if viewer.id not in (found.person, found.deputy) and not may(viewer, Right.OVERSEE):
        raise NotFound("Nie ma takiej nieobecności.")
    names = {one.key: one.name for one in definitions.latest_all(work)}
    absent = people.get(work, found.person)
    is_open = found.running or found.planned
    return OneAbsence(
        absence=found,
        process=names.get(found.definition_key, found.definition_key),
        done=_lines(found, "done"),
        back=_lines(found, "back"),
        left=_lines(found, "left"),
        deputies=tuple(one for one in _staff(work) if one.id not in (found.person, found.deputy)) if is_open else (),
        may_change=is_open
        and access.sees_all_instances(viewer)
        and (viewer.id == absent.id or _enters(viewer, absent)),
    )


def _staff(work: Work) -> tuple[Person, ...]:
    found = [one for one in people.all_people(work) if one.active and not one.unrestricted]
    inside = [one for one in found if access.sees_all_instances(one)]
    return tuple(sorted(inside, key=lambda one: polish.alphabetical(one.name)))


def _enters(viewer: Person, absent: Person) -> bool:
    """True when the viewer may enter absences of this person; see `absence_checks.ask`."""
    guarded = absent.own_roles & {access.WOJT, access.ADMINISTRATOR}
    return viewer.id == absent.id or (may(viewer, Right.OVERSEE) and (not guarded or may(viewer, Right.PEOPLE)))


def _lines(found: Absence, name: str) -> tuple[ReportLine, ...]:
    lines = found.report.get(name)
    return tuple(
        ReportLine(task=int(str(one["task"])), name=str(one["name"]), number=str(one["number"]), new=bool(one["new"]))
        for one in (lines if isinstance(lines, list) else [])
        if isinstance(one, dict)
    )
