"""The server is killed again and again in the middle of work: what it acknowledged is there, nothing is half done."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import faults_cast
import invariants
import pytest
from databases import Place
from faults_cast import COORDINATORS, Office, answers

from engine.model import InstanceId, TaskId, TaskState
from engine.store import answers as answer_rows
from engine.store import tasks

KILLS = 25
CLIENTS = 3
LONGEST = 120  # seconds for the whole run; it needs far less
SEED = 20261121


class Server:
    """`bieg serve` on a port of its own, started by a process that has everything imported."""

    def __init__(self, office: Office, folder: Path) -> None:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = int(one.getsockname()[1])
        environment = {
            **os.environ,
            "BIEG_DATA": str(office.parts.settings.data),
            "BIEG_DATABASE_URL": office.parts.settings.url,
        }
        self._log = (folder / "serve.log").open("ab")
        self._nursery = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("serving.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=environment,
            cwd=folder,
            text=True,
        )
        self._pid = 0

    def start(self) -> None:
        """Start it and wait until it answers."""
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(f"{self.port}\n")
        self._nursery.stdin.flush()
        self._pid = int(self._nursery.stdout.readline())
        until = monotonic() + 30
        while not self._answers():
            assert monotonic() < until, "the server does not come up"
            threading.Event().wait(0.02)

    def kill(self) -> None:
        """kill -9, and wait until nothing of it is left."""
        os.kill(self._pid, signal.SIGKILL)
        until = monotonic() + 10
        while Path(f"/proc/{self._pid}").exists() and monotonic() < until:
            threading.Event().wait(0.002)
        self._pid = 0

    def close(self) -> None:
        if self._pid:
            self.kill()
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        self._nursery.wait(10)
        self._log.close()

    def _answers(self) -> bool:
        try:
            asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            asked.request("GET", "/healthz")
            return asked.getresponse().status == 200
        except OSError:
            return False


@dataclass
class Ledger:
    """What the clients know: what was acknowledged, and what they do not know the end of."""

    acknowledged: dict[int, int] = field(default_factory=dict)  # task id: amount
    cut: int = 0  # requests whose answer never came
    refused: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Client(threading.Thread):
    """Completes the tasks of one case one after the other; a request without an answer is sent again with its key."""

    def __init__(self, office: Office, port: int, login: str, case: InstanceId, ledger: Ledger) -> None:
        super().__init__(daemon=True)
        self._port, self._ledger = port, ledger
        self._task = int(office.open_tasks(case)[0].id)
        self._headers = {"Authorization": f"Bearer {office.token(login)}", "Content-Type": "application/json"}
        self.go, self.stop = threading.Event(), threading.Event()
        self._line: http.client.HTTPConnection | None = None
        self._round = 0

    def run(self) -> None:
        while not self.stop.is_set():
            self._round += 1
            amount = self._round % 97
            body = json.dumps({"answers": answers(amount)})
            told = self._until_answered(f"{self._task} {self._round}", body)
            if told is None:
                return
            status, said = told
            if status != 200:
                self._ledger.refused.append(f"{status} {said}")
                return
            with self._ledger.lock:
                self._ledger.acknowledged[self._task] = amount
            self._task = json.loads(said)["next"][0]["id"]

    def _until_answered(self, key: str, body: str) -> tuple[int, str] | None:
        while True:
            self.go.wait()
            try:
                return self._send(key, body)
            except (OSError, http.client.HTTPException) as failure:
                self._line = None
                if self.stop.is_set():
                    return None
                with self._ledger.lock:
                    self._ledger.cut += not isinstance(failure, ConnectionRefusedError)
                self.stop.wait(0.01)

    def _send(self, key: str, body: str) -> tuple[int, str]:
        self._line = self._line or http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        path = f"/api/v1/tasks/{self._task}/complete"
        self._line.request("POST", path, body=body, headers={**self._headers, "Idempotency-Key": key})
        answer = self._line.getresponse()
        return answer.status, answer.read().decode()


@contextmanager
def at_work(office: Office, server: Server, ledger: Ledger) -> Iterator[list[Client]]:
    cases = office.start("kolejka", CLIENTS)
    clients = [
        Client(office, server.port, login, case.id, ledger) for login, case in zip(COORDINATORS, cases, strict=False)
    ]
    try:
        yield clients
    finally:
        for one in clients:
            one.stop.set()
            one.go.set()
        for one in clients:
            one.join(40)


def lost(office: Office, ledger: Ledger) -> list[str]:
    """What was acknowledged and is not there as it was said."""
    found = []
    with office.parts.database.look() as work:
        for id, amount in ledger.acknowledged.items():
            said = answer_rows.of_task(work, TaskId(id))
            if (
                tasks.get(work, TaskId(id)).state is not TaskState.DONE
                or said is None
                or said.values["kwota"] != amount
            ):
                found.append(f"task {id}")
    return found


@pytest.fixture
def durable_office(sqlite_place: Place, tmp_path: Path) -> Iterator[Office]:
    with faults_cast.opened(sqlite_place.url, tmp_path / "data") as made:
        faults_cast.settle(made)
        yield made


def test_a_server_killed_in_the_middle_of_work_loses_nothing_it_acknowledged(
    durable_office: Office, tmp_path: Path
) -> None:
    office, ledger, chance = durable_office, Ledger(), random.Random(SEED)
    server = Server(office, tmp_path)
    begun, cut_by_kill = monotonic(), 0
    try:
        server.start()
        with at_work(office, server, ledger) as clients:
            for one in clients:
                one.go.set()
                one.start()
            for _ in range(KILLS):
                cut, done = ledger.cut, len(ledger.acknowledged)
                while len(ledger.acknowledged) == done and not ledger.refused:
                    threading.Event().wait(0.005)
                    assert monotonic() - begun < LONGEST
                threading.Event().wait(chance.uniform(0, 0.3))
                server.kill()
                for one in clients:
                    one.go.clear()
                assert invariants.broken(office.parts.database) == []
                assert lost(office, ledger) == []
                server.start()
                for one in clients:
                    one.go.set()
                cut_by_kill += ledger.cut > cut
                assert ledger.refused == []
            threading.Event().wait(0.3)
        assert ledger.refused == []
    finally:
        server.close()

    assert invariants.broken(office.parts.database) == []
    assert lost(office, ledger) == []
    assert len(ledger.acknowledged) > KILLS, "hardly any work was done between the kills"
    assert cut_by_kill > KILLS // 2, "the kills hardly ever met a request"
