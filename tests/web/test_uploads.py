"""Files: what they are is found by their content, they lie outside the database and come back as downloads only."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pages_cast
import pytest
from pages_cast import PDF, Centre, csrf, upload
from sqlalchemy import text
from werkzeug.test import TestResponse


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("centre") / "data"
    return folder, pages_cast.build(folder)


@pytest.fixture
def centre(template: tuple[Path, dict[str, int]], tmp_path: Path) -> Iterator[Centre]:
    with pages_cast.opened(*template, tmp_path / "data") as made:
        yield made


def send(centre: Centre, name: str, data: bytes, *, login: str = "koordynator", field: str = "skan") -> TestResponse:
    """With the button that saves a draft."""
    client = centre.browser(login)
    form = {"csrf_token": csrf(client), "_szkic": "1", "tresc": "Treść", field: upload(name, data)}
    return client.post(f"/zadania/{centre.open}/wykonaj", data=form, content_type="multipart/form-data")


def kept(centre: Centre) -> list[tuple[int, str, str]]:
    """Id, name and type of what was kept with the open task."""
    said = text("SELECT id, name, content_type FROM attachment WHERE task_id = :task ORDER BY id")
    with centre.parts.database.look() as work:
        return [(row.id, row.name, row.content_type) for row in work.connection.execute(said, {"task": centre.open})]


def a_zip(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


REFUSED = {
    "a program": b"MZ\x90\x00" + b"\0" * 200,
    "a program that ends like a PDF": b"MZ\x90\x00" + b"\0" * 200 + b"\n%%EOF",
    "a Linux program": b"\x7fELF" + b"\0" * 200,
    "a page": b"<!doctype html><html><script>alert(1)</script></html>",
    "a page with a PDF in it": b"<html><script>alert(1)</script>%PDF-1.7</html>\n%%EOF",
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "a text": b"tekst",
    "an archive": a_zip("a.txt"),
    "another kind that this field does not take": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0",
    "a document with macros": a_zip("word/document.xml", "word/vbaProject.bin"),
    "nothing": b"",
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED.keys())
def test_what_only_calls_itself_a_pdf_is_refused(centre: Centre, data: bytes) -> None:
    said = send(centre, "umowa.pdf", data)

    assert said.status_code == 422
    assert "Takiego pliku nie można dołączyć" in said.text or "jest pusty" in said.text
    assert kept(centre) == []


def test_what_was_typed_beside_a_refused_file_stays(centre: Centre) -> None:
    assert "Treść" in send(centre, "umowa.pdf", b"MZ").text


NAMES = {
    "../../etc/passwd": "passwd.pdf",
    "umowa\u202efdp.exe": "umowafdp.exe.pdf",
    "umowa.exe": "umowa.exe.pdf",
    "umowa.PDF": "umowa.PDF",
    "umowa.html": "umowa.html.pdf",
    "żółta umowa.pdf": "żółta umowa.pdf",
    "a\u200bb.pdf": "ab.pdf",
    ".pdf": "pdf.pdf",
    "..": "plik.pdf",
}


@pytest.mark.parametrize(("name", "clean"), NAMES.items(), ids=ascii)
def test_names_are_cleaned_and_end_as_their_content_says(centre: Centre, name: str, clean: str) -> None:
    assert send(centre, name, PDF).status_code == 302

    assert [one[1] for one in kept(centre)] == [clean]


def test_a_name_without_end_is_cut_before_its_ending(centre: Centre) -> None:
    send(centre, "a" * 4000 + ".pdf", PDF)

    ((_, name, _),) = kept(centre)
    assert len(name) <= 120
    assert name.endswith("a.pdf")


def test_bytes_lie_outside_the_database_under_their_digest_and_only_for_the_owner(centre: Centre) -> None:
    secret = PDF + b"tresc-ktorej-nie-ma-nigdzie-indziej"
    send(centre, "umowa.pdf", secret)

    folder = centre.parts.settings.data
    found = [one for one in folder.rglob("*") if one.is_file() and b"nigdzie-indziej" in one.read_bytes()]
    assert [one.parent.parent for one in found] == [folder / "attachments"]
    assert found[0].name != "umowa.pdf"
    assert found[0].stat().st_mode & 0o077 == 0


def test_a_file_comes_back_as_a_download_of_its_own_type(centre: Centre) -> None:
    send(centre, 'umowa "nowa"; x.pdf', PDF)
    ((id, *_),) = kept(centre)

    said = centre.browser("koordynator").get(f"/pliki/{id}")

    assert said.data == PDF
    assert said.headers["Content-Disposition"].startswith("attachment")
    assert said.headers["Content-Type"] == "application/pdf"
    assert said.headers["X-Content-Type-Options"] == "nosniff"
    assert said.headers["Cache-Control"] == "no-store"


def test_a_file_over_ten_megabytes_is_refused_with_its_limit(centre: Centre) -> None:
    said = send(centre, "umowa.pdf", PDF + b"x" * (10 * 1024 * 1024))

    assert said.status_code == 422
    assert "10 MB" in said.text
    assert kept(centre) == []


@pytest.mark.parametrize(("login", "status"), [("wojt", 403), ("socjalny", 403), ("ngo", 404), ("pup", 404)])
def test_nobody_puts_files_to_the_task_of_another(centre: Centre, login: str, status: int) -> None:
    assert send(centre, "umowa.pdf", PDF, login=login).status_code == status
    assert kept(centre) == []


def test_a_field_that_takes_no_files_takes_none(centre: Centre) -> None:
    assert send(centre, "umowa.pdf", PDF, field="tresc").status_code == 404
    assert kept(centre) == []


def test_answers_cannot_name_the_file_of_another_task(centre: Centre) -> None:
    client = centre.browser("koordynator")
    form = {"csrf_token": csrf(client), "tresc": "Treść", "skan": str(centre.attachment)}
    send(centre, "wlasny.pdf", PDF)

    client.post(f"/zadania/{centre.open}/wykonaj", data=form)

    with centre.parts.database.look() as work:
        said = text("SELECT id FROM attachment WHERE id = :id AND task_id = :task")
        assert work.connection.scalar(said, {"id": centre.attachment, "task": centre.done}) == centre.attachment


def test_a_file_is_taken_away_by_whoever_may_do_the_task(centre: Centre) -> None:
    send(centre, "umowa.pdf", PDF)
    ((id, *_),) = kept(centre)

    for login, status in (("wojt", 403), ("ngo", 404), ("koordynator", 302)):
        client = centre.browser(login)
        assert client.post(f"/pliki/{id}/usun", data={"csrf_token": csrf(client)}).status_code == status
    assert kept(centre) == []
