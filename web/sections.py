"""The pages about time beside each other: whoever may open none but one sees no menu of them."""

from __future__ import annotations

from typing import NamedTuple

from flask import current_app, request

from engine.access import may
from web import context
from web.guard import right_of

PAGES = (
    ("/terminy", "Terminy"),
    ("/kalendarz", "Kalendarz"),
    ("/terminy/obowiazki", "Obowiązki"),
    ("/administracja/zasady-terminow", "Zasady terminów"),
    ("/terminy/kalkulator", "Kalkulator"),
)


class Section(NamedTuple):
    """One page that is there and may be opened."""

    path: str
    label: str
    here: bool


def sections() -> tuple[Section, ...]:
    """The pages about time that this visitor may open."""
    there = {rule.rule: rule.endpoint for rule in current_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    found = []
    for path, label in PAGES:
        right = right_of(current_app, there[path]) if path in there else None
        if right is not None and may(context.visitor(), right):
            found.append((path, label))
    here = max((path for path, _ in found if _within(path)), key=len, default="")
    return tuple(Section(path, label, path == here) for path, label in found) if len(found) > 1 else ()


def _within(path: str) -> bool:
    return request.path == path or request.path.startswith(f"{path}/")
