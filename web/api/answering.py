"""How a call that changes something is answered: once per idempotency key, in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from engine.actions import repeats
from engine.errors import AnswerError, Conflict, InputRejected
from engine.model import InstanceId, Json
from web import context


def once(
    deed: str,
    act: Callable[[context.Work], Json],
    *,
    status: int = 200,
    said: Json | bytes = None,
    instance: InstanceId | None = None,
) -> ResponseReturnValue:
    """Do a deed and answer; the same request again gets the same answer and changes nothing.

    Args:
        deed: verb and target, such as `complete 17`.
        said: the body; a key that comes again with another body is refused.
        instance: stops as an incident when its diagram cannot go on.

    Raises:
        EngineError: what the deed raises.
    """
    person, key = context.person(), _key()
    name = f"{deed} {_digest(said)}"

    def do(work: context.Work) -> Json:
        return repeats.once(work, person, key, name, lambda: act(work))

    try:
        return jsonify(context.deed(do, instance=instance)), status
    except Conflict:
        if not key:
            raise
    # The same request may have been under way at the same time: then its answer is known by now.
    return jsonify(context.deed(do, instance=instance)), status


def _key() -> str:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > repeats.KEY_LIMIT:
        message = f"Klucz żądania może mieć najwyżej {repeats.KEY_LIMIT} znaków."
        raise InputRejected((AnswerError(field="Idempotency-Key", message=message),))
    return key


def _digest(said: Json | bytes) -> str:
    data = said if isinstance(said, bytes) else json.dumps(said, sort_keys=True).encode()
    return hashlib.sha256(data).hexdigest()[:32]
