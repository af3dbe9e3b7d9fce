"""Looks at what is late that leave the page: a file for a spreadsheet and a document to print."""

from __future__ import annotations

from engine import clock
from engine.documents.case import List
from engine.documents.overdue import overdue_pdf
from engine.documents.sheet import csv_file
from engine.forms import polish
from engine.reading import centre
from engine.reading.overdue import Asked, cards, figures, groups
from engine.reading.overdue_lists import MOST, Listing, Row, listing
from engine.store.database import Work

PRINTED = 1_000  # rows of a document
COLUMNS = (
    "Sprawa", "Tytuł sprawy", "Proces", "Krok", "Rola", "Osoba", "Otwarte od", "Termin", "Dni po terminie", "Stan",
    "Wyjaśnienie terminu", "Prognoza",
)  # fmt: skip


def sheet(work: Work, wanted: Asked) -> bytes:
    """A list as a CSV file, at most its first 5,000 tasks."""
    found = listing(work, wanted, limit=MOST, words=False)
    return csv_file(COLUMNS, [_cells(one) for one in found.items])


def summary_sheet(work: Work, by: str) -> bytes:
    """The figures of the page as a CSV file, grouped as they are shown.

    Args:
        by: a key of `engine.reading.overdue.GROUPS`.
    """
    columns = ("Nazwa", "Proces albo komórka", "Otwarte", "Po terminie", "Do 7 dni", "8–14 dni", "Powyżej 14 dni")
    rows = [
        (one.name, one.sub, one.open, one.late, one.week, one.fortnight, one.older, one.today, one.ahead)
        for one in groups(figures(work), by)
    ]
    return csv_file((*columns, "Na dziś", "W ciągu 7 dni"), rows)


def list_pdf(work: Work, wanted: Asked) -> bytes:
    """A list as a document, at most its first 1,000 tasks.

    Raises:
        PrintFailed: when it cannot be made.
    """
    found = listing(work, wanted, limit=PRINTED)
    subject = " · ".join(found.words)
    return overdue_pdf(
        centre=_centre(work),
        at=work.now,
        subject=subject,
        summary=[("Zadań", _many(found))],
        lists=[_tasks("Zadania", found)],
    )


def summary_pdf(work: Work, by: str) -> bytes:
    """The figures of the page as a document, with the list of what is late.

    Raises:
        PrintFailed: when it cannot be made.
    """
    found = figures(work)
    late = listing(work, Asked(), limit=PRINTED, words=False)
    rows = tuple(
        (_named(one.name, one.sub), str(one.late), str(one.week), str(one.fortnight), str(one.older), str(one.open))
        for one in groups(found, by)
        if one.late
    )
    columns = ("Gdzie", "Po terminie", "Do 7 dni", "8–14 dni", "Powyżej 14 dni", "Otwarte")
    return overdue_pdf(
        centre=_centre(work),
        at=found.at,
        subject="cały ośrodek",
        summary=[(one.label, f"{one.value} ({one.note})" if one.note else one.value) for one in cards(found)],
        lists=[
            List(title="Gdzie zalega", columns=columns, rows=rows, empty="Nic nie jest po terminie."),
            _tasks(f"Zadania po terminie: {_many(late)}", late),
        ],
    )


def _many(found: Listing) -> str:
    shown = len(found.items)
    return str(found.total) if shown == found.total else f"{found.total}; wydrukowano {shown} najdłużej zalegających"


def _tasks(title: str, found: Listing) -> List:
    rows = tuple(
        (
            f"{one.line.instance_number}\n{one.line.instance_title}",
            one.line.name,
            _named(one.line.person_name or "nieprzydzielone", one.role),
            polish.short_day(clock.today(one.line.due_at)) if one.line.due_at else "–",
            one.left,
        )
        for one in found.items
    )
    columns = ("Sprawa", "Krok", "Kto", "Termin", "Stan")
    return List(title=title, columns=columns, rows=rows, empty="Nie ma takich zadań.")


def _cells(one: Row) -> tuple[str | int | None, ...]:
    line = one.line
    return (
        line.instance_number,
        line.instance_title,
        line.definition_name,
        line.name,
        one.role,
        line.person_name or "nieprzydzielone",
        clock.today(line.opened_at).isoformat(),
        clock.today(line.due_at).isoformat() if line.due_at else None,
        one.days_late if one.late else None,
        one.left,
        one.explanation,
        one.forecast.words if one.forecast else "",
    )


def _named(name: str, sub: str) -> str:
    return f"{name} ({sub})" if sub else name


def _centre(work: Work) -> tuple[str, str, str]:
    head = centre.head(work)
    return head.name, head.address, head.town
