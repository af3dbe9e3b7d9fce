"""What each module of the store keeps comes back as it was given, and refuses what it must."""

from __future__ import annotations

import hashlib
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from store_cast import KIEROWNIK, KOORDYNATOR, a_move, a_person, a_task, an_instance

from engine.errors import Conflict, NotFound
from engine.model import (
    AttachmentId,
    AuthorisationId,
    DefinitionId,
    FormId,
    InstanceId,
    InstanceState,
    MessageWait,
    PersonId,
    StepState,
    UnitId,
)
from engine.store import (
    attachments,
    authorisations,
    bundles,
    definitions,
    forms,
    incidents,
    instances,
    messages,
    people,
    preferences,
    repeats,
    sessions,
    steps,
    tasks,
    tokens,
)
from engine.store.database import Database
from engine.store.files import Files
from engine.store.instances import InstanceFilter

DAY = timedelta(days=1)


def test_a_person_has_several_roles_and_a_unit(database: Database) -> None:
    with database.work() as work:
        unit = people.add_unit(work, name="Dział usług", performs=False)
        id = people.add(
            work,
            login="zofia",
            name="Zofia Łęcka",
            email="z@ops.example",
            unit=unit,
            roles=[KOORDYNATOR, KIEROWNIK, KIEROWNIK],
            password_hash="h1",
        )

        person = people.get(work, id)

        assert (person.login, person.name, person.unit) == ("zofia", "Zofia Łęcka", unit)
        assert person.roles == {KOORDYNATOR, KIEROWNIK}
        assert person.active
        assert not person.unrestricted
        assert people.by_login(work, "zofia") == person
        assert people.by_login(work, "Zofia") is None
        assert people.password_hash(work, id) == "h1"


def test_a_change_replaces_everything_known_of_a_person(database: Database) -> None:
    with database.work() as work:
        id = a_person(work, "zofia", KOORDYNATOR)

        people.change(work, id, name="Zofia Nowak", email="n@ops.example", unit=None, roles=(), active=False)
        people.set_password_hash(work, id, "h2")

        person = people.get(work, id)
        assert (person.name, person.email, person.roles, person.active) == (
            "Zofia Nowak",
            "n@ops.example",
            frozenset(),
            False,
        )
        assert people.password_hash(work, id) == "h2"


def test_everybody_comes_in_the_order_of_entering(database: Database) -> None:
    with database.work() as work:
        assert not people.any_people(work)
        for login in ("zofia", "anna", "ewa"):
            a_person(work, login, KOORDYNATOR, KIEROWNIK)

        assert [one.login for one in people.all_people(work)] == ["zofia", "anna", "ewa"]
        assert people.any_people(work)


def test_a_login_or_unit_is_given_once(database: Database) -> None:
    with database.work() as work:
        a_person(work, "zofia")
        first = people.add_unit(work, name="Dział usług", performs=False)
        second = people.add_unit(work, name="Dom pomocy", performs=True)

        with pytest.raises(Conflict, match="zofia"):
            a_person(work, "zofia")
        with pytest.raises(Conflict, match="Dział usług"):
            people.add_unit(work, name="Dział usług", performs=True)
        with pytest.raises(Conflict, match="Dział usług"):
            people.change_unit(work, second, name="Dział usług", performs=True)
        people.change_unit(work, first, name="Dział usług", performs=True)

        assert [(one.name, one.performs) for one in people.units(work)] == [("Dom pomocy", True), ("Dział usług", True)]


def test_unknown_people_and_units_are_not_found(database: Database) -> None:
    nobody = PersonId(404)
    with database.work() as work:
        with pytest.raises(NotFound):
            people.get(work, nobody)
        with pytest.raises(NotFound):
            people.password_hash(work, nobody)
        with pytest.raises(NotFound):
            people.set_password_hash(work, nobody, "h")
        with pytest.raises(NotFound):
            people.change(work, nobody, name="", email="", unit=None, roles=(), active=True)
        with pytest.raises(NotFound):
            people.change_unit(work, UnitId(404), name="", performs=True)


