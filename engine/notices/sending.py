"""Sends what lies in the outbox: each e-mail at least once, and under the same Message-ID however often."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

import structlog

from engine.errors import EngineError, Unavailable
from engine.notices.messages import AddressUnusable, message
from engine.notices.wire import Away, Delayed, Refused, Wire
from engine.settings import Settings
from engine.store import mails, people, preferences
from engine.store.database import Database
from engine.store.mails import Mail

BATCH = 20
LEASE = timedelta(minutes=5)
TURN = 120.0  # seconds; what is not tried by then is left for the next turn, long before the lease ends
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
TRIES = 12  # with these pauses a little more than a day
CENTRE = "centre"  # preference
GONE = "Ta osoba nie pracuje już w systemie albo nie ma adresu e-mail."
UNFORESEEN = "Błąd systemu podczas wysyłania."

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one round of sending works with."""

    database: Database
    settings: Settings
    centre: str
    wire: Wire
    stopping: Callable[[], bool]


def send_due(
    database: Database, settings: Settings, owner: str, *, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Send the e-mails that are ready. Where none are sent, those that wait are forgotten: the system shows the same.

    A worker that is killed after the server took an e-mail and before it could say so sends it once more.

    Args:
        owner: name of this worker, for the leases.
        stopping: asked before each e-mail.

    Returns:
        How many have left.

    Raises:
        Unavailable: when the database is away.
    """
    with database.look() as work:
        if not mails.any_ready(work):
            return 0
        stored = preferences.get(work, CENTRE)
    known = stored if isinstance(stored, dict) else {}
    if not settings.mails or known.get("demo"):
        database.run(mails.drop_waiting)
        return 0
    centre = str(known.get("name") or "")
    with Wire(settings) as wire:
        round = Round(database=database, settings=settings, centre=centre, wire=wire, stopping=stopping)
        return _send_all(round, owner)


def _send_all(round: Round, owner: str) -> int:
    count, until = 0, monotonic() + TURN
    while taken := _take(round, owner):
        for number, one in enumerate(taken):
            if round.stopping() or monotonic() > until:
                _leave(round, taken[number:])
                return count
            try:
                count += _send(round, one)
            except Away as failure:  # the others would only wait for the same server
                for rest in taken[number:]:
                    _postpone(round, rest, failure)
                return count
    return count


def _take(round: Round, owner: str) -> tuple[Mail, ...]:
    with round.database.work() as work:
        return mails.take(work, limit=BATCH, owner=owner, lease=LEASE)


def _send(round: Round, mail: Mail) -> bool:
    """Send one; whatever is wrong with it, the others have their turn.

    Raises:
        Away: when none can be sent now.
    """
    try:
        with round.database.look() as work:
            to = people.get(work, mail.person)
        if not to.active or not to.email:
            raise AddressUnusable(GONE)
        round.wire.send(message(mail, to, round.centre, round.settings), to.email)
    except (Away, Unavailable):
        raise
    except (AddressUnusable, Refused) as failure:
        _give_up(round, mail, failure.message)
    except Delayed as failure:
        _postpone(round, mail, failure)
    except Exception as failure:  # its text may quote the e-mail
        log.error("mail.failed", mail=int(mail.id), error=type(failure).__name__)
        _postpone(round, mail, EngineError(UNFORESEEN))
    else:
        round.database.run(lambda work: mails.sent(work, mail.id))
        log.info("mail.sent", mail=int(mail.id), attempts=mail.attempts)
        return True
    return False


def _postpone(round: Round, mail: Mail, failure: EngineError) -> None:
    """Try it again later, each time after twice as long, and not for ever."""
    if mail.attempts >= TRIES:
        _give_up(round, mail, failure.message)
        return
    pause = min(FIRST_PAUSE * (1 << mail.attempts), LONGEST_PAUSE)
    round.database.run(lambda work: mails.push_back(work, mail.id, pause=pause, error=failure.message))
    log.warning("mail.postponed", mail=int(mail.id), attempts=mail.attempts, code=failure.code)


def _give_up(round: Round, mail: Mail, why: str) -> None:
    round.database.run(lambda work: mails.give_up(work, mail.id, why))
    log.warning("mail.given_up", mail=int(mail.id), attempts=mail.attempts)


def _leave(round: Round, rest: Sequence[Mail]) -> None:
    """Let anybody take what there was no time for."""
    with round.database.work() as work:
        for one in rest:
            mails.push_back(work, one.id, pause=timedelta(), error="")
