# mypy: allow-subclassing-any
"""Builds the steps that do something: scripts, calls and sub-processes."""

from __future__ import annotations

from engine.bpmn import event_reading, mapping_reading, markup, subprocesses
from engine.bpmn.step_parsers import StepParser
from engine.bpmn.steps import Step


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


class SubProcessParser(StepParser):
    """Embedded and event sub-processes; their insides are parsed as a level of their own."""

    def create_task(self) -> Step:
        """The sub-process, with its event when it waits for one."""
        level = f"{self.spec.process}/{self.bpmn_id}"
        self.process_parser.parser.pending.append((level, self.spec.process, self.node))
        if not markup.says(self.node, "triggeredByEvent"):
            return self.make(level=level)
        starts = [node for node in markup.flow_nodes(self.node) if markup.kind(node) == "startEvent"]
        if len(starts) != 1:
            raise markup.refused_at(self.node, "Podproces zdarzeniowy musi mieć dokładnie jedno zdarzenie początkowe.")
        event = event_reading.event(starts[0], self.process_parser.parser)
        if event.kind == "none":
            raise markup.refused_at(starts[0], "Podproces zdarzeniowy nie mówi, na jakie zdarzenie czeka.")
        interrupts = markup.says(starts[0], "isInterrupting", default=True) or event.kind == "error"
        return subprocesses.EventSubProcess(self.spec, self.bpmn_id, level=level, event=event, interrupts=interrupts)
