"""What programs ask for in the address: filters of lists."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import request

from engine import clock
from engine.errors import AnswerError, InputRejected

TRUTHS = {"1": True, "true": True, "0": False, "false": False, "": False}
LARGEST = 18  # digits of an id


def flag(name: str) -> bool:
    """True for `1` and `true`.

    Raises:
        InputRejected: when it is neither yes nor no.
    """
    said = request.args.get(name, "").lower()
    if said not in TRUTHS:
        raise _refused(name, "Podaj 1 albo 0.")
    return TRUTHS[said]


def whole(name: str) -> int | None:
    """A whole number from 1, None when it is absent.

    Raises:
        InputRejected: when it is something else.
    """
    said = request.args.get(name, "")
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) <= LARGEST and int(said) > 0):
        raise _refused(name, "Podaj liczbę całkowitą większą od zera.")
    return int(said)


def needed(name: str) -> int:
    """A whole number from 1.

    Raises:
        InputRejected: also when it is absent.
    """
    found = whole(name)
    if found is None:
        raise _refused(name, "Podaj identyfikator sprawy, na przykład ?instance=12.")
    return found


def moment(name: str) -> datetime | None:
    """A moment in ISO 8601, None when it is absent; without a zone it is the wall clock of the centre.

    Raises:
        InputRejected: when it is something else.
    """
    said = request.args.get(name, "").replace(" ", "+")  # a plus sign in an address stands for a space
    if not said:
        return None
    try:
        found = datetime.fromisoformat(said)
        return (found if found.tzinfo is not None else found.replace(tzinfo=clock.WARSAW)).astimezone(UTC)
    except (ValueError, OverflowError) as cause:
        raise _refused(name, "Podaj dzień albo chwilę, na przykład 2026-12-01T12:00:00+01:00.") from cause


def _refused(name: str, message: str) -> InputRejected:
    return InputRejected((AnswerError(field=name, message=message),))
