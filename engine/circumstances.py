"""The facts around an instance that its forms and conditions may read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from functools import lru_cache
from weakref import WeakKeyDictionary

from engine import access, clock
from engine.bpmn import reader
from engine.forms import reference, schema
from engine.forms.context import Context, PersonFacts, UnitFacts
from engine.forms.reference import Reference
from engine.model import Attachment, DefinitionId, FormId, Instance, Json, Person, PersonId, Task, UnitId
from engine.store import (
    answers,
    attachments,
    authorisations,
    definitions,
    first_look,
    forms,
    people,
    preferences,
    tasks,
    term_rules,
)
from engine.store.database import Work, once
from engine.store.sealing import Sealer
from engine.terms import BUILT_IN, Rules, merged

SENT_BACK = "ZWRACAM"  # the decision that returns work to its author
MOST_FORMS = 500  # parsed ones that are kept
MOST_DIAGRAMS = 256
PERFORMER = "jednostka_wykonujaca"  # variable: the unit that performs the service

# Settings of the centre that every start of a process takes along as variables.
START_SETTINGS: dict[str, Json] = {
    "akceptacja_zakresu": False,  # the wójt accepts the scope too (tab. 19, 001: 1498–1499; A4)
    "prog_pzp": 170_000,  # PLN; below it a purchase is simplified (Dz.U. 2025 poz. 1173)
}


def scopes_in_force(work: Work) -> frozenset[str]:
    """The scopes for which an authorisation is in force on the day of this deed, and somebody may decide by it."""
    day = clock.today(work.now)
    return once(work, first_look.SCOPES, lambda: frozenset(one.scope for one in authorisations.usable(work, day)))


def authority_number(work: Work, scope: str) -> str:
    """Number of the authorisation in force that covers `scope`, "" when there is none."""
    found = [one.number for one in authorisations.in_force(work, clock.today(work.now)) if one.scope == scope]
    return found[0] if found else ""


def facts(work: Work, scopes: frozenset[str] | None = None) -> dict[str, Json]:
    """Names that every condition may read and that are never stored with the instance.

    Args:
        scopes: those in force, when they are known already.
    """
    return {"upowaznienia": [*sorted(scopes_in_force(work) if scopes is None else scopes)]}


@dataclass(frozen=True, kw_only=True)
class Entitled:
    """Who may take one task at this moment."""

    task: Task
    candidates: frozenset[PersonId]
    scopes: frozenset[str]
    performer: UnitId | None

    @property
    def role(self) -> str:
        """The role that the task belongs to now."""
        return access.responsible(self.task.role, self.task.authority, self.scopes)

    def admits(self, person: Person) -> bool:
        """True when `person` may claim and complete the task."""
        return access.may_take(
            person, self.task, candidates=self.candidates, scopes=self.scopes, performer=self.performer
        )

    def bars(self, person: Person) -> bool:
        """True when only the unit of `person` stands in the way: it performs the service (BR11)."""
        return not self.admits(person) and replace(self, performer=None).admits(person)


def entitled(work: Work, task: Task, variables: Mapping[str, Json]) -> Entitled:
    """Who may take `task` now.

    Args:
        variables: of the task's instance.
    """
    return Entitled(
        task=task,
        candidates=tasks.candidates(work, task.id) if task.restricted else frozenset(),
        scopes=scopes_in_force(work),
        performer=performer(variables),
    )


def holder(work: Work, rule: Entitled) -> PersonId | None:
    """Who has the task; somebody who may no longer take it (an authorisation ended, a role is gone) holds nothing."""
    person = rule.task.person
    return person if person is not None and rule.admits(people.get(work, person)) else None


def start_settings(work: Work) -> dict[str, Json]:
    """The centre's settings, as variables of a new instance."""
    stored = preferences.several(work, START_SETTINGS)
    return {name: default if stored.get(name) is None else stored[name] for name, default in START_SETTINGS.items()}


def performer(variables: Mapping[str, Json]) -> UnitId | None:
    """The unit that performs the service of this instance, once it has been named."""
    value = variables.get(PERFORMER)
    return UnitId(value) if isinstance(value, int) and not isinstance(value, bool) else None


def terms(work: Work) -> Rules:
    """The rules of terms that hold in this centre, with its free days and hours; kept until somebody changes them."""
    mark = term_rules.mark(work)
    if not mark:
        return BUILT_IN
    kept = _TERMS.get(work.sealer)
    if kept is None or kept[0] != mark:
        own = merged(BUILT_IN.rows, (row.rule for row in term_rules.all_rows(work)))
        opens, closes = term_rules.hours(work) or (BUILT_IN.opens, BUILT_IN.closes)
        kept = mark, Rules(rows=own, free_days=term_rules.free_days(work), opens=opens, closes=closes)
        _TERMS[work.sealer] = kept
    return kept[1]


