"""Events: which may stand where, what they must say, what they are attached to."""

from __future__ import annotations

from collections import Counter

from engine.bpmn import markup
from engine.bpmn.event_reading import PLACES
from engine.bpmn.gate.findings import Findings
from engine.bpmn.gate.levels import Level, definitions, event_kind, is_handler, short
from engine.bpmn.markup import Node

KINDS = {
    "none": "Zdarzenie bez oznaczenia",
    "message": "Zdarzenie wiadomości",
    "signal": "Zdarzenie sygnału",
    "timer": "Zdarzenie czasu",
    "conditional": "Zdarzenie warunkowe",
    "error": "Zdarzenie błędu",
    "escalation": "Zdarzenie eskalacji",
    "terminate": "Zdarzenie zakończenia wszystkiego",
    "cancel": "Zdarzenie anulowania",
    "compensate": "Kompensacja",
    "link": "Łącze",
    "multiple": "Zdarzenie z kilkoma definicjami",
}
WAITING = frozenset({"message", "signal", "timer", "conditional"})
REFERENCES = {"message": "wiadomość", "signal": "sygnał", "error": "błąd", "escalation": "eskalację"}
NAMELESS = {
    "message": "Zdarzenie nie mówi, o jaką wiadomość chodzi. Wybierz wiadomość i nadaj jej nazwę.",
    "signal": "Zdarzenie nie mówi, o jaki sygnał chodzi. Wybierz sygnał i nadaj mu nazwę.",
}


def check(level: Level, root: Node, findings: Findings) -> None:
    """Every rule on the events of one level, gateways that wait for events included."""
    for step in level.steps.values():
        kind = markup.kind(step)
        if kind in PLACES:
            _place(level, step, findings)
            _said(step, root, findings)
        elif kind in ("sendTask", "receiveTask"):
            _message(step, step.get("messageRef"), root, findings)
        if kind == "boundaryEvent":
            _attached(level, step, findings)
        elif kind == "eventBasedGateway":
            _race(level, step, findings)
        elif is_handler(step):
            _handler(step, findings)
    _links(level, findings)


def _place(level: Level, step: Node, findings: Findings) -> None:
    place, kind = markup.kind(step), event_kind(step)
    name = KINDS.get(kind, kind)
    if kind == "none" and place == "boundaryEvent":
        findings.error(step, "Zdarzenie na brzegu kroku nie mówi, na co czeka. Wybierz jego rodzaj.")
    elif kind == "none" and place == "intermediateCatchEvent":
        findings.error(step, "Zdarzenie nie mówi, na co czeka. Wybierz jego rodzaj.")
    elif place == "startEvent" and markup.kind(level.node) == "process" and kind not in PLACES[place]:
        findings.error(step, f"{name} nie może rozpoczynać sprawy. Wybierz inny początek.")
    elif kind not in PLACES[_place_name(level, place)] and not (kind == "none" and is_handler(level.node)):
        findings.error(step, f"{name}: w tym miejscu system tego nie wykonuje. Zastąp je innym.")
    elif kind == "cancel" and not _in_transaction(level, step):
        findings.error(step, "Anulowanie działa tylko w transakcji. Zmień podproces w transakcję albo usuń je.")
    if markup.says(step, "parallelMultiple"):
        findings.error(step, "Zdarzenie, które czeka na kilka rzeczy naraz, nie jest wykonywane. Rozdziel je.")
    if kind == "error" and "false" in (step.get("cancelActivity"), step.get("isInterrupting")):
        findings.error(step, "Zdarzenie błędu zawsze przerywa. Oznacz je jako przerywające.")


def _place_name(level: Level, kind: str) -> str:
    """Starts differ by the level that they open."""
    if kind != "startEvent" or markup.kind(level.node) == "process":
        return kind
    return "eventSubProcess" if is_handler(level.node) else "subProcess"


