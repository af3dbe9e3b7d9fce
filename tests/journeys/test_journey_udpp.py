"""One service is organised in the browser through all seven stages, by the people whose work it is."""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import count

from filling import fill
from office import Office
from playwright.sync_api import expect
from visitor import Visitor

from engine import clock
from engine.demo import answering, walking
from engine.model import Task

START: Mapping[str, object] = {
    "usluga": "Asysta rodziny w kryzysie",
    "rodzaj_uslugi": "OGOLNA",
    "sciezka": "III",
    "wariant": "SKONCENTROWANA",
    "typ_ops": "MOPS",
    "pilotaz": False,
}
CHOSEN: Mapping[str, Mapping[str, object]] = {
    "organizacja_wybor_sciezki": {"wybrana_sciezka": "III"},
    "forma_propozycja": {"proponowana_forma": "UDPP"},
}
REASON = "Podaj, ile godzin miesięcznie przypada na jedną rodzinę."
CORRECTED = "Dwadzieścia godzin miesięcznie na każdą rodzinę."
PROPOSED = {"zadanie_plan": ("nadzor_od", "umowa_do")}  # the page proposes them, nobody types them again
MOST_TASKS = 90
# The last element of each stage, after which a picture is taken of the case.
STAGES = {
    "zadanie_informacja_o_potrzebach": "1-diagnoza",
    "zadanie_akceptacja_zakresu": "2-zakres",
    "zadanie_decyzja_z_upowaznienia": "3-forma",
    "zadanie_decyzja_budzet": "4-finansowanie",
    "zadanie_umowa": "5-wybor",
    "zadanie_dzialania": "7-ewaluacja",
}


class Journey:
    """One case on its way through the hands of everybody whom it concerns."""

    def __init__(self, office: Office, enter: Callable[..., Visitor]) -> None:
        self.office = office
        self.enter = enter
        self.inside: dict[str, Visitor] = {}
        self.case = 0
        self.passed: list[str] = []
        self.numbers = count(1)

    def visitor(self, login: str) -> Visitor:
        """The browser of this person; everybody has one of their own."""
        if login not in self.inside:
            self.inside[login] = self.enter(self.office, login)
        return self.inside[login]

    def start(self, login: str) -> None:
        visitor = self.visitor(login)
        visitor.open("/sprawy")
        visitor.page.get_by_role("link", name="Rozpocznij sprawę").click()
        fill(visitor.page, START)
        visitor.shot("udpp-0-start")
        visitor.press("Rozpocznij sprawę")
        self.case = int(re.findall(r"/sprawy/(\d+)", visitor.page.url)[0])

    def open(self, element: str = "") -> tuple[Visitor, Task]:
        """The task at `element`, else the first that waits, opened by somebody who may do it."""
        task = next(one for one in self.office.open_tasks(self.case) if element in ("", one.element))
        with self.office.parts.database.look() as work:
            login = walking.taker(work, task).login
        visitor = self.visitor(login)
        visitor.open(f"/zadania/{task.id}")
        return visitor, task

    def do(self, element: str = "", **answers: object) -> Visitor:
        """Have a task done: the form is filled in as its page shows it, and sent."""
        visitor, task = self.open(element)
        fill(visitor.page, self.answers(task, answers))
        if task.element in ("zadanie_oferty", "zadanie_protokol", "zadanie_sprawozdanie", "zadanie_raport"):
            visitor.shot(f"udpp-{next(self.numbers):02}-{task.element}")
        visitor.press("Zakończ zadanie")
        errors = visitor.page.locator("[data-error-summary]")
        assert not errors.count(), f"{task.element}: {errors.inner_text()}"
        expect(visitor.page.get_by_role("status").filter(has_text="Zadanie wykonane.")).to_be_visible()
        self.passed.append(task.element)
        if task.element in STAGES:
            self.look(STAGES[task.element])
        return visitor

    def answers(self, task: Task, given: Mapping[str, object]) -> Mapping[str, object]:
        """What the person answers: what the story says, else the first that the form accepts."""
        found = self.office.form_of(task)
        if found is None:
            return {}
        told = {**CHOSEN.get(task.form_key, {}), **given}
        invented = answering.invented(*found, told)
        if task.element == "zadanie_umowa":
            return {**invented, **two_months(clock.today())}
        return {name: value for name, value in invented.items() if name not in PROPOSED.get(task.element, ())}

    def until(self, element: str) -> None:
        """Do whatever waits until a task at `element` is open."""
        for _ in range(MOST_TASKS):
            waiting = self.office.open_tasks(self.case)
            if any(one.element == element for one in waiting):
                return
            if waiting:
                self.do()
            else:
                self.wait()
        raise AssertionError(f"{element} was never reached; done: {self.passed}")

    def to_the_end(self) -> None:
        """Do whatever waits until the case is finished."""
        for _ in range(MOST_TASKS):
            if self.finished():
                return
            if self.office.open_tasks(self.case):
                self.do()
            else:
                self.wait()
        raise AssertionError(f"the case does not end; done: {self.passed}")

    def wait(self) -> None:
        """Turn the calendar to the next deadline of the case."""
        with self.office.parts.database.look() as work:
            waiting = walking.deadlines.of_instance(work, walking.InstanceId(self.case))
        assert waiting, f"the case waits for nothing; done: {self.passed}"
        self.office.calendar.travel(min(one.due_at for one in waiting) + timedelta(minutes=1))
        assert self.office.tick()

    def finished(self) -> bool:
        with self.office.parts.database.look() as work:
            return walking.instances.get(work, walking.InstanceId(self.case)).state == "completed"

    def look(self, name: str) -> Visitor:
        """Take a picture of the case as the kierownik sees it."""
        visitor = self.visitor("kierownik")
        visitor.open(f"/sprawy/{self.case}")
        visitor.shot(f"udpp-{name}")
        return visitor


