# mypy: allow-subclassing-any
"""Activities that run several times: multi-instance, parallel or one after another, and standard loops.

The library collects results in the order in which they come and merges whole copies of the variables. Here a round
has only its own item, counter and result; everything else is shared, and results stand in the order of the items.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.steps import Step
from engine.errors import StepFailed
from engine.model import Json

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token

ROUNDS_LIMIT = 10_000


class _Shell(Step):
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
        for token in list(shell.workflow.tasks.values()):
            if token.shell == shell.id and token is not keep:
                token.cancel()

    def failed(self, message: str) -> StepFailed:
        """The rounds cannot be run."""
        return StepFailed(f"Krok „{self.label}”: {message}", element=self.bpmn_id)


class StandardLoop(_Shell):
    """Repeats while its condition holds, at most `maximum` times."""

    PARTS = ("task", "maximum", "condition", "test_before")
    maximum: int | None
    condition: str
    test_before: bool

    def enter(self, token: Token) -> None:
        """Start the first round, unless the condition forbids it."""
        token.guard(self.boundaries)
        if self.test_before and not self._goes_on(token):
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

    def _goes_on(self, token: Token, done: int = 0) -> bool:
        if self.maximum is not None and done >= self.maximum:
            return False
        return not self.condition or token.evaluate(self.condition) is True


class MultiInstance(_Shell):
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
        items = self._items(token)
        token.internal_data.update(items=items, results={})
        if not items:
            self._collect(token)
            token._ready()
            return
        token._set_state(TaskState.STARTED)
        for index in range(1 if self.sequential else len(items)):
            self._start(token, index)

    def round_done(self, token: Token) -> None:
        """Keep the result; go on when all are done or the completion condition holds."""
        shell = token.of_round()
        kept = shell.internal_data
        local = token.local or {}
        kept["results"][str(local["loopCounter"])] = local.get(self.result) if self.result else None
        done, all_rounds = len(kept["results"]), len(kept["items"])
        if done == all_rounds or self._enough(token, done, kept):
            self.cancel_rounds(shell, keep=token)
            self._collect(shell)
            shell._ready()
        elif self.sequential:
            self._start(shell, kept["begun"])

    def _start(self, shell: Token, index: int) -> None:
        local: dict[str, Json] = {"loopCounter": index + 1}
        if self.item:
            local[self.item] = shell.internal_data["items"][index]
        if self.result:
            local[self.result] = None
        self.start_round(shell, local)

    def _items(self, token: Token) -> list[Json]:
        said = token.evaluate(self.items or self.count)
        if self.items:
            if not isinstance(said, list):
                raise self.failed(f"„{self.items}” nie jest listą.")
            found = said
        else:
            if isinstance(said, bool) or not isinstance(said, int) or said < 0:
                raise self.failed(f"„{self.count}” nie jest liczbą powtórzeń.")
            found = list(range(1, min(said, ROUNDS_LIMIT + 1) + 1))
        if len(found) > ROUNDS_LIMIT:
            raise self.failed(f"za dużo powtórzeń, najwyżej {ROUNDS_LIMIT}.")
        return found

    def _enough(self, token: Token, done: int, kept: dict[str, Any]) -> bool:
        if not self.until:
            return False
        all_rounds, begun = len(kept["items"]), kept["begun"]
        (token.local or {}).update(
            numberOfInstances=all_rounds, numberOfCompletedInstances=done, numberOfActiveInstances=begun - done
        )
        return token.evaluate(self.until) is True

    def _collect(self, shell: Token) -> None:
        if self.results:
            kept: dict[str, Json] = shell.internal_data["results"]
            shell.set(self.results, [kept[key] for key in sorted(kept, key=int)])
