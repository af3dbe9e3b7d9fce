"""Looks at how much people have to do: queues of the team, load against the norms, who may take one more task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from engine import access, circumstances, clock
from engine.forms import polish
from engine.model import Person, PersonId, Task, TaskId
from engine.store import absences, instances, norms, people, tasks, workload
from engine.store.database import Work
from engine.store.norms import Norm, Norms
from engine.store.tasks import TaskFilter
from engine.store.workload import Heap

WITHOUT_NORM = 1.0  # hours that a step without a norm counts, only to compare people with each other
WEEK = 7
PAGE = 20  # free tasks that are shown at once


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who may take a task. `hours` are open ones for a full post; `reason` is for the one who chooses."""

    person: Person
    open: int
    late: int
    hours: float
    reason: str


@dataclass(frozen=True, kw_only=True)
class Load:
    """One person's work. `share` is of the most loaded colleague of 100; `norms` compare cases with norms in words."""

    person: Person
    unit: str
    cases: int
    open: int
    late: int
    week: int
    done: int
    hours_done: float
    uncounted: int  # of those done: steps without a norm
    hours_open: float  # for a full post
    share: int
    norms: tuple[NormLine, ...]
    deputy: str  # who stands in today, "" when nobody has to
    away_until: date | None


@dataclass(frozen=True, kw_only=True)
class NormLine:
    """Cases in care against the norm of one role."""

    role: str
    cases: int
    most: float  # for this person's post
    over: bool
    words: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Workload:
    """The page `Obciążenie`; the days are the first and the last of the period."""

    people: tuple[Load, ...]
    first: date
    last: date
    over: int
    unit: str


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What waits in a role: free for everybody who has it, and taken."""

    role: str
    free: int
    late: int
    taken: int
    oldest: datetime | None
    people: tuple[str, ...]  # who has the role and is here


@dataclass(frozen=True, kw_only=True)
class Team:
    """The page `Zespół`. `items` are the free tasks of `role`; `takers` may have them, the least loaded first."""

    queues: tuple[Queue, ...]
    role: str
    items: tuple[Task, ...]
    takers: Mapping[TaskId, tuple[Candidate, ...]]
    after: str


@dataclass(frozen=True, kw_only=True)
class NormsPage:
    """Norms that hold today, and those of other days."""

    now: tuple[Norm, ...]
    others: tuple[Norm, ...]
    today: date


def proposal(work: Work, task: Task) -> tuple[Candidate, ...]:
    """Who may take a task and is here today, the least loaded first."""
    return proposals(work, [task])[task.id]


def proposals(work: Work, found: Sequence[Task]) -> dict[TaskId, tuple[Candidate, ...]]:
    """The same for several tasks; what they share is read once."""
    running = absences.running(work)
    everybody = [one for one in people.all_people(work) if one.active and not one.unrestricted]
    able: dict[TaskId, list[PersonId]] = {}
    for task in found:
        rule = circumstances.entitled(work, task, instances.get(work, task.instance).variables)
        covering = [one for one in running if not rule.candidates and one.covers(rule.role, task.definition_key)]
        away = {one.person for one in covering}
        able[task.id] = [one.id for one in everybody if one.id not in away and rule.admits(one)]
    wanted = {id for ids in able.values() for id in ids}
    heaps = _by_person(workload.waiting_for(work, wanted, week_end=work.now)) if wanted else {}
    known = norms.on(work, clock.today(work.now))
    rated = [_candidate(one, heaps.get(one.id, []), known) for one in everybody if one.id in wanted]
    ordered = sorted(rated, key=lambda one: (one.hours, one.open, one.person.name))
    return {id: tuple(one for one in ordered if one.person.id in ids) for id, ids in able.items()}


def page(work: Work, *, month: date | None = None, unit: str = "") -> Workload:
    """Everybody's load, the most loaded first.

    Args:
        month: any day of the month whose finished steps count; this month when None.
        unit: name of the unit to show, "" for all.
    """
    first = (month or clock.today(work.now)).replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    known = norms.on(work, clock.today(work.now))
    then = norms.on(work, first)
    week_end = _start(clock.today(work.now) + timedelta(days=WEEK + 1))
    waiting = _by_person(workload.waiting(work, week_end=week_end))
    finished = _by_person(workload.finished(work, first=_start(first), end=_start(after)))
    cases = {(id, role): count for id, role, count in workload.cases(work)}
    units = {one.id: one.name for one in people.units(work)}
    away = {one.person: one for one in absences.running(work)}
    loads = []
    for one in people.all_people(work):
        if one.unrestricted or not (one.active or one.id in waiting) or not access.sees_all_instances(one):
            continue
        name = units[one.unit] if one.unit is not None else ""
        if unit in ("", name):
            loads.append(_load(one, name, waiting.get(one.id, []), finished.get(one.id, []), cases, known, then, away))
    most = max((one.hours_open for one in loads), default=0.0)
    shown = [_shared(one, most) for one in sorted(loads, key=lambda one: (-one.hours_open, one.person.name))]
    over = sum(any(line.over for line in one.norms) for one in shown)
    return Workload(people=tuple(shown), first=first, last=after - timedelta(days=1), over=over, unit=unit)


def queues(work: Work) -> tuple[Queue, ...]:
    """What waits in each role that has open tasks or people, the roles with most late tasks first."""
    scopes = circumstances.scopes_in_force(work)
    here: dict[str, list[str]] = {}
    gone = {one.person for one in absences.running(work) if not one.definition_key and not one.role}
    for one in people.all_people(work):
        if one.active and not one.unrestricted and one.id not in gone:
            for role in one.roles:
                here.setdefault(role, []).append(one.name)
    heaps: dict[str, list[Heap]] = {}
    for heap in workload.waiting(work, week_end=work.now):
        heaps.setdefault(access.responsible(heap.role, heap.authority, scopes), []).append(heap)
    found = [_queue(role, heaps[role], here.get(role, [])) for role in heaps]
    return tuple(sorted(found, key=lambda one: (-one.late, -one.free, one.role)))


def team(work: Work, *, role: str = "", after: str = "") -> Team:
    """The page `Zespół`: every role, and of one of them the tasks that nobody has.

    Args:
        role: which; the first one with free tasks when it is "" or unknown.
        after: cursor of the page before.
    """
    found = queues(work)
    known = {one.role for one in found}
    chosen = role if role in known else next((one.role for one in found if one.free), "")
    scopes = circumstances.scopes_in_force(work)
    wanted = TaskFilter(role=chosen, scopes=scopes, unclaimed=True, limit=PAGE, after=after)
    page_ = tasks.search(work, wanted) if chosen else None
    items = page_.items if page_ else ()
    takers = proposals(work, items)
    return Team(queues=found, role=chosen, items=items, takers=takers, after=page_.after if page_ else "")


def units(work: Work) -> tuple[str, ...]:
    """Names of the units."""
    return tuple(one.name for one in people.units(work))


def norms_page(work: Work) -> NormsPage:
    """Every norm with the day since when it holds; those in force today first."""
    known = norms.on(work, clock.today(work.now))
    found = norms.all_norms(work)
    in_force = (*known.hours.values(), *known.cases.values())
    now = tuple(one for one in found if one in in_force)
    return NormsPage(now=now, others=tuple(one for one in found if one not in now), today=clock.today(work.now))


def _queue(role: str, heaps: Sequence[Heap], here: Sequence[str]) -> Queue:
    free = [one for one in heaps if one.person is None]
    return Queue(
        role=role,
        free=sum(one.count for one in free),
        late=sum(one.late for one in free),
        taken=sum(one.count for one in heaps if one.person is not None),
        oldest=min((one.oldest for one in free if one.oldest is not None), default=None),
        people=tuple(sorted(here, key=polish.alphabetical)),
    )


def _candidate(person: Person, heaps: Sequence[Heap], known: Norms) -> Candidate:
    open_, late = sum(one.count for one in heaps), sum(one.late for one in heaps)
    post = "" if person.employment == 100 else f", {person.employment}% etatu"
    tasks = f"otwarte zadania: {open_}" if open_ else "brak otwartych zadań"
    tasks += f", po terminie: {late}" if late else ""
    return Candidate(
        person=person, open=open_, late=late, hours=_per_post(_hours(heaps, known), person), reason=tasks + post
    )


def _load(
    person: Person,
    unit: str,
    waiting: Sequence[Heap],
    finished: Sequence[Heap],
    cases: Mapping[tuple[PersonId, str], int],
    known: Norms,
    then: Norms,
    away: Mapping[PersonId, absences.Absence],
) -> Load:
    counted = [one for one in finished if then.hours_of(one.form, one.name) is not None]
    done, absence = sum(one.count for one in finished), away.get(person.id)
    return Load(
        person=person,
        unit=unit,
        cases=cases.get((person.id, ""), 0),
        open=sum(one.count for one in waiting),
        late=sum(one.late for one in waiting),
        week=sum(one.week for one in waiting),
        done=done,
        hours_done=_hours(counted, then),
        uncounted=done - sum(one.count for one in counted),
        hours_open=_per_post(_hours(waiting, known), person),
        share=0,
        norms=tuple(_line(known.cases[role], person, cases) for role in sorted(person.own_roles & set(known.cases))),
        deputy=absence.deputy_name if absence is not None else "",
        away_until=absence.ends_on if absence is not None else None,
    )


def _line(norm: Norm, person: Person, cases: Mapping[tuple[PersonId, str], int]) -> NormLine:
    count, most = cases.get((person.id, norm.subject), 0), norm.value * person.employment / 100
    words = f"{count} z {_plain(most)} środowisk"
    if count > most:
        words += f", o {_plain(count - most)} ponad normę"
    return NormLine(role=norm.subject, cases=count, most=most, over=count > most, words=words, source=norm.source)


def _hours(heaps: Iterable[Heap], known: Norms) -> float:
    """Hours of work; a step without a norm counts one hour."""
    hours = 0.0
    for one in heaps:
        norm = known.hours_of(one.form, one.name)
        hours += one.count * (WITHOUT_NORM if norm is None else norm)
    return hours


def _per_post(hours: float, person: Person) -> float:
    return round(hours * 100 / max(1, person.employment), 1)


def _shared(load: Load, most: float) -> Load:
    return replace(load, share=round(100 * load.hours_open / most) if most else 0)


def _by_person(heaps: Iterable[Heap]) -> dict[PersonId, list[Heap]]:
    found: dict[PersonId, list[Heap]] = {}
    for one in heaps:
        if one.person is not None:
            found.setdefault(one.person, []).append(one)
    return found


def _plain(number: float) -> str:
    return f"{number:g}".replace(".", ",")


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), clock.WARSAW).astimezone(UTC)
