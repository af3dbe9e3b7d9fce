"""The shapes of requests and answers as JSON Schema 2020-12, by name."""

from __future__ import annotations

from engine.model import DeadlineKind, InstanceState, Json, StepState, TaskState, WaitKind

Schema = dict[str, Json]

TEXT: Schema = {"type": "string"}
TEXT_OR_NONE: Schema = {"type": ["string", "null"]}
WHOLE: Schema = {"type": "integer"}
ID: Schema = {"type": "integer", "minimum": 1}
MOMENT: Schema = {"type": "string", "format": "date-time"}
MOMENT_OR_NONE: Schema = {"type": ["string", "null"], "format": "date-time"}
ANY_OBJECT: Schema = {"type": "object"}


def ref(name: str) -> Schema:
    """A pointer to the schema `name`."""
    return {"$ref": f"#/components/schemas/{name}"}


def _object(optional: tuple[str, ...] = (), /, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {**properties},
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _one_of(*values: str) -> Schema:
    return {"type": "string", "enum": [*values]}


def _or_none(name: str) -> Schema:
    return {"anyOf": [ref(name), {"type": "null"}]}


def _said(schema: Schema, text: str) -> Schema:
    return {**schema, "description": text}


_VERSION: dict[str, Schema] = {
    "id": ID,
    "key": _said(TEXT, "Klucz procesu: identyfikator elementu process."),
    "version": ID,
    "name": TEXT,
    "published_at": MOMENT,
    "retired_at": MOMENT_OR_NONE,
}

_TASK: dict[str, Schema] = {
    "id": ID,
    "element": _said(TEXT, "Identyfikator elementu diagramu."),
    "name": TEXT,
    "instance": _said(ID, "Identyfikator sprawy."),
    "role": _said(TEXT, "Rola, do której zadanie należy w tej chwili."),
    "person": _said(TEXT_OR_NONE, "Login osoby, która ma zadanie; null, gdy nie ma go nikt."),
    "state": _one_of(*TaskState),
    "due_at": MOMENT_OR_NONE,
    "form": _said(TEXT_OR_NONE, "Klucz formularza; null, gdy zadanie go nie ma."),
}

_DECISIONS = _said(_list(TEXT), "Identyfikatory decyzji w pliku; zadanie reguły wskazuje jeden z nich.")
MAPPED = "Krok starej wersji → krok nowej; identyfikator elementu albo proces/element."
_FIELD_ERROR = _object(field=_said(TEXT, "Pole; pusty tekst oznacza cały formularz."), message=TEXT)

_FORECAST: Schema = {
    "anyOf": [_object(chance={"type": "number"}, similar=WHOLE), {"type": "null"}],
    "description": "Udział podobnych zakończonych zadań, które skończyły się po terminie, i ich liczba.",
}

SCHEMAS: dict[str, Schema] = {
    "Problem": _object(
        element=_said(TEXT, "Identyfikator elementu; pusty tekst oznacza cały plik."),
        line=_said(WHOLE, "Wiersz pliku, 0 – nieznany."),
        message=TEXT,
        severity=_one_of("error", "warning"),
    ),
    "Problems": _object(problems=_list(ref("Problem"))),
    "Published": _object(id=ID, key=TEXT, version=ID),
    "PublishedForm": _object(key=TEXT, version=ID),
    "PublishedDecisions": _object(id=ID, key=TEXT, version=ID, decisions=_DECISIONS),
    "DecisionFiles": _object(
        items=_list(
            _object(id=ID, key=TEXT, version=ID, name=TEXT, published_at=MOMENT, decisions=_DECISIONS),
        )
    ),
    "Definition": _object(**_VERSION),
    "Definitions": _object(items=_list(ref("Definition"))),
    "DefinitionView": _object(
        **_VERSION,
        documentation=TEXT,
        calls=_said(_list(TEXT), "Klucze procesów, które ten proces wywołuje."),
        elements=_list(_object(id=TEXT, kind=TEXT, name=TEXT, lane=TEXT, hint=TEXT, source=TEXT)),
        tasks=_list(
            _object(
                element=TEXT,
                name=TEXT,
                role=TEXT,
                form=TEXT_OR_NONE,
                term=TEXT_OR_NONE,
                priority=WHOLE,
                authority=TEXT_OR_NONE,
                cooperates=_list(TEXT),
            )
        ),
    ),
    "Form": _said(ANY_OBJECT, "Formularz: key, title, sections z polami, checks."),
    "Start": _object(
        ("version", "title", "variables", "start"),
        definition=_said(TEXT, "Klucz procesu."),
        version=_said(ID, "Wersja; bez niej najnowsza."),
        title=TEXT,
        variables=_said(ANY_OBJECT, "Pierwsze wartości zmiennych; sprawdza je formularz startowy, gdy proces go ma."),
        start=_said(TEXT, "Identyfikator zdarzenia początkowego; potrzebny, gdy jest kilka i żadne nie jest zwykłe."),
    ),
    "Started": _object(id=ID, number=_said(TEXT, "Numer sprawy.")),
    "Instance": _object(
        id=ID,
        number=TEXT,
        title=TEXT,
        state=_one_of(*InstanceState),
        definition=_object(key=TEXT, version=ID),
        started_at=MOMENT,
        finished_at=MOMENT_OR_NONE,
        variables=ANY_OBJECT,
        steps=_said(_list(ref("Step")), "Kroki w kolejności, w jakiej się zaczęły."),
        tasks=_said(_list(ref("Task")), "Otwarte zadania."),
        deadlines=_said(_list(ref("Deadline")), "Terminy, na które sprawa czeka."),
        offers=_said(_list(ref("Offer")), "Czynności podprocesów ad hoc, które można teraz rozpocząć."),
        incident=_or_none("Incident"),
    ),
    "Step": _object(
        element=TEXT,
        process=TEXT,
        kind=_said(TEXT, "Rodzaj elementu BPMN, na przykład userTask."),
        name=TEXT,
        state=_one_of(*StepState),
        entered_at=MOMENT,
        left_at=MOMENT_OR_NONE,
        by=_said(TEXT_OR_NONE, "Imię i nazwisko osoby; null – zrobił to system."),
    ),
    "Deadline": _object(
        id=ID,
        kind=_one_of(*DeadlineKind),
        element=TEXT,
        name=TEXT,
        due_at=MOMENT,
        task={"type": ["integer", "null"], "minimum": 1},
        explanation=_said(TEXT_OR_NONE, "Z czego wynika ten termin; null, gdy mówi to diagram."),
    ),
    "Term": _object(
        rule=_said(TEXT_OR_NONE, "Nazwa zasady albo jej słowa, na przykład: 14 dni."),
        statutory=_said({"type": "boolean"}, "Prawda, gdy termin wynika z prawa; inaczej ustala go ośrodek."),
        statutory_end=_said(MOMENT_OR_NONE, "Koniec terminu; null, gdy brakuje daty, od której się liczy."),
        target=_said(MOMENT_OR_NONE, "Dzień roboczy przed końcem."),
        reminder=MOMENT_OR_NONE,
        paused_at=_said(MOMENT_OR_NONE, "Od kiedy bieg terminu jest wstrzymany; null, gdy biegnie."),
        explanation=TEXT_OR_NONE,
        steps=_list(TEXT),
    ),
    "Offer": _object(
        key=_said(TEXT, "Klucz otwartego podprocesu ad hoc."),
        element=TEXT,
        name=TEXT,
        role=_said(TEXT_OR_NONE, "Rola, która może to zrobić; null – każdy, kto rozpoczyna sprawy."),
        closing=_said({"type": "boolean"}, "Czy to zakończenie podprocesu, a nie rozpoczęcie czynności."),
    ),
    "TakeUp": _object(("key",), key=_said(TEXT, "Klucz z pola offers; bez niego najstarszy otwarty podproces.")),
    "Incident": _object(element=TEXT, message=TEXT, at=MOMENT),
    "Stopped": _object(
        element=TEXT,
        message=TEXT,
        at=MOMENT,
        positions=_said(_list(ref("Position")), "Gdzie sprawa stoi."),
    ),
    "Position": _object(
        key=_said(TEXT, "Klucz miejsca, do przenoszenia i zmiany danych."),
        element=TEXT,
        process=TEXT,
        name=TEXT,
        aims=_said(_list(_object(element=TEXT, name=TEXT)), "Kroki, do których można przenieść sprawę z tego miejsca."),
    ),
    "Reason": _object(reason=_said(TEXT, "Powód; zapisze się w dzienniku sprawy.")),
    "Skip": _object(key=_said(TEXT, "Klucz miejsca."), element=_said(TEXT, "Krok docelowy."), reason=TEXT),
    "SetVariables": _object(key=_said(TEXT, "Klucz miejsca."), variables=ANY_OBJECT, reason=TEXT),
    "PlanMigration": _object(("to", "mapping"), to=ID, mapping=_said(ANY_OBJECT, MAPPED)),
    "Migrate": _object(("mapping",), version=ID, mapping=_said(ANY_OBJECT, MAPPED), reason=TEXT),
    "MigrationPlan": _object(items=_list(ref("MigrationRow"))),
    "MigrationRow": _object(
        instance=ID,
        number=TEXT,
        colour=_one_of("green", "amber", "red"),
        reasons=_list(_object(element=TEXT, process=TEXT, name=TEXT, message=TEXT, colour=TEXT)),
        mapping=_said(ANY_OBJECT, MAPPED),
        choices=_said(_list(ref("MigrationChoice")), "Kroki, którym można wskazać krok nowej wersji."),
        tasks=_said(_list(TEXT), "Zadania, które będą wtedy otwarte."),
    ),
    "MigrationChoice": _object(
        step=TEXT, name=TEXT, proposed=TEXT_OR_NONE, targets=_list(_object(step=TEXT, name=TEXT))
    ),
    "Task": _object(**_TASK),
    "Tasks": _object(
        items=_list(ref("Task")),
        next=_said(TEXT_OR_NONE, "Kursor następnej strony; null na ostatniej."),
    ),
    "TaskForm": _object(key=TEXT, version=ID, schema=_said(ANY_OBJECT, "JSON Schema 2020-12 odpowiedzi.")),
    "TaskView": _object(**{**_TASK, "form": _or_none("TaskForm"), "term": _or_none("Term")}),
    "Overdue": _object(
        items=_list(
            _object(
                task=ID,
                name=TEXT,
                element=TEXT,
                process=TEXT,
                instance=ID,
                number=TEXT,
                role=TEXT,
                person=TEXT_OR_NONE,
                opened_at=MOMENT,
                due_at=MOMENT_OR_NONE,
                statutory_end=MOMENT_OR_NONE,
                days_late={"type": ["integer", "null"]},
                left=TEXT,
                explanation=TEXT,
                forecast=_FORECAST,
            )
        ),
        next=TEXT_OR_NONE,
        total=WHOLE,
        totals=_object(
            at=MOMENT,
            open=WHOLE,
            paused=WHOLE,
            late=WHOLE,
            late_over_14_days=WHOLE,
            today=WHOLE,
            week=WHOLE,
            done_in_30_days=WHOLE,
            done_in_time=WHOLE,
        ),
    ),
    "Nothing": _object(),
    "Delegate": _object(to=_said(TEXT, "Login osoby, która przejmie zadanie.")),
    "Complete": _object(
        ("answers",),
        answers=_said(ANY_OBJECT, "Odpowiedzi według pól formularza; bez formularza pusty obiekt."),
    ),
    "Completed": _object(
        instance=ID,
        finished=_said({"type": "boolean"}, "Czy sprawa się zakończyła."),
        next=_said(_list(ref("Task")), "Zadania otwarte teraz w tej sprawie."),
    ),
    "Message": _object(
        ("correlation", "payload", "kind"),
        name=_said(TEXT, "Nazwa komunikatu z diagramu."),
        correlation=_said(ANY_OBJECT, "Zmienne, po których znajduje się sprawę; wszystkie muszą być równe."),
        payload=_said(ANY_OBJECT, "Zmienne, które komunikat przynosi."),
        kind=_said(_one_of(*WaitKind), "Komunikat (message, gdy pola nie ma) albo sygnał (signal)."),
    ),
    "Reached": _object(instances=_said(_list(ID), "Sprawy, do których komunikat dotarł albo które rozpoczął.")),
    "Journal": _object(
        items=_list(
            _object(
                at=MOMENT,
                by=TEXT_OR_NONE,
                deed=TEXT,
                element=TEXT_OR_NONE,
                text=TEXT,
                authority=_said(TEXT_OR_NONE, "Numer upoważnienia, na podstawie którego działano."),
            )
        )
    ),
    "Health": _object(("message",), status=_one_of("ok", "unavailable"), version=TEXT, message=TEXT),
    "Document": _said(ANY_OBJECT, "Ten dokument."),
    "Error": _object(message=_said(TEXT, "Zdanie po polsku: co się stało i co zrobić."), code=TEXT),
    "Rejected": _object(message=TEXT, code=TEXT, errors=_list(_FIELD_ERROR)),
    "NotPublished": _object(
        ("problems", "errors"), message=TEXT, code=TEXT, problems=_list(ref("Problem")), errors=_list(_FIELD_ERROR)
    ),
}