def form_by_id(work: Work, form_id: FormId) -> schema.Form:
    """The form with this id, parsed. Published forms never change, so the parsed one is kept."""
    kept = _FORMS.setdefault(work.sealer, {})
    found = kept.get(form_id)
    if found is None:
        found = schema.read(forms.text(work, form_id))
        if len(kept) >= MOST_FORMS:
            kept.clear()
        kept[form_id] = found
    return found


def latest_form(work: Work, key: str) -> tuple[FormId, schema.Form] | None:
    """The newest version of the form `key`, None when there is none."""
    version = forms.latest(work, key)
    return None if version is None else (version.id, form_by_id(work, version.id))


def diagram(work: Work, definition: DefinitionId) -> reader.Diagram:
    """The diagram of a published definition, read. What looks see is published for good, so they keep it."""
    if work.kept is None:  # a deed may yet take the definition back, and its id would go to another one
        return _diagram(definitions.xml(work, definition))
    kept = _DIAGRAMS.setdefault(work.sealer, {})
    if definition not in kept:
        if len(kept) >= MOST_DIAGRAMS:
            kept.clear()
        kept[definition] = _diagram(definitions.xml(work, definition))
    return kept[definition]


def form_context(
    work: Work, instance: Instance | None, task: Task | None = None, form: schema.Form | None = None
) -> Context:
    """What a form may read: variables, earlier answers, people, units and tables.

    Args:
        form: the form that will be checked or shown; its tables and the forms it quotes come along.
    """
    persons = people.all_people(work)
    found = answers.latest_by_form(work, instance.id) if instance else {}
    files = attachments.of_task(work, task.id) if task else ()
    variables = dict(instance.variables) if instance else {}
    return Context(
        variables=tasks.seen(work, task.id, variables) if task else variables,
        earlier={key: one.values for key, one in found.items()},
        people={
            one.login: PersonFacts(name=one.name, roles=one.roles, unit=None if one.unit is None else int(one.unit))
            for one in persons
            if one.active and not one.unrestricted
        },
        units={int(one.id): UnitFacts(name=one.name, performs=one.performs) for one in people.units(work)},
        organisers=frozenset(int(one) for one in tasks.units_of_doers(work, instance.id)) if instance else frozenset(),
        attachments=_by_field(files),
        today=clock.today(work.now),
        earlier_forms={key: form_by_id(work, one.form) for key, one in found.items()},
        returned=form is not None and form.fresh and _returned(work, instance, form.key),
        references={name: _reference(forms.reference(work, name)) for name in (form.references if form else ())},
        file_names={int(one.id): one.name for one in files},
    )


def reading_context(work: Work, instance: Instance) -> Context:
    """What is needed to read the answers of an instance: also people who have left, and all its files."""
    context = form_context(work, instance)
    everybody = {
        one.login: PersonFacts(name=one.name, roles=one.roles, unit=None if one.unit is None else int(one.unit))
        for one in people.all_people(work)
    }
    files = attachments.of_instance(work, instance.id)
    return replace(context, people=everybody, file_names={int(one.id): one.name for one in files})


def _returned(work: Work, instance: Instance | None, key: str) -> bool:
    """True when somebody sent the last answers to this form back to their author."""
    passed = answers.of_instance(work, instance.id) if instance else ()
    own = [number for number, one in enumerate(passed) if one.form_key == key]
    return bool(own) and any(SENT_BACK in one.values.values() for one in passed[own[-1] + 1 :])


def _by_field(files: Iterable[Attachment]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for one in files:
        found.setdefault(one.field, []).append(int(one.id))
    return found


# For each open database apart, known by its sealer: another one gives the same ids to other forms.
_FORMS: MutableMapping[Sealer, dict[FormId, schema.Form]] = WeakKeyDictionary()
_DIAGRAMS: MutableMapping[Sealer, dict[DefinitionId, reader.Diagram]] = WeakKeyDictionary()
_TERMS: MutableMapping[Sealer, tuple[str, Rules]] = WeakKeyDictionary()  # with the mark under which they were read


@lru_cache(maxsize=256)
def _diagram(xml: bytes) -> reader.Diagram:
    return reader.read(xml)


@lru_cache(maxsize=64)
def _reference(text: str) -> Reference:
    return reference.read(text)
