"""Cases that send to each other at the same moment both get what was sent; timed starts happen once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import invariants
import pytest
from faults_cast import END, START, Office, answers, diagram, flow, node, user
from sqlalchemy import text

from engine import clock
from engine.actions import definitions, firing, patience, posting, tasks, timed_starts
from engine.model import Instance
from engine.store import journal, start_waits
from engine.store.database import Work

STARTS = 30


def event(tag: str, identity: str, message: str) -> str:
    return node(tag, identity, f'<bpmn:messageEventDefinition id="p_d_{identity}" messageRef="{message}"/>')


def talker(key: str, sends: str, hears: str) -> bytes:
    """A case that sends after its task and listens all the while."""
    body = START + node("parallelGateway", "g") + user("praca") + event("intermediateThrowEvent", "rzut", sends)
    body += node("endEvent", "k2") + event("intermediateCatchEvent", "czeka", hears) + user("dalej") + END
    ways = ("start g", "g praca", "praca rzut", "rzut k2", "g czeka", "czeka dalej", "dalej koniec")
    xml = diagram(key, body + "".join(flow(*one.split()) for one in ways))
    roots = b'<bpmn:message id="p_lewy" name="do lewego"/><bpmn:message id="p_prawy" name="do prawego"/>'
    return xml.replace(b"<bpmn:process", roots + b"<bpmn:process", 1)


@pytest.fixture
def pair(office: Office) -> tuple[Instance, Instance]:
    """Two cases, each of which sends what the other one waits for."""
    with office.parts.database.work() as work:
        definitions.publish(work, None, talker("lewy", "p_prawy", "p_lewy"))
        definitions.publish(work, None, talker("prawy", "p_lewy", "p_prawy"))
    return office.start("lewy")[0], office.start("prawy")[0]


def finish(office: Office, case: Instance, element: str, by: str) -> None:
    task = next(one for one in office.open_tasks(case.id) if one.element == element)
    person = office.person(by)
    office.parts.database.run(lambda work: tasks.complete(work, person, task.id, answers(1)))


def together(*deeds: Callable[[], None]) -> list[BaseException]:
    failures: list[BaseException] = []

    def do(deed: Callable[[], None]) -> None:
        try:
            deed()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=do, args=(one,)) for one in deeds]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return failures


def heard(office: Office, case: Instance) -> int:
    with office.parts.database.look() as work:
        return sum(one.deed == "deliver" for one in journal.of_instance(work, case.id))


def test_two_cases_that_send_to_each_other_at_once_both_go_on(
    office: Office,
    colleague: Callable[[], Office],
    pair: tuple[Instance, Instance],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left, right = pair
    other = colleague()
    line = threading.Barrier(2)
    deliver = posting._deliver

    def met(work: Work, parcel: posting._Parcel) -> list[posting.Got]:
        """Both hold their own case before either reaches for the other's; SQLite lets them in one by one."""
        with suppress(threading.BrokenBarrierError):
            line.wait(1)
        return deliver(work, parcel)

    monkeypatch.setattr(posting, "_deliver", met)

    failures = together(
        lambda: finish(office, left, "praca", "koordynator1"), lambda: finish(other, right, "praca", "koordynator2")
    )

    assert failures == []
    for case in pair:
        assert [one.element for one in office.open_tasks(case.id)] == ["dalej"]
        assert heard(office, case) == 1
    assert invariants.broken(office.parts.database) == []


def test_a_message_for_a_case_that_is_held_waits_for_it(
    office: Office, colleague: Callable[[], Office], pair: tuple[Instance, Instance]
) -> None:
    left, right = pair
    other, held, let_go = colleague(), threading.Event(), threading.Event()
    task = next(one for one in office.open_tasks(right.id) if one.element == "praca")

    def hold_for_a_while() -> None:
        with other.parts.database.work() as work:
            tasks.claim(work, other.person("koordynator2"), task.id)
            held.set()
            let_go.wait(2)

    def send() -> None:
        held.wait(20)
        threading.Timer(0.3, let_go.set).start()
        finish(office, left, "praca", "koordynator1")

    failures = together(hold_for_a_while, send)

    assert failures == []
    assert sorted(one.element for one in office.open_tasks(right.id)) == ["dalej", "praca"]
    assert invariants.broken(office.parts.database) == []


@pytest.fixture
def due(office: Office) -> list[str]:
    """Processes that begin by the clock, due for almost a day."""
    keys = [f"zegarowy{number}" for number in range(STARTS)]
    span = "<bpmn:timerEventDefinition><bpmn:timeCycle>R/PT23H</bpmn:timeCycle></bpmn:timerEventDefinition>"
    body = node("startEvent", "start", span) + user("praca") + END + flow("start", "praca") + flow("praca", "koniec")
    with clock.standing(clock.now() - timedelta(days=1)), office.parts.database.work() as work:
        for key in keys:
            definitions.publish(work, None, diagram(key, body))
    return keys


def made(office: Office) -> list[str]:
    query = "SELECT key FROM instance JOIN definition ON definition.id = instance.definition_id ORDER BY key"
    with office.parts.database.look() as work:
        return [str(one) for one in work.connection.scalars(text(query))]


def test_two_workers_start_each_timed_case_once(
    office: Office, colleague: Callable[[], Office], due: list[str]
) -> None:
    other = colleague()
    line = threading.Barrier(2)

    def tick(place: Office, name: str) -> None:
        line.wait(20)
        firing.fire_due(place.parts.database, name, clock.now())

    failures = together(lambda: tick(office, "one"), lambda: tick(other, "two"))

    assert failures == []
    assert made(office) == sorted(due)
    assert invariants.broken(office.parts.database) == []


def test_a_worker_that_comes_late_with_a_lost_lease_starts_nothing_again(office: Office, due: list[str]) -> None:
    with office.parts.database.work() as work:
        slow = start_waits.take_due(work, now=clock.now(), limit=3, owner="slow", lease=patience.LEASE)
    firing.fire_due(office.parts.database, "quick", clock.now())
    assert len(made(office)) == STARTS - 3
    firing.fire_due(office.parts.database, "quick", clock.now() + patience.LEASE)

    with office.parts.database.work() as work:
        for one in slow:
            timed_starts.fire(work, one.id)

    assert made(office) == sorted(due)


def test_without_a_second_try_one_of_two_that_meet_would_lose(
    postgres_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.store.database.ATTEMPTS", 1)
    with postgres_office.parts.database.work() as work:
        definitions.publish(work, None, talker("lewy", "p_prawy", "p_lewy"))
        definitions.publish(work, None, talker("prawy", "p_lewy", "p_prawy"))
    left, right = postgres_office.start("lewy")[0], postgres_office.start("prawy")[0]
    line, deliver = threading.Barrier(2), posting._deliver

    def met(work: Work, parcel: posting._Parcel) -> list[posting.Got]:
        line.wait(20)
        return deliver(work, parcel)

    monkeypatch.setattr(posting, "_deliver", met)

    failures = together(
        lambda: finish(postgres_office, left, "praca", "koordynator1"),
        lambda: finish(postgres_office, right, "praca", "koordynator2"),
    )

    assert [type(one).__name__ for one in failures] == ["Crossed"]
