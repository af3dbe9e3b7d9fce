"""Counts numbers up without gaps or doubles: the counter moves in the transaction that uses the number."""

from __future__ import annotations

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.database import Work
from engine.store.tables import number_series

_COUNT_UP = {
    dialect: insert_of(number_series)
    .values(series=bindparam("series"), year=bindparam("year"), last=1)
    .on_conflict_do_update(
        index_elements=[number_series.c.series, number_series.c.year], set_={"last": number_series.c.last + 1}
    )
    .returning(number_series.c.last)
    for dialect, insert_of in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def next_number(work: Work, series: str, year: int) -> int:
    """The next number of a series in a year, from 1.

    Other transactions that want a number of the same series and year wait until this one ends, so that a
    rollback leaves no gap.
    """
    count_up = _COUNT_UP[work.connection.dialect.name]
    return int(work.connection.execute(count_up, {"series": series, "year": year}).scalar_one())
