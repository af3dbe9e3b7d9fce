"""The e-mails of the centre as plain text and as HTML that shows the same; nothing in them calls out when opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from html import escape

from engine.forms import polish
from engine.model import InstanceId, TaskId

HOME = "{bieg}"  # stands for the address of the system until the e-mail leaves
WHY = "Tę wiadomość wysłał automatycznie system Bieg. Nie odpowiadaj na nią."
CHANGE = "Zestawienie możesz wyłączyć na stronie „Moje konto”."
_BODY = "margin:0;padding:16px;background:#ffffff;color:#1b1b1b;font:16px/1.5 Arial,sans-serif"
_MOST = "max-width:40em;margin:0 auto"
_SMALL = "font-size:14px;color:#4a4a4a;border-top:1px solid #8a8a8a;padding-top:12px;margin-top:24px"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that is told; `path` leads to it within the system, `note` says how much time is left."""

    text: str
    path: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """Lines under one heading; `more` are left out."""

    title: str
    lines: tuple[Line, ...]
    more: int = 0


@dataclass(frozen=True, kw_only=True)
class Letter:
    """An e-mail without its addresses."""

    subject: str
    text: str
    html: str


def urgent(centre: str, line: Line, *, number: str, last: bool) -> Letter:
    """An e-mail about one thing that cannot wait for the morning.

    Args:
        centre: name of the centre.
        number: of the case, "" when it is about none.
        last: no more urgent e-mails follow within this hour.
    """
    matter = f" w sprawie {number}" if number else ""
    rest = "To już kolejna pilna wiadomość w tej godzinie. Następne znajdziesz tylko w powiadomieniach w systemie."
    return Letter(
        subject=one_line(f"Bieg: pilne powiadomienie{matter}"),
        text=_plain(centre, "Pilne powiadomienie", [rest] if last else [], [Section(title="", lines=(line,))], WHY),
        html=_html(centre, "Pilne powiadomienie", [rest] if last else [], [Section(title="", lines=(line,))], WHY),
    )


def digest(centre: str, day: date, sections: Iterable[Section], *, summary: str, remarks: Iterable[str]) -> Letter:
    """The e-mail of the morning.

    Args:
        centre: name of the centre.
        summary: the most important in a few words.
        remarks: sentences above the sections.
    """
    shown, said = [one for one in sections if one.lines], list(remarks)
    title, why = f"Twój dzień: {polish.day(day)}", f"{WHY} {CHANGE}"
    return Letter(
        subject=one_line(f"Bieg: {summary}"),
        text=_plain(centre, title, said, shown, why),
        html=_html(centre, title, said, shown, why),
    )


def path(task: TaskId | None, instance: InstanceId | None) -> str:
    """Where within the system something about a task or a case is seen."""
    if task is not None:
        return f"/zadania/{task}"
    return f"/sprawy/{instance}" if instance is not None else "/powiadomienia"


def one_line(text: str) -> str:
    """Text without line breaks and control characters: names from diagrams and of people may hold them."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _plain(centre: str, title: str, remarks: list[str], sections: list[Section], why: str) -> str:
    parts = [*([one_line(centre), ""] if centre else []), title, *remarks]
    for section in sections:
        parts += ["", f"{section.title.upper()} ({len(section.lines) + section.more})"] if section.title else [""]
        for line in section.lines:
            parts += [f"- {_whole(line)}", f"  {HOME}{line.path}"]
        parts += [f"- {_more(section)}"] if section.more else []
    return "\n".join([*parts, "", why, f"System: {HOME}", ""])


def _html(centre: str, title: str, remarks: list[str], sections: list[Section], why: str) -> str:
    inner = "".join(f"<p>{escape(one)}</p>" for one in remarks) + "".join(_section(one) for one in sections)
    return (
        '<!doctype html><html lang="pl"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{escape(title)}</title></head><body style="{_BODY}"><div style="{_MOST}">'
        f"{_head(centre)}"
        f'<h1 style="font-size:22px;margin:4px 0 16px">{escape(title)}</h1>{inner}'
        f'<p style="{_SMALL}">{escape(why)} <a href="{HOME}" style="color:#0b5394">Otwórz system</a>.</p>'
        "</div></body></html>"
    )


def _head(centre: str) -> str:
    return f'<p style="margin:0;color:#4a4a4a">{escape(one_line(centre))}</p>' if centre else ""


def _section(section: Section) -> str:
    count = len(section.lines) + section.more
    title = f'<h2 style="font-size:18px;margin:20px 0 8px">{escape(section.title)} ({count})</h2>'
    items = "".join(
        f'<li style="margin:0 0 8px"><a href="{HOME}{escape(line.path)}" style="color:#0b5394">'
        f"{escape(line.text)}</a>{_note(line)}</li>"
        for line in section.lines
    )
    items += f"<li>{escape(_more(section))}</li>" if section.more else ""
    return (title if section.title else "") + f'<ul style="margin:0;padding-left:20px">{items}</ul>'


def _note(line: Line) -> str:
    return f"<br>{escape(line.note)}" if line.note else ""


def _whole(line: Line) -> str:
    return f"{line.text} – {line.note}" if line.note else line.text


def _more(section: Section) -> str:
    return f"i jeszcze {section.more}, na liście w systemie"
