"""Diagrams of hard shapes: hundreds of steps, blocks in a row, a thousand rounds at once, ten thousand in a row."""

from __future__ import annotations

import json
import statistics
import time
from datetime import UTC, datetime, timedelta

from engine.actions import tasks
from engine.bench import deeds, diagrams, figures
from engine.bench.figures import Figure
from engine.bootstrap import Parts
from engine.bpmn import bundle, runner
from engine.bpmn.bundle import Program
from engine.model import Json, Outcome, TaskState
from engine.store import tasks as task_rows

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MANY = 1_000  # rounds at once
LONG = 10_000  # rounds in a row
SAMPLE = 100
STARTS = 30


def measure(parts: Parts) -> list[Figure]:
    """The figures of all shapes.

    Args:
        parts: an office where `diagrams.chain()` and `diagrams.many()` are published.
    """
    return [*_starts(parts), *_steps(), *_blocks(), *_many(), *_many_deeds(parts), *_rounds()]


def _starts(parts: Parts) -> list[Figure]:
    """A case of 30 steps begins and its first task is done: the runner alone, and the whole deeds."""
    program = _program(diagrams.chain())

    def alone() -> None:
        _next(program, _begin(program))

    def whole() -> None:
        instance = deeds.begin(parts, "lancuch")
        with parts.database.work() as work:
            (first,) = task_rows.of_instance(work, instance, state=TaskState.OPEN)
            tasks.complete(work, deeds.person(work), first.id, {})

    return [
        figures.ms("start_and_first_task_runner_cpu_ms", figures.repeated(alone, time.process_time, STARTS)),
        figures.ms("start_and_first_task_cpu_ms", figures.repeated(whole, time.process_time, STARTS)),
    ]


def _steps() -> list[Figure]:
    program = _program(diagrams.chain(diagrams.LONG_TASKS))
    return [figures.ms("deed_of_300_steps_runner_cpu_ms", _walk(program, SAMPLE))]


def _blocks() -> list[Figure]:
    program = _program(diagrams.blocks(20))
    begun = figures.repeated(lambda: _begin(program), time.process_time, STARTS)
    return [
        figures.ms("start_20_parallel_blocks_cpu_ms", begun),
        figures.ms("deed_in_blocks_cpu_ms", _walk(program, 40)),
    ]


def _many() -> list[Figure]:
    program = _program(diagrams.many())
    begun = figures.repeated(lambda: _begin(program, osoby=[*range(MANY)]), time.process_time, 5)
    taken = _walk(program, SAMPLE, osoby=[*range(MANY)])
    return [
        figures.ms("start_1000_rounds_runner_cpu_ms", begun),
        figures.ms("deed_in_1000_rounds_runner_cpu_ms", taken),
    ]


def _many_deeds(parts: Parts) -> list[Figure]:
    """The same as whole deeds, with a row of a task for every round."""
    begun = time.process_time()
    instance = deeds.begin(parts, "wiele", osoby=[*range(MANY)])
    first = time.process_time() - begun
    series = deeds.Series()
    deeds.walk(parts, instance, series, SAMPLE)
    return [
        Figure(name="start_1000_rounds_cpu_ms", value=first * 1e3, unit="ms"),
        figures.ms("deed_in_1000_rounds_cpu_ms", series.cpu),
    ]


def _rounds() -> list[Figure]:
    """A month with parallel work, a sub-process, a reminder and a handler, ten thousand times."""
    program = _program(diagrams.months())
    outcome = _begin(program, stop=False)
    taken: list[float] = []
    while len(taken) < LONG:
        begun = time.process_time()
        for _ in range(diagrams.MONTH_TASKS):
            outcome = _next(program, outcome)
        taken.append(time.process_time() - begun)
    early, late = statistics.median(taken[:SAMPLE]), statistics.median(taken[-SAMPLE:])
    return [
        Figure(name="growth_10000_rounds", value=late / early, unit="times"),
        Figure(name="state_bytes_after_10000_rounds", value=len(outcome.state), unit="bytes"),
        Figure(name="round_runner_cpu_ms", value=late * 1e3, unit="ms"),
    ]


def _program(xml: bytes) -> Program:
    return bundle.restore(bundle.compile(xml, {}))


def _begin(program: Program, **variables: Json) -> Outcome:
    return runner.start(program, variables=json.loads(json.dumps(variables)), facts={}, now=NOON)


def _next(program: Program, outcome: Outcome) -> Outcome:
    """Complete the oldest open task."""
    return runner.complete(
        program, outcome.state, outcome.tasks[0].key, variables={}, facts={}, now=NOON + timedelta(hours=1)
    )


def _walk(program: Program, most: int, **variables: Json) -> list[float]:
    outcome = _begin(program, **variables)
    taken: list[float] = []
    while outcome.tasks and len(taken) < most:
        begun = time.process_time()
        outcome = _next(program, outcome)
        taken.append(time.process_time() - begun)
    return taken
