"""Data flow: variables that are read before they are set on some way, and such as two branches set at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.bpmn import markup, rule_reading
from engine.bpmn.dataflow import setting, uses
from engine.bpmn.dataflow.rivals import rivals
from engine.bpmn.dataflow.setting import Reading, Setting
from engine.bpmn.dataflow.uses import Sources
from engine.bpmn.markup import Node
from engine.bpmn.soundness import levels, wording
from engine.bpmn.soundness.levels import Level, Step
from engine.errors import DefinitionRejected, Problem

LONGEST_NAMES = 90  # letters
DEEPEST_CALL = 8


def check(
    process: Node,
    *,
    forms: Mapping[str, frozenset[str]],
    processes: Mapping[str, bytes],
    always: frozenset[str] = frozenset(),
    decisions: Mapping[str, bytes] | None = None,
) -> tuple[Problem, ...]:
    """Warnings, one for each variable; never more, because whoever starts a case may bring what is missing.

    Args:
        process: the element of the file.
        forms: by form the variables that its answers set.
        processes: files of other processes by key.
        always: names that are known from the start.
        decisions: DMN files by decision id.
    """
    top = levels.read(process)
    if not all(level.complete for level in top.walk()):
        return ()
    read = rule_reading.needed(process, decisions or {})
    sources = Sources(forms=forms, called=_called(process, forms, processes), decisions=read)
    begin = always | forms.get(f"{process.get('id')}_start", frozenset())
    look = Setting(top, begin, sources).look()
    found = list(_read_early(process, look, sources))
    return (*found, *rivals(top, sources))


def reads(xml: bytes, element: str) -> frozenset[str]:
    """Names that a step reads when it begins, waits or is left; none when the file does not hold it."""
    top = levels.read(markup.executable(markup.open_file(xml)))
    sources = Sources(forms={}, called={})
    found = [uses.of(level.steps[element], sources) for level in top.walk() if element in level.steps]
    return frozenset(name for use in found for names, _ in uses.readers(use) for name in names)


def _read_early(process: Node, look: Setting, sources: Sources) -> Iterator[Problem]:
    if any(uses.of(step, sources).sets_anything for level in look.level.walk() for step in level.steps.values()):
        return
    written = uses.all_set(look.level, sources)
    readings = list({one.name: one for one in reversed(look.readings())}.values())[::-1]
    strange = sorted(one.name for one in readings if one.name not in written)
    early = [one for one in readings if one.name in written]
    brought = sorted(one.name for one in early if _is_brought(one, sources))
    said = [f"Nic w tym diagramie nie ustawia: {_listed(strange)}."] if strange else []
    said += [f"Nic nie ustawia przed pierwszym użyciem: {_listed(brought)}."] if brought else []
    if said:
        message = f"{' '.join(said)} Muszą być znane na początku sprawy."
        yield _at_process(process, message)
    yield from (_early(one, sources) for one in early if one.name not in brought)


def _is_brought(reading: Reading, sources: Sources) -> bool:
    """True when every way reads the variable before anything sets it, so that it is meant to come from outside."""
    level = reading.level
    if level.parent is not None:
        return False
    setters = {one.id for one in level.steps.values() if reading.name in _set_by(one, sources)}
    return setting.comes_first(level, reading.step, setters)


def _set_by(step: Step, sources: Sources) -> frozenset[str] | set[str]:
    return uses.of(step, sources).sets | (uses.all_set(step.inside, sources) if step.inside is not None else set())


def _listed(names: Iterable[str]) -> str:
    said = ", ".join(names)
    return said if len(said) <= LONGEST_NAMES else f"{said[:LONGEST_NAMES].rstrip(', ')}…"


def _at_process(process: Node, message: str) -> Problem:
    return Problem(
        element=process.get("id") or "",
        name=process.get("name") or "",
        line=process.sourceline or 0,
        message=message,
        severity="warning",
    )


def _early(reading: Reading, sources: Sources) -> Problem:
    used = {one.id: uses.of(one, sources) for one in reading.level.steps.values()}
    way = wording.path(setting.way_without(reading.level, reading.step, reading.name, used))
    message = f"Ten krok czyta zmienną „{reading.name}”, której na jednej z dróg nic wcześniej nie ustawia."
    return wording.problem(reading.step, f"{message}{way}", "warning")


def _called(
    process: Node, forms: Mapping[str, frozenset[str]], processes: Mapping[str, bytes]
) -> dict[str, frozenset[str]]:
    """What each called process at hand sets, with those that it calls itself."""
    found: dict[str, Level] = {}
    todo = [(key, 1) for key in _calls(process)]
    while todo:
        key, depth = todo.pop()
        if key in found or key not in processes or depth > DEEPEST_CALL:
            continue
        try:
            node = markup.executable(markup.open_file(processes[key]))
        except DefinitionRejected:
            continue
        found[key] = levels.read(node)
        todo += [(other, depth + 1) for other in _calls(node)]
    own = {key: uses.all_set(level, Sources(forms=forms, called={})) for key, level in found.items()}
    return {key: _with_called(key, own, found) for key in found}


def _with_called(key: str, own: Mapping[str, frozenset[str]], found: Mapping[str, Level]) -> frozenset[str]:
    seen = {key}
    todo = [key]
    while todo:
        for other in _calls(found[todo.pop()].node):
            if other in found and other not in seen:
                seen.add(other)
                todo.append(other)
    return frozenset().union(*(own[one] for one in seen))


def _calls(process: Node) -> Iterable[str]:
    return (one.get("calledElement") or "" for one in process.iter(f"{{{markup.BPMN}}}callActivity"))
