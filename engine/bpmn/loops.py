# mypy: allow-subclassing-any
"""Activities that run several times: multi-instance, parallel or one after another, and standard loops.

The library collects results in the order in which they come and merges whole copies of the variables. Here a round
has only its own item, counter and result; everything else is shared, and results stand in the order of the items.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import expressions
from engine.bpmn.steps import Step
from engine.bpmn.tokens import Token
from engine.errors import StepFailed
from engine.model import Json

if TYPE_CHECKING:
    from engine.bpmn.scopes import Scope

ROUNDS_LIMIT = 10_000
ASLEEP = "asleep"  # of a shell: rounds that wait for a person, untouched, as key of the token and index of the item


class Shell(Step):
    """Stands around an activity (`task`, named `… [child]`) and counts its rounds."""

    task: str

    def shows(self, token: Token) -> bool:
        """The rounds are the steps; the shell is one only when there was no round."""
        return token._state == TaskState.READY and not token.internal_data.get("begun")

    def start_round(self, shell: Token, local: dict[str, Json]) -> None:
        """Put a token into the activity with variables of its own."""
        scope = shell.workflow
        shell.internal_data["begun"] = shell.internal_data.get("begun", 0) + 1
        token = scope.make(scope.spec.task_specs[self.task])
        token.shell, token.local = shell.id, local
        token.task_spec._update(token)

    def round_done(self, token: Token) -> None:
        """A round is over; start the next or let the shell go on."""
        raise NotImplementedError

    def _on_cancel(self, my_task: Token) -> None:
        self.cancel_rounds(my_task)

    def cancel_rounds(self, shell: Token, keep: Token | None = None) -> None:
        """Take away the rounds that are still open."""
        wake_all(shell)
        for token in list(shell.workflow.tasks.values()):
            if token.shell == shell.id and token is not keep:
                token.cancel()

    def failed(self, message: str) -> StepFailed:
        """The rounds cannot be run."""
        return StepFailed(f"Krok „{self.label}”: {message}", element=self.bpmn_id)


class StandardLoop(Shell):
    """Repeats while its condition holds, at most `maximum` times; the first round needs no condition by default."""

    PARTS = ("task", "maximum", "condition", "test_before")
    maximum: int | None
    condition: str
    test_before: bool

    def enter(self, token: Token) -> None:
        """Start the first round, unless the condition forbids it."""
        token.guard(self.boundaries)
        if self.test_before and not self._goes_on(token, 0):
            token._ready()
            return
        token._set_state(TaskState.STARTED)
        self.start_round(token, {"loopCounter": 1})

    def round_done(self, token: Token) -> None:
        """Look at the condition, which sees the round's variables."""
        shell = token.of_round()
        done = shell.internal_data["begun"]
        if self._goes_on(token, done):
            self.start_round(shell, {"loopCounter": done + 1})
        else:
            shell._ready()

    def _goes_on(self, token: Token, done: int) -> bool:
        if self.maximum is not None and done >= self.maximum:
            return False
        context = {"loopCounter": done, **token.context()}
        return not self.condition or expressions.holds(self.condition, context, token)


