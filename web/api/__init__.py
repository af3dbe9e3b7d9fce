"""The API: JSON over HTTP under /api/v1."""

from flask import Blueprint

from web.api import definitions, description, forms, health, incidents, instances, journal, messages, tasks

BLUEPRINTS: tuple[Blueprint, ...] = (
    definitions.blueprint,
    description.blueprint,
    forms.blueprint,
    health.blueprint,
    incidents.blueprint,
    instances.blueprint,
    journal.blueprint,
    messages.blueprint,
    tasks.blueprint,
)
