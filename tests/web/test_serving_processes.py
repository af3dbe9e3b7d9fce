"""Several processes answer on one port: another begins when one ends, and none outlives the one that watches."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

BEGIN = "from engine.cli import main; main()"
PATIENCE = 60  # seconds; it needs far less


@pytest.fixture
def port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def server(port: int, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    said = ["serve", "--port", str(port), "--no-scheduler", "--processes", "2"]
    environment = {**os.environ, "BIEG_DATA": str(tmp_path / "data"), "BIEG_DATABASE_URL": ""}
    with (tmp_path / "log").open("wb") as log:
        made = subprocess.Popen([sys.executable, "-c", BEGIN, *said], env=environment, stdout=log, stderr=log)
        try:
            yield made
        finally:
            made.kill()
            made.wait()


def until(true: Callable[[], bool]) -> None:
    end = monotonic() + PATIENCE
    while not true():
        assert monotonic() < end, "it does not come about"
        Event().wait(0.05)


def answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False


def children(parent: int) -> list[int]:
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(one) for one in found]


def lives(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[:1]
    except OSError:
        return False


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_the_one_that_watches(
    server: subprocess.Popen[bytes], port: int, ended_by: signal.Signals
) -> None:
    until(lambda: len(children(server.pid)) == 2 and answers(port))
    known = children(server.pid)

    server.send_signal(ended_by)
    server.wait(PATIENCE)

    until(lambda: not any(lives(one) for one in known))
    assert not answers(port)


def test_another_process_begins_when_one_ends(server: subprocess.Popen[bytes], port: int) -> None:
    until(lambda: len(children(server.pid)) == 2 and answers(port))
    first = children(server.pid)

    os.kill(first[0], signal.SIGKILL)

    until(lambda: len(children(server.pid)) == 2 and first[0] not in children(server.pid))
    assert first[1] in children(server.pid)
    until(lambda: answers(port))
