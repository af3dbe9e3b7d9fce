"""An office on a fresh database of either kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import faults_cast
import pytest
from databases import Place
from faults_cast import Office

from engine import circumstances
from engine.actions import keeping
from engine.bpmn.bundle import Programs


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs and forms are kept in memory by their id, which another database gives to another one."""
    monkeypatch.setattr(keeping, "PROGRAMS", Programs())
    monkeypatch.setattr(circumstances, "_FORMS", {})


@pytest.fixture
def office(place: Place, tmp_path: Path) -> Iterator[Office]:
    """An office on each kind of database in turn."""
    with faults_cast.opened(place.url, tmp_path / "data") as made:
        faults_cast.settle(made)
        yield made


@pytest.fixture
def sqlite_office(sqlite_place: Place, tmp_path: Path) -> Iterator[Office]:
    """An office on SQLite."""
    with faults_cast.opened(sqlite_place.url, tmp_path / "data") as made:
        faults_cast.settle(made)
        yield made


@pytest.fixture
def postgres_office(postgres_place: Place, tmp_path: Path) -> Iterator[Office]:
    """An office on PostgreSQL."""
    with faults_cast.opened(postgres_place.url, tmp_path / "data") as made:
        faults_cast.settle(made)
        yield made


@pytest.fixture
def colleague(office: Office) -> Iterator[Callable[[], Office]]:
    """The same office as another process has it: with connections and locks of its own."""
    with ExitStack() as stack:
        settings = office.parts.settings
        yield lambda: stack.enter_context(faults_cast.opened(settings.url, settings.data))
