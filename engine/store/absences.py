"""Keeps absences: who is away, who stands in for her meanwhile, and what was handed back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, or_, select, update

from engine.errors import NotFound
from engine.model import Json, PersonId
from engine.store.database import Work
from engine.store.rows import Found, insert_one
from engine.store.tables import absence, person

_ONE_AT_A_TIME = 7_310_004  # of PostgreSQL's advisory locks; any number that nothing else here takes


@dataclass(frozen=True, kw_only=True)
class Absence:
    """A time in which a person is away and a deputy acts for her.

    Attributes:
        ends_on: the last day.
        role, definition_key: to which it is limited, "" for all.
        authorisation: number of the wójt's authorisation for the deputy of a kierownik, "" for none.
        report: what was done and handed back, once it has ended.
    """

    id: int
    person: PersonId
    person_name: str
    deputy: PersonId
    deputy_name: str
    starts_on: date
    ends_on: date
    role: str
    definition_key: str
    authorisation: str
    note: str
    made_by: PersonId | None
    began_at: datetime | None
    ended_at: datetime | None
    cancelled_at: datetime | None
    report: Mapping[str, Json]

    @property
    def planned(self) -> bool:
        """True before it begins."""
        return self.began_at is None and self.cancelled_at is None

    @property
    def running(self) -> bool:
        """True while the deputy acts."""
        return self.began_at is not None and self.ended_at is None

    def covers(self, role: str, definition_key: str) -> bool:
        """True when work of this role and process goes to the deputy."""
        return self.role in ("", role) and self.definition_key in ("", definition_key)


_AWAY, _DEPUTY = person.alias("away"), person.alias("deputy")
_LIST = select(absence, _AWAY.c.name.label("person_name"), _DEPUTY.c.name.label("deputy_name")).select_from(
    absence.join(_AWAY, _AWAY.c.id == absence.c.person_id).join(_DEPUTY, _DEPUTY.c.id == absence.c.deputy_id)
)
_GET = _LIST.where(absence.c.id == bindparam("of"))
_RUNNING = absence.c.began_at.is_not(None) & absence.c.ended_at.is_(None)
_OPEN = absence.c.ended_at.is_(None) & absence.c.cancelled_at.is_(None)
_RUNNING_NOW = _LIST.where(_RUNNING).order_by(absence.c.id)
_RUNNING_OF = _RUNNING_NOW.where(absence.c.person_id == bindparam("who"))
_OPEN_BETWEEN = _LIST.where(
    _OPEN, absence.c.starts_on <= bindparam("last"), absence.c.ends_on >= bindparam("first")
).order_by(absence.c.starts_on, absence.c.id)
_OPEN_ABOUT = _LIST.where(
    _OPEN, or_(absence.c.person_id == bindparam("who"), absence.c.deputy_id == bindparam("who"))
).order_by(absence.c.starts_on, absence.c.id)
_NEWEST = _LIST.order_by(absence.c.ends_on.desc(), absence.c.id.desc()).limit(bindparam("most"))
_NEWEST_OF = _NEWEST.where(or_(absence.c.person_id == bindparam("who"), absence.c.deputy_id == bindparam("who")))
_LOCK = select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME))


def alone(work: Work) -> None:
    """Lets no other deed on absences begin before this transaction ends: rights are computed from all of them."""
    if work.connection.dialect.name == "postgresql":
        work.connection.execute(_LOCK)


def add(
    work: Work,
    *,
    person: PersonId,
    deputy: PersonId,
    starts_on: date,
    ends_on: date,
    role: str,
    definition_key: str,
    authorisation: str,
    note: str,
    by: PersonId | None,
) -> int:
    """Enters an absence that has not begun."""
    values = {
        "person_id": person,
        "deputy_id": deputy,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "role": role,
        "definition_key": definition_key,
        "authorisation": authorisation,
        "note": note,
        "made_at": work.now,
        "made_by": by,
        "report": {},
    }
    return insert_one(work, absence, values)


def get(work: Work, id: int) -> Absence:
    """The absence with this id.

    Raises:
        NotFound: there is none.
    """
    row = work.connection.execute(_GET, {"of": id}).first()
    if row is None:
        raise NotFound("Nie ma takiej nieobecności.")
    return _noun(row)


def running(work: Work) -> tuple[Absence, ...]:
    """All that run now."""
    return _nouns(work.connection.execute(_RUNNING_NOW))


def running_of(work: Work, person: PersonId) -> tuple[Absence, ...]:
    """Those that run now of a person who is away."""
    return _nouns(work.connection.execute(_RUNNING_OF, {"who": person}))


def between(work: Work, first: date, last: date) -> tuple[Absence, ...]:
    """All that are planned or run on one of these days, soonest first."""
    return _nouns(work.connection.execute(_OPEN_BETWEEN, {"first": first, "last": last}))


def about(work: Work, person: PersonId) -> tuple[Absence, ...]:
    """The planned and running ones of a person, and those in which she stands in for somebody."""
    return _nouns(work.connection.execute(_OPEN_ABOUT, {"who": person}))


def newest(work: Work, most: int, *, of: PersonId | None = None) -> tuple[Absence, ...]:
    """The ones that end last, of any state.

    Args:
        of: only those in which this person is away or stands in.
    """
    if of is None:
        return _nouns(work.connection.execute(_NEWEST, {"most": most}))
    return _nouns(work.connection.execute(_NEWEST_OF, {"most": most, "who": of}))


def stand_in(work: Work, person: PersonId, *, role: str, definition_key: str) -> tuple[PersonId, int] | None:
    """Who acts today for a person in a role and process, with the id of that person's absence; None when she is here.

    A deputy who is away herself is replaced by her own deputy. Of several absences the narrowest counts.
    """
    found: tuple[PersonId, int] | None = None
    passed, at = {person}, person
    while True:
        fitting = [one for one in running_of(work, at) if one.covers(role, definition_key)]
        if not fitting:
            return found
        best = max(fitting, key=lambda one: (bool(one.definition_key), bool(one.role), one.id))
        at = best.deputy
        if at in passed:
            return None  # everybody is away
        passed.add(at)
        found = (at, found[1] if found else best.id)


def set_end(work: Work, id: int, ends_on: date) -> None:
    """Gives an absence another last day."""
    _set(work, id, ends_on=ends_on)


def set_deputy(work: Work, id: int, deputy: PersonId) -> None:
    """Lets somebody else stand in."""
    _set(work, id, deputy_id=deputy)


def begin(work: Work, id: int) -> None:
    """Notes that the deputy acts from now."""
    _set(work, id, began_at=work.now)


def end(work: Work, id: int) -> None:
    """Notes that the deputy acts no longer."""
    _set(work, id, ended_at=work.now)


def keep_report(work: Work, id: int, report: Mapping[str, Sequence[Json]]) -> None:
    """Keeps what the deputy did and handed back."""
    _set(work, id, report={name: [*lines] for name, lines in report.items()})


def cancel(work: Work, id: int) -> None:
    """Notes that an absence does not take place."""
    _set(work, id, cancelled_at=work.now)


def _set(work: Work, id: int, **values: object) -> None:
    work.connection.execute(update(absence).where(absence.c.id == id).values(values))


def _nouns(rows: Iterable[Found]) -> tuple[Absence, ...]:
    return tuple(_noun(row) for row in rows)


def _noun(row: Found) -> Absence:
    return Absence(
        id=row.id,
        person=PersonId(row.person_id),
        person_name=row.person_name,
        deputy=PersonId(row.deputy_id),
        deputy_name=row.deputy_name,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        role=row.role,
        definition_key=row.definition_key,
        authorisation=row.authorisation,
        note=row.note,
        made_by=None if row.made_by is None else PersonId(row.made_by),
        began_at=row.began_at,
        ended_at=row.ended_at,
        cancelled_at=row.cancelled_at,
        report=row.report or {},
    )
