"""Who does the work: lanes, pools, groups and performers of other programs as roles of the centre."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from engine.bpmn import markup
from engine.bpmn.foreign import names, vendors, writing
from engine.bpmn.foreign.files import File
from engine.bpmn.foreign.places import lane_of, members, role
from engine.bpmn.foreign.repairs import Change, Found, Option, Repair, change, choice, label, remark
from engine.bpmn.gate import Known
from engine.bpmn.markup import Node

HUMAN = ("userTask", "manualTask")
EXPRESSIONS = ("${", "#{", "=")


def lanes(file: File, known: Known) -> Found:
    """A lane is named like a role of the centre."""
    for process in file.running:
        people = _people(process)
        for lane in list(file.lanes(process)):
            current = label(lane)
            if current in known.roles:
                continue
            if same := names.same(current, known.roles):
                title = f"Zmień nazwę toru „{current}” na rolę ośrodka „{same}”."
                yield change(lane, "lane", title, partial(lane.set, "name", same), before=current, after=same)
            elif people & members(lane):
                title = f"Tor „{current or 'bez nazwy'}” nie nazywa się jak żadna rola ośrodka. Wybierz jego rolę."
                yield choice(lane, "lane", title, partial(lane.set, "name"), _options(known.roles, current))


def groups(file: File, known: Known) -> Found:
    """Groups and performers become the role of the task; what is left over is asked for, once for each group."""
    open_: dict[str, list[Node]] = {}
    for node in file.nodes(*HUMAN):
        current, hint = role(file, node), _hint(node)
        if (foreign := _expression(hint)) and current not in known.roles:
            yield remark(node, f"Wykonawcę wyznacza wyrażenie „{foreign}”, którego tu nie ma. Zadaniu trzeba dać rolę.")
        found = [one for one in (names.same(each, known.roles) for each in _split(hint)) if one]
        if len(found) == 1 and found[0] != current:
            safe = current not in known.roles
            title = f"Daj zadaniu rolę „{found[0]}”, jak w programie, z którego pochodzi plik."
            after = found[0]
            yield change(
                node,
                "role",
                title,
                partial(writing.task, node, "role", after),
                before=current,
                after=after,
                safe=safe,
            )
        elif not found and hint and current in known.roles and not _expression(hint):
            yield remark(node, f"„{hint}” nie jest rolą ośrodka. Zadanie dostanie rola toru: „{current}”.")
        elif not found and current not in known.roles and lane_of(file, node) is None:
            open_.setdefault("" if _expression(hint) else hint, []).append(node)
    for hint, nodes in open_.items():
        yield _asked(file, hint, nodes, known)


def plain(file: File, known: Known) -> Found:
    """Steps without a sign are passed at once; those who draw for people usually mean work of people."""
    found = list(file.nodes("task"))
    if not found or (file.root.get("targetNamespace") or "").startswith(vendors.OWN):
        return  # whoever draws with our own modeller means the kinds of steps that there are
    for node in found:
        yield remark(node, "Zwykły krok (bez oznaczenia rodzaju): system przejdzie go sam, nikt nie dostanie zadania.")
    settled = [node for node in found if role(file, node) in known.roles]
    loose = [node for node in found if role(file, node) not in known.roles]
    if settled:
        repair = _many("people", f"Zamień zwykłe kroki w torach ról na zadania osób ({len(settled)}).", settled)
        yield Change(repair=repair, do=lambda _: _turn(settled, ""))
    if loose and not any(lane_of(file, node) is not None for node in loose):
        options = _options(known.roles, _pool(file))
        title = f"Zamień zwykłe kroki ({len(loose)}) na zadania osób w roli:"
        yield Change(repair=_many("people-of", title, loose, options), do=lambda to: _turn(loose, to))


def become(node: Node, kind: str) -> None:
    """Make another kind of step of it; everything that stands at it stays."""
    node.tag = f"{{{markup.BPMN}}}{kind}"


def _turn(nodes: Iterable[Node], to: str) -> None:
    for node in nodes:
        become(node, "userTask")
        if to:
            writing.task(node, "role", to)


def _asked(file: File, hint: str, nodes: list[Node], known: Known) -> Change:
    pool = _pool(file)
    if not hint and (same := names.same(pool, known.roles)):
        repair = _many("pool", f"Daj zadaniom rolę „{same}”, jak nazywa się pula.", nodes, safe=True)
        return Change(repair=repair, do=lambda _: _give(nodes, same))
    title = f"Grupie „{hint}” odpowiada rola:" if hint else f"Zadaniom bez toru i bez roli ({len(nodes)}) daj rolę:"
    repair = _many(f"group-{hint}" if hint else "group", title, nodes, _options(known.roles, hint or pool))
    return Change(repair=repair, do=lambda to: _give(nodes, to))


def _give(nodes: Iterable[Node], to: str) -> None:
    for node in nodes:
        writing.task(node, "role", to)


def _many(
    identity: str, title: str, nodes: list[Node], options: tuple[Option, ...] = (), *, safe: bool = False
) -> Repair:
    before = ", ".join(f"„{label(one) or one.get('id')}”" for one in nodes[:6]) + (" …" if len(nodes) > 6 else "")
    return Repair(
        id=identity, title=title, elements=tuple(one.get("id") or "" for one in nodes), before=before,
        line=nodes[0].sourceline or 0, safe=safe, options=options,
    )  # fmt: skip


def _options(roles: Iterable[str], wanted: str) -> tuple[Option, ...]:
    """All roles, one that is probably meant first."""
    likely = names.near(wanted, roles)
    first = (Option(value=likely, label=f"{likely} (podobna nazwa)"),) if likely else ()
    return (*first, *(Option(value=one, label=one) for one in sorted(roles) if one != likely))


def _hint(node: Node) -> str:
    """Whom another program names for a task."""
    definition = vendors.zeebe(node, "assignmentDefinition")
    found = [vendors.said(node, "candidateGroups"), vendors.said(node, "assignee")]
    if definition is not None:
        found += [definition.get("candidateGroups") or "", definition.get("assignee") or ""]
    for kind in ("potentialOwner", "humanPerformer", "performer"):
        found += [markup.text(one) for one in node.iter(f"{{{markup.BPMN}}}{kind}")]
    return next((one.strip() for one in found if one.strip()), "")


def _split(hint: str) -> list[str]:
    return [] if _expression(hint) else [one.removeprefix("group(").removesuffix(")") for one in hint.split(",")]


def _expression(hint: str) -> str:
    return hint if hint.startswith(EXPRESSIONS) else ""


def _pool(file: File) -> str:
    running = {one.get("id") for one in file.running}
    return next((label(one) for one in file.participants() if one.get("processRef") in running), "")


def _people(process: Node) -> set[str]:
    """Steps that are, or may become, work of people; a sub-process stands for what is in it."""
    found: set[str] = set()
    for step in process.iter(*(f"{{{markup.BPMN}}}{kind}" for kind in (*HUMAN, "task"))):
        found.add(step.get("id") or "")
        found.update(above.get("id") or "" for above in step.iterancestors() if markup.kind(above) in markup.LEVELS)
    return found
