"""Looks that become documents: a filled form, a whole case, an attached file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from engine import clock
from engine.documents import answers as forms_on_paper
from engine.documents import case as case_on_paper
from engine.documents.head import Head
from engine.errors import NotFound
from engine.forms import polish, walk
from engine.forms.form import STATIC, Form
from engine.forms.visibility import visible
from engine.model import Attachment, AttachmentId, Instance, InstanceId, Json, Person, StepState, TaskState
from engine.reading import centre
from engine.reading import instances as instance_looks
from engine.reading.views import InstancePage, TaskPage
from engine.store import attachments
from engine.store.database import Work

STATES = {"running": "w toku", "completed": "zakończona", "cancelled": "anulowana", "incident": "zatrzymana"}
STEP_STATES = {StepState.ACTIVE: "w toku", StepState.DONE: "wykonany", StepState.CANCELLED: "cofnięty"}
DRAWING_CSS = """
.is-done .shape{fill:#dff1e5;stroke:#1a6b3c}.is-active .shape{fill:#dcebfb;stroke:#0f4c8a;stroke-width:4}
.is-late .shape{fill:#fbdedb;stroke:#a8231d;stroke-width:4;stroke-dasharray:8 3}.is-taken path{stroke:#1a6b3c}
"""


def values(page: TaskPage) -> Mapping[str, Json]:
    """What a document of this task says: the answers, or what has been typed so far as far as it can be read."""
    if page.form is None:
        return {}
    if page.task.state is TaskState.DONE:
        return cast(Mapping[str, Json], page.raw)  # a document that was signed never changes
    return typed(page)


def typed(page: TaskPage) -> Mapping[str, Json]:
    """What was typed so far, as far as it can be read; what is still missing stands there as nothing."""
    if page.form is None:
        return {}
    found = walk.understood(page.form, page.raw, page.context)
    asked = [one for one in page.form.fields if one.type not in STATIC and visible(one, found, page.context.variables)]
    return {one.id: found.get(one.id) for one in asked}


def task(work: Work, page: TaskPage) -> bytes:
    """The form of a task as a PDF.

    Raises:
        NotFound: when the task has no form.
    """
    if page.form is None:
        raise NotFound("To zadanie nie ma formularza, więc nie ma też dokumentu.")
    given = next((one.answers for one in page.earlier if one.answers.task == page.task.id), None)
    head = _head(work, page.instance)
    if given is None:
        return forms_on_paper.answers_pdf(head, _draft_of(page.form), values(page), page.past)
    dated = replace(head, day=clock.today(given.at))
    return forms_on_paper.answers_pdf(dated, page.form, values(page), page.past, by=given.by)


def case(work: Work, viewer: Person, instance: InstanceId) -> bytes:
    """A whole case as a PDF: summary, steps, documents, diagrams.

    Raises:
        NotFound: when there is none, or this person may not see it.
    """
    page = instance_looks.page(work, viewer, instance)
    drawn = instance_looks.diagrams(work, page.instance, page.steps, page.late, css=DRAWING_CSS)
    return case_on_paper.case_pdf(
        _head(work, page.instance),
        summary=_summary(page),
        drawings=[case_on_paper.Drawing(name=one.name, svg=one.svg) for one in drawn],
        lists=[_steps(page), _documents(page)],
    )


def attachment(work: Work, viewer: Person, wanted: AttachmentId) -> Attachment:
    """An attached file, when this person may see its instance.

    Raises:
        NotFound: also when it exists and may not be seen.
    """
    found = attachments.get(work, wanted)
    instance = instance_looks.seen(work, viewer, found.instance)
    if found.id not in {one.id for one in instance_looks.readable_attachments(work, viewer, instance)}:
        raise NotFound("Nie ma takiego pliku.")
    return found


def _head(work: Work, instance: Instance) -> Head:
    head = centre.head(work)
    return Head(
        name=head.name,
        address=head.address,
        town=head.town,
        number=instance.number,
        matter=instance.title,
        day=clock.today(work.now),
        printed_at=work.now,
    )


def _summary(page: InstancePage) -> list[tuple[str, str]]:
    one = page.instance
    found = [
        ("Proces", f"{one.definition_name}, wersja {one.definition_version}"),
        ("Stan", STATES[one.state]),
        ("Rozpoczęta", polish.day(clock.today(one.started_at))),
        ("Rozpoczęcie", page.started_by),
    ]
    if one.finished_at is not None:
        found.append(("Zakończona", polish.day(clock.today(one.finished_at))))
    return [(label, text) for label, text in found if text]


def _steps(page: InstancePage) -> case_on_paper.List:
    rows = tuple(
        (
            one.name,
            one.by or "–",
            STEP_STATES[one.state],
            polish.short_day(clock.today(one.left_at or one.entered_at)),
        )
        for one in reversed(page.human_steps)
    )
    return case_on_paper.List(
        title="Kroki", columns=("Krok", "Kto", "Stan", "Kiedy"), rows=rows, empty="Nie ma jeszcze kroków."
    )


def _draft_of(form: Form) -> Form:
    """The form under a title that nobody takes for a finished document."""
    title = f"PROJEKT – {_title(form)}"
    document = replace(form.document, title=title) if form.document else None
    return replace(form, title=title, document=document)


def _title(form: Form) -> str:
    return form.document.title if form.document else form.title


def _documents(page: InstancePage) -> case_on_paper.List:
    rows = tuple(
        (_title(one.form), one.answers.by, polish.short_day(clock.today(one.answers.at)))
        for one in reversed(page.answers)
    )
    return case_on_paper.List(
        title="Dokumenty", columns=("Dokument", "Kto", "Kiedy"), rows=rows, empty="Nie ma jeszcze dokumentów."
    )
