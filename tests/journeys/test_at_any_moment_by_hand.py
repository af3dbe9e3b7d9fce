"""A coordinator begins what may be begun at any moment of a case, and ends it."""

from __future__ import annotations

import re
from collections.abc import Callable

from office import Office
from playwright.sync_api import expect
from visitor import Visitor

from engine.actions import definitions, instances

Enter = Callable[..., Visitor]
LONG = "Poradnictwo i konsultacje specjalistyczne, których rodzina może potrzebować w każdej chwili trwania sprawy"
FLOWS = "".join(
    f'<bpmn:sequenceFlow id="{one}_{two}" sourceRef="{one}" targetRef="{two}"/>'
    for one, two in (("start", "wsparcie"), ("wsparcie", "podsumuj"), ("podsumuj", "koniec"))
)
ADVICE = f"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
targetNamespace="urn:bieg:proba"><bpmn:process id="poradnictwo"
name="Poradnictwo" isExecutable="true"><bpmn:laneSet id="tory">
<bpmn:lane id="tor" name="Koordynator usług pomocy społecznej"><bpmn:flowNodeRef>wsparcie</bpmn:flowNodeRef>
<bpmn:flowNodeRef>podsumuj</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet><bpmn:startEvent id="start"/>
<bpmn:adHocSubProcess id="wsparcie" name="{LONG}"><bpmn:userTask id="porada" name="Udziel porady prawnej">
<bpmn:documentation>Zapisz, o co pytano i co ustalono.</bpmn:documentation></bpmn:userTask>
<bpmn:userTask id="wizyta" name="Odwiedź rodzinę"/></bpmn:adHocSubProcess>
<bpmn:userTask id="podsumuj" name="Podsumuj wsparcie"/><bpmn:endEvent id="koniec"/>{FLOWS}
</bpmn:process></bpmn:definitions>"""


def test_a_coordinator_begins_and_ends_what_may_be_begun(new_office: Office, enter: Enter) -> None:
    with new_office.parts.database.work() as work:
        definitions.publish(work, None, ADVICE.encode())
        by = new_office.person("koordynator")
        case = instances.start(work, by, "poradnictwo", title="Rodzina zmyślona").id
    visitor = enter(new_office, "koordynator")
    page = visitor.page
    visitor.open(f"/sprawy/{case}")
    wrong = visitor.findings("w-kazdej-chwili")

    page.get_by_role("button", name=re.compile("^Rozpocznij.*porady")).press("Enter")
    expect(page.get_by_role("status")).to_have_text("Rozpoczęto. Zadanie jest na liście poniżej.")
    expect(page.get_by_role("link", name="Udziel porady prawnej")).to_be_visible()
    begun = [one.element for one in new_office.open_tasks(case)]
    page.get_by_text("Zakończ…").press("Enter")
    wrong += visitor.findings("w-kazdej-chwili-koniec")
    page.get_by_role("button", name=re.compile("^Tak, zakończ")).press("Enter")
    expect(page.get_by_role("heading", name="W każdej chwili")).to_have_count(0)

    assert wrong == []
    assert begun == ["porada"]
    assert [one.element for one in new_office.open_tasks(case)] == ["podsumuj"]
