"""A checking process that ends at once when anything in it runs code, starts a program, connects or writes a file."""

from __future__ import annotations

import sys

TRIPPED = 66

# The rooms are walked through once before, so that what Python loads late is loaded.
SET = """
import builtins, os, socket, subprocess
from engine import feel
from engine.bpmn.gate import child, rulebook, trial
from engine.bpmn.gate.known import Known
WARM = {warm!r}
rulebook.read(WARM, Known(roles=frozenset(), forms={{}}, processes={{}}))
trial.run(WARM, Known(roles=frozenset(), forms={{}}, processes={{}}))
feel.evaluate('date and time("2026-01-01T00:00:00@Europe/Nie_Ma")', {{}})

def trip(*_, **__):
    os._exit({tripped})

def writes(path, mode="r", *_, **__):
    return trip() if set(mode) & set("wax+") else real_open(path, mode, *_, **__)

def heard(event, args):
    if event in ("exec", "compile") or event.startswith(("os.system", "os.exec", "os.fork", "subprocess", "socket")):
        trip()

real_open, builtins.open = builtins.open, writes
builtins.eval = builtins.exec = builtins.compile = trip
os.system = os.popen = os.fork = os.execv = trip
subprocess.Popen = socket.socket = trip
sys.addaudithook(heard)
{deed}
"""


def command(warm: bytes, deed: str = "child.main()") -> list[str]:
    """How such a process is started.

    Args:
        warm: a diagram that passes.
        deed: what it does once the wires are drawn.
    """
    head = f"import sys; sys.path[:] = {sys.path!r}\n"
    return [sys.executable, "-I", "-c", head + SET.format(warm=warm, tripped=TRIPPED, deed=deed)]
