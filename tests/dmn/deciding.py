"""Small DMN files for tests, written in a few lines."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from engine.bpmn import dmn

SPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def model(*body: str, space: str = SPACE, key: str = "model", name: str = "Model") -> bytes:
    """A whole file."""
    head = f"<definitions xmlns={quoteattr(space)} id={quoteattr(key)} name={quoteattr(name)} namespace='urn:test'>"
    return (head + "".join(body) + "</definitions>").encode()


def el(tag: str, *inner: str, **said: str) -> str:
    """Any element."""
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in said.items() if value)
    return f"<{tag}{attributes}>{''.join(inner)}</{tag}>"


def text(kind: str, said: str, **attributes: str) -> str:
    """An element that holds FEEL."""
    return el(kind, el("text", escape(said)), **attributes)


def literal(said: str, **attributes: str) -> str:
    return text("literalExpression", said, **attributes)


def given(name: str, type_: str = "") -> str:
    """Input data; its id is its name with `we_` before it."""
    return el("inputData", el("variable", name=name, typeRef=type_), id=f"we_{name}", name=name)


def decision(id: str, logic: str, *needs: str, name: str = "", type_: str = "") -> str:
    """A decision; `needs` are ids: `we_…` are input data, `wiedza_…` knowledge or services."""
    required = "".join(_need(one) for one in needs)
    variable = el("variable", name=name or id, typeRef=type_)
    return el("decision", variable, required, logic, id=id, name=name or id)


def _need(id: str) -> str:
    href = id if "#" in id else f"#{id}"
    if id.startswith("wiedza_"):
        return el("knowledgeRequirement", el("requiredKnowledge", href=href))
    kind = "requiredInput" if id.startswith("we_") else "requiredDecision"
    return el("informationRequirement", el(kind, href=href))


def column(expression: str, type_: str = "", values: str = "") -> str:
    allowed = text("inputValues", values) if values else ""
    return el("input", text("inputExpression", expression, typeRef=type_), allowed, label=expression)


def answer(name: str = "", type_: str = "", values: str = "", default: str = "") -> str:
    allowed = text("outputValues", values) if values else ""
    usual = text("defaultOutputEntry", default) if default else ""
    return el("output", allowed, usual, name=name, typeRef=type_)


def row(*cells: str, answers: int = 1) -> str:
    """A rule; the last cells are the answers."""
    tests = [text("inputEntry", one) for one in cells[: len(cells) - answers]]
    return el("rule", *tests, *(text("outputEntry", one) for one in cells[len(cells) - answers :]))


def table(*parts: str, policy: str = "", aggregation: str = "", **said: str) -> str:
    return el("decisionTable", *parts, hitPolicy=policy, aggregation=aggregation, **said)


def decided(xml: bytes, id: str = "d", /, **context: object) -> object:
    """What the decision gives an instance."""
    return dmn.evaluate(dmn.read(xml), id, context)


def by_the_letter(xml: bytes, id: str = "d", context: Mapping[str, object] | None = None) -> dmn.Decided:
    """What the decision gives as the DMN text has it."""
    return dmn.decide(dmn.read(xml), id, context or {})


def said_of(xml: bytes) -> list[str]:
    """What the check says, errors only."""
    return [one.message for one in dmn.check(xml) if one.severity == "error"]