def test_what_is_handed_out_cannot_be_changed(database: Database) -> None:
    with database.work() as work:
        person = people.get(work, a_person(work, "zofia"))

    with pytest.raises(FrozenInstanceError):
        person.name = "X"  # type: ignore[misc]


def test_an_authorisation_is_in_force_from_its_first_to_its_last_day(database: Database) -> None:
    first, last = date(2026, 1, 10), date(2026, 3, 31)
    with database.work() as work:
        authorisations.add(work, scope="UMOWA", number="7/2026", valid_from=first, valid_to=last, note="")
        authorisations.add(work, scope="FORMA", number="8/2026", valid_from=date(2027, 1, 1), valid_to=None, note="x")

        def numbers(day: date) -> list[str]:
            found = [one.number for one in authorisations.in_force(work, day)]
            assert found == [one.number for one in authorisations.all_authorisations(work) if one.in_force(day)]
            return found

        assert numbers(first - DAY) == []
        assert numbers(first) == numbers(last) == ["7/2026"]
        assert numbers(last + DAY) == []
        assert numbers(date(2040, 1, 1)) == ["8/2026"]


def test_a_revoked_authorisation_is_no_longer_in_force_from_that_day(database: Database) -> None:
    day = date(2026, 5, 1)
    with database.work() as work:
        id = authorisations.add(
            work, scope="UMOWA", number="7", valid_from=date(2026, 1, 1), valid_to=None, note="ustna"
        )

        authorisations.revoke(work, id, day)
        authorisations.revoke(work, id, day + DAY * 30)

        assert authorisations.in_force(work, day) == ()
        assert len(authorisations.in_force(work, day - DAY)) == 1
        (one,) = authorisations.all_authorisations(work)
        assert (one.revoked_on, one.note) == (day, "ustna")
        with pytest.raises(NotFound):
            authorisations.revoke(work, AuthorisationId(404), day)


def test_versions_of_a_process_are_counted_and_never_change(database: Database) -> None:
    with database.work() as work:
        by = a_person(work, "zofia")
        first = definitions.add(work, key="a", name="Alfa", xml=b"<a/>\r\n\xc4\x85", sha256="1" * 64, by=by)
        second = definitions.add(work, key="a", name="Alfa 2", xml=b"<b/>", sha256="2" * 64, by=None)
        other = definitions.add(work, key="b", name="Beta", xml=b"<c/>", sha256="3" * 64, by=None)

        assert (first.version, second.version, other.version) == (1, 2, 1)
        assert definitions.latest(work, "a") == second
        assert definitions.latest_all(work) == (second, other)
        assert definitions.versions(work, "a") == (second, first)
        assert definitions.version(work, "a", 1) == definitions.get(work, first.id) == first
        assert definitions.xml(work, first.id) == b"<a/>\r\n\xc4\x85"
        assert definitions.sha256(work, second.id) == "2" * 64
        assert first.published_at == work.now


def test_a_retired_version_gives_way_to_the_one_before(database: Database) -> None:
    with database.work() as work:
        first = definitions.add(work, key="a", name="Alfa", xml=b"1", sha256="1" * 64, by=None)
        second = definitions.add(work, key="a", name="Alfa", xml=b"2", sha256="2" * 64, by=None)

        definitions.retire(work, second.id)

        assert definitions.latest(work, "a") == first
        assert definitions.latest_all(work) == (first,)
        assert definitions.get(work, second.id).retired_at == work.now
        definitions.retire(work, first.id)
        assert definitions.latest(work, "a") is None
        third = definitions.add(work, key="a", name="Alfa", xml=b"3", sha256="3" * 64, by=None)
        assert third.version == 3


