"""Every call of the API: its address, what it takes, what it answers."""

from __future__ import annotations

from dataclasses import dataclass

from web.api.schemas import ID, MOMENT, TEXT, Schema

JSON = "application/json"
XML = "application/xml"


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A part of the address or query."""

    name: str
    text: str
    schema: Schema
    place: str = "query"


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One call."""

    id: str
    method: str
    path: str
    text: str
    status: int
    answer: str  # name of a schema, "" when it answers with XML alone
    tag: str
    body: str = ""  # name of a schema, "" when it takes none; "xml" or "dmn" for a file
    refusals: tuple[int, ...] = ()  # beside those that every call may answer
    rejected: str = "Rejected"  # schema of 422
    parameters: tuple[Parameter, ...] = ()
    open: bool = False  # needs no token
    xml: bool = False  # answers with XML too
    away: str = "Error"  # schema of 503


FLAG: Schema = {"type": "string", "enum": ["0", "1", "true", "false"]}


def _at(name: str, text: str, schema: Schema) -> Parameter:
    return Parameter(name=name, text=text, schema=schema, place="path")


_INSTANCE = (_at("instance", "Identyfikator sprawy.", ID),)
_ELEMENT = _at("element", "Identyfikator czynności albo podprocesu, jak w polu offers sprawy.", TEXT)
_TASK = (_at("task", "Identyfikator zadania.", ID),)
_ON_TASK = (403, 404, 409, 422)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="health",
        method="get",
        path="/healthz",
        text="Czy system i baza danych działają.",
        status=200,
        answer="Health",
        tag="system",
        open=True,
        away="Health",
    ),
    Operation(
        id="document",
        method="get",
        path="/api/v1/openapi.json",
        text="Opis tego API w formacie OpenAPI 3.1.",
        status=200,
        answer="Document",
        tag="system",
        open=True,
    ),
    Operation(
        id="publishDefinition",
        method="post",
        path="/api/v1/definitions",
        text="Publikuje plik BPMN jako następną wersję procesu. Ten sam plik ponownie: wersja, którą już ma.",
        status=201,
        answer="Published",
        tag="procesy",
        body="xml",
        refusals=(403, 409, 413, 422),
        rejected="NotPublished",
    ),
    Operation(
        id="checkDefinition",
        method="post",
        path="/api/v1/definitions/check",
        text="Sprawdza plik BPMN jak przy publikacji; niczego nie zapisuje.",
        status=200,
        answer="Problems",
        tag="procesy",
        body="xml",
        refusals=(403, 413),
    ),
    Operation(
        id="listDefinitions",
        method="get",
        path="/api/v1/definitions",
        text="Najnowsza używana wersja każdego procesu.",
        status=200,
        answer="Definitions",
        tag="procesy",
    ),
    Operation(
        id="readDefinition",
        method="get",
        path="/api/v1/definitions/{key}/{version}",
        text="Jedna wersja procesu; z nagłówkiem Accept: application/xml sam plik.",
        status=200,
        answer="DefinitionView",
        tag="procesy",
        refusals=(404,),
        xml=True,
        parameters=(_at("key", "Klucz procesu.", TEXT), _at("version", "Numer wersji.", ID)),
    ),
    Operation(
        id="publishForm",
        method="post",
        path="/api/v1/forms/{key}",
        text="Publikuje formularz jako następną wersję.",
        status=201,
        answer="PublishedForm",
        tag="procesy",
        body="Form",
        refusals=(400, 403, 409, 413, 422),
        rejected="NotPublished",
        parameters=(_at("key", "Klucz formularza.", TEXT),),
    ),
    Operation(
        id="startInstance",
        method="post",
        path="/api/v1/instances",
        text="Rozpoczyna sprawę.",
        status=201,
        answer="Started",
        tag="sprawy",
        body="Start",
        refusals=(400, 403, 404, 409, 413, 422),
    ),
    Operation(
        id="readInstance",
        method="get",
        path="/api/v1/instances/{instance}",
        text="Jedna sprawa: stan, zmienne, kroki, otwarte zadania i terminy.",
        status=200,
        answer="Instance",
        tag="sprawy",
        refusals=(404,),
        parameters=_INSTANCE,
    ),
    Operation(
        id="readIncident",
        method="get",
        path="/api/v1/instances/{instance}/incident",
        text="Dlaczego sprawa stoi, gdzie jest i dokąd można ją przenieść.",
        status=200,
        answer="Stopped",
        tag="sprawy",
        refusals=(403, 404),
        parameters=_INSTANCE,
    ),
    Operation(
        id="retryInstance",
        method="post",
        path="/api/v1/instances/{instance}/retry",
        text="Wznawia zatrzymaną sprawę.",
        status=200,
        answer="Instance",
        tag="sprawy",
        body="Reason",
        refusals=_ON_TASK,
        parameters=_INSTANCE,
    ),
    Operation(
        id="skipStep",
        method="post",
        path="/api/v1/instances/{instance}/skip",
        text="Przenosi zatrzymaną sprawę do wskazanego kroku.",
        status=200,
        answer="Instance",
        tag="sprawy",
        body="Skip",
        refusals=_ON_TASK,
        parameters=_INSTANCE,
    ),
    Operation(
        id="setVariables",
        method="post",
        path="/api/v1/instances/{instance}/variables",
        text="Zmienia dane zatrzymanej sprawy; sprawa nadal stoi.",
        status=200,
        answer="Instance",
        tag="sprawy",
        body="SetVariables",
        refusals=_ON_TASK,
        parameters=_INSTANCE,
    ),
    Operation(
        id="cancelInstance",
        method="post",
        path="/api/v1/instances/{instance}/cancel",
        text="Kończy sprawę przed czasem.",
        status=200,
        answer="Instance",
        tag="sprawy",
        body="Reason",
        refusals=_ON_TASK,
        parameters=_INSTANCE,
    ),
    Operation(
        id="takeUpOffer",
        method="post",
        path="/api/v1/instances/{instance}/offers/{element}",
        text="Rozpoczyna czynność, którą otwarty podproces ad hoc daje do wyboru.",
        status=200,
        answer="Instance",
        tag="sprawy",
        body="TakeUp",
        refusals=(400, 413, *_ON_TASK),
        parameters=(*_INSTANCE, _ELEMENT),
    ),
    Operation(
        id="closeOffer",
        method="post",
        path="/api/v1/instances/{instance}/offers/{element}/close",
        text="Kończy otwarty podproces ad hoc.",
        status=200,
        answer="Instance",
        tag="sprawy",
        body="TakeUp",
        refusals=(400, 413, *_ON_TASK),
        parameters=(*_INSTANCE, _ELEMENT),
    ),
    Operation(
        id="listTasks",
        method="get",
        path="/api/v1/tasks",
        text="Otwarte zadania, najpierw te z najbliższym terminem.",
        status=200,
        answer="Tasks",
        tag="zadania",
        refusals=(422,),
        parameters=(
            Parameter(name="instance", text="Tylko tej sprawy.", schema=ID),
            Parameter(name="role", text="Tylko tej roli.", schema=TEXT),
            Parameter(name="mine", text="1: tylko te, które pytający ma albo może wziąć.", schema=FLAG),
            Parameter(name="overdue", text="1: tylko te, których termin minął.", schema=FLAG),
            Parameter(
                name="due_before",
                text="Tylko z terminem przed tą chwilą (ISO 8601; bez strefy czas w Polsce).",
                schema={"anyOf": [MOMENT, {"type": "string", "format": "date"}]},
            ),
            Parameter(name="limit", text="Ile na stronie: od 1 do 200, zwykle 50.", schema=ID),
            Parameter(name="cursor", text="Wartość next z poprzedniej strony.", schema=TEXT),
        ),
    ),
    Operation(
        id="readTask",
        method="get",
        path="/api/v1/tasks/{task}",
        text="Jedno zadanie z JSON Schema jego formularza.",
        status=200,
        answer="TaskView",
        tag="zadania",
        refusals=(404,),
        parameters=_TASK,
    ),
    Operation(
        id="claimTask",
        method="post",
        path="/api/v1/tasks/{task}/claim",
        text="Bierze zadanie dla siebie.",
        status=200,
        answer="Task",
        tag="zadania",
        body="Nothing",
        refusals=(400, 413, *_ON_TASK),
        parameters=_TASK,
    ),
    Operation(
        id="releaseTask",
        method="post",
        path="/api/v1/tasks/{task}/release",
        text="Oddaje zadanie zespołowi.",
        status=200,
        answer="Task",
        tag="zadania",
        body="Nothing",
        refusals=(400, 413, *_ON_TASK),
        parameters=_TASK,
    ),
    Operation(
        id="delegateTask",
        method="post",
        path="/api/v1/tasks/{task}/delegate",
        text="Przekazuje zadanie innej osobie.",
        status=200,
        answer="Task",
        tag="zadania",
        body="Delegate",
        refusals=(400, 413, *_ON_TASK),
        parameters=_TASK,
    ),
    Operation(
        id="completeTask",
        method="post",
        path="/api/v1/tasks/{task}/complete",
        text="Wykonuje zadanie; nie trzeba go wcześniej brać. Terminy, które minęły, działają przedtem.",
        status=200,
        answer="Completed",
        tag="zadania",
        body="Complete",
        refusals=(400, 413, *_ON_TASK),
        parameters=_TASK,
    ),
    Operation(
        id="sendMessage",
        method="post",
        path="/api/v1/messages",
        text="Przekazuje komunikat albo sygnał sprawom, które na niego czekają. Gdy na komunikat nie czeka nikt, "
        "rozpoczyna procesy, które się nim zaczynają; sygnał rozpoczyna je zawsze.",
        status=202,
        answer="Reached",
        tag="sprawy",
        body="Message",
        refusals=(400, 403, 404, 409, 413, 422),
    ),
    Operation(
        id="readJournal",
        method="get",
        path="/api/v1/journal",
        text="Dziennik sprawy, od najstarszego wpisu.",
        status=200,
        answer="Journal",
        tag="sprawy",
        refusals=(404, 422),
        parameters=(Parameter(name="instance", text="Identyfikator sprawy (wymagany).", schema=ID),),
    ),
)
