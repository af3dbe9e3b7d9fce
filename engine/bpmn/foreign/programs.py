"""Steps that other systems do with programs: calls, connectors, scripts, tables of decisions."""

from __future__ import annotations

import re
from functools import partial

from engine.bpmn import markup
from engine.bpmn.foreign import roles, translation, vendors, writing
from engine.bpmn.foreign.files import File
from engine.bpmn.foreign.places import role, short
from engine.bpmn.foreign.repairs import Found, Option, change, choice, remark
from engine.bpmn.foreign.translation import Unclear
from engine.bpmn.gate import Known
from engine.bpmn.gate.elements import FOREIGN_ATTRIBUTES, FOREIGN_CODE
from engine.bpmn.markup import Node

PASSED = "step"
LONGEST = 500  # characters of a script that may be one line
_NAME = r"[^\W\d]\w*"
_ASSIGNED = re.compile(
    rf"\s*(?:var\s+|let\s+|const\s+|def\s+)?(?P<name>{_NAME})\s*=(?!=)\s*(?P<value>[^;\n]+?)\s*;?\s*"
)
_SET = re.compile(rf"""\s*execution\.setVariable\(\s*["'](?P<name>{_NAME})["']\s*,\s*(?P<value>[^;\n]+)\)\s*;?\s*""")
_CALLS = ("class", "delegateExpression", "expression", "type", "topic")


def scripts(file: File, _known: Known) -> Found:
    """A script of one line that sets one variable becomes FEEL."""
    for node in list(file.nodes("scriptTask")):
        found = markup.extension(node, "script")
        if found is not None and found.get("expression") and markup.child(node, "script") is None:
            continue
        before, name, text, certain = _script(node)
        try:
            written = text if text and translation.is_feel(text) else translation.to_feel(text) if text else ""
        except Unclear as unclear:
            yield remark(node, f"Skryptu „{short(before)}” nie da się zamienić: {unclear}. Wpisz wyrażenie FEEL.")
            continue
        if not written or re.fullmatch(_NAME, name) is None:
            yield remark(node, "Skryptu w języku programowania system nie wykona. Wpisz jedno wyrażenie FEEL.")
            continue
        title = "Zamień skrypt na wyrażenie FEEL."
        do = partial(_compute, node, written, name)
        yield change(node, "script", title, do, before=short(before), after=f"{name} = {written}", safe=certain)


def decisions(file: File, known: Known) -> Found:
    """A decision table that is named by its id."""
    for node in list(file.nodes("businessRuleTask")):
        if markup.extension(node, "decision") is not None:
            continue
        ref, variable, certain = _decision(node)
        if not ref or not variable:
            continue
        do = partial(_decide, node, ref, variable)
        title = f"Wykonaj tabelę decyzji „{ref}” i zapisz wynik w zmiennej „{variable}”."
        yield change(node, "decision", title, do, before=ref, after=f"{variable} = {ref}", safe=certain)
        if ref not in known.decisions:
            yield remark(node, f"Tabeli decyzji „{ref}” nie ma jeszcze w ośrodku. Wczytaj najpierw jej plik DMN.")


def services(file: File, known: Known) -> Found:
    """What no program will do here must be done by a person, or passed."""
    for node in list(file.nodes("serviceTask", "businessRuleTask", "scriptTask", "sendTask")):
        kind, called = markup.kind(node), _called(node)
        if kind == "sendTask":
            if called:
                yield remark(node, f"Program „{short(called)}” nie zostanie wywołany: krok niczego nie wyśle.")
            continue
        if any(markup.extension(node, one) is not None for one in ("decision", "script")):
            continue
        own = role(file, node)
        people = (own,) if own in known.roles else tuple(sorted(known.roles))
        options = (
            Option(value=PASSED, label="zwykły krok: system przejdzie dalej i nic nie zrobi"),
            *(Option(value=one, label=f"zadanie osoby: {one}") for one in people),
        )
        does = f" („{short(called)}”)" if called else ""
        title = f"Tego kroku{does} nie wykona tu żaden program. Czym ma się stać?"
        yield choice(node, "service", title, partial(_turn, node, own), options)


def _turn(node: Node, own: str, value: str) -> None:
    for one in ("scriptFormat", "implementation", "operationRef"):
        node.attrib.pop(one, None)
    script = markup.child(node, "script")
    if script is not None:
        writing.remove(script)
    writing.forget(node, FOREIGN_CODE | FOREIGN_ATTRIBUTES)
    roles.become(node, "task" if value == PASSED else "userTask")
    if value not in (PASSED, own):
        writing.task(node, "role", value)


def _script(node: Node) -> tuple[str, str, str, bool]:
    """The script as it stands, the variable it sets, the expression, and whether it is certain that it sets it."""
    own = vendors.zeebe(node, "script")
    if own is not None:
        text = own.get("expression") or ""
        return text, own.get("resultVariable") or "", text.removeprefix("=").strip(), True
    text = markup.text(markup.child(node, "script"))
    if len(text) > LONGEST:
        return short(text), "", "", False
    result = vendors.said(node, "resultVariable")
    if found := _SET.fullmatch(text):
        return text, found["name"], found["value"].strip(), True
    if found := _ASSIGNED.fullmatch(text):
        python = (node.get("scriptFormat") or "").casefold() in ("", "python", "jython", "text/x-python")
        stored = node.get(f"{{{vendors.FLOWABLE}}}autoStoreVariables") == "true"
        return text, result or found["name"], found["value"], python or stored or bool(result)
    return text, result, "" if "\n" in text or ";" in text else text, True


def _compute(node: Node, expression: str, variable: str) -> None:
    node.attrib.pop("scriptFormat", None)
    script = markup.child(node, "script")
    if script is not None:
        writing.remove(script)
    writing.forget(node, {"script"})
    found = markup.extension(node, "script")
    found = writing.extend(node, "script") if found is None else found
    found.set("expression", expression)
    found.set("resultVariable", variable)


def _decision(node: Node) -> tuple[str, str, bool]:
    """Id of the decision, the variable of its result, and whether the result has the same shape here."""
    own = vendors.zeebe(node, "calledDecision")
    if own is not None:
        ref = own.get("decisionId") or ""
        return ("" if ref.startswith("=") else ref), own.get("resultVariable") or "", True
    ref = vendors.said(node, "decisionRef")
    if ref.startswith(("${", "#{")):
        return "", "", False
    certain = vendors.said(node, "mapDecisionResult") == "singleEntry"
    return ref, vendors.said(node, "resultVariable"), certain


def _decide(node: Node, ref: str, variable: str) -> None:
    writing.forget(node, {"decisionRef", "calledDecision"})
    made = writing.extend(node, "decision")
    made.set("ref", ref)
    made.set("resultVariable", variable)


def _called(node: Node) -> str:
    """What another system would call in this step."""
    definition = vendors.zeebe(node, "taskDefinition")
    if definition is not None and definition.get("type"):
        return str(definition.get("type"))
    connector = next((one for one in vendors.inside(node, "connector")), None)
    if connector is not None:
        return "connector"
    return next((vendors.said(node, one) for one in reversed(_CALLS) if vendors.said(node, one)), "")
