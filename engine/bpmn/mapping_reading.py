"""Reads from a BPMN file what an activity gets from outside and gives back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from engine.bpmn import data_reading, expressions, markup
from engine.bpmn.mappings import Pair
from engine.bpmn.markup import Node

ASSOCIATIONS = {"dataInputAssociation": True, "dataOutputAssociation": False}


class Mappings(NamedTuple):
    """What an activity says about its data."""

    ins: list[Pair]
    outs: list[Pair]
    own: list[str]  # names that are variables of the activity alone
    complete: bool  # it says all that goes in and out, so nothing else does


def read(node: Node) -> Mappings:
    """The mappings of an activity: `bieg:in` and `bieg:out`, then those of BPMN itself.

    Raises:
        DefinitionRejected: when one of them cannot be run.
    """
    found = Mappings(_pairs(node, "in"), _pairs(node, "out"), [], False)
    names, loop = data_reading.visible(node), _of_loop(node)
    for one in node:
        into = ASSOCIATIONS.get(markup.kind(one))
        if into is not None and not _ends(one) & loop:
            (found.ins if into else found.outs).extend(_association(one, node, names))
    specified = markup.child(node, "ioSpecification")
    _one_set(node, specified)
    items = _items(node)
    own = [data_reading.name_of(one) for one in _own(node, specified) if one.get("id") not in loop]
    own = [name for name in own if name not in items]
    complete = bool(specified is not None or markup.extensions(node, "in") or markup.extensions(node, "out"))
    return found._replace(own=list(dict.fromkeys(own)), complete=complete)


def moves(node: Node) -> bool:
    """True when data associations of an event bring a value somewhere; most of them are only drawn."""
    names = data_reading.visible(node)
    said = [one for one in node if markup.kind(one) in ASSOCIATIONS]
    return any(pair for one in said for pair in _association(one, node, names))


def collection(node: Node, reference: str) -> str:
    """FEEL for the list that rounds run over: an expression, a datum, or what is brought to an input."""
    names = data_reading.visible(node)
    for one in node:
        if markup.kind(one) == "dataInputAssociation" and markup.text(markup.child(one, "targetRef")) == reference:
            found = list(_association(one, node, names))
            if found:
                return found[0].source
    return names.get(reference) or expressions.readable(reference, node)


def results(node: Node, reference: str) -> str:
    """Name of the list of results: a variable, a datum, or where an output of the activity is brought."""
    names = data_reading.visible(node)
    for one in node:
        sources = [markup.text(each) for each in one if markup.kind(each) == "sourceRef"]
        if markup.kind(one) == "dataOutputAssociation" and reference in sources:
            found = list(_association(one, node, names))
            if found and found[0].source != names.get(reference):
                raise markup.refused_at(node, "Listy wyników powtórzeń nie można po drodze przekształcać. Zmień to.")
            if found:
                return found[0].target
    return _name(names.get(reference, reference), node)


def said(node: Node) -> list[Pair]:
    """Those that `bieg:in` and `bieg:out` say, without those of BPMN itself."""
    return _pairs(node, "in") + _pairs(node, "out")


def _of_loop(node: Node) -> set[str]:
    """Ids of the lists that the rounds run over and collect: they belong to the loop, not to each round."""
    said = markup.child(node, "multiInstanceLoopCharacteristics")
    tags = ("loopDataInputRef", "loopDataOutputRef") if said is not None else ()
    return {markup.text(markup.child(said, tag)) for tag in tags} - {""}


def _items(node: Node) -> set[str]:
    """Names under which a round knows its item and its result; an input or output of the same name is the same."""
    said = markup.child(node, "multiInstanceLoopCharacteristics")
    found = said if said is not None else ()
    return {data_reading.name_of(one) for one in found if markup.kind(one) in data_reading.ITEMS}


def _ends(association: Node) -> set[str]:
    """Where an association begins, if it leads out, or where it ends, if it leads in."""
    tag = "targetRef" if ASSOCIATIONS[markup.kind(association)] else "sourceRef"
    return {markup.text(one) for one in association if markup.kind(one) == tag}


def _pairs(node: Node, tag: str) -> list[Pair]:
    return [_pair(one, node) for one in markup.extensions(node, tag)]


def _pair(said: Node, node: Node) -> Pair:
    source, target = (said.get("source") or "").strip(), (said.get("target") or "").strip()
    if not source or not target:
        message = "Przekazanie danych (bieg:in, bieg:out) musi mieć wyrażenie (source) i nazwę (target). Uzupełnij je."
        raise markup.refused_at(node, message)
    return Pair(expressions.readable(source, node), _name(target, node))


def _association(said: Node, node: Node, names: Mapping[str, str]) -> Iterator[Pair]:
    """What an association does; one that is only drawn, or leads to a data store, does nothing."""
    sources = [names.get(markup.text(one), "") for one in said if markup.kind(one) == "sourceRef"]
    target = names.get(markup.text(markup.child(said, "targetRef")), "")
    turned = markup.text(markup.child(said, "transformation"))
    assigned = [one for one in said if markup.kind(one) == "assignment"]
    for one in assigned:
        source = markup.text(markup.child(one, "from"))
        aim = _assigned(markup.text(markup.child(one, "to")), target, names, node)
        yield Pair(expressions.readable(source, node), aim)
    if not target or target == data_reading.DRAWN or assigned:
        return
    if turned:
        yield Pair(expressions.readable(turned, node), target)
    elif len(sources) > 1:
        raise markup.refused_at(node, "Powiązanie danych ma kilka źródeł, a nie ma przekształcenia. Zostaw jedno.")
    elif sources and sources[0] and sources[0] != target:
        yield Pair(sources[0], target)


def _assigned(said: str, target: str, names: Mapping[str, str], node: Node) -> str:
    """Where an assignment writes: its target as a whole."""
    aim = names.get(said, said) or target
    if not aim or (target and aim != target):
        message = f"Przypisanie danych wskazuje „{said}”, a może wskazywać tylko cel swojego powiązania. Popraw je."
        raise markup.refused_at(node, message)
    return _name(aim, node)


def _own(node: Node, specified: Node | None) -> Iterator[Node]:
    """Outputs of an activity and properties of one that has no level: empty until they are set."""
    if specified is not None:
        yield from (one for one in specified if markup.kind(one) in data_reading.PASSED)
    if markup.kind(node) not in markup.LEVELS:
        for one in node:
            if markup.kind(one) == "property" and one.get("name") != data_reading.DRAWN:
                yield one


def _one_set(node: Node, specified: Node | None) -> None:
    """Which of several sets is meant is not decided here."""
    sets: Sequence[str] = [markup.kind(one) for one in specified] if specified is not None else []
    if sets.count("inputSet") > 1 or sets.count("outputSet") > 1:
        raise markup.refused_at(node, "Czynność ma kilka zestawów danych wejściowych lub wyjściowych. Zostaw jeden.")


def _name(said: str, node: Node) -> str:
    name = data_reading.legal(said)
    if not name:
        raise markup.refused_at(node, f"„{said}” nie może być nazwą zmiennej. Użyj liter i cyfr, zacznij od litery.")
    return name
