"""Which process of a file is to run, and what it and its elements are called by the engine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import partial

from engine.bpmn import markup
from engine.bpmn.foreign import writing
from engine.bpmn.foreign.files import File, filled
from engine.bpmn.foreign.names import slug
from engine.bpmn.foreign.repairs import Change, Found, Option, Remark, Repair, change, label, remark
from engine.bpmn.gate import Known
from engine.bpmn.gate.identities import KEY, RESERVED
from engine.bpmn.markup import Node

LONGEST = 60
# Ids that programs draw by lot; they would stand in addresses for ever.
BY_LOT = re.compile(r"(?:Process|process|Definition|Proces)_[0-9a-z]{5,}|sid-.*|Id_.*|EAID_.*|WFP-.*|_.*", re.DOTALL)


def executable(file: File, _known: Known) -> Found:
    """One process must be the one that runs."""
    marked = [one for one in file.processes if markup.says(one, "isExecutable")]
    full = [one for one in file.processes if filled(one)]
    if not full:
        yield Remark(element="", name="", line=0, message="W pliku nie ma żadnego kroku. Narysuj proces i wczytaj go.")
    elif len(marked) == 1 and marked[0] in full:
        yield from _others(full, marked[0], file)
    else:
        wanted = [one for one in marked if one in full] or full
        yield _one(file, wanted)
        if len(wanted) == 1:
            yield from _others(full, wanted[0], file)


def naming(file: File, _known: Known) -> Found:
    """People call a process by the name of its pool when it has none of its own."""
    for process in file.running:
        wanted = name(file, process)
        if wanted and not label(process):
            title = f"Nadaj procesowi nazwę jego puli: „{wanted}”."
            yield change(process, "name", title, partial(process.set, "name", wanted), after=wanted)


def key(file: File, known: Known) -> Found:
    """The process needs an id that can stand in an address."""
    for process in file.running:
        current = process.get("id") or ""
        wanted = _key(file, process, known)
        broken = KEY.fullmatch(current) is None
        if not broken and (BY_LOT.fullmatch(current) is None or not name(file, process)):
            continue
        title = "Nadaj procesowi identyfikator z jego nazwy."
        yield change(process, "key", title, _rename(file, process, wanted), before=current, after=wanted, safe=broken)


def identities(file: File, _known: Known) -> Found:
    """Steps, flows and lanes need ids; some ids are taken by the engine."""
    bare = [one for one in file.nodes(*sorted(markup.FLOW_NODES), "sequenceFlow", "lane") if not one.get("id")]
    if bare:
        repair = Repair(
            id="ids", title=f"Nadaj identyfikatory elementom, które ich nie mają ({len(bare)}).", elements=(),
            line=bare[0].sourceline or 0,
        )  # fmt: skip
        yield Change(repair=repair, do=lambda _: _number(file, bare))
    counted = Counter(node.get("id") for node in file.steps())
    for node in list(file.steps()):
        current = node.get("id")
        if current in RESERVED and counted[current] == 1:
            wanted = writing.fresh(file, str(current))
            title = f"Zmień identyfikator „{current}”, który jest zastrzeżony."
            yield change(node, "reserved", title, _rename(file, node, wanted), before=str(current), after=wanted)


def name(file: File, process: Node) -> str:
    """What people call a process: its own name, or that of its pool."""
    pools = [one for one in file.participants() if one.get("processRef") == process.get("id")]
    return label(process) or next((label(one) for one in pools if label(one)), "")


def _one(file: File, wanted: list[Node]) -> Change:
    options = () if len(wanted) == 1 else tuple(
        Option(value=str(file.processes.index(one)), label=name(file, one) or one.get("id") or "bez nazwy")
        for one in wanted
    )  # fmt: skip
    title = "Wskaż proces, który ma być wykonywany." if options else "Oznacz proces jako przeznaczony do wykonywania."
    repair = Repair(
        id="executable", title=title, elements=(), name=name(file, wanted[0]) if not options else "",
        line=wanted[0].sourceline or 0, safe=not options, options=options,
    )  # fmt: skip
    return Change(repair=repair, do=lambda value: _mark(file, file.processes[int(value)] if value else wanted[0]))


def _mark(file: File, wanted: Node) -> None:
    for process in file.processes:
        if process is wanted:
            process.set("isExecutable", "true")
        elif process.get("isExecutable") is not None:
            process.set("isExecutable", "false")


def _others(full: list[Node], wanted: Node, file: File) -> Found:
    for process in full:
        if process is not wanted:
            called = name(file, process) or process.get("id") or "bez nazwy"
            yield remark(
                process, f"Proces „{called}” jest w tym pliku tylko rysunkiem partnera: nie będzie wykonywany."
            )


def _key(file: File, process: Node, known: Known) -> str:
    base = slug(name(file, process))[:LONGEST].strip("_") or "proces"
    if KEY.fullmatch(base) is None:
        base = f"proces_{base}"
    taken = {node.get("id") for node in file.root.iter("*")} | set(known.processes)
    number, found = 1, base
    while found in taken and found != process.get("id"):
        number += 1
        found = f"{base}_{number}"
    return found


def _rename(file: File, node: Node, wanted: str) -> Callable[[], None]:
    return lambda: writing.rename(file, node, wanted)


def _number(file: File, bare: list[Node]) -> None:
    taken = {node.get("id") for node in file.root.iter("*")}
    counted: Counter[str] = Counter()
    for node in bare:
        kind = markup.kind(node)
        counted[kind] += 1
        while f"{kind}_{counted[kind]}" in taken:
            counted[kind] += 1
        node.set("id", f"{kind}_{counted[kind]}")
