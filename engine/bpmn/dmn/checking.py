"""What is wrong with a DMN file: every problem at once, in Polish, with element and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.bpmn.dmn import contents, markup, names, reading
from engine.bpmn.dmn.findings import Findings
from engine.bpmn.dmn.markup import Node
from engine.bpmn.dmn.model import Decision, File, InputData, ItemType, Knowledge, Service
from engine.bpmn.dmn.room import short
from engine.bpmn.dmn.typing import known, named
from engine.errors import DefinitionRejected, NotFound, Problem
from engine.feel.types import Named

MOST_ELEMENTS = 400
MOST_NAMES = 200  # that expressions can be read with only by who knows them


def check(xml: bytes) -> tuple[Problem, ...]:
    """Every problem of a DMN file, in the order of its lines; severity "error" refuses the file."""
    try:
        root = markup.open_file(xml)
        file = reading.of_root(root, {})
    except DefinitionRejected as refused:
        return refused.problems
    findings = Findings()
    _whole(file, findings)
    if findings.refused:
        return findings.sorted()
    _ids(root, findings)
    _languages(root, findings)
    _names(file, findings)
    _items(file, findings)
    _elements(file, findings)
    for element in file.elements.values():
        contents.check(file, element, findings)
    _cycles(file, findings)
    return findings.sorted()


def inputs(xml: bytes, decision: str) -> frozenset[str]:
    """The variables that a decision reads: its input data, and names that nothing in the file gives.

    Raises:
        DefinitionRejected: when it is no DMN file.
        NotFound: when the file has no such decision.
    """
    file = reading.read(xml)
    if decision not in file.decisions:
        raise NotFound(f"W pliku nie ma decyzji „{decision}”.")
    return names.needed(file, file.decisions[decision])


def _ids(root: Node, findings: Findings) -> None:
    """Every element that can be required needs an id, and none may be used twice."""
    nodes = [node for node in root.iter() if markup.kind(node)]
    counted = Counter(node.get("id") for node in nodes if node.get("id"))
    for node in nodes:
        identity = node.get("id") or ""
        place = (identity, markup.line(node), markup.name(node))
        if identity and counted[identity] > 1:
            findings.error(*place, f"Identyfikator „{identity}” występuje więcej niż raz. Zmień jeden z nich.")
    for node in root:
        if markup.kind(node) in {"decision", "inputData", "businessKnowledgeModel", "decisionService"}:
            if not node.get("id"):
                findings.error(
                    "", markup.line(node), markup.name(node), "Element nie ma identyfikatora (id). Nadaj go."
                )
            if not markup.name(node):
                findings.error(node.get("id") or "", markup.line(node), "", "Element nie ma nazwy (name). Nadaj ją.")


def _languages(root: Node, findings: Findings) -> None:
    """FEEL is the only language of expressions here, wherever a file may name one."""
    for node in root.iter():
        language = node.get("expressionLanguage") or "" if markup.kind(node) else ""
        if language and "feel" not in language.lower():
            message = f"Języka wyrażeń „{short(language)}” ten system nie zna. Zapisz wyrażenia w FEEL."
            findings.error(node.get("id") or "", markup.line(node), markup.name(node), message)


def _whole(file: File, findings: Findings) -> None:
    if not file.decisions:
        findings.error("", 1, file.name, "W pliku nie ma żadnej decyzji. Dodaj decyzję.")
    if len(file.elements) > MOST_ELEMENTS:
        message = f"W pliku jest więcej niż {MOST_ELEMENTS} elementów. Podziel go na mniejsze."
        findings.error("", 1, file.name, message)
    if len(file.declared) > MOST_NAMES:
        message = f"Więcej niż {MOST_NAMES} nazw ma w sobie znaki inne niż litery i cyfry. Uprość nazwy."
        findings.error("", 1, file.name, message)


def _names(file: File, findings: Findings) -> None:
    """Expressions name elements, so every name must be of one element."""
    counted = Counter(one.name for one in file.elements.values() if one.name)
    for one in file.elements.values():
        if counted[one.name] > 1:
            message = f"Nazwa „{one.name}” występuje więcej niż raz. Wyrażenia nie wiedziałyby, o którą chodzi."
            findings.error(one.id, one.line, one.name, message)


def _items(file: File, findings: Findings) -> None:
    for item in file.items.values():
        for part in _parts(item):
            references = [part.base] if part.base else []
            if part.function is not None:
                references += [*part.function[0], part.function[1]]
            for reference in references:
                if not known(file, named(reference)):
                    findings.error("", part.line, part.name, f"Typu „{reference}” nie ma w pliku. Wybierz istniejący.")
            for text in (part.allowed, part.whole):
                contents.tests(file, "", part.line, part.name, text, findings)
        if _circular(file, item):
            findings.error("", item.line, item.name, f"Typ „{item.name}” opiera się na sobie samym. Zmień go.")


def _parts(item: ItemType) -> Iterator[ItemType]:
    yield item
    for part in item.parts:
        yield from _parts(part)


def _circular(file: File, item: ItemType) -> bool:
    seen: set[str] = set()
    current: ItemType | None = item
    while current is not None and current.base:
        if current.name in seen:
            return True
        seen.add(current.name)
        type_ = named(current.base)
        current = file.items.get(type_.name) if isinstance(type_, Named) else None
    return False


def _elements(file: File, findings: Findings) -> None:
    """What elements refer to must be there, and be of the right kind."""
    for one in file.elements.values():
        if isinstance(one, Decision):
            if one.logic is None:
                findings.error(one.id, one.line, one.name, "Decyzja nie ma treści. Dodaj tabelę albo wyrażenie.")
            _refers(file, one, one.information, (Decision, InputData), findings)
            _refers(file, one, one.knowledge, (Knowledge, Service), findings)
        elif isinstance(one, Knowledge):
            if one.function is None or one.function.body is None:
                findings.error(one.id, one.line, one.name, "Model wiedzy nie ma treści. Dodaj wyrażenie albo tabelę.")
            _refers(file, one, one.knowledge, (Knowledge, Service), findings)
        elif isinstance(one, Service):
            if not one.outputs:
                findings.error(one.id, one.line, one.name, "Usługa decyzyjna nie ma decyzji wynikowej. Wskaż ją.")
            _refers(file, one, (*one.outputs, *one.inside, *one.given_decisions), (Decision,), findings)
            _refers(file, one, one.given_data, (InputData,), findings)


def _refers(
    file: File,
    owner: Decision | Knowledge | Service,
    references: tuple[str, ...],
    kinds: tuple[type, ...],
    findings: Findings,
) -> None:
    for reference in references:
        found = file.find(reference)
        if found is None or not isinstance(found[2], kinds):
            message = f"Wymaganego elementu „{reference}” nie ma w pliku albo jest innego rodzaju. Popraw odwołanie."
            findings.error(owner.id, owner.line, owner.name, message)


def _cycles(file: File, findings: Findings) -> None:
    """Decisions that need each other's results could never be made."""
    ahead = {
        id: [found[2].id for href in one.information if (found := file.find(href)) and isinstance(found[2], Decision)]
        for id, one in file.decisions.items()
    }
    done: set[str] = set()
    for start in ahead:
        path: list[str] = []
        waiting: list[tuple[str, bool]] = [(start, False)]
        while waiting:
            current, left = waiting.pop()
            if left:
                path.pop()
                done.add(current)
            elif current in path:
                ring = [file.elements[one].name for one in (*path[path.index(current) :], current)]
                one = file.elements[current]
                message = f"Decyzje wymagają siebie nawzajem w kółko: {' → '.join(ring[:8])}. Usuń jedno z wymagań."
                findings.error(one.id, one.line, one.name, message)
            elif current not in done:
                path.append(current)
                waiting.append((current, True))
                waiting += [(one, False) for one in ahead[current]]
