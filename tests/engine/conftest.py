"""A small centre on a fresh database of each kind in turn."""

from __future__ import annotations

import actions_cast
import pytest
from actions_cast import Centre

from engine.store.database import Database


@pytest.fixture
def centre(database: Database) -> Centre:
    """People, a form and the diagram `dwa`."""
    return actions_cast.opened(database)
