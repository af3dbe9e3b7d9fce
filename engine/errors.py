"""Everything that can go wrong in the engine, as one tree with a Polish sentence for the person who sees it."""

from __future__ import annotations

from dataclasses import dataclass


class EngineError(Exception):
    """Root of the tree. `message` is a Polish sentence that says what happened and what to do."""

    code = "error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(EngineError):
    """The thing asked for does not exist or may not be seen by this person."""

    code = "not_found"


class NotAllowed(EngineError):
    """The person may see it, but may not do this."""

    code = "not_allowed"


class Conflict(EngineError):
    """Somebody else was first, or the thing has moved on since it was read."""

    code = "conflict"


class Crossed(Conflict):
    """Two deeds waited for each other and this one gave way; nothing of it was kept, and doing it again helps."""


class Unavailable(EngineError):
    """The database or another part is away for the moment; trying again later may help."""

    code = "unavailable"


class Misconfigured(EngineError):
    """The installation is set up so that running on would be unsafe."""

    code = "misconfigured"


@dataclass(frozen=True, kw_only=True)
class AnswerError:
    """One field that does not fit. `field` is the field's id, in a group `group-0-field`; "" is the whole form."""

    field: str
    message: str


class AnswersRejected(EngineError):
    """The answers do not fit the form; `errors` names every field."""

    code = "answers_rejected"

    def __init__(self, errors: tuple[AnswerError, ...]) -> None:
        super().__init__("Popraw zaznaczone pola i wyślij formularz ponownie.")
        self.errors = errors


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One finding of the gate: where (element id, name, line of the file), what is wrong and what to do."""

    element: str
    name: str
    line: int
    message: str
    severity: str  # "error" refuses the definition, "warning" does not


class DefinitionRejected(EngineError):
    """The gate refused a definition or a form; `problems` are all of its findings."""

    code = "definition_rejected"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("Tej wersji nie można opublikować. Popraw wskazane miejsca.")
        self.problems = problems


class InputRejected(EngineError):
    """A request that is no form (a start, a person, an authorisation) does not fit; `errors` as in AnswersRejected."""

    code = "input_rejected"

    def __init__(self, errors: tuple[AnswerError, ...]) -> None:
        super().__init__("Popraw wskazane pola i spróbuj ponownie.")
        self.errors = errors


class ExpressionFailed(EngineError):
    """A FEEL expression cannot be read or computed. `position` counts characters from 0."""

    code = "expression"

    def __init__(self, message: str, *, position: int = 0) -> None:
        super().__init__(message)
        self.position = position


class StepFailed(EngineError):
    """An instance cannot go on at `element`; the deed is rolled back and an incident is recorded."""

    code = "incident"

    def __init__(self, message: str, *, element: str) -> None:
        super().__init__(message)
        self.element = element


class Endless(StepFailed):
    """Steps follow each other in one deed without end."""
