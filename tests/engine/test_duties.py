"""Duties are planned ahead, begin once on their day, and go where the documents, the register or a contract say so."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from actions_cast import END, START, user, ways

from engine import clock
from engine.actions import duties, firing, forms, instances, people
from engine.errors import Conflict, InputRejected, NotAllowed
from engine.model import DeadlineKind, InstanceState
from engine.reading import duties as looks
from engine.reading.duties import Stand
from engine.store import deadlines, notices
from engine.store import duties as kept
from engine.store import instances as cases
from engine.store.duties import OccurrenceState

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PROCESSES = ("ocena_zasobow", "aktualizacja_rejestru", "odnowienie_upowaznienia", "koniec_umowy")
CONTRACT = {
    "key": "umowa",
    "title": "Umowa",
    "source": "projekt własny",
    "sections": [
        {
            "title": "Umowa",
            "fields": [
                {"id": "do", "type": "date", "label": "Do", "required": True, "variable": "umowa_do"},
                {"id": "tresc", "type": "text", "label": "Treść"},
            ],
        }
    ],
}


class Duties:
    """The duties of the small centre, and its clock."""

    def __init__(self, centre) -> None:
        self.centre = centre
        self.now = NOW

    @contextmanager
    def work(self) -> Iterator:
        with clock.standing(self.now), self.centre.database.work() as work:
            yield work

    def plan(self) -> None:
        with self.work() as work:
            duties.plan(work)

    def sleep_until(self, day: date, hour: int = 12) -> None:
        """Nothing fires in the meantime; then one worker looks once."""
        self.now = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        with clock.standing(self.now):
            firing.fire_due(self.centre.database, "worker", self.now)

    def of(self, key: str, *states: OccurrenceState) -> list[kept.DutyOccurrence]:
        with self.work() as work:
            (duty,) = [one for one in kept.all_duties(work) if one.key == key]
            found = kept.open_occurrences(work, duty.id, date(2000, 1, 1))
        return sorted((one for one in found if not states or one.state in states), key=lambda one: one.due_on)

    def planned(self, key: str) -> list[date]:
        return [one.due_on for one in self.of(key, OccurrenceState.PLANNED)]

    def id_of(self, key: str) -> kept.DutyId:
        with self.work() as work:
            return next(one.id for one in kept.all_duties(work) if one.key == key)

    def cases(self, key: str) -> list:
        with self.work() as work:
            found = kept.between(work, date(2000, 1, 1), date(2100, 1, 1))
            made = [one.occurrence.instance for one in found if one.occurrence.state is OccurrenceState.BEGUN]
            return [one for one in (cases.get(work, id) for id in made if id) if one.definition_key == key]

    def rows(self) -> set[str]:
        with self.work() as work:
            return {one.key for one in deadlines.of_centre(work) if one.kind is DeadlineKind.DUTY}

    def told(self, login: str) -> list[str]:
        with self.work() as work:
            found = notices.of_person(work, self.centre.person(login).id).items
        return [one.text.replace("\xa0", " ") for one in found if one.kind == "duty"]

    def service(self, until: str, **variables):
        """A running case in supervision, whose contract ends on a day."""
        with clock.standing(self.now):
            return self.centre.start("nadzor_ogolna", umowa_do=until, **variables)

    def prolong(self, case, until: str) -> None:
        with clock.standing(self.now):
            self.centre.complete(self.centre.task(case.id).id, "anna", do=until)

    def authorise(self, until: date | None, since: date = date(2026, 1, 1), scope: str = "NADZOR"):
        with self.work() as work:
            return people.authorise(
                work, None, scope=scope, number=f"{scope}/{since}", valid_from=since, valid_to=until
            )

    def change(self, key: str, by: str = "krystyna", **said) -> None:
        id = self.id_of(key)
        with self.work() as work:
            duty = kept.get(work, id)
            usual = {"role": duty.role, "rule": duty.rule, "ahead": duty.ahead, "active": duty.active, "reason": "Tak"}
            duties.change(work, self.centre.person(by), id, **{**usual, **said})


@pytest.fixture
def owed(centre):
    """Small processes under the names of those that duties begin, and a service in supervision."""
    with clock.standing(NOW):
        with centre.work() as work:
            forms.publish(work, None, "umowa", json.dumps(CONTRACT))
        for key in PROCESSES:
            centre.publish(key, START + user("zrob") + END + ways("start zrob koniec"))
        body = START + user("przedluz", 'form="umowa"') + user("znowu", 'form="umowa"') + user("dalej") + END
        centre.publish("nadzor_ogolna", body + ways("start przedluz znowu dalej koniec"))
    found = Duties(centre)
    found.plan()
    return found


def test_the_yearly_assessment_begins_sixty_days_before_the_30th_of_april(owed):
    assert owed.planned("ocena_zasobow") == [date(2027, 4, 30)]

    owed.sleep_until(date(2027, 2, 28))
    early = owed.cases("ocena_zasobow")
    owed.sleep_until(date(2027, 3, 1))

    assert early == []
    (case,) = owed.cases("ocena_zasobow")
    assert case.title == "Ocena zasobów pomocy społecznej 2027, termin 30 kwietnia 2027"
    assert case.variables["termin_obowiazku"] == "2027-04-30"
    assert owed.centre.task(case.id).role == "Koordynator usług pomocy społecznej"


def test_the_register_is_owed_every_half_year_also_over_the_turn_of_the_year(owed):
    assert owed.planned("aktualizacja_rejestru") == [date(2026, 12, 31), date(2027, 6, 30)]

    owed.sleep_until(date(2026, 12, 1))

    assert len(owed.cases("aktualizacja_rejestru")) == 1
    owed.sleep_until(date(2027, 1, 1))
    owed.plan()
    assert owed.planned("aktualizacja_rejestru") == [date(2027, 6, 30), date(2027, 12, 31)]


def test_the_owners_are_told_when_a_duty_begins(owed):
    owed.sleep_until(date(2026, 12, 1))

    assert owed.told("anna") == ["Zbliża się obowiązek „Aktualizacja Informatorium 2026”. Termin: 31 grudnia 2026."]


def test_planning_twice_changes_nothing(owed):
    with owed.work() as work:
        before, rows = kept.between(work, date(2000, 1, 1), date(2100, 1, 1)), deadlines.of_centre(work)

    owed.plan()

    with owed.work() as work:
        assert kept.between(work, date(2000, 1, 1), date(2100, 1, 1)) == before
        assert deadlines.of_centre(work) == rows


def test_an_outage_of_63_days_begins_each_duty_once(owed):
    owed.service("2027-01-31")
    owed.authorise(date(2026, 12, 31))
    owed.plan()

    owed.sleep_until(NOW.date() + timedelta(days=63))
    owed.plan()
    owed.sleep_until(NOW.date() + timedelta(days=64))

    assert [len(owed.cases(key)) for key in PROCESSES] == [0, 1, 1, 1]
    assert owed.planned("koniec_umowy") == []


def test_two_workers_begin_a_duty_once(owed, another):
    owed.now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    workers = [another(), another()]
    barrier = threading.Barrier(2)

    def fire(number: int) -> None:
        barrier.wait()
        firing.fire_due(workers[number], f"worker {number}", owed.now)

    with clock.standing(owed.now):
        threads = [threading.Thread(target=fire, args=(number,)) for number in range(2)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

    assert len(owed.cases("aktualizacja_rejestru")) == 1


def test_an_occurrence_that_has_begun_does_not_begin_again(owed):
    owed.now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    (first, *_) = owed.of("aktualizacja_rejestru")
    with owed.work() as work:
        (row,) = [one for one in deadlines.of_centre(work) if one.key == f"duty:{first.id}"]

    for _ in range(2):
        with owed.work() as work:
            duties.fire(work, row)

    assert len(owed.cases("aktualizacja_rejestru")) == 1


def test_the_clock_plans_every_day_by_itself(owed):
    with owed.work() as work:
        firing.ensure_daily(work)
    owed.service("2027-06-30")

    owed.sleep_until(date(2026, 11, 23), hour=4)

    assert owed.planned("koniec_umowy") == [date(2027, 6, 30)]
    with owed.work() as work:
        (tomorrow,) = [one for one in deadlines.of_centre(work) if one.kind is DeadlineKind.PLAN]
    assert clock.local(tomorrow.due_at).strftime("%d %H:%M") == "24 04:10"


def test_a_contract_begins_a_case_sixty_days_before_its_end(owed):
    service = owed.service("2027-06-30")
    owed.plan()

    owed.sleep_until(date(2027, 4, 30))
    early = owed.cases("koniec_umowy")
    owed.sleep_until(date(2027, 5, 1))

    assert early == []
    (case,) = owed.cases("koniec_umowy")
    assert case.title == f"Koniec umowy: sprawa {service.number}, termin 30 czerwca 2027"
    assert case.variables["numer_sprawy"] == service.number


def test_a_prolonged_contract_moves_the_duty(owed):
    service = owed.service("2027-06-30")
    owed.plan()

    owed.prolong(service, "2027-12-31")
    owed.plan()

    gone, planned = owed.of("koniec_umowy")
    assert (gone.state, gone.reason) == (OccurrenceState.GONE, "Termin przeniesiono na 31 grudnia 2027.")
    assert (planned.state, planned.due_on) == (OccurrenceState.PLANNED, date(2027, 12, 31))
    assert f"duty:{gone.id}" not in owed.rows()
    assert f"duty:{planned.id}" in owed.rows()


def test_a_contract_moved_since_the_last_plan_begins_nothing(owed):
    service = owed.service("2027-01-31")
    owed.plan()
    owed.prolong(service, "2027-12-31")

    owed.sleep_until(date(2026, 12, 2))

    assert owed.cases("koniec_umowy") == []
    assert owed.planned("koniec_umowy") == []


def test_a_contract_moved_back_is_planned_again(owed):
    service = owed.service("2027-06-30")
    owed.plan()
    owed.prolong(service, "2027-12-31")
    owed.plan()

    owed.prolong(service, "2027-06-30")
    owed.plan()

    assert owed.planned("koniec_umowy") == [date(2027, 6, 30)]


def test_a_cancelled_service_owes_nothing_more(owed):
    service = owed.service("2027-06-30")
    owed.plan()

    with owed.work() as work:
        instances.cancel(work, owed.centre.person("krystyna"), service.id, "Koniec")
    owed.plan()

    (gone,) = owed.of("koniec_umowy")
    assert gone.state is OccurrenceState.GONE
    assert not owed.rows() & {f"duty:{gone.id}"}


def test_the_evaluation_is_only_announced_because_the_diagram_makes_it(owed):
    service = owed.service("2027-01-31")
    owed.plan()

    owed.sleep_until(date(2027, 1, 1))

    (begun,) = owed.of("ewaluacja_przed_koncem", OccurrenceState.BEGUN)
    assert begun.instance == service.id
    said = f"Zbliża się obowiązek „Ewaluacja usługi: sprawa {service.number}”. Termin: 31 stycznia 2027."
    assert said in owed.told("anna")


def test_the_kierownik_owes_no_evaluation_of_what_an_organisation_pays_itself(owed):
    own, ours = owed.service("2027-01-31", forma="NGOOWN"), owed.service("2027-01-31", forma="UDPP")
    owed.plan()

    owed.sleep_until(date(2027, 1, 31))

    by_case = {one.subject: one for one in owed.of("analiza_ewaluacji")}
    suppressed = by_case[f"instance:{own.id}"]
    assert suppressed.state is OccurrenceState.SUPPRESSED
    assert "ze środków spoza budżetu gminy" in suppressed.reason
    assert "(001: 1021–1022, 1030)" in suppressed.reason
    assert by_case[f"instance:{ours.id}"].state is OccurrenceState.BEGUN
    assert len(owed.of("ewaluacja_przed_koncem", OccurrenceState.BEGUN)) == 2


def test_an_authorisation_is_renewed_thirty_days_before_it_ends(owed):
    owed.authorise(date(2027, 3, 31))

    owed.sleep_until(date(2027, 2, 28))
    early = owed.cases("odnowienie_upowaznienia")
    owed.sleep_until(date(2027, 3, 1))

    assert early == []
    (case,) = owed.cases("odnowienie_upowaznienia")
    assert case.variables["kod_zakresu"] == "NADZOR"


def test_an_authorisation_to_a_leap_day_is_due_on_it(owed):
    owed.authorise(date(2028, 2, 29))

    assert owed.planned("koniec_upowaznienia") == [date(2028, 2, 29)]
    assert owed.of("koniec_upowaznienia")[0].begins_on == date(2028, 1, 30)


def test_a_renewed_authorisation_takes_the_duty_away_at_once(owed):
    owed.authorise(date(2027, 3, 31))
    before = owed.planned("koniec_upowaznienia")

    owed.authorise(date(2028, 3, 31), since=date(2027, 4, 1))

    assert before == [date(2027, 3, 31)]
    assert owed.planned("koniec_upowaznienia") == [date(2028, 3, 31)]
    (gone,) = owed.of("koniec_upowaznienia", OccurrenceState.GONE)
    assert f"duty:{gone.id}" not in owed.rows()


def test_one_that_begins_after_a_gap_or_in_another_scope_renews_nothing(owed):
    owed.authorise(date(2027, 3, 31))

    owed.authorise(None, since=date(2027, 4, 2))
    owed.authorise(None, since=date(2027, 1, 1), scope="FORMA")

    assert owed.planned("koniec_upowaznienia") == [date(2027, 3, 31)]


def test_a_revoked_authorisation_owes_nothing(owed):
    id = owed.authorise(date(2027, 3, 31))

    with owed.work() as work:
        people.revoke(work, owed.centre.person("adam"), id)

    assert owed.planned("koniec_upowaznienia") == []


def test_a_duty_whose_process_is_missing_waits_and_begins_later(centre):
    owed = Duties(centre)
    owed.plan()

    owed.sleep_until(date(2026, 12, 1))
    before = owed.planned("aktualizacja_rejestru")
    centre.publish("aktualizacja_rejestru", START + user("zrob") + END + ways("start zrob koniec"))
    owed.sleep_until(date(2026, 12, 3))

    assert date(2026, 12, 31) in before
    assert len(owed.cases("aktualizacja_rejestru")) == 1


def test_a_duty_switched_off_goes_with_its_deadlines_and_comes_back(owed):
    owed.change("aktualizacja_rejestru", active=False, reason="Prowadzi je organizacja")

    assert owed.planned("aktualizacja_rejestru") == []
    assert {one.reason for one in owed.of("aktualizacja_rejestru")} == {"Obowiązek jest wyłączony."}
    owed.sleep_until(date(2026, 12, 1))
    assert owed.cases("aktualizacja_rejestru") == []

    owed.change("aktualizacja_rejestru", active=True, reason="Wraca do nas")

    assert owed.planned("aktualizacja_rejestru") == [date(2026, 12, 31), date(2027, 6, 30), date(2027, 12, 31)]


def test_another_rule_and_time_ahead_move_what_lies_ahead(owed):
    owed.change("aktualizacja_rejestru", rule="co kwartał", ahead="2 tygodnie", reason="Częściej")

    assert [(one.due_on, one.begins_on) for one in owed.of("aktualizacja_rejestru", OccurrenceState.PLANNED)][:2] == [
        (date(2026, 12, 31), date(2026, 12, 17)),
        (date(2027, 3, 31), date(2027, 3, 17)),
    ]
    owed.sleep_until(date(2026, 12, 16))
    assert owed.cases("aktualizacja_rejestru") == []
    owed.sleep_until(date(2026, 12, 17))
    assert len(owed.cases("aktualizacja_rejestru")) == 1


def test_what_the_centre_changed_stays_when_duties_are_seeded_again(owed):
    owed.change("ocena_zasobow", role="Pracownik socjalny", reason="Tak ustalono")

    with owed.work() as work:
        duties.ensure(work)
        (found,) = [one for one in kept.all_duties(work) if one.key == "ocena_zasobow"]

    assert found.role == "Pracownik socjalny"


def test_only_kierownik_and_administrator_change_duties_and_only_with_a_reason(owed):
    with pytest.raises(NotAllowed):
        owed.change("ocena_zasobow", by="anna")
    with pytest.raises(InputRejected) as refused:
        owed.change("ocena_zasobow", role="Ktoś", rule="czasem", ahead="wcześniej", reason=" ")

    assert {one.field for one in refused.value.errors} == {"role", "rule", "ahead", "reason"}


def test_a_skipped_occurrence_stays_skipped_with_its_reason(owed):
    (first, *_) = owed.of("aktualizacja_rejestru")
    with owed.work() as work:
        duties.skip(work, owed.centre.person("adam"), first.id, "Zrobiliśmy to w listopadzie")

    owed.plan()
    owed.sleep_until(date(2026, 12, 1))

    assert owed.cases("aktualizacja_rejestru") == []
    (skipped,) = owed.of("aktualizacja_rejestru", OccurrenceState.SKIPPED)
    assert skipped.reason == "Zrobiliśmy to w listopadzie (Adam)"
    with owed.work() as work, pytest.raises(Conflict):
        duties.skip(work, owed.centre.person("adam"), first.id, "Jeszcze raz")


def test_the_look_ahead_shows_what_is_planned_begun_done_and_suppressed(owed):
    owed.service("2027-02-28", forma="NGOOWN")
    owed.plan()
    owed.sleep_until(date(2026, 12, 5))
    (case,) = owed.cases("aktualizacja_rejestru")

    with owed.work() as work:
        begun = looks.ahead(work, date(2026, 12, 1), date(2027, 12, 1))
    with clock.standing(owed.now):
        owed.centre.complete(owed.centre.task(case.id).id, "anna")
    with owed.work() as work:
        done = looks.ahead(work, date(2026, 12, 1), date(2027, 12, 1))

    states = {one.duty: one.state for one in begun if one.due_on < date(2027, 6, 1)}
    assert states == {
        "aktualizacja_rejestru": Stand.BEGUN,
        "koniec_umowy": Stand.PLANNED,
        "ewaluacja_przed_koncem": Stand.PLANNED,
        "analiza_ewaluacji": Stand.SUPPRESSED,
        "ocena_zasobow": Stand.PLANNED,
    }
    assert (begun[0].number, begun[0].case_state) == (case.number, InstanceState.RUNNING)
    assert (done[0].state, done[0].instance) == (Stand.DONE, case.id)
