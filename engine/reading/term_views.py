"""How the term of a task is told: what is left of it, why it ends when it ends, what may be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine import access, circumstances, clock, terms
from engine.model import Person, Task, TaskState
from engine.store import task_terms
from engine.store.database import Work
from engine.store.task_terms import TermChange
from engine.terms.words import day

SOON = 2  # days
KINDS = {
    "suspend": "wstrzymano",
    "resume": "podjęto na nowo",
    "delay": "wyznaczono nowy termin (art. 36 KPA)",
    "postpone": "przesunięto",
}


@dataclass(frozen=True, kw_only=True)
class TermView:
    """The term of one task, ready to be shown.

    Attributes:
        words: how much is left, such as „zostały 3 dni”.
        state: is-late, is-soon, is-paused, is-waiting (for a date of the case) or "".
        end: also while the term does not run.
        first: the explanation of the term as it was at first, when it was changed since.
        offers_notice: a statutory end is near or over, so a notice under art. 36 KPA may be due.
    """

    words: str
    state: str
    end: datetime | None
    target: datetime | None
    reminder: datetime | None
    statutory: bool
    rule: str
    source: str
    explanation: str
    first: str
    steps: tuple[str, ...]
    history: tuple[TermChange, ...]
    paused_at: datetime | None
    back_at: datetime | None  # when its person comes back to it, while that is still to come
    may_change: bool
    may_put_aside: bool
    offers_notice: bool


def view(work: Work, viewer: Person, task: Task, plain_term: str = "", *, mine: bool = False) -> TermView:
    """The term of a task for somebody who may see it.

    Args:
        plain_term: as the diagram says it; explains tasks from before the explanation was kept.
        mine: the viewer may work on the task now.
    """
    facts, opened = task.term, task.state is TaskState.OPEN
    statutory, end = facts.get("statutory") is True, task_terms.end_of(task)
    near = task.due_at is not None and work.now >= (task.remind_at or task.due_at)
    steps = facts.get("steps")
    return TermView(
        words=words(task, work.now) if opened else "",
        state=state(task, work.now) if opened else "",
        end=end,
        target=task.target_at,
        reminder=task.remind_at,
        statutory=statutory,
        rule=str(facts.get("name") or facts.get("rule") or plain_term),
        source=str(facts.get("source") or ""),
        explanation=str(facts.get("explanation") or "") or _counted_again(work, task, plain_term),
        first=str(facts.get("first") or ""),
        steps=tuple(str(one) for one in steps) if isinstance(steps, list) else (),
        history=task_terms.changes(work, task.id) if facts.get("changed") else (),
        paused_at=task.paused_at,
        back_at=task.follow_up_at if task.follow_up_at and task.follow_up_at > work.now else None,
        may_change=opened
        and access.may_change_terms(viewer)
        and (task.due_at is not None or task.paused_at is not None),
        may_put_aside=opened and mine,
        offers_notice=opened and statutory and near,
    )


def words(task: Task, now: datetime) -> str:
    """How much of an open task's term is left, in words."""
    if task.paused_at is not None:
        return "termin wstrzymany"
    if task.due_at is None:
        return "czeka na datę" if task.term.get("missing") else "bez terminu"
    return terms.days_left(task.due_at, now)


def state(task: Task, now: datetime) -> str:
    """is-late, is-soon, is-paused, is-waiting or ""."""
    if task.paused_at is not None:
        return "is-paused"
    if task.due_at is None:
        return "is-waiting" if task.term.get("missing") else ""
    if task.due_at < now:
        return "is-late"
    return "is-soon" if (clock.today(task.due_at) - clock.today(now)).days < SOON else ""


def aside(task: Task, now: datetime) -> str:
    """„wróć: 3 grudnia” for a task that is put aside until then, else ""."""
    if task.follow_up_at is None or task.follow_up_at <= now:
        return ""
    return f"wróć: {day(clock.today(task.follow_up_at), clock.today(now))}"


def _counted_again(work: Work, task: Task, term: str) -> str:
    """Tasks that were opened before explanations were kept are counted once more."""
    if not term or task.term:
        return ""
    try:
        return terms.due(term, task.opened_at, rules=circumstances.terms(work)).explanation
    except terms.TermRefused:
        return ""
