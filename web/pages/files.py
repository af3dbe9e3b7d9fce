"""Attached files: opened only by people who may see the case."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, send_file, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import attachments
from engine.model import AttachmentId
from engine.reading import papers
from web import context
from web.guard import needs

blueprint = Blueprint("files", __name__, url_prefix="/pliki/<int:attachment>")


@blueprint.get("")
@needs(Right.SIGNED_IN)
def download(attachment: int) -> ResponseReturnValue:
    """Send the bytes, always as a download."""
    with context.look() as work:
        found = papers.attachment(work, context.person(), AttachmentId(attachment))
    return send_file(
        context.parts().files.open(found.sha256),
        mimetype=found.content_type,
        as_attachment=True,
        download_name=found.name,
    )


@blueprint.post("/usun")
@needs(Right.SIGNED_IN)
def remove(attachment: int) -> ResponseReturnValue:
    """Take a file away from an open task."""
    with context.work() as work:
        found = attachments.detach(work, context.person(), AttachmentId(attachment))
    flash(f"Usunięto plik „{found.name}”.", "good")
    return redirect(url_for("task.page", task=found.task))
