"""A process begins where its starts say: by hand, by a message, a signal or at its time; newest version only."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from actions_cast import END, START, Centre, diagram, user, ways
from test_posting import ROOTS, begin, event, others, send

from engine import clock
from engine.actions import definitions, firing, instances, timed_starts
from engine.bpmn import starts as ways_in
from engine.errors import Conflict, DefinitionRejected, InputRejected, NotFound
from engine.model import Instance, WaitKind
from engine.store import start_waits
from engine.store.database import Database

WORK = user("praca") + END + ways("start praca koniec")


def timer(kind: str, said: str, identity: str = "start") -> str:
    inner = f"<bpmn:timerEventDefinition><bpmn:time{kind}>{said}</bpmn:time{kind}></bpmn:timerEventDefinition>"
    return f'<bpmn:startEvent id="{identity}">{inner}</bpmn:startEvent>'


def tick(centre: Centre, later: timedelta) -> int:
    with clock.standing(clock.now() + later):
        return firing.fire_due(centre.database, "worker", clock.now())


def started(centre: Centre, key: str = "zegarowy") -> list[Instance]:
    return others(centre, key)


TWO_STARTS = (
    event("startEvent", "pismo", "message", "m_ping")
    + event("startEvent", "alarm", "signal", "s_alarm")
    + user("po_pismie")
    + user("po_alarmie")
    + END
    + ways("pismo po_pismie koniec")
    + ways("alarm po_alarmie koniec")
)


def test_each_of_several_starts_leads_its_own_way(centre: Centre) -> None:
    centre.publish("dwa_poczatki", TWO_STARTS, roots=ROOTS)

    (by_message,) = send(centre, "ping")
    (by_signal,) = send(centre, "alarm", WaitKind.SIGNAL)

    assert centre.task(by_message).element == "po_pismie"
    assert centre.task(by_signal).element == "po_alarmie"


def test_by_hand_one_of_several_starts_must_be_named(centre: Centre) -> None:
    centre.publish("dwa_poczatki", TWO_STARTS, roots=ROOTS)

    with pytest.raises(Conflict, match=r"kilka początków.*„pismo”.*„alarm”"):
        centre.start("dwa_poczatki")
    with centre.work() as work, pytest.raises(InputRejected) as refused:
        instances.start(work, centre.person("anna"), "dwa_poczatki", at="inny")
    with centre.work() as work:
        case = instances.start(work, centre.person("anna"), "dwa_poczatki", at="alarm")

    assert refused.value.errors[0].field == "start"
    assert centre.task(case.id).element == "po_alarmie"


def test_by_hand_a_plain_start_comes_first_and_an_only_one_is_taken(centre: Centre) -> None:
    centre.publish("jeden", begin("m_ping") + WORK, roots=ROOTS)
    both = START + event("startEvent", "pismo", "message", "m_ping") + user("praca") + user("po_pismie") + END
    centre.publish("oba", both + ways("start praca koniec") + ways("pismo po_pismie koniec"), roots=ROOTS)

    assert centre.task(centre.start("jeden").id).element == "praca"
    assert centre.task(centre.start("oba").id).element == "praca"


def test_only_the_newest_version_in_use_waits_for_its_start(centre: Centre) -> None:
    centre.publish("nowy", begin("m_ping") + WORK, roots=ROOTS)
    centre.publish("nowy", begin("m_pong") + WORK, roots=ROOTS)

    with pytest.raises(NotFound):
        send(centre, "ping")
    (second,) = send(centre, "pong")
    with centre.work() as work:
        definitions.retire(work, centre.person("krystyna"), "nowy", 2)
    (first,) = send(centre, "ping")
    with pytest.raises(NotFound):
        send(centre, "pong")

    assert [(one.id, one.definition_version) for one in started(centre, "nowy")] == [(second, 2), (first, 1)]
    with centre.work() as work:
        definitions.retire(work, centre.person("krystyna"), "nowy", 1)
    with pytest.raises(NotFound):
        send(centre, "ping")


def test_what_a_message_brings_is_checked_like_a_start(centre: Centre) -> None:
    centre.publish("nowy", begin("m_ping") + WORK, roots=ROOTS)

    with pytest.raises(InputRejected):
        send(centre, "ping", prog_pzp="dużo")

    assert started(centre, "nowy") == []


def test_a_receive_task_may_start_a_process(centre: Centre) -> None:
    body = '<bpmn:receiveTask id="odbior" messageRef="m_ping" instantiate="true"/>' + user("praca") + END
    centre.publish("odbierajacy", body + ways("odbior praca koniec"), roots=ROOTS)

    (made,) = send(centre, "ping", znak="A")

    (case,) = started(centre, "odbierajacy")
    assert (case.id, case.variables["znak"]) == (made, "A")
    assert centre.task(made).element == "praca"


RACE = (
    '<bpmn:eventBasedGateway id="bramka" instantiate="true"/>'
    + event("intermediateCatchEvent", "pismo", "message", "m_ping")
    + event("intermediateCatchEvent", "alarm", "signal", "s_alarm")
    + user("po_pismie")
    + user("po_alarmie")
    + END
    + ways("bramka pismo po_pismie koniec")
    + ways("bramka alarm po_alarmie koniec")
)


def test_an_event_gateway_may_start_a_process_with_the_event_that_came(centre: Centre) -> None:
    centre.publish("bramkowy", RACE, roots=ROOTS)

    (by_message,) = send(centre, "ping")
    (by_signal,) = send(centre, "alarm", WaitKind.SIGNAL)

    assert centre.task(by_message).element == "po_pismie"
    assert centre.task(by_signal).element == "po_alarmie"
    with pytest.raises(Conflict, match="„pismo”"):
        centre.start("bramkowy")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            '<bpmn:startEvent id="start"><bpmn:conditionalEventDefinition><bpmn:condition>a = 1</bpmn:condition>'
            f"</bpmn:conditionalEventDefinition></bpmn:startEvent>{WORK}",
            "nie ma sprawy, której dane można by sprawdzić",
        ),
        (RACE.replace('instantiate="true"', 'instantiate="true" eventGatewayType="Parallel"'), "Równoległej bramki"),
        (
            START
            + '<bpmn:receiveTask id="odbior" messageRef="m_ping" instantiate="true"/>'
            + END
            + ways("start odbior koniec"),
            "rozpoczyna proces",
        ),
    ],
)
def test_starts_that_make_no_sense_are_refused(centre: Centre, body: str, said: str) -> None:
    xml = diagram("zly", body, roots=ROOTS)

    with pytest.raises(DefinitionRejected), centre.work() as work:
        definitions.publish(work, None, xml)
    with pytest.raises(DefinitionRejected) as refused:
        ways_in.read(xml)
    assert said in refused.value.problems[0].message


def test_a_timed_start_happens_once_at_its_time(centre: Centre) -> None:
    centre.publish("zegarowy", timer("Duration", "P2D") + WORK)

    assert tick(centre, timedelta(days=1)) == 0
    assert tick(centre, timedelta(days=2, minutes=1)) == 1
    assert tick(centre, timedelta(days=9)) == 0

    (case,) = started(centre)
    assert (centre.task(case.id).element, case.started_by) == ("praca", None)


def test_a_date_starts_once_and_a_version_published_later_counts_anew(centre: Centre) -> None:
    with clock.standing(datetime.fromisoformat("2026-11-20T12:00:00+00:00")):
        centre.publish("zegarowy", timer("Date", "2026-12-01T08:00:00") + WORK)
        centre.publish("zegarowy", timer("Date", "2026-12-02T08:00:00") + WORK)
    with clock.standing(datetime.fromisoformat("2026-12-01T12:00:00+00:00")):
        assert firing.fire_due(centre.database, "worker", clock.now()) == 0
    with clock.standing(datetime.fromisoformat("2026-12-02T12:00:00+00:00")):
        assert firing.fire_due(centre.database, "worker", clock.now()) == 1

    assert [one.definition_version for one in started(centre)] == [2]


def test_a_cycle_starts_again_and_what_an_outage_missed_starts_once(centre: Centre) -> None:
    centre.publish("zegarowy", timer("Cycle", "R/P1D") + WORK)

    tick(centre, timedelta(days=1, minutes=1))
    tick(centre, timedelta(days=7, minutes=1))
    tick(centre, timedelta(days=7, minutes=2))

    assert len(started(centre)) == 2
    tick(centre, timedelta(days=8, minutes=1))
    assert len(started(centre)) == 3


def test_a_cycle_ends_after_its_last_time(centre: Centre) -> None:
    centre.publish("zegarowy", timer("Cycle", "R2/P1D") + WORK)

    for day in range(1, 6):
        tick(centre, timedelta(days=day, minutes=1))

    assert len(started(centre)) == 2


STUCK = (
    timer("Duration", "PT1H")
    + '<bpmn:scriptTask id="licz"><bpmn:extensionElements><bieg:script expression="nic + 1 &gt; 2 and 5"'
    ' resultVariable="a"/></bpmn:extensionElements></bpmn:scriptTask><bpmn:exclusiveGateway id="bramka"/>'
    + user("praca")
    + END
    + ways("start licz bramka")
    + '<bpmn:sequenceFlow id="z1" sourceRef="bramka" targetRef="praca"><bpmn:conditionExpression>list contains('
    "upowaznienia, &quot;FORMA&quot;)</bpmn:conditionExpression></bpmn:sequenceFlow>" + ways("praca koniec")
)


def test_a_start_that_fails_is_put_off_and_the_others_have_their_turn(centre: Centre) -> None:
    centre.publish("staje", STUCK)
    centre.publish("zegarowy", timer("Duration", "PT1H") + WORK)

    tick(centre, timedelta(hours=2))

    assert (started(centre, "staje"), len(started(centre))) == ([], 1)
    centre.authorise("FORMA")
    tick(centre, timedelta(hours=2, seconds=30))
    assert started(centre, "staje") == []
    tick(centre, timedelta(hours=3))
    assert len(started(centre, "staje")) == 1


def test_an_unforeseen_error_ends_neither_the_tick_nor_the_start(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.publish("zegarowy", timer("Duration", "PT1H") + WORK)
    centre.publish("zegarowy2", timer("Duration", "PT1H") + WORK)
    fire, failed = timed_starts.fire, []

    def once_broken(*said: object) -> None:
        if not failed:
            failed.append(said)
            raise ZeroDivisionError("Jan Kowalski")
        fire(*said)  # type: ignore[arg-type]

    monkeypatch.setattr(timed_starts, "fire", once_broken)

    assert tick(centre, timedelta(hours=2)) == 2
    assert (started(centre), len(started(centre, "zegarowy2"))) == ([], 1)
    tick(centre, timedelta(hours=3))
    assert len(started(centre)) == 1
    assert "Kowalski" not in errors(centre.database)


def errors(database: Database) -> str:
    with database.work() as work:
        taken = start_waits.take_due(work, now=clock.now() + timedelta(days=99), limit=9, owner="", lease=timedelta())
    return str(taken)


def test_a_retired_process_starts_no_more(centre: Centre) -> None:
    centre.publish("zegarowy", timer("Cycle", "R/P1D") + WORK)
    with centre.work() as work:
        definitions.retire(work, centre.person("krystyna"), "zegarowy", 1)

    assert tick(centre, timedelta(days=3)) == 0
    assert started(centre) == []


def test_a_new_version_does_not_start_again_what_an_earlier_one_has_started(centre: Centre) -> None:
    past = (clock.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    centre.publish("zegarowy", timer("Date", past) + WORK)
    tick(centre, timedelta(minutes=1))

    centre.publish("zegarowy", timer("Date", past) + WORK.replace("Krok praca", "Praca"))

    assert tick(centre, timedelta(minutes=2)) == 0
    assert len(started(centre)) == 1


def test_a_cycle_that_began_before_it_was_published_comes_at_its_next_round(centre: Centre) -> None:
    begun = (clock.now() - timedelta(days=10, hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    centre.publish("zegarowy", timer("Cycle", f"R/{begun}/P1D") + WORK)

    assert tick(centre, timedelta(minutes=1)) == 0
    assert tick(centre, timedelta(hours=24)) == 1
