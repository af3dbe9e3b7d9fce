"""A fixed cast of people, and builders of what the store keeps."""

from __future__ import annotations

from datetime import datetime

from engine.model import FormId, InstanceId, PersonId, StepMove, StepState, TaskDetails, TaskId
from engine.store import bundles, definitions, forms, instances, people, tasks
from engine.store.database import Work

KOORDYNATOR = "Koordynator usług pomocy społecznej"
KIEROWNIK = "Kierownik ops"
WOJT = "Wójt"
KOMISJA = "Komisja konkursowa"


def a_person(
    work: Work, login: str, *roles: str, name: str = "", active: bool = True, unrestricted: bool = False
) -> PersonId:
    id = people.add(
        work,
        login=login,
        name=name or login.capitalize(),
        email=f"{login}@ops.example",
        unit=None,
        roles=roles,
        password_hash="hash",
        unrestricted=unrestricted,
    )
    if not active:
        people.change(work, id, name=name or login, email="", unit=None, roles=roles, active=False)
    return id


def an_instance(
    work: Work, number: str = "OPS/2026/0001", *, title: str = "Usługi opiekuńcze", key: str = "proces"
) -> InstanceId:
    definition = definitions.latest(work, key) or definitions.add(
        work, key=key, name="Organizacja usługi", xml=b"<xml/>", sha256="0" * 64, by=None
    )
    bundle = bundles.find(work, key) or bundles.add(
        work, digest=key, definition=definition.id, called={}, content=b"bundle"
    )
    return instances.add(
        work,
        number=number,
        title=title,
        definition=definition.id,
        bundle=bundle,
        variables={"usluga": "opieka"},
        state=b"state 1",
        by=None,
    )


def a_task(
    work: Work,
    instance: InstanceId,
    key: str = "t1",
    *,
    name: str = "Przygotuj diagnozę",
    role: str = KOORDYNATOR,
    authority: str = "",
    priority: int = 50,
    due_at: datetime | None = None,
    candidates: tuple[PersonId, ...] = (),
    form: FormId | None = None,
) -> TaskId:
    details = TaskDetails(
        element=f"E_{key}", process="proces", name=name, role=role, authority=authority, priority=priority
    )
    new = tasks.NewTask(key=key, details=details, form=form, due_at=due_at, candidates=candidates)
    return tasks.open_task(work, instance, new)


def a_form(work: Work, key: str = "diagnoza") -> FormId:
    return forms.add(work, key=key, title="Diagnoza", text="{}", sha256="0" * 64, by=None).id


def a_move(key: str, *, state: StepState = StepState.ACTIVE, first: bool = True, name: str = "Krok") -> StepMove:
    return StepMove(key=key, element=f"E_{key}", process="proces", name=name, kind="userTask", state=state, first=first)
