"""Rules of terms are replaced from a day on and never rewritten; diagrams may name what is in force."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from actions_cast import END, START, Centre, diagram, user, ways

from engine import circumstances, clock, terms
from engine.actions import definitions, term_rules
from engine.errors import Conflict, InputRejected, NotAllowed, NotFound
from engine.reading import term_rules as looks
from engine.store import journal
from engine.store.database import Work
from engine.terms import Rules

TODAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MONTH = "KPA: 1 miesiąc"


@pytest.fixture(autouse=True)
def monday() -> object:
    """A working day on which everything happens."""
    with clock.standing(TODAY):
        yield


def enter(
    centre: Centre, name: str = "Odpowiedź", rule: str = "5 dni roboczych", by: str = "adam", **said: object
) -> None:
    given = {"statutory": False, "valid_from": date(2026, 12, 1), **said}
    with centre.work() as work:
        term_rules.enter(work, centre.person(by), name=name, rule=rule, **given)  # type: ignore[arg-type]


def rules(centre: Centre) -> Rules:
    with centre.database.look() as work:
        return circumstances.terms(work)


def rejected(centre: Centre, **said: object) -> dict[str, str]:
    with pytest.raises(InputRejected) as refused:
        enter(centre, **said)  # type: ignore[arg-type]
    return {one.field: one.message for one in refused.value.errors}


def named(term: str) -> bytes:
    body = START + user("krok", f'form="notatka" term="{term}"') + END + ways("start krok koniec")
    return diagram("nazwany", body)


def found(work: Work, term: str) -> list[str]:
    return [one.message for one in definitions.check(work, named(term)) if one.severity == "error"]


def test_an_untouched_centre_has_the_rules_that_come_with_bieg(centre: Centre) -> None:
    assert rules(centre) is terms.BUILT_IN


def test_a_new_rule_counts_from_its_first_day_on(centre: Centre) -> None:
    enter(centre)

    due = terms.due("Odpowiedź", datetime(2026, 12, 1, 9, tzinfo=UTC), rules=rules(centre))
    assert clock.local(due.moment).date() == date(2026, 12, 8)
    with pytest.raises(terms.TermUnknown):
        terms.due("Odpowiedź", TODAY, rules=rules(centre))


def test_a_rule_that_came_with_bieg_is_replaced_and_its_past_stays(centre: Centre) -> None:
    enter(centre, name="kpa: 1 MIESIĄC", rule="30 dni", statutory=True, source="art. 35 KPA po zmianie")

    kept = rules(centre).history(MONTH)
    assert [(one.rule, one.valid_to, one.valid_from) for one in kept] == [
        ("1 miesiąc", date(2026, 11, 30), date(1991, 1, 1)),
        ("30 dni", None, date(2026, 12, 1)),
    ]
    assert {one.name for one in kept} == {MONTH}
    assert terms.due(MONTH, TODAY, rules=rules(centre)).inputs["rule"] == "1 miesiąc"
    assert terms.due(MONTH, datetime(2026, 12, 1, 9, tzinfo=UTC), rules=rules(centre)).inputs["rule"] == "30 dni"


def test_a_second_row_for_the_same_days_is_refused(centre: Centre) -> None:
    enter(centre)

    assert "ma już wersję od 1 grudnia 2026" in rejected(centre, valid_from=date(2026, 12, 1))["valid_from"]
    assert "ma już wersję od 1 grudnia 2026" in rejected(centre, valid_from=date(2026, 11, 24))["valid_from"]


def test_a_day_in_the_past_asks_for_a_reason_and_the_journal_keeps_it(centre: Centre) -> None:
    assert rejected(centre, valid_from=date(2026, 11, 2)) == {
        "reason": "Początek jest w przeszłości. Napisz, dlaczego."
    }

    enter(centre, valid_from=date(2026, 11, 2), reason="Zarządzenie 7/2026 wpisane po urlopie.")

    with centre.database.look() as work:
        entry = journal.recent(work, 1)[0]
    assert "Zarządzenie 7/2026" in entry.text
    assert entry.by == "Adam"


def test_what_does_not_fit_is_named_at_its_field(centre: Centre) -> None:
    said = rejected(centre, name=" ", rule="14 dni temu", statutory=True, reminder="jutro", valid_from=None)

    assert set(said) == {"name", "rule", "source", "reminder", "valid_from"}
    assert "Nieznana zasada terminu" in said["rule"]


@pytest.mark.parametrize("by", ["krystyna", "anna", "wojciech"])
def test_only_the_administrator_keeps_rules(centre: Centre, by: str) -> None:
    with pytest.raises(NotAllowed):
        enter(centre, by=by)
    with pytest.raises(NotAllowed), centre.work() as work:
        term_rules.withdraw(work, centre.person(by), MONTH)
    with pytest.raises(NotAllowed), centre.work() as work:
        term_rules.add_free_day(work, centre.person(by), day=date(2026, 12, 31), name="wolne")


def test_a_rule_that_is_withdrawn_still_counts_what_began_before(centre: Centre) -> None:
    with centre.work() as work:
        term_rules.withdraw(work, centre.person("adam"), MONTH)

    assert terms.due(MONTH, TODAY, rules=rules(centre)).inputs["name"] == MONTH
    with pytest.raises(terms.TermUnknown):
        terms.due(MONTH, datetime(2026, 11, 24, 9, tzinfo=UTC), rules=rules(centre))
    with pytest.raises(Conflict, match="już nie obowiązuje"), centre.work() as work:
        term_rules.withdraw(work, centre.person("adam"), MONTH)


def test_a_row_that_has_not_begun_never_begins_when_it_is_withdrawn(centre: Centre) -> None:
    enter(centre)

    with centre.work() as work:
        term_rules.withdraw(work, centre.person("adam"), "Odpowiedź")
    enter(centre, rule="7 dni")

    due = terms.due("Odpowiedź", datetime(2026, 12, 1, 9, tzinfo=UTC), rules=rules(centre))
    assert due.inputs["rule"] == "7 dni"


def test_a_rule_that_a_diagram_names_cannot_be_withdrawn(centre: Centre) -> None:
    with centre.work() as work:
        definitions.publish(work, None, named(MONTH))

    with pytest.raises(Conflict, match="„Proces nazwany”"), centre.work() as work:
        term_rules.withdraw(work, centre.person("adam"), MONTH)


def test_a_version_on_which_cases_still_run_needs_its_rule_too(centre: Centre) -> None:
    with centre.work() as work:
        definitions.publish(work, None, named(MONTH))
    centre.start("nazwany")
    with centre.work() as work:
        definitions.publish(work, None, named("14 dni"))

    with pytest.raises(Conflict, match="„Proces nazwany”"), centre.work() as work:
        term_rules.withdraw(work, centre.person("adam"), MONTH)


def test_a_rule_that_nobody_knows_cannot_be_withdrawn(centre: Centre) -> None:
    with pytest.raises(NotFound), centre.work() as work:
        term_rules.withdraw(work, centre.person("adam"), "Nie ma")


def test_the_gate_knows_the_names_that_are_in_force(centre: Centre) -> None:
    enter(centre, valid_from=date(2026, 11, 23))
    enter(centre, name="Przyszła", valid_from=date(2027, 1, 1))

    with centre.database.look() as work:
        assert found(work, "Odpowiedź") == []
        assert found(work, MONTH) == []
        assert found(work, "3 tygodnie") == []
        told = found(work, "Odpowiedz szybko")
        later = found(work, "Przyszła")

    assert "Nieznana zasada terminu „Odpowiedz szybko”" in told[0]
    assert "Wpisz na przykład: 14 dni" in told[0]
    assert told[1].startswith("Zasady z nazwą: Odpowiedź; ")
    assert later


def test_a_task_gets_its_term_by_name(centre: Centre) -> None:
    with centre.work() as work:
        definitions.publish(work, None, named(MONTH))

    task = centre.task(centre.start("nazwany").id)

    assert task.due_at is not None
    assert clock.local(task.due_at).date() == date(2026, 12, 23)


def test_free_days_come_and_go_and_are_seen_at_once(centre: Centre) -> None:
    day = date(2026, 12, 31)
    with centre.work() as work:
        term_rules.add_free_day(work, centre.person("adam"), day=day, name="za 15 sierpnia")
    first = rules(centre)

    with centre.work() as work:
        term_rules.drop_free_day(work, centre.person("adam"), day)

    assert first.free_days == {day: "za 15 sierpnia"}
    assert rules(centre).free_days == {}


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (None, "Podaj dzień."),
        (date(2026, 12, 24), "(Wigilia)"),
        (date(2026, 12, 5), "(sobota)"),
        (date(2026, 12, 30), "już na liście"),
        (date(1950, 1, 2), "z lat 1991–2200"),
    ],
)
def test_a_free_day_that_cannot_be_is_refused(centre: Centre, day: date | None, told: str) -> None:
    with centre.work() as work:
        term_rules.add_free_day(work, centre.person("adam"), day=date(2026, 12, 30), name="wolne")

    with pytest.raises(InputRejected) as refused, centre.work() as work:
        term_rules.add_free_day(work, centre.person("adam"), day=day, name="wolne")

    assert told in refused.value.errors[0].message


def test_hours_of_the_centre_are_kept(centre: Centre) -> None:
    with centre.work() as work:
        term_rules.set_hours(work, centre.person("adam"), opens="8.00", closes="16:00")

    assert f"{rules(centre).opens:%H:%M}–{rules(centre).closes:%H:%M}" == "08:00–16:00"


@pytest.mark.parametrize(
    ("opens", "closes", "field"), [("rano", "16", "opens"), ("8", "8", "closes"), ("8", "25", "closes")]
)
def test_hours_that_cannot_be_are_refused(centre: Centre, opens: str, closes: str, field: str) -> None:
    with pytest.raises(InputRejected) as refused, centre.work() as work:
        term_rules.set_hours(work, centre.person("adam"), opens=opens, closes=closes)

    assert [one.field for one in refused.value.errors] == [field]


def test_rules_of_a_deed_that_was_taken_back_are_forgotten(centre: Centre) -> None:
    enter(centre)

    def broken(work: Work) -> None:
        term_rules.add_free_day(work, None, day=date(2026, 12, 31), name="wolne")
        assert circumstances.terms(work).free_days
        raise RuntimeError

    with pytest.raises(RuntimeError):
        centre.database.run(broken)

    assert rules(centre).free_days == {}


def test_rules_are_read_once_until_they_change(centre: Centre) -> None:
    enter(centre)

    first = rules(centre)

    assert rules(centre) is first


def test_the_list_shows_what_holds_now_and_what_held(centre: Centre) -> None:
    enter(centre, name=MONTH, rule="30 dni", statutory=True, source="zmiana")

    with centre.database.look() as work:
        page = looks.rules_page(work)

    one = next(row for row in page.rules if row.name == MONTH)
    assert one.now is not None
    assert one.now.rule.rule == "1 miesiąc"
    assert [(row.rule.rule, row.by) for row in one.coming] == [("30 dni", "Adam")]
    assert len(page.rules) == len(terms.BUILT_IN.names())
