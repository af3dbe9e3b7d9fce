"""Keeps the norms of workload as dated data: hours for a step, cases for a full post."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.model import Json
from engine.store import preferences
from engine.store.database import Work

NAME = "workload norms"  # of the preference
Kind = Literal["hours", "cases"]


@dataclass(frozen=True, kw_only=True)
class Norm:
    """How much work one thing is, from a day on.

    Attributes:
        subject: for hours the key of a form or the name of a step, for cases a role.
        value: hours for one step, or cases at most for a full post; 0 when there is a norm no longer.
    """

    kind: Kind
    subject: str
    value: float
    since: date
    source: str


@dataclass(frozen=True, kw_only=True)
class Norms:
    """The norms of one day."""

    hours: Mapping[str, Norm]  # by subject in small letters
    cases: Mapping[str, Norm]  # by role

    def hours_of(self, form: str, name: str) -> float | None:
        """Hours for one step, None when no norm says it."""
        found = self.hours.get(form.casefold()) or self.hours.get(name.casefold())
        return found.value if found is not None else None


_ALWAYS = date(2013, 1, 1)
_TIMES = "Model realizacji usług w gminie, tabela 25 (czas orientacyjny)"
_POSTS = "Model realizacji usług w gminie, tabela 32"
BUILT_IN = (
    *(
        Norm(kind="hours", subject=subject, value=value, since=_ALWAYS, source=_TIMES)
        for subject, value in (
            ("Przeprowadzenie wywiadu część I", 3.0),
            ("Przeprowadzenie wywiadu część IV", 1.5),
            ("Przeprowadzenie wywiadu część II, III", 1.0),
            ("Przygotowanie decyzji odmawiającej przyznania pomocy", 0.5),
            ("Przygotowanie pisma do innych instytucji", 0.5),
            ("Zawarcie umowy współpracy", 3.0),
            ("Ocena działań ustalonych w umowie współpracy", 0.5),
            ("Działanie w ramach pracy socjalnej", 0.5),
        )
    ),
    Norm(kind="cases", subject="Pracownik socjalny", value=20, since=_ALWAYS, source=_POSTS),
    Norm(kind="cases", subject="Pracownik ds. świadczeń", value=80, since=_ALWAYS, source=_POSTS),
)


def all_norms(work: Work) -> tuple[Norm, ...]:
    """Every norm that was ever set, the built-in ones first; of one subject in the order of their days."""
    stored = preferences.get(work, NAME)
    own = [_noun(one) for one in stored if isinstance(one, dict)] if isinstance(stored, list) else []
    return (*BUILT_IN, *own)


def on(work: Work, day: date) -> Norms:
    """The norms of a day: of each subject the one that was set last for that day or before."""
    found = all_norms(work)
    return Norms(hours=_newest(found, "hours", day), cases=_newest(found, "cases", day))


def add(work: Work, norm: Norm) -> None:
    """Sets a norm from its day on."""
    stored = preferences.get(work, NAME)
    row: dict[str, Json] = {
        "kind": norm.kind,
        "subject": norm.subject,
        "value": norm.value,
        "since": norm.since.isoformat(),
        "source": norm.source,
    }
    preferences.put(work, NAME, [*(stored if isinstance(stored, list) else []), row])


def _newest(found: Iterable[Norm], kind: Kind, day: date) -> dict[str, Norm]:
    newest: dict[str, Norm] = {}
    for one in found:
        key = one.subject.casefold() if kind == "hours" else one.subject
        if one.kind == kind and one.since <= day and (key not in newest or one.since >= newest[key].since):
            newest[key] = one
    return {key: one for key, one in newest.items() if one.value > 0}


def _noun(row: Mapping[str, Json]) -> Norm:
    return Norm(
        kind="cases" if row.get("kind") == "cases" else "hours",
        subject=str(row.get("subject", "")),
        value=float(str(row.get("value", 0))),
        since=date.fromisoformat(str(row.get("since", "2013-01-01"))),
        source=str(row.get("source", "")),
    )
