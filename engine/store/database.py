"""Opens the database and hands out transactions: a deed writes in one `Work`, a look reads in one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar, cast

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects import postgresql, sqlite

from engine import clock
from engine.errors import Crossed, Misconfigured, Unavailable
from engine.store import connecting, schema, settings_check
from engine.store.failures import translated
from engine.store.sealing import Sealer
from engine.store.tables import preference

_FINGERPRINT = "store.key_fingerprint"
ATTEMPTS = 5  # at a deed that meets another one head-on

Done = TypeVar("Done")


@dataclass(frozen=True, kw_only=True)
class Work:
    """One transaction. `now` is the moment of the whole deed; the connection is for modules of the store only.

    Attributes:
        kept: what a look has read already and would read again; None in a deed, which may change it.
    """

    now: datetime
    connection: Connection
    sealer: Sealer
    kept: dict[str, object] | None = field(default=None, compare=False, repr=False)


class Database:
    """The database of one installation.

    Args:
        url: `sqlite:///…`, `postgresql://…` or `postgresql+psycopg://…`.
        key: 32 bytes that seal answers (`sealing.load_key`).

    Raises:
        Misconfigured: the settings lose or leak data, the schema is not current, or the key is another one.
        Unavailable: the database cannot be reached.
    """

    def __init__(self, url: str, key: bytes) -> None:
        self.url = connecting.driver_url(url)
        self._sealer = Sealer(key)
        self._writer = connecting.engine(self.url, writing=True)
        self._reader = connecting.engine(self.url, writing=False)
        self._turn = threading.Lock() if self.url.get_backend_name() == "sqlite" else None
        findings = self.check()
        if findings:
            self.close()
            raise Misconfigured(" ".join(findings))
        self._keep_fingerprint()

    @contextmanager
    def work(self) -> Iterator[Work]:
        """A writing transaction: committed when the block ends, rolled back when it raises.

        Raises:
            Conflict: another transaction was first.
            Unavailable: the database is away, full or busy for too long.
        """
        with translated(), self._in_turn(), self._writer.begin() as connection:
            yield Work(now=clock.now(), connection=connection, sealer=self._sealer)

    def run(self, do: Callable[[Work], Done]) -> Done:
        """Does a deed in a writing transaction of its own, and once more when it met another one head-on.

        Raises:
            EngineError: what the deed raises.
        """
        for _ in range(ATTEMPTS - 1):
            try:
                with self.work() as work:
                    return do(work)
            except Crossed:
                continue  # nothing of it was kept
        with self.work() as work:
            return do(work)

    @contextmanager
    def look(self, kept: dict[str, object] | None = None) -> Iterator[Work]:
        """A reading transaction, which sees one moment of the database and cannot write.

        Args:
            kept: shared with other looks that may rely on what was read a moment before.

        Raises:
            Unavailable: the database is away.
        """
        known = {} if kept is None else kept
        with translated(), self._reader.begin() as connection:
            yield Work(now=clock.now(), connection=connection, sealer=self._sealer, kept=known)

    def check(self) -> tuple[str, ...]:
        """What is wrong with settings and schema, as Polish sentences; nothing when all is well.

        Raises:
            Unavailable: the database is away.
        """
        with translated(), self._reader.begin() as reader:
            findings = settings_check.findings(reader) + schema.findings(reader)
        with translated(), self._in_turn(), self._writer.begin() as writer:
            return tuple(dict.fromkeys(findings + settings_check.findings(writer)))

    def ping(self) -> None:
        """Asks the database for a sign of life.

        Raises:
            Unavailable: there is none.
        """
        with self.look() as work:
            work.connection.execute(select(1))

    @property
    def has_one_writer(self) -> bool:
        """True when transactions that write wait for each other, whatever they write."""
        return self._turn is not None

    def close(self) -> None:
        """Gives all connections back."""
        self._writer.dispose()
        self._reader.dispose()

    def _in_turn(self) -> AbstractContextManager[object]:
        """SQLite lets one writer in; waiting here, writers of this process are not put to sleep for too long."""
        return nullcontext() if self._turn is None else _taken(self._turn)

    def _keep_fingerprint(self) -> None:
        """A wrong key would seal new answers so that nobody reads them together with the old ones."""
        insert = sqlite.insert if self._turn else postgresql.insert
        kept = {"name": _FINGERPRINT, "value": self._sealer.fingerprint}
        with self.work() as work:
            work.connection.execute(insert(preference).values(kept).on_conflict_do_nothing())
            known = work.connection.scalar(select(preference.c.value).where(preference.c.name == _FINGERPRINT))
        if known != self._sealer.fingerprint:
            self.close()
            raise Misconfigured("Klucz nie pasuje do bazy. Przywróć plik klucza, z którym bazę utworzono.")


def upgrade(url: str) -> None:
    """Creates the database or brings its schema to the newest revision.

    Raises:
        Unavailable: the database is away.
        Misconfigured: the URL names no database that this system uses.
    """
    target = connecting.driver_url(url)
    connecting.prepare(target)
    engine: Engine = connecting.engine(target, writing=True)
    try:
        with translated(), engine.begin() as connection:
            schema.upgrade(connection)
    finally:
        engine.dispose()


def at(work: Work, moment: datetime) -> Work:
    """The same transaction for a deed of another moment, such as the time by which all workers go."""
    return replace(work, now=moment)


def once(work: Work, name: str, read: Callable[[], Done]) -> Done:
    """What `read` gives; looks that keep it do not read it again.

    Args:
        name: of what is read, with everything that it depends on.
    """
    if work.kept is None:
        return read()
    if name not in work.kept:
        work.kept[name] = read()
    return cast(Done, work.kept[name])


@contextmanager
def part(work: Work) -> Iterator[None]:
    """A part of a deed that is taken back alone when it raises."""
    with work.connection.begin_nested():
        yield


@contextmanager
def _taken(turn: threading.Lock) -> Iterator[None]:
    if not turn.acquire(timeout=connecting.PATIENCE):
        raise Unavailable("Baza danych jest zajęta. Spróbuj ponownie za chwilę.")
    try:
        yield
    finally:
        turn.release()
