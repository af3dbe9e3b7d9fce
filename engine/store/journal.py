"""Keeps the account of who did what; each entry is chained to the one before, so that no change stays hidden."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.model import InstanceId, JournalEntry, PersonId
from engine.store.columns import to_json
from engine.store.database import Work
from engine.store.rows import Found, insert_all
from engine.store.sealing import Sealer
from engine.store.tables import instance, journal, journal_head, person

_OUTSIDE = 0  # chain of the deeds that belong to no instance
_START = b""  # stands for the mark before the first

# One statement finds the head or makes it, and holds it against every other transaction until this one ends.
_HEADS = {
    dialect: insert_of(journal_head)
    .values(chain=bindparam("of"), position=0, mark=_START)
    .on_conflict_do_update(index_elements=[journal_head.c.chain], set_={"position": journal_head.c.position})
    .returning(journal_head.c.position, journal_head.c.mark)
    for dialect, insert_of in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_MOVE_HEAD = (
    update(journal_head)
    .where(journal_head.c.chain == bindparam("of"))
    .values(position=bindparam("now_position"), mark=bindparam("now_mark"))
)
_LIST = select(journal, person.c.name.label("by_name")).select_from(
    journal.outerjoin(person, journal.c.person_id == person.c.id)
)
_OF_INSTANCE = _LIST.where(journal.c.chain == bindparam("of")).order_by(journal.c.position)
_LAST_TEXT = (
    select(journal.c.text)
    .where(journal.c.chain == bindparam("of"), journal.c.element == bindparam("at_element"))
    .where(journal.c.deed.in_(bindparam("deeds", expanding=True)))
    .order_by(journal.c.position.desc())
    .limit(1)
)
_RECENT = _LIST.order_by(journal.c.id.desc())
_ALL = select(journal).order_by(journal.c.chain, journal.c.position)
_MARKED = ("chain", "position", "at", "person_id", "deed", "element", "text", "authority")


def write(
    work: Work,
    *,
    instance: InstanceId | None,
    by: PersonId | None,
    deed: str,
    element: str = "",
    text: str,
    authority: str = "",
) -> None:
    """Adds an entry.

    Args:
        instance: None for a deed outside of any.
        by: None for the engine itself.
        deed: the verb, such as `complete`.
        text: Polish sentence; no answers and no personal data beyond names of the staff.
        authority: number of the authorisation by which it was done.
    """
    chain = _OUTSIDE if instance is None else int(instance)
    head = work.connection.execute(_HEADS[work.connection.dialect.name], {"of": chain}).one()
    entry = {
        "chain": chain,
        "position": head.position + 1,
        "at": work.now,
        "person_id": by,
        "deed": deed,
        "element": element,
        "text": text,
        "authority": authority,
    }
    mark = _mark(work.sealer, bytes(head.mark), entry)
    insert_all(work, journal, [{**entry, "mark": mark}])
    work.connection.execute(_MOVE_HEAD, {"of": chain, "now_position": entry["position"], "now_mark": mark})


def of_instance(work: Work, id: InstanceId) -> tuple[JournalEntry, ...]:
    """The entries of an instance, oldest first."""
    return tuple(_noun(row) for row in work.connection.execute(_OF_INSTANCE, {"of": id}))


def last_text(work: Work, id: InstanceId, *, element: str, deeds: Sequence[str]) -> str:
    """The text of the newest entry of one of these deeds at an element, "" when there is none."""
    values = {"of": id, "at_element": element, "deeds": list(deeds)}
    return str(work.connection.scalar(_LAST_TEXT, values) or "")


def recent(work: Work, limit: int) -> tuple[JournalEntry, ...]:
    """The newest entries of all, newest first."""
    return tuple(_noun(row) for row in work.connection.execute(_RECENT.limit(limit)))


def verify(work: Work) -> tuple[str, ...]:
    """Reads the whole journal again and compares every mark.

    Returns:
        A Polish sentence for each chain in which an entry was changed, removed, added or moved.
    """
    heads = {row.chain: row for row in work.connection.execute(select(journal_head))}
    entries = work.connection.execute(_ALL, execution_options={"yield_per": 1000})
    broken = {chain: _broken_at(work.sealer, rows, heads.pop(chain, None)) for chain, rows in groupby(entries, _chain)}
    broken |= dict.fromkeys(heads, 1)
    return tuple(_finding(work, chain, position) for chain, position in sorted(broken.items()) if position)


def _chain(row: Found) -> int:
    return int(row.chain)


def _broken_at(sealer: Sealer, rows: Iterable[Found], head: Found | None) -> int:
    """The first position that does not follow from the one before, 0 when all do and the last is the head."""
    before, expected = _START, 1
    for row in rows:
        entry = {name: row._mapping[name] for name in _MARKED}
        if row.position != expected or not hmac.compare_digest(bytes(row.mark), _mark(sealer, before, entry)):
            return expected
        before, expected = bytes(row.mark), expected + 1
    whole = head is not None and head.position == expected - 1 and bytes(head.mark) == before
    return 0 if whole else expected


def _mark(sealer: Sealer, before: bytes, entry: Mapping[str, Any]) -> bytes:
    at: datetime = entry["at"]
    facts = [entry[name] for name in _MARKED if name != "at"]
    return sealer.mark(before + to_json([at.isoformat(timespec="microseconds"), *facts]).encode())


def _finding(work: Work, chain: int, position: int) -> str:
    number = work.connection.scalar(select(instance.c.number).where(instance.c.id == chain))
    where = f"sprawy {number or chain}" if chain != _OUTSIDE else "ośrodka"
    return f"Dziennik {where}: wpis {position} został zmieniony, usunięty albo przestawiony poza systemem."


def _noun(row: Found) -> JournalEntry:
    return JournalEntry(
        at=row.at,
        by=row.by_name or "",
        deed=row.deed,
        element=row.element,
        text=row.text,
        authority=row.authority,
    )
