"""Looks at who has one task: lent or in somebody's place, whose drafts there are, who could take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine import access
from engine.forms import polish
from engine.model import Person, PersonId, Task, TaskState
from engine.reading import workload
from engine.reading.workload import Candidate
from engine.store import absences, answers, journal, people
from engine.store.answers import Draft
from engine.store.database import Work

LENDING = ("lend", "give_back", "fetch")  # deeds that may carry a note


@dataclass(frozen=True, kw_only=True)
class OtherDraft:
    """What somebody else typed in the same task."""

    person: PersonId
    by: str
    saved_at: datetime


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Who has a task and who could.

    Attributes:
        proposed: who may take it and is here, the least loaded first; without whoever has it or asks.
        lent_by: who gets it back, "" when it is not lent.
        borrowed: the viewer has it, lent. fetchable: she may fetch it.
        note: of the last lending or giving back, "" when none was written.
        instead_of: the colleague in whose place it is done, "" when nobody is away; until: her last day.
        drafts: of others, the newest first. shown_by: whose draft is shown, "" when it is the viewer's own or none.
        priority: in a word, "" for the usual.
    """

    proposed: tuple[Candidate, ...]
    lent_by: str
    borrowed: bool
    fetchable: bool
    note: str
    instead_of: str
    until: date | None
    drafts: tuple[OtherDraft, ...]
    shown_by: str
    priority: str
    may_prioritise: bool


def view(work: Work, viewer: Person, task: Task, drafts: tuple[Draft, ...], shown: Draft | None) -> Assignment:
    """What the page of a task says of whoever has it.

    Args:
        drafts: of the task, as far as the viewer may see them.
        shown: the one of them that fills the form.
    """
    is_open = task.state is TaskState.OPEN
    head = access.may_hand_over(viewer)
    taken = {viewer.id, task.person}
    absence = absences.get(work, task.absence) if task.absence is not None else None
    lent = is_open and task.returns_to is not None and task.person is not None
    return Assignment(
        proposed=tuple(one for one in workload.proposal(work, task) if one.person.id not in taken) if is_open else (),
        lent_by=people.get(work, task.returns_to).name if lent and task.returns_to is not None else "",
        borrowed=lent and task.person == viewer.id and task.returns_to != viewer.id,
        fetchable=lent and task.person != viewer.id and (task.returns_to == viewer.id or head),
        note=_note(work, task) if is_open and task.person == viewer.id else "",
        instead_of=absence.person_name if absence is not None else "",
        until=absence.ends_on if absence is not None and is_open else None,
        drafts=tuple(
            OtherDraft(person=one.person, by=one.by, saved_at=one.saved_at)
            for one in drafts
            if one.person != viewer.id and (shown is None or one.person != shown.person)
        ),
        shown_by=shown.by if shown is not None and shown.person != viewer.id else "",
        priority=polish.priority(task.priority),
        may_prioritise=is_open and (head or task.person == viewer.id),
    )


def chosen(viewer: Person, task: Task, drafts: tuple[Draft, ...], wanted: PersonId | None) -> Draft | None:
    """The draft that fills the form: the wanted one, else the viewer's own unless she was handed a newer one."""
    own = next((one for one in drafts if one.person == viewer.id), None)
    newest = next(iter(drafts), None)
    asked = next((one for one in drafts if one.person == wanted), None)
    return asked or (newest if task.person == viewer.id else own or newest)


def other_drafts(work: Work, viewer: Person, task: Task) -> tuple[str, ...]:
    """Names of the others who have a draft of the same task."""
    return tuple(one.by for one in answers.drafts(work, task.id) if one.person != viewer.id)


def _note(work: Work, task: Task) -> str:
    text = journal.last_text(work, task.instance, element=task.element, deeds=LENDING)
    return text.partition(" Notatka: ")[2]
