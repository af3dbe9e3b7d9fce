"""Which way a token takes: conditions in foreign languages, ways without any, missing defaults."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from engine.bpmn import markup
from engine.bpmn.foreign import translation, writing
from engine.bpmn.foreign.files import File
from engine.bpmn.foreign.places import owner_of, short
from engine.bpmn.foreign.repairs import Found, Option, change, choice, label, remark
from engine.bpmn.foreign.translation import Unclear
from engine.bpmn.gate import Known
from engine.bpmn.markup import Node

PLACES = ("conditionExpression", "condition", "loopCondition", "loopCardinality", "completionCondition")
WORDS = {
    "conditionExpression": "warunek",
    "condition": "warunek",
    "loopCondition": "warunek powtarzania",
    "loopCardinality": "liczbę powtórzeń",
    "completionCondition": "warunek zakończenia",
}


def empty(file: File, _known: Known) -> Found:
    """A condition in which nothing stands is none."""
    for node in list(file.nodes("conditionExpression")):
        if not markup.text(node) and not len(node):
            flow = node.getparent()
            yield change(flow, "empty", "Usuń pusty warunek ze strzałki.", partial(writing.remove, node))


def defaults(file: File, _known: Known) -> Found:
    """Where all ways but one have conditions, the last one is for all other cases."""
    out: dict[str, list[Node]] = {}
    for flow in file.nodes("sequenceFlow"):
        out.setdefault(flow.get("sourceRef") or "", []).append(flow)
    names = {node.get("id") or "": label(node) for node in file.steps()}
    for gateway in file.nodes("exclusiveGateway", "inclusiveGateway"):
        ways = out.get(gateway.get("id") or "", [])
        if gateway.get("default") in {one.get("id") for one in ways}:
            continue
        bare = [one for one in ways if markup.child(one, "conditionExpression") is None]
        if len(bare) == 1 and len(ways) > 1:
            yield from _default(gateway, bare[0], names)
        elif len(bare) > 1 and len(ways) > 1:
            words = ", ".join(f"„{label(one)}”" for one in bare if label(one))
            named = f" (podpisy: {words})" if words else ""
            yield remark(gateway, f"Drogi z tej bramki nie mają warunków{named}. Podpis nie wystarczy: dopisz warunki.")


def conditions(file: File, _known: Known) -> Found:
    """JUEL, Python and the like become FEEL where that is certain."""
    for node in file.nodes(*PLACES):
        text = markup.text(node)
        if not text or translation.is_feel(text):
            continue
        owner = owner_of(node)
        word = WORDS[markup.kind(node)]
        try:
            written = translation.to_feel(text)
        except Unclear as unclear:
            yield remark(owner, f"„{short(text)}”: {unclear}. Wpisz {word} w języku FEEL, na przykład: kwota > 100.")
            continue
        kind = f"{markup.kind(node)}"
        yield change(
            owner,
            kind,
            f"Zamień {word} na język FEEL.",
            partial(_say, node, written),
            before=text,
            after=written,
        )


def _default(gateway: Node, way: Node, names: Mapping[str, str]) -> Found:
    after = label(way) or names.get(way.get("targetRef") or "") or way.get("id") or ""
    if markup.kind(gateway) == "exclusiveGateway":
        title = f"Oznacz drogę „{after}” jako domyślną: tą, gdy żaden inny warunek nie zajdzie."
        yield change(gateway, "default", title, lambda: gateway.set("default", way.get("id")), after=after)
        return
    options = (
        Option(value="default", label="gdy żaden inny warunek nie zajdzie (droga domyślna)"),
        Option(value="always", label="zawsze (warunek: true)"),
    )
    title = f"Droga „{after}” z bramki nie ma warunku. Kiedy sprawa ma nią iść?"
    yield choice(gateway, "default", title, lambda value: _settle(gateway, way, value), options)


def _settle(gateway: Node, way: Node, value: str) -> None:
    if value == "default":
        gateway.set("default", way.get("id"))
        return
    made = way.makeelement(f"{{{markup.BPMN}}}conditionExpression")
    made.set("{http://www.w3.org/2001/XMLSchema-instance}type", _formal(way))
    made.text = "true"
    writing.insert(way, len(way), made)


def _formal(node: Node) -> str:
    prefix = next((name for name, space in node.nsmap.items() if space == markup.BPMN), None)
    return f"{prefix}:tFormalExpression" if prefix else "tFormalExpression"


def _say(node: Node, text: str) -> None:
    writing.rewrite(node, text)
    node.attrib.pop("language", None)
