"""Looks at a calendar: what falls on the days of a month, week or year, for oneself, the team or everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from engine import access, circumstances, clock
from engine.access import Right
from engine.model import InstanceId, Person, TaskId
from engine.reading import duties
from engine.store import calendars
from engine.store.calendars import Away, Circle, Entry, Wanted
from engine.store.database import Work
from engine.store.duties import OccurrenceState
from engine.store.tasks import TaskFilter
from engine.terms import calendar as free_days

MOST = 4  # of one day in a month; a day of its own shows many more
MOST_IN_WEEK = 12
MOST_IN_DAY = 200
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)  # calendars beyond are asked for by accident only
WEEK = 7


class Span(StrEnum):
    """How much of time one page shows."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Whose(StrEnum):
    """For whom a calendar is."""

    OWN = "own"
    TEAM = "team"
    ALL = "all"


class Kind(StrEnum):
    """What falls on a day."""

    END = "end"  # of the term of an open task
    FOLLOW_UP = "follow_up"  # the day on which somebody wanted to come back to a task
    TIMER = "timer"  # of the diagram of a case
    DUTY = "duty"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that falls on a day; `task` or `instance` is what it opens."""

    kind: Kind
    name: str
    on: date
    number: str = ""  # of the case
    person: str = ""  # who has the task
    moment: datetime | None = None
    late: bool = False
    state: str = ""  # of a duty: foreseen, planned, begun, done, suppressed or skipped
    reason: str = ""  # why a duty is suppressed or skipped
    task: TaskId | None = None
    instance: InstanceId | None = None


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of a calendar. `total` counts the items that are not shown too."""

    on: date
    today: bool
    within: bool  # False for a day of the month before or after
    free: str  # why offices or the centre are closed, "" for a working day
    weekend: bool
    items: tuple[Item, ...]
    total: int
    away: tuple[str, ...]  # names of those who are absent


@dataclass(frozen=True, kw_only=True)
class Month:
    """The duties of one month of a year."""

    first: date
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A calendar of a day, a week or a month, or of the duties of a year."""

    span: Span
    whose: Whose
    offered: tuple[Whose, ...]
    day: date  # which was asked for
    first: date
    last: date
    today: date
    before: date
    after: date
    weeks: tuple[tuple[Day, ...], ...] = ()
    months: tuple[Month, ...] = ()  # of a year

    @property
    def days(self) -> tuple[Day, ...]:
        """All days in their order."""
        return tuple(day for week in self.weeks for day in week)

    @property
    def empty(self) -> bool:
        """True when nothing is shown."""
        return not any(day.total or day.away for day in self.days) and not any(one.items for one in self.months)


def page(work: Work, viewer: Person, *, span: Span, whose: Whose, day: date | None) -> Page:
    """A calendar as its reader may see it: whoever asks for more than that gets his own.

    Args:
        day: one of the days that are wanted, None for today.
    """
    today = clock.today(work.now)
    wanted = day if day is not None and FIRST <= day <= LAST else today
    offered = _offered(viewer)
    chosen = whose if whose in offered else Whose.OWN
    first, last = days_of(span, wanted)
    return Page(
        span=span,
        whose=chosen,
        offered=offered,
        day=wanted,
        first=first,
        last=last,
        today=today,
        before=neighbour(span, wanted, -1),
        after=neighbour(span, wanted, 1),
        weeks=() if span is Span.YEAR else _weeks(_days(work, viewer, chosen, span, wanted, first, last)),
        months=_months(work, viewer, chosen, first, last) if span is Span.YEAR else (),
    )


def days_of(span: Span, day: date) -> tuple[date, date]:
    """The first and last day that a page shows; a month is shown in whole weeks."""
    if span is Span.DAY:
        return day, day
    if span is Span.YEAR:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if span is Span.WEEK:
        return _monday(day), _monday(day) + timedelta(days=WEEK - 1)
    last = _months_on(day, 1) - timedelta(days=1)
    return _monday(day.replace(day=1)), _monday(last) + timedelta(days=WEEK - 1)


def neighbour(span: Span, day: date, step: int) -> date:
    """A day of the page before (-1) or after (1)."""
    if span in (Span.DAY, Span.WEEK):
        return day + timedelta(days=step * (WEEK if span is Span.WEEK else 1))
    return _months_on(day, step * (12 if span is Span.YEAR else 1))


def begin_of(day: date) -> datetime:
    """The first moment of a day in the centre, which is not always 24 hours before the next one."""
    return datetime.combine(day, time(), clock.WARSAW).astimezone(UTC)


def week_number(day: date) -> int:
    """The number of the week by which offices count: week 1 has the year's first Thursday (ISO 8601)."""
    return day.isocalendar().week


def _offered(viewer: Person) -> tuple[Whose, ...]:
    everything = access.may_hand_over(viewer) or access.may(viewer, Right.PEOPLE)
    return (Whose.OWN, Whose.TEAM, Whose.ALL) if everything else (Whose.OWN, Whose.TEAM)


