"""What a diagram names outside itself: roles, forms, terms, authorisations, called processes."""

from __future__ import annotations

from collections.abc import Mapping

from engine import terms
from engine.bpmn import markup, reader
from engine.bpmn.gate.findings import Findings
from engine.bpmn.markup import Node
from engine.errors import DefinitionRejected, Problem
from engine.model import TaskDetails

RECORDS = frozenset({"", "authorisation"})
SAID = frozenset(
    {"form", "term", "role", "priority", "authority", "cooperates", "candidates", "candidateUnit", "records"}
)


def tasks(
    diagram: reader.Diagram,
    roles: frozenset[str],
    forms: Mapping[str, frozenset[str]],
    scopes: frozenset[str],
    findings: Findings,
) -> None:
    """Every user task needs a role that exists; form, term and scope must exist when they are named."""
    for details in diagram.tasks.values():
        element = diagram.elements[details.element]
        for message in _task(details, roles, forms, scopes):
            findings.add((_problem(element, message, "error"),))
        if element.kind == "userTask" and not details.form:
            message = "Zadanie nie ma formularza; osoba tylko potwierdzi wykonanie."
            findings.add((_problem(element, message, "warning"),))


def words(process: Node, findings: Findings) -> None:
    """Warn of what a task says in words that nothing reads."""
    for said in process.iter(f"{{{markup.BIEG}}}task"):
        step = said.getparent().getparent() if said.getparent() is not None else said
        for name in sorted(set(said.attrib) - SAID):
            findings.warn(step, f"Nieznany atrybut „{name}” w bieg:task jest pomijany. Popraw jego nazwę albo usuń go.")
        if said.get("candidateUnit"):
            message = (
                "Komórka (candidateUnit) nie ogranicza, kto weźmie zadanie. Użyj roli albo listy osób (candidates)."
            )
            findings.warn(step, message)


def calls(process: Node, diagram: reader.Diagram, processes: Mapping[str, bytes], findings: Findings) -> None:
    """A called process must be there, and none may call itself, also through others."""
    for node in process.iter(f"{{{markup.BPMN}}}callActivity"):
        key = node.get("calledElement") or ""
        if not key:
            findings.error(node, "Wywołanie nie mówi, który proces ma być wykonany. Wybierz proces.")
        elif key == diagram.key or _leads_to(key, diagram.key, processes):
            findings.error(node, "Procesy wywołują się w kółko. Usuń jedno z wywołań.")
        elif key not in processes:
            findings.error(node, f"Nie ma opublikowanego procesu „{key}”. Opublikuj go najpierw albo wybierz inny.")


def _task(
    details: TaskDetails, roles: frozenset[str], forms: Mapping[str, frozenset[str]], scopes: frozenset[str]
) -> list[str]:
    found = []
    if not details.role:
        found.append("Zadanie nie leży w żadnym torze. Umieść je w torze roli, która ma je wykonać.")
    elif details.role not in roles:
        found.append(f"Rola „{details.role}” nie istnieje. Nazwij tor tak jak jedna z ról ośrodka.")
    for other in details.cooperates:
        if other not in roles:
            found.append(f"Rola „{other}”, z którą zadanie jest we współpracy, nie istnieje. Popraw jej nazwę.")
    if details.form and details.form not in forms:
        found.append(f"Nie ma formularza „{details.form}”. Wybierz istniejący albo najpierw go opublikuj.")
    if details.authority and details.authority not in scopes:
        found.append(f"Nieznany zakres upoważnienia „{details.authority}”. Wybierz: {', '.join(sorted(scopes))}.")
    if details.term and (problem := terms.check(details.term)):
        found.append(problem)
    if details.records not in RECORDS:
        found.append(f"Nieznany wpis „{details.records}”. Jedyny dozwolony to „authorisation”.")
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
