# mypy: allow-subclassing-any
"""What the plain steps of a diagram do when a token comes.

The library keeps a tree of every token that ever was, copies the variables along it and builds the tokens of the
future ahead of time. Ours know their sequence flows instead: a token that is done sends new tokens along the flows
and leaves. So joins can count what has arrived on each flow, as BPMN 2.0 defines them, loops leave nothing behind,
and variables are kept once: by the instance, or by the level, round or activity that they belong to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin

from engine.bpmn import mappings
from engine.errors import StepFailed

if TYPE_CHECKING:
    from engine.bpmn.events import Event
    from engine.bpmn.mappings import Pair
    from engine.bpmn.scopes import Scope
    from engine.bpmn.tokens import Token


class Flow(NamedTuple):
    """A sequence flow, kept with the step it leaves."""

    id: str
    target: str
    condition: str
    default: bool


class ProcessSpec(BpmnProcessSpec):
    """One level of a diagram: a process or an embedded sub-process."""

    def __init__(self, name: str, process: str) -> None:
        """An empty level.

        Args:
            name: unique within a bundle.
            process: key of the process it belongs to.
        """
        super().__init__(name=name)
        self.task_specs.clear()  # the library puts in Start, End and Root, which an element's id may be called too
        self.process = process
        self.entries: list[str] = []  # steps that get a token when the level is entered
        self.starts: dict[str, Event] = {}  # every start event with what it waits for
        self.data: list[str] = []  # names of its data objects and properties
        self.handlers: list[str] = []  # event sub-processes that listen as long as it is open


class Step(BpmnSpecMixin):
    """A step; a token passes through it unless a subclass says otherwise."""

    PARTS: ClassVar[Sequence[str]] = ()  # what a bundle keeps of this class beside the common parts
    WAITS: ClassVar[bool] = False  # a person moves it on

    flows: list[Flow]
    incoming: list[str]
    boundaries: list[str]

    def __init__(self, wf_spec: ProcessSpec, name: str, **parts: Any) -> None:
        super().__init__(wf_spec, name)
        self.manual = self.WAITS
        self.flows = []
        self.incoming = []
        self.boundaries = []
        self.shell = ""  # the multi-instance or loop step whose single round this is
        self.ins: list[Pair] = []  # what comes in from outside
        self.outs: list[Pair] = []  # what is given back
        self.own: list[str] = []  # names that are variables of the activity alone
        self.needs = 1  # tokens that must come before it begins
        self.gives = 1  # tokens that go along each flow taken when it is done
        for part in self.PARTS:
            setattr(self, part, parts.get(part))

    def arrive(self, scope: Scope, flow: str) -> None:
        """A token comes along a flow; the step begins when enough have come (BPMN 2.0, table 10.3)."""
        if self.needs > 1:
            resting = scope.arrived.setdefault(self.name, {})
            resting[flow] = resting.get(flow, 0) + 1
            if sum(resting.values()) < self.needs:
                return
            del scope.arrived[self.name]
        scope.put(self)

    def enter(self, token: Token) -> None:
        """The token is in; what waits does so now."""
        token.guard(self.boundaries)
        token._ready()

    def run(self, token: Token) -> None:
        """What the step does before its token moves on."""

    def choose(self, token: Token) -> Sequence[Flow]:
        """The flows that get a token: those without a condition, those that hold, else the default.

        Raises:
            StepFailed: when there are flows but none may be taken.
        """
        taken = [flow for flow in self.flows if not flow.default and token.holds(flow)]
        conditional = [flow for flow in taken if flow.condition]
        if not conditional:
            taken += [flow for flow in self.flows if flow.default]
        if self.flows and not taken:
            raise self.stuck()
        return taken

    def give_back(self, token: Token) -> None:
        """Write outside what the step gives back."""
        if token.inputs is not None or self.outs:
            mappings.give_back(token, token.context())

    def shows(self, _token: Token) -> bool:
        """True when the token is a step for people; the insides of loops are not."""
        return True

    def stuck(self) -> StepFailed:
        """No flow may be taken."""
        message = f"Krok „{self.label}”: żaden warunek nie jest spełniony i żadna droga nie jest domyślna."
        return StepFailed(message, element=self.bpmn_id)

    @property
    def guarded(self) -> bool:
        """True when events may wait on behalf of a token in this step."""
        return bool(self.boundaries)

    @property
    def label(self) -> str:
        """What to call the step in a sentence."""
        return str(self.bpmn_name or self.bpmn_id)

    # --- hooks by which the library's tokens call us ------------------------------------------

    def _update(self, my_task: Token) -> None:
        mappings.take_in(my_task)
        self.enter(my_task)

    def _on_ready(self, my_task: Token) -> None:
        """Nothing: the library would look for inputs here."""

    def _run(self, my_task: Token) -> bool:
        self.run(my_task)
        return True

    def _on_complete(self, my_task: Token) -> None:
        self.give_back(my_task)
        if not my_task.top.look(my_task):
            my_task.workflow.drop(my_task)
            return
        if self.shell:
            my_task.workflow.spec.task_specs[self.shell].round_done(my_task)
        elif my_task.workflow.goes_on(my_task):
            for flow in self.choose(my_task):
                for _ in range(self.gives):
                    my_task.workflow.send(flow)
        my_task.workflow.drop(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        """Nothing to take back."""


class NoneTask(Step):
    """A `bpmn:task`: recorded, never waited for."""


class UserTask(Step):
    """A person does it in the browser."""

    WAITS = True


class ManualTask(Step):
    """A person does it elsewhere and says so."""

    WAITS = True


class ScriptTask(Step):
    """Computes one variable in FEEL."""

    PARTS = ("expression", "variable")
    expression: str
    variable: str

    def run(self, token: Token) -> None:
        """Set the variable.

        Raises:
            StepFailed: when the expression cannot be computed.
        """
        token.set(self.variable, token.evaluate(self.expression))
