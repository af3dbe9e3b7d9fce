"""Deeds that move running instances to another version of their process, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine import circumstances
from engine.access import Right, may
from engine.actions import keeping, opening, posting, starts, term_dates
from engine.bpmn import migration
from engine.bpmn.migration import Colour, Held, Plan, Remark
from engine.errors import AnswerError, Conflict, EngineError, InputRejected, NotAllowed
from engine.model import Definition, Instance, InstanceId, InstanceState, OpenTask, Outcome, Person, TaskId
from engine.store import bundles, definitions, firings, forms, instances, journal, migrated, task_terms, tasks
from engine.store.database import Database, Work

if TYPE_CHECKING:
    from engine.bpmn.bundle import Program
    from engine.store.instances import Held as HeldInstance

NOTHING: Mapping[str, str] = MappingProxyType({})
REASON_LIMIT = 500  # letters
PLACE_LIMIT = 200


@dataclass(frozen=True, kw_only=True)
class Row:
    """What would come of moving one instance; `waits` are names of the tasks that would be open then."""

    instance: Instance
    colour: Colour
    remarks: tuple[Remark, ...]
    held: tuple[Held, ...]
    mapping: Mapping[str, str]
    waits: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Done:
    """What came of one instance of many; `refusal` is "" when it was moved."""

    instance: InstanceId
    number: str
    refusal: str


def plan(
    work: Work, by: Person, key: str, version: int, to: int, mapping: Mapping[str, str] = NOTHING
) -> tuple[Row, ...]:
    """A row for every instance of a version that is not over; nothing changes.

    Args:
        to: the version to move to; the same one binds the newest versions of the called processes.
        mapping: old to new step, for all of them.

    Raises:
        NotAllowed: when `by` may not move instances.
        NotFound: when there is no such version.
        Conflict: when the version to move to was taken out of use.
    """
    _require(by)
    old, new = definitions.version(work, key, version), starts.usable(work, key, to)
    digest, program = starts.trial(work, new)
    found = []
    for one in migrated.on_version(work, old.id):
        held = instances.peek(work, one)
        if bundles.digest(work, held.bundle) != digest:
            found.append(_row(held.instance, _planned(work, held, program, mapping)))
    return tuple(found)


def migrate(
    work: Work, by: Person, instance: InstanceId, to: int, mapping: Mapping[str, str] = NOTHING, reason: str = ""
) -> Plan:
    """Move one instance to another version of its process; what its people have begun stays.

    Raises:
        NotAllowed: when `by` may not move instances.
        NotFound: when there is no such instance or version.
        InputRejected: when a reason is missing.
        Conflict: when the instance is over, cannot move, or runs on this version already.
    """
    _require(by)
    why = _reason(reason, mapping)
    held = instances.hold(work, instance)
    if held.instance.state not in migrated.MOVABLE:
        raise Conflict(keeping.NOT_RUNNING[held.instance.state])
    definition = starts.usable(work, held.instance.definition_key, to)
    bundle = starts.bound(work, definition)
    if bundle == held.bundle:
        raise Conflict("Ta sprawa biegnie już według tej wersji. Odśwież stronę.")
    found = _planned(work, held, keeping.program(work, bundle), mapping)
    if found.outcome is None:
        raise Conflict(f"Sprawy {held.instance.number} nie można przenieść. {_reasons(found)}")
    before = migrated.snapshot(work, instance)
    _keep(work, by, held, definition, bundle, found.outcome)
    migrated.follow_steps(work, instance, found.standing)
    changes = _follow(work, instance, found.outcome)
    migrated.follow_timers(work, instance, found.outcome.timers)
    migrated.keep(work, held, by.id, definition=definition.id, bundle=bundle, before=before)
    text = _told(held.instance, definition, found, changes)
    journal.write(work, instance=instance, by=by.id, deed="migrate", text=f"{text} {why}")
    posting.hand_on(work, instance, found.outcome.sent)
    return found


def migrate_each(
    database: Database, by: Person, chosen: Sequence[InstanceId], to: int, mapping: Mapping[str, str], reason: str
) -> Iterator[Done]:
    """Move many instances, each in a transaction of its own; whoever stops to ask for more stops it.

    Yields:
        What came of each; one that is refused does not keep the others.

    Raises:
        InputRejected, NotAllowed: before anything is moved.
    """
    _require(by)
    _reason(reason, mapping)
    for one in chosen:
        number, refusal = "", ""
        try:
            with database.work() as work:
                number = instances.get(work, one).number
                migrate(work, by, one, to, mapping, reason)
        except EngineError as failure:
            refusal = failure.message
        yield Done(instance=one, number=number, refusal=refusal)


def undo(work: Work, by: Person, instance: InstanceId) -> None:
    """Take the last migration of an instance back, as long as nothing else has happened in it.

    Raises:
        NotAllowed: when `by` may not move instances.
        NotFound: when there is no such instance.
        Conflict: when it was not moved, or has gone on since.
    """
    _require(by)
    held, last = instances.hold(work, instance), migrated.last(work, instance)
    if last is None or last.undone:
        raise Conflict("Ta sprawa nie była przenoszona albo przeniesienie już cofnięto. Odśwież stronę.")
    if last.revision != held.instance.revision:
        text = "Po przeniesieniu sprawa poszła dalej, więc nie można go już cofnąć. Możesz przenieść ją na inną wersję."
        raise Conflict(text)
    if any(one.at >= last.at for one in task_terms.changes_in(work, instance)):
        raise Conflict("Po przeniesieniu zmieniono termin zadania, więc nie można go już cofnąć.")
    migrated.restore(work, last)
    firings.forget_timers(work, instance, last.at)
    version = definitions.get(work, last.from_definition).version
    text = f"Cofnięto przeniesienie: sprawa biegnie znowu według wersji {version}."
    journal.write(work, instance=instance, by=by.id, deed="undo", text=text)


def _require(by: Person) -> None:
    if not may(by, Right.PUBLISH):
        raise NotAllowed("Sprawy na inną wersję przenosi kierownik ośrodka albo administrator.")


def _reason(reason: str, mapping: Mapping[str, str]) -> str:
    said = " ".join(reason.split())
    if not said or len(said) > REASON_LIMIT:
        message = f"Podaj powód przeniesienia, najwyżej {REASON_LIMIT} znaków."
        raise InputRejected((AnswerError(field="reason", message=message),))
    if any(len(one) > PLACE_LIMIT for pair in mapping.items() for one in pair):
        raise InputRejected((AnswerError(field="mapping", message="Identyfikator kroku jest za długi."),))
    return f"Powód: {said}"


def _planned(work: Work, held: HeldInstance, new: Program, mapping: Mapping[str, str]) -> Plan:
    old, facts = keeping.program(work, held.bundle), circumstances.facts(work)
    return migration.plan(old, new, held.state, mapping, facts=facts, now=work.now)


def _row(instance: Instance, found: Plan) -> Row:
    waits = [one.details.name for one in found.outcome.tasks] if found.outcome is not None else []
    return Row(
        instance=instance,
        colour=found.colour,
        remarks=found.remarks,
        held=found.held,
        mapping=found.mapping,
        waits=tuple(waits),
    )


def _reasons(found: Plan) -> str:
    return " ".join(f"„{one.name}”: {one.text}" for one in found.remarks if one.colour is Colour.RED)


def _keep(work: Work, by: Person, held: HeldInstance, to: Definition, bundle: int, outcome: Outcome) -> None:
    """The instance with its steps, tasks and waits on its new version; one that stood still goes on standing."""
    now = InstanceState.COMPLETED if outcome.finished else held.instance.state
    id, revision = held.instance.id, held.instance.revision
    instances.move(work, id, revision, state=outcome.state, variables=outcome.variables, now_state=now)
    migrated.bind(work, id, to.id, bundle)
    keeping.compare(work, held, outcome, by=by.name)


def _follow(work: Work, instance: InstanceId, outcome: Outcome) -> list[str]:
    """Let the open tasks that stay say what the new diagram says; gives what has changed in words."""
    known, told = tasks.open_keys(work, instance), []
    for one in outcome.tasks:
        if one.details != tasks.details(work, known[one.key]):
            told.append(_follow_one(work, known[one.key], one, outcome))
    return [one for one in told if one]


def _follow_one(work: Work, id: TaskId, one: OpenTask, outcome: Outcome) -> str:
    row, before, details = tasks.get(work, id), tasks.details(work, id), one.details
    form = row.form
    if details.form != before.form:
        version = forms.latest(work, details.form) if details.form else None
        form = version.id if version else None
    candidates = tuple(sorted(tasks.candidates(work, id)))
    if details.candidates != before.candidates:
        candidates = opening.candidates(work, outcome.variables.get(details.candidates)) if details.candidates else ()
    migrated.follow_task(work, id, details, form=form, candidates=candidates)
    if details.term != before.term:
        term_dates.again(work, id, details.term)
    words = {"name": "nazwa", "role": "rola", "form": "formularz", "term": "termin", "authority": "upoważnienie"}
    changed = [word for name, word in words.items() if getattr(details, name) != getattr(before, name)]
    return f"w zadaniu „{details.name}”: {', '.join(changed)}" if changed else ""


def _told(instance: Instance, to: Definition, found: Plan, changes: Sequence[str]) -> str:
    said = f"Przeniesiono sprawę z wersji {instance.definition_version} na wersję {to.version} procesu „{to.name}”."
    steps = [one.name for one in found.held if one.place in found.mapping]
    names = [f"„{name}”" for name in dict.fromkeys(steps)]
    if names:
        said += f" Zmieniły miejsce kroki: {', '.join(names)}."
    return f"{said} Zmieniło się {'; '.join(changes)}." if changes else said
