# mypy: allow-subclassing-any
"""Ad-hoc sub-processes: what stands in them without an incoming flow is begun by a person, as often as she likes.

BPMN 2.0, 13.2.5. What follows by a flow begins by itself, as everywhere. When an inner activity ends, the completion
condition is looked at; once it holds nothing new begins, and what still runs is taken away or waited for. Without a
condition a person closes the sub-process.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.bpmn import expressions, markup
from engine.bpmn.subprocesses import SubProcess
from engine.errors import Conflict, NotFound
from engine.model import Offer

if TYPE_CHECKING:
    from engine.bpmn.scopes import InnerRun, Run
    from engine.bpmn.tokens import Token


class AdHocSubProcess(SubProcess):
    """A sub-process that goes on as long as somebody begins something in it."""

    PARTS = ("level", "sequential", "until", "cancels", "offered")
    sequential: bool  # one activity at a time
    until: str  # FEEL, "" when a person closes it
    cancels: bool  # what still runs at its end is taken away
    offered: list[str]  # activities that a person may begin

    def may_end(self, scope: InnerRun) -> bool:
        """Only when it is ending; that nothing runs is no reason."""
        return scope.ending

    def goes_on(self, scope: InnerRun, token: Token) -> bool:
        """Look at the condition when an activity is done; False when nothing may follow it.

        Raises:
            StepFailed: when the condition cannot be computed.
        """
        if not scope.ending and self.until and _is_activity(token):
            scope.ending = expressions.holds(self.until, scope.context(), scope.owner)
            if scope.ending:
                self._end(scope, token)
        return not scope.ending

    def _end(self, scope: InnerRun, done: Token) -> None:
        if self.cancels and not self.sequential:
            scope.clear(keep=done)
            return
        scope.closing = True
        scope.arrived.clear()
        for token in list(scope.tasks.values()):
            if token.host is None and token is not done and not _is_activity(token):
                token.cancel()
        scope.closing = False


def offers(run: Run) -> tuple[Offer, ...]:
    """What a person may begin or close now, the outermost sub-process first, in the order of the file."""
    found: list[Offer] = []
    for scope, step in _open(run):
        if not (step.sequential and _busy(scope)):
            found += [_offer(scope, name) for name in step.offered]
        if not step.until:
            found.append(_offer(scope, ""))
    return tuple(found)


def take_up(run: Run, key: str, element: str) -> None:
    """A person begins an activity.

    Args:
        key: of the sub-process, as `Offer` says it.
        element: id of the activity.

    Raises:
        Conflict: when the sub-process is not open (any more), or something else runs in it and it takes one at a time.
        NotFound: when it does not offer such an activity.
    """
    scope, step = _found(run, key)
    if element not in step.offered:
        raise NotFound("Tej czynności nie można tu rozpocząć. Odśwież stronę i wybierz jedną z podanych.")
    if step.sequential and _busy(scope):
        raise Conflict("Czynności wykonuje się tu pojedynczo. Najpierw zakończ tę, która trwa.")
    scope.put(scope.spec.task_specs[element])


def close(run: Run, key: str) -> None:
    """A person ends the sub-process.

    Raises:
        Conflict: when it is not open (any more), ends by itself, or must wait for what runs in it.
    """
    scope, step = _found(run, key)
    if step.until:
        raise Conflict(f"„{step.label}” kończy się samo, gdy spełni się jego warunek. Dokończ czynności.")
    if _busy(scope) and not step.cancels:
        raise Conflict(f"W „{step.label}” trwają jeszcze czynności. Najpierw je zakończ.")
    scope.finish()


def _open(run: Run) -> Iterator[tuple[InnerRun, AdHocSubProcess]]:
    for scope in run.subprocesses.values():
        step = scope.owner.task_spec
        if isinstance(step, AdHocSubProcess) and not scope.ending:
            yield scope, step


def _found(run: Run, key: str) -> tuple[InnerRun, AdHocSubProcess]:
    for scope, step in _open(run):
        if str(scope.owner.id) == key:
            return scope, step
    raise Conflict("Ta część sprawy jest już zakończona. Odśwież stronę i sprawdź, co jest do zrobienia.")


def _offer(scope: InnerRun, element: str) -> Offer:
    program, process = scope.top_workflow.program, scope.spec.process
    shown = element or scope.owner.task_spec.bpmn_id
    kind, name = program.steps[process][shown]
    role = program.roles[process].get(shown, "")
    return Offer(
        key=str(scope.owner.id),
        element=shown,
        process=process,
        name=name or shown,
        role=role,
        kind=kind,
        closing=not element,
    )


def _busy(scope: InnerRun) -> bool:
    """True when something runs in it; what only rests at a join does not."""
    return any(token.host is None for token in scope.tasks.values())


def _is_activity(token: Token) -> bool:
    kind, _ = token.top.program.steps[token.workflow.spec.process][token.task_spec.bpmn_id]
    return kind in markup.ACTIVITIES
