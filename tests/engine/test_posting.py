"""What one case sends reaches the cases that wait for it, or starts one; nothing is lost and nothing runs for ever."""

from __future__ import annotations

import pytest
from actions_cast import END, START, Centre, diagram, user, way, ways

from engine.actions import definitions, messages
from engine.errors import DefinitionRejected, NotFound, StepFailed
from engine.model import Instance, InstanceId, InstanceState, Json, WaitKind
from engine.reading import soundness
from engine.store import instances as rows
from engine.store import journal
from engine.store.instances import InstanceFilter

ROOTS = (
    '<bpmn:message id="m_ping" name="ping"/><bpmn:message id="m_pong" name="pong"/>'
    '<bpmn:signal id="s_alarm" name="alarm"/>'
)
KEYS = (
    '<bpmn:collaboration id="w"><bpmn:correlationKey id="k"><bpmn:correlationPropertyRef>p_nr'
    '</bpmn:correlationPropertyRef></bpmn:correlationKey></bpmn:collaboration><bpmn:correlationProperty id="p_nr"'
    ' name="nr">'
    + "".join(
        f'<bpmn:correlationPropertyRetrievalExpression messageRef="m_{name}"><bpmn:messagePath>{path}'
        "</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression>"
        for name, path in (("ping", "numer"), ("pong", "odpowiedz_do"))
    )
    + "</bpmn:correlationProperty>"
)


def event(tag: str, identity: str, kind: str, ref: str, said: str = "") -> str:
    """An event with a message or signal; `said` are its extension elements."""
    inner = f"<bpmn:extensionElements>{said}</bpmn:extensionElements>" if said else ""
    reference = {"message": "messageRef", "signal": "signalRef"}[kind]
    definition = f'<bpmn:{kind}EventDefinition id="d_{identity}" {reference}="{ref}"/>'
    return f'<bpmn:{tag} id="{identity}" name="{identity}">{inner}{definition}</bpmn:{tag}>'


def throw(identity: str, ref: str, said: str = "", kind: str = "message") -> str:
    return event("intermediateThrowEvent", identity, kind, ref, said)


def catch(identity: str, ref: str, said: str = "", kind: str = "message") -> str:
    return event("intermediateCatchEvent", identity, kind, ref, said)


def begin(ref: str, kind: str = "message", said: str = "") -> str:
    return event("startEvent", "start", kind, ref, said)


def gives(target: str, source: str) -> str:
    return f'<bpmn_in target="{target}" source="{source}"/>'.replace("bpmn_in", "bieg:in")


def takes(target: str, source: str) -> str:
    return f'<bieg:out target="{target}" source="{source}"/>'


def state(centre: Centre, id: InstanceId) -> Instance:
    with centre.database.look() as work:
        return rows.get(work, id)


def told(centre: Centre, id: InstanceId) -> list[str]:
    with centre.database.look() as work:
        return [one.text for one in journal.of_instance(work, id)]


def others(centre: Centre, key: str) -> list[Instance]:
    with centre.database.look() as work:
        return sorted(rows.search(work, InstanceFilter(definition_key=key)).items, key=lambda one: one.id)


def send(centre: Centre, name: str, kind: WaitKind = WaitKind.MESSAGE, **payload: Json) -> tuple[InstanceId, ...]:
    with centre.work() as work:
        return messages.deliver(work, centre.person("anna"), name, {}, payload, kind)


RECEIVER = START + catch("czeka", "m_ping") + user("dalej") + END + ways("start czeka dalej koniec")
SENDER = (
    START + user("praca") + throw("wysyla", "m_ping") + user("potem") + END + ways("start praca wysyla potem koniec")
)


def test_a_thrown_message_reaches_the_case_that_has_waited_longest_and_no_other(centre: Centre) -> None:
    centre.publish("odbiorca", RECEIVER, roots=ROOTS)
    centre.publish("nadawca", SENDER, roots=ROOTS)
    first, second = centre.start("odbiorca"), centre.start("odbiorca")
    sender = centre.start("nadawca")

    centre.complete(centre.task(sender.id).id, "anna")

    assert centre.task(first.id).element == "dalej"
    assert centre.open(second.id) == ()
    assert centre.task(sender.id).element == "potem"
    assert f"Wysłano komunikat „ping”: {first.number}." in told(centre, sender.id)
    assert f"Wpłynął komunikat „ping” ze sprawy {sender.number}." in told(centre, first.id)


def test_a_message_that_nobody_waits_for_is_told_in_the_journal_of_its_sender(centre: Centre) -> None:
    centre.publish("nadawca", SENDER, roots=ROOTS)
    sender = centre.start("nadawca")

    centre.complete(centre.task(sender.id).id, "anna")

    assert centre.task(sender.id).element == "potem"
    assert "Nikt nie czekał na komunikat „ping”." in told(centre, sender.id)


