"""Deeds on the rules by which terms are counted, on the centre's free days and on its hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta

from engine import circumstances, clock
from engine.access import Right, may
from engine.errors import AnswerError, Conflict, InputRejected, NotAllowed, NotFound
from engine.model import Person
from engine.store import definitions, journal, term_rules
from engine.store.database import Work
from engine.store.term_rules import Kept
from engine.terms import BUILT_IN, OWN_SOURCE, Rule, TermRefused, calendar, grammar, words
from engine.terms.rules import folded

LONGEST_NAME = 80
LONGEST_TEXT = 500
LONGEST_SOURCE = 200
_DAY = timedelta(days=1)


def enter(
    work: Work,
    by: Person | None,
    *,
    name: str,
    rule: str,
    statutory: bool,
    valid_from: date | None,
    reminder: str = "",
    source: str = "",
    text: str = "",
    reason: str = "",
) -> Rule:
    """Enter a rule, or replace the one of that name from a day on; what held before stays as it was.

    Args:
        rule: in plain words.
        reminder: how long before the end, in plain words; "" for the usual.
        reason: why it begins in the past.

    Raises:
        NotAllowed, InputRejected
    """
    _administrator(by)
    kept = _rows(work, name)
    new = Rule(
        name=kept[0].rule.name if kept else " ".join(name.split()),
        rule=" ".join(rule.split()),
        statutory=statutory,
        reminder=" ".join(reminder.split()),
        source=source.strip() or ("" if statutory else OWN_SOURCE),
        text=text.strip(),
        valid_from=valid_from or clock.today(work.now),  # a missing one is refused at once
    )
    past = valid_from is not None and valid_from < clock.today(work.now)
    unexplained = "Początek jest w przeszłości. Napisz, dlaczego." if past and not reason.strip() else ""
    start = _start(valid_from, [one.rule for one in kept])
    _reject({**_unfit(new), "valid_from": start, "reason": unexplained})
    for one in _held(work, by, new.name, kept):
        if one.rule.in_force(new.valid_from):
            term_rules.end(work, one.id, new.valid_from - _DAY)
    term_rules.add(work, new, by=by.id if by else None)
    why = f" Powód: {reason.strip()}" if reason.strip() else ""
    told = f"Zasada terminu „{new.name}” od {words.day(new.valid_from)}: {new.rule} ({new.source}).{why}"
    _note(work, by, told)
    return new


def withdraw(work: Work, by: Person | None, name: str) -> None:
    """End a rule with this day; terms of earlier events are still counted by it.

    Raises:
        NotAllowed
        NotFound: there is no such rule.
        Conflict: it has ended already, or a diagram in use names it.
    """
    _administrator(by)
    today = clock.today(work.now)
    kept = _rows(work, name)
    if not kept:
        raise NotFound("Nie ma takiej zasady terminu.")
    title = kept[0].rule.name
    if all(_over(one.rule, today) for one in kept):
        raise Conflict(f"Zasada „{title}” już nie obowiązuje.")
    if needed := needing(work, title):
        processes = words.listed([f"„{one}”" for one in needed])
        raise Conflict(f"Zasady „{title}” używa: {processes}. Najpierw opublikuj tam wersję z innym terminem.")
    for one in _held(work, by, title, kept):
        if not _over(one.rule, today):
            last = today if one.rule.valid_from <= today else one.rule.valid_from - _DAY  # so it never begins
            term_rules.end(work, one.id, last, withdrawn=True)
    _note(work, by, f"Wycofano zasadę terminu „{title}”; ostatni dzień: {words.day(today)}.")


def needing(work: Work, name: str) -> tuple[str, ...]:
    """The names of the processes that are published or still run and name this rule."""
    wanted = folded(name)
    found = set()
    for one in definitions.in_use(work):
        tasks = circumstances.diagram(work, one.id).tasks.values()
        if any(folded(details.term) == wanted for details in tasks):
            found.add(one.name)
    return tuple(sorted(found))


def add_free_day(work: Work, by: Person | None, *, day: date | None, name: str) -> None:
    """Enter a day on which the centre does not work by order of its head.

    Raises:
        NotAllowed, InputRejected
    """
    _administrator(by)
    why = _long(name.strip(), LONGEST_NAME, "Podaj powód, na przykład „za 15 sierpnia”.")
    _reject({"day": _free_day(work, day), "day_name": why})
    if day is not None:
        term_rules.add_free_day(work, day, name.strip())
        _note(work, by, f"Dzień wolny ośrodka: {words.day(day)} ({name.strip()}).")


def drop_free_day(work: Work, by: Person | None, day: date | None) -> None:
    """Take a free day of the centre out again.

    Raises:
        NotAllowed
        NotFound: it is none.
    """
    _administrator(by)
    if day is None or not term_rules.drop_free_day(work, day):
        raise NotFound("Tego dnia nie ma na liście dni wolnych.")
    _note(work, by, f"Dzień {words.day(day)} nie jest już dniem wolnym ośrodka.")


def set_hours(work: Work, by: Person | None, *, opens: str, closes: str) -> None:
    """Say when the centre works; delays are measured in these hours.

    Args:
        opens, closes: such as "7:30".

    Raises:
        NotAllowed, InputRejected
    """
    _administrator(by)
    start, end = _hour(opens), _hour(closes)
    late = start is not None and end is not None and end <= start
    example = "Podaj godzinę, na przykład 7:30."
    wrong = "Koniec pracy musi być później niż początek." if late else ""
    _reject({"opens": example if start is None else "", "closes": example if end is None else wrong})
    if start is not None and end is not None:
        term_rules.set_hours(work, start, end)
        _note(work, by, f"Godziny pracy ośrodka: {start:%H:%M}–{end:%H:%M}.")


def _rows(work: Work, name: str) -> list[Kept]:
    """The rows of a name; those that come with Bieg have the id 0 until the centre keeps them itself."""
    own = [one for one in term_rules.all_rows(work) if folded(one.rule.name) == folded(name)]
    given = BUILT_IN.history(name)
    return own or [Kept(id=0, rule=one, made_at=work.now, by="", withdrawn_at=None) for one in given]


def _held(work: Work, by: Person | None, name: str, kept: list[Kept]) -> list[Kept]:
    """The rows as they stand in the table, so that they can be ended."""
    if all(one.id for one in kept):
        return kept
    for one in kept:
        term_rules.add(work, one.rule, by=by.id if by else None)
    return _rows(work, name)


def _unfit(rule: Rule) -> dict[str, str]:
    """What is wrong with a rule, by field."""
    return {
        "name": _long(rule.name, LONGEST_NAME, "Podaj nazwę zasady."),
        "rule": grammar.problem(rule.rule) or "",
        "source": _long(rule.source, LONGEST_SOURCE, "Podaj przepis."),
        "reminder": _reminder(rule.reminder),
        "text": "" if len(rule.text) <= LONGEST_TEXT else f"Skróć do {LONGEST_TEXT} znaków.",
    }


def _over(rule: Rule, today: date) -> bool:
    return rule.valid_to is not None and rule.valid_to <= today


def _start(valid_from: date | None, rows: Iterable[Rule]) -> str:
    if valid_from is None:
        return "Podaj dzień, od którego zasada obowiązuje."
    if not calendar.FIRST_YEAR <= valid_from.year <= calendar.LAST_YEAR:
        return f"Podaj dzień z lat {calendar.FIRST_YEAR}–{calendar.LAST_YEAR}."
    live = [one for one in rows if one.valid_to is None or one.valid_to >= one.valid_from]
    later = [one.valid_from for one in live if one.valid_from >= valid_from]
    if later:
        return f"Zasada o tej nazwie ma już wersję od {words.day(max(later))}. Podaj późniejszy dzień."
    return ""


def _reminder(text: str) -> str:
    if not text.strip():
        return ""
    try:
        plan = grammar.read(text)
    except TermRefused:
        plan = None
    plain = isinstance(plan, grammar.Span) and not plan.last_of and not plan.after
    return "" if plain else "Wpisz na przykład: 3 dni robocze, 14 dni, 2 miesiące."


def _free_day(work: Work, day: date | None) -> str:
    if day is None:
        return "Podaj dzień."
    if not calendar.FIRST_YEAR <= day.year <= calendar.LAST_YEAR:
        return f"Podaj dzień z lat {calendar.FIRST_YEAR}–{calendar.LAST_YEAR}."
    if why := calendar.why_free(day):
        return f"Ten dzień jest wolny i bez tego ({why})."
    return "Ten dzień jest już na liście." if day in term_rules.free_days(work) else ""


def _hour(text: str) -> time | None:
    head, _, tail = text.strip().replace(".", ":").partition(":")
    try:
        return time(int(head), int(tail or "0"))
    except ValueError:
        return None


def _long(text: str, most: int, missing: str) -> str:
    if not text:
        return missing
    return "" if len(text) <= most else f"Skróć do {most} znaków."


def _administrator(by: Person | None) -> None:
    if by is not None and not may(by, Right.PEOPLE):
        raise NotAllowed("Zasady terminów i dni wolne prowadzi administrator.")


def _reject(messages: dict[str, str]) -> None:
    errors = tuple(AnswerError(field=name, message=text) for name, text in messages.items() if text)
    if errors:
        raise InputRejected(errors)


def _note(work: Work, by: Person | None, text: str) -> None:
    journal.write(work, instance=None, by=by.id if by else None, deed="terms", text=text)
