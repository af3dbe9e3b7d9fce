"""Walks a process with the runner alone, led to the sequence flows that nobody has walked yet.

A place is an instance as bytes. From a place the search takes one deed after another: the first open task with
valid answers, or the next timer. A deed that walks a new flow is followed at once; one that only leads to a
situation not seen before waits its turn. So the search ends when every flow has been walked, or when there is no
new situation left, and then what is missing cannot be reached by answers that the forms accept.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import islice, product

from engine import access, clock, feel, shipped
from engine.bpmn import bundle, reader, runner
from engine.bpmn.scopes import Scope
from engine.demo import answering
from engine.demo.people import PEOPLE, UNITS
from engine.errors import AnswersRejected
from engine.forms import answers, schema
from engine.forms.context import Context, PersonFacts, UnitFacts
from engine.forms.form import FieldType, Form
from engine.model import OpenTask, Outcome

FIRST_DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
PATIENCE = 300  # deeds without a new flow before another start is tried
MOST_TRIES = 40  # answers to one task
FILES = {path.stem: path.read_bytes() for path in shipped.PROCESSES.rglob("*.bpmn")}
FORMS = {path.stem: path for path in shipped.FORMS.rglob("*.json")}
NUMBERS = {"ocena_co_miesiecy": (1, 2), "kontrola_co_miesiecy": (1, 2), "wartosc_zamowienia": ("1000.00", "900000.00")}
UNIT_IDS = {name: number for number, (name, _) in enumerate(UNITS, start=1)}
PERSONS = {
    one.login: PersonFacts(name=one.name, roles=frozenset(one.roles), unit=UNIT_IDS.get(one.unit)) for one in PEOPLE
}
PLACES = {number: UnitFacts(name=name, performs=performs) for number, (name, performs) in enumerate(UNITS, start=1)}

Flow = tuple[str, str]  # process, id

# What a stage hands back to the parent process, by key of the stage.
FORMS_OF_SERVICE = ("UDPP", "PPN", "PZP", "NGOOWN", "OPSPUP", "OWN", "UNIT", "SHARE", "PUBPUB", "PPP")
CHOSEN = [{"wynik_wyboru": one} for one in ("WYBRANO", "ZMIANA_FORMY", "BEZ_WYBORU")]
RESULTS: Mapping[str, list[dict]] = {
    **{key: [{}] for key in FILES if key.startswith("diagnoza_")},
    **{key: CHOSEN for key in FILES if key.startswith("wybor_")},
    **{
        key: [{"wynik_nadzoru": one} for one in ("KONIEC_UMOWY", "NOWY_WYKONAWCA", "ROZWIAZANIE")]
        for key in FILES
        if key.startswith("nadzor_")
    },
    **{key: [{"nowy_cykl": False}, {"nowy_cykl": True}] for key in FILES if key.startswith("ewaluacja_")},
    "zakres": [{"wynik_zakresu": "PRZYJETO"}, {"wynik_zakresu": "ODRZUCONO"}],
    "forma": [
        *({"wynik_formy": "PRZYJETO", "forma": one} for one in FORMS_OF_SERVICE),
        {"wynik_formy": "ODRZUCONO", "forma": "UDPP"},
    ],
    **{key: [{}] for key in ("aktualizacja_rejestru", "koniec_umowy", "ocena_zasobow", "odnowienie_upowaznienia")},
    "finansowanie": [{"wynik_finansowania": one} for one in ("ZAPEWNIONE", "ZMIANA_ZAKRESU", "ODMOWA")],
}


def stand_in(key: str) -> bytes:
    """A stage in one step, which hands back one of its results."""
    return f"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">
      <bpmn:process id="{key}" name="{key}" isExecutable="true">
        <bpmn:startEvent id="poczatek" name="Początek"/>
        <bpmn:userTask id="wynik" name="Wynik etapu"/>
        <bpmn:endEvent id="koniec" name="Koniec"/>
        <bpmn:sequenceFlow id="pierwszy" sourceRef="poczatek" targetRef="wynik"/>
        <bpmn:sequenceFlow id="drugi" sourceRef="wynik" targetRef="koniec"/>
      </bpmn:process>
    </bpmn:definitions>""".encode()


class Walked:
    """Notes every sequence flow along which the runner sends a token."""

    def __init__(self, monkeypatch) -> None:
        self.flows: set[Flow] = set()
        send = Scope.send

        def noted(scope, flow):
            self.flows.add((scope.spec.process, flow.id))
            send(scope, flow)

        monkeypatch.setattr(Scope, "send", noted)


def flows_of(key: str) -> set[Flow]:
    """Every sequence flow that is drawn in a process."""
    return {(key, flow.id) for flow in reader.read(FILES[key]).flows}


@dataclass
class Place:
    """A situation and the deeds that have not been tried from it."""

    outcome: Outcome
    now: datetime
    earlier: Mapping  # answers by form
    deeds: Iterator = field(repr=False, default=iter(()))


