"""Pages: each module one screen or a few that belong together."""

from web.pages import (
    account,
    authorisations,
    decisions,
    definitions,
    files,
    help_pages,
    incidents,
    instance,
    instances,
    loading,
    migrations,
    people,
    preferences,
    signing,
    task,
    tasks,
)

BLUEPRINTS = (
    account.blueprint,
    authorisations.blueprint,
    decisions.blueprint,
    definitions.blueprint,
    files.blueprint,
    help_pages.blueprint,
    incidents.blueprint,
    instance.blueprint,
    instances.blueprint,
    loading.blueprint,
    migrations.blueprint,
    people.blueprint,
    preferences.blueprint,
    signing.blueprint,
    task.blueprint,
    tasks.blueprint,
)