def test_unknown_definitions_bundles_and_forms_are_not_found(database: Database) -> None:
    with database.look() as look:
        for ask in (definitions.get, definitions.xml, definitions.sha256, definitions.retire):
            with pytest.raises(NotFound):
                ask(look, DefinitionId(404))
        with pytest.raises(NotFound):
            definitions.version(look, "a", 1)
        for ask_bundle in (bundles.content, bundles.called):
            with pytest.raises(NotFound):
                ask_bundle(look, 404)
        for ask_form in (forms.get, forms.text):
            with pytest.raises(NotFound):
                ask_form(look, FormId(404))
        with pytest.raises(NotFound):
            forms.reference(look, "zalety")
        assert bundles.find(look, "d") is forms.latest(look, "f") is definitions.latest(look, "a") is None


def test_a_bundle_keeps_the_bound_versions(database: Database) -> None:
    with database.work() as work:
        a, b = (definitions.add(work, key=k, name=k, xml=b"1", sha256="1" * 64, by=None).id for k in "ab")

        id = bundles.add(work, digest="d", definition=a, called={"b": b, "a": a}, content=b"\x00\xff")

        assert bundles.find(work, "d") == id
        assert bundles.content(work, id) == b"\x00\xff"
        assert bundles.called(work, id) == {"b": b, "a": a}


def test_versions_of_a_form_are_counted(database: Database) -> None:
    with database.work() as work:
        first = forms.add(work, key="f", title="Formularz", text='{"a":"ż"}', sha256="1" * 64, by=None)
        second = forms.add(work, key="f", title="Formularz 2", text="{}", sha256="2" * 64, by=None)
        other = forms.add(work, key="e", title="Inny", text="{}", sha256="3" * 64, by=None)

        assert (first.version, second.version) == (1, 2)
        assert forms.latest(work, "f") == second
        assert forms.latest_all(work) == (other, second)
        assert forms.get(work, first.id) == first
        assert forms.text(work, first.id) == '{"a":"ż"}'


def test_a_reference_table_is_replaced(database: Database) -> None:
    with database.work() as work:
        forms.put_reference(work, "zalety", "1")
        forms.put_reference(work, "zalety", "2")

        assert forms.reference(work, "zalety") == "2"


def test_an_instance_moves_under_its_revision_only(database: Database) -> None:
    with database.work() as work:
        id = an_instance(work)
        instances.move(work, id, 1, state=None, variables={"b": 1, "a": [1.5, None]}, now_state=InstanceState.RUNNING)

        with pytest.raises(Conflict, match="zmieniła się w międzyczasie"):
            instances.move(work, id, 1, state=b"lost", variables={}, now_state=InstanceState.RUNNING)

        held = instances.hold(work, id)
        assert (held.state, held.instance.revision) == (b"state 1", 2)
        assert list(held.instance.variables) == ["b", "a"]
        assert (held.instance.definition_key, held.instance.definition_version) == ("proces", 1)


@pytest.mark.parametrize(
    ("state", "ends"),
    [
        (InstanceState.RUNNING, False),
        (InstanceState.INCIDENT, False),
        (InstanceState.COMPLETED, True),
        (InstanceState.CANCELLED, True),
    ],
)
def test_an_instance_ends_when_it_is_completed_or_cancelled(
    database: Database, state: InstanceState, ends: bool
) -> None:
    with database.work() as work:
        id = an_instance(work)

        instances.move(work, id, 1, state=b"2", variables={}, now_state=state)

        found = instances.get(work, id)
        assert found.state is state
        assert found.finished_at == (work.now if ends else None)


def test_a_number_is_given_once(database: Database) -> None:
    with database.work() as work:
        an_instance(work, "OPS/2026/0001")

    with pytest.raises(Conflict), database.work() as work:
        an_instance(work, "OPS/2026/0001")


def test_an_unknown_instance_is_not_found(database: Database) -> None:
    with database.work() as work:
        for ask in (instances.get, instances.hold):
            with pytest.raises(NotFound):
                ask(work, InstanceId(404))


