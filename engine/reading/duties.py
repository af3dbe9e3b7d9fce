"""Looks at the duties of the centre: what lies ahead, what has begun, what nobody has to do here and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property

from engine import circumstances, clock
from engine.model import InstanceId, InstanceState, Json
from engine.store import definitions, duties
from engine.store.database import Work
from engine.store.duties import Begun, Duty, DutyKind, OccurrenceState, Service
from engine.store.duties import DutyId as DutyId
from engine.store.duties import OccurrenceId as OccurrenceId
from engine.terms import Rules, due, rounds

AHEAD = 12  # months that the page lists
LONGEST_WORK = timedelta(days=92)  # between the opening of a month's work and its last term


class Stand(StrEnum):
    """Where an occurrence stands, as a reader asks."""

    FORESEEN = "foreseen"  # the diagram of a running case will make it itself
    PLANNED = "planned"
    BEGUN = "begun"
    DONE = "done"
    SUPPRESSED = "suppressed"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """One time that a duty comes round."""

    id: OccurrenceId | None  # None when the diagram of a case makes it
    duty: str  # its key
    name: str  # without personal data
    role: str  # the owner
    due_on: date
    begins_on: date
    state: Stand
    reason: str  # why it is suppressed or skipped
    source: str
    instance: InstanceId | None  # the case that it began, or the one that it is about
    number: str  # of that case
    case_state: InstanceState | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """A duty in the table of all of them."""

    duty: Duty
    process: str  # name of the process that it starts, "" when a diagram does it itself
    next: Occurrence | None
    text: str
    rule_is_set: bool  # its rule may be changed
    ahead_is_set: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """What one duty brings in one month, for one subject or for many that stand alike."""

    name: str
    role: str
    due_on: date  # the soonest
    state: Stand
    reason: str
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True, kw_only=True)
class Month:
    """What is due in one month; only months in which something is."""

    first: date
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    """The duties of the centre and what they bring in the coming year."""

    rows: tuple[Row, ...]
    months: tuple[Month, ...]


def ahead(work: Work, first: date, last: date) -> tuple[Occurrence, ...]:
    """What is due from `first` to `last`, the soonest first; what ended or moved is left out."""
    known = {one.id: one for one in duties.all_duties(work)}
    kept = [
        _kept(known[one.occurrence.duty], one)
        for one in duties.between(work, first, last)
        if one.occurrence.state is not OccurrenceState.GONE
    ]
    months = _Months(work)
    made = [one for duty in known.values() if duty.active for one in months.of(duty, first, last)]
    return tuple(sorted([*kept, *made], key=lambda one: (one.due_on, one.begins_on, one.name)))


def page(work: Work) -> Page:
    """The duties and the occurrences of the coming year."""
    today = clock.today(work.now)
    found = ahead(work, today, rounds.months_on(today, AHEAD))
    names = {one.key: one.name for one in definitions.latest_all(work)}
    rows = tuple(_row(duty, found, names.get(duty.definition_key, "")) for duty in duties.all_duties(work))
    starts = rounds.month_starts(today, rounds.months_on(today, AHEAD))
    short = {one.duty.key: one.duty.word("name") for one in rows}
    months = tuple(_month(start, found, short) for start in starts)
    return Page(rows=rows, months=tuple(one for one in months if one.lines))


def row(work: Work, id: DutyId) -> Row:
    """One duty with what it brings next.

    Raises:
        NotFound: there is none.
    """
    today = clock.today(work.now)
    found = ahead(work, today, rounds.months_on(today, AHEAD))
    duty = duties.get(work, id)
    names = {one.key: one.name for one in definitions.latest_all(work)}
    return _row(duty, found, names.get(duty.definition_key, ""))


class _Months:
    """The months that the diagrams of running services work on; each service is looked up once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._services: dict[tuple[str, ...], tuple[Service, ...]] = {}
        self._ends: dict[tuple[date, tuple[str, ...]], date] = {}

    def of(self, duty: Duty, first: date, last: date) -> Iterator[Occurrence]:
        """What a duty of this kind brings from `first` to `last`."""
        if duty.kind is not DutyKind.MONTHLY:
            return
        processes = duty.words("processes")
        if processes not in self._services:
            self._services[processes] = duties.services(self._work, processes)
        for service in self._services[processes]:
            for month, opens, state in months_of(duty, service, first - LONGEST_WORK, last):
                if first <= (end := self._end(duty, opens)) <= last:
                    yield _foreseen(duty, service, month, opens, end, state)

    def _end(self, duty: Duty, opens: date) -> date:
        """The last day of the terms of the month's tasks, when each is done on its last day."""
        terms = duty.words("terms")
        if (opens, terms) not in self._ends:
            moment = datetime.combine(opens, time(), clock.WARSAW)
            for term in terms:
                moment = due(term, moment, rules=self._rules).moment
            self._ends[opens, terms] = clock.today(moment)
        return self._ends[opens, terms]

    @cached_property
    def _rules(self) -> Rules:
        return circumstances.terms(self._work)


