"""Looks at published decisions: the list, one file with its tables, and what an instance is bound to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn import dmn
from engine.bpmn.dmn import model
from engine.model import InstanceId
from engine.reading import rule_words
from engine.store import bindings, decisions
from engine.store.database import Work
from engine.store.decisions import DecisionFile

POLICIES = {
    "UNIQUE": "Dla każdego przypadku pasuje najwyżej jedna reguła.",
    "FIRST": "Liczy się pierwsza pasująca reguła, od góry.",
    "PRIORITY": "Z pasujących reguł liczy się ta, której wynik jest najważniejszy.",
    "ANY": "Może pasować kilka reguł, ale wszystkie muszą dawać ten sam wynik.",
    "COLLECT": "Wynikiem jest lista wyników wszystkich pasujących reguł.",
    "RULE ORDER": "Wynikiem jest lista wyników pasujących reguł, w kolejności reguł.",
    "OUTPUT ORDER": "Wynikiem jest lista wyników pasujących reguł, od najważniejszego.",
}
AGGREGATES = {
    "SUM": "Wynikiem jest suma wyników wszystkich pasujących reguł.",
    "MIN": "Wynikiem jest najmniejszy z wyników pasujących reguł.",
    "MAX": "Wynikiem jest największy z wyników pasujących reguł.",
    "COUNT": "Wynikiem jest liczba pasujących reguł.",
}
WORDS = {"for": "dla każdego", "some": "czy któryś z", "every": "czy każdy z"}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A test or an answer; `words` is "" when only FEEL says it, `text` is "" when every value fits."""

    text: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One rule."""

    cells: tuple[Cell, ...]
    answers: tuple[Cell, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TableView:
    """A decision table as people read it. `usual` are the answers when no rule fits, empty when there are none."""

    policy: str
    asks: tuple[str, ...]
    answers: tuple[str, ...]
    notes: tuple[str, ...]
    rows: tuple[Row, ...]
    usual: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A piece of an expression: how deep it stands, what it is, its text."""

    depth: int
    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class DecisionView:
    """One decision, or a model of knowledge that others use; `table` is None when it is no table."""

    id: str
    name: str
    about: str
    parameters: tuple[str, ...]
    needs: tuple[str, ...]  # names of what it is made from
    table: TableView | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class DecisionPage:
    """The newest version of a file of decisions."""

    file: DecisionFile
    decisions: tuple[DecisionView, ...]


def listing(work: Work) -> tuple[DecisionFile, ...]:
    """Of every file of decisions the newest version."""
    return decisions.latest_all(work)


def content(work: Work, key: str, version: int) -> bytes:
    """The file of a version, byte by byte as it was published.

    Raises:
        NotFound: when there is no such version.
    """
    return decisions.xml(work, decisions.version(work, key, version).id)


def page(work: Work, key: str) -> DecisionPage | None:
    """The newest version of a file with its decisions, None when there is none."""
    file = decisions.latest(work, key)
    if file is None:
        return None
    read = dmn.read(decisions.xml(work, file.id))
    kinds = (model.Decision, model.Knowledge)
    return DecisionPage(
        file=file, decisions=tuple(_view(read, one) for one in read.elements.values() if isinstance(one, kinds))
    )


def bound(work: Work, instance: InstanceId) -> tuple[DecisionFile, ...]:
    """The versions of the files whose decisions an instance makes, by name."""
    found = {decisions.get(work, one) for one in set(bindings.decisions(work, instance).values())}
    return tuple(sorted(found, key=lambda one: one.name))


def _view(file: model.File, one: model.Decision | model.Knowledge) -> DecisionView:
    information = one.information if isinstance(one, model.Decision) else ()
    required = [found for href in (*information, *one.knowledge) if (found := file.find(href))]
    box = one.logic if isinstance(one, model.Decision) else one.function.body if one.function else None
    function = one.function if isinstance(one, model.Knowledge) else None
    return DecisionView(
        id=one.id,
        name=one.name,
        about=(one.question if isinstance(one, model.Decision) else "") or one.description,
        parameters=tuple(parameter.name for parameter in function.parameters) if function else (),
        needs=tuple(element.name for _, _, element in required),
        table=_table(box) if isinstance(box, model.Table) else None,
        lines=() if box is None or isinstance(box, model.Table) else tuple(_lines(box, "", 0)),
    )


def _table(table: model.Table) -> TableView:
    usual = tuple(_cell(one.default.text if one.default else "") for one in table.outputs)
    return TableView(
        policy=AGGREGATES.get(table.aggregation) or POLICIES.get(table.policy, ""),
        asks=tuple(one.label for one in table.inputs),
        answers=tuple(one.label or table.label or "Wynik" for one in table.outputs),
        notes=tuple(name or "Uwagi" for name in _notes(table)),
        rows=tuple(
            Row(
                cells=tuple(_cell("" if cell.text == "-" else cell.text) for cell in rule.tests),
                answers=tuple(_cell(entry.text) for entry in rule.answers),
                notes=rule.notes,
            )
            for rule in table.rules
        ),
        usual=usual if any(one.text for one in usual) else (),
    )


def _cell(text: str) -> Cell:
    return Cell(text=text, words=rule_words.plain(text))


def _notes(table: model.Table) -> tuple[str, ...]:
    """Names of the annotation columns, also of those that have none."""
    most = max((len(rule.notes) for rule in table.rules), default=0)
    return (*table.notes, *("" for _ in range(most - len(table.notes))))


def _lines(box: model.Boxed | None, label: str, depth: int) -> Iterator[Line]:
    """A boxed expression, a line for each piece of it."""
    if isinstance(box, model.Literal):
        yield Line(depth=depth, label=label, text=box.text)
        return
    yield Line(depth=depth, label=label or _title(box), text="")
    for name, part in _parts(box):
        yield from _lines(part, name, depth + 1)


def _title(box: model.Boxed | None) -> str:
    if isinstance(box, model.Table):
        return "tabela: " + ", ".join(one.label for one in box.inputs)
    if isinstance(box, model.Rounds):
        return f"{WORDS.get(box.word, box.word)} ({box.variable})"
    return ""


def _parts(box: model.Boxed | None) -> list[tuple[str, model.Boxed | None]]:
    if isinstance(box, model.ContextBox):
        return [(one.name or "wynik", one.value) for one in box.entries]
    if isinstance(box, model.Invocation):
        return [("wywołaj", box.function), *((one.name, one.value) for one in box.bindings)]
    if isinstance(box, model.FunctionBox):
        return [(f"funkcja ({', '.join(one.name for one in box.parameters)})", box.body)]
    if isinstance(box, model.ListBox):
        return [("", one) for one in box.items]
    if isinstance(box, model.Relation):
        named = [one.name for one in box.columns]
        return [(name, cell) for row in box.rows for name, cell in zip(named, row, strict=False)]
    if isinstance(box, model.Conditional):
        return [("jeżeli", box.condition), ("to", box.yes), ("w przeciwnym razie", box.no)]
    if isinstance(box, model.Filter):
        return [("z", box.source), ("te, dla których", box.match)]
    if isinstance(box, model.Rounds):
        return [("z", box.source), ("oblicz" if box.word == "for" else "spełnia", box.result)]
    if isinstance(box, model.Table):
        return [(f"reguła {number}", entry) for number, rule in enumerate(box.rules, 1) for entry in rule.answers]
    return []
