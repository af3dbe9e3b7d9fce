"""Which elements of BPMN run here; everything else is refused by its name."""

from __future__ import annotations

from engine.bpmn import markup
from engine.bpmn.gate.findings import Findings
from engine.bpmn.gate.levels import short, words
from engine.bpmn.markup import Node
from engine.bpmn.parser import Parser

RUNS = frozenset(tag.rpartition("}")[2] for tag in Parser.OVERRIDE_PARSER_CLASSES)
NAMES = {
    "serviceTask": "Zadanie usługowe (service task)",
    "businessRuleTask": "Zadanie reguły biznesowej",
    "adHocSubProcess": "Podproces ad hoc",
    "transaction": "Transakcja",
    "complexGateway": "Bramka złożona",
    "choreographyTask": "Zadanie choreografii",
    "subChoreography": "Choreografia",
    "callChoreography": "Choreografia",
}
CHOREOGRAPHY = frozenset({"choreography", "globalChoreographyTask"})
SAID_OF_LEVELS = words(
    "documentation extensionElements auditing monitoring property ioSpecification ioBinding laneSet sequenceFlow"
    " dataObject dataObjectReference dataStoreReference association textAnnotation group artifact supports"
    " correlationSubscription resourceRole performer humanPerformer potentialOwner category"
)
SAID_OF_STEPS = words(
    "documentation extensionElements auditing monitoring categoryValueRef incoming outgoing ioSpecification property"
    " dataInputAssociation dataOutputAssociation dataInput dataOutput inputSet outputSet resourceRole performer"
    " humanPerformer potentialOwner standardLoopCharacteristics multiInstanceLoopCharacteristics rendering"
    " completionCondition script laneSet"
)
FOREIGN_CODE = words(
    "preScript postScript script executionListener taskListener eventListener connector serviceTaskOperator"
    " inputOutput ioMapping in out field expression class delegateExpression taskDefinition calledDecision"
    " errorEventDefinition messageVariable processVariableCorrelation"
)
FOREIGN_ATTRIBUTES = words(
    "class expression delegateExpression type topic collection elementVariable decisionRef caseRef variableMappingClass"
)
NEVER = "tego elementu system nie wykonuje. Zastąp go innym."


def supported(process: Node, findings: Findings) -> None:
    """Refuse what cannot run, by name."""
    for node in process.iter(f"{{{markup.BPMN}}}*"):
        kind = markup.kind(node)
        if kind in NAMES and kind not in RUNS:
            findings.error(node, f"{NAMES[kind]}: {NEVER}")
        elif kind in markup.FLOW_NODES or kind == "sequenceFlow":
            _placed(node, process, findings)
        if kind == "scriptTask":
            _script(node, findings)
        if kind in markup.ACTIVITIES:
            _activity(node, findings)
        if node is process or kind in markup.FLOW_NODES:
            _unknown(node, findings)
            _foreign(node, findings)


def around(root: Node, process: Node, findings: Findings) -> None:
    """Refuse what stands beside the process and is meant to run, too."""
    global_tasks = set()
    for node in root:
        kind = markup.kind(node)
        if kind in CHOREOGRAPHY:
            findings.error(node, "Choreografia: tego elementu system nie wykonuje. Usuń ją z pliku.")
        if kind.startswith("global") and kind.endswith("Task"):
            global_tasks.add(node.get("id"))
    for call in process.iter(f"{{{markup.BPMN}}}callActivity"):
        if call.get("calledElement") in global_tasks:
            findings.error(call, "Wywołanie zadania globalnego nie jest wykonywane. Wstaw zwykłe zadanie albo proces.")


def _placed(node: Node, process: Node, findings: Findings) -> None:
    """A step or flow that stands inside something else than a process would never be seen."""
    above = node.getparent()
    if above is not process and markup.kind(above) not in markup.LEVELS:
        findings.error(node, "Ten element stoi w pliku w niewłaściwym miejscu. Narysuj go ponownie w modelerze.")


def _script(node: Node, findings: Findings) -> None:
    found = markup.extension(node, "script")
    if markup.child(node, "script") is not None or node.get("scriptFormat"):
        findings.error(node, "Skrypty w językach programowania nie są wykonywane. Użyj wyrażenia FEEL (bieg:script).")
    elif found is None or not found.get("expression") or not (found.get("resultVariable") or "").strip():
        findings.error(node, "Skrypt musi podawać wyrażenie FEEL (expression) i zmienną wyniku (resultVariable).")


def _activity(node: Node, findings: Findings) -> None:
    if markup.says(node, "isForCompensation"):
        findings.error(node, f"Czynność kompensująca: {NEVER}")
    loops = [one for one in node if markup.kind(one).endswith("LoopCharacteristics")]
    for one in loops[1:]:
        findings.error(node, f"Czynność ma więcej niż jedno powtarzanie (wiersz {one.sourceline}). Zostaw jedno.")


def _unknown(node: Node, findings: Findings) -> None:
    """What BPMN says of a step and the engine does not read would be left out without a word."""
    level = markup.kind(node) in markup.LEVELS or markup.kind(node) == "process"
    allowed = SAID_OF_STEPS | SAID_OF_LEVELS | markup.FLOW_NODES | NAMES.keys() if level else SAID_OF_STEPS
    for child in node:
        kind = markup.kind(child)
        if kind == "eventDefinitionRef":
            findings.error(node, "Zdarzenie korzysta z definicji zapisanej poza nim. Zapisz ją w samym zdarzeniu.")
        elif kind and kind not in allowed and not kind.endswith("EventDefinition"):
            findings.error(node, f"Części „{short(kind)}” tego elementu system nie wykonuje. Usuń ją.")


def _foreign(node: Node, findings: Findings) -> None:
    """Scripts, listeners and mappings of other programs would change what happens; here they do not run."""
    name = _foreign_code(node)
    if name:
        message = (
            f"Ustawienia innego programu („{short(name)}”) nie są tu wykonywane. Usuń je albo zastąp zapisem Bieg."
        )
        findings.error(node, message)


def _foreign_code(node: Node) -> str:
    for attribute in node.attrib:
        space, _, name = attribute.rpartition("}")
        if space and space[1:] not in (markup.BPMN, markup.BIEG) and name in FOREIGN_ATTRIBUTES:
            return str(name)
    for said in node.iterfind(f"{{{markup.BPMN}}}extensionElements/*"):
        space, _, name = str(said.tag).rpartition("}")
        if space[1:] not in (markup.BPMN, markup.BIEG) and name in FOREIGN_CODE:
            return name
    return ""
