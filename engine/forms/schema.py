"""Reading of a form file: every problem at once, in Polish, with its path and line."""

from __future__ import annotations

from engine.errors import DefinitionRejected
from engine.forms import consistency, file
from engine.forms.form import (
    Check,
    Condition,
    Document,
    Field,
    FieldType,
    Form,
    Option,
    Prefill,
    Scalar,
    Section,
)
from engine.forms.node import Node

__all__ = ["Check", "Condition", "Document", "Field", "FieldType", "Form", "Option", "Prefill", "Section", "read"]

_FORM_KEYS = frozenset({"key", "title", "source", "intro", "fresh", "document", "sections", "checks"})
_SECTION_KEYS = frozenset({"title", "help", "fields"})
_ANSWER_KEYS = frozenset({"id", "type", "label", "help", "show_if", "required", "variable", "prefill"})
_SHOWN_KEYS = frozenset({"id", "type", "label", "help", "show_if"})
_TYPE_KEYS: dict[FieldType, frozenset[str]] = {
    FieldType.TEXT: _ANSWER_KEYS | {"max_length", "pattern", "pattern_message"},
    FieldType.LONG_TEXT: _ANSWER_KEYS | {"max_length", "rows"},
    FieldType.NUMBER: _ANSWER_KEYS | {"integer", "min", "max", "unit"},
    FieldType.MONEY: _ANSWER_KEYS | {"min", "max"},
    FieldType.DATE: _ANSWER_KEYS | {"min", "max"},
    FieldType.CHOICE: _ANSWER_KEYS | {"options", "style"},
    FieldType.MULTI_CHOICE: _ANSWER_KEYS | {"options", "min_items"},
    FieldType.YES_NO: _ANSWER_KEYS,
    FieldType.PERSON: _ANSWER_KEYS | {"role"},
    FieldType.UNIT: _ANSWER_KEYS | {"performs"},
    FieldType.FILE: (_ANSWER_KEYS | {"accept", "multiple"}) - {"prefill"},
    FieldType.GROUP: _ANSWER_KEYS | {"fields", "min_items", "max_items", "item_label"},
    FieldType.HINT: _SHOWN_KEYS | {"expression", "prefix", "suffix", "format", "variable"},
    FieldType.EARLIER: _SHOWN_KEYS | {"form", "field", "variable"},
    FieldType.REFERENCE: _SHOWN_KEYS | {"reference"},
    FieldType.TEXT_BLOCK: _SHOWN_KEYS | {"text"},
}
_NO_LABEL = frozenset({FieldType.REFERENCE, FieldType.TEXT_BLOCK})
_LENGTHS = {FieldType.TEXT: 500, FieldType.LONG_TEXT: 10_000}  # characters, where the file names no limit
_GROUP_ROWS = 50
_FORMATS = ("text", "number", "money", "date")
_ENDINGS = ("pdf", "jpg", "png", "docx", "odt", "xlsx")


def read(data: bytes | str) -> Form:
    """The form that a file describes.

    Raises:
        DefinitionRejected: with every problem of the file.
    """
    node = file.load(data)
    node.only(_FORM_KEYS)
    form = Form(
        key=node.text("key", needed=True, most=80),
        title=node.text("title", needed=True, most=300),
        source=node.text("source", most=500),
        intro=node.text("intro", most=2000),
        fresh=node.flag("fresh"),
        document=_document(node.node("document")) if "document" in node else None,
        sections=tuple(_section(one) for one in node.nodes("sections", most=50)),
        checks=tuple(_check(one) for one in node.nodes("checks", most=100)),
    )
    consistency.check(form, node.findings)
    if node.findings.problems:
        raise DefinitionRejected(node.findings.problems)
    return form


def _document(node: Node) -> Document:
    node.only({"title", "closing", "signatures"})
    return Document(
        title=node.text("title", needed=True, most=300),
        closing=node.text("closing", most=5000),
        signatures=node.texts("signatures", most=20),
    )


def _check(node: Node) -> Check:
    node.only({"holds", "message", "field", "source"})
    return Check(
        holds=node.text("holds", needed=True, most=4000),
        message=node.text("message", needed=True),
        field=node.text("field", most=80),
        source=node.text("source"),
    )


def _section(node: Node) -> Section:
    node.only(_SECTION_KEYS)
    return Section(
        title=node.text("title", needed=True, most=200),
        help=node.text("help", most=2000),
        fields=tuple(_field(one) for one in node.nodes("fields")),
    )


