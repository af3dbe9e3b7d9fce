"""The nouns of the house, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, NewType, Union

Json = Union[None, bool, int, float, str, list["Json"], dict[str, "Json"]]

PersonId = NewType("PersonId", int)
UnitId = NewType("UnitId", int)
DefinitionId = NewType("DefinitionId", int)
FormId = NewType("FormId", int)
InstanceId = NewType("InstanceId", int)
TaskId = NewType("TaskId", int)
AuthorisationId = NewType("AuthorisationId", int)
AttachmentId = NewType("AttachmentId", int)
DeadlineId = NewType("DeadlineId", int)
StartWaitId = NewType("StartWaitId", int)
DecisionFileId = NewType("DecisionFileId", int)


class InstanceState(StrEnum):
    """Where a whole instance stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    INCIDENT = "incident"


class TaskState(StrEnum):
    """Where a task stands; `cancelled` means that the diagram took it back."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class StepState(StrEnum):
    """Where a step stands; `cancelled` means that the token was taken away."""

    ACTIVE = "active"
    DONE = "done"
    CANCELLED = "cancelled"


class WaitKind(StrEnum):
    """What a step waits for, or what was sent: a message finds one receiver, a signal all of them."""

    MESSAGE = "message"
    SIGNAL = "signal"


class StartKind(StrEnum):
    """What starts an instance of itself."""

    MESSAGE = "message"
    SIGNAL = "signal"
    TIMER = "timer"


class DeadlineKind(StrEnum):
    """What happens when a deadline comes."""

    TIMER = "timer"  # a timer of the diagram fires
    REMIND = "remind"  # the person of a task is reminded before its end
    LATE = "late"  # the end of a task's term has passed
    ESCALATE = "escalate"  # a late task is shown to whoever stands above
    FOLLOW_UP = "follow_up"  # the day on which a person wanted to come back to a task
    ABSENCE = "absence"  # a deputy begins or ends
    DUTY = "duty"  # a repeated duty begins
    PLAN = "plan"  # once a day: duties are planned ahead
    COUNT = "count"  # once a day: what is late is counted
    DIGEST = "digest"  # once a day: everybody is told what waits


# --- the centre -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Unit:
    """An organisational unit (komórka organizacyjna)."""

    id: UnitId
    name: str
    performs: bool  # it performs services; who organises may not belong to it (BR11)


@dataclass(frozen=True, kw_only=True)
class Person:
    """A human who acts. `roles` are names of lanes; one person may have several."""

    id: PersonId
    login: str
    name: str
    email: str
    unit: UnitId | None
    roles: frozenset[str]
    active: bool
    unrestricted: bool = False  # the trial person `api` of the demonstration centre
    employment: int = 100  # percent of a full post
    deputised: frozenset[str] = frozenset()  # those of the roles that she has only while a colleague is away
    decides_by: str = ""  # number of the authorisation by which a deputy of the kierownik decides

    @property
    def own_roles(self) -> frozenset[str]:
        """The roles that stay hers when every colleague is back."""
        return self.roles - self.deputised


@dataclass(frozen=True, kw_only=True)
class Authorisation:
    """Written power of the wójt given to the kierownik, within a scope and a time."""

    id: AuthorisationId
    scope: str
    number: str
    valid_from: date
    valid_to: date | None
    revoked_on: date | None
    note: str

    def in_force(self, day: date) -> bool:
        """True while it covers `day`."""
        ended = self.revoked_on is not None and self.revoked_on <= day
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to) and not ended


# --- definitions ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class TaskDetails:
    """What a diagram says of one user task; from its lane, `bieg:task` and documentation."""

    element: str  # BPMN id
    process: str  # key of the process it stands in
    name: str
    role: str  # lane, or `bieg:task role`
    form: str = ""  # key of the form, "" when the task has none
    term: str = ""  # such as "14 dni", "" when it has none
    priority: int = 50  # 0 … 100, higher comes first
    authority: str = ""  # scope of the authorisation by which the kierownik may act for the wójt
    cooperates: tuple[str, ...] = ()  # roles that work along
    candidates: str = ""  # variable with a list of logins; only these people may take the task
    candidate_unit: str = ""
    records: str = ""  # "authorisation": completing enters an authorisation into the register
    hint: str = ""  # documentation without its source line
    source: str = ""  # the source line


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One published version of a BPMN process."""

    id: DefinitionId
    key: str
    version: int
    name: str
    published_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class StartWait:
    """A start of a published version that waits for its event."""

    id: StartWaitId
    definition: DefinitionId
    element: str
    kind: StartKind
    name: str  # of the message or signal
    timer: Mapping[str, Json]  # how a timer goes on, empty for the others
    due_at: datetime | None
    attempts: int


