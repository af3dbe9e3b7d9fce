"""Opens the tasks that a deed has led to, and gives them to the people whose case it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from engine import access, circumstances
from engine.model import FormId, InstanceId, Json, OpenTask, Person, PersonId, TaskDetails
from engine.store import forms, people, tasks
from engine.store.database import Work
from engine.store.tasks import NewTask
from engine.terms import due


class Opening:
    """The tasks that one deed opens in one instance; what several of them share is looked up once.

    Args:
        starter: who set the instance in motion.
        doer: the person whose deed it is, as far as one is known.
    """

    def __init__(
        self,
        work: Work,
        instance: InstanceId,
        variables: Mapping[str, Json],
        *,
        starter: PersonId | None,
        doer: Person | None = None,
    ) -> None:
        self._work = work
        self._instance = instance
        self._variables = variables
        self._starter = starter
        self._doer = doer
        self._forms: dict[str, FormId | None] = {"": None}
        self._due: dict[str, datetime | None] = {"": None}
        self._usual: dict[tuple[str, str], PersonId | None] = {}

    def open(self, opened: Iterable[OpenTask]) -> None:
        """Lay the tasks before those who may take them."""
        tasks.open_tasks(self._work, self._instance, [self._new(one) for one in opened])

    def _new(self, one: OpenTask) -> NewTask:
        details = one.details
        variables = one.local if one.closed else {**self._variables, **one.local}
        named = variables.get(details.candidates) if details.candidates else None
        return NewTask(
            key=one.key,
            details=details,
            form=self._form(details.form),
            due_at=self._due_at(details.term),
            candidates=candidates(self._work, named),
            about=one.about,
            local=one.local,
            closed=one.closed,
            person=None if details.candidates else self._usual_person(details),
        )

    def _form(self, key: str) -> FormId | None:
        if key not in self._forms:
            version = forms.latest(self._work, key)
            self._forms[key] = version.id if version else None
        return self._forms[key]

    def _due_at(self, term: str) -> datetime | None:
        if term not in self._due:
            self._due[term] = due(term, self._work.now).moment
        return self._due[term]

    def _usual_person(self, details: TaskDetails) -> PersonId | None:
        """Who did the last task of this role here, or set the case in motion: a case stays with its people."""
        wanted = (details.role, details.authority)
        if wanted not in self._usual:
            self._usual[wanted] = self._look_up(*wanted)
        return self._usual[wanted]

    def _look_up(self, role: str, authority: str) -> PersonId | None:
        now = access.responsible(role, authority, circumstances.scopes_in_force(self._work)) if authority else role
        before = tasks.last_done_by(self._work, self._instance, now) or self._starter
        person = self._person(before) if before is not None else None
        performer = circumstances.performer(self._variables)
        if person is None or person.unrestricted or access.belongs_to_performer(person, performer):
            return None
        return person.id if person.active and now in person.roles else None

    def _person(self, id: PersonId) -> Person:
        return self._doer if self._doer is not None and self._doer.id == id else people.get(self._work, id)


def candidates(work: Work, logins: Json) -> tuple[PersonId, ...]:
    """The people named by a variable; people who have left are passed over."""
    named = [login for login in logins if isinstance(login, str)] if isinstance(logins, list) else []
    found = [people.by_login(work, login) for login in named]
    return tuple(person.id for person in found if person is not None and person.active)
