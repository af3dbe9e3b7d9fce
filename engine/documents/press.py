"""The press: a template and its data become a tagged PDF (PDF/UA-1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock

import typst

from engine.errors import EngineError
from engine.model import Json

_FOLDER = Path(__file__).resolve().parent
_ONE_AT_A_TIME = Lock()  # a compiler keeps the data of its last run


class PrintFailed(EngineError):
    """A document could not be made from its data."""

    code = "print"


def pdf(template: str, data: Mapping[str, Json], at: datetime) -> bytes:
    """The document that `template` makes of `data`.

    The data travels as JSON beside the template, never inside it, so nothing a person typed is read as markup.

    Args:
        template: name of a .typ file of this room.
        at: aware moment that the file's metadata names.

    Raises:
        PrintFailed: when the template cannot take the data.
    """
    with _ONE_AT_A_TIME:
        try:
            made = _compiler().compile(
                _FOLDER / template,
                format="pdf",
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                pdf_standards="ua-1",
                timestamp=at.replace(microsecond=0),  # the press refuses finer moments
            )
        except RuntimeError as cause:
            raise PrintFailed("Nie udało się przygotować wydruku. Spróbuj ponownie albo wydrukuj stronę.") from cause
    if not isinstance(made, bytes):
        raise PrintFailed("Wydruk nie zawiera żadnej strony.")
    return made


@cache
def _compiler() -> typst.Compiler:
    """One compiler a process; only the fonts of this room are used, so that a document looks alike everywhere."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FOLDER / "fonts")])
    return typst.Compiler(root=str(_FOLDER), font_paths=fonts)