def two_months(today: date) -> dict[str, object]:
    """A contract over the next two whole months."""
    first = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    second = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    last = second.replace(day=months.monthrange(second.year, second.month)[1])
    return {"umowa_od": first.isoformat(), "umowa_do": last.isoformat()}


def test_a_service_is_organised_from_diagnosis_to_evaluation(new_office: Office, enter: Callable[..., Visitor]) -> None:
    journey = Journey(new_office, enter)
    journey.start("koordynator")

    # The kierownik sends the scope back; its author sees why, corrects it, and it is accepted.
    journey.until("zadanie_akceptacja_zakresu")
    journey.do("zadanie_akceptacja_zakresu", decyzja="ZWRACAM", powod=REASON)
    author, _ = journey.open("zadanie_propozycja_zakresu")
    notice = author.page.get_by_role("region", name="Zwrócono do poprawy")
    expect(notice).to_contain_text(REASON)
    expect(notice).to_contain_text(new_office.person("kierownik").name)
    author.shot("udpp-2-zwrot")
    journey.do("zadanie_propozycja_zakresu", wymiar_opis=CORRECTED)
    checker, _ = journey.open("zadanie_akceptacja_zakresu")
    expect(checker.page.locator("main")).to_contain_text(CORRECTED)
    journey.do("zadanie_akceptacja_zakresu")

    journey.until("zadanie_sprawozdanie")
    waiting = journey.look("6-nadzor").page
    expect(waiting.get_by_role("region", name=re.compile("Nadzór i monitoring"))).to_be_visible()
    journey.to_the_end()

    assert journey.passed.count("zadanie_akceptacja_zakresu") == 2
    assert journey.passed.count("zadanie_sprawozdanie") == 2
    assert {"kierownik", "koordynator", "wojt", "formy", "socjalny"} <= set(journey.inside)
    page = journey.look("8-koniec").page
    expect(page.locator("main")).to_contain_text(re.compile("Sprawa zakończona"))
    expect(page.get_by_role("heading", name="Asysta rodziny w kryzysie")).to_be_visible()