def _in_transaction(level: Level, step: Node) -> bool:
    """True when there is something that a cancel event can cancel."""
    if markup.kind(step) == "boundaryEvent":
        host = level.steps.get(step.get("attachedToRef") or "")
        return host is not None and markup.kind(host) == "transaction"
    return any(markup.kind(above) == "transaction" for above in step.iterancestors())


def _said(step: Node, root: Node, findings: Findings) -> None:
    for definition in definitions(step)[:1]:
        kind = event_kind(step) if len(definitions(step)) == 1 else ""
        reference = definition.get(f"{kind}Ref")
        if kind == "message":
            _message(step, reference, root, findings)
        elif kind in REFERENCES and reference and not _exists(root, kind, reference):
            message = f"Zdarzenie wskazuje {REFERENCES[kind]} („{short(reference)}”), której nie ma w pliku."
            findings.error(step, message.replace("której", "którego" if kind in ("signal", "error") else "której"))
        elif kind == "signal" and not (_name(root, kind, reference) if reference else step.get("name")):
            findings.error(step, NAMELESS[kind])
        elif kind == "conditional" and not markup.text(markup.child(definition, "condition")):
            findings.error(step, "Zdarzenie warunkowe nie ma warunku. Wpisz warunek.")
        elif kind == "timer":
            _timer(step, definition, findings)


def _message(step: Node, reference: str | None, root: Node, findings: Findings) -> None:
    if reference and not _exists(root, "message", reference):
        message = f"Nieznana wiadomość „{short(reference)}”: nie ma jej w pliku. Wybierz wiadomość ponownie."
        findings.error(step, message)
    elif reference:
        if not _name(root, "message", reference):
            findings.error(step, NAMELESS["message"])
    elif markup.kind(step).endswith("Task") or not step.get("name"):
        findings.error(step, NAMELESS["message"])


def _timer(step: Node, definition: Node, findings: Findings) -> None:
    said = [one for one in ("timeDate", "timeDuration", "timeCycle") if markup.text(markup.child(definition, one))]
    if not said:
        findings.error(step, "Zdarzenie czasu nie podaje ani daty, ani okresu, ani powtarzania. Wpisz jedno z nich.")
    elif len(said) > 1:
        findings.error(step, "Zdarzenie czasu podaje więcej niż jeden czas. Zostaw jeden.")


def _attached(level: Level, step: Node, findings: Findings) -> None:
    host = level.steps.get(step.get("attachedToRef") or "")
    if host is None:
        findings.error(step, "To zdarzenie nie jest przyczepione do kroku. Przyczep je.")
    elif markup.kind(host) not in markup.ACTIVITIES or is_handler(host):
        findings.error(step, "Zdarzenie można przyczepić tylko do zadania albo podprocesu. Przenieś je.")
    elif event_kind(step) in ("error", "escalation"):
        _thrown(step, host, findings)
    if not level.out_of(step):
        findings.warn(step, "Ze zdarzenia na brzegu kroku nie prowadzi żadna droga. Połącz je z następnym krokiem.")


def _thrown(step: Node, host: Node, findings: Findings) -> None:
    """Warn of an error or escalation that nothing within the activity throws; called processes may throw any."""
    kind = event_kind(step)
    wanted = _code(step, kind)
    inside = list(host.iter(f"{{{markup.BPMN}}}*"))
    if any(markup.kind(one) in ("callActivity", "serviceTask") for one in inside):
        return
    thrown = {
        _code(one, kind)
        for one in inside
        if markup.kind(one) in ("endEvent", "intermediateThrowEvent") and event_kind(one) == kind
    }
    if not thrown or (wanted and wanted not in thrown):
        findings.warn(step, "Nic wewnątrz tego kroku nie wywołuje takiego zdarzenia, więc nigdy nie zadziała.")


def _code(step: Node, kind: str) -> str:
    return definitions(step)[0].get(f"{kind}Ref") or ""


def _handler(step: Node, findings: Findings) -> None:
    starts = [one for one in markup.flow_nodes(step) if markup.kind(one) == "startEvent"]
    if len(starts) != 1:
        findings.error(step, "Podproces zdarzeniowy musi mieć dokładnie jedno zdarzenie początkowe. Popraw go.")
    elif event_kind(starts[0]) == "none":
        findings.error(starts[0], "Podproces zdarzeniowy nie mówi, na jakie zdarzenie czeka. Wybierz je.")


