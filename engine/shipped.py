"""Files of diagrams, forms and tables: published in an order in which each finds what it names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from engine import access
from engine.actions import definitions, forms
from engine.bpmn import gate, reader
from engine.errors import DefinitionRejected, Problem
from engine.forms import schema
from engine.model import Person
from engine.settings import ROOT
from engine.store.database import Work

PROCESSES = ROOT / "processes"
FORMS = ROOT / "forms"


def files() -> dict[Path, bytes]:
    """The processes, forms and tables that come with Bieg."""
    found = [*FORMS.rglob("*.json"), *PROCESSES.rglob("*.bpmn")]
    return {path: path.read_bytes() for path in sorted(found)}


def publish(work: Work, by: Person | None, texts: Mapping[Path, bytes]) -> Iterator[tuple[str, int]]:
    """Publish tables, then forms, then diagrams, the called ones first.

    Yields:
        Key and version of each form and diagram.

    Raises:
        NotAllowed, DefinitionRejected
    """
    tables = {path: data for path, data in texts.items() if path.suffix == ".json" and _is_table(data)}
    for path, data in tables.items():
        forms.put_reference(work, path.stem, data.decode())
    for path, data in texts.items():
        if path.suffix == ".json" and path not in tables:
            made = forms.publish(work, by, schema.read(data).key, data.decode())
            yield made.key, made.version
    for data in in_order([data for path, data in texts.items() if path.suffix != ".json"]):
        definition = definitions.publish(work, by, data)
        yield definition.key, definition.version


def in_order(diagrams: list[bytes]) -> list[bytes]:
    """The diagrams so that a called one stands before its caller; rings stay as they came."""
    known = {reader.read(data).key: data for data in diagrams}
    ordered: list[str] = []

    def visit(key: str, above: frozenset[str]) -> None:
        if key in ordered or key in above or key not in known:
            return
        for called in reader.read(known[key]).calls:
            visit(called, above | {key})
        ordered.append(key)

    for key in known:
        visit(key, frozenset())
    return [known[key] for key in ordered]


def check(texts: Mapping[Path, bytes]) -> dict[Path, tuple[Problem, ...]]:
    """What the gate says of files, against the forms and processes that come with Bieg and each other."""
    known = known_here(texts.values())
    return {path: gate.check(data, known) for path, data in texts.items()}


def known_here(more: Iterable[bytes] = ()) -> gate.Known:
    """What the gate knows without a database."""
    processes: dict[str, bytes] = {}
    for data in (*(path.read_bytes() for path in sorted(PROCESSES.rglob("*.bpmn"))), *more):
        try:
            processes[reader.read(data).key] = data
        except DefinitionRejected:
            continue  # the gate tells why when it comes to this file
    found = [schema.read(path.read_bytes()) for path in FORMS.rglob("*.json") if not _is_table(path.read_bytes())]
    return gate.Known(
        roles=frozenset(access.ROLES),
        forms={form.key: form.variables for form in found},
        processes=processes,
        start_variables=definitions.START_ALWAYS,
        scopes=frozenset(access.SCOPES),
    )


def _is_table(data: bytes) -> bool:
    try:
        content = json.loads(data)
    except ValueError:
        return False  # reading it as a form says what is wrong
    return isinstance(content, dict) and "rows" in content and "sections" not in content
