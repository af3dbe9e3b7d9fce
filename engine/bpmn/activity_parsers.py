# mypy: allow-subclassing-any
"""Builds the steps that do something: scripts, calls and sub-processes."""

from __future__ import annotations

from engine.bpmn import adhoc_reading, event_reading, expressions, mapping_reading, markup, subprocesses
from engine.bpmn.markup import Node
from engine.bpmn.step_parsers import StepParser
from engine.bpmn.steps import Step

QUANTITIES = ("startQuantity", "completionQuantity")


class ScriptParser(StepParser):
    """FEEL scripts."""

    def create_task(self) -> Step:
        """The script with its expression and the variable it sets."""
        found = markup.extension(self.node, "script")
        if found is None or not found.get("expression") or not found.get("resultVariable"):
            message = "Skrypt musi podawać wyrażenie FEEL i zmienną wyniku (bieg:script expression, resultVariable)."
            raise markup.refused_at(self.node, message)
        return self.make(expression=found.get("expression"), variable=found.get("resultVariable").strip())


class CallParser(StepParser):
    """Call activities."""

    def create_task(self) -> Step:
        """The call with the key of the process that is called."""
        called = self.node.get("calledElement")
        if not called:
            raise markup.refused_at(self.node, "Wywołanie procesu nie mówi, który proces ma być wykonany.")
        return self.make(level=called, isolated=mapping_reading.read(self.node).complete)


class _LevelParser(StepParser):
    """What has an inside, which is parsed as a level of its own."""

    def level(self) -> str:
        """Have the inside parsed; gives its name."""
        name = f"{self.spec.process}/{self.bpmn_id}"
        self.process_parser.parser.pending.append((name, self.spec.process, self.node))
        return name

    def in_flow(self) -> None:
        """It stands in the flow; an event cannot begin it."""
        if markup.says(self.node, "triggeredByEvent"):
            raise markup.refused_at(
                self.node, "Zdarzeniem może zaczynać się tylko zwykły podproces. Zmień jego rodzaj."
            )


class SubProcessParser(_LevelParser):
    """Embedded and event sub-processes."""

    def create_task(self) -> Step:
        """The sub-process, with its event when it waits for one."""
        level = self.level()
        if not markup.says(self.node, "triggeredByEvent"):
            return self.make(level=level)
        self._only_event()
        starts = [node for node in markup.flow_nodes(self.node) if markup.kind(node) == "startEvent"]
        if len(starts) != 1:
            raise markup.refused_at(self.node, "Podproces zdarzeniowy musi mieć dokładnie jedno zdarzenie początkowe.")
        event = event_reading.event(starts[0], self.process_parser.parser)
        if event.kind == "none":
            raise markup.refused_at(starts[0], "Podproces zdarzeniowy nie mówi, na jakie zdarzenie czeka.")
        interrupts = markup.says(starts[0], "isInterrupting", default=True) or event.kind == "error"
        return subprocesses.EventSubProcess(self.spec, self.bpmn_id, level=level, event=event, interrupts=interrupts)

    def _only_event(self) -> None:
        """Nothing else begins an event sub-process, and nothing tells it what to take in."""
        said = mapping_reading.read(self.node)
        if said.ins or said.outs or any(self.node.get(name, "1") != "1" for name in QUANTITIES):
            raise markup.refused_at(
                self.node, "Podproces zdarzeniowy nie ma przekazywania danych ani liczby znaczników."
            )
        if any(markup.kind(one).endswith("LoopCharacteristics") for one in self.node):
            raise markup.refused_at(self.node, "Podproces zdarzeniowy nie może się powtarzać. Usuń znacznik pętli.")


class TransactionParser(_LevelParser):
    """Transactions."""

    def create_task(self) -> Step:
        """The transaction; one that can be cancelled needs a way on from there."""
        self.in_flow()
        if self.node.get("method", "##Compensate") not in ("##Compensate", "compensate"):
            raise markup.refused_at(
                self.node, "Transakcji tego rodzaju (method) system nie wykonuje. Usuń ten atrybut."
            )
        ends = self.node.iter(f"{{{markup.BPMN}}}cancelEventDefinition")
        cancelled = [one for one in ends if markup.kind(one.getparent()) == "endEvent"]
        if any(_transaction_of(one) is self.node for one in cancelled) and not self._leaves():
            message = "Transakcję można anulować, a na jej brzegu nie ma zdarzenia anulowania. Dodaj je."
            raise markup.refused_at(self.node, message)
        return self.make(level=self.level())

    def _leaves(self) -> bool:
        borders = self.process_parser.get_boundary_events(self.bpmn_id)
        return any(markup.child(one, "cancelEventDefinition") is not None for one in borders)


class AdHocParser(_LevelParser):
    """Ad-hoc sub-processes."""

    def create_task(self) -> Step:
        """The sub-process with what it offers and how it ends."""
        self.in_flow()
        ordering = self.node.get("ordering", "Parallel")
        if ordering not in ("Parallel", "Sequential"):
            raise markup.refused_at(
                self.node, f"Kolejność „{ordering}” nie jest znana. Wybierz Parallel albo Sequential."
            )
        offered = adhoc_reading.offered(self.node, sequential=ordering == "Sequential")
        until = markup.text(markup.child(self.node, "completionCondition"))
        return self.make(
            level=self.level(),
            sequential=ordering == "Sequential",
            until=expressions.readable(until, self.node) if until else "",
            cancels=markup.says(self.node, "cancelRemainingInstances", default=True),
            offered=offered,
        )


def _transaction_of(node: Node) -> Node | None:
    return next((one for one in node.iterancestors() if markup.kind(one) == "transaction"), None)
