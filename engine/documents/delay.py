"""The notice that a case cannot be settled in time (art. 36 KPA): its draft, and the letter as a document."""

from __future__ import annotations

from datetime import date

from engine.documents import press
from engine.documents.head import Head, as_data
from engine.forms import polish
from engine.model import Json

TITLE = "ZAWIADOMIENIE O NIEZAŁATWIENIU SPRAWY W TERMINIE"
_SIGNATURE = "podpis kierownika ośrodka"
_DRAFT = """Adresat: ………………………………………

Na podstawie art. 36 § 1 ustawy z dnia 14 czerwca 1960 r. – Kodeks postępowania administracyjnego zawiadamiam, że \
sprawa nr {number} {missed} w terminie do {end}

Przyczyna zwłoki: {reason}

Nowy termin załatwienia sprawy: {new_end}

Pouczenie. Zgodnie z art. 37 § 1 Kodeksu postępowania administracyjnego stronie służy prawo do wniesienia ponaglenia, \
jeżeli sprawy nie załatwiono w terminie określonym w art. 35 lub przepisach szczególnych ani w terminie wskazanym \
w zawiadomieniu (bezczynność) albo postępowanie jest prowadzone dłużej, niż jest to niezbędne do załatwienia sprawy \
(przewlekłość). Ponaglenie zawiera uzasadnienie. Wnosi się je do organu wyższego stopnia za pośrednictwem organu \
prowadzącego postępowanie (art. 37 § 2 i 3)."""


def draft(number: str, *, end: date, new_end: date, reason: str, today: date) -> str:
    """The text of the notice, for a clerk to complete; it names the case by its number only.

    Args:
        end: of the term that cannot be met.
        reason: as the clerk typed it.

    Source: art. 36 § 1, art. 37 § 1–3 KPA.
    """
    return _DRAFT.format(
        number=number,
        missed="nie została załatwiona" if end < today else "nie zostanie załatwiona",
        end=_dated(end),
        new_end=_dated(new_end),
        reason=_sentence(reason),
    )


def delay_pdf(head: Head, text: str) -> bytes:
    """The notice as a letter of the centre.

    Args:
        head: without the title of the case, which may name a person.

    Raises:
        PrintFailed: when it cannot be made.
    """
    data: dict[str, Json] = {
        "head": dict(as_data(head, TITLE)),
        "paragraphs": [one.strip() for one in text.replace("\r\n", "\n").split("\n\n") if one.strip()],
        "signatures": [_SIGNATURE],
    }
    return press.pdf("delay.typ", data, head.printed_at)


def _dated(day: date) -> str:
    return f"{polish.day(day)} r."


def _sentence(text: str) -> str:
    said = " ".join(text.split())
    return said if said.endswith((".", "!", "?")) else f"{said}."
