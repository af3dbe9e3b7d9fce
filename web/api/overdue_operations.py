"""The call on what is late, described as all others are."""

from __future__ import annotations

from web.api.operations import Operation, Parameter
from web.api.schemas import ID, TEXT, Schema


def _one_of(*words: str) -> Schema:
    return {"type": "string", "enum": [*words]}


_OWNER: Schema = {"type": "string", "pattern": "^(brak|[0-9]+)$"}
OVERDUE_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="listOverdue",
        method="get",
        path="/api/v1/overdue",
        text="Zadania po terminie w całym ośrodku, najdłużej zalegające najpierw, z sumami i wyjaśnieniem terminów.",
        status=200,
        answer="Overdue",
        tag="zadania",
        refusals=(403, 422),
        parameters=(
            Parameter(
                name="which",
                text="late: po terminie (gdy pola nie ma); today: na dziś; week: w ciągu 7 dni; ahead: przed terminem; "
                "open: otwarte; paused: z wstrzymanym terminem.",
                schema=_one_of("late", "today", "week", "ahead", "open", "paused"),
            ),
            Parameter(
                name="band",
                text="Tylko dla late: do 7 dni, 8–14 dni, powyżej 14 dni.",
                schema=_one_of("week", "fortnight", "older"),
            ),
            Parameter(name="process", text="Klucz procesu, w którym jest krok.", schema=TEXT),
            Parameter(name="element", text="Identyfikator kroku.", schema=TEXT),
            Parameter(name="role", text="Rola, do której zadanie teraz należy.", schema=TEXT),
            Parameter(name="person", text="Identyfikator osoby albo brak: nieprzydzielone.", schema=_OWNER),
            Parameter(name="unit", text="Identyfikator komórki osoby albo brak: osoby bez komórki.", schema=_OWNER),
            Parameter(name="limit", text="Ile zadań na stronie, najwyżej 200.", schema=ID),
            Parameter(name="cursor", text="Kursor z pola next.", schema=TEXT),
        ),
    ),
)