class MultiInstance(Shell):
    """Runs once for each item of a list, or a number of times."""

    PARTS = ("task", "sequential", "count", "items", "item", "result", "results", "until")
    sequential: bool
    count: str  # FEEL, "" when there is a list
    items: str  # FEEL: the list
    item: str  # name under which a round sees its item
    result: str  # name of a round's result
    results: str  # name of the list of results
    until: str  # FEEL: true ends it early

    def enter(self, token: Token) -> None:
        """Start all rounds at once, or the first.

        Raises:
            StepFailed: when there is no list, or no number of rounds.
        """
        token.guard(self.boundaries)
        kept = token.internal_data
        kept["items"] = self._items(token)
        kept["rounds"] = self._count(token) if kept["items"] is None else len(kept["items"])
        kept.update(done=0, results={})
        if kept["rounds"] > ROUNDS_LIMIT:
            raise self.failed(f"za dużo powtórzeń, najwyżej {ROUNDS_LIMIT}.")
        if not kept["rounds"]:
            self._collect(token)
            token._ready()
            return
        token._set_state(TaskState.STARTED)
        for index in range(1 if self.sequential else kept["rounds"]):
            self.start_round(token, self.fresh(token, index))

    def round_done(self, token: Token) -> None:
        """Keep the result; go on when all are done or the completion condition holds."""
        shell = token.of_round()
        kept, local = shell.internal_data, token.local or {}
        kept["done"] += 1
        if self.result and self.results:
            kept["results"][str(token.id)] = local[self.result]  # rounds begin in the order of the items
        if kept["done"] == kept["rounds"] or self._enough(token, kept):
            self.cancel_rounds(shell, keep=token)
            self._collect(shell)
            shell._ready()
        elif self.sequential:
            self.start_round(shell, self.fresh(shell, kept["begun"]))

    def fresh(self, shell: Token, index: int) -> dict[str, Json]:
        """The variables with which a round begins."""
        local: dict[str, Json] = {"loopCounter": index + 1}
        if self.item:
            items = shell.internal_data["items"]
            local[self.item] = index + 1 if items is None else items[index]
        if self.result:
            local[self.result] = None
        return local

    def _items(self, token: Token) -> list[Json] | None:
        if not self.items:
            return None
        said = token.evaluate(self.items)
        if not isinstance(said, list):
            raise self.failed(f"„{self.items}” nie jest listą.")
        return said

    def _count(self, token: Token) -> int:
        said = token.evaluate(self.count)
        if isinstance(said, bool) or not isinstance(said, int) or said < 0:
            raise self.failed(f"„{self.count}” nie jest liczbą powtórzeń.")
        return said

    def _enough(self, token: Token, kept: dict[str, Any]) -> bool:
        """The completion condition sees the round's variables and those of BPMN 2.0, table 8.18; none is terminated."""
        if not self.until:
            return False
        counted = {
            "numberOfInstances": kept["rounds"],
            "numberOfActiveInstances": kept["begun"] - kept["done"],
            "numberOfCompletedInstances": kept["done"],
            "numberOfTerminatedInstances": 0,
        }
        return expressions.holds(self.until, {**token.context(), **counted}, token)

    def _collect(self, shell: Token) -> None:
        if self.results and self.result:
            kept: dict[str, Json] = shell.internal_data["results"]
            shell.set(self.results, [kept[key] for key in sorted(kept, key=int)])


def lend(shell: Token) -> dict[str, Any]:
    """What is kept of a token; a shell's list is kept once when it still is the value of the variable it came from."""
    kept, step, known = shell.internal_data, shell.task_spec, shell.top.variables
    if kept.get("items") and isinstance(step, MultiInstance) and known.get(step.items) == kept["items"]:
        return {**kept, "items": step.items}
    return kept


def take_back(shell: Token) -> None:
    """Find the list of a shell again that is kept as a variable."""
    kept = shell.internal_data
    if isinstance(kept.get("items"), str):
        kept["items"] = shell.top.variables[kept["items"]]


def lull(scope: Scope) -> None:
    """Let the rounds sleep that wait for a person as they began: a thousand of them are kept as two numbers each."""
    rounds = [one for one in scope.tasks.values() if one.shell is not None and one.task_spec.manual]
    for token in rounds:
        shell = token.of_round()
        index = _untouched(token, shell)
        if index is not None:
            shell.internal_data.setdefault(ASLEEP, {})[str(token.id)] = index
            del scope.tasks[token.id]


def _untouched(token: Token, shell: Token) -> int | None:
    """Index of the item when the round is as it began, else None."""
    step, counter = shell.task_spec, (token.local or {}).get("loopCounter")
    if token.internal_data or token.inputs is not None or token._state != TaskState.READY:
        return None
    if not isinstance(step, MultiInstance) or not isinstance(counter, int):
        return None
    index = counter - 1
    known = 0 <= index < shell.internal_data["rounds"]
    return index if known and token.local == step.fresh(shell, index) else None


def wake(shell: Token, key: str) -> Token:
    """A sleeping round as a token."""
    scope, step = shell.workflow, shell.task_spec
    token = Token(scope, scope.spec.task_specs[step.task], int(key))
    token.local = step.fresh(shell, shell.internal_data[ASLEEP].pop(key))
    token.shell, token.entered, token._state = shell.id, True, TaskState.READY
    if not shell.internal_data[ASLEEP]:
        del shell.internal_data[ASLEEP]
    return token


def wake_all(shell: Token) -> None:
    """All sleeping rounds of a shell as tokens, in the order in which they began."""
    for key in sorted(shell.internal_data.get(ASLEEP, ()), key=int):
        wake(shell, key)
