"""Deeds on an instance as a whole: start, cancel, retry."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from engine import circumstances, clock
from engine.access import Right, may
from engine.actions import moves
from engine.bpmn import bundle, runner
from engine.errors import AnswerError, Conflict, InputRejected, NotAllowed, NotFound
from engine.forms import answers as form_answers
from engine.model import (
    Definition,
    DefinitionId,
    Instance,
    InstanceId,
    InstanceState,
    Json,
    Person,
    StepMove,
    StepState,
)
from engine.store import bundles, definitions, incidents, instances, journal, messages, numbers, steps, tasks
from engine.store import deadlines as deadline_rows
from engine.store.database import Work

SERIES = "sprawa"
START_FORM = "{key}_start"
TITLE_LIMIT = 200
VARIABLES_LIMIT = 200


def start(
    work: Work,
    by: Person,
    key: str,
    *,
    version: int | None = None,
    title: str = "",
    variables: Mapping[str, Json] | None = None,
    answers: Mapping[str, object] | None = None,
) -> Instance:
    """Set a case in motion on the newest version of `key`, or on the one named.

    Args:
        variables: first values, as a program gives them.
        answers: the start form as a person filled it in, instead of `variables`.

    Raises:
        NotAllowed: when `by` may not start instances.
        NotFound: when there is no such definition.
        Conflict: when the version was taken out of use.
        InputRejected, AnswersRejected: when the start variables do not fit.
        StepFailed: when the diagram cannot take its first step.
    """
    if not may(by, Right.START):
        raise NotAllowed("Sprawę może rozpocząć koordynator usług albo kierownik ośrodka.")
    definition = _definition(work, key, version)
    given = _start_variables(work, definition, variables or {}, answers)
    return _begin(work, by, definition, given, _title(title, given, definition))


def cancel(work: Work, by: Person, instance: InstanceId, reason: str) -> None:
    """End a running or stopped instance before its time; its open tasks disappear. A stopped one ends an administrator.

    Raises:
        NotAllowed, Conflict, InputRejected: when a reason is missing.
    """
    stopped = may(by, Right.PEOPLE) and incidents.of_instance(work, instance) is not None
    if not stopped and not may(by, Right.START):
        raise NotAllowed("Sprawę może anulować koordynator usług albo kierownik ośrodka.")
    if not reason.strip():
        raise InputRejected((AnswerError(field="powod", message="Podaj powód anulowania sprawy."),))
    held = instances.hold(work, instance)
    if held.instance.state not in (InstanceState.RUNNING, InstanceState.INCIDENT):
        raise Conflict(moves.NOT_RUNNING[held.instance.state])
    _finish(work, held.instance, InstanceState.CANCELLED)
    for task in tasks.open_keys(work, instance).values():
        tasks.cancel(work, task)
    _leave_steps(work, by, instance)
    deadline_rows.sync_timers(work, instance, ())
    messages.sync_waits(work, instance, ())
    incidents.close(work, instance)
    text = f"Anulowano sprawę. Powód: {reason.strip()}"
    journal.write(work, instance=instance, by=by.id, deed="cancel", text=text)


def called_versions(work: Work, definition: Definition) -> dict[str, Definition]:
    """The processes that `definition` calls, directly or through others, each in its newest version."""
    found: dict[str, Definition] = {}
    todo = [definition]
    while todo:
        for key in circumstances.diagram(work, todo.pop().id).calls:
            if key not in found and key != definition.key:
                found[key] = _definition(work, key, None)
                todo.append(found[key])
    return found


def _begin(work: Work, by: Person, definition: Definition, given: Mapping[str, Json], title: str) -> Instance:
    """Run the first steps and keep the new instance."""
    bundle_id = _bundle(work, definition, called_versions(work, definition))
    values = {**circumstances.start_settings(work), **given}
    outcome = runner.start(
        moves.program(work, bundle_id), variables=values, facts=circumstances.facts(work), now=work.now
    )
    number = _number(work)
    instance = instances.add(
        work,
        number=number,
        title=title,
        definition=definition.id,
        bundle=bundle_id,
        variables=outcome.variables,
        state=outcome.state,
        by=by.id,
    )
    moves.record(work, instance, outcome, by=by.name)
    if outcome.finished:
        held = instances.hold(work, instance)
        _finish(work, held.instance, InstanceState.COMPLETED)
    text = f"Rozpoczęto sprawę {number} ({definition.name}, wersja {definition.version})."
    journal.write(work, instance=instance, by=by.id, deed="start", text=text)
    return instances.get(work, instance)


def _leave_steps(work: Work, by: Person, instance: InstanceId) -> None:
    """The steps where the tokens were end with the instance: nothing of it is under way any more."""
    left = [
        StepMove(
            key=one.key,
            element=one.element,
            process=one.process,
            name=one.name,
            kind=one.kind,
            state=StepState.CANCELLED,
            first=False,
        )
        for one in steps.of_instance(work, instance)
        if one.state is StepState.ACTIVE
    ]
    steps.record(work, instance, left, by=by.name)


def _definition(work: Work, key: str, version: int | None) -> Definition:
    found = definitions.latest(work, key) if version is None else definitions.version(work, key, version)
    if found is None:
        raise NotFound(f"Nie ma opublikowanego procesu „{key}”.")
    if found.retired_at is not None:
        raise Conflict(f"Wersję {found.version} procesu „{found.name}” wycofano z użycia. Wybierz nowszą.")
    return found


def _start_variables(
    work: Work, definition: Definition, variables: Mapping[str, Json], answers: Mapping[str, object] | None
) -> dict[str, Json]:
    """The start variables, checked by the start form when the process has one."""
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


def _refuse_odd_settings(variables: Mapping[str, Json]) -> None:
    """No form asks for the settings, so nothing else would see a text where a condition compares numbers."""
    for name, usual in circumstances.START_SETTINGS.items():
        given = variables.get(name, usual)
        switch = isinstance(usual, bool)
        if isinstance(given, bool) is not switch or not isinstance(given, int | float):
            message = "Podaj wartość true albo false." if switch else "Podaj liczbę."
            raise InputRejected((AnswerError(field=name, message=message),))


def _bundle(work: Work, definition: Definition, called: Mapping[str, Definition]) -> int:
    """The stored bundle for just these versions, made on first use."""
    versions = [(int(one.id), definitions.sha256(work, one.id)) for one in (definition, *called.values())]
    digest = hashlib.sha256(repr((bundle.FORMAT, versions[0], sorted(versions[1:]))).encode()).hexdigest()
    found = bundles.find(work, digest)
    if found is not None:
        return found
    xmls = {key: definitions.xml(work, one.id) for key, one in called.items()}
    content = bundle.compile(definitions.xml(work, definition.id), xmls)
    ids: dict[str, DefinitionId] = {key: one.id for key, one in called.items()}
    return bundles.add(work, digest=digest, definition=definition.id, called=ids, content=content)


def _number(work: Work) -> str:
    """The next case number of the year, such as OPS/2026/0014."""
    year = clock.today(work.now).year
    return f"OPS/{year}/{numbers.next_number(work, SERIES, year):04d}"


def _title(title: str, given: Mapping[str, Json], definition: Definition) -> str:
    named = given.get("usluga")
    text = title.strip() or (named.strip() if isinstance(named, str) else "") or definition.name
    return text[:TITLE_LIMIT]


def _finish(work: Work, instance: Instance, state: InstanceState) -> None:
    instances.move(work, instance.id, instance.revision, state=None, variables=instance.variables, now_state=state)
