"""Built-in functions on contexts."""

from __future__ import annotations

from engine.feel.library.registry import function
from engine.feel.values import Value


@function("get value(m: context, key: string)")
def get_value(context: dict[str, Value], key: str) -> Value:
    """The value of that entry."""
    return context.get(key)


@function("get entries(m: context)")
def get_entries(context: dict[str, Value]) -> Value:
    """The entries as contexts of `key` and `value`."""
    return [{"key": key, "value": value} for key, value in context.items()]


@function("context(entries: list)")
def context_of(entries: list[Value]) -> Value:
    """The context of these `key` and `value` pairs; None when a pair is incomplete or a key comes twice."""
    made: dict[str, Value] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not {"key", "value"} <= entry.keys():
            return None
        key = entry["key"]
        if not isinstance(key, str) or key in made:
            return None
        made[key] = entry["value"]
    return made


@function("context put(context: context, key: string, value: any)")
def context_put(context: dict[str, Value], key: str, value: Value) -> Value:
    """The context with one entry set."""
    return {**context, key: value}


@function("context put(context: context, keys: list, value: any)")
def context_put_deep(context: dict[str, Value], keys: list[Value], value: Value) -> Value:
    """The context with an entry set deep inside, along the path of keys."""
    if not keys or not isinstance(keys[0], str):
        return None
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    deeper = context_put_deep(inner, keys[1:], value) if isinstance(inner, dict) else None
    return None if deeper is None else {**context, keys[0]: deeper}


@function("context merge(contexts: list)")
def context_merge(contexts: list[Value]) -> Value:
    """One context of all entries; the last one of a name wins."""
    merged: dict[str, Value] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        merged.update(context)
    return merged
