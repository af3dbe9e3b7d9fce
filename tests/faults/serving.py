"""Starts `bieg serve` again and again without importing everything again: each line read is a port to serve on.

Run as a program. It answers each line with the number of the new process, which is the real command from then on.
"""

from __future__ import annotations

import os
import signal
import sys

import web.server  # noqa: F401 - what takes long to import is imported once
from engine.cli import main


def serve(port: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    main(["serve", "--host", "127.0.0.1", "--port", port], standalone_mode=False)
    os._exit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who are killed
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            serve(line.strip())
        print(child, flush=True)
