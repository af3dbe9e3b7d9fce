"""Deeds on a task: claim, release, delegate, save a draft, complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine import access, circumstances
from engine.actions import moves
from engine.bpmn import runner
from engine.errors import Conflict, NotAllowed, NotFound
from engine.forms import answers as form_answers
from engine.model import Instance, InstanceId, Json, Person, Task, TaskDetails, TaskId, TaskState
from engine.store import answers, instances, journal, people, tasks
from engine.store import authorisations as register
from engine.store.database import Work


@dataclass(frozen=True, kw_only=True)
class Completed:
    """What a completed task led to: the tasks that are open now in the same instance."""

    instance: InstanceId
    finished: bool
    next: tuple[Task, ...]


def claim(work: Work, by: Person, task_id: TaskId) -> Task:
    """Take a task for oneself.

    Raises:
        NotFound, NotAllowed: when `by` may not see or take it.
        Conflict: when it is closed or somebody else has it.
    """
    task = _held_task(work, by, task_id)
    holder = circumstances.holder(work, task)
    if holder not in (None, by.id):
        raise Conflict(f"To zadanie ma już {task.person_name}.")
    if task.person != by.id:
        tasks.assign(work, task.id, by.id)
        _note(work, task, by, "claim", f"Wzięto zadanie „{task.name}”.")
    return tasks.get(work, task.id)


def release(work: Work, by: Person, task_id: TaskId) -> Task:
    """Give a claimed task back to the team.

    Raises:
        NotFound, NotAllowed, Conflict: as `claim`.
    """
    task = _held_task(work, by, task_id)
    if task.person != by.id:
        raise Conflict("To zadanie nie jest przydzielone do Ciebie.")
    tasks.assign(work, task.id, None)
    _note(work, task, by, "release", f"Oddano zadanie „{task.name}” zespołowi.")
    return tasks.get(work, task.id)


def delegate(work: Work, by: Person, task_id: TaskId, login: str) -> Task:
    """Hand a task to a colleague who may take it.

    Raises:
        NotFound, NotAllowed, Conflict: as `claim`; also when the colleague may not take it.
    """
    task = _held_task(work, by, task_id)
    if circumstances.holder(work, task) not in (None, by.id) and access.KIEROWNIK not in by.roles:
        raise NotAllowed(f"To zadanie ma {task.person_name}. Przekazać może je ta osoba albo kierownik.")
    other = people.by_login(work, login)
    if other is None or not _may_take(work, other, task):
        raise NotAllowed("Wybrana osoba nie może wykonać tego zadania. Wybierz osobę z właściwą rolą.")
    tasks.assign(work, task.id, other.id)
    _note(work, task, by, "delegate", f"Przekazano zadanie „{task.name}”: {other.name}.")
    return tasks.get(work, task.id)


def save_draft(work: Work, by: Person, task_id: TaskId, raw: Mapping[str, object]) -> None:
    """Keep what has been typed so far, unchecked.

    Raises:
        NotFound, NotAllowed, Conflict: as `claim`.
    """
    task = _open_task(work, by, task_id)
    _not_taken(work, task, by)
    answers.save_draft(work, task.id, by.id, raw)


def complete(work: Work, by: Person, task_id: TaskId, raw: Mapping[str, object]) -> Completed:
    """Check the answers, move the instance on and keep everything that came of it.

    Args:
        raw: answers by field id, as typed or as JSON.

    Raises:
        NotFound, NotAllowed: when `by` may not see or do it.
        Conflict: when somebody else was first or the instance does not run.
        AnswersRejected: when the answers do not fit the form.
        StepFailed: when the diagram cannot go on.
    """
    held = moves.hold_running(work, tasks.get(work, task_id).instance)
    task = _open_task(work, by, task_id)
    _not_taken(work, task, by)
    details = tasks.details(work, task.id)
    cleaned, variables = _checked(work, task, held.instance, raw)
    outcome = runner.complete(
        moves.program(work, held.bundle),
        held.state,
        task.key,
        variables=variables,
        facts=circumstances.facts(work),
        now=work.now,
    )
    number = circumstances.authority_number(work, task.authority) if task.authority else ""
    if task.form is not None:
        answers.add(work, task=task.id, instance=task.instance, form=task.form, values=cleaned, by=by.id)
    answers.drop_draft(work, task.id)
    _enter_authorisation(work, details, cleaned)
    moves.store(work, held, outcome, by=by.name, done=by.id, key=task.key)
    text = f"Wykonano zadanie „{task.name}”." + (f" Na podstawie upoważnienia nr {number}." if number else "")
    journal.write(
        work, instance=task.instance, by=by.id, deed="complete", element=task.element, text=text, authority=number
    )
    opened = tasks.of_instance(work, task.instance, state=TaskState.OPEN)
    return Completed(instance=task.instance, finished=outcome.finished, next=opened)


def claimable(work: Work, by: Person, task_id: TaskId) -> Task:
    """The open task, when `by` may work on it now.

    Raises:
        NotFound, NotAllowed, Conflict: as `claim`.
    """
    task = _open_task(work, by, task_id)
    _not_taken(work, task, by)
    return task


def _held_task(work: Work, by: Person, task_id: TaskId) -> Task:
    """As `_open_task`, while every other deed on the instance waits: of two who claim at once one must be told."""
    instances.hold(work, tasks.get(work, task_id).instance)
    return _open_task(work, by, task_id)


def _open_task(work: Work, by: Person, task_id: TaskId) -> Task:
    task = tasks.get(work, task_id)
    if not _may_take(work, by, task):
        _refuse(work, by, task)
    if task.state is TaskState.DONE:
        raise Conflict(f"To zadanie wykonano już wcześniej{_by_whom(work, task)}. Nic nie zostało zmienione.")
    if task.state is TaskState.CANCELLED:
        raise Conflict("To zadanie nie jest już potrzebne: sprawa poszła inną drogą albo minął termin.")
    instance = instances.get(work, task.instance)
    if access.belongs_to_performer(by, circumstances.performer(instance.variables)):
        raise NotAllowed(
            "Usługę wykonuje Twoja komórka, więc jej organizację prowadzi ktoś inny. Przekaż zadanie osobie spoza niej."
        )
    return task


def _may_take(work: Work, person: Person, task: Task) -> bool:
    candidates = tasks.candidates(work, task.id)
    return access.may_take(person, task, candidates=candidates, scopes=circumstances.scopes_in_force(work))


def _refuse(work: Work, by: Person, task: Task) -> None:
    if not access.sees_all_instances(by):
        raise NotFound("Nie ma takiego zadania.")
    if tasks.candidates(work, task.id):
        raise NotAllowed("To zadanie mogą wykonać tylko powołani członkowie komisji.")
    role = access.responsible(task.role, task.authority, circumstances.scopes_in_force(work))
    raise NotAllowed(f"To zadanie należy do roli „{role}”, której nie masz.")


def _by_whom(work: Work, task: Task) -> str:
    return f" (wykonała je osoba: {people.get(work, task.done_by).name})" if task.done_by is not None else ""


def _not_taken(work: Work, task: Task, by: Person) -> None:
    if circumstances.holder(work, task) not in (None, by.id) and not by.unrestricted:
        raise Conflict(f"To zadanie ma {task.person_name}. Poproś o przekazanie albo wybierz inne.")


def _checked(
    work: Work, task: Task, instance: Instance, raw: Mapping[str, object]
) -> tuple[dict[str, Json], dict[str, Json]]:
    """The clean answers and the variables that they set."""
    if task.form is None:
        return {}, {}
    form = circumstances.form_by_id(work, task.form)
    cleaned = form_answers.check(form, raw, circumstances.form_context(work, instance, task, form))
    return cleaned, form_answers.variables(form, cleaned)


def _enter_authorisation(work: Work, details: TaskDetails, cleaned: Mapping[str, Json]) -> None:
    """Enter an authorisation that the wójt gave within a task into the register."""
    if details.records != "authorisation" or not cleaned.get("numer_upowaznienia"):
        return
    ends = cleaned.get("wazne_do")
    register.add(
        work,
        scope=str(cleaned["zakres_upowaznienia"]),
        number=str(cleaned["numer_upowaznienia"]),
        valid_from=date.fromisoformat(str(cleaned["wazne_od"])),
        valid_to=date.fromisoformat(str(ends)) if ends else None,
        note=f"Zadanie „{details.name}”",
    )


def _note(work: Work, task: Task, by: Person, deed: str, text: str) -> None:
    journal.write(work, instance=task.instance, by=by.id, deed=deed, element=task.element, text=text)
