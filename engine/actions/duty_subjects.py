"""What the duties of the centre concern now: each subject with the day on which its duty is due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from engine import clock
from engine.model import Authorisation, InstanceId, Json
from engine.store import authorisations, duties
from engine.store.database import Work
from engine.store.duties import Duty, DutyKind, Service
from engine.terms import rounds

HORIZON = 13  # months that are planned ahead
CASE = "instance:"
AUTHORISATION = "authorisation:"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What one occurrence of a duty is about.

    Attributes:
        key: as it is kept, see `NewOccurrence`.
        variables: what the case that the duty begins is told.
        suppressed: why nobody has to do it here, "" when somebody must.
    """

    key: str
    due_on: date
    name: str
    variables: Mapping[str, Json]
    suppressed: str = ""


class Subjects:
    """The subjects of all duties at the moment of one deed; what several duties share is looked up once.

    Args:
        only: look at the subject with this key alone.
    """

    def __init__(self, work: Work, *, only: str | None = None) -> None:
        self._work = work
        self._only = only
        self._services: dict[tuple[str, ...], tuple[Service, ...]] = {}
        self.today = clock.today(work.now)

    def of(self, duty: Duty, first: date) -> Iterator[Subject]:
        """What a duty concerns, whether it lies ahead or not; days that only come round, from `first` on."""
        match duty.kind:
            case DutyKind.ROUND:
                yield from self._rounds(duty, first)
            case DutyKind.DATE:
                yield from self._dates(duty)
            case DutyKind.AUTHORISATION:
                yield from self._authorisations(duty)
            case DutyKind.MONTHLY:
                return  # the diagrams make these tasks themselves

    def _rounds(self, duty: Duty, first: date) -> Iterator[Subject]:
        for day in rounds.days(duty.rule, first, rounds.months_on(self.today, HORIZON)):
            yield Subject(key="", due_on=day, name=f"{duty.word('name')} {day.year}", variables=_told(day))

    def _dates(self, duty: Duty) -> Iterator[Subject]:
        for one in self._of_processes(duty):
            day = _day(one.variables.get(duty.word("variable")))
            if day is not None:
                yield Subject(
                    key=f"{CASE}{one.instance}",
                    due_on=day,
                    name=f"{duty.word('name')}: sprawa {one.number}",
                    variables={**_told(day), "numer_sprawy": one.number},
                    suppressed=duty.why_suppressed(one.variables),
                )

    def _authorisations(self, duty: Duty) -> Iterator[Subject]:
        for one in self._register:
            if one.valid_to is not None and one.revoked_on is None and not self._renewed(one, one.valid_to):
                yield Subject(
                    key=f"{AUTHORISATION}{one.id}",
                    due_on=one.valid_to,
                    name=f"{duty.word('name')} nr {one.number}",
                    variables={
                        **_told(one.valid_to),
                        "numer_upowaznienia": one.number,
                        "kod_zakresu": one.scope,
                    },
                )

    def _of_processes(self, duty: Duty) -> tuple[Service, ...]:
        if self._only is not None and not self._only.startswith(CASE):
            return ()
        processes = duty.words("processes")
        if processes not in self._services:
            self._services[processes] = duties.services(self._work, processes, case_of(self._only or ""))
        return self._services[processes]

    @cached_property
    def _register(self) -> tuple[Authorisation, ...]:
        return authorisations.all_authorisations(self._work)

    def _renewed(self, old: Authorisation, end: date) -> bool:
        """True when another of the same scope is in force longer and without a gap."""
        return any(
            one.scope == old.scope
            and one.id != old.id
            and one.revoked_on is None
            and one.valid_from.toordinal() <= end.toordinal() + 1
            and (one.valid_to is None or one.valid_to > end)
            for one in self._register
        )


def case_of(subject: str) -> InstanceId | None:
    """The case that a subject is, if it is one."""
    return InstanceId(int(subject.removeprefix(CASE))) if subject.startswith(CASE) else None


def _told(day: date) -> dict[str, Json]:
    return {"termin_obowiazku": day.isoformat()}


def _day(value: Json) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
