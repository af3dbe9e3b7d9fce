"""Adding and removing rows of a group by plain submit buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ADD = "_dodaj"
REMOVE = "_usun"


@dataclass(frozen=True, kw_only=True)
class Pressed:
    """Which row button sent the form. `row` is None for adding."""

    group: str
    row: int | None


def pressed(fields: dict[str, list[str]]) -> Pressed | None:
    """The row button that was pressed, None when it was another one."""
    if fields.get(ADD):
        return Pressed(group=fields[ADD][0], row=None)
    if fields.get(REMOVE):
        group, _, row = fields[REMOVE][0].rpartition("-")
        return Pressed(group=group, row=int(row)) if is_number(row) else None
    return None


def is_number(value: str) -> bool:
    """True for plain digits, no more of them than an id can have."""
    return value.isdecimal() and len(value) < 19


def without(fields: dict[str, list[str]], button: Pressed) -> dict[str, Sequence[str]]:
    """The fields without those of the removed row; a row left blank disappears when the form is read."""
    if button.row is None:
        return dict(fields)
    gone = f"{button.group}-{button.row}-"
    return {name: values for name, values in fields.items() if not name.startswith(gone)}