def test_a_payload_is_built_by_the_sender_and_read_by_the_receiver(centre: Centre) -> None:
    receiver = START + catch("czeka", "m_ping", takes("kwota", "ile * 2")) + user("dalej") + END
    centre.publish("odbiorca", receiver + ways("start czeka dalej koniec"), roots=ROOTS)
    sender = START + throw("wysyla", "m_ping", gives("ile", "n + 1") + gives("kto", "&quot;ja&quot;")) + END
    centre.publish("nadawca", sender + ways("start wysyla koniec"), roots=ROOTS)
    case = centre.start("odbiorca")

    centre.start("nadawca", n=20)

    found = state(centre, case.id).variables
    assert found["kwota"] == 42
    assert "ile" not in found
    assert "kto" not in found


def test_without_words_of_its_own_a_receiver_takes_everything(centre: Centre) -> None:
    centre.publish("odbiorca", RECEIVER, roots=ROOTS)
    sender = START + throw("wysyla", "m_ping", gives("ile", "7")) + END + ways("start wysyla koniec")
    centre.publish("nadawca", sender, roots=ROOTS)
    case = centre.start("odbiorca")

    centre.start("nadawca")

    assert state(centre, case.id).variables["ile"] == 7


def test_correlation_finds_the_case_whose_key_the_message_carries(centre: Centre) -> None:
    centre.publish("odbiorca", RECEIVER, roots=ROOTS + KEYS)
    sender = START + throw("wysyla", "m_ping", gives("numer", "wybrany")) + END + ways("start wysyla koniec")
    centre.publish("nadawca", sender, roots=ROOTS + KEYS)
    first, second = centre.start("odbiorca", nr=1), centre.start("odbiorca", nr=2)

    centre.start("nadawca", wybrany=2)

    assert centre.open(first.id) == ()
    assert centre.task(second.id).element == "dalej"


def test_two_cases_that_talk_keep_to_the_key_with_which_they_began(centre: Centre) -> None:
    asks = START + throw("pyta", "m_ping", gives("numer", "wlasny")) + catch("czeka", "m_pong", takes("wynik", "ile"))
    asks += user("dalej") + END + ways("start pyta czeka dalej koniec")
    answers = begin("m_ping", said=takes("moj", "numer")) + user("praca")
    answers += throw("odpowiada", "m_pong", gives("ile", "moj * 10")) + END + ways("start praca odpowiada koniec")
    centre.publish("odpowiadajacy", answers, roots=ROOTS + KEYS)
    centre.publish("pytajacy", asks, roots=ROOTS + KEYS)
    first, second = centre.start("pytajacy", wlasny=1), centre.start("pytajacy", wlasny=2)
    one, two = others(centre, "odpowiadajacy")

    centre.complete(centre.task(two.id).id, "anna")

    assert centre.open(first.id) == ()
    assert state(centre, second.id).variables["wynik"] == 20
    centre.complete(centre.task(one.id).id, "anna")
    assert state(centre, first.id).variables["wynik"] == 10


def test_a_subscription_computes_the_awaited_key_when_the_step_begins_to_wait(centre: Centre) -> None:
    subscription = (
        '<bpmn:correlationSubscription id="sub" correlationKeyRef="k"><bpmn:correlationPropertyBinding id="b"'
        ' correlationPropertyRef="p_nr"><bpmn:dataPath>rok * 100 + 7</bpmn:dataPath></bpmn:correlationPropertyBinding>'
        "</bpmn:correlationSubscription>"
    )
    centre.publish("odbiorca", RECEIVER + subscription, roots=ROOTS + KEYS)
    case = centre.start("odbiorca", rok=20)

    with pytest.raises(NotFound):
        send(centre, "ping", numer=2008)
    assert send(centre, "ping", numer=2007) == (case.id,)


def test_a_signal_reaches_all_cases_that_wait_and_starts_those_that_begin_with_it(centre: Centre) -> None:
    waits = START + catch("slucha", "s_alarm", kind="signal") + user("dalej") + END + ways("start slucha dalej koniec")
    centre.publish("sluchacz", waits, roots=ROOTS)
    begins = begin("s_alarm", "signal") + user("praca") + END + ways("start praca koniec")
    centre.publish("nowy", begins, roots=ROOTS)
    sender = START + throw("nadaje", "s_alarm", gives("stopien", "3"), "signal") + END + ways("start nadaje koniec")
    centre.publish("nadawca", sender, roots=ROOTS)
    listening = [centre.start("sluchacz") for _ in range(3)]

    centre.start("nadawca")

    assert [centre.task(one.id).element for one in listening] == ["dalej"] * 3
    (new,) = others(centre, "nowy")
    assert (centre.task(new.id).element, new.variables["stopien"], new.started_by) == ("praca", 3, None)


