"""An invented centre with everything that ships, and cases that its people walk through the real actions."""

import shutil
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from engine import access, circumstances, clock, shipped
from engine.actions import instances as deeds_on_instances
from engine.actions import people as deeds_on_people
from engine.actions import tasks as deeds
from engine.bootstrap import Parts, assemble
from engine.demo import answering
from engine.demo.people import PEOPLE, UNITS
from engine.demo.walking import Walk
from engine.errors import AnswersRejected
from engine.model import Person, Task, TaskState
from engine.settings import Settings
from engine.store import answers, authorisations, instances, journal, people, tasks
from engine.store.database import upgrade

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
CONTRACT = ("2027-01-01", "2027-01-31")
ALL_BUT_CONTRACTS = ("FORMA", "KONKURS", "NADZOR")
ANOTHER_PERFORMER = "Ośrodek wsparcia dziennego"
MODEL_CASE = {
    "usluga": "Poradnictwo rodzinne",
    "rodzaj_uslugi": "OGOLNA",
    "sciezka": "II",
    "forma_obecna": "OWN",
    "wariant": "SKONCENTROWANA",
    "typ_ops": "MOPS",
    "pilotaz": False,
}


def furnish(folder: Path) -> Path:
    """Make the data folder of a centre with people, units and all that ships, but no authorisation."""
    settings = Settings(data=folder)
    folder.mkdir(parents=True)
    upgrade(settings.url)
    parts = assemble(settings)
    with clock.standing(BEGIN), parts.database.work() as work:
        units = {name: people.add_unit(work, name=name, performs=performs) for name, performs in UNITS}
        people.add_unit(work, name=ANOTHER_PERFORMER, performs=True)
        for one in PEOPLE:
            people.add(
                work,
                login=one.login,
                name=one.name,
                email="",
                unit=units.get(one.unit),
                roles=frozenset(one.roles),
                password_hash="-",
                unrestricted=False,
            )
        list(shipped.publish(work, None, shipped.files()))
    parts.database.close()
    return folder


