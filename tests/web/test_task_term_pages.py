"""The term of a task on its page, its case's page and the list; the head changes it there, and prints the notice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pages_cast import Centre, build, csrf, opened
from pypdf import PdfReader
from web_cast import END, KOORDYNATOR, START, diagram, flows
from werkzeug.test import TestResponse

from engine import clock
from engine.actions import definitions, instances
from engine.model import TaskState
from engine.store import people, tasks

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = datetime(2026, 12, 22, 9, tzinfo=UTC)  # a day before the end of the statutory term
Begin = Callable[[str], int]


def process(key: str, term: str) -> bytes:
    task = f'<bpmn:extensionElements><bieg:task term="{term}"/></bpmn:extensionElements>'
    step = f'<bpmn:userTask id="zalatw" name="Załatw wniosek">{task}</bpmn:userTask>'
    return diagram(key, {KOORDYNATOR: "zalatw"}, START + step + END + flows("start", "zalatw", "koniec")).encode()


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    ids = build(tmp_path / "template")
    with opened(tmp_path / "template", ids, tmp_path / "data") as made:
        yield made


@pytest.fixture
def begin(centre: Centre) -> Begin:
    """Begins a case of one task with a term on Monday, by the coordinator; gives the task."""

    def begun(term: str) -> int:
        with clock.standing(MONDAY), centre.parts.database.work() as work:
            key = f"proces_{len(term)}"
            definitions.publish(work, None, process(key, term))
            by = people.by_login(work, "koordynator")
            assert by is not None
            made = instances.start(work, by, key, title="Wniosek")
            (task,) = tasks.of_instance(work, made.id, state=TaskState.OPEN)
            return int(task.id)

    return begun


def text(page: TestResponse) -> str:
    """What a page says, in one line."""
    body = re.sub(r"<[^>]+>", " ", page.text)
    return " ".join(body.replace("\u00a0", " ").split())


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf(client), **fields})


def test_a_task_says_how_much_is_left_and_why(centre: Centre, begin: Begin) -> None:
    task = begin("KPA: 1 miesiąc")

    with clock.standing(MONDAY):
        page = text(centre.browser("koordynator").get(f"/zadania/{task}"))

    assert "zostało 30 dni" in page
    assert "do 23 grudnia 2026, z prawa" in page
    assert "Dlaczego ten termin?" in page
    assert "art. 35 § 3 KPA" in page
    assert "Przesuń" not in page


def test_a_case_says_it_of_each_open_task(centre: Centre, begin: Begin) -> None:
    task = begin("14 dni")

    with clock.standing(MONDAY):
        client = centre.browser("koordynator")
        page = text(client.get(f"/sprawy/{_instance(centre, task)}"))

    assert "zostało 14 dni" in page
    assert "Dlaczego?" in page
    assert "14 dni: od 23 listopada 2026" in page


def test_the_head_postpones_a_term_of_the_centre(centre: Centre, begin: Begin) -> None:
    task = begin("14 dni")

    with clock.standing(MONDAY):
        client = centre.browser("kierownik")
        form = text(client.get(f"/zadania/{task}/termin"))
        done = post(client, f"/zadania/{task}/termin/przesun", nowy_termin="2026-12-18", powod="Czekamy na opinię")
        page = text(client.get(f"/zadania/{task}"))

    assert "To termin własny ośrodka" in form
    assert done.status_code == 302
    assert "do 18 grudnia 2026" in page
    assert "Zmiany terminu (1)" in page
    assert "Powód: Czekamy na opinię" in page
    assert "Na początku: 14 dni: od 23 listopada 2026" in page


def test_what_does_not_fit_is_told_at_its_field_and_nothing_typed_is_lost(centre: Centre, begin: Begin) -> None:
    task = begin("14 dni")

    with clock.standing(MONDAY):
        client = centre.browser("kierownik")
        free = post(client, f"/zadania/{task}/termin/przesun", nowy_termin="2026-12-25", powod="Czekamy na opinię")
        silent = post(client, f"/zadania/{task}/termin/przesun", nowy_termin="2026-12-18", powod=" ")
        odd = post(client, f"/zadania/{task}/termin/przesun", nowy_termin="jutro", powod="Czekamy")

    assert [one.status_code for one in (free, silent, odd)] == [422, 422, 422]
    assert "to dzień wolny" in text(free)
    assert "Czekamy na opinię</textarea>" in free.text
    assert "Podaj powód" in text(silent)
    assert "Podaj datę" in text(odd)


def test_a_statutory_term_is_not_postponed_but_leads_to_the_notice(centre: Centre, begin: Begin) -> None:
    task = begin("KPA: 1 miesiąc")

    with clock.standing(MONDAY):
        client = centre.browser("kierownik")
        form = client.get(f"/zadania/{task}/termin")
        done = post(client, f"/zadania/{task}/termin/przesun", nowy_termin="2026-12-30", powod="Czekamy")

    assert f"/zadania/{task}/termin/zawiadomienie" in form.text
    assert "termin/przesun" not in form.text
    assert done.status_code == 403
    assert "art. 36 KPA" in text(done)


def test_the_notice_is_drafted_completed_kept_and_printed(centre: Centre, begin: Begin) -> None:
    task = begin("KPA: 1 miesiąc")
    path, said = f"/zadania/{task}/termin/zawiadomienie", {"nowy_termin": "2027-01-29", "powod": "Brak opinii biegłego"}

    with clock.standing(LATER):
        client = centre.browser("kierownik")
        offered = client.get(f"/zadania/{task}")
        draft = post(client, path, **said)
        typed = re.search(r'name="tresc"[^>]*>([^<]*)<', draft.text)
        assert typed is not None
        kept = post(client, path, **said, tresc=typed[1].replace("Adresat: ", "Adresat: Strona "), zapisz="tak")
        letter = client.get(kept.headers["Location"])
        pdf = client.get(f"{kept.headers['Location']}.pdf")
        reader = centre.browser("koordynator").get(kept.headers["Location"])
        outsider = centre.browser("ngo").get(kept.headers["Location"])

    assert "Przygotuj zawiadomienie o niezałatwieniu sprawy w terminie" in text(offered)
    assert "Przyczyna zwłoki: Brak opinii biegłego." in text(draft)
    assert "Adresat: Strona" in text(letter)
    assert "prawo do wniesienia ponaglenia" in text(letter)
    assert pdf.headers["Content-Type"] == "application/pdf"
    printed = " ".join(" ".join(one.extract_text() for one in PdfReader(BytesIO(pdf.data)).pages).split())
    assert "ZAWIADOMIENIE O NIEZAŁATWIENIU SPRAWY W TERMINIE" in printed
    assert "29 stycznia 2027 r." in printed.replace("\u00a0", " ")
    assert "Wniosek" not in printed
    assert (reader.status_code, outsider.status_code) == (200, 404)


def test_the_coordinator_is_told_to_speak_up_but_changes_nothing(centre: Centre, begin: Begin) -> None:
    task = begin("KPA: 1 miesiąc")

    with clock.standing(LATER):
        client = centre.browser("koordynator")
        page = text(client.get(f"/zadania/{task}"))
        answers = [client.get(f"/zadania/{task}/termin{end}").status_code for end in ("", "/zawiadomienie")]
        done = post(client, f"/zadania/{task}/termin/wstrzymaj", powod="Bo tak", podstawa="art. 97")

    assert "powiedz kierownikowi" in page
    assert answers == [403, 403]
    assert done.status_code == 403


def test_a_term_is_suspended_and_resumed(centre: Centre, begin: Begin) -> None:
    task = begin("14 dni")

    with clock.standing(MONDAY + timedelta(days=2)):
        client = centre.browser("kierownik")
        basis = "art. 98 § 1 KPA (na wniosek strony)"
        post(client, f"/zadania/{task}/termin/wstrzymaj", powod="Wniosek strony", podstawa=basis)
        paused = text(client.get(f"/zadania/{task}"))
        listed = text(centre.browser("koordynator").get("/zadania"))
    with clock.standing(MONDAY + timedelta(days=30)):
        client = centre.browser("kierownik")
        form = text(client.get(f"/zadania/{task}/termin"))
        late = text(centre.browser("koordynator").get("/zadania?pokaz=late"))
        post(client, f"/zadania/{task}/termin/podejmij", powod="Strona cofnęła wniosek")
        running = text(client.get(f"/zadania/{task}"))

    assert "termin wstrzymany" in paused
    assert "przedtem do 7 grudnia 2026" in paused
    assert "termin wstrzymany" in listed
    assert "Nic nie jest po terminie" in late
    assert "Podejmij termin" in form
    assert "zostało 12 dni" in running


def test_a_task_that_is_put_aside_sinks_until_its_day(centre: Centre, begin: Begin) -> None:
    task = begin("14 dni")

    with clock.standing(MONDAY):
        client = centre.browser("koordynator")
        post(client, f"/zadania/{task}/termin/wroc", wroc="2026-12-03")
        aside = text(client.get("/zadania"))
    with clock.standing(datetime(2026, 12, 3, 9, tzinfo=UTC)):
        back = text(centre.browser("koordynator").get("/zadania"))

    assert "wróć: 3 grudnia" in aside
    assert aside.index("Odłożone na później") < aside.index("Załatw wniosek")
    assert "Odłożone" not in back
    assert "Załatw wniosek" in back


def test_a_late_task_is_never_put_out_of_sight(centre: Centre, begin: Begin) -> None:
    task = begin("14 dni")

    with clock.standing(datetime(2026, 12, 9, 9, tzinfo=UTC)):
        client = centre.browser("koordynator")
        post(client, f"/zadania/{task}/termin/wroc", wroc="2026-12-20")
        page = text(client.get("/zadania"))

    assert "Odłożone" not in page
    assert "2 dni po terminie" in page
    assert "wróć: 20 grudnia" in page


def test_a_day_that_does_not_fit_is_said(centre: Centre, begin: Begin) -> None:
    task = begin("14 dni")

    with clock.standing(MONDAY):
        client = centre.browser("koordynator")
        post(client, f"/zadania/{task}/termin/wroc", wroc="2026-12-08")
        page = text(client.get(f"/zadania/{task}"))

    assert "Termin zadania mija 7 grudnia 2026" in page


def test_a_term_without_its_dates_says_what_is_missing(centre: Centre, begin: Begin) -> None:
    task = begin("21 dni od ostatniego z: ogloszenie_bip, ogloszenie_siedziba")

    with clock.standing(MONDAY):
        page = text(centre.browser("koordynator").get(f"/zadania/{task}"))

    assert "czeka na datę" in page
    assert "Brakuje dat" in page


def _instance(centre: Centre, task: int) -> int:
    with centre.parts.database.look() as work:
        return int(tasks.get(work, task).instance)  # type: ignore[arg-type]
