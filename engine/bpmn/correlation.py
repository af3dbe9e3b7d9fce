"""What messages carry, and by which values they find their receiver.

A receiver fixes the values that it waits for when it starts to wait. A property that is still unknown then takes any
value; the first message that passes settles it for the instance (BPMN 2.0, 8.4.2: key-based correlation), unless a
subscription of the process computes it (context-based correlation).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine import feel
from engine.bpmn import expressions, mappings
from engine.errors import ExpressionFailed
from engine.model import Json

if TYPE_CHECKING:
    from engine.bpmn.events import Event, Key
    from engine.bpmn.tokens import Token


def awaited(event: Event, token: Token) -> dict[str, Json]:
    """The values of its properties for which a token starts to wait; null takes any.

    Raises:
        StepFailed: when one cannot be computed.
    """
    known = token.variables()
    found = {**token.top.conversation, **{key.name: known[key.name] for key in event.keys if key.name in known}}
    return {key.name: token.evaluate(key.bound) if key.bound else found.get(key.name) for key in event.keys}


def brought(event: Event, token: Token) -> dict[str, Json]:
    """The values that a thrown message or signal brings.

    Raises:
        StepFailed: when one cannot be computed.
    """
    return mappings.read(event.data, token.context(), token)


def carried(event: Event, token: Token, payload: Mapping[str, Json]) -> dict[str, Json]:
    """The values of its properties that a thrown message carries; they hold for the instance from now on.

    Raises:
        StepFailed: when one cannot be computed.
    """
    context = {**token.context(), **payload}
    settled = token.top.conversation
    found: dict[str, Json] = {}
    for key in event.keys:
        value = expressions.value(key.path, context, token)
        found[key.name] = settled.get(key.name) if value is None else value
    kept: dict[str, Json] = {name: value for name, value in found.items() if value is not None}
    for name, value in kept.items():
        settled.setdefault(name, value)
    return kept


def fits(event: Event, token: Token, said: Mapping[str, Json], payload: Mapping[str, Json]) -> bool:
    """True when a message of the right name is meant for this token.

    Args:
        said: values that the sender names. Each must be equal to what is awaited under its name; a name that is no
            property of the message means a variable of the receiver.
        payload: what the message brings; the properties that `said` leaves out are read from it.
    """
    waited: Mapping[str, Json] = token.internal_data.get("keys", {})
    known = token.variables()
    for name, value in said.items():
        if name not in waited and known.get(name) != value:
            return False
    for key in event.keys:
        value, wanted = _property(key, said, payload, token), waited.get(key.name)
        if value is not None and wanted is not None and value != wanted:
            return False
    return True


def receive(event: Event, token: Token, said: Mapping[str, Json], payload: Mapping[str, Json]) -> None:
    """Let the receiver have what a message brings.

    Raises:
        StepFailed: when a value that it takes out cannot be computed.
    """
    for key in event.keys:
        value = _property(key, said, payload, token)
        if value is not None:
            token.top.conversation.setdefault(key.name, value)
    for name, value in taken(event, token, payload).items():
        token.set(name, value)


def taken(event: Event, token: Token, payload: Mapping[str, Json]) -> dict[str, Json]:
    """The variables that come out of a message: all that it brings, unless the receiver says what it takes.

    Raises:
        StepFailed: when one cannot be computed.
    """
    if not event.data:
        return dict(payload)
    return mappings.read(event.data, {**token.context(), **payload}, token)


def _property(key: Key, said: Mapping[str, Json], payload: Mapping[str, Json], token: Token) -> Json:
    if key.name in said:
        return said[key.name]
    try:
        return feel.to_json(feel.evaluate(expressions.bare(key.path), payload, now=token.top.now))
    except ExpressionFailed:
        return None  # the message does not say it
