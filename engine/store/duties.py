"""Keeps the duties of the centre and the occurrences in which they come round."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NewType

from sqlalchemy import bindparam, literal_column, or_, select, update

from engine.errors import NotFound
from engine.model import InstanceId, InstanceState, Json
from engine.store.database import Work
from engine.store.rows import Found, insert_all
from engine.store.tables import duty, duty_occurrence, instance, step

DutyId = NewType("DutyId", int)
OccurrenceId = NewType("OccurrenceId", int)


class DutyKind(StrEnum):
    """What a duty goes by; it stands in its settings."""

    ROUND = "round"  # days that come round for the whole centre
    DATE = "date"  # a date that a running case holds in a variable
    MONTHLY = "monthly"  # a month of a service whose diagram makes the task itself
    AUTHORISATION = "authorisation"  # the last day of an authorisation in the register


class OccurrenceState(StrEnum):
    """Where one occurrence stands."""

    PLANNED = "planned"
    BEGUN = "begun"
    SUPPRESSED = "suppressed"  # the documents say that nobody has to do it here
    SKIPPED = "skipped"  # a person said that it is not needed
    GONE = "gone"  # its subject ended or moved


@dataclass(frozen=True, kw_only=True)
class Duty:
    """What the centre must do again and again."""

    id: DutyId
    key: str
    name: str
    definition_key: str  # the process that it starts, "" when a process does it itself
    role: str  # its owner
    rule: str  # when it is due, in plain words
    ahead: str  # how long before it begins, in plain words
    source: str
    active: bool
    settings: Mapping[str, Json]

    @property
    def kind(self) -> DutyKind:
        """What it goes by."""
        return DutyKind(str(self.settings["kind"]))

    def word(self, setting: str) -> str:
        """A setting that is one text, "" when it is missing."""
        return str(self.settings.get(setting) or "")

    def words(self, setting: str) -> tuple[str, ...]:
        """A setting that is a list of texts."""
        return _words(self.settings.get(setting))

    def why_suppressed(self, variables: Mapping[str, Json]) -> str:
        """Why nobody has this duty for a case with these variables, with the source; "" when somebody has."""
        said = self.settings.get("suppressed")
        if not isinstance(said, dict) or variables.get(str(said["variable"])) not in _words(said["values"]):
            return ""
        return f"{said['reason']} Źródło: {said['source']}."


@dataclass(frozen=True, kw_only=True)
class NewOccurrence:
    """An occurrence that is to be kept."""

    subject: str  # such as "instance:12" or "authorisation:3"; "" for the whole centre
    due_on: date
    begins_on: date
    name: str  # without personal data
    state: OccurrenceState
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class DutyOccurrence(NewOccurrence):
    """One time that a duty comes round."""

    id: OccurrenceId
    duty: DutyId
    instance: InstanceId | None  # the case that it began, or the one whose diagram does it


@dataclass(frozen=True, kw_only=True)
class Begun:
    """An occurrence together with the case that it began, as far as there is one."""

    occurrence: DutyOccurrence
    number: str
    state: InstanceState | None


@dataclass(frozen=True, kw_only=True)
class Service:
    """A running case that stands in one of certain processes."""

    instance: InstanceId
    number: str
    variables: Mapping[str, Json]
    elements: frozenset[str]  # where its tokens stand in these processes


# What may still change: all that lies ahead, and what is planned though its day has passed in an outage.
_OPEN = select(duty_occurrence).where(
    duty_occurrence.c.duty_id == bindparam("of"),
    or_(
        duty_occurrence.c.due_on >= bindparam("since"),
        duty_occurrence.c.state == literal_column("'planned'"),
    ),
)
_BETWEEN = (
    select(duty_occurrence, instance.c.number.label("number"), instance.c.state.label("now_state"))
    .select_from(duty_occurrence.outerjoin(instance, duty_occurrence.c.instance_id == instance.c.id))
    .where(duty_occurrence.c.due_on.between(bindparam("first"), bindparam("last")))
    .order_by(duty_occurrence.c.due_on, duty_occurrence.c.id)
)
_MOVE = (
    update(duty_occurrence)
    .where(duty_occurrence.c.id == bindparam("one"))
    .values(state=bindparam("now_state"), reason=bindparam("why"), begins_on=bindparam("begins"))
)
# The condition on the state stands in the text: a bound value would hide the partial index from the planner.
_SERVICES = (
    select(step.c.instance_id, step.c.element, instance.c.number, instance.c.variables)
    .select_from(step.join(instance, step.c.instance_id == instance.c.id))
    .where(
        step.c.state == literal_column("'active'"),
        step.c.process.in_(bindparam("processes", expanding=True)),
        instance.c.state.in_((InstanceState.RUNNING.value, InstanceState.INCIDENT.value)),
    )
    .order_by(step.c.instance_id)
)
_ONE_SERVICE = _SERVICES.where(step.c.instance_id == bindparam("of"))


def all_duties(work: Work) -> tuple[Duty, ...]:
    """Every duty, in the order in which they were entered."""
    return tuple(_duty(row) for row in work.connection.execute(select(duty).order_by(duty.c.id)))


def get(work: Work, id: DutyId) -> Duty:
    """The duty with this id.

    Raises:
        NotFound: there is none.
    """
    row = work.connection.execute(select(duty).where(duty.c.id == id)).first()
    if row is None:
        raise NotFound("Nie ma takiego obowiązku.")
    return _duty(row)


def add(work: Work, values: Sequence[Mapping[str, object]]) -> None:
    """Enters duties; `values` name all columns but the id."""
    insert_all(work, duty, values)


def change(work: Work, id: DutyId, *, role: str, rule: str, ahead: str, active: bool) -> None:
    """Changes what a centre may set of a duty."""
    work.connection.execute(
        update(duty).where(duty.c.id == id).values(role=role, rule=rule, ahead=ahead, active=active)
    )


def open_occurrences(work: Work, of: DutyId, since: date) -> tuple[DutyOccurrence, ...]:
    """What may still change of a duty: due on `since` or later, or planned though its day has passed."""
    return tuple(_occurrence(row) for row in work.connection.execute(_OPEN, {"of": of, "since": since}))


def between(work: Work, first: date, last: date) -> tuple[Begun, ...]:
    """The occurrences that are due from `first` to `last`, with the cases that they began."""
    return tuple(
        Begun(
            occurrence=_occurrence(row),
            number=row.number or "",
            state=None if row.now_state is None else InstanceState(row.now_state),
        )
        for row in work.connection.execute(_BETWEEN, {"first": first, "last": last})
    )


def hold(work: Work, id: OccurrenceId) -> DutyOccurrence | None:
    """The occurrence with this id, held until the transaction ends; None when there is none."""
    found = select(duty_occurrence).where(duty_occurrence.c.id == id).with_for_update()
    row = work.connection.execute(found).first()
    return None if row is None else _occurrence(row)


def add_occurrences(work: Work, of: DutyId, new: Sequence[NewOccurrence]) -> tuple[DutyOccurrence, ...]:
    """Keeps new occurrences of one duty."""
    if not new:
        return ()
    rows = [_values(of, one) for one in new]
    insert_all(work, duty_occurrence, rows)
    wanted = {(one.subject, one.due_on) for one in new}
    days = [one.due_on for one in new]
    made = select(duty_occurrence).where(
        duty_occurrence.c.duty_id == of, duty_occurrence.c.due_on.between(min(days), max(days))
    )
    found = [_occurrence(row) for row in work.connection.execute(made)]
    return tuple(one for one in found if (one.subject, one.due_on) in wanted)


def move(work: Work, moved: Iterable[DutyOccurrence]) -> None:
    """Keeps the state, reason and beginning that these occurrences have now."""
    values = [
        {"one": one.id, "now_state": one.state.value, "why": one.reason, "begins": one.begins_on} for one in moved
    ]
    if values:
        work.connection.execute(_MOVE, values)


def begin(work: Work, id: OccurrenceId, case: InstanceId | None) -> bool:
    """Marks a planned occurrence as begun by a case; False when another transaction was first."""
    changed = (
        update(duty_occurrence)
        .where(duty_occurrence.c.id == id, duty_occurrence.c.state == OccurrenceState.PLANNED.value)
        .values(state=OccurrenceState.BEGUN.value, instance_id=case)
    )
    return work.connection.execute(changed).rowcount == 1


def services(work: Work, processes: Collection[str], of: InstanceId | None = None) -> tuple[Service, ...]:
    """The running cases in which a token stands in one of the processes, by id.

    Args:
        of: look at this case alone.
    """
    query = _SERVICES if of is None else _ONE_SERVICE
    values: dict[str, Any] = {"processes": sorted(processes)} | ({} if of is None else {"of": of})
    found: dict[int, Service] = {}
    elements: dict[int, set[str]] = {}
    for row in work.connection.execute(query, values):
        elements.setdefault(row.instance_id, set()).add(row.element)
        if row.instance_id not in found:
            found[row.instance_id] = Service(
                instance=InstanceId(row.instance_id),
                number=row.number,
                variables=row.variables,
                elements=frozenset(),
            )
    return tuple(
        Service(instance=one.instance, number=one.number, variables=one.variables, elements=frozenset(elements[id]))
        for id, one in found.items()
    )


def _words(value: Json) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def _values(of: DutyId, one: NewOccurrence) -> dict[str, object]:
    return {
        "duty_id": of,
        "subject": one.subject,
        "due_on": one.due_on,
        "begins_on": one.begins_on,
        "name": one.name,
        "state": one.state.value,
        "reason": one.reason,
        "instance_id": None,
    }


def _duty(row: Found) -> Duty:
    return Duty(
        id=DutyId(row.id),
        key=row.key,
        name=row.name,
        definition_key=row.definition_key,
        role=row.role,
        rule=row.rule,
        ahead=row.ahead,
        source=row.source,
        active=row.active,
        settings=row.settings,
    )


def _occurrence(row: Found) -> DutyOccurrence:
    return DutyOccurrence(
        id=OccurrenceId(row.id),
        duty=DutyId(row.duty_id),
        subject=row.subject,
        due_on=row.due_on,
        begins_on=row.begins_on,
        name=row.name,
        state=OccurrenceState(row.state),
        reason=row.reason,
        instance=None if row.instance_id is None else InstanceId(row.instance_id),
    )
