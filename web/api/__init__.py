"""The API: JSON over HTTP under /api/v1."""

from flask import Blueprint

from web.api import (
    decisions,
    definitions,
    description,
    forms,
    health,
    incidents,
    instances,
    journal,
    messages,
    migrations,
    overdue,
    tasks,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    decisions.blueprint,
    definitions.blueprint,
    description.blueprint,
    forms.blueprint,
    health.blueprint,
    incidents.blueprint,
    instances.blueprint,
    journal.blueprint,
    messages.blueprint,
    migrations.blueprint,
    overdue.blueprint,
    tasks.blueprint,
)
