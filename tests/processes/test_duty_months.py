"""The months that the calendar of duties foresees are those that the diagrams of supervision really open."""

from datetime import date, timedelta

import pytest

from engine import clock
from engine.actions import duties
from engine.actions.shipped_duties import DUTIES, NADZOR, REPORT
from engine.bpmn import reader
from engine.reading import duties as looks
from engine.reading.duties import Stand
from engine.shipped import PROCESSES
from engine.store.deadlines import of_instance

FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)
CONTRACT = ("2027-01-01", "2027-03-15")  # the last month ends before its last day
WHOLE_MONTHS = ("2027-01-01", "2027-03-31")
MONTHLY = ("sprawozdanie_miesieczne", "analiza_sprawozdania")


def ahead(case, key):
    """What is foreseen of one duty, as (opens, due, state), when every task is done on its last day."""
    with case.acting() as work:
        duties.ensure(work)
        found = [one for one in looks.ahead(work, FIRST, LAST) if one.duty == key]
    return [(one.begins_on, one.due_on, one.state) for one in found]


def at_the_last_minute(case):
    """Do what is open on the last day of its term; when nothing is, wait for the next month."""
    opened = case.open()
    if opened:
        first = min(opened, key=lambda one: one.due_at)
        case.now = max(case.now, first.due_at - timedelta(minutes=5))
        case.complete(first)
        return
    with case.looking() as work:
        due = min(one.due_at for one in of_instance(work, case.instance))
    case.now = max(case.now, due)
    case.wait()


def opened_and_due(case, element):
    """When each month really opened, and when the task at `element` was really due."""
    done = case.done()
    opened = [clock.today(one.opened_at) for one in done if one.element == "zadanie_wiedza"]
    return opened, [clock.today(one.due_at) for one in done if one.element == element]


@pytest.fixture
def supervised(centre):
    """A service whose supervision is planned; nothing of it has begun."""

    def begin(form, contract=CONTRACT):
        case = centre.start(form=form, contract=contract)
        case.do("zadanie_plan", ocena_co_miesiecy=1, kontrola_co_miesiecy=1)
        case.pause = timedelta(0)
        return case

    return begin


@pytest.mark.parametrize(("key", "element"), zip(MONTHLY, ("zadanie_sprawozdanie", "zadanie_analiza"), strict=True))
def test_three_months_come_as_they_were_foreseen(supervised, key, element):
    case = supervised("UDPP", WHOLE_MONTHS)
    foreseen = ahead(case, key)

    while not case.open() or case.open()[0].process.startswith("nadzor"):
        at_the_last_minute(case)

    opened, ends = opened_and_due(case, element)
    assert [one[:2] for one in foreseen] == list(zip(opened, ends, strict=True))
    assert opened == [date(2027, 2, 1), date(2027, 3, 1), date(2027, 4, 1)]
    assert {one[2] for one in foreseen} == {Stand.FORESEEN}


def test_the_last_month_opens_on_the_day_after_the_contract(supervised):
    case = supervised("UDPP")
    foreseen = ahead(case, "sprawozdanie_miesieczne")

    case.until("zadanie_raport")

    opened, ends = opened_and_due(case, "zadanie_sprawozdanie")
    assert [one[0] for one in foreseen] == opened == [date(2027, 2, 1), date(2027, 3, 1), date(2027, 3, 16)]
    assert all(real <= told[1] for real, told in zip(ends, foreseen, strict=True))


def test_each_month_goes_from_foreseen_to_begun_to_done(supervised):
    case = supervised("UDPP")
    seen = {key: [] for key in MONTHLY}

    for place in ("zadanie_wiedza", "zadanie_sprawozdanie", "zadanie_analiza"):
        case.to(place)
        for key in MONTHLY:
            seen[key].append(ahead(case, key)[0][2])
    case.do("zadanie_analiza", decyzja="ZATWIERDZAM", wynik="BEZ_DZIALAN")

    assert seen == {
        "sprawozdanie_miesieczne": [Stand.BEGUN, Stand.BEGUN, Stand.DONE],
        "analiza_sprawozdania": [Stand.FORESEEN, Stand.FORESEEN, Stand.BEGUN],
    }
    assert [one[2] for one in ahead(case, "analiza_sprawozdania")] == [Stand.DONE, Stand.FORESEEN, Stand.FORESEEN]


def test_the_kierownik_has_no_months_of_an_organisation_with_own_money_and_the_calendar_says_why(supervised):
    case = supervised("NGOOWN")

    with case.acting() as work:
        duties.ensure(work)
        found = looks.ahead(work, FIRST, LAST)

    of_kierownik = [one for one in found if one.duty == "analiza_sprawozdania"]
    reports = [one for one in found if one.duty == "sprawozdanie_miesieczne"]
    assert [one.state for one in of_kierownik] == [Stand.SUPPRESSED] * 3
    assert all("(001: 1021–1022, 1030)" in one.reason for one in of_kierownik)
    assert [one.state for one in reports] == [Stand.FORESEEN] * 3


def test_nothing_is_foreseen_before_the_plan_of_supervision(centre):
    case = centre.start(contract=CONTRACT)
    case.to("zadanie_plan")

    assert ahead(case, "sprawozdanie_miesieczne") == []


def test_the_planned_contract_end_starts_its_shipped_case(supervised):
    case = supervised("UDPP")
    with case.acting() as work:
        duties.plan(work)
        found = looks.ahead(work, FIRST, LAST)

    assert [(one.due_on, one.begins_on) for one in found if one.duty == "koniec_umowy"] == [
        (date(2027, 3, 15), date(2027, 1, 14))
    ]


@pytest.mark.parametrize("key", NADZOR)
def test_the_terms_and_steps_that_duties_name_are_those_of_the_diagrams(key):
    diagram = reader.read((PROCESSES / key / f"{key}.bpmn").read_bytes())
    terms = {one.element: one.term for one in diagram.tasks.values()}
    settings = {one["key"]: one["settings"] for one in DUTIES}

    named = [terms[one] for one in ("zadanie_wiedza", "zadanie_sprawozdanie", "zadanie_analiza")]

    assert named == settings["analiza_sprawozdania"]["terms"]
    assert named[:2] == settings["sprawozdanie_miesieczne"]["terms"]
    assert {*REPORT} - {"zadanie_pup"} <= {*terms}
    for name in ("before", "waiting", "closing"):
        assert {*settings["analiza_sprawozdania"][name]} <= {*diagram.elements}