class Centre:
    """One centre; its authorisations and cases."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    @classmethod
    def copied(cls, template: Path, folder: Path) -> "Centre":
        shutil.copytree(template, folder)
        return cls(assemble(Settings(data=folder)))

    def authorise(self, *scopes: str, until: date | None = None, at: datetime = BEGIN) -> dict:
        """Enter authorisations in force from the beginning; gives their ids by scope."""
        with clock.standing(at), self.parts.database.work() as work:
            return {
                scope: deeds_on_people.authorise(
                    work,
                    None,
                    scope=scope,
                    number=f"OPS.077.{scope}",
                    valid_from=date(2026, 1, 1),
                    valid_to=until,
                )
                for scope in scopes
            }

    def revoke(self, authorisation, *, at: datetime) -> None:
        with clock.standing(at), self.parts.database.work() as work:
            deeds_on_people.revoke(work, self.person("administrator"), authorisation)

    def person(self, login: str) -> Person:
        with self.parts.database.look() as work:
            return people.by_login(work, login)

    def unit(self, name: str) -> int:
        with self.parts.database.look() as work:
            return next(int(one.id) for one in people.units(work) if one.name == name)

    def start(self, *, form: str = "UDPP", contract=CONTRACT, told: Mapping | None = None, **variables) -> "Case":
        """A case on the way to a service in `form`; `variables` differ from the model case."""
        given = {**MODEL_CASE, **variables}
        if given["sciezka"] == "III":
            given.pop("forma_obecna")
        with clock.standing(BEGIN), self.parts.database.work() as work:
            by = people.by_login(work, "koordynator")
            made = deeds_on_instances.start(work, by, "organizacja_uslugi", variables=given)
        return Case(parts=self.parts, instance=made.id, now=BEGIN, answers=way(given, form, contract, told or {}))


def way(given: Mapping, form: str, contract, told: Mapping) -> dict:
    """The answers that lead a case along its path to the form of service and the contract."""
    dates = {"umowa_od": contract[0], "umowa_do": contract[1]}
    signing = (
        *("aneks_zawarcie", "udpp_umowa", "ppn_podpis_gminy", "pzp_umowa", "ngo_zatwierdzenie_ops"),
        *("opspup_podpis_ops", "inne_komorka", "inne_podpis_wojta", "organizacja_umowa_partnerska"),
    )
    led = {
        "organizacja_wybor_sciezki": {"wybrana_sciezka": given["sciezka"], "forma_istniejaca": form},
        "forma_propozycja": {"proponowana_forma": form},
        "forma_potwierdzenie": {"potwierdzona_forma": form},
        "pzp_specyfikacja": {"wartosc_zamowienia": "200000.00"},
        "nadzor_plan": {"nadzor_od": contract[0], "umowa_do": contract[1]},
        **dict.fromkeys(signing, dates),
    }
    return {key: {**led.get(key, {}), **told.get(key, {})} for key in {*led, *told}}


class Case(Walk):
    """A case that can be looked at, and in which single tasks can be tried."""

    def to(self, element: str) -> Task:
        """Walk until a task at `element` is open."""
        assert self.until(element), f"{element} was not reached; passed: {self.passed}"
        return self.task(element)

    def task(self, element: str) -> Task:
        return next(one for one in self.open() if one.element == element)

    def open(self) -> tuple[Task, ...]:
        return self.stands()[1]

    def done(self) -> tuple[Task, ...]:
        """The tasks that were done, in the order of opening."""
        with self.looking() as work:
            return tasks.of_instance(work, self.instance, state=TaskState.DONE)

    def variables(self) -> Mapping:
        with self.looking() as work:
            return instances.get(work, self.instance).variables

    def journal(self):
        with self.looking() as work:
            return journal.of_instance(work, self.instance)

    def register(self):
        with self.looking() as work:
            return authorisations.all_authorisations(work)

    def said(self, form: str) -> list[Mapping]:
        """Every filling of a form, the oldest first."""
        with self.looking() as work:
            return [one.values for one in answers.of_instance(work, self.instance) if one.form_key == form]

    def months(self) -> list[str]:
        """The months for which a report was filed."""
        return [one["miesiac"] for one in self.said("nadzor_sprawozdanie")]

    def do(self, element: str, **given) -> Task:
        """Go to a task and have it done once with these answers, by somebody who may."""
        task = self.to(element)
        usual = dict(self.answers)
        self.answers = {**usual, element: {**usual.get(task.form_key, {}), **given}}
        self.complete(task)
        self.answers = usual
        return task

    def refused(self, element: str, **given) -> list[str]:
        """The sentences with which the form refuses these answers beside else valid ones."""
        task = self.to(element)
        raw = {**self.valid(task), **given}
        with self.acting() as work:
            by = people.by_login(work, self.someone(task))
            try:
                deeds.complete(work, by, task.id, raw)
            except AnswersRejected as refusal:
                found = [one.message for one in refusal.errors]
            else:
                found = []
            work.connection.rollback()
        return found

    def as_person(self, login: str, task: Task, deed=deeds.complete, *extra):
        """Let a person try a deed on a task; completing it takes valid answers along."""
        extra = (self.valid(task),) if deed is deeds.complete else extra
        with self.acting() as work:
            return deed(work, people.by_login(work, login), task.id, *extra)

    def valid(self, task: Task) -> Mapping:
        with self.looking() as work:
            form = circumstances.form_by_id(work, task.form)
            context = circumstances.form_context(work, instances.get(work, task.instance), task, form)
            return answering.invented(form, context, self.answers.get(task.form_key, {}))

    def someone(self, task: Task) -> str:
        """Login of a person who may do the task."""
        with self.looking() as work:
            scopes, candidates = circumstances.scopes_in_force(work), tasks.candidates(work, task.id)
            found = [
                one
                for one in people.all_people(work)
                if access.may_take(one, task, candidates=candidates, scopes=scopes) and task.person in (None, one.id)
            ]
            return found[0].login

    def sleep(self, days: int) -> None:
        """Let days go by in which nobody works and nothing fires."""
        self.now += timedelta(days=days)

    @contextmanager
    def looking(self):
        with clock.standing(self.now), self.parts.database.look() as work:
            yield work

    @contextmanager
    def acting(self):
        with clock.standing(self.now), self.parts.database.work() as work:
            yield work
