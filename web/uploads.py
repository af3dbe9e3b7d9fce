"""Files that come with a form: each goes to its field of the task."""

from __future__ import annotations

from flask import request

from engine.actions import attachments
from engine.errors import AnswerError, AnswersRejected
from engine.model import AttachmentId, Person, TaskId
from web import context, rows


def keep(person: Person, task: TaskId) -> tuple[AnswerError, ...]:
    """Keep every file of the request.

    Returns:
        What is wrong with files that could not be taken; the others are kept.
    """
    refused: list[AnswerError] = []
    limit = context.parts().settings.upload_limit
    for field, sent in request.files.items(multi=True):
        if not sent.filename:
            continue
        data = sent.stream.read(limit + 1)
        try:
            with context.work() as work:
                attachments.attach(
                    work,
                    context.parts().files,
                    person,
                    task,
                    field=field,
                    name=sent.filename,
                    data=data,
                    limit=limit,
                )
        except AnswersRejected as failure:
            refused.extend(failure.errors)
    return tuple(refused)


def drop(person: Person, attachment: str) -> None:
    """Take one file away."""
    if rows.is_number(attachment):
        with context.work() as work:
            attachments.detach(work, person, AttachmentId(int(attachment)))
