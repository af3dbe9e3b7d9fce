"""Explains diagrams that other programs drew, and repairs them where the meaning is certain."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from itertools import islice

from engine.bpmn import markup
from engine.bpmn.foreign import data, files, flows, human, leftovers, processes, programs, roles, timing, vendors
from engine.bpmn.foreign.files import File
from engine.bpmn.foreign.repairs import Change, Found, Option, Remark, Repair
from engine.bpmn.gate import LARGEST, Known
from engine.errors import DefinitionRejected

__all__ = ["NOTHING", "Explanation", "Option", "Remark", "Repair", "explain", "repair", "safe"]

MOST_ELEMENTS = 5_000  # steps, flows and lanes of a file that is explained
MOST = 400  # remarks and repairs of one file
Rule = Callable[[File, Known], Found]
# Each rule sees what the safe repairs of those before it have made of the file.
RULES: tuple[Rule, ...] = (
    processes.identities, processes.executable, processes.naming, processes.key, roles.lanes, roles.groups, roles.plain,
    programs.scripts, programs.decisions, programs.services, human.forms, timing.dues, flows.empty, flows.defaults,
    flows.conditions, timing.clocks, data.repeats, data.called, data.mappings, leftovers.code, leftovers.unused,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What a file lacks to run here.

    Attributes:
        origin: the program that wrote it, "" when nothing tells.
        remarks: what is not carried over, and what to do.
        repairs: what can be changed by itself, in the order in which it is done.
    """

    origin: str
    remarks: tuple[Remark, ...]
    repairs: tuple[Repair, ...]


NOTHING = Explanation(origin="", remarks=(), repairs=())


def explain(xml: bytes, known: Known) -> Explanation:
    """What a file lacks, and what can be done about it; nothing of a file that cannot be read."""
    if len(xml) > LARGEST:
        return NOTHING
    whole, opened = files.readable(xml)
    try:
        file = files.open_file(whole)
    except DefinitionRejected:
        return replace(NOTHING, repairs=opened)
    origin = vendors.origin(file.root)
    if _large(file):
        return replace(NOTHING, origin=origin, repairs=opened)
    remarks: list[Remark] = []
    repairs = list(opened)
    for rule in RULES:
        for one in list(rule(file, known)):
            if isinstance(one, Remark):
                remarks.append(one)
                continue
            repairs.append(one.repair)
            if one.repair.safe:
                one.do("")
    return Explanation(origin=origin, remarks=tuple(remarks[:MOST]), repairs=tuple(repairs[:MOST]))


def repair(xml: bytes, chosen: Collection[str], known: Known) -> bytes:
    """The file with the chosen repairs done, in their order; drawing, comments and unknown extensions stay.

    Args:
        xml: the file.
        chosen: ids from `explain`; of a repair with options `id=value`.
        known: what the centre has.

    Raises:
        DefinitionRejected: when the file cannot be read even then.
    """
    if len(xml) > LARGEST:
        raise markup.refused("Plik jest za duży. Największy dozwolony ma 2 MB.")
    whole, _ = files.readable(xml)
    if not set(chosen) - {"encoding", "namespaces"}:
        return whole if chosen else xml
    file = files.open_file(files.own(whole))
    for rule in () if _large(file) else RULES:
        for one in list(rule(file, known)):
            if isinstance(one, Change) and (value := _chosen(one.repair, chosen)) is not None:
                one.do(value)
    return file.xml()


def safe(explanation: Explanation) -> frozenset[str]:
    """Ids of the repairs after which the file means the same for certain."""
    return frozenset(one.id for one in explanation.repairs if one.safe)


def _large(file: File) -> bool:
    """True when nobody could look through what would be said; the gate refuses such a file."""
    steps = file.root.iter(*(f"{{{markup.BPMN}}}{kind}" for kind in (*markup.FLOW_NODES, "sequenceFlow", "lane")))
    return next(islice(steps, MOST_ELEMENTS, None), None) is not None


def _chosen(repair: Repair, chosen: Collection[str]) -> str | None:
    """The value of the chosen option, "" when the repair has none, None when it was not chosen."""
    if not repair.options:
        return "" if repair.id in chosen else None
    return next((one.value for one in repair.options if f"{repair.id}={one.value}" in chosen), None)
