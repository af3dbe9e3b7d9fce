"""Deeds on the repeated duties of the centre: plan them ahead, begin them, change them, say that one is not needed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time

from engine import access, clock
from engine.access import Right, may
from engine.actions import posting, starts, telling
from engine.actions.duty_subjects import Subject, Subjects, case_of
from engine.actions.shipped_duties import DUTIES
from engine.errors import AnswerError, Conflict, InputRejected, NotAllowed, NotFound
from engine.model import Deadline, DeadlineKind, InstanceId, Person
from engine.store import deadlines, duties, journal
from engine.store.database import Work
from engine.store.duties import Duty, DutyId, DutyKind, DutyOccurrence, NewOccurrence, OccurrenceId, OccurrenceState
from engine.terms import rounds
from engine.terms.words import day as in_words

BEGINS_AT = time(6, 0)  # when what begins on a day begins
KEY = "duty:{}"
SWITCHED_OFF = "Obowiązek jest wyłączony."
ENDED = "Sprawa nie prowadzi już tej usługi albo upoważnienie cofnięto lub odnowiono."
OTHER_RULE = "Zmieniła się zasada, według której obowiązek wypada."
LONGEST_REASON = 500


def ensure(work: Work) -> None:
    """Enter the duties that come with Bieg and are not there yet; what the centre changed stays changed."""
    known = {one.key for one in duties.all_duties(work)}
    duties.add(work, [one for one in DUTIES if one["key"] not in known])


def plan(work: Work, deadline: Deadline | None = None) -> None:  # noqa: ARG001 - every handler is given its deadline
    """Look 13 months ahead: enter what is missing, take out what has ended or moved. The clock does so every day."""
    ensure(work)
    replan(work)


def replan(work: Work, kinds: Collection[DutyKind] = tuple(DutyKind)) -> None:
    """Plan the duties of these kinds now, as far as the centre has any."""
    subjects = Subjects(work)
    for duty in duties.all_duties(work):
        if duty.kind in kinds:
            _replan(work, duty, subjects)


def register_changed(work: Work) -> None:
    """Plan anew what goes by the register of authorisations, because it has just changed."""
    replan(work, (DutyKind.AUTHORISATION,))


def fire(work: Work, deadline: Deadline) -> None:
    """Begin an occurrence: its case starts in the same transaction, once.

    Where the diagram of a running case makes the task itself, the owners are told and nothing else is started.

    Raises:
        EngineError: when the process of the duty cannot start.
    """
    occurrence = duties.hold(work, OccurrenceId(int(deadline.key.removeprefix(KEY.format("")))))
    if occurrence is None or occurrence.state is not OccurrenceState.PLANNED:
        return
    duty = duties.get(work, occurrence.duty)
    subject = _subject(work, duty, occurrence)
    if subject is None or subject.suppressed:
        duties.move(work, [_settled(occurrence, subject)])
        return
    case = _begin(work, duty, subject) if duty.definition_key else case_of(occurrence.subject)
    if not duties.begin(work, occurrence.id, case):
        raise Conflict("Ten obowiązek został już rozpoczęty.")
    telling.duty(
        work, int(occurrence.id), name=occurrence.name, role=duty.role, due_on=occurrence.due_on, instance=case
    )


def change(work: Work, by: Person, id: DutyId, *, role: str, rule: str, ahead: str, active: bool, reason: str) -> None:
    """Change owner, rule or time ahead of a duty, or switch it on or off; what lies ahead is planned anew at once.

    Raises:
        NotAllowed, NotFound
        InputRejected: when the words are no rule, or the reason is missing.
    """
    _refuse_others(by)
    duty = duties.get(work, id)
    rule = rule if duty.kind is DutyKind.ROUND else duty.rule
    ahead = duty.ahead if duty.kind is DutyKind.MONTHLY else ahead
    _reject(
        role="" if role in access.ROLES else "Wybierz rolę właściciela.",
        rule=rounds.check(rule) if duty.kind is DutyKind.ROUND else "",
        ahead="" if duty.kind is DutyKind.MONTHLY else rounds.check_ahead(ahead),
        reason=_reason(reason),
    )
    duties.change(work, id, role=role, rule=rule.strip(), ahead=ahead.strip(), active=active)
    changed = duties.get(work, id)
    _replan(work, changed, Subjects(work))
    _note(
        work, by, changed, f"Zmieniono obowiązek „{duty.name}”: {_differences(duty, changed)}. Powód: {reason.strip()}"
    )


def skip(work: Work, by: Person, id: OccurrenceId, reason: str) -> None:
    """Say that a planned occurrence is not needed this time; it stays visible with the reason.

    Raises:
        NotAllowed, NotFound
        Conflict: when it is not planned any more.
        InputRejected: when the reason is missing.
    """
    _refuse_others(by)
    found = duties.hold(work, id)
    if found is None:
        raise NotFound("Nie ma takiego terminu obowiązku.")
    if found.state is not OccurrenceState.PLANNED:
        raise Conflict("Tego terminu nie można już pominąć. Odśwież stronę, aby zobaczyć, co się z nim stało.")
    _reject(reason=_reason(reason))
    said = f"{reason.strip()} ({by.name})"
    _settle(work, [replace(found, state=OccurrenceState.SKIPPED, reason=said)])
    _note(work, by, duties.get(work, found.duty), f"Pominięto: {found.name}. Powód: {reason.strip()}")


def _replan(work: Work, duty: Duty, subjects: Subjects) -> None:
    known = {(one.subject, one.due_on): one for one in duties.open_occurrences(work, duty.id, subjects.today)}
    first = min([subjects.today, *(one.due_on for one in known.values())])
    found = subjects.of(duty, first) if duty.active else ()
    wanted = {(one.key, one.due_on): one for one in found}
    missing = [one for spot, one in wanted.items() if spot not in known and one.due_on >= subjects.today]
    _set_deadlines(work, duties.add_occurrences(work, duty.id, [_new(duty, one) for one in missing]))
    moved = {one.key: one.due_on for one in wanted.values() if one.key}
    for spot, one in known.items():
        now = _changed(duty, one, wanted.get(spot), moved.get(one.subject))
        if now != one:
            _settle(work, [now])


def _changed(duty: Duty, known: DutyOccurrence, subject: Subject | None, moved: date | None) -> DutyOccurrence:
    """The occurrence as it should be now; what has begun or a person has skipped stays as it is."""
    if known.state in (OccurrenceState.BEGUN, OccurrenceState.SKIPPED):
        return known
    if subject is None:
        if known.state is OccurrenceState.GONE:
            return known
        return replace(known, state=OccurrenceState.GONE, reason=_why_gone(duty, moved))
    fresh = _new(duty, subject)
    return replace(known, state=fresh.state, reason=fresh.reason, begins_on=fresh.begins_on)


def _why_gone(duty: Duty, moved: date | None) -> str:
    if not duty.active:
        return SWITCHED_OFF
    if moved is not None:
        return f"Termin przeniesiono na {in_words(moved)}."
    return OTHER_RULE if duty.kind is DutyKind.ROUND else ENDED


def _new(duty: Duty, subject: Subject) -> NewOccurrence:
    return NewOccurrence(
        subject=subject.key,
        due_on=subject.due_on,
        begins_on=rounds.before(subject.due_on, duty.ahead),
        name=subject.name,
        state=OccurrenceState.SUPPRESSED if subject.suppressed else OccurrenceState.PLANNED,
        reason=subject.suppressed,
    )


def _settle(work: Work, moved: Iterable[DutyOccurrence]) -> None:
    """Keep what became of occurrences, and their deadlines with them."""
    for one in moved:
        duties.move(work, [one])
        deadlines.drop_kind(work, kind=DeadlineKind.DUTY, key=KEY.format(one.id))
        _set_deadlines(work, [one])


def _set_deadlines(work: Work, planned: Iterable[DutyOccurrence]) -> None:
    for one in planned:
        if one.state is OccurrenceState.PLANNED:
            due_at = datetime.combine(one.begins_on, BEGINS_AT, clock.WARSAW).astimezone(UTC)
            deadlines.put(work, kind=DeadlineKind.DUTY, key=KEY.format(one.id), due_at=due_at, name=one.name)


def _subject(work: Work, duty: Duty, occurrence: DutyOccurrence) -> Subject | None:
    """The subject of an occurrence as it is now, None when it ended or moved since the last plan."""
    if not duty.active:
        return None
    found = Subjects(work, only=occurrence.subject).of(duty, min(occurrence.due_on, clock.today(work.now)))
    return next((one for one in found if (one.key, one.due_on) == (occurrence.subject, occurrence.due_on)), None)


def _settled(occurrence: DutyOccurrence, subject: Subject | None) -> DutyOccurrence:
    if subject is None:
        return replace(occurrence, state=OccurrenceState.GONE, reason=ENDED)
    return replace(occurrence, state=OccurrenceState.SUPPRESSED, reason=subject.suppressed)


def _begin(work: Work, duty: Duty, subject: Subject) -> InstanceId:
    definition = starts.usable(work, duty.definition_key, None)
    title = f"{subject.name}, termin {in_words(subject.due_on)}"
    made, sent = starts.begin(work, None, definition, subject.variables, title)
    text = f"Sprawę rozpoczął obowiązek „{duty.name}”. Termin: {in_words(subject.due_on)}."
    journal.write(work, instance=made, by=None, deed="duty", element=duty.key, text=text)
    posting.hand_on(work, made, sent)
    return made


def _differences(old: Duty, new: Duty) -> str:
    told = [
        f"właściciel {new.role}" if new.role != old.role else "",
        f"zasada „{new.rule}”" if new.rule != old.rule else "",
        f"wyprzedzenie {new.ahead}" if new.ahead != old.ahead else "",
        ("włączony" if new.active else "wyłączony") if new.active != old.active else "",
    ]
    return ", ".join(one for one in told if one) or "bez zmian"


def _refuse_others(by: Person) -> None:
    if not may(by, Right.PUBLISH):
        raise NotAllowed("Obowiązki ustala kierownik ośrodka albo administrator.")


def _reason(reason: str) -> str:
    if not reason.strip():
        return "Napisz, dlaczego."
    return "" if len(reason.strip()) <= LONGEST_REASON else f"Skróć powód do {LONGEST_REASON} znaków."


def _reject(**messages: str) -> None:
    errors = tuple(AnswerError(field=name, message=text) for name, text in messages.items() if text)
    if errors:
        raise InputRejected(errors)


def _note(work: Work, by: Person, duty: Duty, text: str) -> None:
    journal.write(work, instance=None, by=by.id, deed="duty", element=duty.key, text=text)
