"""Deeds on forms: publish a form or a reference table."""

from __future__ import annotations

import hashlib

from engine.access import Right, may
from engine.errors import DefinitionRejected, NotAllowed, Problem
from engine.forms import reference, schema
from engine.model import Person
from engine.store import forms, journal
from engine.store.database import Work
from engine.store.forms import FormVersion


def publish(work: Work, by: Person | None, key: str, text: str) -> FormVersion:
    """Keep a form as the next version of `key`. The same text again gives the version it has.

    Raises:
        NotAllowed: when `by` may not publish.
        DefinitionRejected: with every problem of the form.
    """
    if by is not None and not may(by, Right.PUBLISH):
        raise NotAllowed("Formularze publikuje kierownik ośrodka albo administrator.")
    form = schema.read(text)
    if form.key != key:
        message = f"Formularz ma klucz „{form.key}”, a adres „{key}”. Podaj ten sam klucz w obu miejscach."
        raise DefinitionRejected((Problem(element=key, name=form.title, line=1, message=message, severity="error"),))
    digest = hashlib.sha256(text.encode()).hexdigest()
    latest = forms.latest(work, key)
    if latest is not None and latest.sha256 == digest:
        return latest
    new = forms.add(work, key=key, title=form.title, text=text, sha256=digest, by=by.id if by else None)
    note = f"Opublikowano formularz „{form.title}”, wersja {new.version}."
    journal.write(work, instance=None, by=by.id if by else None, deed="publish", element=key, text=note)
    return new


def put_reference(work: Work, name: str, text: str) -> None:
    """Keep a reference table that forms show beside a choice.

    Raises:
        DefinitionRejected: when it is no reference table.
    """
    reference.read(text)
    forms.put_reference(work, name, text)
