"""What has changed in a step that holds a token, and whether the token may stay in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from engine.bpmn import events, loops, subprocesses
from engine.bpmn.migration import places
from engine.bpmn.migration.verdict import Colour

if TYPE_CHECKING:
    from engine.bpmn.events import Event
    from engine.bpmn.migration.places import Ground
    from engine.bpmn.steps import Step

Said = tuple[Colour, str]

# What of a person's task comes from the diagram, and what it is called in a sentence.
DETAILS: Mapping[str, str] = {
    "role": "rola",
    "form": "formularz",
    "term": "termin",
    "authority": "zakres upoważnienia",
    "candidates": "wskazane osoby",
    "candidate_unit": "wskazana komórka",
}
AD_HOC = ("sequential", "until", "cancels")  # rules of an ad-hoc sub-process
WAITED: Mapping[str, str] = {"message": "komunikat", "signal": "sygnał"}


def obstacle(old: Step, new: Step) -> str:
    """Why a token cannot stay when its step becomes the other, as a Polish sentence; "" when it can."""
    if isinstance(old, places.LOOPS) is not isinstance(new, places.LOOPS):
        return "Krok, na którym sprawa stoi, zmienił powtarzanie, a jego rundy już trwają."
    if not places.alike_kind(old, new):
        return "Krok, na którym sprawa stoi, zmienił rodzaj."
    if getattr(places.inner(old), "isolated", None) is not getattr(places.inner(new), "isolated", None):
        return "Wywołany proces jest otwarty, a w nowej wersji widzi inne dane sprawy."
    if isinstance(old, loops.MultiInstance) and isinstance(new, loops.MultiInstance):
        if bool(old.sequential) is not bool(new.sequential):
            return (
                "Rundy tego kroku już trwają, a w nowej wersji biegną inaczej: po kolei zamiast naraz albo odwrotnie."
            )
        if (old.item, old.result) != (new.item, new.result):
            return "Rundy tego kroku już trwają, a w nowej wersji zmieniła się nazwa ich elementu albo wyniku."
    return ""


def of_step(old: Step, new: Step, before: Ground, after: Ground) -> Iterator[Said]:
    """What somebody should know of a token that stays while its step becomes the other."""
    if old.bpmn_id == new.bpmn_id and before.name(old) != after.name(new):
        yield Colour.GREEN, f"Krok będzie się nazywał „{after.name(new)}”."
    if isinstance(old, places.PEOPLE) and type(old) is not type(new):
        yield Colour.AMBER, "Krok zmienia rodzaj: zadanie w systemie na czynność poza nim albo odwrotnie."
    yield from _details(old, new, before, after)
    if isinstance(old, loops.StandardLoop | loops.MultiInstance):
        yield from _rounds(old, new)
    yield from _work(places.inner(old), places.inner(new))


def of_event(old: Event, new: Event) -> Iterator[Said]:
    """What somebody should know of an event that is waited for and was changed."""
    if old == new:
        return
    if old.kind == "timer" and new.kind == "timer":
        yield Colour.AMBER, "Zmieniono czas tego zdarzenia; ta sprawa zachowuje datę, którą już ma."
    elif old.kind in WAITED and old.name != new.name:
        yield Colour.AMBER, f"Sprawa będzie czekać na {WAITED[old.kind]} „{new.name}” zamiast „{old.name}”."
    elif old.kind in WAITED:
        yield Colour.AMBER, f"Zmieniono sposób, w jaki {WAITED[old.kind]} „{new.name}” odnajduje sprawę."
    elif old.kind == "conditional":
        yield Colour.AMBER, "Zmieniono warunek, na który sprawa czeka; od przeniesienia obowiązuje nowy."


def _details(old: Step, new: Step, before: Ground, after: Ground) -> Iterator[Said]:
    """The open task follows the diagram."""
    said = before.program.tasks[places.level(old).process].get(old.bpmn_id)
    says = after.program.tasks[places.level(new).process].get(new.bpmn_id)
    if said is None or says is None:
        return
    changed = [word for name, word in DETAILS.items() if getattr(said, name) != getattr(says, name)]
    if changed:
        yield Colour.AMBER, f"W otwartym zadaniu zmieni się: {', '.join(changed)}. Osoba i szkic zostaną."


def _rounds(old: Step, new: Step) -> Iterator[Said]:
    parts = [part for part in old.PARTS if part != "task" and getattr(old, part) != getattr(new, part)]
    if {"items", "count"} & {*parts}:
        yield Colour.AMBER, "Zmieniono listę powtórzeń; rundy, które już trwają, zostają przy dotychczasowej."
    if {*parts} - {"items", "count"}:
        yield Colour.AMBER, "Zmieniono zasady powtarzania; nowe obowiązują od następnego zakończenia rundy."


def _work(old: Step, new: Step) -> Iterator[Said]:
    if isinstance(old, events.IntermediateCatchEvent) and isinstance(new, events.IntermediateCatchEvent):
        yield from of_event(old.event, new.event)
    if isinstance(old, subprocesses.CallActivity) and getattr(new, "level", "") != old.level:
        yield Colour.AMBER, f"Krok wywołuje teraz inny proces niż „{old.level}”."
    if isinstance(old, subprocesses.SubProcess) and any(getattr(old, one, 0) != getattr(new, one, 0) for one in AD_HOC):
        yield Colour.AMBER, "Zmieniono to, kiedy podproces się kończy i co w nim może trwać naraz; obowiązuje od teraz."
    if (old.ins, old.outs, old.own) != (new.ins, new.outs, new.own):
        yield Colour.AMBER, "Zmieniono dane, które krok bierze lub oddaje; to, co już wziął, zostaje bez zmian."
