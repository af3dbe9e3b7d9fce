"""Has files checked in processes of their own, and ends those that take too long."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from engine.bpmn.gate import wire
from engine.bpmn.gate.known import Known
from engine.bpmn.markup import refused
from engine.errors import Problem, Unavailable

WALL = 4.8  # seconds for one file
START = 60.0  # seconds until a process is ready, on a machine that is busy
QUEUE = 60.0  # seconds to wait for a process that is free
SEATS = 2  # files that are checked at the same time
KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONTZPATH", "TZDIR", "LANG", "LC_ALL")  # of the environment
TOO_LONG = "Sprawdzanie tego pliku trwa zbyt długo albo wymaga zbyt wiele pamięci. Uprość diagram."
BROKEN = "Tego pliku nie dało się sprawdzić do końca, dlatego nie można go przyjąć. Zapisz go ponownie w modelerze."
AWAY = "Sprawdzanie plików jest chwilowo niedostępne. Spróbuj ponownie za chwilę."
OVERRUN = frozenset({-signal.SIGPROF, -signal.SIGKILL, -signal.SIGXCPU, wire.EXHAUSTED})

log = structlog.get_logger()


def command() -> list[str]:
    """How a checking process is started: nothing of the environment or the folder we are in leads it."""
    paths = [os.path.abspath(one) for one in sys.path]
    return [sys.executable, "-I", "-c", f"import sys; sys.path[:] = {paths!r}\n{_ENTER}"]


_ENTER = "from engine.bpmn.gate import child\nchild.main()"


class _Gone(Exception):
    """The process has ended or does not answer."""


class _Process:
    """One checking process."""

    def __init__(self, argv: Sequence[str]) -> None:
        env = {name: os.environ[name] for name in KEPT if name in os.environ}
        theirs_in, self._in = os.pipe()
        self._out, theirs_out = os.pipe()
        try:
            self._child = subprocess.Popen(  # noqa: S603
                argv, stdin=theirs_in, stdout=theirs_out, stderr=subprocess.DEVNULL, env=env
            )
        except OSError:
            os.close(self._in)
            os.close(self._out)
            raise
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)

    def put(self, message: bytes, until: float) -> None:
        """Send; never waits for a reader beyond `until`."""
        left = memoryview(message)
        while left:
            self._wait(self._in, select.POLLOUT, until)
            try:
                left = left[os.write(self._in, left) :]
            except BlockingIOError:
                continue
            except OSError as cause:
                raise _Gone from cause

    def get(self, until: float) -> tuple[dict[str, Any], bytes]:
        """Receive."""

        def read(size: int) -> bytes:
            got = bytearray()
            while len(got) < size:
                self._wait(self._out, select.POLLIN, until)
                try:
                    part = os.read(self._out, size - len(got))
                except BlockingIOError:
                    continue
                if not part:
                    raise _Gone
                got += part
            return bytes(got)

        return wire.unpack(read)

    def end(self) -> int:
        """Kill it and leave nothing of it behind; its exit status."""
        try:
            self._child.wait(0.05)  # when it is ending by itself, its own reason counts
        except subprocess.TimeoutExpired:
            self._child.kill()
        status = self._child.wait()
        os.close(self._in)
        os.close(self._out)
        return status

    def _wait(self, number: int, event: int, until: float) -> None:
        poll = select.poll()
        poll.register(number, event)
        left = until - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise _Gone


class Guard:
    """Processes that check files, started when they are needed, kept for the next file, ended when they overrun."""

    def __init__(self, argv: Sequence[str] = (), seats: int = SEATS) -> None:
        self._argv = tuple(argv)
        self._idle: list[_Process] = []
        self._lock = threading.Lock()
        self._seats = threading.BoundedSemaphore(seats)

    def check(self, xml: bytes, known: Known) -> tuple[Problem, ...]:
        """Every problem of a file, one of which may be that checking it takes too much.

        Raises:
            Unavailable: when no process can be started.
        """
        if not self._seats.acquire(timeout=QUEUE):
            raise Unavailable(AWAY)
        try:
            return self._ask(xml, known)
        finally:
            self._seats.release()

    def close(self) -> None:
        """End all processes."""
        with self._lock:
            idle, self._idle = self._idle, []
        for one in idle:
            one.end()

    def _ask(self, xml: bytes, known: Known) -> tuple[Problem, ...]:
        process, used = self._take()
        request = wire.pack(_request(known), xml)
        until = time.monotonic() + WALL
        found: tuple[Problem, ...] = ()
        try:
            try:
                process.put(request, until)
                said, _ = process.get(until)
            except _Gone:
                if not used or time.monotonic() >= until:
                    raise
                process.end()  # it had left before it was asked
                process, until = self._started(), time.monotonic() + WALL
                process.put(request, until)
                said, _ = process.get(until)
            while not said.get("done"):
                if "ask" in said:
                    process.put(wire.pack({}, _file(known, said)), until)
                else:
                    found = wire.from_json(said.get("found"))
                said, _ = process.get(until)
            found = wire.from_json(said.get("found"))
        except wire.Garbled:
            process.end()
            return found + refused(BROKEN).problems
        except _Gone:
            return found + refused(TOO_LONG if process.end() in OVERRUN else BROKEN).problems
        except BaseException:
            process.end()
            raise
        self._give_back(process, again=said.get("again") is True)
        if "fault" in said:
            log.error("check.failed", fault=str(said["fault"]))
            return found + refused(BROKEN).problems
        return found

    def _take(self) -> tuple[_Process, bool]:
        """A process, and whether it has been used before."""
        with self._lock:
            if self._idle:
                return self._idle.pop(), True
        return self._started(), False

    def _started(self) -> _Process:
        try:
            process = _Process(self._argv or command())
        except OSError as cause:
            raise Unavailable(AWAY) from cause
        try:
            process.get(time.monotonic() + START)
        except (_Gone, wire.Garbled) as cause:
            process.end()
            raise Unavailable(AWAY) from cause
        return process

    def _give_back(self, process: _Process, *, again: bool) -> None:
        if not again:
            process.end()
            return
        with self._lock:
            self._idle.append(process)


def _request(known: Known) -> Mapping[str, Any]:
    return {
        "roles": sorted(known.roles),
        "terms": sorted(known.terms),
        "forms": {key: sorted(names) for key, names in known.forms.items()},
        "start_variables": sorted(known.start_variables),
        "scopes": sorted(known.scopes),
        "processes": list(known.processes),
        "decisions": list(known.decisions),
    }


def _file(known: Known, said: Mapping[str, Any]) -> bytes:
    """A file that the process wants to see."""
    kept = known.decisions if said["ask"] == "decisions" else known.processes
    found = kept.get(str(said.get("key")))
    if found is None:
        raise wire.Garbled
    return found
