"""What a person said or typed is readable only with the key, and only where it was put."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from databases import KEY, Place
from sqlalchemy import text
from store_cast import a_form, a_person, a_task, an_instance

from engine.errors import Conflict, Misconfigured
from engine.model import FormId, InstanceId, PersonId, TaskId
from engine.store import answers
from engine.store.database import Database
from engine.store.sealing import Sealer, load_key

SECRET = "Pani Żaneta Święcicka śpi źle i potrzebuje pomocy przy myciu."
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "iso-8859-2", "cp1250", "unicode_escape")


class Said:
    """One task with answers, one with a draft."""

    def __init__(self, database: Database) -> None:
        with database.work() as work:
            self.person: PersonId = a_person(work, "anna", name="Anna Żuk")
            self.instance: InstanceId = an_instance(work)
            self.form: FormId = a_form(work)
            self.done: TaskId = a_task(work, self.instance, "t1", form=self.form)
            self.open: TaskId = a_task(work, self.instance, "t2", form=self.form)
            values = {"opis": SECRET, "liczba": 3, "kwota": "12.50", "pliki": [1, 2], "nic": None}
            answers.add(work, task=self.done, instance=self.instance, form=self.form, values=values, by=self.person)
            answers.save_draft(work, self.open, self.person, {"opis": SECRET, "dni": ["pn", "śr"]})


@pytest.fixture
def said(database: Database) -> Said:
    return Said(database)


def test_answers_come_back_as_they_were_given(database: Database, said: Said) -> None:
    with database.look() as look:
        found = answers.of_task(look, said.done)

    assert found is not None
    assert found.values == {"opis": SECRET, "liczba": 3, "kwota": "12.50", "pliki": [1, 2], "nic": None}
    assert list(found.values) == ["opis", "liczba", "kwota", "pliki", "nic"]
    assert (found.form_key, found.task_name, found.by) == ("diagnoza", "Przygotuj diagnozę", "Anna Żuk")


def test_a_draft_comes_back_until_it_is_replaced_or_dropped(database: Database, said: Said) -> None:
    with database.work() as work:
        first = answers.draft(work, said.open)
        answers.save_draft(work, said.open, said.person, {"opis": "krócej"})
        second = answers.draft(work, said.open)
        answers.drop_draft(work, said.open)
        third = answers.draft(work, said.open)

    assert first is not None
    assert (first.raw, first.by) == ({"opis": SECRET, "dni": ["pn", "śr"]}, "Anna Żuk")
    assert second is not None
    assert second.raw == {"opis": "krócej"}
    assert third is None


def test_a_task_is_answered_once(database: Database, said: Said) -> None:
    with pytest.raises(Conflict), database.work() as work:
        answers.add(work, task=said.done, instance=said.instance, form=said.form, values={}, by=said.person)


def test_the_latest_answers_of_each_form_are_found(database: Database, said: Said) -> None:
    with database.work() as work:
        other = a_form(work, "ocena")
        for number, form in ((3, said.form), (4, other), (5, said.form)):
            task = a_task(work, said.instance, f"t{number}", form=form)
            answers.add(work, task=task, instance=said.instance, form=form, values={"n": number}, by=said.person)

    with database.look() as look:
        latest = answers.latest_by_form(look, said.instance)
        everything = answers.of_instance(look, said.instance)
    assert {key: one.values for key, one in latest.items()} == {"diagnoza": {"n": 5}, "ocena": {"n": 4}}
    assert [one.values.get("n") for one in everything] == [None, 3, 4, 5]


def test_nothing_of_it_is_readable_in_the_files_of_sqlite(sqlite_place: Place) -> None:
    database = sqlite_place.open()
    Said(database)
    assert sqlite_place.file is not None
    files = sorted(sqlite_place.file.parent.glob("bieg.db*"))

    content = b"".join(one.read_bytes() for one in files)

    assert [one.name for one in files] == ["bieg.db", "bieg.db-shm", "bieg.db-wal"]
    assert "Anna Żuk".encode() in content, "the search must find what is not sealed"
    for word in (SECRET, "Święcicka", "Żaneta", "potrzebuje"):
        for encoding in ENCODINGS:
            assert word.encode(encoding, "replace") not in content
    database.close()


@pytest.mark.postgres
def test_nothing_of_it_is_readable_in_the_rows_of_postgresql(postgres_place: Place) -> None:
    database = postgres_place.open()
    Said(database)

    with database.look() as look:
        tables = look.connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        rows = [row for name in tables for row in look.connection.execute(text(f'SELECT * FROM "{name}"'))]

    content = b"".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)
    assert "Anna Żuk".encode() in content
    assert SECRET.encode() not in content
    assert "Święcicka".encode() not in content
    database.close()


def test_answers_that_were_moved_to_another_task_do_not_open(database: Database, said: Said) -> None:
    with database.work() as work:
        work.connection.execute(text(f"UPDATE answers SET task_id = {said.open}"))

    with pytest.raises(Misconfigured, match="Nie można odczytać"), database.look() as look:
        answers.of_task(look, said.open)


def test_answers_do_not_pass_for_a_draft(database: Database, said: Said) -> None:
    with database.work() as work:
        work.connection.execute(text(f"UPDATE draft SET task_id = {said.done}, sealed = (SELECT sealed FROM answers)"))

    with pytest.raises(Misconfigured, match="Nie można odczytać"), database.look() as look:
        answers.draft(look, said.done)


def test_every_changed_byte_is_noticed() -> None:
    sealer = Sealer(KEY)
    sealed = sealer.seal("tak", "answers:1")

    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(Misconfigured):
            sealer.open(bytes(changed), "answers:1")
    assert sealer.open(sealed, "answers:1") == "tak"


def test_the_same_answer_never_looks_the_same_twice() -> None:
    sealer = Sealer(KEY)

    assert len({sealer.seal("tak", "answers:1") for _ in range(50)}) == 50


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Misconfigured):
        Sealer(bytes(32)).open(Sealer(KEY).seal("tak", "answers:1"), "answers:1")


def test_the_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "answers.key"

    first, second = load_key(path), load_key(path)

    assert first == second
    assert len(first) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["answers.key"]


def test_programs_that_start_at_once_agree_on_the_key(tmp_path: Path) -> None:
    path = tmp_path / "answers.key"
    keys: set[bytes] = set()
    all_ready = threading.Barrier(8)

    def load() -> None:
        all_ready.wait(timeout=10)
        keys.add(load_key(path))

    threads = [threading.Thread(target=load) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=10)

    assert len(keys) == 1


@pytest.mark.parametrize("content", [b"", b"short", b"!!!", b"QUJD" * 40])
def test_a_damaged_key_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "answers.key"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(Misconfigured, match="klucza"):
        load_key(path)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers.key"
    load_key(path)
    path.chmod(0o640)

    with pytest.raises(Misconfigured, match="0600"):
        load_key(path)
