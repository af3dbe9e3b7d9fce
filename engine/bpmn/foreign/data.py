"""How data goes into activities and out of them, and over which list they are repeated."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial

from engine.bpmn import markup
from engine.bpmn.foreign import translation, vendors, writing
from engine.bpmn.foreign.files import File
from engine.bpmn.foreign.places import owner_of, short
from engine.bpmn.foreign.repairs import Found, Remark, change, remark
from engine.bpmn.foreign.translation import Unclear
from engine.bpmn.gate import Known
from engine.bpmn.markup import Node

NAME = re.compile(r"[^\W\d]\w*")
BEFORE_INPUT = ("documentation", "extensionElements")
MAPPED = frozenset({"ioMapping", "inputOutput", "in", "out"})
Mapping = tuple[str, str, str]  # in or out, source, target


def repeats(file: File, _known: Known) -> Found:
    """The list over which an activity is repeated."""
    for node in list(file.nodes("multiInstanceLoopCharacteristics")):
        if any(markup.child(node, one) is not None for one in ("loopDataInputRef", "loopCardinality")):
            continue
        loop = vendors.zeebe(node, "loopCharacteristics")
        said = vendors.said(node, "collection")
        item = vendors.said(node, "elementVariable")
        results, result = "", ""
        if loop is not None:
            said, item = loop.get("inputCollection") or "", loop.get("inputElement") or ""
            results, result = loop.get("outputCollection") or "", (loop.get("outputElement") or "").lstrip("= ")
        owner = owner_of(node)
        try:
            items = _feel(said)
        except Unclear as unclear:
            yield remark(owner, f"Lista „{short(said)}”: {unclear}. Wpisz ją w języku FEEL.")
            continue
        if not said:
            continue
        if result and NAME.fullmatch(result) is None:
            yield remark(owner, f"Wynik powtórzenia „{short(result)}” musi być nazwą zmiennej. Zapisz go w kroku.")
            results = result = ""
        title = f"Powtarzaj krok dla każdej pozycji listy „{short(items)}”."
        do = partial(_repeat, node, items, item, results, result)
        yield change(owner, "repeat", title, do, before=said, after=items + (f" → {item}" if item else ""))


def called(file: File, _known: Known) -> Found:
    """The process that a call activity of Camunda 8 calls."""
    for node in file.nodes("callActivity"):
        found = vendors.zeebe(node, "calledElement")
        wanted = (found.get("processId") or "") if found is not None else ""
        if node.get("calledElement") or not wanted:
            continue
        if wanted.startswith("="):
            yield remark(node, f"Proces wybiera wyrażenie „{short(wanted)}”, tu musi być stały. Wpisz jego nazwę.")
        else:
            yield change(
                node, "call", f"Wywołaj proces „{wanted}”.", partial(node.set, "calledElement", wanted), after=wanted
            )


def mappings(file: File, _known: Known) -> Found:
    """What goes into a step and comes out of it."""
    for node in list(file.steps()):
        if any(markup.extension(node, one) is not None for one in ("in", "out")):
            continue
        found: list[Mapping] = []
        unclear: list[Remark] = []
        for side, source, target, why in _mapped(node):
            if why:
                unclear.append(remark(node, f"Przekazanie danych „{short(target or source)}”: {why}."))
            else:
                found.append((side, source, target))
        yield from unclear
        if found and not unclear:  # half of them would change what the step sees
            after = "; ".join(f"{target} = {source}" for _, source, target in found)
            title = f"Przenieś przekazywanie danych ({len(found)})."
            yield change(node, "mapping", title, partial(_map, node, found), after=after)


def _mapped(node: Node) -> Iterator[tuple[str, str, str, str]]:
    """Side, source in FEEL, target, and why it cannot be carried over ("" when it can)."""
    whole = vendors.zeebe(node, "ioMapping")
    for one in whole if whole is not None else ():
        side = {"input": "in", "output": "out"}.get(str(one.tag).rpartition("}")[2], "")
        if side:
            yield _clear(side, one.get("source") or "", one.get("target") or "")
    for block in vendors.inside(node, "inputOutput"):
        for one in block:
            side = {"inputParameter": "in", "outputParameter": "out"}.get(str(one.tag).rpartition("}")[2], "")
            if side and len(one):
                yield side, "", one.get("name") or "", "skrypty, listy i mapy nie są przenoszone"
            elif side:
                yield _clear(side, markup.text(one), one.get("name") or "", quoted=True)
    if markup.kind(node) == "callActivity":
        yield from _call(node)


def _call(node: Node) -> Iterator[tuple[str, str, str, str]]:
    """The variables of a call activity of Camunda 7 or Flowable; all in both directions is what we do by ourselves."""
    said = [(side, one) for side in ("in", "out") for one in vendors.inside(node, side) if not one.get("businessKey")]
    whole = {side for side, one in said if one.get("variables") == "all"}
    if whole == {"in", "out"} and all(one.get("variables") == "all" for _, one in said):
        return
    for side, one in said:
        if one.get("variables") == "all":
            yield side, "", "wszystkie zmienne", "nie da się przekazać wszystkich w jedną stronę, wymień je"
        else:
            source = one.get("source") or one.get("sourceExpression") or ""
            yield _clear(side, source, one.get("target") or "")


def _clear(side: str, source: str, target: str, *, quoted: bool = False) -> tuple[str, str, str, str]:
    if NAME.fullmatch(target) is None:
        return side, source, target, "nazwa zmiennej ma znaki, których tu nie może mieć"
    if quoted and not re.match(r"[$#]\{", source):
        return side, json.dumps(source, ensure_ascii=False), target, ""
    try:
        return side, _feel(source), target, ""
    except Unclear as unclear:
        return side, source, target, str(unclear)


def _feel(text: str) -> str:
    bare = text.strip().removeprefix("=").strip()
    if not bare:
        return ""
    return bare if translation.is_feel(bare) else translation.to_feel(bare)


def _map(node: Node, found: list[Mapping]) -> None:
    writing.forget(node, MAPPED)
    for side, source, target in found:
        made = writing.extend(node, side)
        made.set("source", source)
        made.set("target", target)


def _repeat(node: Node, items: str, item: str, results: str, result: str) -> None:
    parts = [("loopDataInputRef", items, ""), ("loopDataOutputRef", results, "")]
    parts += [("inputDataItem", "", item), ("outputDataItem", "", result)]
    place = sum(1 for child in node if markup.kind(child) in BEFORE_INPUT)
    for tag, text, name in parts:
        if not text and not name:
            continue
        made = node.makeelement(f"{{{markup.BPMN}}}{tag}")
        made.text = text or None
        if name:
            made.set("name", name)
        writing.insert(node, place, made)
        place += 1
