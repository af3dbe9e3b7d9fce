"""What screens and API calls are told, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from engine.forms.context import Context
from engine.forms.form import Form
from engine.model import (
    Answers,
    Attachment,
    Authorisation,
    Deadline,
    Instance,
    JournalEntry,
    Offer,
    Person,
    Step,
    Task,
    TaskDetails,
    Unit,
)
from engine.reading.assignment import Assignment
from engine.reading.term_views import TermView
from engine.store.decisions import DecisionFile
from engine.store.task_terms import TermChange


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Numbers on the chips above the task list."""

    all: int
    late: int
    today: int
    week: int
    team: int


@dataclass(frozen=True, kw_only=True)
class TaskList:
    """One page of `Moje zadania`. `after` is the cursor of the next page, "" at the end."""

    items: tuple[Task, ...]
    aside: tuple[Task, ...]  # put aside until later; below the last page
    counts: Counts
    which: str  # all | late | today | week | team
    text: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """Answers that came before in the same instance, with the form that reads them."""

    answers: Answers
    form: Form


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """Who may act after this task: one line per possible next user task of the diagram."""

    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class TaskPage:
    """Everything the page of one task shows."""

    task: Task
    details: TaskDetails
    instance: Instance
    role_now: str  # whom the task belongs to at this moment (delegation, candidates)
    authority: Authorisation | None  # by which the kierownik would act
    may_take: bool
    may_hand_over: bool  # also what somebody else has
    mine: bool
    form: Form | None
    context: Context  # of the form
    past: Context  # for reading what was answered
    raw: Mapping[str, object]  # what was answered, else the draft; empty for a fresh form
    draft_at: datetime | None
    earlier: tuple[Earlier, ...]  # newest first
    next_steps: tuple[NextStep, ...]
    attachments: tuple[Attachment, ...]
    assignment: Assignment
    term: TermView


@dataclass(frozen=True, kw_only=True)
class Diagram:
    """One drawn process of an instance."""

    key: str
    name: str
    version: int
    svg: str
    active: bool


@dataclass(frozen=True, kw_only=True)
class InstanceRow:
    """One line of the list of instances."""

    instance: Instance
    open_tasks: tuple[Task, ...]
    late: bool


@dataclass(frozen=True, kw_only=True)
class InstanceList:
    """One page of `Sprawy`."""

    items: tuple[InstanceRow, ...]
    text: str
    state: str
    definition: str
    definitions: tuple[tuple[str, str], ...]  # key, name
    before: str


@dataclass(frozen=True, kw_only=True)
class Incident:
    """Why an instance stands still."""

    element: str
    message: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OfferLine:
    """What may be begun or ended in an open ad-hoc sub-process."""

    offer: Offer
    within: str  # name of the sub-process
    hint: str
    mine: bool  # the viewer may do it


@dataclass(frozen=True, kw_only=True)
class InstancePage:
    """Everything the page of one instance shows."""

    instance: Instance
    started_by: str
    diagrams: tuple[Diagram, ...]
    decisions: tuple[DecisionFile, ...]  # versions whose decisions it makes
    steps: tuple[Step, ...]
    human_steps: tuple[Step, ...]  # those that a person passes, newest first
    tasks: tuple[Task, ...]  # all, open first
    answers: tuple[Earlier, ...]
    attachments: tuple[Attachment, ...]
    offers: tuple[OfferLine, ...]
    deadlines: tuple[Deadline, ...]
    term_changes: tuple[TermChange, ...]  # of all its tasks, oldest first
    journal: tuple[JournalEntry, ...]
    incident: Incident | None
    late_count: int
    late: frozenset[str]  # elements whose task is late
    context: Context  # for reading the answers


@dataclass(frozen=True, kw_only=True)
class StartPage:
    """What can be started, and the start form of the chosen definition."""

    definitions: tuple[tuple[str, str], ...]  # key, name
    key: str
    form: Form | None
    context: Context


@dataclass(frozen=True, kw_only=True)
class Centre:
    """The head of the centre on screens and documents."""

    name: str
    short: str
    address: str
    town: str
    demo: bool


@dataclass(frozen=True, kw_only=True)
class PeoplePage:
    """People, units and roles for the administrator."""

    people: tuple[Person, ...]
    units: tuple[Unit, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AuthorisationPage:
    """The register of authorisations."""

    items: tuple[Authorisation, ...]
    scopes: Mapping[str, str]
    today: date


@dataclass(frozen=True, kw_only=True)
class DefinitionRow:
    """One published process."""

    key: str
    name: str
    version: int
    published_at: datetime
    startable: bool


@dataclass(frozen=True, kw_only=True)
class DemoAccounts:
    """The accounts of the demonstration centre, listed only there."""

    password: str
    people: tuple[Person, ...]


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Who acts now in an instance."""

    finished: bool
    next: tuple[NextStep, ...]
    mine: tuple[Task, ...]  # those of them that wait for the person who asks