def test_instances_are_found_by_words_state_process_and_person(database: Database) -> None:
    with database.work() as work:
        anna, ewa = a_person(work, "anna"), a_person(work, "ewa")
        first = an_instance(work, "OPS/2026/0001", title="Usługi Opiekuńcze Śródmieście")
        second = an_instance(work, "OPS/2026/0002", title="KIS", key="inny")
        third = an_instance(work, "OPS/2026/0003", title="Źródło")
        instances.move(work, second, 1, state=None, variables={}, now_state=InstanceState.COMPLETED)
        tasks.finish(work, a_task(work, first, "a"), anna)
        tasks.assign(work, a_task(work, second, "b"), anna)
        dropped = a_task(work, third, "c")
        tasks.assign(work, dropped, anna)
        tasks.cancel(work, dropped)

        def found(**filter: object) -> list[InstanceId]:
            return [one.id for one in instances.search(work, InstanceFilter(**filter)).items]  # type: ignore[arg-type]

        assert found() == [third, second, first]
        assert found(text="śródMIEŚCIE") == found(text="ŚRÓDMIEŚCIE") == [first]
        assert found(text="ŹRÓDŁO") == [third]
        assert found(text="2026/0002") == [second]
        assert found(text="%") == []
        assert found(states=(InstanceState.RUNNING,)) == [third, first]
        assert found(definition_key="inny") == [second]
        assert found(mine=anna) == [second, first]
        assert found(mine=ewa) == []
        assert found(mine=anna, text="kis", states=(InstanceState.COMPLETED,), definition_key="inny") == [second]


def test_pages_of_instances_follow_each_other(database: Database) -> None:
    with database.work() as work:
        ids = [an_instance(work, f"OPS/2026/{number:04}") for number in range(5)]

        found, cursor = [], ""
        while True:
            page = instances.search(work, InstanceFilter(limit=2, before=cursor))
            found += [one.id for one in page.items]
            cursor = page.before
            if not cursor:
                break

    assert found == ids[::-1]


def test_steps_stay_in_the_order_of_entering_and_tell_who_moved_them_on(database: Database) -> None:
    with database.work() as work:
        id = an_instance(work)
        steps.record(work, id, [a_move("start", state=StepState.DONE), a_move("a"), a_move("b")], by="Anna")
        first_moment = work.now
    with database.work() as work:
        moves = [a_move("b", state=StepState.DONE, first=False), a_move("c")]
        steps.record(work, id, moves, by="Ewa")
        steps.record(work, id, [a_move("a", state=StepState.CANCELLED, first=False)], by="")

        found = steps.of_instance(work, id)

    assert [(one.key, one.state, one.by) for one in found] == [
        ("start", StepState.DONE, "Anna"),
        ("a", StepState.CANCELLED, ""),
        ("b", StepState.DONE, "Ewa"),
        ("c", StepState.ACTIVE, ""),
    ]
    assert [(one.entered_at, one.left_at) for one in found] == [
        (first_moment, first_moment),
        (first_moment, work.now),
        (first_moment, work.now),
        (work.now, None),
    ]


def test_a_step_that_was_entered_and_left_in_one_move_is_one_step(database: Database) -> None:
    with database.work() as work:
        id = an_instance(work)

        steps.record(work, id, [a_move("a"), a_move("b"), a_move("a", state=StepState.DONE)], by="Anna")

        assert [(one.key, one.state) for one in steps.of_instance(work, id)] == [
            ("a", StepState.DONE),
            ("b", StepState.ACTIVE),
        ]


def test_attachments_belong_to_a_field_of_a_task(database: Database) -> None:
    with database.work() as work:
        by = a_person(work, "anna")
        instance = an_instance(work)
        first, second = a_task(work, instance, "a"), a_task(work, instance, "b")
        ids = [
            attachments.add(
                work,
                task=task,
                instance=instance,
                field="plik",
                name="skan ż.pdf",
                content_type="application/pdf",
                size=5 * 1024**3,
                sha256="a" * 64,
                by=by,
            )
            for task in (first, second)
        ]

        assert [one.id for one in attachments.of_task(work, first)] == ids[:1]
        assert [one.id for one in attachments.of_instance(work, instance)] == ids
        assert attachments.get(work, ids[0]).size == 5 * 1024**3
        attachments.remove(work, ids[1])
        with pytest.raises(NotFound):
            attachments.get(work, ids[1])
        with pytest.raises(NotFound):
            attachments.get(work, AttachmentId(404))


