"""Keeps what is known of attached files; their bytes lie in `files`."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, select

from engine.errors import NotFound
from engine.model import Attachment, AttachmentId, InstanceId, PersonId, TaskId
from engine.store.database import Work
from engine.store.rows import Found, insert_one
from engine.store.tables import attachment

_LIST = select(attachment).order_by(attachment.c.id)
_OF_TASK = _LIST.where(attachment.c.task_id == bindparam("of"))


def add(
    work: Work,
    *,
    task: TaskId,
    instance: InstanceId,
    field: str,
    name: str,
    content_type: str,
    size: int,
    sha256: str,
    by: PersonId,
) -> AttachmentId:
    """Notes that a file belongs to a field of a task."""
    values = {
        "task_id": task,
        "instance_id": instance,
        "field": field,
        "name": name,
        "content_type": content_type,
        "size": size,
        "sha256": sha256,
        "added_at": work.now,
        "added_by": by,
    }
    return AttachmentId(insert_one(work, attachment, values))


def get(work: Work, id: AttachmentId) -> Attachment:
    """The attachment with this id.

    Raises:
        NotFound: there is none.
    """
    found = _nouns(work.connection.execute(_LIST.where(attachment.c.id == id)))
    if not found:
        raise NotFound("Nie ma takiego załącznika.")
    return found[0]


def of_task(work: Work, task: TaskId) -> tuple[Attachment, ...]:
    """The attachments of a task, oldest first."""
    return _nouns(work.connection.execute(_OF_TASK, {"of": task}))


def of_instance(work: Work, instance: InstanceId) -> tuple[Attachment, ...]:
    """The attachments of all tasks of an instance, oldest first."""
    return _nouns(work.connection.execute(_LIST.where(attachment.c.instance_id == instance)))


def remove(work: Work, id: AttachmentId) -> None:
    """Forgets an attachment; its bytes stay, for another one may have the same."""
    work.connection.execute(delete(attachment).where(attachment.c.id == id))


def _nouns(rows: Iterable[Found]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            id=AttachmentId(row.id),
            task=TaskId(row.task_id),
            instance=InstanceId(row.instance_id),
            field=row.field,
            name=row.name,
            content_type=row.content_type,
            size=row.size,
            sha256=row.sha256,
        )
        for row in rows
    )
