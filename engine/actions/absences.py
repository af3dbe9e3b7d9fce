"""Deeds on absences: enter, change, cancel, and what happens when one begins or ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from engine import clock
from engine.actions import absence_checks as checks
from engine.actions import deputies, telling
from engine.errors import Conflict, NotFound
from engine.forms import polish
from engine.model import Deadline, DeadlineKind, Json, Person, PersonId
from engine.store import absences, deadlines, journal, people
from engine.store.absences import Absence
from engine.store.database import Work

FIVE_PAST_MIDNIGHT = time(0, 5)
WORDS = {"done": "wykonane", "back": "zwrócone", "left": "pozostałe"}
OVER = "Ta nieobecność już się skończyła albo została odwołana."


def enter(
    work: Work,
    by: Person,
    person: PersonId,
    deputy: PersonId | None,
    starts_on: date | None,
    ends_on: date | None,
    *,
    role: str = "",
    definition_key: str = "",
    authorisation: str = "",
    note: str = "",
) -> int:
    """Enter an absence with its deputy; one that starts today or has started begins at once.

    Args:
        ends_on: the last day.
        role, definition_key: to which it is limited, "" for all.
        authorisation: number of the wójt's authorisation for the deputy of the kierownik.

    Returns:
        Its id.

    Raises:
        NotAllowed: unless it is one's own or `by` is kierownik or administrator.
        NotFound: there is no such person or deputy.
        InputRejected: when days or deputy do not fit.
    """
    absences.alone(work)
    absent = people.get(work, person)
    checks.ask(by, absent)
    first, last = checks.days(work, starts_on, ends_on)
    if deputy is None:
        checks.reject({"deputy": "Wskaż osobę, która zastępuje."})
    stands_in = people.get(work, deputy or person)
    long = len(note.strip()) > checks.LONGEST_NOTE
    checks.reject(
        {
            "role": "" if role in {"", *absent.own_roles} else "Ta osoba nie ma takiej roli. Wybierz inną.",
            "definition_key": checks.process(work, definition_key),
            "note": f"Skróć uwagi do {checks.LONGEST_NOTE} znaków." if long else "",
            "starts_on": checks.overlap(work, absent, first, last, role=role, definition_key=definition_key),
            "deputy": checks.unfit(work, absent, stands_in, first, last, role=role),
        }
    )
    id = absences.add(
        work,
        person=person,
        deputy=stands_in.id,
        starts_on=first,
        ends_on=last,
        role=role,
        definition_key=definition_key,
        authorisation=authorisation.strip(),
        note=note.strip(),
        by=by.id,
    )
    days = f"{polish.day(first)} – {polish.day(last)}"
    _note(work, by, f"Wpisano nieobecność: {absent.name}, {days}. Zastępuje: {stands_in.name}.")
    _wait(work, id, "end", last + timedelta(days=1))
    if first <= clock.today(work.now):
        _begin(work, absences.get(work, id))
    else:
        _wait(work, id, "begin", first)
    return id


def change_end(work: Work, by: Person, id: int, ends_on: date | None) -> Absence:
    """Give an absence another last day; a day before today means that the person is back.

    Raises:
        NotFound, NotAllowed: as `enter`.
        Conflict: when it is over.
        InputRejected: when the day does not fit.
    """
    found = _open(work, by, id)
    if found.running and ends_on is not None and found.starts_on <= ends_on < clock.today(work.now):
        return come_back(work, by, id)
    _, last = checks.days(work, found.starts_on, ends_on)
    absent, deputy = people.get(work, found.person), people.get(work, found.deputy)
    role, key = found.role, found.definition_key
    clash = checks.overlap(work, absent, found.starts_on, last, role=role, definition_key=key, but=id)
    checks.reject({"ends_on": clash or checks.unfit(work, absent, deputy, found.starts_on, last, role=role, but=id)})
    absences.set_end(work, id, last)
    _wait(work, id, "end", last + timedelta(days=1))
    _note(work, by, f"Zmieniono koniec nieobecności: {found.person_name}, do {polish.day(last)}.")
    return absences.get(work, id)


def come_back(work: Work, by: Person, id: int) -> Absence:
    """End an absence now, because the person is back before its last day.

    Raises:
        NotFound, NotAllowed: as `enter`.
        Conflict: when it does not run.
    """
    found = _open(work, by, id)
    if not found.running:
        raise Conflict("Ta nieobecność jeszcze się nie zaczęła. Możesz ją odwołać.")
    _note(work, by, f"Powrót przed czasem: {found.person_name}.")
    _end(work, found)
    return absences.get(work, id)


def cancel(work: Work, by: Person, id: int) -> Absence:
    """Call an absence off that has not begun.

    Raises:
        NotFound, NotAllowed: as `enter`.
        Conflict: when it runs or is over.
    """
    found = _open(work, by, id)
    if not found.planned:
        raise Conflict("Ta nieobecność już trwa. Zakończ ją wcześniej zamiast odwoływać.")
    absences.cancel(work, id)
    _forget(work, id)
    _note(work, by, f"Odwołano nieobecność: {found.person_name}, od {polish.day(found.starts_on)}.")
    return absences.get(work, id)


def replace_deputy(work: Work, by: Person, id: int, deputy: PersonId) -> Absence:
    """Let somebody else stand in; of an absence that runs the open tasks move along.

    Raises:
        NotFound, NotAllowed: as `enter`.
        Conflict: when it is over.
        InputRejected: when the new deputy does not fit.
    """
    found = _open(work, by, id)
    other = people.get(work, deputy)
    checks.reject({"deputy": checks.unfit_now(work, found, other)})
    absences.set_deputy(work, id, deputy)
    _note(work, by, f"Zmieniono zastępstwo: {found.person_name}. Zastępuje: {other.name}.")
    changed = absences.get(work, id)
    if found.running:
        deputies.settle(work)
        deputies.pass_on(work, found, changed)
        telling.absence_begins(work, id, deputy=deputy, until=found.ends_on)
    return changed


def fire(work: Work, deadline: Deadline) -> None:
    """Begin or end the absence that a deadline is about; one that has begun, ended or gone is left alone."""
    absences.alone(work)
    _, id, what = deadline.key.split(":")
    try:
        found = absences.get(work, int(id))
    except NotFound:
        return
    today = clock.today(work.now)
    if what == "begin" and found.planned and found.starts_on <= today:
        _begin(work, found)
    elif what == "end" and found.running and found.ends_on < today:
        _end(work, found)


def _begin(work: Work, found: Absence) -> None:
    absences.begin(work, found.id)
    deadlines.drop_kind(work, kind=DeadlineKind.ABSENCE, key=_key(found.id, "begin"))
    if found.ends_on < clock.today(work.now):
        _end(work, absences.get(work, found.id))  # an outage lasted longer than the whole absence
        return
    deputies.settle(work)
    moved = deputies.take_over(work, found)
    _note(work, None, f"Początek zastępstwa: {found.deputy_name} za: {found.person_name}. Zadania: {moved}.")
    telling.absence_begins(work, found.id, deputy=found.deputy, until=found.ends_on)


def _end(work: Work, found: Absence) -> None:
    absences.end(work, found.id)
    _forget(work, found.id)
    deputies.settle(work)
    report = deputies.hand_back(work, found)
    absences.keep_report(work, found.id, report)
    _note(work, None, f"Koniec zastępstwa: {found.deputy_name} za: {found.person_name}. Zadania: {_counts(report)}.")
    telling.absence_ends(work, found.id, person=found.person, deputy=found.deputy)


def _counts(report: dict[str, list[Json]]) -> str:
    return ", ".join(f"{word} {len(report[name])}" for name, word in WORDS.items())


def _open(work: Work, by: Person, id: int) -> Absence:
    """An absence that is planned or runs, when `by` may change it."""
    absences.alone(work)
    found = absences.get(work, id)
    checks.ask(by, people.get(work, found.person))
    if not (found.planned or found.running):
        raise Conflict(OVER)
    return found


def _wait(work: Work, id: int, what: str, day: date) -> None:
    moment = datetime.combine(day, FIVE_PAST_MIDNIGHT, clock.WARSAW).astimezone(UTC)
    deadlines.put(work, kind=DeadlineKind.ABSENCE, key=_key(id, what), due_at=moment, name="Zastępstwo")


def _forget(work: Work, id: int) -> None:
    for what in ("begin", "end"):
        deadlines.drop_kind(work, kind=DeadlineKind.ABSENCE, key=_key(id, what))


def _key(id: int, what: str) -> str:
    return f"absence:{id}:{what}"


def _note(work: Work, by: Person | None, text: str) -> None:
    journal.write(work, instance=None, by=by.id if by else None, deed="absence", text=text)
