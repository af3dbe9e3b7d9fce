"""A form ready to be drawn: everything a page shows, decided here, so that templates only place it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.forms.display import Table
from engine.forms.reference import Reference


@dataclass(frozen=True, kw_only=True)
class OptionView:
    """One option of a list, a radio button or a check box."""

    html_id: str
    value: str
    label: str
    help: str
    checked: bool


@dataclass(frozen=True, kw_only=True)
class FileView:
    """A file that is already attached."""

    id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """One field. `html_id` is where an error link leads: the input, or the first option.

    `control` says what to draw: text, textarea, date, radio, checkbox, list, file, group, or (nothing to fill in)
    output, reference, text_block.
    """

    id: str
    name: str  # HTML name
    html_id: str
    type: str
    control: str
    label: str
    help: str
    required: bool
    error: str
    visible: bool  # now; a page without JavaScript shows all, with `condition`
    condition: str = ""  # "Wypełnij tylko, jeśli …", "" when always visible
    show_if: str = ""  # the same for scripts: JSON list of {"name", "in"}, "" when always visible
    value: str = ""
    max_length: int = 0
    rows: int = 0
    input_mode: str = ""  # decimal or numeric, "" for ordinary text
    suffix: str = ""  # unit or currency beside the input
    earliest: str = ""  # ISO date
    latest: str = ""
    options: tuple[OptionView, ...] = ()
    accept: str = ""  # as the HTML attribute wants it: ".pdf,.jpg"
    multiple: bool = False
    files: tuple[FileView, ...] = ()
    item_label: str = ""
    items: tuple[RowView, ...] = ()
    can_add: bool = False
    text: str = ""  # of outputs and text blocks
    table: Table | None = None
    reference: Reference | None = None


@dataclass(frozen=True, kw_only=True)
class RowView:
    """One row of a group."""

    index: int
    title: str  # such as "Oferta 1"
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, kw_only=True)
class SectionView:
    """Fields under one heading."""

    title: str
    help: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, kw_only=True)
class ErrorView:
    """One line of the list of errors above the form; `html_id` is "" for the form as a whole."""

    html_id: str
    label: str
    message: str


@dataclass(frozen=True, kw_only=True)
class FormView:
    """A form with what was typed, what is wrong and what is shown beside it."""

    key: str
    title: str
    intro: str
    source: str
    sections: tuple[SectionView, ...]
    errors: tuple[ErrorView, ...]
    has_files: bool
