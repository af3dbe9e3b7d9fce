"""A case that waits for nothing any more does not vanish from sight: it becomes an incident at once."""

from __future__ import annotations

from actions_cast import Centre, user, way, ways

from engine.model import InstanceState
from engine.store import incidents as incident_rows
from engine.store import instances, journal

# Both tasks are awaited at the end, but only the answer at the start says whether both begin.
HALF = (
    '<bpmn:startEvent id="start"/><bpmn:inclusiveGateway id="ile"/>'
    + user("zbadaj")
    + user("opisz")
    + '<bpmn:parallelGateway id="oba" name="Oba gotowe"/><bpmn:endEvent id="koniec"/>'
    + ways("start ile")
    + way("ile", "zbadaj", "oba")
    + way("ile", "opisz", "true")
    + ways("opisz oba koniec")
    + ways("zbadaj oba")
)


def test_a_case_that_deadlocks_stops_with_the_join_named_and_goes_on_from_another_step(centre: Centre) -> None:
    centre.publish("polowa", HALF)
    case = centre.start("polowa", oba=False)

    centre.complete(centre.task(case.id).id, "anna")

    with centre.database.look() as work:
        stopped = incident_rows.of_instance(work, case.id)
        assert instances.get(work, case.id).state is InstanceState.INCIDENT
        assert [one.deed for one in journal.of_instance(work, case.id)] == ["start", "complete", "stop"]
    assert stopped is not None
    assert stopped.element == "oba"
    assert "Oba gotowe" in stopped.message


def test_a_case_that_ends_or_waits_is_left_alone(centre: Centre) -> None:
    centre.publish("polowa", HALF)
    case = centre.start("polowa", oba=True)

    for task in centre.open(case.id):
        centre.complete(task.id, "anna")

    with centre.database.look() as work:
        assert instances.get(work, case.id).state is InstanceState.COMPLETED
