"""A filled form as an official document."""

from __future__ import annotations

from collections.abc import Mapping

from engine.documents import columns, press
from engine.documents.head import Head, as_data
from engine.forms import display
from engine.forms.context import Context
from engine.forms.display import Chapter, Entry, Table
from engine.forms.form import Form
from engine.model import Json

_WIDEST = 5  # columns that stay readable side by side on a page
_SIGNATURE = "podpis osoby sporządzającej"


def answers_pdf(head: Head, form: Form, answers: Mapping[str, Json], context: Context, *, by: str = "") -> bytes:
    """The document of one filled form.

    Args:
        answers: clean answers as they were kept.
        context: for the names of people, units, files and for answers of earlier forms.
        by: who filled it in, "" to leave it out.

    Raises:
        PrintFailed: when it cannot be made.
    """
    document = form.document
    title = document.title if document else form.title
    data: dict[str, Json] = {
        "head": dict(as_data(head, title)),
        "by": by,
        "chapters": [_chapter(chapter) for chapter in display.chapters(form, answers, context)],
        "closing": document.closing if document else "",
        "signatures": list(document.signatures if document and document.signatures else (_SIGNATURE,)),
    }
    return press.pdf("answers.typ", data, head.printed_at)


def _chapter(chapter: Chapter) -> Json:
    return {"title": chapter.title, "entries": [_entry(entry) for entry in chapter.entries]}


def _entry(entry: Entry) -> Json:
    if entry.table is None:
        return {"kind": "remark" if entry.remark else "text", "label": entry.label, "text": entry.text}
    table = entry.table
    if len(table.columns) > _WIDEST:
        return {"kind": "cards", "label": entry.label, "cards": _cards(table)}
    return {
        "kind": "table",
        "label": entry.label,
        "columns": list(table.columns),
        "numeric": list(table.numeric),
        "wide": list(columns.wide(table.columns, table.rows)),
        "rows": [list(row) for row in table.rows],
    }


def _cards(table: Table) -> list[Json]:
    """Rows too wide for a page, each as a list of its own."""
    return [
        {
            "title": f"{table.item} {number}",
            "lines": [[label, text] for label, text in zip(table.columns, row, strict=True)],
        }
        for number, row in enumerate(table.rows, start=1)
    ]
