"""Serves the application with waitress, in this process or in several that share one socket."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import NoReturn

import click
import structlog
import waitress

from engine.bootstrap import Parts, assemble
from engine.settings import Settings
from web.app import create

THREADS = 8
LOOK_EVERY = 0.5  # seconds, at the processes that answer
PATIENCE = 10  # seconds, for them to end

log = structlog.get_logger()


def serve(parts: Parts, host: str, port: int, processes: int = 1) -> None:
    """Answer until the process is told to stop.

    Args:
        processes: how many answer; with several this one only watches over them.
    """
    click.echo(f"Bieg: http://{host}:{port}  (zatrzymasz go klawiszami Ctrl+C)")
    try:
        if processes == 1:
            waitress.serve(create(parts), host=host, port=port, threads=THREADS, ident="bieg")
            return
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family, backlog=1024)
    except OSError as taken:
        raise click.ClickException(f"Port {port} jest zajęty. Podaj inny: bieg serve --port 8001.") from taken
    signal.signal(signal.SIGTERM, _stop)
    with listening:
        _watch(listening, processes)


def _watch(listening: socket.socket, processes: int) -> None:
    """Begin so many processes, and another one for each that ends by itself."""
    running: list[subprocess.Popen[bytes]] = []
    try:
        while True:
            running = [one for one in running if _runs(one)]
            running += [_begin(listening) for _ in range(processes - len(running))]
            time.sleep(LOOK_EVERY)
    except KeyboardInterrupt:
        return
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(PATIENCE)


def _runs(one: subprocess.Popen[bytes]) -> bool:
    if one.poll() is None:
        return True
    log.error("server.ended", process=one.pid, code=one.returncode)
    return False


def _begin(listening: socket.socket) -> subprocess.Popen[bytes]:
    """A process that answers what comes through the socket; its input stays open as long as this one lives."""
    number = listening.fileno()
    command = [sys.executable, "-m", "web.server", str(number)]
    return subprocess.Popen(command, pass_fds=(number,), stdin=subprocess.PIPE)  # noqa: S603 - our own command


def _answer(number: int) -> None:
    """What such a process does."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    application = create(assemble(Settings()))
    with socket.socket(fileno=number) as listening:
        waitress.serve(application, sockets=[listening], threads=THREADS, ident="bieg")


def _end_with_parent() -> NoReturn:
    sys.stdin.buffer.read()
    os._exit(0)  # what is not committed is rolled back, as after any other end


def _stop(*_: object) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    _answer(int(sys.argv[1]))
