"""Opens the tasks that a deed has led to, and gives them to the people whose case it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine import access, circumstances
from engine.actions import term_dates
from engine.model import FormId, InstanceId, Json, OpenTask, Person, PersonId, TaskDetails, TaskId
from engine.store import absences, forms, instances, people, task_terms, tasks
from engine.store.database import Work
from engine.store.task_terms import Dates, Timed
from engine.store.tasks import NewTask


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
        self._dates: dict[str, Dates] = {"": term_dates.NO_DATES}
        self._usual: dict[tuple[str, str], tuple[PersonId | None, int | None]] = {}

    def open(self, opened: Iterable[OpenTask]) -> None:
        """Lay the tasks before those who may take them, and watch their ends."""
        new = [self._new(one) for one in opened]
        timed = tasks.open_tasks(self._work, self._instance, new)
        if timed:
            task_terms.watch(self._work, [self._timed(one, timed[one.key]) for one in new if one.key in timed])

    def _new(self, one: OpenTask) -> NewTask:
        details = one.details
        variables = one.local if one.closed else {**self._variables, **one.local}
        named = variables.get(details.candidates) if details.candidates else None
        dates = self._dates_of(details.term, variables, shared=not one.local and not one.closed)
        person, absence = (None, None) if details.candidates else self._usual_person(details)
        return NewTask(
            key=one.key,
            details=details,
            form=self._form(details.form),
            due_at=dates.due_at,
            target_at=dates.target_at,
            remind_at=dates.remind_at,
            term=dates.term,
            candidates=candidates(self._work, named),
            about=one.about,
            local=one.local,
            closed=one.closed,
            person=person,
            absence=absence,
        )

    def _form(self, key: str) -> FormId | None:
        if key not in self._forms:
            version = forms.latest(self._work, key)
            self._forms[key] = version.id if version else None
        return self._forms[key]

    def _timed(self, new: NewTask, id: TaskId) -> Timed:
        dates = Dates(due_at=new.due_at, remind_at=new.remind_at, term=new.term)
        return Timed(task=id, instance=self._instance, element=new.details.element, name=new.details.name, dates=dates)

    def _dates_of(self, term: str, variables: Mapping[str, Json], *, shared: bool) -> Dates:
        """Counted once for all tasks with this term, unless it counts from dates that each of them has for itself."""
        known = self._dates.get(term)
        if known is not None and (shared or not term_dates.depends(known)):
            return known
        found = term_dates.found(self._work, term, self._work.now, variables)
        if shared or not term_dates.depends(found):
            self._dates[term] = found
        return found

    def _usual_person(self, details: TaskDetails) -> tuple[PersonId | None, int | None]:
        """Who did the last task of this role here, or set the case in motion: a case stays with its people.

        While she is away it is her deputy, with the id of the absence.
        """
        wanted = (details.role, details.authority)
        if wanted not in self._usual:
            self._usual[wanted] = self._look_up(*wanted)
        return self._usual[wanted]

    def _look_up(self, role: str, authority: str) -> tuple[PersonId | None, int | None]:
        now = access.responsible(role, authority, circumstances.scopes_in_force(self._work)) if authority else role
        before = tasks.last_done_by(self._work, self._instance, now) or self._starter
        person = self._person(before) if before is not None else None
        if person is None or not self._fits(person, now):
            return None, None
        if not absences.running_of(self._work, person.id):
            return person.id, None
        key = instances.get(self._work, self._instance).definition_key
        instead = absences.stand_in(self._work, person.id, role=now, definition_key=key)
        if instead is None:
            return person.id, None
        return instead if self._fits(people.get(self._work, instead[0]), now) else (None, None)

    def _fits(self, person: Person, role: str) -> bool:
        barred = access.belongs_to_performer(person, circumstances.performer(self._variables))
        return person.active and role in person.roles and not person.unrestricted and not barred

    def _person(self, id: PersonId) -> Person:
        return self._doer if self._doer is not None and self._doer.id == id else people.get(self._work, id)


def candidates(work: Work, logins: Json) -> tuple[PersonId, ...]:
    """The people named by a variable; people who have left are passed over."""
    named = [login for login in logins if isinstance(login, str)] if isinstance(logins, list) else []
    found = [people.by_login(work, login) for login in named]
    return tuple(person.id for person in found if person is not None and person.active)