def test_the_id_of_a_removed_attachment_never_comes_back(database: Database) -> None:
    values = {"field": "f", "name": "n", "content_type": "t", "size": 1, "sha256": "a" * 64}
    with database.work() as work:
        by, instance = a_person(work, "anna"), an_instance(work)
        task = a_task(work, instance)
        removed = attachments.add(work, task=task, instance=instance, by=by, **values)  # type: ignore[arg-type]
        attachments.remove(work, removed)

        assert attachments.add(work, task=task, instance=instance, by=by, **values) != removed  # type: ignore[arg-type]


def test_files_lie_under_their_digest_once(tmp_path: Path) -> None:
    files = Files(tmp_path / "attachments")
    data = "załącznik".encode()

    digests = {files.put(data), files.put(data)}

    assert digests == {hashlib.sha256(data).hexdigest()}
    path = files.open(digests.pop())
    assert path.read_bytes() == data
    assert path.stat().st_mode & 0o077 == 0
    assert [one for one in (tmp_path / "attachments").rglob("*") if one.is_file()] == [path]


@pytest.mark.parametrize("digest", ["0" * 64, "../../etc/passwd", "", "A" * 64, "0" * 63 + "\n"])
def test_what_is_no_kept_file_is_not_found(tmp_path: Path, digest: str) -> None:
    with pytest.raises(NotFound):
        Files(tmp_path).open(digest)


def test_waits_for_messages_become_those_that_wait_now(database: Database) -> None:
    def wait(key: str, name: str = "wpłynęło pismo", **correlation: int) -> MessageWait:
        return MessageWait(key=key, element=f"E_{key}", name=name, correlation=correlation)

    with database.work() as work:
        first, second = an_instance(work, "1"), an_instance(work, "2")
        messages.sync_waits(work, first, [wait("a", numer=7), wait("b"), wait("c", "inny")])
        messages.sync_waits(work, second, [wait("a")])

        messages.sync_waits(work, first, [wait("a", numer=8), wait("c", "inny")])

        found = messages.waiting_for(work, "wpłynęło pismo")
        assert sorted(found, key=lambda one: one[0]) == [(first, wait("a", numer=8)), (second, wait("a"))]
        assert messages.waiting_for(work, "inny") == ((first, wait("c", "inny")),)
        messages.sync_waits(work, first, ())
        assert messages.waiting_for(work, "inny") == ()


def test_an_instance_has_one_open_incident(database: Database) -> None:
    with database.work() as work:
        id, other = an_instance(work, "1"), an_instance(work, "2")
        incidents.open_incident(work, instance=id, element="E1", message="Pierwszy")
        incidents.open_incident(work, instance=id, element="E2", message="Drugi")
        incidents.open_incident(work, instance=other, element="E3", message="Trzeci")

        found = incidents.of_instance(work, id)

        assert found is not None
        assert (found.element, found.message, found.at) == ("E2", "Drugi", work.now)
        assert [one.instance for one in incidents.open_all(work)] == [id, other]
        incidents.close(work, id)
        assert incidents.of_instance(work, id) is None
        assert [one.instance for one in incidents.open_all(work)] == [other]


def test_a_repeated_request_gets_the_first_answer(database: Database) -> None:
    with database.work() as work:
        anna, ewa = a_person(work, "anna"), a_person(work, "ewa")
        repeats.remember(work, person=anna, key="k", deed="complete 1", answer='{"id":1}')

        assert repeats.find(work, person=anna, key="k", deed="complete 1") == '{"id":1}'
        assert repeats.find(work, person=ewa, key="k", deed="complete 1") is None
        assert repeats.find(work, person=anna, key="l", deed="complete 1") is None
        with pytest.raises(Conflict, match="Idempotency-Key"):
            repeats.find(work, person=anna, key="k", deed="complete 2")
        repeats.drop_before(work, work.now)
        assert repeats.find(work, person=anna, key="k", deed="complete 1") is not None
        repeats.drop_before(work, work.now + DAY)
        assert repeats.find(work, person=anna, key="k", deed="complete 1") is None


