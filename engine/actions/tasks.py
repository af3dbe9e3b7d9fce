"""Deeds on a task: claim, release, delegate, save a draft, complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine import access, circumstances
from engine.actions import duties, holding, moves, telling
from engine.bpmn import runner
from engine.circumstances import Entitled
from engine.errors import Conflict, NotAllowed, NotFound
from engine.forms import answers as form_answers
from engine.model import Instance, InstanceId, InstanceState, Json, Person, Task, TaskId, TaskState
from engine.store import absences, answers, instances, journal, people, tasks
from engine.store import authorisations as register
from engine.store.database import Work
from engine.store.instances import Held

MOST_NEXT = 20


@dataclass(frozen=True, kw_only=True)
class Completed:
    """What a completed task led to: the tasks that are open now in the same instance, at most the oldest 20."""

    instance: InstanceId
    finished: bool
    next: tuple[Task, ...]


def claim(work: Work, by: Person, task_id: TaskId) -> Task:
    """Take a task for oneself.

    Raises:
        NotFound, NotAllowed: when `by` may not see or take it.
        Conflict: when it is closed or somebody else has it.
    """
    _, rule = _open_rule(work, by, task_id)
    task = rule.task
    if _somebody_else_has(work, rule, by):
        raise Conflict(f"To zadanie ma już {task.person_name}.")
    if task.person != by.id:
        tasks.assign(work, task.id, by.id, absence=holding.in_place_of(work, rule, by))
        _note(work, task, by, "claim", f"Wzięto zadanie „{task.name}”.")
    return tasks.get(work, task.id)


def release(work: Work, by: Person, task_id: TaskId) -> Task:
    """Give a claimed task back to the team.

    Raises:
        NotFound, NotAllowed, Conflict: as `claim`; also when it was lent.
    """
    _, rule = _open_rule(work, by, task_id)
    task = rule.task
    if task.person != by.id:
        raise Conflict("To zadanie nie jest przydzielone do Ciebie.")
    if holding.lender(work, rule) is not None:
        raise Conflict("To zadanie trzeba oddać osobie, która je przekazała. Użyj przycisku „Zwróć zadanie”.")
    tasks.assign(work, task.id, None)
    _note(work, task, by, "release", f"Oddano zadanie „{task.name}” zespołowi.")
    return tasks.get(work, task.id)


def delegate(work: Work, by: Person, task_id: TaskId, login: str, *, returns: bool = False, note: str = "") -> Task:
    """Hand a task to a colleague who may take it; the kierownik may do so for somebody who is away.

    Args:
        returns: the colleague does a part of it and gives it back to whoever has it now, else to `by`.
        note: what is to be done, without personal data; it stands in the journal.

    Raises:
        NotFound, NotAllowed, Conflict: as `claim`; also when the colleague may not take it or is away.
        InputRejected: when the note is too long.
    """
    _, rule = _rule(work, task_id)
    task, hands_over = rule.task, access.may_hand_over(by)
    if not hands_over:
        _ask(by, rule)
    _still_open(work, task)
    if not hands_over and _somebody_else_has(work, rule, by):
        raise NotAllowed(f"To zadanie ma {task.person_name}. Przekazać może je ta osoba albo kierownik.")
    other = _colleague(work, rule, login)
    owner = holding.returns_to(work, rule, by, lent=returns)
    if owner == other.id:
        raise Conflict("Ta osoba dostanie to zadanie z powrotem. Użyj przycisku „Zwróć zadanie”.")
    tasks.assign(work, task.id, other.id, returns_to=owner, absence=task.absence if owner is not None else None)
    text = f"Przekazano zadanie „{task.name}”: {other.name}" + (", z powrotem." if owner is not None else ".")
    _note(work, task, by, "lend" if owner is not None else "delegate", text + holding.said(note))
    done = tasks.get(work, task.id)
    telling.assigned(work, done, by)
    return done


def save_draft(work: Work, by: Person, task_id: TaskId, raw: Mapping[str, object]) -> None:
    """Keep what has been typed so far, unchecked.

    Raises:
        NotFound, NotAllowed, Conflict: as `claim`.
    """
    answers.save_draft(work, claimable(work, by, task_id).id, by.id, raw)


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
    held, rule = _held_for(work, by, task_id)
    task = rule.task
    holding.refuse_borrower(work, rule, by)
    moves.require_running(held)
    cleaned, variables = _checked(work, task, held.instance, raw)
    outcome = runner.complete(
        moves.program(work, held.bundle, held.digest),
        held.state,
        task.key,
        variables=variables,
        facts=circumstances.facts(work, rule.scopes),
        now=work.now,
    )
    number = holding.authority_number(work, rule, by)
    if task.form is not None:
        answers.add(work, task=task.id, instance=task.instance, form=task.form, values=cleaned, by=by.id)
    answers.drop_draft(work, task.id)
    _enter_authorisation(work, task, cleaned)
    instead = holding.mark_deputy(work, rule, by)
    moves.store(work, held, outcome, by=by.name, done=moves.Done(task=task.id, key=task.key, by=by))
    text = f"Wykonano zadanie „{task.name}”{instead}." + (f" Na podstawie upoważnienia nr {number}." if number else "")
    journal.write(
        work, instance=task.instance, by=by.id, deed="complete", element=task.element, text=text, authority=number
    )
    moves.stop_stuck(work, task.instance, outcome)
    finished = outcome.finished
    if outcome.sent:  # an answer may have come since
        finished = instances.get(work, task.instance).state is InstanceState.COMPLETED
    opened = tasks.oldest_open(work, task.instance, MOST_NEXT)
    return Completed(instance=task.instance, finished=finished, next=opened)


def claimable(work: Work, by: Person, task_id: TaskId) -> Task:
    """The open task, when `by` may work on it now; no other deed on its instance runs until this one ends.

    Raises:
        NotFound, NotAllowed, Conflict: as `claim`.
    """
    return _held_for(work, by, task_id)[1].task


def _colleague(work: Work, rule: Entitled, login: str) -> Person:
    other = people.by_login(work, login)
    if other is None or not rule.admits(other):
        raise NotAllowed("Wybrana osoba nie może wykonać tego zadania. Wybierz osobę z właściwą rolą.")
    instead = absences.stand_in(work, other.id, role=rule.role, definition_key=rule.task.definition_key)
    if instead is not None and not rule.candidates:
        name = people.get(work, instead[0]).name
        raise Conflict(f"{other.name} jest dziś poza pracą. Zastępuje ją {name}. Wybierz inną osobę.")
    return other


def _held_for(work: Work, by: Person, task_id: TaskId) -> tuple[Held, Entitled]:
    held, rule = _open_rule(work, by, task_id)
    if not by.unrestricted and _somebody_else_has(work, rule, by):
        raise Conflict(f"To zadanie ma {rule.task.person_name}. Poproś o przekazanie albo wybierz inne.")
    return held, rule


def _open_rule(work: Work, by: Person, task_id: TaskId) -> tuple[Held, Entitled]:
    """Who may take the task, when it is open and `by` is one of them."""
    held, rule = _rule(work, task_id)
    _ask(by, rule)
    _still_open(work, rule.task)
    return held, rule


def _rule(work: Work, task_id: TaskId) -> tuple[Held, Entitled]:
    """Who may take the task, while every other deed on its instance waits: of two at once one must be told."""
    held = instances.hold_for(work, task_id)
    return held, circumstances.entitled(work, tasks.get(work, task_id), held.instance.variables)


def _somebody_else_has(work: Work, rule: Entitled, by: Person) -> bool:
    return rule.task.person not in (None, by.id) and circumstances.holder(work, rule) is not None


def _ask(by: Person, rule: Entitled) -> None:
    if rule.admits(by):
        return
    if not access.sees_all_instances(by):
        raise NotFound("Nie ma takiego zadania.")
    if rule.bars(by):
        raise NotAllowed(
            "Usługę wykonuje Twoja komórka, więc jej organizację prowadzi ktoś inny. Zadanie weźmie osoba spoza niej."
        )
    if rule.candidates:
        raise NotAllowed("To zadanie mogą wykonać tylko powołani członkowie komisji.")
    raise NotAllowed(f"To zadanie należy do roli „{rule.role}”, której nie masz.")


def _still_open(work: Work, task: Task) -> None:
    if task.state is TaskState.DONE:
        raise Conflict(f"To zadanie wykonano już wcześniej{_by_whom(work, task)}. Nic nie zostało zmienione.")
    if task.state is TaskState.CANCELLED:
        if instances.get(work, task.instance).state is InstanceState.CANCELLED:
            raise Conflict(f"{moves.NOT_RUNNING[InstanceState.CANCELLED]} To zadanie nie jest już potrzebne.")
        raise Conflict("To zadanie nie jest już potrzebne: sprawa poszła inną drogą albo minął termin.")


def _by_whom(work: Work, task: Task) -> str:
    return f" (wykonała je osoba: {people.get(work, task.done_by).name})" if task.done_by is not None else ""


def _checked(
    work: Work, task: Task, instance: Instance, raw: Mapping[str, object]
) -> tuple[dict[str, Json], dict[str, Json]]:
    """The clean answers and the variables that they set."""
    if task.form is None:
        return {}, {}
    form = circumstances.form_by_id(work, task.form)
    cleaned = form_answers.check(form, raw, circumstances.form_context(work, instance, task, form))
    return cleaned, form_answers.variables(form, cleaned)


def _enter_authorisation(work: Work, task: Task, cleaned: Mapping[str, Json]) -> None:
    """Enter an authorisation that the wójt gave within a task into the register."""
    if not cleaned.get("numer_upowaznienia") or tasks.details(work, task.id).records != "authorisation":
        return
    ends = cleaned.get("wazne_do")
    register.add(
        work,
        scope=str(cleaned["zakres_upowaznienia"]),
        number=str(cleaned["numer_upowaznienia"]),
        valid_from=date.fromisoformat(str(cleaned["wazne_od"])),
        valid_to=date.fromisoformat(str(ends)) if ends else None,
        note=f"Zadanie „{task.name}”",
    )
    duties.register_changed(work)


def _note(work: Work, task: Task, by: Person, deed: str, text: str) -> None:
    journal.write(work, instance=task.instance, by=by.id, deed=deed, element=task.element, text=text)
