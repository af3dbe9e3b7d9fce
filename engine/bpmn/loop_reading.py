"""Reads from a BPMN file how often an activity is run."""

from __future__ import annotations

from engine.bpmn import data_reading, expressions, loops, mapping_reading, markup
from engine.bpmn.markup import Node
from engine.bpmn.steps import ProcessSpec, Step

ROUND = "{} [child]"  # name of the activity inside a loop
WRONG_MAXIMUM = "Największa liczba powtórzeń (loopMaximum) musi być liczbą od 1 wzwyż. Popraw ją."


def looped(spec: ProcessSpec, node: Node, inner: Step) -> Step | None:
    """The loop around an activity, which takes its name; None when it has no loop marker."""
    single = markup.child(node, "standardLoopCharacteristics")
    many = markup.child(node, "multiInstanceLoopCharacteristics")
    if single is None and many is None:
        return None
    if single is not None and many is not None:
        raise markup.refused_at(node, "Czynność ma więcej niż jedno powtarzanie. Zostaw jedno.")
    name = inner.name
    del spec.task_specs[name]
    inner.name, inner.shell = ROUND.format(name), name
    spec.task_specs[inner.name] = inner
    made = _standard(spec, name, node, single) if single is not None else _many(spec, name, node, many)
    made.bpmn_name = inner.bpmn_name
    return made


def _standard(spec: ProcessSpec, name: str, node: Node, said: Node) -> Step:
    maximum = (said.get("loopMaximum") or "").strip()
    condition = markup.text(markup.child(said, "loopCondition"))
    if not condition and not maximum:
        raise markup.refused_at(node, "Pętla nie ma warunku ani największej liczby powtórzeń.")
    if maximum and not (maximum.isascii() and maximum.isdigit() and len(maximum) <= 9 and int(maximum) > 0):
        raise markup.refused_at(node, WRONG_MAXIMUM)
    return loops.StandardLoop(
        spec,
        name,
        task=ROUND.format(name),
        maximum=int(maximum) if maximum else None,
        condition=expressions.readable(condition, node) if condition else "",
        test_before=markup.says(said, "testBefore"),
    )


def _many(spec: ProcessSpec, name: str, node: Node, said: Node) -> Step:
    behavior = said.get("behavior", "All")
    if behavior != "All" or markup.child(said, "complexBehaviorDefinition") is not None:
        message = f"Zdarzeń rzucanych po każdym powtórzeniu (behavior „{behavior}”) system nie wykonuje. Usuń je."
        raise markup.refused_at(node, message)
    count, items = (markup.text(markup.child(said, tag)) for tag in ("loopCardinality", "loopDataInputRef"))
    if bool(count) == bool(items):
        message = "Powtarzanie musi podawać albo listę, albo liczbę powtórzeń. Zostaw jedno z nich."
        raise markup.refused_at(node, message)
    until = markup.text(markup.child(said, "completionCondition"))
    return loops.MultiInstance(
        spec,
        name,
        task=ROUND.format(name),
        sequential=markup.says(said, "isSequential"),
        count=expressions.readable(count, node) if count else "",
        items=mapping_reading.collection(node, items) if items else "",
        item=_item(said, "inputDataItem"),
        result=_item(said, "outputDataItem"),
        results=_results(node, said),
        until=expressions.readable(until, node) if until else "",
    )


def _results(node: Node, said: Node) -> str:
    reference = markup.text(markup.child(said, "loopDataOutputRef"))
    return mapping_reading.results(node, reference) if reference else ""


def _item(said: Node, tag: str) -> str:
    found = markup.child(said, tag)
    return "" if found is None else data_reading.name_of(found)
