"""The calls on decisions, described as all others are."""

from __future__ import annotations

from web.api.operations import Operation, Parameter
from web.api.schemas import ID, TEXT

DECISION_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="publishDecisions",
        method="post",
        path="/api/v1/decisions",
        text="Publikuje plik DMN jako następną wersję. Ten sam plik ponownie: wersja, którą już ma.",
        status=201,
        answer="PublishedDecisions",
        tag="procesy",
        body="dmn",
        refusals=(403, 409, 413, 422),
        rejected="NotPublished",
    ),
    Operation(
        id="checkDecisions",
        method="post",
        path="/api/v1/decisions/check",
        text="Sprawdza plik DMN jak przy publikacji; niczego nie zapisuje.",
        status=200,
        answer="Problems",
        tag="procesy",
        body="dmn",
        refusals=(403, 413),
    ),
    Operation(
        id="listDecisions",
        method="get",
        path="/api/v1/decisions",
        text="Najnowsza wersja każdego pliku decyzji.",
        status=200,
        answer="DecisionFiles",
        tag="procesy",
    ),
    Operation(
        id="readDecisions",
        method="get",
        path="/api/v1/decisions/{key}/{version}",
        text="Plik DMN jednej wersji, taki, jaki opublikowano.",
        status=200,
        answer="",
        tag="procesy",
        refusals=(404,),
        xml=True,
        parameters=(
            Parameter(name="key", text="Klucz pliku decyzji.", schema=TEXT, place="path"),
            Parameter(name="version", text="Numer wersji.", schema=ID, place="path"),
        ),
    ),
)
