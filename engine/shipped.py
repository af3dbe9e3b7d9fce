"""Files of diagrams, decisions, forms and tables: published in an order in which each finds what it names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from engine import access
from engine.actions import decisions, definitions, forms
from engine.bpmn import dmn, gate, reader
from engine.errors import DefinitionRejected, Problem
from engine.forms import reference, schema
from engine.model import Person
from engine.settings import ROOT
from engine.store.database import Work
from engine.terms import BUILT_IN

PROCESSES = ROOT / "processes"
FORMS = ROOT / "forms"


def files() -> dict[Path, bytes]:
    """The processes, decisions, forms and tables that come with Bieg."""
    found = [*FORMS.rglob("*.json"), *PROCESSES.rglob("*.bpmn"), *PROCESSES.rglob("*.dmn")]
    return {path: path.read_bytes() for path in sorted(found)}


def publish(work: Work, by: Person | None, texts: Mapping[Path, bytes]) -> Iterator[tuple[str, int]]:
    """Publish tables, forms and decisions, then diagrams, the called ones first.

    Yields:
        Key and version of each form, file of decisions and diagram.

    Raises:
        NotAllowed
        DefinitionRejected: with every problem of the first file that has some; a note of it names the file.
    """
    tables = {path: data for path, data in texts.items() if path.suffix == ".json" and _is_table(data)}
    for path, data in tables.items():
        with _named(path):
            forms.put_reference(work, path.stem, _text(data))
    for path, data in texts.items():
        if path.suffix == ".json" and path not in tables:
            with _named(path):
                made = forms.publish(work, by, schema.read(data).key, _text(data))
            yield made.key, made.version
    for path, data in texts.items():
        if path.suffix == ".dmn":
            with _named(path):
                file = decisions.publish(work, by, data)
            yield file.key, file.version
    for path in in_order({path: data for path, data in texts.items() if path.suffix not in (".json", ".dmn")}):
        with _named(path):
            definition = definitions.publish(work, by, texts[path])
        yield definition.key, definition.version


def in_order(diagrams: Mapping[Path, bytes]) -> list[Path]:
    """The diagrams so that a called one stands before its caller; rings stay as they came.

    Raises:
        DefinitionRejected: when one cannot be read; a note of it names the file.
    """
    known: dict[str, tuple[Path, tuple[str, ...]]] = {}
    for path, data in diagrams.items():
        with _named(path):
            diagram = reader.read(data)
        known[diagram.key] = (path, diagram.calls)
    ordered: list[str] = []

    def visit(key: str, above: frozenset[str]) -> None:
        if key in ordered or key in above or key not in known:
            return
        for called in known[key][1]:
            visit(called, above | {key})
        ordered.append(key)

    for key in known:
        visit(key, frozenset())
    return [known[key][0] for key in ordered]


def check(texts: Mapping[Path, bytes]) -> dict[Path, tuple[Problem, ...]]:
    """What would be said at publishing, against the forms and processes that come with Bieg and each other."""
    known = known_here(texts)
    rules = {".json": _form, ".dmn": dmn.check}

    def ask(path: Path) -> tuple[Problem, ...]:
        rule = rules.get(path.suffix)
        return rule(texts[path]) if rule is not None else gate.check(texts[path], known)

    with ThreadPoolExecutor(gate.SEATS) as pool:  # the work is done in processes that check
        return dict(zip(texts, pool.map(ask, texts), strict=True))


def known_here(more: Mapping[Path, bytes] | None = None) -> gate.Known:
    """What the gate knows without a database: what comes with Bieg, and `more` beside it."""
    processes: dict[str, bytes] = {}
    found: dict[str, frozenset[str]] = {}
    made: dict[str, bytes] = {}
    for path, data in {**files(), **(more or {})}.items():
        try:
            if path.suffix == ".dmn":
                made |= dict.fromkeys(dmn.read(data).decisions, data)
            elif path.suffix != ".json":
                processes[reader.read(data).key] = data
            elif not _is_table(data):
                form = schema.read(data)
                found[form.key] = form.variables
        except DefinitionRejected:
            continue  # why is told when this file itself is checked
    return gate.Known(
        roles=frozenset(access.ROLES),
        forms=found,
        processes=processes,
        start_variables=definitions.START_ALWAYS,
        scopes=frozenset(access.SCOPES),
        decisions=made,
        terms=frozenset(BUILT_IN.names()),
    )


def _form(data: bytes) -> tuple[Problem, ...]:
    """What is wrong with a form or a table."""
    try:
        reference.read(_text(data)) if _is_table(data) else schema.read(data)
    except DefinitionRejected as refused:
        return refused.problems
    return ()


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """A refusal within the block carries the file in a note."""
    try:
        yield
    except DefinitionRejected as refused:
        refused.add_note(str(path))
        raise


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as cause:
        message = "Zapisz plik w kodowaniu UTF-8."
        raise DefinitionRejected((Problem(element="", name="", line=1, message=message, severity="error"),)) from cause


def _is_table(data: bytes) -> bool:
    try:
        content = json.loads(data)
    except ValueError:
        return False  # reading it as a form says what is wrong
    return isinstance(content, dict) and "rows" in content and "sections" not in content
