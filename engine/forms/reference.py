"""Reference tables (forms/dane/…json) that a form shows beside a choice."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import DefinitionRejected
from engine.forms import file
from engine.forms.node import Node


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A table to read, with the place it comes from."""

    title: str
    source: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read(data: bytes | str) -> Reference:
    """The table that a file describes; numbers become text.

    Raises:
        DefinitionRejected: with every problem of the file.
    """
    node = file.load(data)
    node.only({"title", "source", "columns", "rows"})
    columns = node.texts("columns", most=20)
    if not columns:
        node.problem("Podaj w „columns” co najmniej jeden nagłówek kolumny.")
    table = Reference(
        title=node.text("title", needed=True),
        source=node.text("source"),
        columns=columns,
        rows=_rows(node, len(columns)),
    )
    if node.findings.problems:
        raise DefinitionRejected(node.findings.problems)
    return table


def _rows(node: Node, width: int) -> tuple[tuple[str, ...], ...]:
    raw = node.raw("rows")
    if not isinstance(raw, list) or not raw:
        node.problem("Podaj w „rows” co najmniej jeden wiersz.", "rows")
        return ()
    found: list[tuple[str, ...]] = []
    for index, row in enumerate(raw):
        if not isinstance(row, list) or not all(isinstance(cell, str | int | float) for cell in row):
            node.findings.add(("rows", index), "Wiersz musi być listą tekstów lub liczb.")
        elif len(row) != width:
            message = f"Wiersz ma {len(row)} komórek, a kolumn jest {width}."
            node.findings.add(("rows", index), message)
        else:
            found.append(tuple(str(cell) for cell in row))
    return tuple(found)
