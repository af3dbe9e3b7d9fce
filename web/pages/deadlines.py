"""`Terminy`: what is late in the whole centre, and the tasks behind each figure."""

from __future__ import annotations

from flask import Blueprint, make_response, request
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.reading import overdue, overdue_lists, overdue_papers, stuck_places
from engine.reading.overdue import BANDS, GROUPS, Asked
from engine.reading.trend import trend
from web import context
from web.guard import needs
from web.render import page as draw

blueprint = Blueprint("deadlines", __name__, url_prefix="/terminy")

BARS, PEOPLE = 8, 12  # shown before a link to all of them
FIELDS = {
    "which": "termin", "band": "wiek", "process": "proces", "element": "krok", "role": "rola", "person": "osoba",
    "unit": "komorka",
}  # fmt: skip
SAID = {
    "late": "po-terminie", "today": "dzis", "week": "7-dni", "ahead": "przed", "open": "otwarte",
    "paused": "wstrzymane", "done": "wykonane", "timely": "w-terminie", "tardy": "spoznione",
}  # fmt: skip
AGES = {"week": "do-7", "fortnight": "8-14", "older": "ponad-14"}
WAYS = {"step": "krok", "process": "proces", "role": "rola", "person": "osoba", "unit": "komorka"}
BY_CHANCE = "prognoza"
CSV, PDF = "text/csv; charset=utf-8", "application/pdf"


@blueprint.get("")
@needs(Right.OVERSEE)
def page() -> ResponseReturnValue:
    """All figures on one page."""
    by = _way()
    with context.look() as work:
        found = overdue.figures(work)
        heat = stuck_places.heat_map(work, found, request.args.get("proces", "")[:200], _measure())
    groups = overdue.groups(found, by)
    late = tuple(one for one in groups if one.late)
    return draw(
        "deadlines.html",
        found=found,
        cards=overdue.cards(found),
        by=by,
        ways=[(key, WAYS[key], label) for key, label in GROUPS.items()],
        groups=groups,
        bars=late[:BARS],
        more=len(late) - BARS,
        most=max((one.late for one in late), default=1),
        bands=BANDS,
        trend=trend(found.trend),
        points=[one for one in found.trend if one.backlog],
        heat=heat,
        people=overdue.groups(found, "person")[:PEOPLE],
        link=address,
    )


@blueprint.get("/lista")
@needs(Right.OVERSEE)
def listing() -> ResponseReturnValue:
    """The tasks behind a figure, to choose from."""
    wanted, by_chance = _asked(), request.args.get("kolejnosc") == BY_CHANCE
    with context.look() as work:
        found = overdue_lists.listing(work, wanted, after=request.args.get("od", "")[:60], by_chance=by_chance)
    return draw(
        "deadlines_list.html",
        found=found,
        chips=[(key, label) for key, label in overdue_lists.WHICH.items() if key not in ("timely", "tardy", "ahead")],
        done=[(key, overdue_lists.WHICH[key]) for key in overdue_lists.FINISHED],
        bands=BANDS,
        finished=wanted.which in overdue_lists.FINISHED,
        link=address,
        own=address(wanted),
        changed=_changed,
    )


@blueprint.get("/lista.csv")
@needs(Right.OVERSEE)
def list_csv() -> ResponseReturnValue:
    """The list for a spreadsheet."""
    with context.look() as work:
        return _file(overdue_papers.sheet(work, _asked()), CSV, "zadania.csv")


@blueprint.get("/lista.pdf")
@needs(Right.OVERSEE)
def list_pdf() -> ResponseReturnValue:
    """The list to print."""
    with context.look() as work:
        return _file(overdue_papers.list_pdf(work, _asked()), PDF, "zadania.pdf")


@blueprint.get("/zestawienie.csv")
@needs(Right.OVERSEE)
def summary_csv() -> ResponseReturnValue:
    """The figures for a spreadsheet."""
    with context.look() as work:
        return _file(overdue_papers.summary_sheet(work, _way()), CSV, "terminy.csv")


@blueprint.get("/zestawienie.pdf")
@needs(Right.OVERSEE)
def summary_pdf() -> ResponseReturnValue:
    """The figures to print."""
    with context.look() as work:
        return _file(overdue_papers.summary_pdf(work, _way()), PDF, "terminy.pdf")


def address(wanted: Asked) -> dict[str, str]:
    """What a list shows, as parts of its address; what is not asked for is left out."""
    found = {FIELDS[name]: value for name, value in vars(wanted).items() if value}
    found["termin"] = SAID[wanted.which]
    return {**found, "wiek": AGES[wanted.band]} if wanted.band else found


def _changed(wanted: Asked, **other: str) -> dict[str, str]:
    """The address of the same list with something else asked for."""
    return address(Asked(**{**vars(wanted), **other}))


def _asked() -> Asked:
    said = {name: request.args.get(own, "") for name, own in FIELDS.items()}
    which = {own: name for name, own in SAID.items()}.get(said["which"], "late")
    band = {own: name for name, own in AGES.items()}.get(said["band"], "")
    return overdue_lists.asked({**said, "which": which, "band": band})


def _way() -> str:
    said = request.args.get("wedlug", "")
    return next((key for key, own in WAYS.items() if own == said), "step")


def _measure() -> str:
    return "hours" if request.args.get("miara") == "czas" else "count"


def _file(data: bytes, kind: str, name: str) -> ResponseReturnValue:
    answer = make_response(data)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'{"inline" if kind == PDF else "attachment"}; filename="{name}"'
    return answer
