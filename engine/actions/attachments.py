"""Deeds on attachments: put a file to a task, take it away; the type is found by content."""

from __future__ import annotations

import puremagic

from engine import circumstances
from engine.actions import tasks as task_deeds
from engine.errors import AnswerError, AnswersRejected, NotFound
from engine.forms.schema import Field
from engine.model import Attachment, AttachmentId, Person, TaskId
from engine.store import attachments, journal, tasks
from engine.store.database import Work
from engine.store.files import Files

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ENDINGS = {"jpg": ("jpg", "jpeg")}
NAME_LIMIT = 110  # characters before the ending


def attach(
    work: Work, files: Files, by: Person, task_id: TaskId, *, field: str, name: str, data: bytes, limit: int
) -> AttachmentId:
    """Put a file to a field of a task.

    Args:
        limit: most bytes of one file.

    Raises:
        NotFound, NotAllowed, Conflict: as for claiming the task.
        AnswersRejected: when the file is empty, too large or of a type the field does not take.
    """
    task = task_deeds.claimable(work, by, task_id)
    accepted = _accepted(work, task_id, field)
    kind = _kind(data)
    if not data:
        raise _refused(field, "Ten plik jest pusty. Wybierz inny.")
    if len(data) > limit:
        raise _refused(field, f"Plik jest za duży. Największy dozwolony ma {limit // 1024 // 1024} MB.")
    if kind not in accepted:
        raise _refused(field, f"Takiego pliku nie można dołączyć. Dozwolone: {', '.join(sorted(accepted))}.")
    added = attachments.add(
        work,
        task=task.id,
        instance=task.instance,
        field=field,
        name=_clean_name(name, kind),
        content_type=CONTENT_TYPES[kind],
        size=len(data),
        sha256=files.put(data),
        by=by.id,
    )
    text = f"Dołączono plik do zadania „{task.name}”."
    journal.write(work, instance=task.instance, by=by.id, deed="attach", element=task.element, text=text)
    return added


def detach(work: Work, by: Person, attachment: AttachmentId) -> Attachment:
    """Take a file away from an open task.

    Raises:
        NotFound, NotAllowed, Conflict: as for claiming the task.
    """
    found = attachments.get(work, attachment)
    task = task_deeds.claimable(work, by, found.task)
    attachments.remove(work, attachment)
    text = f"Usunięto plik z zadania „{task.name}”."
    journal.write(work, instance=task.instance, by=by.id, deed="detach", element=task.element, text=text)
    return found


def _accepted(work: Work, task_id: TaskId, field_id: str) -> frozenset[str]:
    task = tasks.get(work, task_id)
    form = circumstances.form_by_id(work, task.form) if task.form is not None else None
    found: list[Field] = [] if form is None else [f for s in form.sections for f in s.fields if f.id == field_id]
    if not found or found[0].type != "file":
        raise NotFound("Ten formularz nie ma takiego pola na plik.")
    return frozenset(found[0].accept) or frozenset(CONTENT_TYPES)


def _kind(data: bytes) -> str:
    """What the bytes are, by content; "" when it is nothing we take."""
    try:
        found = {match.extension.lstrip(".").lower() for match in puremagic.magic_string(data)}
    except (puremagic.PureError, ValueError):
        return ""
    found = {"jpg" if one in ("jpeg", "jfif") else one for one in found}
    if data.startswith(b"PK"):
        return _office_kind(data)
    for kind in ("pdf", "jpg", "png"):
        if kind in found:
            return kind
    return ""


def _office_kind(data: bytes) -> str:
    """Which office format a zip archive is, by what it holds."""
    marks = {"docx": b"word/document.xml", "xlsx": b"xl/workbook.xml"}
    for kind, mark in marks.items():
        if mark in data:
            return kind
    return "odt" if b"mimetypeapplication/vnd.oasis.opendocument.text" in data[:200] else ""


def _clean_name(name: str, kind: str) -> str:
    """The last part of the name, without what cannot be seen, and with the ending that its content has."""
    plain = "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable()).strip(" .")
    stem, _, ending = plain.rpartition(".")
    if stem and ending.lower() in ENDINGS.get(kind, (kind,)):
        return f"{stem[:NAME_LIMIT]}.{ending}"
    return f"{plain[:NAME_LIMIT] or 'plik'}.{kind}"


def _refused(field: str, message: str) -> AnswersRejected:
    return AnswersRejected((AnswerError(field=field, message=message),))
