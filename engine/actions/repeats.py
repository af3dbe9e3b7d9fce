"""A repeated request changes nothing: it gets the first answer again."""

from __future__ import annotations

import json
from collections.abc import Callable

from engine.model import Json, Person
from engine.store import repeats
from engine.store.database import Work

KEY_LIMIT = 200


def once(work: Work, by: Person, key: str, deed: str, do: Callable[[], Json]) -> Json:
    """Do a deed once per idempotency key.

    Args:
        key: chosen by the caller, "" when it sent none: then the deed is simply done.
        deed: what is asked, with its target, such as "complete 12"; a key serves one deed only.

    Raises:
        Conflict: when the key was used for something else.
    """
    if not key:
        return do()
    key = key[:KEY_LIMIT]
    known = repeats.find(work, person=by.id, key=key, deed=deed)
    if known is not None:
        answer: Json = json.loads(known)
        return answer
    answer = do()
    repeats.remember(work, person=by.id, key=key, deed=deed, answer=json.dumps(answer, ensure_ascii=False))
    return answer
