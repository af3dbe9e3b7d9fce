"""An instance between two deeds: its variables and open tokens, as bytes.

The format is our own. The library's would keep every token that ever was, and would take a value of a variable that
has a key `typename` for an object of its own. Order matters (a token stands after the one that opened its level), so
the text is never sorted and never kept as a database's JSON.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import loops, waits
from engine.bpmn.scopes import InnerRun, Run, Scope
from engine.bpmn.tokens import Token
from engine.model import Json

if TYPE_CHECKING:
    from engine.bpmn.bundle import Program

FORMAT = 3
PACKED = 1  # zlib level: higher ones cost more time than they save room


def dump(run: Run) -> bytes:
    """Everything that is needed to go on.

    Raises:
        ValueError, TypeError: when a variable is no JSON.
    """
    for scope in run.scopes():
        loops.lull(scope)
    kept = {
        "format": FORMAT,
        "count": run.count,
        "done": run.completed,
        "variables": run.variables,
        "conversation": run.conversation,
        "levels": [_level(scope) for scope in run.scopes()],
    }
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return zlib.compress(text.encode(), PACKED)


def load(state: bytes, program: Program, *, facts: Mapping[str, Json], now: datetime, lazily: bool = False) -> Run:
    """The instance as it was dumped.

    Args:
        lazily: leave rounds asleep (see `loops.lull`); for those who need not see every token.
    """
    kept = json.loads(zlib.decompress(state))
    run = Run(program, variables=kept["variables"], facts=facts, now=now)
    run.count, run.completed, run.conversation = kept["count"], kept["done"], kept["conversation"]
    tokens: dict[int, Token] = {}
    for said in kept["levels"]:
        scope: Scope = run
        if said["owner"] is not None:
            scope = InnerRun(program.specs[said["name"]], tokens[said["owner"]])
            run.subprocesses[said["owner"]] = scope
            scope.local = said["local"]
        scope.arrived, scope.ending = said["arrived"], said["ending"]
        for one in said["tokens"]:
            token = _token(one, scope)
            loops.take_back(token)
            tokens[token.id] = token
    run.had, run.had_levels = waits.kinds(run), len(kept["levels"]) > 1
    if not lazily:
        for token in tokens.values():
            loops.wake_all(token)
    return run


def _level(scope: Scope) -> dict[str, Any]:
    return {
        "name": scope.spec.name,
        "owner": scope.owner.id if scope.owner is not None else None,
        "arrived": scope.arrived,
        "local": scope.local,
        "ending": scope.ending,
        "tokens": [_said(token) for token in scope.tasks.values()],
    }


def _said(token: Token) -> list[Any]:
    step = token.task_spec.name
    return [token.id, step, token._state, token.host, token.shell, token.local, loops.lend(token), token.inputs]


def _token(said: list[Any], scope: Scope) -> Token:
    number, step, state, host, shell, local, internal, inputs = said
    token = Token(scope, scope.spec.task_specs[step], number)
    token.host, token.shell, token.local, token.internal_data, token.inputs = host, shell, local, internal, inputs
    token._state = state
    token.entered = host is None and state != TaskState.FUTURE
    return token
