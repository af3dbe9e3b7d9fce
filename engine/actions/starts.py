"""Begins an instance on a version of a process, whoever or whatever starts it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from engine import circumstances, clock
from engine.actions import keeping
from engine.bpmn import bundle, runner, timers
from engine.bpmn import starts as ways
from engine.bpmn.bundle import Program
from engine.bpmn.starts import Start
from engine.errors import AnswerError, Conflict, InputRejected, NotFound
from engine.forms import answers as form_answers
from engine.model import (
    Definition,
    DefinitionId,
    Instance,
    InstanceId,
    InstanceState,
    Json,
    Person,
    Sent,
    StartKind,
    StartWait,
)
from engine.store import bundles, decisions, definitions, instances, journal, numbers, start_waits
from engine.store.database import Work
from engine.store.decisions import DecisionFile
from engine.store.start_waits import NewStart

SERIES = "sprawa"
START_FORM = "{key}_start"
TITLE_LIMIT = 200
VARIABLES_LIMIT = 200


def begin(
    work: Work,
    by: Person | None,
    definition: Definition,
    given: Mapping[str, Json],
    title: str,
    *,
    at: str = "",
    correlation: Mapping[str, Json] | None = None,
) -> tuple[InstanceId, tuple[Sent, ...]]:
    """Run the first steps and keep the new instance.

    Args:
        by: who starts it; None is a message, a signal or the clock.
        given: the first variables.
        at, correlation: see `runner.start`.

    Returns:
        The new instance, and what it sent to others, which is not handed on yet.

    Raises:
        NotFound, Conflict: when a called process is not to be had, or it is not clear where to begin.
        InputRejected: when there is no such start.
        StepFailed: when the diagram cannot take its first step.
    """
    bundle_id, digest = _bundle(work, definition, called_versions(work, definition))
    values = {**circumstances.start_settings(work), **given}
    outcome = runner.start(
        keeping.program(work, bundle_id, digest),
        variables=values,
        facts=circumstances.facts(work),
        now=work.now,
        at=at,
        correlation=correlation,
    )
    number = _number(work)
    instance = instances.add(
        work,
        number=number,
        title=_titled(title, given, definition),
        definition=definition.id,
        bundle=bundle_id,
        variables=outcome.variables,
        state=outcome.state,
        by=by.id if by else None,
    )
    keeping.record(work, instance, outcome, by=by.name if by else "", starter=by.id if by else None, doer=by)
    if outcome.finished:
        held = instances.hold(work, instance)
        finish(work, held.instance, InstanceState.COMPLETED)
    text = f"Rozpoczęto sprawę {number} ({definition.name}, wersja {definition.version})."
    journal.write(work, instance=instance, by=by.id if by else None, deed="start", text=text)
    keeping.stop_stuck(work, instance, outcome)
    return instance, outcome.sent


def of_wait(work: Work, wait: StartWait) -> Definition:
    """The version that a waiting start belongs to."""
    return definitions.get(work, wait.definition)


def received(work: Work, definition: Definition, at: str, sent: Sent) -> tuple[dict[str, Json], dict[str, Json]]:
    """The first variables that a message or signal brings, and the values by which later ones find the instance.

    Raises:
        NotFound: when the process has no such start.
        InputRejected, AnswersRejected: when the start form refuses them.
        StepFailed: when the start cannot read them.
    """
    found = next((one for one in ways_in(work, definition) if one.element == at), None)
    if found is None:
        raise NotFound(f"Proces „{definition.name}” nie ma początku „{at}”.")
    facts = circumstances.facts(work)
    taken, keys = ways.received(found, sent.correlation, sent.payload, facts=facts, now=work.now)
    return first_variables(work, definition, taken, None), keys


def ways_in(work: Work, definition: Definition) -> tuple[Start, ...]:
    """How instances of a version may begin."""
    return ways.read(definitions.xml(work, definition.id))


def listen(work: Work, key: str) -> None:
    """Let the starts of the newest version of `key` wait for their events, and no others.

    Raises:
        DefinitionRejected: when a timer cannot be computed.
    """
    latest = definitions.latest(work, key)
    start_waits.drop_others(work, key, latest.id if latest else None)
    if latest is not None and not start_waits.waits(work, latest.id):
        found = [one for one in ways_in(work, latest) if one.event.kind != "none"]
        made = [_waiting(work, one) for one in found]
        start_waits.add(work, latest.id, [one for one in made if not _over(one, latest, work.now)])


def _waiting(work: Work, start: Start) -> NewStart:
    kind = StartKind(start.event.kind)
    kept: dict[str, Any] = {}
    if kind is StartKind.TIMER:
        kept = ways.timer(start, facts=circumstances.facts(work), now=work.now)
        if "every" in kept and datetime.fromisoformat(kept["due"]) < work.now:
            timers.advance(kept, work.now)  # rounds before the process was published were nobody's
    due = datetime.fromisoformat(kept["due"]) if "due" in kept else None
    return NewStart(element=start.element, kind=kind, name=start.event.name, timer=kept, due_at=due)


def _over(start: NewStart, definition: Definition, now: datetime) -> bool:
    """True for a timer without a moment to come, or whose only one an earlier version has had."""
    if start.kind is not StartKind.TIMER:
        return False
    return start.due_at is None or (definition.version > 1 and start.due_at <= now)


def called_versions(work: Work, definition: Definition) -> dict[str, Definition]:
    """The processes that `definition` calls, directly or through others, each in its newest version."""
    found: dict[str, Definition] = {}
    todo = [definition]
    while todo:
        for key in circumstances.diagram(work, todo.pop().id).calls:
            if key not in found and key != definition.key:
                found[key] = usable(work, key, None)
                todo.append(found[key])
    return found


def usable(work: Work, key: str, version: int | None) -> Definition:
    """The version on which instances may be started; None is the newest.

    Raises:
        NotFound: when there is none.
        Conflict: when it was taken out of use.
    """
    found = definitions.latest(work, key) if version is None else definitions.version(work, key, version)
    if found is None:
        raise NotFound(f"Nie ma opublikowanego procesu „{key}”.")
    if found.retired_at is not None:
        raise Conflict(f"Wersję {found.version} procesu „{found.name}” wycofano z użycia. Wybierz nowszą.")
    return found


def first_variables(
    work: Work, definition: Definition, variables: Mapping[str, Json], answers: Mapping[str, object] | None
) -> dict[str, Json]:
    """The start variables, checked by the start form when the process has one.

    Raises:
        InputRejected, AnswersRejected: when they do not fit.
    """
    _refuse_odd_settings(variables)
    if len(variables) > VARIABLES_LIMIT or "typename" in variables:
        message = "Zmienne sprawy mają niedozwoloną nazwę albo jest ich zbyt wiele."
        raise InputRejected((AnswerError(field="variables", message=message),))
    found = circumstances.latest_form(work, START_FORM.format(key=definition.key))
    if found is None:
        return dict(variables)
    _, form = found
    settings = {name: value for name, value in variables.items() if name in circumstances.START_SETTINGS}
    asked = {name: value for name, value in variables.items() if name not in settings}
    context = circumstances.form_context(work, None, form=form)
    cleaned = form_answers.check(form, asked if answers is None else answers, context)
    return {**form_answers.variables(form, cleaned), **settings}


def finish(work: Work, instance: Instance, state: InstanceState) -> None:
    """End an instance; its state stays as it is."""
    instances.move(work, instance.id, instance.revision, state=None, variables=instance.variables, now_state=state)


def _refuse_odd_settings(variables: Mapping[str, Json]) -> None:
    """No form asks for the settings, so nothing else would see a text where a condition compares numbers."""
    for name, usual in circumstances.START_SETTINGS.items():
        given = variables.get(name, usual)
        switch = isinstance(usual, bool)
        if isinstance(given, bool) is not switch or not isinstance(given, int | float):
            message = "Podaj wartość true albo false." if switch else "Podaj liczbę."
            raise InputRejected((AnswerError(field=name, message=message),))


def bound(work: Work, definition: Definition) -> int:
    """The bundle on which an instance of this version would begin now, made on first use."""
    return _bundle(work, definition, called_versions(work, definition))[0]


def trial(work: Work, definition: Definition) -> tuple[str, Program]:
    """The same as a program, with its digest; nothing is kept."""
    called = called_versions(work, definition)
    made = _decisions(work, (definition, *called.values()))
    digest = _digest(work, definition, called, made)
    return digest, keeping.PROGRAMS.get(digest, lambda: _compiled(work, definition, called, made))


def _bundle(work: Work, definition: Definition, called: Mapping[str, Definition]) -> tuple[int, str]:
    """The stored bundle for just these versions with its digest, made on first use."""
    made = _decisions(work, (definition, *called.values()))
    digest = _digest(work, definition, called, made)
    found = bundles.find(work, digest)
    if found is not None:
        return found, digest
    content = _compiled(work, definition, called, made)
    ids: dict[str, DefinitionId] = {key: one.id for key, one in called.items()}
    bound = {id: one.id for id, one in made.items()}
    made_id = bundles.add(work, digest=digest, definition=definition.id, called=ids, content=content, decisions=bound)
    return made_id, digest


def _digest(
    work: Work, definition: Definition, called: Mapping[str, Definition], made: Mapping[str, DecisionFile]
) -> str:
    versions = [(int(one.id), definitions.sha256(work, one.id)) for one in (definition, *called.values())]
    files = sorted((id, int(one.id), one.sha256) for id, one in made.items())
    return hashlib.sha256(repr((bundle.FORMAT, versions[0], sorted(versions[1:]), files)).encode()).hexdigest()


def _compiled(
    work: Work, definition: Definition, called: Mapping[str, Definition], made: Mapping[str, DecisionFile]
) -> bytes:
    xmls = {key: definitions.xml(work, one.id) for key, one in called.items()}
    dmn = {id: decisions.xml(work, one.id) for id, one in made.items()}
    return bundle.compile(definitions.xml(work, definition.id), xmls, dmn)


def _decisions(work: Work, versions: Iterable[Definition]) -> dict[str, DecisionFile]:
    """The newest file of each decision that these processes make."""
    ids = {id for one in versions for id in circumstances.diagram(work, one.id).decisions}
    known = decisions.of_decisions(work) if ids else {}
    for id in sorted(ids - known.keys()):
        raise NotFound(f"Nie ma opublikowanej decyzji „{id}”.")
    return {id: known[id] for id in ids}


def _number(work: Work) -> str:
    """The next case number of the year, such as OPS/2026/0014."""
    year = clock.today(work.now).year
    return f"OPS/{year}/{numbers.next_number(work, SERIES, year):04d}"


def _titled(title: str, given: Mapping[str, Json], definition: Definition) -> str:
    named = given.get("usluga")
    text = title.strip() or (named.strip() if isinstance(named, str) else "") or definition.name
    return text[:TITLE_LIMIT]
