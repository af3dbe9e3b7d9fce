"""Builders of small forms, and the people and units that they name."""

from __future__ import annotations

import json
from datetime import date

from engine.errors import AnswersRejected, DefinitionRejected
from engine.forms import answers, schema
from engine.forms.answers import Context, PersonFacts, UnitFacts

TODAY = date(2026, 11, 21)
PEOPLE = {
    "anna": PersonFacts(name="Anna Żak", roles=frozenset({"Koordynator usług pomocy społecznej"}), unit=1),
    "jan": PersonFacts(name="Jan Ćwik", roles=frozenset({"Komisja konkursowa"}), unit=2),
    "ewa": PersonFacts(name="Ewa Cis", roles=frozenset({"Komisja konkursowa"}), unit=None),
}
UNITS = {
    1: UnitFacts(name="Dział organizacji usług", performs=False),
    2: UnitFacts(name="Dział usług opiekuńczych", performs=True),
}


def field(kind, id="pole", **keys):
    """A field as the file has it."""
    label = {} if kind in ("reference", "text_block") else {"label": id.replace("_", " ").capitalize()}
    return {"id": id, "type": kind, **label, **keys}


def choice(id, *values, **keys):
    """A choice whose labels are the values in lower case."""
    return field("choice", id, options=[{"value": value, "label": value.lower()} for value in values], **keys)


def source(*fields, **keys):
    """The text of a form file with one section."""
    data = {"key": "proba", "title": "Próba", "sections": [{"title": "Część", "fields": list(fields)}], **keys}
    return json.dumps(data, ensure_ascii=False, indent=1)


def form(*fields, **keys):
    """A form with one section, read."""
    return schema.read(source(*fields, **keys))


def problems(text):
    """What `schema.read` finds, as `{path: message}`."""
    try:
        schema.read(text)
    except DefinitionRejected as refused:
        return {problem.element: problem.message for problem in refused.problems}
    return {}


def context(**keys):
    """The world around a form on 21 November 2026."""
    return Context(**{"today": TODAY, "people": PEOPLE, "units": UNITS, **keys})


def errors(made, raw, **keys):
    """What `answers.check` finds, as `{field: message}`."""
    try:
        answers.check(made, raw, context(**keys))
    except AnswersRejected as refused:
        return {error.field: error.message for error in refused.errors}
    return {}


def clean(kind, raw, **keys):
    """The clean value of the only field of a form."""
    world = {key: keys.pop(key) for key in ("attachments", "variables", "earlier") if key in keys}
    return answers.check(form(field(kind, **keys)), {"pole": raw}, context(**world))["pole"]


def refusal(kind, raw, **keys):
    """What is said of the only field of a form, "" when the answer fits."""
    world = {key: keys.pop(key) for key in ("attachments", "variables") if key in keys}
    return errors(form(field(kind, **keys)), {"pole": raw}, **world).get("pole", "")
