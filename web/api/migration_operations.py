"""The calls on migrations, described as all others are."""

from __future__ import annotations

from web.api.operations import Operation, Parameter
from web.api.schemas import ID, TEXT

_INSTANCE = (Parameter(name="instance", text="Identyfikator sprawy.", schema=ID, place="path"),)
_REFUSALS = (400, 403, 404, 409, 413, 422)

MIGRATION_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="planMigration",
        method="post",
        path="/api/v1/definitions/{key}/{version}/migration",
        text="Próba przeniesienia: dla każdej trwającej sprawy tej wersji, czy i jak można ją przenieść na wersję to "
        "(bez niej: na najnowsze wersje wywoływanych procesów). Niczego nie zapisuje.",
        status=200,
        answer="MigrationPlan",
        tag="sprawy",
        body="PlanMigration",
        refusals=_REFUSALS,
        parameters=(
            Parameter(name="key", text="Klucz procesu.", schema=TEXT, place="path"),
            Parameter(name="version", text="Wersja, według której sprawy biegną.", schema=ID, place="path"),
        ),
    ),
    Operation(
        id="migrateInstance",
        method="post",
        path="/api/v1/instances/{instance}/migrate",
        text="Przenosi sprawę na inną wersję jej procesu; otwarte zadania, szkice i terminy zostają.",
        status=200,
        answer="Instance",
        tag="sprawy",
        body="Migrate",
        refusals=_REFUSALS,
        parameters=_INSTANCE,
    ),
    Operation(
        id="undoMigration",
        method="post",
        path="/api/v1/instances/{instance}/migrate/undo",
        text="Cofa ostatnie przeniesienie sprawy, dopóki nic się w niej potem nie stało.",
        status=200,
        answer="Instance",
        tag="sprawy",
        body="Nothing",
        refusals=_REFUSALS,
        parameters=_INSTANCE,
    ),
)
