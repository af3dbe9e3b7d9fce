"""From the XML of a DMN file to values; what is wrong in it is told by the check, not here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.bpmn.dmn import boxes, markup, names, typing
from engine.bpmn.dmn.markup import Node, children
from engine.bpmn.dmn.model import (
    Decision,
    Element,
    File,
    InputData,
    ItemType,
    Knowledge,
    Service,
    Table,
)
from engine.bpmn.markup import refused_at

DEEPEST_ITEM = 20
_IMPORTS_DEEPEST = 8


def read(xml: bytes, imports: Mapping[str, bytes] | None = None) -> File:
    """Read a DMN file.

    Args:
        xml: the file.
        imports: other files by namespace, of which those are read that it imports.

    Raises:
        DefinitionRejected: when it is no DMN file, or imports one that is not there.
    """
    return of_root(markup.open_file(xml), imports or {})


def of_root(root: Node, imports: Mapping[str, bytes], above: tuple[str, ...] = ()) -> File:
    """The same of a file that is open already; `above` are the namespaces of those that import it.

    Raises:
        DefinitionRejected: as read.
    """
    namespace = root.get("namespace") or ""
    others = {markup.name(one): _imported(one, imports, (*above, namespace)) for one in children(root, "import")}
    items = {markup.name(one): item(one) for one in children(root, "itemDefinition")}
    found = [one for node in root for one in (_element(node),) if one is not None]
    file = File(
        key=_key(root),
        namespace=namespace,
        name=markup.name(root),
        elements={one.id: one for one in found},
        items=items,
        types=typing.types_of(items, others),
        imports=others,
    )
    return replace(file, declared=names.declared(file))


def _key(root: Node) -> str:
    """The id of the model, else its name, with the signs that an address can carry."""
    said = (root.get("id") or "").strip() or markup.name(root)
    return re.sub(r"[^\w.-]+", "_", said)[:80] or "decyzje"


def _imported(node: Node, imports: Mapping[str, bytes], above: tuple[str, ...]) -> File:
    namespace = node.get("namespace") or ""
    if namespace not in imports:
        message = f"Plik importuje model „{markup.name(node) or namespace}”. Umieść wszystkie decyzje w jednym pliku."
        raise refused_at(node, message)
    if namespace in above or len(above) > _IMPORTS_DEEPEST:
        raise refused_at(node, "Modele importują się w kółko albo zbyt głęboko. Usuń jeden z importów.")
    return of_root(markup.open_file(imports[namespace]), imports, above)


def _element(node: Node) -> Element | None:
    """What may be required, None for everything else."""
    kind = markup.kind(node)
    if kind not in {"inputData", "decision", "businessKnowledgeModel", "decisionService"}:
        return None
    variable = markup.child(node, "variable")
    common: dict[str, Any] = {
        "id": node.get("id") or markup.name(node),
        "line": markup.line(node),
        "name": markup.name(variable) or markup.name(node),
        "type": (variable.get("typeRef") or "") if variable is not None else "",
        "description": markup.text(node, "description"),
    }
    if kind == "inputData":
        return InputData(**common)
    if kind == "decision":
        information = _references(node, "informationRequirement", "requiredInput", "requiredDecision")
        logic = boxes.first(node)
        if isinstance(logic, Table) and not logic.type:
            logic = replace(logic, type=common["type"])  # it may say which answers come first
        return Decision(
            **common,
            question=markup.text(node, "question"),
            information=information,
            knowledge=_references(node, "knowledgeRequirement", "requiredKnowledge"),
            logic=logic,
        )
    if kind == "businessKnowledgeModel":
        found = markup.child(node, "encapsulatedLogic")
        knowledge = _references(node, "knowledgeRequirement", "requiredKnowledge")
        function = boxes.function(found) if found is not None else None
        if function is not None and not function.type:
            function = replace(function, type=common["type"])
        return Knowledge(**common, knowledge=knowledge, function=function)
    return Service(
        **common,
        outputs=_hrefs(node, "outputDecision"),
        inside=_hrefs(node, "encapsulatedDecision"),
        given_decisions=_hrefs(node, "inputDecision"),
        given_data=_hrefs(node, "inputData"),
    )


def _references(node: Node, requirement: str, *kinds: str) -> tuple[str, ...]:
    return tuple(href for one in children(node, requirement) for href in _hrefs(one, *kinds))


def _hrefs(node: Node, *kinds: str) -> tuple[str, ...]:
    return tuple((one.get("href") or "").strip() for one in children(node, *kinds))


def item(node: Node, depth: int = 0) -> ItemType:
    """An item definition or a component of one.

    Raises:
        DefinitionRejected: when components nest beyond all reason.
    """
    if depth > DEEPEST_ITEM:
        raise refused_at(node, "Typ danych jest zbyt głęboko zagnieżdżony. Podziel go.")
    function = markup.child(node, "functionItem")
    said = None
    if function is not None:
        parameters = tuple(one.get("typeRef") or "" for one in children(function, "parameters"))
        said = (parameters, function.get("outputTypeRef") or "")
    return ItemType(
        name=markup.name(node),
        line=markup.line(node),
        base=markup.text(node, "typeRef"),
        parts=tuple(item(one, depth + 1) for one in children(node, "itemComponent")),
        many=(node.get("isCollection") or "").strip() in {"true", "1"},
        allowed=markup.text(markup.child(node, "allowedValues"), "text"),
        whole=markup.text(markup.child(node, "typeConstraint"), "text"),
        function=said,
    )
