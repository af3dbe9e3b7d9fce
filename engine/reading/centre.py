"""Looks at the centre itself: its head, its people, its authorisations, its processes."""

from __future__ import annotations

from engine import access, circumstances, clock
from engine.model import Person
from engine.reading import instances as instance_looks
from engine.reading.views import AuthorisationPage, Centre, DefinitionRow, DemoAccounts, PeoplePage
from engine.store import authorisations, definitions, people, preferences
from engine.store.database import Work

HEAD = "centre"  # preference: {"name", "short", "address", "town", "demo"}


def head(work: Work) -> Centre:
    """Name and address of the centre, with plain defaults until the administrator enters them."""
    stored = preferences.get(work, HEAD)
    known = stored if isinstance(stored, dict) else {}
    return Centre(
        name=str(known.get("name") or "Ośrodek Pomocy Społecznej"),
        short=str(known.get("short") or "OPS"),
        address=str(known.get("address") or ""),
        town=str(known.get("town") or ""),
        demo=bool(known.get("demo")),
    )


def people_page(work: Work) -> PeoplePage:
    """People, units and the roles that can be given."""
    found = tuple(one for one in people.all_people(work) if not one.unrestricted)
    return PeoplePage(people=found, units=people.units(work), roles=access.ROLES)


def person(work: Work, login: str) -> Person | None:
    """The person with this login."""
    return people.by_login(work, login)


def authorisation_page(work: Work) -> AuthorisationPage:
    """The register of authorisations, newest first."""
    found = sorted(authorisations.all_authorisations(work), key=lambda one: one.valid_from, reverse=True)
    return AuthorisationPage(items=tuple(found), scopes=access.SCOPES, today=clock.today(work.now))


def settings(work: Work) -> dict[str, object]:
    """The settings that every new instance takes along."""
    return dict(circumstances.start_settings(work))


def definition_rows(work: Work) -> tuple[DefinitionRow, ...]:
    """The processes in use, the ones that can be started first."""
    startable = {key for key, _ in instance_looks.startable(work)}
    rows = [
        DefinitionRow(
            key=one.key,
            name=one.name,
            version=one.version,
            published_at=one.published_at,
            startable=one.key in startable,
        )
        for one in definitions.latest_all(work)
    ]
    return tuple(sorted(rows, key=lambda one: (not one.startable, one.name)))


def demo_accounts(work: Work) -> DemoAccounts | None:
    """The accounts to try, only in the demonstration centre."""
    stored = preferences.get(work, HEAD)
    if not isinstance(stored, dict) or not stored.get("demo"):
        return None
    found = tuple(one for one in people.all_people(work) if one.active and not one.unrestricted)
    return DemoAccounts(password=str(stored.get("demo_password") or ""), people=found)