def months_of(duty: Duty, service: Service, first: date, last: date) -> Iterator[tuple[date, date, Stand]]:
    """The months of a service whose work opens from `first` to `last`.

    Yields:
        The first day of the month, the day on which the diagram opens the work on it, and where it stands.

    The work opens on the first day of the next month, in the last month on the day after the contract's end
    (*Model realizacji usług w gminie*, tab. 7 (001: 1019–1020); BR12: one report for each month). A month whose
    predecessor is not closed by then opens as soon as it is; that delay is not foreseen.
    """
    since, until = _day(service, duty.word("since")), _day(service, duty.word("until"))
    if since is None or until is None or service.elements & {*duty.words("before")}:
        return
    current = str(service.variables.get(duty.word("month")) or "")
    closing = bool(service.elements & {*duty.words("closing")})
    for month in rounds.month_starts(max(since, rounds.months_on(first, -1)), min(until, last)):
        opens = min(rounds.months_on(month, 1), until + timedelta(days=1))
        if not first <= opens <= last:
            continue
        if (key := f"{month:%Y-%m}") < current:
            yield month, opens, Stand.DONE
        elif key == current:
            yield month, opens, _current(duty, service)
        elif not closing:
            yield month, opens, Stand.FORESEEN


def _current(duty: Duty, service: Service) -> Stand:
    """Where the duty stands within the month that the diagram has come to."""
    if service.elements & {*duty.words("waiting"), *duty.words("earlier")}:
        return Stand.FORESEEN
    work = {*duty.words("work")}
    return Stand.BEGUN if not work or service.elements & work else Stand.DONE


def _foreseen(duty: Duty, service: Service, month: date, opens: date, end: date, state: Stand) -> Occurrence:
    reason = duty.why_suppressed(service.variables)
    return Occurrence(
        id=None,
        duty=duty.key,
        name=f"{duty.word('name')} za {rounds.month_in_words(month)}: sprawa {service.number}",
        role=duty.role,
        due_on=end,
        begins_on=opens,
        state=Stand.SUPPRESSED if reason else state,
        reason=reason,
        source=duty.source,
        instance=service.instance,
        number=service.number,
        case_state=None,
    )


def _kept(duty: Duty, found: Begun) -> Occurrence:
    one = found.occurrence
    over = found.state in (InstanceState.COMPLETED, InstanceState.CANCELLED)
    return Occurrence(
        id=one.id,
        duty=duty.key,
        name=one.name,
        role=duty.role,
        due_on=one.due_on,
        begins_on=one.begins_on,
        state=Stand.DONE if one.state is OccurrenceState.BEGUN and over else Stand(one.state.value),
        reason=one.reason,
        source=duty.source,
        instance=one.instance,
        number=found.number,
        case_state=found.state,
    )


def _row(duty: Duty, found: tuple[Occurrence, ...], process: str) -> Row:
    coming = (one for one in found if one.duty == duty.key and one.state in (Stand.PLANNED, Stand.FORESEEN))
    return Row(
        duty=duty,
        process=process,
        next=next(coming, None),
        text=duty.word("text"),
        rule_is_set=duty.kind is DutyKind.ROUND,
        ahead_is_set=duty.kind is not DutyKind.MONTHLY,
    )


def _month(start: date, found: tuple[Occurrence, ...], short: dict[str, str]) -> Month:
    groups: dict[tuple[str, Stand], list[Occurrence]] = {}
    for one in found:
        if (one.due_on.year, one.due_on.month) == (start.year, start.month):
            groups.setdefault((one.duty, one.state), []).append(one)
    lines = tuple(_line(group, short[group[0].duty]) for group in groups.values())
    return Month(first=start, name=rounds.month_in_words(start), lines=lines)


def _line(group: list[Occurrence], short: str) -> Line:
    first = group[0]
    return Line(
        name=first.name if len(group) == 1 else short,
        role=first.role,
        due_on=first.due_on,
        state=first.state,
        reason=first.reason,
        occurrences=tuple(group),
    )


def _day(service: Service, variable: str) -> date | None:
    value: Json = service.variables.get(variable)
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
