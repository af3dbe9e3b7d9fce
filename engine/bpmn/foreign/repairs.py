"""What an explanation is made of: remarks, and repairs with the hand that does them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from engine.bpmn.markup import Node


@dataclass(frozen=True, kw_only=True)
class Option:
    """One of several ways to repair something."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Repair:
    """One change of a file that can be ticked.

    Attributes:
        id: stable as long as the file is the same.
        title: what it does, as a Polish sentence.
        elements: ids of what it touches.
        name: of the element it is about, as people know it.
        before: what stands there now, "" when nothing does.
        after: what will stand there.
        safe: the meaning stays the same for certain, so it may be done unasked.
        options: when there are several ways; chosen as `id=value`.
    """

    id: str
    title: str
    elements: tuple[str, ...]
    name: str = ""
    line: int = 0
    before: str = ""
    after: str = ""
    safe: bool = True
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something in a file that is not carried over, and what to do about it."""

    element: str
    name: str
    line: int
    message: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """A repair and what does it; the function gets the value of the chosen option, "" when there are none."""

    repair: Repair
    do: Callable[[str], None]


Found: TypeAlias = Iterator[Change | Remark]


def remark(node: Node, message: str) -> Remark:
    """A remark about an element."""
    return Remark(element=node.get("id") or "", name=label(node), line=node.sourceline or 0, message=message)


def change(node: Node, kind: str, title: str, do: Callable[[], None], **facts: str | bool) -> Change:
    """A repair of one element that is done in one way.

    Args:
        node: what is repaired.
        kind: what is repaired in it; makes the id together with that of the element.
        title: what the repair does.
        do: does it.
        facts: `before`, `after` and `safe` of the repair.
    """
    made = Repair(**_about(node, kind, title), **facts)  # type: ignore[arg-type]
    return Change(repair=made, do=lambda _: do())


def choice(node: Node, kind: str, title: str, do: Callable[[str], None], options: tuple[Option, ...]) -> Change:
    """A repair of one element that can be done in several ways, of which a person chooses one."""
    made = Repair(**_about(node, kind, title), safe=False, options=options)  # type: ignore[arg-type]
    return Change(repair=made, do=do)


def label(node: Node) -> str:
    """The name of an element on one line."""
    return " ".join((node.get("name") or "").split())


def _about(node: Node, kind: str, title: str) -> dict[str, object]:
    identity = node.get("id") or ""
    return {
        "id": f"{kind}:{identity}",
        "title": title,
        "elements": (identity,),
        "name": label(node),
        "line": node.sourceline or 0,
    }
