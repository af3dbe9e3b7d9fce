"""What tests of notices share: the casts of other rooms, an office, and a mail server on this machine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent.parent / room) for room in ("store", "web")]

from notices_cast import Office, opened  # noqa: E402
from postman import Postman  # noqa: E402

from engine.store.database import Database  # noqa: E402


def pytest_itemcollected(item: pytest.Item) -> None:
    """The cases here are rows without an engine behind them."""
    item.add_marker(pytest.mark.leaves_stuck)


@pytest.fixture
def office(database: Database) -> Office:
    """An office on a fresh database of each kind in turn."""
    return opened(database)


@pytest.fixture
def postman() -> Iterator[Callable[..., Postman]]:
    """Opens mail servers; what `Postman.open` takes says how they behave."""
    with ExitStack() as stack:
        yield lambda **said: stack.enter_context(Postman.open(**said))
