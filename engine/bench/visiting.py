"""Clients that open pages of a served centre, all at once, as signed-in people do."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from engine.access import ADMINISTRATOR, KIEROWNIK, KOORDYNATOR
from engine.bench import crowd, figures
from engine.bench.crowd import Size
from engine.bench.figures import Figure

CLIENTS = 20
SECONDS = 8.0  # for each page
SIZE = Size()
PATIENCE = 60.0
HOST = "127.0.0.1"
PAGES = {  # name of the figure: path, whose cookies
    "tasks_page": ("/zadania", (KOORDYNATOR, "Pracownik socjalny")),
    "overdue_page": ("/terminy", (KIEROWNIK, ADMINISTRATOR)),
    "calendar_page": ("/kalendarz", (KOORDYNATOR,)),
    "calendar_all": ("/kalendarz?kto=wszyscy", (KIEROWNIK,)),
    "calendar_team": ("/kalendarz?kto=zespol", (KOORDYNATOR,)),
    "team_page": ("/zadania?pokaz=team", (KOORDYNATOR,)),
    "year": ("/kalendarz?widok=rok&kto=wszyscy", (KIEROWNIK,)),
    "cases_page": ("/sprawy", (KOORDYNATOR,)),
}


def measure(folder: Path) -> list[Figure]:
    """Serve a large centre and open its pages from 20 clients, each page for some seconds; takes about a minute."""
    made = crowd.build(folder, SIZE)
    made.parts.database.close()
    found = []
    with served(folder) as port:
        for name, (path, roles) in PAGES.items():
            cookies = [one for role in roles for one in made.cookies[role]]
            found += told(name, visits(port, path, cookies, SECONDS), SECONDS)
    return found


def told(name: str, taken: Sequence[float], seconds: float) -> list[Figure]:
    """The figures of one page."""
    return [
        figures.ms(f"{name}_p50_ms", taken),
        figures.ms_p99(f"{name}_p99_ms", taken),
        Figure(name=f"{name}_requests_per_second", value=len(taken) / seconds, unit="1/s"),
    ]


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """The centre in this folder, served by a process of its own; gives its port."""
    port = _free_port()
    command = [sys.executable, "-c", "from engine.cli import main; main()", "serve", "--no-scheduler"]
    environment = {**os.environ, "BIEG_DATA": str(folder), "BIEG_DATABASE_URL": ""}
    with tempfile.TemporaryFile() as told_by_server:
        server = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "--port", str(port)], env=environment, stdout=told_by_server, stderr=told_by_server
        )
        try:
            _until_it_answers(port, server)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)


def visits(port: int, path: str, cookies: Sequence[str], seconds: float, clients: int = CLIENTS) -> list[float]:
    """Seconds of each visit, of all clients together; the first visit of each client is not counted.

    Raises:
        RuntimeError: a page did not open.
    """
    taken: list[float] = []
    failed: list[str] = []
    ready = threading.Barrier(clients)

    def visit(cookie: str) -> None:
        try:
            connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
            _open(connection, path, cookie)
            ready.wait(PATIENCE)
            end = time.perf_counter() + seconds
            while (begun := time.perf_counter()) < end:
                _open(connection, path, cookie)
                taken.append(time.perf_counter() - begun)
            connection.close()
        except (OSError, http.client.HTTPException, RuntimeError, threading.BrokenBarrierError) as failure:
            failed.append(repr(failure))
            ready.abort()

    threads = [threading.Thread(target=visit, args=(cookie,)) for cookie, _ in zip(cycle(cookies), range(clients))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if failed:
        raise RuntimeError(f"{path}: {failed[0]}")
    return taken


def _open(connection: http.client.HTTPConnection, path: str, cookie: str) -> None:
    connection.request("GET", path, headers={"Cookie": f"bieg={cookie}"})
    answer = connection.getresponse()
    answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{path} answered {answer.status}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def _until_it_answers(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            with socket.create_connection((HOST, port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")
