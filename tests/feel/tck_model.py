"""Reads as much of a DMN file as the public test cases of FEEL need: expressions, contexts, invocations, functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from engine import feel
from engine.feel import conformance
from engine.feel.conversion import from_python, to_python
from engine.feel.types import ANY, BUILT_IN, ContextOf, FunctionOf, ListOf, Named, Type

Names = Mapping[str, object]


class UnsupportedError(Exception):
    """The decision needs more of DMN than this reader knows: a table, a service, an import."""


def tag(element: Element) -> str:
    """The tag without its namespace."""
    return element.tag.partition("}")[2] if isinstance(element.tag, str) else ""


def child(element: Element, *tags: str) -> Element | None:
    """The first child with one of these tags."""
    return next((item for item in element if tag(item) in tags), None)


def children(element: Element, name: str) -> list[Element]:
    """All children with this tag."""
    return [item for item in element if tag(item) == name]


LOGIC = (
    "literalExpression",
    "context",
    "invocation",
    "list",
    "relation",
    "functionDefinition",
    "conditional",
    "filter",
    "for",
    "some",
    "every",
    "decisionTable",
)


class Model:
    """One DMN file."""

    def __init__(self, path: Path) -> None:
        self.root = ElementTree.parse(path).getroot()
        if child(self.root, "import") is not None:
            raise UnsupportedError("import")
        self.by_id = {item.get("id", ""): item for item in self.root}
        self.types: dict[str, Type] = {}
        for item in children(self.root, "itemDefinition"):
            self.types[item.get("name", "")] = self.item_type(item)

    # --- types --------------------------------------------------------------------------------

    def item_type(self, item: Element) -> Type:
        type_: Type = ANY
        reference = child(item, "typeRef")
        components = children(item, "itemComponent")
        function = child(item, "functionItem")
        if reference is not None:
            type_ = self.named(reference.text or "Any")
        elif function is not None:
            parameters = tuple(self.named(part.get("typeRef")) for part in children(function, "parameters"))
            type_ = FunctionOf(parameters, self.named(function.get("outputTypeRef")))
        elif components:
            type_ = ContextOf(tuple((part.get("name", ""), self.item_type(part)) for part in components))
        return ListOf(type_) if item.get("isCollection") == "true" else type_

    def named(self, reference: str | None) -> Type:
        name = (reference or "Any").strip()
        bare = name.rpartition(":")[2]
        return Named(bare if bare in BUILT_IN else name)

    def typed(self, value: object, element: Element | None) -> object:
        reference = element.get("typeRef") if element is not None else None
        type_ = self.named(reference)
        if type_ == ANY or (isinstance(type_, Named) and type_.name not in BUILT_IN and type_.name not in self.types):
            return value
        return to_python(conformance.coerced(from_python(value), type_, self.types))

    # --- decisions ----------------------------------------------------------------------------

    def decide(self, name: str, inputs: Names) -> object:
        decision = next(item for item in children(self.root, "decision") if item.get("name") == name)
        return self.decision(decision, inputs)

    def decision(self, decision: Element, inputs: Names) -> object:
        scope = self.requirements(decision, inputs)
        logic = child(decision, *LOGIC)
        value = self.logic(logic, scope) if logic is not None else None
        return self.typed(value, child(decision, "variable"))

    def requirements(self, element: Element, inputs: Names) -> dict[str, object]:
        scope: dict[str, object] = {}
        for requirement in element.iter():
            if tag(requirement) not in {"requiredInput", "requiredDecision", "requiredKnowledge"}:
                continue
            needed = self.by_id[requirement.get("href", "").rpartition("#")[2]]
            name = needed.get("name", "")
            if tag(needed) == "inputData":
                scope[name] = self.typed(inputs.get(name), child(needed, "variable"))
            elif tag(needed) == "decision":
                scope[name] = self.decision(needed, inputs)
            elif tag(needed) == "businessKnowledgeModel":
                scope[name] = self.knowledge(needed, inputs)
            else:
                raise UnsupportedError(tag(needed))
        return scope

    def knowledge(self, element: Element, inputs: Names) -> object:
        definition = child(element, "encapsulatedLogic")
        assert definition is not None
        return self.function(definition, self.requirements(element, inputs))

    # --- boxed expressions ----------------------------------------------------------------------

    def logic(self, element: Element, scope: Names) -> object:
        words = re.sub("([A-Z])", lambda letter: "_" + letter[0].lower(), tag(element))
        reader = getattr(self, "read_" + words, None)
        if reader is None:
            raise UnsupportedError(tag(element))
        return self.typed(reader(element, scope), element)

    def inside(self, element: Element, name: str, scope: Names) -> object:
        wrapper = child(element, name)
        logic = child(wrapper, *LOGIC) if wrapper is not None else None
        return self.logic(logic, scope) if logic is not None else None

    def read_literal_expression(self, element: Element, scope: Names) -> object:
        text = element.findtext("{*}text") or ""
        try:
            return feel.evaluate(text, scope, types=self.types)
        except feel.ExpressionFailed:
            return None

    def read_context(self, element: Element, scope: Names) -> object:
        entries: dict[str, object] = {}
        for entry in children(element, "contextEntry"):
            logic = child(entry, *LOGIC)
            value = self.logic(logic, {**scope, **entries}) if logic is not None else None
            variable = child(entry, "variable")
            if variable is None:
                return value
            entries[variable.get("name", "")] = self.typed(value, variable)
        return entries

    def read_list(self, element: Element, scope: Names) -> object:
        return [self.logic(item, scope) for item in element if tag(item) in LOGIC]

    def read_relation(self, element: Element, scope: Names) -> object:
        names = [column.get("name", "") for column in children(element, "column")]
        rows = [[self.logic(cell, scope) for cell in row if tag(cell) in LOGIC] for row in children(element, "row")]
        return [dict(zip(names, row, strict=True)) for row in rows]

    def read_invocation(self, element: Element, scope: Names) -> object:
        logic = child(element, *LOGIC)
        function = self.logic(logic, scope) if logic is not None else None
        arguments: dict[str, object] = {}
        for binding in children(element, "binding"):
            parameter, value = child(binding, "parameter"), child(binding, *LOGIC)
            assert parameter is not None
            arguments[parameter.get("name", "")] = self.logic(value, scope) if value is not None else None
        if not isinstance(function, feel.Function) or set(arguments) - set(function.parameters):
            return None
        return function.call([from_python(arguments.get(name)) for name in function.parameters])

    def read_function_definition(self, element: Element, scope: Names) -> object:
        return self.function(element, scope)

    def function(self, element: Element, scope: Names) -> feel.Function:
        if element.get("kind", "FEEL") != "FEEL":
            raise UnsupportedError("external function")
        parameters = children(element, "formalParameter")
        names = tuple(parameter.get("name", "") for parameter in parameters)
        body = child(element, *LOGIC)

        def call(values: list[object]) -> object:
            given = [self.typed(value, parameter) for value, parameter in zip(values, parameters, strict=True)]
            inner = {**scope, **dict(zip(names, given, strict=True))}
            return from_python(self.logic(body, inner)) if body is not None else None

        return feel.Function(names, call, tuple(self.named(parameter.get("typeRef")) for parameter in parameters))

    def read_conditional(self, element: Element, scope: Names) -> object:
        condition = self.inside(element, "if", scope)
        if condition is not None and not isinstance(condition, bool):
            return None
        return self.inside(element, "then" if condition else "else", scope)

    def read_filter(self, element: Element, scope: Names) -> object:
        items = self.inside(element, "in", scope)
        if items is None:
            return None
        found = []
        for item in items if isinstance(items, list) else [items]:
            own = item if isinstance(item, dict) else {}
            answer = self.inside(element, "match", {**scope, **own, "item": item})
            if not isinstance(answer, bool) and answer is not None:
                return None
            found += [item] if answer else []
        return found

    def rounds(self, element: Element, name: str, scope: Names) -> list[object] | None:
        items = self.inside(element, "in", scope)
        if isinstance(items, feel.Range):
            items = feel.evaluate("for i in r return i", {"r": items})
        if items is None:
            return None
        variable = element.get("iteratorVariable", "")
        found: list[object] = []
        for item in items if isinstance(items, list) else [items]:
            found.append(self.inside(element, name, {**scope, variable: item, "partial": list(found)}))
        return found

    def read_for(self, element: Element, scope: Names) -> object:
        return self.rounds(element, "return", scope)

    def read_some(self, element: Element, scope: Names) -> object:
        answers = self.rounds(element, "satisfies", scope)
        return feel.evaluate("some answer in answers satisfies answer", {"answers": answers})

    def read_every(self, element: Element, scope: Names) -> object:
        answers = self.rounds(element, "satisfies", scope)
        return feel.evaluate("every answer in answers satisfies answer", {"answers": answers})
