"""The deeds on a task, each with those who may not do it."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta

import pytest
from actions_cast import END, KOORDYNATOR, NGO, START, WOJT, Centre, user, way, ways

from engine import clock
from engine.actions import incidents, instances
from engine.actions import people as people_deeds
from engine.actions import tasks as deeds
from engine.errors import AnswersRejected, Conflict, InputRejected, NotAllowed, NotFound, StepFailed
from engine.model import Instance, InstanceState, StepState, Task, TaskState
from engine.reading import instances as instance_looks
from engine.reading import papers
from engine.reading import tasks as looks
from engine.reading.views import TaskPage
from engine.store import answers, journal, preferences, steps, tasks
from engine.store import definitions as definition_rows
from engine.store import instances as rows


def told(centre: Centre, instance: Instance) -> list[str]:
    with centre.database.look() as work:
        return [one.deed for one in journal.of_instance(work, instance.id)]


# --- claim and release ---------------------------------------------------------------------------


def test_a_claimed_task_is_told_to_the_next_by_name(centre: Centre) -> None:
    task = centre.task(centre.start("dwa").id)

    mine = centre.claim(task.id, "anna")

    assert mine.person_name == "Anna"
    with pytest.raises(Conflict, match="ma już Anna"):
        centre.claim(task.id, "olga")


def test_claiming_again_changes_nothing_and_is_noted_once(centre: Centre) -> None:
    case = centre.start("dwa")
    task = centre.task(case.id)

    centre.claim(task.id, "anna")
    centre.claim(task.id, "anna")

    assert told(centre, case) == ["start", "claim"]


def test_somebody_of_another_role_is_told_whose_task_it_is(centre: Centre) -> None:
    task = centre.task(centre.start("dwa").id)

    with pytest.raises(NotAllowed, match="należy do roli „Koordynator usług pomocy społecznej”"):
        centre.claim(task.id, "pawel")


def test_for_people_of_other_institutions_a_task_of_others_does_not_exist(centre: Centre) -> None:
    task = centre.task(centre.start("dwa").id)

    with pytest.raises(NotFound):
        centre.claim(task.id, "natalia")
    with pytest.raises(NotFound):
        centre.complete(task.id, "natalia")


def test_not_even_the_state_of_a_case_is_told_to_people_of_other_institutions(centre: Centre) -> None:
    case = centre.start("dwa")
    task = centre.task(case.id)
    with centre.work() as work:
        instances.cancel(work, centre.person("krystyna"), case.id, "Pomyłka")

    with pytest.raises(NotFound):
        centre.complete(task.id, "natalia")


def test_a_released_task_waits_for_the_team_again(centre: Centre) -> None:
    task = centre.task(centre.start("dwa").id)
    centre.claim(task.id, "anna")

    with centre.work() as work:
        deeds.release(work, centre.person("anna"), task.id)

    assert centre.claim(task.id, "olga").person_name == "Olga"


def test_only_its_holder_releases_a_task(centre: Centre) -> None:
    task = centre.task(centre.start("dwa").id)
    centre.claim(task.id, "anna")

    with centre.work() as work, pytest.raises(Conflict, match="nie jest przydzielone do Ciebie"):
        deeds.release(work, centre.person("olga"), task.id)


# --- delegate ------------------------------------------------------------------------------------


def delegate(centre: Centre, task: Task, by: str, to: str) -> Task:
    with centre.work() as work:
        return deeds.delegate(work, centre.person(by), task.id, to)


def test_a_task_goes_to_a_colleague_with_the_role(centre: Centre) -> None:
    task = centre.task(centre.start("dwa").id)
    centre.claim(task.id, "anna")

    assert delegate(centre, task, "anna", "olga").person_name == "Olga"
    with pytest.raises(NotAllowed, match="właściwą rolą"):
        delegate(centre, task, "olga", "pawel")
    with pytest.raises(NotAllowed, match="właściwą rolą"):
        delegate(centre, task, "olga", "nikt-taki")


def test_a_colleague_does_not_hand_on_what_another_has_but_the_kierownik_does(centre: Centre) -> None:
    task = centre.task(centre.start("dwa").id)
    centre.claim(task.id, "anna")

    with pytest.raises(NotAllowed, match="Przekazać może je ta osoba albo kierownik"):
        delegate(centre, task, "olga", "olga")
    moved = delegate(centre, task, "krystyna", "olga")

    assert moved.person_name == "Olga"
    centre.complete(task.id, "olga")


def test_the_kierownik_gives_no_decision_of_the_wojt_to_anybody_else(centre: Centre) -> None:
    centre.publish(
        "decyzja", START + user("umowa", 'authority="UMOWA"') + END + ways("start umowa koniec"), {WOJT: "umowa"}
    )
    task = centre.task(centre.start("decyzja").id)

    with pytest.raises(NotAllowed, match="właściwą rolą"):
        delegate(centre, task, "krystyna", "anna")


def test_a_task_is_not_handed_to_somebody_who_has_left(centre: Centre) -> None:
    task = centre.task(centre.start("dwa").id)
    leave(centre, "olga")

    with pytest.raises(NotAllowed):
        delegate(centre, task, "anna", "olga")


# --- drafts --------------------------------------------------------------------------------------


def draft(centre: Centre, task: Task, by: str, **said: object) -> None:
    with centre.work() as work:
        deeds.save_draft(work, centre.person(by), task.id, said)


def shown(centre: Centre, task: Task, to: str) -> TaskPage:
    with centre.database.look() as work:
        return looks.page(work, centre.person(to), task.id)


def test_a_draft_is_offered_again_and_gone_when_the_task_is_done(centre: Centre) -> None:
    case = centre.start("dwa")
    task = centre.task(case.id)

    draft(centre, task, "anna", tresc="Zaczęte")

    assert shown(centre, task, "anna").raw == {"tresc": "Zaczęte"}
    centre.complete(task.id, "anna")
    with centre.database.look() as work:
        assert answers.draft(work, task.id) is None


def test_what_is_being_typed_is_seen_by_the_one_who_types_alone(centre: Centre) -> None:
    task = centre.task(centre.start("dwa").id)
    centre.claim(task.id, "anna")
    draft(centre, task, "anna", tresc="Jeszcze nie gotowe")

    assert shown(centre, task, "anna").raw
    assert [shown(centre, task, login).raw for login in ("olga", "krystyna", "adam")] == [{}, {}, {}]


def test_no_draft_is_kept_of_a_task_that_another_has_or_that_is_done(centre: Centre) -> None:
    task = centre.task(centre.start("dwa").id)
    centre.claim(task.id, "anna")

    with pytest.raises(Conflict, match="To zadanie ma Anna"):
        draft(centre, task, "olga", tresc="x")
    centre.complete(task.id, "anna")
    with pytest.raises(Conflict, match=r"wykonano już wcześniej \(wykonała je osoba: Anna\)"):
        draft(centre, task, "olga", tresc="x")


# --- complete ------------------------------------------------------------------------------------


def test_a_completed_task_leads_to_the_next_and_sets_its_variable(centre: Centre) -> None:
    case = centre.start("dwa")

    done = centre.complete(centre.task(case.id).id, "anna", tresc="Załatwione")

    assert [one.element for one in done.next] == ["drugi"]
    with centre.database.look() as work:
        assert rows.get(work, case.id).variables["tresc"] == "Załatwione"
    assert told(centre, case) == ["start", "complete"]


def test_wrong_answers_leave_everything_as_it_was(centre: Centre) -> None:
    case = centre.start("dwa")
    task = centre.task(case.id)

    with pytest.raises(AnswersRejected) as refusal:
        centre.complete(task.id, "anna", tresc="")

    assert [one.field for one in refusal.value.errors] == ["tresc"]
    assert centre.task(case.id) == task
    assert told(centre, case) == ["start"]


def test_the_second_who_completes_is_told_who_was_first(centre: Centre) -> None:
    task = centre.task(centre.start("dwa").id)
    centre.complete(task.id, "anna")

    with pytest.raises(Conflict, match="Anna"):
        centre.complete(task.id, "olga")


def test_a_case_cancelled_while_somebody_types_says_so(centre: Centre) -> None:
    case = centre.start("dwa")
    task = centre.task(case.id)
    with centre.work() as work:
        instances.cancel(work, centre.person("krystyna"), case.id, "Wpisano dwa razy")

    with pytest.raises(Conflict, match="Ta sprawa została anulowana"):
        centre.complete(task.id, "anna")
    with centre.database.look() as work:
        assert [one.state for one in steps.of_instance(work, case.id)] == [StepState.DONE, StepState.CANCELLED]


def test_a_decision_by_authorisation_notes_its_number(centre: Centre) -> None:
    centre.publish(
        "decyzja", START + user("umowa", 'authority="UMOWA"') + END + ways("start umowa koniec"), {WOJT: "umowa"}
    )
    centre.authorise("UMOWA")
    case = centre.start("decyzja", by="anna")

    with centre.work() as work:
        deeds.complete(work, centre.person("krystyna"), centre.task(case.id).id, {})

    with centre.database.look() as work:
        last = journal.of_instance(work, case.id)[-1]
    assert last.authority == "UMOWA.1.2026"
    assert "upoważnienia nr UMOWA.1.2026" in last.text


def test_an_authorisation_that_ends_between_page_and_click_gives_the_task_to_the_wojt(centre: Centre) -> None:
    centre.publish(
        "decyzja", START + user("umowa", 'authority="UMOWA"') + END + ways("start umowa koniec"), {WOJT: "umowa"}
    )
    last_day = date(2026, 12, 31)
    centre.authorise("UMOWA", until=last_day)
    evening = datetime(2026, 12, 31, 23, 59, tzinfo=clock.WARSAW)
    with clock.standing(evening):
        case = centre.start("decyzja", by="anna")
        task = centre.task(case.id)
        centre.claim(task.id, "krystyna")

    with clock.standing(evening + timedelta(minutes=2)):
        with pytest.raises(NotAllowed, match="należy do roli „Wójt”"):
            centre.complete(task.id, "krystyna")
        done = centre.complete(task.id, "wojciech")

    assert done.finished
    with centre.database.look() as work:
        assert journal.of_instance(work, case.id)[-1].authority == ""


def test_a_case_started_at_new_year_counts_in_the_year_of_the_centre(centre: Centre) -> None:
    new_year = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight in Warsaw

    with clock.standing(new_year - timedelta(hours=1)):
        before = centre.start("dwa")
    with clock.standing(new_year):
        after = centre.start("dwa")

    assert (before.number, after.number) == ("OPS/2026/0001", "OPS/2027/0001")


# --- who has a task ------------------------------------------------------------------------------


def leave(centre: Centre, login: str) -> None:
    one = centre.person(login)
    with centre.work() as work:
        people_deeds.change(
            work,
            centre.person("adam"),
            one.id,
            name=one.name,
            email="",
            unit=one.unit,
            roles=one.roles,
            active=False,
        )


def test_a_case_stays_with_the_one_who_did_its_last_task(centre: Centre) -> None:
    case = centre.start("dwa")

    centre.complete(centre.task(case.id).id, "olga")

    assert centre.task(case.id).person_name == "Olga"


def test_a_case_begins_with_the_one_who_set_it_in_motion_when_the_role_fits(centre: Centre) -> None:
    assert centre.task(centre.start("dwa", by="anna").id).person_name == "Anna"
    assert centre.task(centre.start("dwa", by="krystyna").id).person is None


def test_a_task_of_somebody_who_has_left_waits_for_the_team(centre: Centre) -> None:
    case = centre.start("dwa", by="anna")
    leave(centre, "anna")

    done = centre.complete(centre.task(case.id).id, "olga")

    assert [one.person_name for one in done.next] == ["Olga"]


def test_a_task_does_not_stay_with_somebody_of_the_unit_that_performs_the_service(centre: Centre) -> None:
    performer = centre.units["Poradnictwo"]
    case = centre.start("dwa", by="zofia", jednostka_wykonujaca=int(performer))

    task = centre.task(case.id)

    assert task.person is None
    with pytest.raises(NotAllowed, match="Usługę wykonuje Twoja komórka"):
        centre.complete(task.id, "zofia")
    page = shown(centre, task, "zofia")
    assert not page.may_take
    assert page.role_now == f"{KOORDYNATOR} spoza komórki, która wykonuje usługę"
    assert [one.person.login for one in page.assignment.proposed] == ["anna", "olga"]
    centre.complete(task.id, "anna")


def test_a_task_that_somebody_of_the_performing_unit_has_can_be_taken_over(centre: Centre) -> None:
    centre.publish("jeden", START + user("pierwszy") + END + ways("start pierwszy koniec"))
    case = centre.start("jeden", by="anna", jednostka_wykonujaca=int(centre.units["Poradnictwo"]))
    task = centre.task(case.id)
    with centre.work() as work:
        tasks.assign(work, task.id, centre.person("zofia").id)

    with pytest.raises(NotAllowed, match="właściwą rolą"):
        delegate(centre, task, "krystyna", "zofia")
    assert centre.complete(task.id, "olga").finished


def test_only_members_of_the_committee_take_its_task_and_one_may_leave(centre: Centre) -> None:
    centre.publish(
        "komisja", START + user("ocena", 'form="notatka" candidates="czlonkowie"') + END + ways("start ocena koniec")
    )
    case = centre.start("komisja", czlonkowie=["pawel", "wojciech", "nikt-taki"])
    task = centre.task(case.id)

    with pytest.raises(NotAllowed, match="powołani członkowie komisji"):
        centre.claim(task.id, "anna")
    centre.claim(task.id, "pawel")
    leave(centre, "pawel")

    assert centre.complete(task.id, "wojciech").finished


# --- what stops ----------------------------------------------------------------------------------

STUCK = (
    START
    + user("pierwszy")
    + '<bpmn:exclusiveGateway id="bramka" name="Którędy?"/>'
    + END
    + user("drugi")
    + ways("start pierwszy bramka")
    + way("bramka", "koniec", "droga = &quot;koniec&quot;")
    + way("bramka", "drugi", "droga = &quot;dalej&quot;")
    + way("drugi", "koniec")
)


def test_a_diagram_that_cannot_go_on_stops_the_case_until_an_administrator_lets_it_try_again(centre: Centre) -> None:
    centre.publish("staje", STUCK)
    case = centre.start("staje")
    task = centre.task(case.id)

    with pytest.raises(StepFailed) as failure:
        centre.complete(task.id, "anna", droga="donikąd")
    with centre.work() as work:
        incidents.record(work, case.id, failure.value)

    assert failure.value.element == "bramka"
    assert centre.task(case.id).state is TaskState.OPEN
    with pytest.raises(Conflict, match="czeka na administratora"):
        centre.complete(task.id, "anna", droga="koniec")
    with centre.work() as work, pytest.raises(NotAllowed):
        incidents.retry(work, centre.person("krystyna"), case.id, "próba")

    with centre.work() as work:
        incidents.retry(work, centre.person("adam"), case.id, "przyczyna usunięta")

    assert centre.complete(task.id, "anna", droga="koniec").finished
    assert told(centre, case) == ["start", "stop", "retry", "complete"]


def test_a_stopped_case_may_be_cancelled(centre: Centre) -> None:
    centre.publish("staje", STUCK)
    case = centre.start("staje")
    with centre.work() as work:
        incidents.record(work, case.id, StepFailed("Nie ma drogi.", element="bramka"))

    with centre.work() as work:
        instances.cancel(work, centre.person("krystyna"), case.id, "Błędny diagram")

    with centre.database.look() as work:
        page = instance_looks.page(work, centre.person("anna"), case.id)
    assert page.instance.state is InstanceState.CANCELLED
    assert page.incident is None


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_case_is_cancelled_without_a_reason(centre: Centre, reason: str) -> None:
    case = centre.start("dwa")

    with centre.work() as work, pytest.raises(InputRejected):
        instances.cancel(work, centre.person("krystyna"), case.id, reason)


def test_nobody_else_starts_or_cancels_a_case(centre: Centre) -> None:
    case = centre.start("dwa")

    with pytest.raises(NotAllowed):
        centre.start("dwa", by="pawel")
    with centre.work() as work, pytest.raises(NotAllowed):
        instances.cancel(work, centre.person("pawel"), case.id, "Nie chcę")


def test_a_retired_version_starts_no_case_and_its_cases_go_on(centre: Centre) -> None:
    case = centre.start("dwa")
    with centre.work() as work:
        definition_rows.retire(work, case.definition)

    with pytest.raises(NotFound, match="Nie ma opublikowanego procesu „dwa”"):
        centre.start("dwa")
    with centre.work() as work, pytest.raises(Conflict, match="wycofano z użycia"):
        instances.start(work, centre.person("krystyna"), "dwa", version=1)
    centre.complete(centre.task(case.id).id, "anna")


@pytest.mark.parametrize(("name", "value"), [("prog_pzp", "dużo"), ("prog_pzp", True), ("akceptacja_zakresu", 1)])
def test_a_setting_of_another_kind_is_refused(centre: Centre, name: str, value: str | bool | int) -> None:
    with pytest.raises(InputRejected) as refusal:
        centre.start("dwa", **{name: value})

    assert [one.field for one in refusal.value.errors] == [name]


def test_every_start_takes_the_settings_of_the_centre_along(centre: Centre) -> None:
    with centre.work() as work:
        preferences.put(work, "prog_pzp", 130_000)

    case = centre.start("dwa", akceptacja_zakresu=True)

    assert (case.variables["prog_pzp"], case.variables["akceptacja_zakresu"]) == (130_000, True)


# --- what others may read --------------------------------------------------------------------------


def test_a_competitor_reads_neither_papers_nor_tasks_of_the_others(centre: Centre) -> None:
    centre.publish(
        "oferta",
        START
        + user("wewnetrzny")
        + user("podpis")
        + user("dalej")
        + END
        + ways("start wewnetrzny podpis dalej koniec"),
        {KOORDYNATOR: "wewnetrzny dalej", NGO: "podpis"},
    )
    case = centre.start("oferta")
    inner = centre.task(case.id)
    centre.complete(inner.id, "anna", tresc="Oferty pozostałych organizacji")

    def readable(login: str) -> list[str]:
        with centre.database.look() as work:
            page = instance_looks.page(work, centre.person(login), case.id)
        return [str(one.answers.values["tresc"]) for one in page.answers]

    assert readable("natalia") == []
    with centre.database.look() as work, pytest.raises(NotFound):
        looks.page(work, centre.person("natalia"), inner.id)

    centre.complete(centre.task(case.id).id, "natalia", tresc="Podpisuję")

    assert readable("natalia") == ["Podpisuję"]
    assert readable("anna") == ["Podpisuję", "Oferty pozostałych organizacji"]
    with pytest.raises(NotFound):
        readable("nikodem")


# --- what is printed -------------------------------------------------------------------------------


def printed(centre: Centre, task: Task, by: str = "anna", after: timedelta = timedelta()) -> str:
    with clock.standing(clock.now() + after), centre.database.look() as work:
        data = papers.task(work, looks.page(work, centre.person(by), task.id))
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="reads the PDF with pdftotext")
def test_an_unfinished_document_says_so_and_a_finished_one_keeps_its_day(centre: Centre) -> None:
    task = centre.task(centre.start("dwa").id)

    draft_of_it = printed(centre, task)
    centre.complete(task.id, "anna", tresc="Gotowe")
    final = printed(centre, task, after=timedelta(days=400))

    assert "PROJEKT – Notatka" in draft_of_it
    assert re.search(r"Treść\s+–", draft_of_it)
    assert "PROJEKT" not in final
    today = clock.today()
    assert f" {today.day} " in final.splitlines()[0]
    assert f"{today.year} r." in final.splitlines()[0]
