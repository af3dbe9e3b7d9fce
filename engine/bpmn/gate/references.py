"""What a diagram names outside itself: roles, forms, terms, authorisations, called processes."""

from __future__ import annotations

from collections.abc import Mapping

from engine import terms
from engine.bpmn import markup, parser, reader, starts
from engine.bpmn.gate.findings import Findings
from engine.bpmn.gate.known import Known
from engine.bpmn.gate.levels import short
from engine.bpmn.markup import Node
from engine.errors import DefinitionRejected, Problem
from engine.model import TaskDetails

RECORDS = frozenset({"", "authorisation"})
SAID = frozenset(
    {"form", "term", "role", "priority", "authority", "cooperates", "candidates", "candidateUnit", "records"}
)


def tasks(diagram: reader.Diagram, known: Known, findings: Findings) -> None:
    """Every user task needs a role that exists; form, term and scope must exist when they are named."""
    for details in diagram.tasks.values():
        element = diagram.elements[details.element]
        for message in _task(details, known):
            findings.add((_problem(element, message, "error"),))
        if element.kind == "userTask" and not details.form:
            message = "Zadanie nie ma formularza; osoba tylko potwierdzi wykonanie."
            findings.add((_problem(element, message, "warning"),))


def words(process: Node, findings: Findings) -> None:
    """What a task says in words that nothing reads, or wrongly."""
    for said in process.iter(f"{{{markup.BIEG}}}task"):
        step = said.getparent().getparent() if said.getparent() is not None else said
        for name in sorted(set(said.attrib) - SAID):
            message = f"Nieznany atrybut „{short(name)}” w bieg:task jest pomijany. Popraw jego nazwę albo usuń go."
            findings.warn(step, message)
        if said.get("candidateUnit"):
            message = (
                "Komórka (candidateUnit) nie ogranicza, kto weźmie zadanie. Użyj roli albo listy osób (candidates)."
            )
            findings.warn(step, message)
        if not reader.fits_priority((said.get("priority") or "").strip()):
            findings.error(step, reader.WRONG_PRIORITY)


def lanes(process: Node, findings: Findings) -> None:
    """Lanes all of whose steps are not there."""
    here = {node.get("id") for node in process.iter(f"{{{markup.BPMN}}}*")}
    for lane in process.iter(f"{{{markup.BPMN}}}lane"):
        held = [markup.text(ref) for ref in lane.findall(f"{{{markup.BPMN}}}flowNodeRef")]
        if held and not any(one in here for one in held):
            findings.warn(lane, "Tor nie zawiera żadnego kroku tego diagramu. Umieść w nim kroki albo usuń go.")


def calls(process: Node, diagram: reader.Diagram, processes: Mapping[str, bytes], findings: Findings) -> None:
    """A called process must be there, and none may call itself, also through others."""
    for node in process.iter(f"{{{markup.BPMN}}}callActivity"):
        key = node.get("calledElement") or ""
        if not key:
            findings.error(node, "Wywołanie nie mówi, który proces ma być wykonany. Wybierz proces.")
        elif key == diagram.key or _leads_to(key, diagram.key, processes):
            findings.error(node, "Procesy wywołują się w kółko. Usuń jedno z wywołań.")
        elif key not in processes:
            message = f"Nie ma opublikowanego procesu „{short(key)}”. Opublikuj go najpierw albo wybierz inny."
            findings.error(node, message)
        elif not _begins_by_call(processes[key]):
            message = f"Proces „{short(key)}” zaczyna się tylko zdarzeniem, więc nie można go wywołać. Wybierz inny."
            findings.error(node, message)


def _begins_by_call(xml: bytes) -> bool:
    try:
        return starts.callable_by_others(next(iter(parser.parse(xml).values())))
    except DefinitionRejected:
        return True  # that file is told about when it is published itself


def _task(details: TaskDetails, known: Known) -> list[str]:
    found = []
    if not details.role:
        found.append("Zadanie nie leży w żadnym torze. Umieść je w torze roli, która ma je wykonać.")
    elif details.role not in known.roles:
        found.append(f"Rola „{short(details.role)}” nie istnieje. Nazwij tor tak jak jedna z ról ośrodka.")
    for other in details.cooperates:
        if other not in known.roles:
            message = f"Rola „{short(other)}”, z którą zadanie jest we współpracy, nie istnieje. Popraw jej nazwę."
            found.append(message)
    if details.form and details.form not in known.forms:
        message = f"Nie ma formularza „{short(details.form)}”. Wybierz istniejący albo najpierw go opublikuj."
        found.append(message)
    if details.authority and details.authority not in known.scopes:
        scopes = short(", ".join(sorted(known.scopes)), 60)
        found.append(f"Nieznany zakres upoważnienia „{short(details.authority)}”. Wybierz: {scopes}.")
    if details.term and (problem := terms.problem(details.term, known.terms)):
        named = terms.nearest(details.term, known.terms)
        found += [problem.replace(details.term, short(details.term)), *([named] if named else [])]
    if details.records not in RECORDS:
        found.append(f"Nieznany wpis „{short(details.records)}”. Jedyny dozwolony to „authorisation”.")
    return found


def _leads_to(key: str, target: str, processes: Mapping[str, bytes]) -> bool:
    seen: set[str] = set()
    todo = [key]
    while todo:
        current = todo.pop()
        if current == target:
            return True
        if current in seen or current not in processes:
            continue
        seen.add(current)
        try:
            todo.extend(reader.read(processes[current]).calls)
        except DefinitionRejected:
            continue  # that file is told about when it is published itself
    return False


def _problem(element: reader.Element, message: str, severity: str) -> Problem:
    return Problem(element=element.id, name=element.name, line=element.line, message=message, severity=severity)
