"""The flows of a level: where they may start and end, where conditions and defaults mean something."""

from __future__ import annotations

from engine.bpmn import markup
from engine.bpmn.gate.findings import Findings
from engine.bpmn.gate.levels import Level, is_handler
from engine.bpmn.markup import Node

CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
CONDITIONAL = CHOOSING | markup.ACTIVITIES  # BPMN 2.0, 8.3.13: sources of conditional flows


def check(level: Level, findings: Findings) -> None:
    """Every rule on the flows of one level."""
    for flow in level.flows:
        _ends(level, flow, findings)
    for step in level.steps.values():
        _conditions(level, step, findings)
        _default(level, step, findings)
        if markup.kind(step) in CHOOSING:
            _choice(level, step, findings)
        if markup.kind(step).endswith("Gateway") and not level.out_of(step):
            findings.warn(step, "Z tej bramki nie prowadzi żadna droga, więc sprawa tu się skończy. Połącz ją dalej.")


def _ends(level: Level, flow: Node, findings: Findings) -> None:
    source, target = level.steps.get(flow.get("sourceRef")), level.steps.get(flow.get("targetRef"))
    if source is None or target is None:
        findings.error(flow, "Strzałka nie łączy dwóch kroków tego samego poziomu. Poprowadź ją ponownie.")
    if source is not None and markup.kind(source) == "endEvent":
        findings.error(source, "Ze zdarzenia końcowego nie może wychodzić strzałka. Usuń ją.")
    if target is not None and markup.kind(target) == "startEvent":
        findings.error(target, "Do zdarzenia początkowego nie może prowadzić strzałka. Usuń ją.")
    if target is not None and markup.kind(target) == "boundaryEvent":
        findings.error(target, "Do zdarzenia na brzegu kroku nie może prowadzić strzałka. Usuń ją.")
    for step in (source, target):
        if step is not None and is_handler(step):
            findings.error(step, "Podprocesu zdarzeniowego nie łączy się strzałkami. Usuń je; uruchomi go zdarzenie.")


def _conditions(level: Level, step: Node, findings: Findings) -> None:
    if markup.kind(step) in CONDITIONAL:
        return
    for flow in level.out_of(step):
        if _condition(flow) is not None:
            what = "bramki" if markup.kind(step).endswith("Gateway") else "zdarzenia"
            message = f"Strzałka z tej {what}" if what == "bramki" else f"Strzałka ze {what}"
            findings.error(flow, f"{message} nie może mieć warunku. Usuń warunek albo wstaw bramkę wyboru.")


def _default(level: Level, step: Node, findings: Findings) -> None:
    default = step.get("default")
    if not default:
        return
    ways = level.out_of(step)
    chosen = [flow for flow in ways if flow.get("id") == default]
    if not chosen:
        findings.error(step, "Droga domyślna nie wychodzi z tego kroku. Wskaż właściwą.")
    elif _condition(chosen[0]) is not None:
        findings.warn(chosen[0], "Droga domyślna ma warunek; nie jest on sprawdzany. Usuń warunek.")
    if markup.kind(step) not in CONDITIONAL:
        findings.warn(step, "Drogę domyślną ma tylko krok, który wybiera drogę. Usuń to oznaczenie.")
    elif chosen and not any(_condition(flow) is not None for flow in ways):
        findings.warn(step, "Droga domyślna nie ma znaczenia, bo żadna droga nie ma warunku. Usuń to oznaczenie.")


def _choice(level: Level, step: Node, findings: Findings) -> None:
    """A gateway that decides needs conditions on its ways, and better a default."""
    ways = level.out_of(step)
    if len(ways) < 2:
        return
    bare = [way for way in ways if _condition(way) is None and way.get("id") != step.get("default")]
    for way in bare:
        if markup.kind(step) == "exclusiveGateway":
            findings.error(way, "Droga z bramki nie ma warunku i nie jest domyślna. Podaj warunek albo oznacz ją.")
        else:
            findings.warn(way, "Droga z bramki nie ma warunku, więc zawsze będzie wybrana. Podaj warunek.")
    if not step.get("default") and not bare:
        findings.warn(step, "Bramka nie ma drogi domyślnej; gdy żaden warunek nie zajdzie, sprawa się zatrzyma.")


def _condition(flow: Node) -> Node | None:
    return markup.child(flow, "conditionExpression")
