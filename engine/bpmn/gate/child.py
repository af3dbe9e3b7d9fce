"""The process that checks files for the gate: little memory, little time, no network, nothing to write to."""

from __future__ import annotations

import os
import resource
import select
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.bpmn.gate import rulebook, trial, wire
from engine.bpmn.gate.known import Known
from engine.bpmn.markup import refused
from engine.errors import Problem

MEMORY = 256 * 1024 * 1024  # bytes of address space, the interpreter included
FULL = 160 * 1024 * 1024  # bytes of memory after which this process makes room for a fresh one
CPU = 4.0  # seconds for one file
IDLE = 300.0  # seconds without a file
ESCAPE = 97  # exit status when something tried to reach outside
REACHING = (
    *("socket.", "subprocess.", "shutil.", "ctypes.dlopen", "pty.", "urllib.", "os.system", "os.exec", "os.fork"),
    *("os.posix_spawn", "os.spawn", "os.kill", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link"),
    *("os.symlink", "os.truncate", "os.chmod", "os.chown"),
)

Ask = Callable[[str, str], bytes]


def main() -> None:
    """Check file after file until nobody asks any more."""
    incoming, outgoing = _pipes()
    sys.dont_write_bytecode = True  # what is imported late must not be written down
    _limit()
    sys.addaudithook(_refuse_to_reach_out)
    outgoing(wire.pack({"ready": True}))
    while select.select([0], [], [], IDLE)[0]:
        try:
            request, xml = wire.unpack(incoming)
        except (wire.Garbled, EOFError):
            return
        try:
            if not _answer(request, xml, incoming, outgoing):
                return
        except MemoryError:
            os._exit(wire.EXHAUSTED)


def _answer(
    request: Mapping[str, Any], xml: bytes, incoming: Callable[[int], bytes], outgoing: Callable[[bytes], None]
) -> bool:
    """Say what is wrong with a file; False when this process should not be asked again."""

    def ask(what: str, key: str) -> bytes:
        outgoing(wire.pack({"ask": what, "key": key}))
        return wire.unpack(incoming)[1]

    signal.setitimer(signal.ITIMER_PROF, CPU)  # its signal ends the process
    healthy, found = True, _none()
    try:
        known = _known(request, ask)
        found = rulebook.read(xml, known)
        outgoing(wire.pack({"found": wire.to_json(found), "done": False}))
        if not any(one.severity == "error" for one in found):
            found += trial.run(xml, known)
    except (RecursionError, MemoryError):
        healthy = False
    except Exception:  # a mistake of ours must be seen, and must not let the file pass
        signal.setitimer(signal.ITIMER_PROF, 0)
        outgoing(wire.pack({"found": wire.to_json(found), "done": True, "fault": traceback.format_exc(-8)}))
        return False
    signal.setitimer(signal.ITIMER_PROF, 0)
    if not healthy:
        found += refused(trial.TOO_MUCH).problems
    healthy = healthy and _resident() < FULL
    outgoing(wire.pack({"found": wire.to_json(found), "done": True, "again": healthy}))
    return healthy


def _none() -> tuple[Problem, ...]:
    return ()


class _Files(Mapping[str, bytes]):
    """Files of the centre, brought when they are looked at."""

    def __init__(self, what: str, keys: list[str], ask: Ask) -> None:
        self._what, self._keys, self._ask = what, dict.fromkeys(keys), ask
        self._brought: dict[str, bytes] = {}

    def __getitem__(self, key: str) -> bytes:
        if key not in self._keys:
            raise KeyError(key)
        if key not in self._brought:
            self._brought[key] = self._ask(self._what, key)
        return self._brought[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def _known(request: Mapping[str, Any], ask: Ask) -> Known:
    return Known(
        roles=frozenset(request["roles"]),
        forms={key: frozenset(names) for key, names in request["forms"].items()},
        processes=_Files("processes", request["processes"], ask),
        start_variables=frozenset(request["start_variables"]),
        scopes=frozenset(request["scopes"]),
        terms=frozenset(request["terms"]),
        decisions=_Files("decisions", request["decisions"], ask),
    )


def _pipes() -> tuple[Callable[[int], bytes], Callable[[bytes], None]]:
    """Ways in and out that nothing else can write into."""
    private = os.dup(1)
    os.dup2(2, 1)  # whatever prints does not disturb the talk

    def incoming(size: int) -> bytes:
        got = bytearray()
        while len(got) < size:
            part = os.read(0, size - len(got))
            if not part:
                raise EOFError
            got += part
        return bytes(got)

    def outgoing(message: bytes) -> None:
        left = memoryview(message)
        while left:
            left = left[os.write(private, left) :]

    return incoming, outgoing


def _limit() -> None:
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one who asks
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # pragma: no cover
            continue  # not every system knows every limit; time is limited by the one who asks


def _resident() -> int:
    """Bytes of memory in use; the library's own count starts with what the parent had."""
    try:
        with open("/proc/self/statm", "rb") as told:
            return int(told.read().split()[1]) * resource.getpagesize()
    except OSError:
        return 0  # not every system tells; the limit holds all the same


def _refuse_to_reach_out(event: str, args: tuple[Any, ...]) -> None:
    """End at once when anything opens a connection, starts a program or writes: nothing here does."""
    if event.startswith(REACHING) or (event == "open" and _writes(args)):
        os._exit(ESCAPE)


def _writes(args: tuple[Any, ...]) -> bool:
    flags = args[2] if len(args) > 2 and isinstance(args[2], int) else 0
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC))