def test_a_key_is_remembered_once(database: Database) -> None:
    with database.work() as work:
        anna = a_person(work, "anna")
        repeats.remember(work, person=anna, key="k", deed="d", answer="1")

    with pytest.raises(Conflict), database.work() as work:
        repeats.remember(work, person=anna, key="k", deed="d", answer="2")


def test_a_session_lasts_until_it_expires_or_is_dropped(database: Database) -> None:
    with database.work() as work:
        anna = a_person(work, "anna")
        soon = work.now + timedelta(hours=1)
        sessions.add(work, token_hash="a", person=anna, data="{}", expires=soon)
        sessions.add(work, token_hash="b", person=None, data="csrf", expires=soon)
        sessions.add(work, token_hash="c", person=anna, data="{}", expires=work.now)

        sessions.save(work, "b", "zmienione", soon + DAY)

        found = sessions.load(work, "a")
        assert found is not None
        assert found.person == people.get(work, anna)
        assert (found.data, found.last_seen, found.expires) == ("{}", work.now, soon)
        anonymous = sessions.load(work, "b")
        assert anonymous is not None
        assert (anonymous.person, anonymous.data, anonymous.expires) == (None, "zmienione", soon + DAY)
        assert sessions.load(work, "c") is None
        sessions.drop_expired(work)
        sessions.drop(work, "b")
        assert sessions.load(work, "b") is None
        sessions.drop_of_person(work, anna)
        assert sessions.load(work, "a") is None


def test_a_token_is_good_until_it_expires_or_is_revoked(database: Database) -> None:
    with database.work() as work:
        anna = a_person(work, "anna")
        good = tokens.add(work, person=anna, name="skrypt", token_hash="g", expires=None)
        tokens.add(work, person=anna, name="dawny", token_hash="o", expires=work.now)
        tokens.add(work, person=anna, name="krótki", token_hash="s", expires=work.now + DAY)

        assert [tokens.person_of(work, one) for one in ("g", "o", "s", "x")] == [anna, None, anna, None]
        tokens.revoke(work, good)
        assert tokens.person_of(work, "g") is None
        assert [(one.name, one.revoked_at) for one in tokens.of_person(work, anna)] == [
            ("krótki", None),
            ("dawny", None),
            ("skrypt", work.now),
        ]


@pytest.mark.parametrize("value", [None, True, 0, 170_000, 1.5, "Łódź", [], {"b": 1, "a": None}])
def test_a_setting_is_kept_as_it_is(database: Database, value: object) -> None:
    with database.work() as work:
        preferences.put(work, "nazwa", "przedtem")
        preferences.put(work, "nazwa", value)  # type: ignore[arg-type]

        assert preferences.get(work, "nazwa") == value
        assert preferences.get(work, "nieznana") is None


def test_moments_of_any_zone_are_kept_as_utc_to_the_microsecond(database: Database) -> None:
    summer = datetime(2026, 7, 1, 1, 30, 0, 123456, tzinfo=UTC).astimezone(tz=None)
    with database.work() as work:
        id = a_task(work, an_instance(work), due_at=summer)

        found = tasks.get(work, id).due_at

    assert found == summer
    assert found is not None
    assert found.tzinfo is UTC


def test_a_naive_moment_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="without a time zone"), database.work() as work:
        a_task(work, an_instance(work), due_at=datetime(2026, 7, 1))  # noqa: DTZ001


def test_a_row_without_its_parent_is_refused(database: Database) -> None:
    with pytest.raises(Conflict), database.work() as work:
        a_task(work, InstanceId(404))