def _race(level: Level, step: Node, findings: Findings) -> None:
    """BPMN 2.0, 10.6.6: what may stand behind an event-based gateway."""
    ways = level.out_of(step)
    if (step.get("eventGatewayType") or "Exclusive") != "Exclusive":
        findings.error(step, "Bramka, która czeka na wszystkie zdarzenia naraz, nie jest wykonywana. Użyj równoległej.")
    if len(ways) < 2:
        findings.error(step, "Za bramką zdarzeń muszą stać co najmniej dwa zdarzenia. Dodaj je albo usuń bramkę.")
    targets = [level.steps[way.get("targetRef")] for way in ways if way.get("targetRef") in level.steps]
    for target in targets:
        _racer(level, target, findings)
    kinds = {markup.kind(one) if markup.kind(one) == "receiveTask" else event_kind(one) for one in targets}
    if {"receiveTask", "message"} <= kinds:
        message = "Za bramką zdarzeń stoją i zadania odbioru, i zdarzenia wiadomości. Użyj jednego rodzaju."
        findings.error(step, message)


def _racer(level: Level, target: Node, findings: Findings) -> None:
    receives = markup.kind(target) == "receiveTask"
    catches = markup.kind(target) == "intermediateCatchEvent" and event_kind(target) in WAITING | {"none"}
    if not (receives or catches):
        findings.error(target, "Za bramką zdarzeń mogą stać tylko zdarzenia, na które się czeka. Zmień ten krok.")
    elif len(level.into(target)) > 1:
        findings.error(target, "Do zdarzenia za bramką zdarzeń może prowadzić tylko jedna strzałka. Usuń pozostałe.")
    if receives and any(one.get("attachedToRef") == target.get("id") for one in level.of_kind("boundaryEvent")):
        findings.error(target, "Zadanie za bramką zdarzeń nie może mieć zdarzeń na brzegu. Usuń je.")


def _links(level: Level, findings: Findings) -> None:
    ends = [one for one in level.steps.values() if event_kind(one) == "link"]
    thrown = Counter(_link(one) for one in ends if markup.kind(one) == "intermediateThrowEvent")
    caught = Counter(_link(one) for one in ends if markup.kind(one) == "intermediateCatchEvent")
    for one in ends:
        name, throws = _link(one), markup.kind(one) == "intermediateThrowEvent"
        said = f"Łącze „{short(name)}”"
        if not name:
            findings.error(one, "Łącze nie ma nazwy. Nadaj obu końcom tę samą nazwę.")
        elif throws and caught[name] != 1:
            findings.error(one, f"{said} musi mieć na tym poziomie dokładnie jeden koniec. Popraw je.")
        elif not throws and caught[name] > 1:
            findings.error(one, f"{said} ma na tym poziomie więcej niż jeden koniec. Zostaw jeden.")
        elif not throws and not thrown[name]:
            findings.error(one, f"{said} nie ma na tym poziomie początku. Dodaj go albo usuń koniec.")
        if throws and level.out_of(one):
            findings.error(one, "Z początku łącza nie może wychodzić strzałka. Usuń ją.")
        if not throws and level.into(one):
            findings.error(one, "Do końca łącza nie może prowadzić strzałka. Usuń ją.")


def _link(step: Node) -> str:
    return definitions(step)[0].get("name") or ""


def _exists(root: Node, kind: str, reference: str) -> bool:
    return _found(root, kind, reference) is not None


def _name(root: Node, kind: str, reference: str) -> str:
    found = _found(root, kind, reference)
    return "" if found is None else (found.get("name") or "").strip()


def _found(root: Node, kind: str, reference: str) -> Node | None:
    return next((one for one in root.iterfind(f"{{{markup.BPMN}}}{kind}") if one.get("id") == reference), None)