def test_a_message_starts_a_case_only_when_nobody_waits_for_it(centre: Centre) -> None:
    centre.publish("odbiorca", RECEIVER, roots=ROOTS)
    centre.publish("nowy", begin("m_ping") + user("praca") + END + ways("start praca koniec"), roots=ROOTS)
    waiting = centre.start("odbiorca")

    assert send(centre, "ping") == (waiting.id,)
    assert others(centre, "nowy") == []
    (made,) = send(centre, "ping", gmina="Toruń")

    new = state(centre, made)
    assert (new.definition_key, new.variables["gmina"]) == ("nowy", "Toruń")
    assert centre.task(made).element == "praca"


def test_a_receiver_that_cannot_go_on_stops_and_its_sender_goes_on(centre: Centre) -> None:
    stuck = START + catch("czeka", "m_ping") + '<bpmn:exclusiveGateway id="bramka"/>' + user("dalej") + END
    stuck += ways("start czeka bramka") + way("bramka", "dalej", "droga = 1") + way("bramka", "koniec", "droga = 2")
    centre.publish("staje", stuck + way("dalej", "koniec"), roots=ROOTS)
    centre.publish("nadawca", SENDER, roots=ROOTS)
    receiver, sender = centre.start("staje"), centre.start("nadawca")

    centre.complete(centre.task(sender.id).id, "anna")

    assert state(centre, receiver.id).state is InstanceState.INCIDENT
    assert centre.task(sender.id).element == "potem"


def test_an_answer_comes_back_within_the_same_deed(centre: Centre) -> None:
    asks = START + user("praca") + throw("pyta", "m_ping") + catch("czeka", "m_pong") + END
    centre.publish("pytajacy", asks + ways("start praca pyta czeka koniec"), roots=ROOTS)
    answers = begin("m_ping") + throw("odpowiada", "m_pong") + END + ways("start odpowiada koniec")
    centre.publish("odpowiadajacy", answers, roots=ROOTS)
    case = centre.start("pytajacy")

    done = centre.complete(centre.task(case.id).id, "anna")

    assert done.finished
    assert state(centre, case.id).state is InstanceState.COMPLETED


def test_cases_that_answer_each_other_without_end_are_stopped(centre: Centre) -> None:
    echo = begin("m_ping") + throw("znowu", "m_ping") + END + ways("start znowu koniec")
    centre.publish("echo", echo, roots=ROOTS)
    centre.publish("nadawca", SENDER, roots=ROOTS)
    sender = centre.start("nadawca")
    task = centre.task(sender.id)

    with pytest.raises(StepFailed, match="krążą między sprawami bez końca") as failure:
        centre.complete(task.id, "anna")

    assert failure.value.element == "wysyla"
    assert others(centre, "echo") == []
    assert centre.task(sender.id).id == task.id


def test_a_case_that_waits_for_a_signal_is_not_stuck(centre: Centre) -> None:
    waits = START + catch("slucha", "s_alarm", kind="signal") + END + ways("start slucha koniec")
    centre.publish("sluchacz", waits, roots=ROOTS)
    case = centre.start("sluchacz")

    with centre.database.look() as work:
        assert soundness.findings(work) == ()

    assert send(centre, "alarm", WaitKind.SIGNAL) == (case.id,)
    assert state(centre, case.id).state is InstanceState.COMPLETED


def test_a_message_and_a_signal_of_the_same_name_are_not_the_same(centre: Centre) -> None:
    roots = '<bpmn:message id="m" name="alarm"/>'
    waits = START + catch("slucha", "m") + END + ways("start slucha koniec")
    centre.publish("sluchacz", waits, roots=roots)
    centre.start("sluchacz")

    with pytest.raises(NotFound, match="na sygnał „alarm”"):
        send(centre, "alarm", WaitKind.SIGNAL)


@pytest.mark.parametrize(
    "said", ['<bieg:in target="" source="1"/>', '<bieg:in target="a" source="1 +"/>', takes("a", "b")]
)
def test_a_payload_that_cannot_be_read_is_refused_with_its_element(centre: Centre, said: str) -> None:
    body = START + throw("wysyla", "m_ping", said) + END + ways("start wysyla koniec")

    with pytest.raises(DefinitionRejected) as refused, centre.work() as work:
        definitions.publish(work, None, diagram("nadawca", body, roots=ROOTS))

    assert "wysyla" in {one.element for one in refused.value.problems}
