"""A trial run: the file is compiled with what it calls and started, up to the first thing that is waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import clock
from engine.bpmn import bundle, markup, runner
from engine.bpmn.gate.known import Known
from engine.errors import DefinitionRejected, EngineError, Problem

if TYPE_CHECKING:
    from engine.bpmn.bundle import Program

TOO_MUCH = "Próbne uruchomienie wymaga zbyt wiele pracy: kroki mnożą się albo kręcą w kółko. Uprość diagram."


def run(xml: bytes, known: Known) -> tuple[Problem, ...]:
    """Problems that only show when the diagram is brought to life.

    What nobody has answered yet is null; a step that cannot go on for that reason is no fault of the diagram.
    """
    try:
        _start(bundle.restore(bundle.compile(xml, known.processes, known.decisions)))
    except DefinitionRejected as refused:
        return refused.problems
    except (RecursionError, MemoryError):
        return markup.refused(TOO_MUCH).problems
    return ()


def _start(program: Program) -> None:
    try:
        runner.start(program, variables={}, facts={}, now=clock.now())
    except DefinitionRejected:
        raise
    except EngineError:
        return  # a condition on an answer that is not there yet