def _days(
    work: Work, viewer: Person, whose: Whose, span: Span, wanted: date, first: date, last: date
) -> tuple[Day, ...]:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    most = {Span.DAY: MOST_IN_DAY, Span.WEEK: MOST_IN_WEEK}.get(span, MOST)
    circle, filter = _circle(viewer, whose), _filter(work, viewer, whose)
    bounds = [begin_of(day) for day in (*days, last + timedelta(days=1))]
    timers = access.sees_all_instances(viewer)
    asked = Wanted(tasks=filter, viewer=viewer, circle=circle, timers=timers, bounds=bounds, most=most)
    found = _by_day(calendars.entries(work, asked))
    owed = _by_due_day(_duties(work, viewer, whose, first, last))
    away = calendars.absences(work, viewer, circle, first=first, last=last)
    today, own = clock.today(work.now), circumstances.terms(work).free_days
    return tuple(
        Day(
            on=day,
            today=day == today,
            within=span is not Span.MONTH or day.month == wanted.month,
            free=free_days.holidays(day.year).get(day) or own.get(day, ""),
            weekend=day.weekday() >= free_days.SATURDAY,
            items=(*owed.get(day, ()), *(_item(work, one) for one in found.get(number, ())))[:most],
            total=len(owed.get(day, ())) + next((one.total for one in found.get(number, ())), 0),
            away=_away_on(day, away),
        )
        for number, day in enumerate(days)
    )


def _months(work: Work, viewer: Person, whose: Whose, first: date, last: date) -> tuple[Month, ...]:
    found = _foreseen(work, viewer, whose, first, last)
    starts = [_months_on(first, number) for number in range(12)]
    return tuple(
        Month(first=start, items=tuple(one for one in found if one.on.month == start.month)) for start in starts
    )


def _duties(work: Work, viewer: Person, whose: Whose, first: date, last: date) -> tuple[Item, ...]:
    """Duties of the roles that the viewer has, for everybody those of all roles; soonest first."""
    return tuple(
        Item(
            kind=Kind.DUTY,
            name=one.name,
            on=one.on,
            number=one.number,
            state="done" if one.finished and one.state == OccurrenceState.BEGUN else one.state,
            reason=one.reason,
            instance=one.instance,
        )
        for one in calendars.duties(work, first, last)
        if _concerns(viewer, whose, one.role)
    )


def _foreseen(work: Work, viewer: Person, whose: Whose, first: date, last: date) -> tuple[Item, ...]:
    """The same with the months of services that diagrams will make themselves."""
    return tuple(
        Item(
            kind=Kind.DUTY,
            name=one.name,
            on=one.due_on,
            number=one.number,
            state=one.state.value,
            reason=one.reason,
            instance=one.instance,
        )
        for one in duties.ahead(work, first, last)
        if _concerns(viewer, whose, one.role)
    )


def _concerns(viewer: Person, whose: Whose, role: str) -> bool:
    """Duties are the gmina's own; those of whole roles name cases that people of other institutions do not see."""
    return access.sees_all_instances(viewer) and (whose is Whose.ALL or role in viewer.roles)


def _by_due_day(items: Iterable[Item]) -> Mapping[date, list[Item]]:
    found: dict[date, list[Item]] = {}
    for one in items:
        found.setdefault(one.on, []).append(one)
    return found


def _filter(work: Work, viewer: Person, whose: Whose) -> TaskFilter:
    scopes = circumstances.scopes_in_force(work)
    if whose is Whose.ALL:
        return TaskFilter(scopes=scopes)
    return TaskFilter(viewer=viewer, scopes=scopes, whose="mine" if whose is Whose.OWN else "reach")


def _circle(viewer: Person, whose: Whose) -> Circle:
    """People of other institutions see what they may take themselves, and nobody's tasks but their own."""
    if whose is Whose.ALL:
        return "everybody"
    return "colleagues" if whose is Whose.TEAM and access.sees_all_instances(viewer) else "self"


def _by_day(entries: Iterable[Entry]) -> Mapping[int, list[Entry]]:
    found: dict[int, list[Entry]] = {}
    for one in entries:
        found.setdefault(one.day, []).append(one)
    return found


def _item(work: Work, entry: Entry) -> Item:
    return Item(
        kind=Kind(entry.kind),
        name=entry.name,
        on=clock.today(entry.moment),
        number=entry.number,
        person=entry.person,
        moment=entry.moment,
        late=entry.kind == "end" and entry.moment < work.now,
        task=entry.task,
        instance=entry.instance,
    )


def _away_on(day: date, away: Iterable[Away]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.person for one in away if one.first <= day <= _last_day(one)))


def _last_day(one: Away) -> date:
    """Whoever came back earlier is not shown as absent from that day on."""
    return one.last if one.ended_at is None else min(one.last, clock.today(one.ended_at) - timedelta(days=1))


def _weeks(days: tuple[Day, ...]) -> tuple[tuple[Day, ...], ...]:
    return tuple(days[start : start + WEEK] for start in range(0, len(days), WEEK))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _months_on(day: date, count: int) -> date:
    """The first day of a month before or after."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, 1)
