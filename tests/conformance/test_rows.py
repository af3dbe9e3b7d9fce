"""Each row of docs/bpmn.md is true, and the document says what the rows say."""

from __future__ import annotations

import pytest
import table
from event_rows import ENDS  # noqa: F401
from gateway_rows import GATES  # noqa: F401
from level_rows import SUBS  # noqa: F401
from rows import ROWS, Row
from task_rows import GROUP  # noqa: F401


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.group}: {row.element}")
def test_the_row_is_true(row: Row) -> None:
    row.check()


def test_no_element_has_two_rows() -> None:
    names = [(row.group, row.element) for row in ROWS]

    assert sorted(set(names)) == sorted(names)


def test_the_document_says_what_the_rows_say() -> None:
    assert table.FILE.read_text(encoding="utf-8") == table.text()
