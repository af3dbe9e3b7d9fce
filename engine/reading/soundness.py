"""Looks for what should never be: a broken journal, an instance that waits for nothing or for nobody."""

from __future__ import annotations

from engine import access, circumstances
from engine.reading import clockwork
from engine.store import bindings, journal, people, tasks
from engine.store.database import Work
from engine.store.tasks import TaskFilter


def findings(work: Work) -> tuple[str, ...]:
    """Polish sentences about everything found; empty when all is well."""
    stuck = tuple(f"Sprawa {number} trwa, ale na nic nie czeka." for number in bindings.stuck(work))
    return (*journal.verify(work), *stuck, *orphaned(work), *clockwork.findings(work))


def orphaned(work: Work) -> tuple[str, ...]:
    """Of every role that has open tasks and nobody to do them, how many there are and in which case to look."""
    scopes = circumstances.scopes_in_force(work)
    held = {role for one in people.all_people(work) if one.active and not one.unrestricted for role in one.roles}
    found = []
    for role in sorted(set(access.ROLES) - held):
        waiting = tasks.search(work, TaskFilter(scopes=scopes, role=role, limit=1)).items
        if waiting:
            one = waiting[0]
            found.append(
                f"Nikt nie ma roli „{role}”, a czeka na nią zadanie „{one.name}” w sprawie {one.instance_number}."
                " Nadaj tę rolę komuś w administracji."
            )
    return tuple(found)
