"""The nouns of a form, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

Scalar = None | bool | int | float | str


class FieldType(StrEnum):
    """What a field asks for, or shows."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    YES_NO = "yes_no"
    PERSON = "person"
    UNIT = "unit"
    FILE = "file"
    GROUP = "group"
    HINT = "hint"
    EARLIER = "earlier"
    REFERENCE = "reference"
    TEXT_BLOCK = "text_block"


COMPUTED = frozenset({FieldType.HINT, FieldType.EARLIER})  # the server fills these in and keeps them
STATIC = frozenset({FieldType.REFERENCE, FieldType.TEXT_BLOCK})  # nothing to answer
LISTS = frozenset({FieldType.MULTI_CHOICE, FieldType.FILE, FieldType.GROUP})


@dataclass(frozen=True, kw_only=True)
class Option:
    """One possible answer of a choice."""

    value: str
    label: str
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A field is shown while another field of the form, or a variable, has one of `values`."""

    field: str = ""
    variable: str = ""
    values: tuple[Scalar, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Prefill:
    """Where the first proposal of an answer comes from: a field of another form, or a variable."""

    form: str = ""
    field: str = ""
    variable: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field. Which of the later attributes matter depends on `type`."""

    id: str
    type: FieldType
    label: str = ""
    help: str = ""
    required: bool = False
    variable: str = ""  # name of the variable that this answer sets
    conditions: tuple[Condition, ...] = ()  # all must hold, else the field is hidden
    prefill: Prefill | None = None

    max_length: int = 0  # text, long_text; characters
    pattern: str = ""  # text; the whole answer must match
    pattern_message: str = ""
    rows: int = 5  # long_text; lines of the box
    integer: bool = False  # number
    minimum: Decimal | None = None  # number, money
    maximum: Decimal | None = None
    unit: str = ""  # number; such as "godz."
    earliest: str = ""  # date; ISO date, "today" or "@field"
    latest: str = ""
    options: tuple[Option, ...] = ()  # choice, multi_choice
    style: str = "radio"  # choice; "radio" or "list"
    min_items: int = 0  # multi_choice, group
    max_items: int = 0  # group; 0 where the type has no limit
    role: str = ""  # person; only people with this role
    performs: bool | None = None  # unit; only units that perform services, or only the others
    accept: tuple[str, ...] = ()  # file; endings without a dot
    multiple: bool = False
    fields: tuple[Field, ...] = ()  # group; the columns of a row
    item_label: str = ""
    expression: str = ""  # hint; FEEL
    prefix: str = ""
    suffix: str = ""
    format: str = "text"  # hint; "money", "number", "date" or "text"
    from_form: str = ""  # earlier
    from_field: str = ""
    reference: str = ""  # reference; name of a table
    text: str = ""  # text_block

    @property
    def fewest(self) -> int:
        """How many items a list must have at least."""
        return max(self.min_items, 1 if self.required else 0)

    @property
    def labels(self) -> Mapping[str, str]:
        """Labels of the options by their value."""
        return {option.value: option.label for option in self.options}


@dataclass(frozen=True, kw_only=True)
class Section:
    """Fields that belong together under one heading."""

    title: str
    help: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Check:
    """A rule over the whole form; anything but true shows `message`, at `field` if it is named."""

    holds: str
    message: str
    field: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Document:
    """How the filled form is printed: its title, a closing text, who signs."""

    title: str
    closing: str = ""
    signatures: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Form:
    """What a task asks, as one file of forms/ says it."""

    key: str
    title: str
    source: str = ""
    intro: str = ""
    fresh: bool = False  # filled anew each time, such as monthly: last answers are offered only when it was returned
    document: Document | None = None
    sections: tuple[Section, ...] = ()
    checks: tuple[Check, ...] = ()

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All fields in the order of the page, without the columns of groups."""
        return tuple(field for section in self.sections for field in section.fields)

    @cached_property
    def by_id(self) -> Mapping[str, Field]:
        """The fields by their id, without the columns of groups."""
        return {field.id: field for field in self.fields}

    @cached_property
    def variables(self) -> frozenset[str]:
        """Names of the variables that the answers set."""
        return frozenset(field.variable for field in self.fields if field.variable)

    @cached_property
    def earlier_forms(self) -> frozenset[str]:
        """Keys of the other forms whose answers this form reads."""
        shown = {field.from_form for field in self.fields if field.from_form}
        filled = {field.prefill.form for field in self.fields if field.prefill and field.prefill.form}
        return frozenset(shown | filled)

    @cached_property
    def references(self) -> frozenset[str]:
        """Names of the reference tables that this form shows."""
        return frozenset(field.reference for field in self.fields if field.reference)

    @cached_property
    def roles(self) -> frozenset[str]:
        """Names of the roles by which person fields choose people."""
        columns = (column for field in self.fields for column in field.fields)
        return frozenset(field.role for field in (*self.fields, *columns) if field.role)
