"""The facts around an instance: settings, authorisations, what its forms may read."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import actions_cast
from actions_cast import END, START, Centre, user, way, ways
from databases import KEY

from engine import circumstances, clock
from engine.actions import forms, people
from engine.model import Task
from engine.reading import soundness
from engine.reading import tasks as looks
from engine.store import instances
from engine.store.database import Database
from engine.store.forms import FormVersion

TODAY = date(2026, 11, 21)


def published(centre: Centre, title: str) -> FormVersion:
    changed = {**actions_cast.FORM, "title": title}
    with centre.work() as work:
        return forms.publish(work, None, "notatka", json.dumps(changed))


def title(centre: Centre, task: Task) -> str:
    with centre.database.look() as work:
        found = looks.page(work, centre.person("anna"), task.id).form
    assert found is not None
    return found.title


def test_an_open_task_keeps_the_version_of_its_form(centre: Centre) -> None:
    case = centre.start("dwa")

    published(centre, "Nowa notatka")

    assert title(centre, centre.task(case.id)) == "Notatka"
    centre.complete(centre.task(case.id).id, "anna")
    assert title(centre, centre.task(case.id)) == "Nowa notatka"


def test_a_form_of_one_database_is_not_taken_for_that_of_another(sqlite_template: Path, tmp_path: Path) -> None:
    found = []
    for name in ("Pierwszy", "Drugi"):
        file = tmp_path / f"{name}.db"
        shutil.copyfile(sqlite_template, file)
        with closing(Database(f"sqlite:///{file}", KEY)) as database, database.work() as work:
            text = json.dumps({**actions_cast.FORM, "title": name})
            id = forms.publish(work, None, "notatka", text).id
            found.append((id, circumstances.form_by_id(work, id).title))

    assert found == [(1, "Pierwszy"), (1, "Drugi")]


def test_a_newer_table_is_shown_at_once(centre: Centre) -> None:
    table = {"title": "Progi", "source": "projekt własny", "columns": ["Próg"], "rows": [["130 000 zł"]]}
    form = {
        **actions_cast.FORM,
        "key": "progi_formularz",
        "sections": [
            {"title": "Progi", "fields": [{"id": "progi", "type": "reference", "label": "Progi", "reference": "progi"}]}
        ],
    }
    with centre.work() as work:
        forms.put_reference(work, "progi", json.dumps(table))
        read = circumstances.form_by_id(work, forms.publish(work, None, "progi_formularz", json.dumps(form)).id)

    def rows() -> object:
        with centre.database.look() as work:
            return circumstances.form_context(work, None, form=read).references["progi"].rows

    assert "130 000 zł" in str(rows())
    with centre.work() as work:
        forms.put_reference(work, "progi", json.dumps({**table, "rows": [["170 000 zł"]]}))
    assert "170 000 zł" in str(rows())


def test_conditions_read_the_authorisations_of_the_day(centre: Centre) -> None:
    centre.authorise("UMOWA", since=TODAY, until=TODAY)
    centre.authorise("FORMA", since=TODAY)
    noon = datetime(2026, 11, 21, 12, tzinfo=clock.WARSAW)

    def read(after: timedelta) -> object:
        with clock.standing(noon + after), centre.database.look() as work:
            return circumstances.facts(work)["upowaznienia"]

    assert read(timedelta()) == ["FORMA", "UMOWA"]
    assert read(timedelta(days=1)) == ["FORMA"]


def test_a_start_cannot_forge_an_authorisation(centre: Centre) -> None:
    centre.publish(
        "droga",
        START
        + '<bpmn:exclusiveGateway id="bramka" name="Kto?" default="z_bramka_do_wojt"/>'
        + user("kierownik")
        + user("wojt")
        + END
        + ways("start bramka wojt koniec")
        + way("bramka", "kierownik", "list contains(upowaznienia, &quot;UMOWA&quot;)")
        + way("kierownik", "koniec"),
    )

    case = centre.start("droga", upowaznienia=["UMOWA"])

    assert centre.task(case.id).element == "wojt"


def test_the_unit_of_the_performer_is_known_once_it_is_a_number() -> None:
    assert circumstances.performer({}) is None
    assert circumstances.performer({"jednostka_wykonujaca": None}) is None
    assert circumstances.performer({"jednostka_wykonujaca": True}) is None
    assert circumstances.performer({"jednostka_wykonujaca": 3}) == 3


def test_organisers_are_the_units_of_those_who_did_something(centre: Centre) -> None:
    case = centre.start("dwa")

    def organisers() -> frozenset[int]:
        with centre.database.look() as work:
            return circumstances.form_context(work, instances.get(work, case.id)).organisers

    assert organisers() == frozenset()
    centre.complete(centre.task(case.id).id, "anna")
    assert organisers() == {int(centre.units["Organizacja"])}


def test_people_who_left_are_offered_no_more_and_still_named_in_old_answers(centre: Centre) -> None:
    case = centre.start("dwa")
    with centre.work() as work:
        people.change(
            work,
            centre.person("adam"),
            centre.person("olga").id,
            name="Olga",
            email="",
            unit=None,
            roles=[],
            active=False,
        )

    with centre.database.look() as work:
        instance = instances.get(work, case.id)
        assert "olga" not in circumstances.form_context(work, instance).people
        assert circumstances.reading_context(work, instance).people["olga"].name == "Olga"


def test_a_task_of_a_role_that_nobody_has_is_found(centre: Centre) -> None:
    centre.publish("nikt", START + user("krok") + END + ways("start krok koniec"), {"Interwent": "krok"})

    def found() -> tuple[str, ...]:
        with centre.database.look() as work:
            return soundness.findings(work)

    assert found() == ()
    case = centre.start("nikt")
    assert found() == (
        f"Nikt nie ma roli „Interwent”, a czeka na nią zadanie „Krok krok” w sprawie {case.number}."
        " Nadaj tę rolę komuś w administracji.",
    )