# --- instances --------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One run of a definition (sprawa). `revision` grows by one with every deed."""

    id: InstanceId
    number: str
    title: str
    definition: DefinitionId
    definition_key: str
    definition_version: int
    definition_name: str
    state: InstanceState
    revision: int
    variables: Mapping[str, Json]
    started_at: datetime
    started_by: PersonId | None
    finished_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One passage of a token through an element, as it is kept for ever."""

    key: str  # the runner's key, unique within the instance
    element: str
    process: str
    name: str
    kind: str  # BPMN tag without prefix, such as userTask
    state: StepState
    entered_at: datetime
    left_at: datetime | None
    by: str  # name of the person who moved it on, "" for the engine itself


@dataclass(frozen=True, kw_only=True)
class Task:
    """Work that waits for a person, or did."""

    id: TaskId
    key: str  # the runner's key
    instance: InstanceId
    instance_number: str
    instance_title: str
    definition_key: str
    definition_name: str
    element: str
    process: str
    name: str
    role: str
    authority: str
    form: FormId | None
    form_key: str
    priority: int
    state: TaskState
    person: PersonId | None
    person_name: str
    opened_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    done_by: PersonId | None
    about: str = ""  # which item of several it is for
    restricted: bool = True  # only its candidates may take it, if it has any
    target_at: datetime | None = None  # the working day before the end of the term
    remind_at: datetime | None = None
    follow_up_at: datetime | None = None  # when its person wants to come back to it
    paused_at: datetime | None = None  # since when its term does not run
    returns_to: PersonId | None = None  # the person who lent it to its present one
    absence: int | None = None  # id of the absence by which a deputy has it
    term: Mapping[str, Json] = field(default_factory=dict)  # how its end was found: `engine.terms.Due.facts`


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a person said in one task."""

    task: TaskId
    form: FormId
    form_key: str
    task_name: str
    values: Mapping[str, Json]
    at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that belongs to a task; its bytes lie outside the database."""

    id: AttachmentId
    task: TaskId
    instance: InstanceId
    field: str
    name: str
    content_type: str
    size: int  # bytes
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A stored moment at which something must happen. `due_at` is UTC."""

    id: DeadlineId
    instance: InstanceId | None  # None for what concerns the whole centre
    kind: DeadlineKind
    key: str  # for a timer: the runner's key of the waiting step
    element: str
    name: str
    due_at: datetime
    attempts: int
    task: TaskId | None = None
    rule: str = ""  # in plain words
    inputs: Mapping[str, Json] = field(default_factory=dict)
    explanation: str = ""  # Polish
    error: str = ""  # why it could not be fired when it was tried last, Polish; "" when it never failed


@dataclass(frozen=True, kw_only=True)
class JournalEntry:
    """Who did what, when, on what authority."""

    at: datetime
    by: str  # name of the person, "" for the engine itself
    deed: str
    element: str
    text: str  # Polish sentence
    authority: str  # number of the authorisation, "" when none was needed


# --- what the runner reports after one move ------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class StepMove:
    """A step that a token entered or left during this move, in the order in which it happened."""

    key: str
    element: str
    process: str
    name: str
    kind: str
    state: StepState
    first: bool  # entered during this move (else it was already open before)


class OpenTask(NamedTuple):
    """A user or manual task that waits now; there may be thousands, and these are made four times as fast."""

    key: str
    details: TaskDetails
    local: Mapping[str, Json] = MappingProxyType({})  # seen besides the instance's variables; said when it opens
    closed: bool = False  # the instance's variables are not seen at all
    about: str = ""  # which item of several it is for, in words


@dataclass(frozen=True, kw_only=True)
class TimerWait:
    """A timer of the diagram that waits now; `due_at` is aware UTC."""

    key: str
    element: str
    name: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class Fired:
    """A timer of the diagram that fired during this move."""

    key: str
    element: str
    name: str
    due_at: datetime
    skipped: int  # rounds that an outage had missed and this one stands for


@dataclass(frozen=True, kw_only=True)
class MessageWait:
    """A step that waits for a message or a signal."""

    key: str
    element: str
    name: str  # of the message or signal
    correlation: Mapping[str, Json] = field(default_factory=dict)
    kind: WaitKind = WaitKind.MESSAGE


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A message that found no receiver within its instance, or a signal; both are for others."""

    kind: WaitKind
    element: str  # the step that threw it
    name: str
    correlation: Mapping[str, Json] = field(default_factory=dict)
    payload: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What a person may set in motion in an open ad-hoc sub-process, or, when `closing`, that she may end it."""

    key: str  # the runner's key of the open ad-hoc sub-process
    element: str  # the activity that may start; the sub-process itself when `closing`
    process: str
    name: str
    role: str  # who may; "" is whoever may start instances
    kind: str
    closing: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the runner reports after one move. `state` is opaque and holds variables only."""

    state: bytes
    finished: bool
    variables: Mapping[str, Json]
    moves: tuple[StepMove, ...]
    tasks: tuple[OpenTask, ...]  # all that are open now
    timers: tuple[TimerWait, ...]  # all that wait now
    messages: tuple[MessageWait, ...]  # all that wait now
    sent: tuple[Sent, ...] = ()  # during this move, in the order in which they were thrown
    offers: tuple[Offer, ...] = ()  # all that are open now
    stuck: tuple[str, str] | None = None  # id and name of a join that waits for ever, when nothing else is waited for
    had_timers: bool = True  # False when none can have waited before this move
    had_messages: bool = True  # the same
    had_offers: bool = True  # the same
    fired: tuple[Fired, ...] = ()  # during this move, in the order in which they fired
    fault: str = ""  # the element that threw an error which nobody catches, and so ended the instance


# --- what an operator is told of a stopped instance ----------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Aim:
    """A step to which a token may be moved."""

    element: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Position:
    """A token that stands in a step, and the steps of the same level to which it may be moved."""

    key: str
    element: str
    process: str
    name: str
    aims: tuple[Aim, ...]
