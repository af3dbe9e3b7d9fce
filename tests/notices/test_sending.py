"""E-mails leave through a real mail server: each at least once, and never twice when nothing goes wrong."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from databases import Place
from doomed_postwoman import send
from notices_cast import MONDAY, SECRET, Office
from postman import DROP, PASSWORD, USER, Postman
from pydantic import SecretStr

from engine import clock, scheduler
from engine.bootstrap import Parts
from engine.notices import sending
from engine.notices.sending import LEASE, TRIES, send_due
from engine.store import mails, people, preferences
from engine.store.database import Database
from engine.store.files import Files

Open = Callable[..., Postman]


def test_an_email_carries_what_it_should_and_nothing_that_calls_home(
    office: Office, postman: Open, tmp_path: Path
) -> None:
    server = postman()
    office.post("anna")

    left = send_due(office.database, server.settings(tmp_path), "a")

    (found,) = server.taken
    plain, html = (one.get_content() for one in found.iter_parts())
    assert left == 1
    assert found["To"].addresses[0].addr_spec == "anna@ops.example"
    assert found["From"].addresses[0].addr_spec == "bieg@ops.example"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Message-ID"].endswith("@ops.example>")
    assert "Zażółć gęślą jaźń: https://bieg.example/zadania/1" in plain
    assert 'href="https://bieg.example/zadania/1"' in html
    assert not any(word in html for word in ("<img", "<script", "src=", "url("))
    assert not office.outbox()[0].waits


def test_what_has_left_is_not_sent_again(office: Office, postman: Open, tmp_path: Path) -> None:
    server = postman()
    with clock.standing(MONDAY):
        office.post("anna")

    counts = []
    for later in (timedelta(), timedelta(minutes=1), 2 * LEASE, timedelta(days=1)):
        with clock.standing(MONDAY + later):
            counts.append(send_due(office.database, server.settings(tmp_path), "a"))

    assert counts == [1, 0, 0, 0]
    assert len(server.taken) == 1


def test_the_line_is_encrypted_and_the_server_trusted_before_the_password_is_said(
    office: Office, postman: Open, tmp_path: Path
) -> None:
    server = postman(tls=tmp_path, auth=True)
    office.post("anna")
    settings = server.settings(tmp_path, smtp_user=USER, smtp_password=SecretStr(PASSWORD))

    assert send_due(office.database, settings, "a") == 1
    assert server.logins


def test_a_server_that_nobody_vouches_for_gets_neither_password_nor_email(
    office: Office, postman: Open, tmp_path: Path
) -> None:
    server = postman(tls=tmp_path, auth=True)
    office.post("anna")
    settings = server.settings(tmp_path, smtp_user=USER, smtp_password=SecretStr(PASSWORD), smtp_ca=None)

    assert send_due(office.database, settings, "a") == 0
    assert (server.logins, server.taken) == ([], [])
    assert "certyfikatowi" in office.outbox()[0].error


def test_nothing_goes_in_the_clear_to_a_server_without_encryption(
    office: Office, postman: Open, tmp_path: Path
) -> None:
    server = postman()
    office.post("anna")

    assert send_due(office.database, server.settings(tmp_path, smtp_security="starttls"), "a") == 0
    assert server.taken == []
    assert "nie szyfruje" in office.outbox()[0].error


def test_a_wrong_password_is_told_and_the_email_waits(office: Office, postman: Open, tmp_path: Path) -> None:
    server = postman(auth=True)
    office.post("anna")
    settings = server.settings(tmp_path, smtp_user=USER, smtp_password=SecretStr("inne"))

    assert send_due(office.database, settings, "a") == 0

    (row,) = office.outbox()
    assert row.waits
    assert row.error == "Serwer poczty nie przyjął nazwy użytkownika i hasła (kod 535)."


def test_a_server_that_has_no_time_now_gets_it_later_exactly_once(
    office: Office, postman: Open, tmp_path: Path
) -> None:
    server = postman(answers=["451 later", "452 later"])
    settings = server.settings(tmp_path)
    with clock.standing(MONDAY):
        office.post("anna")

    counts = []
    for minutes in (0, 1, 2, 3, 5, 6, 7, 60):
        with clock.standing(MONDAY + timedelta(minutes=minutes)):
            counts.append(send_due(office.database, settings, "a"))

    assert counts == [0, 0, 0, 0, 0, 1, 0, 0]  # after 2, then after 4 minutes more
    assert len(server.taken) == 1


def test_an_address_that_is_refused_is_given_up_and_holds_up_nobody(
    office: Office, postman: Open, tmp_path: Path
) -> None:
    server = postman(refused={"anna@ops.example": "550 no such user", "pawel@ops.example": "450 mailbox busy"})
    office.post("anna", "pawel", "olga", "adam")

    assert send_due(office.database, server.settings(tmp_path), "a") == 2

    rows = {one.login: one for one in office.outbox()}
    assert server.to() == ["adam@ops.example", "olga@ops.example"]
    assert (rows["anna"].waits, rows["anna"].error) == (False, "Serwer poczty nie przyjął adresu odbiorcy (kod 550).")
    assert rows["pawel"].waits


def test_an_administrator_sees_what_was_given_up(office: Office, postman: Open, tmp_path: Path) -> None:
    server = postman(answers=["554 rejected"])
    office.post("anna")
    send_due(office.database, server.settings(tmp_path), "a")

    with office.database.look() as work:
        state = mails.state(work)

    assert [one.error for one in state.failed] == ["Serwer poczty nie przyjął wiadomości (kod 554)."]
    assert state.waiting == 0


def test_an_email_whose_answer_was_lost_is_sent_again_under_the_same_id(
    office: Office, postman: Open, tmp_path: Path
) -> None:
    server = postman(answers=[DROP])
    with clock.standing(MONDAY):
        office.post("anna", "olga")
        send_due(office.database, server.settings(tmp_path), "a")

    with clock.standing(MONDAY + timedelta(minutes=2)):
        send_due(office.database, server.settings(tmp_path), "a")

    first, other, second = server.ids()
    assert first == second != other


def test_a_server_that_is_away_is_asked_once_a_turn_and_not_for_ever(office: Office, tmp_path: Path) -> None:
    settings = Postman(port=1).settings(tmp_path)
    with clock.standing(MONDAY):
        office.post("anna", "olga")

    turns = 0
    moment = MONDAY
    while any(one.waits for one in office.outbox()):
        with clock.standing(moment):
            send_due(office.database, settings, "a")
        moment += timedelta(hours=6)
        turns += 1

    assert turns == TRIES
    assert {one.error for one in office.outbox()} == {"Serwer poczty nie odpowiada."}


@pytest.mark.parametrize("way", ["off", "demo"])
def test_where_no_emails_are_sent_none_wait_for_ever(office: Office, postman: Open, tmp_path: Path, way: str) -> None:
    server = postman()
    office.post("anna")
    settings = server.settings(tmp_path, smtp_host="" if way == "off" else "127.0.0.1")
    with office.database.work() as work:
        preferences.put(work, "centre", {"name": "MOPS", "demo": way == "demo"})

    assert send_due(office.database, settings, "a") == 0
    assert (office.outbox(), server.taken) == ([], [])


def test_somebody_who_has_left_gets_no_email(office: Office, postman: Open, tmp_path: Path) -> None:
    server = postman()
    office.post("anna", "olga")
    _change(office, "anna", active=False)

    send_due(office.database, server.settings(tmp_path), "a")

    assert server.to() == ["olga@ops.example"]
    assert office.outbox("anna")[0].error == sending.GONE


@pytest.mark.parametrize("name", ["Anna\r\nBcc: obcy@zly.example", "Anna\nX-Zly: 1", 'Anna" <obcy@zly.example>, "'])
def test_no_name_puts_anything_into_the_head(office: Office, postman: Open, tmp_path: Path, name: str) -> None:
    server = postman()
    _change(office, "anna", name=name)
    office.post("anna", subject="Sprawa\r\nBcc: obcy@zly.example")

    send_due(office.database, server.settings(tmp_path), "a")

    (found,) = server.taken
    assert server.to() == ["anna@ops.example"]
    assert found["Bcc"] is None
    assert found["X-Zly"] is None
    assert len(found["To"].addresses) == 1


@pytest.mark.parametrize(
    "email", ["anna@ops.example\r\nRCPT TO:<obcy@zly.example>", "anna", "a b@ops.example", "<a@b>"]
)
def test_what_is_no_address_is_given_up_and_holds_up_nobody(
    office: Office, postman: Open, tmp_path: Path, email: str
) -> None:
    server = postman()
    _change(office, "anna", email=email)
    office.post("anna", "olga")

    send_due(office.database, server.settings(tmp_path), "a")

    assert server.to() == ["olga@ops.example"]
    assert not office.outbox("anna")[0].waits


def test_two_senders_at_once_send_each_email_once(
    office: Office, another: Callable[[], Database], postman: Open, tmp_path: Path
) -> None:
    server = postman()
    office.post(*["anna", "olga", "adam", "pawel"] * 15)
    settings, start = server.settings(tmp_path), threading.Barrier(2)

    def run(database: Database, owner: str) -> None:
        start.wait()
        send_due(database, settings, owner)

    workers = [threading.Thread(target=run, args=(another(), name)) for name in ("a", "b")]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    assert len(server.ids()) == 60
    assert len(set(server.ids())) == 60
    assert not any(one.waits for one in office.outbox())


def test_a_sender_killed_before_it_could_say_so_sends_once_more_under_the_same_id(
    office: Office, place: Place, postman: Open, tmp_path: Path
) -> None:
    server = postman()
    office.post("anna", "olga")
    settings = server.settings(tmp_path)
    worker = multiprocessing.get_context("spawn").Process(target=send, args=(place.url, settings, "doomed"))

    def kill() -> None:
        if worker.is_alive() and worker.pid is not None and len(server.taken) == 1:
            os.kill(worker.pid, signal.SIGKILL)
            worker.join()

    server.on_taken = kill
    worker.start()
    worker.join(60)
    before = list(server.ids())
    with clock.standing(clock.now() + LEASE):
        send_due(office.database, settings, "next")

    assert len(before) == 1
    assert sorted(server.ids()) == sorted([*before, *before, *(set(server.ids()) - set(before))])
    assert len(server.ids()) == 3
    assert not any(one.waits for one in office.outbox())


def test_the_scheduler_sends(office: Office, postman: Open, tmp_path: Path) -> None:
    server = postman()
    office.post("anna")
    settings = server.settings(tmp_path)
    parts = Parts(settings=settings, database=office.database, files=Files(settings.attachments), secret=bytes(32))

    assert scheduler.post(parts) == 1
    assert server.to() == ["anna@ops.example"]


def _change(office: Office, login: str, *, name: str = SECRET, email: str = "", active: bool = True) -> None:
    with office.database.work() as work:
        people.change(
            work,
            office.ids[login],
            name=name,
            email=email or f"{login}@ops.example",
            unit=None,
            roles=[],
            active=active,
        )
