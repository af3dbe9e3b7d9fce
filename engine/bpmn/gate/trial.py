"""A trial run: the file is compiled with what it calls and started, up to the first thing that is waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import clock
from engine.bpmn import bundle, markup, reader, runner, starts
from engine.bpmn.gate.known import Known
from engine.errors import DefinitionRejected, Endless, EngineError, Problem

if TYPE_CHECKING:
    from engine.bpmn.bundle import Program

TOO_MUCH = "Próbne uruchomienie wymaga zbyt wiele pracy: kroki mnożą się albo kręcą w kółko. Uprość diagram."
ENDLESS = "Bez danych na początku sprawy kroki powtarzają się tu bez końca. Sprawdź warunek, który kończy powtarzanie."


def run(xml: bytes, known: Known) -> tuple[Problem, ...]:
    """Problems that only show when the diagram is brought to life, at each of its starts.

    What nobody has answered yet is null; a step that cannot go on for that reason is no fault of the diagram.
    """
    try:
        program = bundle.restore(bundle.compile(xml, known.processes, known.decisions))
        ways = [one.element for one in starts.of(program.spec)] or [""]
        stuck: list[str] | None = [at for at in (_endless(program, way) for way in ways) if at is not None]
    except DefinitionRejected as refused:
        return refused.problems
    except (RecursionError, MemoryError):
        stuck = None  # said below, when what filled the memory is gone
    if stuck is None:
        return markup.refused(TOO_MUCH).problems
    return tuple(_told(xml, at) for at in dict.fromkeys(stuck))


def _endless(program: Program, at: str) -> str | None:
    """The step at which a start never comes to rest; None when it does."""
    try:
        runner.start(program, variables={}, facts={}, now=clock.now(), at=at)
    except Endless as failed:
        return failed.element
    except EngineError:
        return None  # a condition on an answer that is not there yet
    return None


def _told(xml: bytes, at: str) -> Problem:
    found = reader.read(xml).elements.get(at)
    name, line = (found.name, found.line) if found is not None else ("", 0)
    return Problem(element=at, name=name, line=line, message=ENDLESS, severity="warning")
