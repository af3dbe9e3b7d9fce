"""Deeds of the clock: fire every deadline that is due, each occurrence once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from functools import partial
from time import monotonic, sleep

import structlog

from engine.actions import (
    absences,
    counting,
    daily,
    duties,
    follow_ups,
    incidents,
    task_ends,
    telling,
    timed_starts,
    timers,
)
from engine.actions.patience import ACCIDENTS, BATCH, GAP, LEASE, LONGEST_PAUSE, TURN, pause
from engine.errors import EngineError, StepFailed, Unavailable
from engine.model import Deadline, DeadlineKind
from engine.store import deadlines, firings, leases, start_waits
from engine.store.database import Database, Work, at

Handler = Callable[[Work, Deadline], None]

UNFORESEEN = "Zegar nie zadziałał z powodu błędu systemu. System spróbuje ponownie."

HANDLERS: Mapping[DeadlineKind, Handler] = {
    DeadlineKind.TIMER: timers.fire,
    DeadlineKind.REMIND: task_ends.fire_remind,
    DeadlineKind.LATE: task_ends.fire_late,
    DeadlineKind.ESCALATE: task_ends.fire_escalate,
    DeadlineKind.FOLLOW_UP: follow_ups.fire_follow_up,
    DeadlineKind.ABSENCE: absences.fire,
    DeadlineKind.DUTY: duties.fire,
    DeadlineKind.PLAN: duties.plan,
    DeadlineKind.COUNT: counting.fire,
    DeadlineKind.DIGEST: telling.fire_digest,
}

DAY = "day"  # key of what the centre does every day

# When, by its local time (see `daily.NIGHT`), and what it is called where it is shown.
DAILY: Mapping[DeadlineKind, tuple[time, str]] = {
    DeadlineKind.PLAN: (time(4, 10), "Planowanie obowiązków"),
    DeadlineKind.COUNT: (time(4, 20), "Codzienne liczenie zaległości"),
    DeadlineKind.DIGEST: (time(7, 0), "Poranne zestawienia dla pracowników"),
}

log = structlog.get_logger()


def fire_due(
    database: Database, owner: str, now: datetime | None = None, *, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Fire everything that is due.

    Args:
        owner: name of this worker, for the leases.
        now: the moment it is; None for the database's own time, see `leases.moment`.
        stopping: asked before more is taken; what has been taken is fired.

    Returns:
        How many deadlines and timed starts were handled.

    Raises:
        Unavailable: when the database goes away.
    """
    handled = timed_starts.fire_due(database, owner, now, stopping=stopping)
    while not stopping():
        with database.work() as work:
            moment = now or leases.moment(work)
            taken = deadlines.take_due(work, now=moment, limit=BATCH, owner=owner, lease=LEASE)
        _fire(database, owner, taken, now)
        handled += len(taken)
        if len(taken) < BATCH:
            break
    return handled


def next_ready(work: Work) -> tuple[datetime, datetime | None]:
    """What time it is, and when the next deadline or timed start may be taken; None when none waits."""
    found = [one for one in (deadlines.soonest(work), start_waits.soonest(work)) if one is not None]
    return leases.moment(work), min(found, default=None)


def ensure_daily(work: Work) -> None:
    """Set the deadlines of every day that do not wait yet."""
    known = {one.kind for one in deadlines.of_centre(work) if one.key == DAY}
    for kind, (wall, name) in DAILY.items():
        if kind not in known:
            deadlines.put(work, kind=kind, key=DAY, due_at=daily.following(work.now, wall), name=name)


def _go_on(work: Work, deadline: Deadline) -> None:
    """Set the next occurrence of a daily deadline, unless its deed has; what is done every day must never end."""
    waiting = (one for one in deadlines.of_centre(work) if one.kind is deadline.kind and one.key == DAY)
    if not any(one.due_at > work.now for one in waiting):
        wall, name = DAILY[deadline.kind]
        deadlines.put(work, kind=deadline.kind, key=DAY, due_at=daily.following(work.now, wall), name=name)


