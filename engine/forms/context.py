"""What a form may know of the world around it when its answers are checked or shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from engine.forms.form import Form
from engine.forms.reference import Reference
from engine.model import Json


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """A person whom an answer may name."""

    name: str
    roles: frozenset[str]
    unit: int | None = None


@dataclass(frozen=True, kw_only=True)
class UnitFacts:
    """A unit that an answer may name."""

    name: str
    performs: bool


@dataclass(frozen=True, kw_only=True)
class Context:
    """The instance and the centre, as a form sees them."""

    variables: Mapping[str, Json] = field(default_factory=dict)
    earlier: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)  # latest answers by form key
    people: Mapping[str, PersonFacts] = field(default_factory=dict)  # by login
    units: Mapping[int, UnitFacts] = field(default_factory=dict)
    organisers: frozenset[int] = frozenset()  # units of the people who did steps of this instance
    returned: bool = False  # the form is filled again because its answers were sent back
    attachments: Mapping[str, Sequence[int]] = field(default_factory=dict)  # ids by field
    today: date
    earlier_forms: Mapping[str, Form] = field(default_factory=dict)  # forms of `earlier`, for labels and types
    references: Mapping[str, Reference] = field(default_factory=dict)  # tables by name
    file_names: Mapping[int, str] = field(default_factory=dict)  # of attachments, by id
