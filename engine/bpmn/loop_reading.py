"""Reads from a BPMN file how often an activity is run."""

from __future__ import annotations

from engine.bpmn import loops, markup
from engine.bpmn.markup import Node
from engine.bpmn.steps import ProcessSpec, Step

ROUND = "{} [child]"  # name of the activity inside a loop


def looped(spec: ProcessSpec, node: Node, inner: Step) -> Step | None:
    """The loop around an activity, which takes its name; None when it has no loop marker."""
    single = markup.child(node, "standardLoopCharacteristics")
    many = markup.child(node, "multiInstanceLoopCharacteristics")
    if single is None and many is None:
        return None
    name = inner.name
    del spec.task_specs[name]
    inner.name, inner.shell = ROUND.format(name), name
    spec.task_specs[inner.name] = inner
    made = _standard(spec, name, node, single) if single is not None else _many(spec, name, node, many)
    made.bpmn_name = inner.bpmn_name
    return made


def _standard(spec: ProcessSpec, name: str, node: Node, said: Node) -> Step:
    maximum = said.get("loopMaximum")
    condition = markup.text(markup.child(said, "loopCondition"))
    if not condition and not maximum:
        raise markup.refused_at(node, "Pętla nie ma warunku ani największej liczby powtórzeń.")
    return loops.StandardLoop(
        spec,
        name,
        task=ROUND.format(name),
        maximum=int(maximum) if maximum else None,
        condition=condition,
        test_before=markup.says(said, "testBefore"),
    )


def _many(spec: ProcessSpec, name: str, node: Node, said: Node) -> Step:
    texts = {tag: markup.text(markup.child(said, tag)) for tag in ("loopCardinality", "loopDataInputRef")}
    if not any(texts.values()):
        raise markup.refused_at(node, "Powtarzanie nie podaje ani listy, ani liczby powtórzeń.")
    return loops.MultiInstance(
        spec,
        name,
        task=ROUND.format(name),
        sequential=markup.says(said, "isSequential"),
        count=texts["loopCardinality"],
        items=texts["loopDataInputRef"],
        item=_item(said, "inputDataItem"),
        result=_item(said, "outputDataItem"),
        results=markup.text(markup.child(said, "loopDataOutputRef")),
        until=markup.text(markup.child(said, "completionCondition")),
    )


def _item(said: Node, tag: str) -> str:
    found = markup.child(said, tag)
    return "" if found is None else found.get("name") or found.get("id") or ""
