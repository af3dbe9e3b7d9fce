"""Deadlines by hand: a coordinator's morning, an administrator who finds the stuck step, a fortnight with a deputy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filling import fill
from letterbox import Mailbox, mail_server
from office import Office, serving
from playwright.sync_api import expect
from visitor import Visitor

from engine import clock, scheduler
from engine.demo import answering
from engine.model import Person, Task
from engine.reading import tasks
from engine.store import people as people_store
from engine.store import preferences

Enter = Callable[..., Visitor]
TUESDAY_SEVEN = datetime(2026, 11, 24, 6, 0, 30, tzinfo=UTC)  # 7:00 in the centre


@pytest.fixture
def post(centre_with_cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Office, Mailbox]]:
    """A centre with cases, late ones among them, and with a mail server."""
    with mail_server() as (box, port):
        mail = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
        with serving(centre_with_cases, tmp_path / "data", monkeypatch, **mail) as office:
            no_longer_for_show(office)
            scheduler.ensure_daily(office.parts)
            yield office, box


def test_a_coordinators_morning(post: tuple[Office, Mailbox], enter: Enter) -> None:
    office, box = post
    office.calendar.travel(TUESDAY_SEVEN)
    while office.tick():  # one deadline of the centre sets one for each person
        pass
    scheduler.post(office.parts)

    text = box.text_for("koordynator@")
    late = next(one for one in tasks_in(text, office) if one.due_at and one.due_at < clock.now())
    visitor = enter(office, "koordynator")
    page = visitor.page
    counted = int(page.get_by_role("link", name=re.compile("^Po terminie")).locator(".count").inner_text())
    visitor.open(f"/zadania/{late.id}")

    expect(page.locator(".term-box .due")).to_contain_text("po terminie")
    page.get_by_text("Dlaczego ten termin?").click()
    expect(page.locator(".term-why")).to_contain_text("tego dnia się nie liczy")
    visitor.shot("poranek-zadanie")
    fill(page, answers(office, late))
    visitor.press("Zakończ zadanie")

    expect(page.get_by_role("status").filter(has_text="Zadanie wykonane.")).to_be_visible()
    visitor.open("/zadania")
    after = page.get_by_role("link", name=re.compile("^Po terminie")).locator(".count").inner_text()
    assert int(after) == counted - 1
    assert late.instance_title not in text


def test_an_administrator_finds_the_stuck_step_reminds_and_reassigns(busy_office: Office, enter: Enter) -> None:
    visitor = enter(busy_office, "administrator")
    page = visitor.page
    page.get_by_role("link", name="Terminy", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Terminy")
    assert visitor.findings("terminy-podroz") == []

    step = "Sporządzenie miesięcznego sprawozdania"
    page.locator(".bars li").filter(has_text=step).first.get_by_role("link").click()
    first = page.locator(".late-table tbody tr").first
    expect(first).to_contain_text(step)
    assert visitor.findings("terminy-lista") == []
    first.get_by_role("checkbox").check()
    visitor.press("Przypomnij")
    expect(page.get_by_role("status")).to_contain_text("Zrobione: 1")

    page.get_by_role("link", name="Wróć do listy").click()
    first = page.locator(".late-table tbody tr").first
    number = re.findall(r"/zadania/(\d+)", first.locator("a.task-name").get_attribute("href") or "")[0]
    holder = busy_office.task(int(number)).person
    first.get_by_role("checkbox").check()
    visitor.press("Przekaż…")
    choice = page.get_by_label("Komu przekazać")
    choice.select_option(index=1)
    assert visitor.findings("terminy-przekazanie") == []
    visitor.press("Przekaż")
    expect(page.get_by_role("status")).to_contain_text("Zrobione: 1")
    told = busy_office.task(int(number))

    assert told.person is not None
    assert told.person != holder
    owner = next(one for one in people(busy_office) if one.id == told.person)
    other = enter(busy_office, owner.login)
    other.open("/powiadomienia")
    expect(other.page.get_by_role("main")).to_contain_text(told.name)


def test_an_absence_with_a_deputy_and_what_comes_back(busy_office: Office, enter: Enter) -> None:
    anna, sylwia = enter(busy_office, "koordynator"), enter(busy_office, "formy")
    late = next(one for one in waiting_for(busy_office, "koordynator") if one.due_at and one.due_at < clock.now())
    before = {one.id for one in waiting_for(busy_office, "koordynator")}
    own = {one.id for one in waiting_for(busy_office, "formy")}
    anna.page.get_by_role("link", name="Nieobecności").click()
    anna.page.get_by_label("Ostatni dzień").fill("2026-12-04")
    anna.page.get_by_label("Kto zastępuje").select_option(label="Sylwia Nieprawdziwa")
    assert anna.findings("nieobecnosci") == []
    anna.press("Wpisz nieobecność")

    sylwia.open("/zadania")
    expect(sylwia.page.get_by_role("link", name=late.name).first).to_be_visible()
    assert {one.id for one in waiting_for(busy_office, "formy")} == own | before
    sylwia.open(f"/zadania/{late.id}")
    fill(sylwia.page, answers(busy_office, late))
    sylwia.press("Zakończ zadanie")
    expect(sylwia.page.get_by_role("status").filter(has_text="Zadanie wykonane.")).to_be_visible()

    busy_office.calendar.travel(datetime(2026, 12, 5, 0, 0, tzinfo=UTC))
    while busy_office.tick():
        pass
    assert before - {late.id} <= {one.id for one in waiting_for(busy_office, "koordynator")}
    assert {one.id for one in waiting_for(busy_office, "formy")} <= own
    assert busy_office.person("formy").roles == {"Specjalista ds. form realizacji usług"}
    anna.open("/nieobecnosci")
    anna.page.get_by_role("link", name="Anna Przykładna").last.click()
    expect(anna.page.get_by_role("region", name="Wykonane w zastępstwie")).to_contain_text(late.name)
    expect(anna.page.get_by_role("region", name="Wróciło na listę")).to_be_visible()
    assert anna.findings("nieobecnosc-wykaz") == []


def waiting_for(office: Office, login: str) -> tuple[Task, ...]:
    """What stands in the list of one person."""
    with office.parts.database.look() as work:
        return tasks.mine(work, office.person(login)).items


def no_longer_for_show(office: Office) -> None:
    """The demonstration centre writes to nobody."""
    with office.parts.database.work() as work:
        known = preferences.get(work, "centre")
        assert isinstance(known, dict)
        preferences.put(work, "centre", {**known, "demo": False})


def tasks_in(text: str, office: Office) -> list[Task]:
    """The tasks to which the links of an e-mail lead."""
    return [office.task(int(number)) for number in re.findall(r"/zadania/(\d+)", text)]


def answers(office: Office, task: Task) -> dict[str, object]:
    found = office.form_of(task)
    return answering.invented(*found, {}) if found else {}


def people(office: Office) -> tuple[Person, ...]:
    with office.parts.database.look() as work:
        return people_store.all_people(work)