def _field(node: Node) -> Field:
    kind = _type(node)
    dated = kind is FieldType.DATE
    return Field(
        id=node.text("id", needed=True, most=60),
        type=kind,
        label=node.text("label", needed=kind not in _NO_LABEL, most=300),
        help=node.text("help", most=2000),
        required=node.flag("required"),
        variable=node.text("variable", most=60),
        conditions=_conditions(node),
        prefill=_prefill(node.node("prefill")) if "prefill" in node else None,
        max_length=node.whole("max_length", low=1, high=20_000, default=_LENGTHS.get(kind, 0)),
        pattern=node.text("pattern", most=100),
        pattern_message=node.text("pattern_message"),
        rows=node.whole("rows", low=2, high=40, default=5),
        integer=node.flag("integer"),
        minimum=None if dated else node.decimal("min"),
        maximum=None if dated else node.decimal("max"),
        unit=node.text("unit", most=30),
        earliest=node.text("min", most=61) if dated else "",
        latest=node.text("max", most=61) if dated else "",
        options=tuple(_option(one) for one in node.nodes("options")),
        style=node.word("style", ("radio", "list"), "radio"),
        min_items=node.whole("min_items", low=0, high=200),
        max_items=node.whole("max_items", low=1, high=200, default=_GROUP_ROWS if kind is FieldType.GROUP else 0),
        role=node.text("role", most=100),
        performs=node.flag("performs") if "performs" in node else None,
        accept=_endings(node),
        multiple=node.flag("multiple"),
        fields=tuple(_field(one) for one in node.nodes("fields", most=20)) if kind is FieldType.GROUP else (),
        item_label=node.text("item_label", most=60),
        expression=node.text("expression", needed=kind is FieldType.HINT, most=4000),
        prefix=node.text("prefix", most=200),
        suffix=node.text("suffix", most=200),
        format=node.word("format", _FORMATS, "text"),
        from_form=node.text("form", needed=kind is FieldType.EARLIER, most=80),
        from_field=node.text("field", needed=kind is FieldType.EARLIER, most=60),
        reference=node.text("reference", needed=kind is FieldType.REFERENCE, most=80),
        text=node.text("text", needed=kind is FieldType.TEXT_BLOCK, most=5000),
    )


def _type(node: Node) -> FieldType:
    """The field's type; an unknown one is recorded and read as text."""
    word = node.text("type", needed=True)
    try:
        kind = FieldType(word)
    except ValueError:
        if word:
            node.problem(f"Nieznany typ pola „{word}”. Dozwolone typy: {', '.join(FieldType)}.", "type")
        return FieldType.TEXT
    node.only(_TYPE_KEYS[kind])
    return kind


def _option(node: Node) -> Option:
    node.only({"value", "label", "help"})
    return Option(
        value=node.text("value", needed=True, most=100),
        label=node.text("label", needed=True, most=300),
        help=node.text("help", most=1000),
    )


def _endings(node: Node) -> tuple[str, ...]:
    endings = node.texts("accept")
    unknown = [ending for ending in endings if ending not in _ENDINGS]
    if unknown:
        node.problem(f"Nieobsługiwany rodzaj pliku: {', '.join(unknown)}. Dozwolone: {', '.join(_ENDINGS)}.", "accept")
    return endings


def _conditions(node: Node) -> tuple[Condition, ...]:
    if "show_if" not in node:
        return ()
    several = isinstance(node.raw("show_if"), list)
    nodes = node.nodes("show_if", most=10) if several else (node.node("show_if"),)
    return tuple(_condition(one) for one in nodes)


def _condition(node: Node) -> Condition:
    node.only({"field", "variable", "in"})
    values = node.raw("in")
    if not isinstance(values, list) or not values:
        node.problem("Podaj w „in” listę wartości, przy których pole jest widoczne.", "in")
        values = []
    if ("field" in node) == ("variable" in node):
        node.problem("Podaj albo „field” (pole tego formularza), albo „variable” (zmienną sprawy).")
    return Condition(field=node.text("field"), variable=node.text("variable"), values=tuple(_scalars(node, values)))


def _scalars(node: Node, values: list[object]) -> list[Scalar]:
    found = [value for value in values if value is None or isinstance(value, bool | int | float | str)]
    if len(found) < len(values):
        node.problem("Lista „in” może zawierać tylko teksty, liczby, true, false i null.", "in")
    return found


def _prefill(node: Node) -> Prefill:
    node.only({"form", "field", "variable"})
    found = Prefill(form=node.text("form"), field=node.text("field"), variable=node.text("variable"))
    if bool(found.form and found.field) == bool(found.variable) or bool(found.form) != bool(found.field):
        node.problem("Podaj albo „form” i „field” (odpowiedź z innego formularza), albo „variable” (zmienną sprawy).")
    return found