def _is_daily(deadline: Deadline) -> bool:
    return deadline.instance is None and deadline.key == DAY


def _fire(database: Database, owner: str, taken: Sequence[Deadline], now: datetime | None) -> None:
    """Fire what was taken: what belongs to cases and has never failed many in a transaction, all else alone."""
    many = [one for one in taken if one.instance is not None and not one.error and one.attempts <= ACCIDENTS]
    alone = [one for one in taken if one not in many]
    while many:
        try:
            done = database.run(partial(_fire_held, owner=owner, rows=tuple(many), now=now))
        except Unavailable:
            raise
        except Exception:
            alone = [*many, *alone]  # nothing of it was kept; whichever of them failed will fail again alone
            break
        _tell(many[:done])
        del many[:done]
        _make_way(database)
    for one in alone:
        _fire_alone(database, owner, one, now)


def _make_way(database: Database) -> None:
    """Whoever waits for SQLite asks again and again, and would seldom meet a moment at which nobody writes."""
    if database.has_one_writer:
        sleep(GAP)


def _fire_alone(database: Database, owner: str, deadline: Deadline, now: datetime | None) -> None:
    """Fire one; whatever goes wrong with it, the others have their turn."""
    try:
        database.run(partial(_fire_held, owner=owner, rows=(deadline,), now=now))
    except Unavailable:
        raise
    except EngineError as failure:
        _failed(database, deadline, failure, now)
    except Exception as failure:  # its text may quote what people have written
        kind = type(failure).__name__
        log.error("deadline.failed", deadline=int(deadline.id), kind=deadline.kind.value, error=kind)
        _failed(database, deadline, EngineError(UNFORESEEN), now)
    else:
        _tell([deadline])


def _fire_held(work: Work, *, owner: str, rows: Sequence[Deadline], now: datetime | None) -> int:
    """Fire those of the rows that this worker still has, until its turn is over.

    Returns:
        How many of the rows were looked at.
    """
    begun, moment = monotonic(), now or leases.moment(work)
    held = deadlines.held(work, rows, owner)
    looked_at = 0
    for one in rows:
        if one.id in held:
            fire(at(work, max(moment, one.due_at)), one)
        looked_at += 1
        if monotonic() - begun > TURN:
            break
    deadlines.drop_fired(work, [one.id for one in rows[:looked_at] if one.id in held], owner)
    return looked_at


def fire(work: Work, deadline: Deadline) -> None:
    """Let one deadline do what it is for, unless this occurrence has fired already.

    Raises:
        StepFailed: when a diagram cannot go on.
    """
    handler = HANDLERS[deadline.kind]
    if deadline.kind is DeadlineKind.TIMER:  # its diagram says what fires, and keeps the account of it
        handler(work, deadline)
        return
    everyday = _is_daily(deadline)
    if firings.record(work, deadline, daily.missed(deadline.due_at, work.now) if everyday else 0):
        handler(work, deadline)
    if everyday:
        _go_on(work, deadline)


def _failed(database: Database, deadline: Deadline, failure: EngineError, now: datetime | None) -> None:
    """Try it again later; what a diagram refuses, or what fails again and again, an administrator must see."""
    hopeless = isinstance(failure, StepFailed) or deadline.attempts >= leases.TRIES
    with database.work() as work:
        moment = now or leases.moment(work)
        if hopeless and deadline.instance is not None:
            element = getattr(failure, "element", "") or deadline.element
            incidents.record(work, deadline.instance, StepFailed(failure.message, element=element))
        if hopeless and deadline.instance is None:
            telling.unfired(work, deadline)
        until = moment + (LONGEST_PAUSE if hopeless else pause(deadline.attempts))
        deadlines.push_back(work, deadline.id, until=until, error=failure.message)


def _tell(fired: Sequence[Deadline]) -> None:
    """One line a transaction: a line for each of thousands would take longer than what it tells of."""
    kinds = Counter(one.kind.value for one in fired)
    log.info("deadline.fired", ids=[int(one.id) for one in fired], **kinds)