class Search:
    """The search through one process. `called` replaces processes that it calls."""

    def __init__(self, key: str, walked: Walked, called: Mapping[str, bytes] | None = None) -> None:
        self.program = bundle.restore(bundle.compile(FILES[key], {**FILES, **(called or {})}))
        self.walked = walked
        self.wanted = flows_of(key)
        self.reads = names_read(key)
        self.seen: set = set()
        self.places: deque[Place] = deque()
        self.deeds = 0
        self.idle = 0  # deeds since the last new flow
        self.results: set[tuple[str, object]] = set()  # variables at the end of a walk

    @property
    def missing(self) -> set[Flow]:
        return self.wanted - self.walked.flows

    def run(self, starts: Iterator[Mapping]) -> None:
        """Walk until nothing is missing, no situation is new, or the patience ends."""
        for variables in starts:
            for scopes in ((), tuple(access.SCOPES)):
                if not self.missing:
                    return
                self.places.clear()
                self.idle = 0
                self._try(partial(self._started, variables, scopes))
                self._exhaust()

    def _started(self, variables, scopes) -> Place:
        outcome = runner.start(self.program, variables=variables, facts=facts(scopes), now=FIRST_DAY)
        return Place(outcome, FIRST_DAY, {})

    def _exhaust(self) -> None:
        while self.places and self.missing and self.idle < PATIENCE:
            deed = next(self.places[-1].deeds, None)
            if deed is None:
                self.places.pop()
            else:
                self._try(deed)

    def _try(self, deed: Callable[[], Place]) -> None:
        before = len(self.walked.flows & self.wanted)
        place = deed()
        new = len(self.walked.flows & self.wanted) > before
        self.deeds += 1
        self.idle = 0 if new else self.idle + 1
        if place.outcome.finished:
            self.results |= {(name, str(value)) for name, value in place.outcome.variables.items()}
            return
        situation = self._situation(place.outcome)
        if situation in self.seen and not new:
            return
        self.seen.add(situation)
        place.deeds = self._deeds(place)
        self.places.append(place) if new else self.places.appendleft(place)

    def _situation(self, outcome: Outcome) -> tuple:
        return (
            tuple(sorted(one.details.element for one in outcome.tasks)),
            tuple(sorted(one.element for one in outcome.timers)),
            tuple((name, str(outcome.variables.get(name))) for name in self.reads),
        )

    def _deeds(self, place: Place) -> Iterator[Callable[[], Place]]:
        for scopes in ((), tuple(access.SCOPES)):
            for task in place.outcome.tasks[:1]:
                for cleaned, variables in self._answers(task, place):
                    yield partial(self._completed, place, task, cleaned, variables, scopes)
            if place.outcome.timers:
                yield partial(self._later, place, scopes)

    def _completed(self, place: Place, task: OpenTask, cleaned: Mapping, variables: Mapping, scopes) -> Place:
        outcome = runner.complete(
            self.program, place.outcome.state, task.key, variables=variables, facts=facts(scopes), now=place.now
        )
        return Place(outcome, place.now, {**place.earlier, task.details.form: cleaned})

    def _later(self, place: Place, scopes) -> Place:
        due = min(one.due_at for one in place.outcome.timers)
        now = max(place.now, due) + timedelta(minutes=1)
        outcome = runner.fire(self.program, place.outcome.state, facts=facts(scopes), now=now)
        return Place(outcome, now, place.earlier)

    def _answers(self, task: OpenTask, place: Place) -> Iterator[tuple[Mapping, Mapping]]:
        if not task.details.form:
            yield from (({}, result) for result in RESULTS[task.details.process])
            return
        form = form_of(task.details.form)
        for given in islice(choices(form), MOST_TRIES):
            try:
                cleaned = valid(form, given, place)
            except AnswersRejected:
                continue
            yield cleaned, answers.variables(form, cleaned)


def facts(scopes):
    return {"upowaznienia": sorted(scopes)}


@cache
def form_of(key: str) -> Form:
    return schema.read(FORMS[key].read_bytes())


def names_read(key: str) -> set[str]:
    """The variables on which the way through a process depends."""
    diagram = reader.read(FILES[key])
    return {name for flow in diagram.flows for name in condition_names(flow.condition)} - {"upowaznienia"}


def condition_names(condition: str) -> frozenset[str]:
    text = condition.strip().removeprefix("=").strip()
    return feel.parse(text).names if text else frozenset()


def valid(form: Form, given: Mapping, place: Place) -> Mapping:
    """A valid filling of the form with the `given` answers in it.

    Raises:
        AnswersRejected: when there is none.
    """
    context = Context(
        variables=place.outcome.variables,
        earlier=place.earlier,
        people=PERSONS,
        units=PLACES,
        organisers=frozenset({1}),
        today=clock.today(place.now),
    )
    return answers.check(form, answering.invented(form, context, given), context)


def choices(form: Form) -> Iterator[Mapping]:
    """Combinations of the answers that lead to different ways, the straight way first."""
    steering = [one for one in form.fields if one.variable and possible(one)]
    for values in product(*(possible(one) for one in steering)):
        yield dict(zip((one.id for one in steering), values, strict=True))


def possible(one) -> tuple:
    if one.type is FieldType.CHOICE:
        return tuple(option.value for option in one.options)
    if one.type is FieldType.YES_NO:
        return (False, True)
    if one.id in NUMBERS:
        return NUMBERS[one.id]
    if one.type is FieldType.GROUP and not any(column.type is FieldType.PERSON for column in one.fields):
        return ([], *rows(one))
    if one.id == "umowa_do":
        return ("2026-03-31", "2026-04-30")
    if one.id in ("umowa_od", "nadzor_od"):
        return ("2026-03-02",)
    return ()


def rows(group) -> Iterator[list]:
    """One row and two of them, for each combination of their choices."""
    steering = [one for one in group.fields if one.type in (FieldType.CHOICE, FieldType.YES_NO)]
    domains = [
        (True, False) if one.type is FieldType.YES_NO else tuple(option.value for option in one.options)
        for one in steering
    ]
    for values in islice(product(*domains), 16):
        row = {one.id: plain(one) for one in group.fields if one not in steering}
        row.update(zip((one.id for one in steering), values, strict=True))
        second = {name: f"{value} 2" if value == answering.OFFER else value for name, value in row.items()}
        yield from ([row], [row, second])


def plain(one) -> object:
    match one.type:
        case FieldType.TEXT | FieldType.LONG_TEXT:
            return answering.OFFER
        case FieldType.DATE:
            return FIRST_DAY.date().isoformat()
        case _:
            return 1
