"""Why a term cannot be counted, each with a Polish sentence that says what to do."""

from __future__ import annotations

from engine.errors import EngineError


class TermRefused(EngineError):
    """A term cannot be counted; the root of what this room raises."""

    code = "term"


class TermUnknown(TermRefused):
    """The words of a term name no rule, or none that was in force on the day of the event."""


class DatesMissing(TermRefused):
    """A term begins with events of the case whose dates are not known yet; `missing` names their variables."""

    def __init__(self, message: str, missing: tuple[str, ...]) -> None:
        super().__init__(message)
        self.missing = missing


class OutOfRange(TermRefused):
    """A term is absurdly long, or a day lies outside the years whose free days we know."""
