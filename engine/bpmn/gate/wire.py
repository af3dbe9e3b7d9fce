"""How the gate and the process that checks a file talk: a JSON head and a body of bytes, each with its length."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from engine.errors import Problem

EXHAUSTED = 96  # exit status of a checking process that had no memory left even to say so
LARGEST = 16 * 1024 * 1024  # bytes of a head or a body
_LENGTHS = struct.Struct("!II")


class Garbled(Exception):
    """What came is no message, or too long to be one."""


def pack(head: Mapping[str, Any], body: bytes = b"") -> bytes:
    """A message as bytes."""
    said = json.dumps(head, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return _LENGTHS.pack(len(said), len(body)) + said + body


def unpack(read: Callable[[int], bytes]) -> tuple[dict[str, Any], bytes]:
    """The next message.

    Args:
        read: gives exactly as many bytes as asked.

    Raises:
        Garbled: when it is none.
    """
    head, body = _LENGTHS.unpack(read(_LENGTHS.size))
    if max(head, body) > LARGEST:
        raise Garbled
    try:
        said = json.loads(read(head).decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as cause:
        raise Garbled from cause
    if not isinstance(said, dict):
        raise Garbled
    return said, read(body)


def to_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems as they travel."""
    return [asdict(one) for one in problems]


def from_json(said: object) -> tuple[Problem, ...]:
    """Problems as they arrive.

    Raises:
        Garbled: when they are none.
    """
    try:
        return tuple(_problem(**one) for one in said)  # type: ignore[attr-defined]
    except (TypeError, ValueError) as cause:
        raise Garbled from cause


def _problem(*, element: str, name: str, line: int, message: str, severity: str) -> Problem:
    texts = (element, name, message, severity)
    if not all(isinstance(one, str) for one in texts) or not isinstance(line, int):
        raise ValueError
    return Problem(element=element, name=name, line=line, message=message, severity=severity)
