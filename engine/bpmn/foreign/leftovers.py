"""What other programs wrote into a file that has no effect here."""

from __future__ import annotations

from collections import Counter
from functools import partial

from engine.bpmn import markup
from engine.bpmn.foreign import vendors, writing
from engine.bpmn.foreign.files import File
from engine.bpmn.foreign.repairs import Found, change, remark
from engine.bpmn.gate import Known
from engine.bpmn.gate.elements import FOREIGN_ATTRIBUTES, FOREIGN_CODE

# Settings that change how another engine works, never what the diagram means.
IDLE = frozenset(
    {
        "asyncBefore", "asyncAfter", "async", "exclusive", "jobPriority", "taskPriority", "historyTimeToLive",
        "versionTag", "isStartableInTasklist", "startableInTasklist", "followUpDate", "priority",
        "calledElementBinding", "calledElementVersion", "skipExpression",
    }
)  # fmt: skip
SERVICES = ("serviceTask", "scriptTask", "businessRuleTask")  # these are asked about as a whole
ELEMENTS = frozenset({"failedJobRetryTimeCycle", "properties", "taskHeaders", "field", "versionTag"})


def code(file: File, _known: Known) -> Found:
    """What another engine would run at a step and nobody runs here."""
    for node in [*file.running, *file.steps()]:
        found = sorted(_named(node))
        if not found or markup.kind(node) in SERVICES:
            continue
        listed = ", ".join(found)
        title = f"Usuń ustawienia innego programu, których tu nic nie wykona: {listed}."
        do = partial(writing.forget, node, FOREIGN_CODE | FOREIGN_ATTRIBUTES)
        yield change(node, "code", title, do, before=listed, safe=False)


def unused(file: File, _known: Known) -> Found:
    """Settings without effect, told once; code at steps and hidden variables, told each."""
    found: Counter[str] = Counter()
    for process in file.running:
        for node in process.iter("*"):
            found.update(_idle(node.attrib))
            space, _, tag = str(node.tag).rpartition("}")
            if space[1:] in (*vendors.SIBLINGS, vendors.ZEEBE) and tag in ELEMENTS:
                found[tag] += 1
        if found:
            listed = ", ".join(f"{name} ({count})" for name, count in sorted(found.items()))
            yield remark(process, f"Ustawienia innego programu, które tu nic nie zmieniają: {listed}.")
    for node in file.steps():
        if initiator := vendors.said(node, "initiator"):
            yield remark(node, f"Zmienna „{initiator}” z osobą, która zaczęła sprawę, nie zostanie ustawiona.")
        if markup.kind(node) == "callActivity" and _foreign(node) and not _mapped(node):
            yield remark(node, "Bez wymienionych zmiennych wywołany proces zobaczy tu wszystkie zmienne sprawy.")


def _named(node: markup.Node) -> set[str]:
    said = node.findall(f"{{{markup.BPMN}}}extensionElements/*")
    spelled = [(str(one.tag), FOREIGN_CODE) for one in said] + [(str(one), FOREIGN_ATTRIBUTES) for one in node.attrib]
    parts = ((*name.rpartition("}"), known) for name, known in spelled)
    return {name for space, _, name, known in parts if space and space[1:] not in writing.OURS and name in known}


def _idle(attributes: object) -> list[str]:
    names = [str(one).rpartition("}") for one in attributes]  # type: ignore[attr-defined]
    return [name for space, _, name in names if space[1:] in vendors.SIBLINGS and name in IDLE]


def _foreign(node: markup.Node) -> bool:
    return any(space in vendors.SIBLINGS for space in node.nsmap.values())


def _mapped(node: markup.Node) -> bool:
    return any(markup.extension(node, one) is not None or vendors.inside(node, one) for one in ("in", "out"))
