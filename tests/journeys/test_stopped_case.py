"""A case stops: an administrator finds it, understands, corrects its data and lets the coordinator go on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from office import Office
from playwright.sync_api import Page, expect
from visitor import Visitor

from engine.actions import definitions, instances
from engine.model import Instance, Json

Enter = Callable[..., Visitor]
WAYS = (("PZP", "zlec"), ("PPN", "inny"))
FLOWS = "".join(
    f'<bpmn:sequenceFlow id="na_{target}" sourceRef="bramka" targetRef="{target}"><bpmn:conditionExpression>'
    f'forma = "{form}"</bpmn:conditionExpression></bpmn:sequenceFlow>'
    for form, target in WAYS
) + "".join(
    f'<bpmn:sequenceFlow id="{one}_{two}" sourceRef="{one}" targetRef="{two}"/>'
    for one, two in (("start", "ocen"), ("ocen", "bramka"), ("zlec", "koniec"))
)
TURNING = f"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
targetNamespace="urn:bieg:proba"><bpmn:process id="zakret"
name="Zlecenie usługi" isExecutable="true"><bpmn:laneSet id="tory">
<bpmn:lane id="tor" name="Koordynator usług pomocy społecznej"><bpmn:flowNodeRef>ocen</bpmn:flowNodeRef>
<bpmn:flowNodeRef>zlec</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet><bpmn:startEvent id="start"/>
<bpmn:userTask id="ocen" name="Oceń wniosek"/><bpmn:exclusiveGateway id="bramka" name="Jaka forma?"/>
<bpmn:userTask id="zlec" name="Zleć usługę"/><bpmn:endEvent id="koniec"/><bpmn:endEvent id="inny"/>{FLOWS}
</bpmn:process></bpmn:definitions>"""
OFFERS: list[Json] = [{"oferent": f"Spółdzielnia socjalna {number}", "cena": 1000.5 * number} for number in range(12)]
DATA: dict[str, Json] = {f"dana_o_bardzo_dlugiej_nazwie_{number}": number for number in range(40)} | {"oferty": OFFERS}


@pytest.fixture
def case(new_office: Office) -> Instance:
    """A case whose data fit none of the ways on."""
    with new_office.parts.database.work() as work:
        definitions.publish(work, None, TURNING.encode())
        by = new_office.person("koordynator")
        return instances.start(work, by, "zakret", title="Usługa zmyślona", variables={**DATA, "forma": "PZPP"})


@pytest.fixture
def coordinator(new_office: Office, case: Instance, enter: Enter) -> Visitor:
    """The one at whose click it stopped."""
    visitor = enter(new_office, "koordynator")
    visitor.open(f"/zadania/{new_office.task_at('ocen').id}")
    visitor.press("Zakończ zadanie")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Sprawa została zatrzymana")
    return visitor


def understand(visitor: Visitor) -> Page:
    """Go from the list of stopped cases to what can be done."""
    page = visitor.page
    visitor.open("/sprawy")
    page.get_by_label("Stan").select_option(label="Zatrzymane")
    visitor.press("Szukaj")
    page.get_by_role("link", name="Usługa zmyślona").click()
    page.get_by_role("link", name="Zobacz, co zrobić").click()
    return page


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_a_stopped_case_is_found_corrected_and_goes_on(
    new_office: Office, coordinator: Visitor, enter: Enter, script: bool
) -> None:
    administrator = enter(new_office, "administrator", java_script_enabled=script)

    page = understand(administrator)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sprawa stoi w kroku „Jaka forma?”")
    page.get_by_role("link", name="Popraw daną forma").click()
    expect(page.get_by_label("Nowa wartość")).to_have_value("PZPP")
    expect(page.get_by_label("Nowa wartość")).to_be_focused()
    page.get_by_label("Nowa wartość").fill("PZP")
    page.locator("#powod-assign").fill("Literówka w formie")
    administrator.press("Zmień daną")
    expect(page.get_by_role("status")).to_contain_text("Dana została zmieniona")
    page.locator("#powod-retry").fill("Dane poprawione")
    administrator.press("Wznów sprawę")
    expect(page.get_by_role("status")).to_have_text("Sprawa została wznowiona.")
    coordinator.open(f"/zadania/{new_office.task_at('ocen').id}")
    coordinator.press("Zakończ zadanie")

    assert new_office.task_at("zlec").name == "Zleć usługę"


def test_its_page_is_accessible_calm_and_refuses_clearly(
    new_office: Office, coordinator: Visitor, enter: Enter
) -> None:
    visitor = enter(new_office, "administrator")
    wrong = coordinator.findings("sprawa-zatrzymana")

    page = understand(visitor)
    wrong += visitor.findings("zatrzymanie")
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    wrong += visitor.findings("zatrzymanie-rozwiniete")
    page.evaluate("for (const form of document.forms) form.noValidate = true")
    visitor.press("Przenieś sprawę")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    wrong += visitor.findings("zatrzymanie-z-bledem")

    assert wrong == []
