"""The process that checks files: what it may use, what happens when it takes too much, and when it dies."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator

import hostile
import pytest
from building import call, el, end, flows, process, start
from hostile import GOOD, line

from engine.bpmn import gate
from engine.bpmn.gate import guard as guards
from engine.bpmn.gate.guard import BROKEN, TOO_LONG, Guard
from engine.errors import Unavailable

KNOWN = gate.Known(roles=frozenset(), forms={}, processes={"dobry": GOOD.replace(b'id="proces"', b'id="dobry"')})
PATH = f"import sys; sys.path[:] = {sys.path!r}\n"
HELD = "from engine.bpmn.gate import child, rulebook\nimport time\ndef stuck(*_):\n"


@pytest.fixture
def made() -> Iterator[list[Guard]]:
    """Guards that are closed after the test."""
    found: list[Guard] = []
    yield found
    for one in found:
        one.close()


def acting(deed: str) -> list[str]:
    """A checking process that does something else instead of asking the rules."""
    script = f"{PATH}{HELD}    {deed}\nrulebook.read = stuck\nchild.main()"
    return [sys.executable, "-I", "-c", script]


@pytest.mark.parametrize(
    ("deed", "sentence"),
    [
        ("while True: pass", TOO_LONG),
        ("time.sleep(60)", TOO_LONG),
        ("bytearray(400 * 1024 * 1024)", "Próbne uruchomienie wymaga zbyt wiele pracy"),
        ("stuck()", "Próbne uruchomienie wymaga zbyt wiele pracy"),
        ("import os; os._exit(0)", BROKEN),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", BROKEN),
        ("raise KeyError('x')", BROKEN),
        ("open('/tmp/bieg-canary', 'w')", BROKEN),
        ("import socket; socket.create_connection(('127.0.0.1', 9))", BROKEN),
        ("import subprocess; subprocess.run(['true'])", BROKEN),
        ("import os; os.write(3, b'x' * 1000)", BROKEN),
    ],
    ids=["spin", "sleep", "memory", "depth", "exit", "crash", "fault", "write", "connect", "program", "noise"],
)
def test_a_process_that_misbehaves_refuses_the_file_within_the_limit(
    deed: str, sentence: str, made: list[Guard]
) -> None:
    made.append(Guard(acting(deed)))
    begun = time.monotonic()

    found = made[0].check(GOOD, KNOWN)

    assert [one.severity for one in found] == ["error"]
    assert found[0].message.startswith(sentence)
    assert time.monotonic() - begun < guards.WALL + 3
    assert not os.path.exists("/tmp/bieg-canary")


def test_after_an_overrun_the_next_file_is_answered_by_a_fresh_process(made: list[Guard]) -> None:
    hard = next(one.data for one in hostile.files() if one.name == "1000 by 1000 instances")
    made.append(Guard())

    refused, passed = made[0].check(hard, KNOWN), made[0].check(GOOD, KNOWN)

    assert "error" in {one.severity for one in refused}
    assert "error" not in {one.severity for one in passed}


def test_a_process_that_has_left_meanwhile_is_replaced_without_a_word(made: list[Guard]) -> None:
    made.append(Guard())
    first = made[0].check(GOOD, KNOWN)
    left = made[0]._idle[0]._child
    left.kill()
    left.wait()

    assert made[0].check(GOOD, KNOWN) == first


def test_one_process_serves_many_files_and_leaves_no_others_behind(made: list[Guard]) -> None:
    made.append(Guard())

    for _ in range(20):
        made[0].check(GOOD, KNOWN)

    assert len(made[0]._idle) == 1


def test_files_are_checked_side_by_side_by_no_more_processes_than_there_are_seats(made: list[Guard]) -> None:
    made.append(Guard(seats=2))
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(made[0].check(GOOD, KNOWN))) for _ in range(8)]

    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert len(found) == 8
    assert all(one == found[0] for one in found)
    assert 1 <= len(made[0]._idle) <= 2


def test_a_program_that_cannot_be_started_is_away_for_the_moment(made: list[Guard]) -> None:
    made += [Guard(["/nie/ma/takiego"]), Guard(["/bin/true"])]

    for one in made:
        with pytest.raises(Unavailable):
            one.check(GOOD, KNOWN)


def test_a_called_process_is_brought_when_it_is_looked_at(made: list[Guard]) -> None:
    made.append(Guard())
    caller = process(start(), call("a", "dobry"), end(), flows("start", "a", "koniec"))

    found = made[0].check(caller, KNOWN)

    assert [one.severity for one in found] == ["warning"]


def test_what_is_found_before_an_overrun_is_told_with_it(made: list[Guard]) -> None:
    hard = next(one.data for one in hostile.files() if one.name == "1000 by 1000 instances")
    made.append(Guard())

    found = made[0].check(hard, KNOWN)

    assert {"error", "warning"} == {one.severity for one in found}


def test_nothing_of_the_environment_reaches_the_process(made: list[Guard], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIEG_SECRET", "tajne")
    made.append(Guard(acting("import os; assert 'BIEG_SECRET' in os.environ; return ()")))

    assert [one.message for one in made[0].check(GOOD, KNOWN)] == [BROKEN]


def test_a_child_of_this_process_checks_with_processes_of_its_own() -> None:
    gate.check(GOOD, KNOWN)
    before = gate._guard
    pid = os.fork()
    if pid == 0:
        fresh = gate._guard is not before and not any(one.severity == "error" for one in gate.check(GOOD, KNOWN))
        gate._guard.close()
        os._exit(0 if fresh else 1)

    _, status = os.waitpid(pid, 0)

    assert status == 0
    assert "error" not in {one.severity for one in gate.check(GOOD, KNOWN)}


def test_the_rules_can_be_asked_without_a_process() -> None:
    bad = line(el("serviceTask", "a"))

    assert gate.rules(bad, KNOWN) == gate.check(bad, KNOWN)
