"""One run of everything that is measured."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from engine import feel
from engine.bench import clockwork, deeds, diagrams, figures, plain, shapes, tck, visiting
from engine.bench.figures import Figure
from engine.bpmn import drawing, stock
from engine.demo import loading
from engine.reading import instances as instance_looks
from engine.reading import tasks as task_looks
from engine.shipped import PROCESSES

RUNS = 30


def run() -> list[Figure]:
    """Measure everything; takes about three minutes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = deeds.office(folder / "czyny")
        return [
            *deeds.measure(parts),
            *shapes.measure(parts),
            figures.ms("bare_transaction_wall_ms_p50", plain.walls(folder / "plain.db", deeds.SAMPLE)),
            *_stock(),
            *_pieces(),
            *_pages(folder / "pokaz"),
            *visiting.measure(folder / "tlum"),
            *tck.measure(),
            *clockwork.measure(deeds.office(folder / "zegar")),
        ]


def _stock() -> list[Figure]:
    """The library as it comes, on the same two diagrams."""
    chain = [cost for _ in range(deeds.CASES) for cost in stock.costs(diagrams.chain(), "lancuch", 28)]
    rounds = stock.costs(diagrams.loop("False"), "petla", 2 * deeds.ROUNDS + 20)
    return [
        figures.ms("stock_cpu_ms", chain),
        figures.ms(f"stock_cpu_ms_after_{deeds.ROUNDS}_rounds", rounds[2 * deeds.ROUNDS :]),
    ]


def _pieces() -> list[Figure]:
    condition = 'forma = "UDPP" and list contains(upowaznienia, "KONKURS")'
    known = {"forma": "UDPP", "upowaznienia": ["FORMA", "KONKURS"]}
    xml = (PROCESSES / "wybor_udpp" / "wybor_udpp.bpmn").read_bytes()
    asked = figures.repeated(lambda: feel.test(condition, known), time.process_time, 200)
    drawn = figures.repeated(lambda: drawing.draw(xml, title="UDPP"), time.process_time, RUNS)
    return [
        Figure(name="feel_condition_cpu_us", value=statistics.median(asked) * 1e6, unit="µs"),
        figures.ms("draw_udpp_diagram_cpu_ms", drawn),
    ]


def _pages(folder: Path) -> list[Figure]:
    """The demonstration centre, as two pages read it."""
    parts = deeds.installation(folder)
    for _ in loading.load(parts):
        pass
    with parts.database.look() as work:
        person = loading.person(work, "koordynator")
        first = instance_looks.listing(work, person).items[-1].instance.id

    def task_list() -> object:
        with parts.database.look() as work:
            return task_looks.mine(work, person)

    def case_page() -> object:
        with parts.database.look() as work:
            return instance_looks.page(work, person, first)

    return [
        figures.ms("task_list_wall_ms", figures.repeated(task_list, time.perf_counter, RUNS)),
        figures.ms("case_page_wall_ms", figures.repeated(case_page, time.perf_counter, RUNS)),
    ]
