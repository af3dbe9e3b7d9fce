"""`Wczytaj diagram`: a file is looked into, repaired and published; it travels with the page, nothing is kept."""

from __future__ import annotations

import base64
import re
import zlib

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import loading
from engine.errors import Conflict, DefinitionRejected, EngineError, InputRejected, Unavailable
from engine.reading import loading as looks
from web import context
from web.guard import needs
from web.render import page

blueprint = Blueprint("loading", __name__, url_prefix="/procesy/wczytaj")

LARGEST = 2 * 1024 * 1024  # bytes of a file
CARRIED = 1_900_000  # characters of a packed file that still fit into a form
LONGEST_NAME = 100
NO_FILE = "Wybierz plik z diagramem (.bpmn, .xml) albo z tabelą decyzji (.dmn)."
TOO_LARGE = "Plik jest za duży. Największy dozwolony ma 2 MB. Podziel diagram na mniejsze procesy."
LOST = "Nie udało się odczytać pliku z tej strony. Wczytaj go jeszcze raz."
NOTHING_CHOSEN = "Zaznacz przynajmniej jedną poprawkę."
NO_CHANGE = "Zaznaczone poprawki niczego już nie zmieniają."


class _Refused(Exception):
    """The request brings no file that could be looked into; says why."""


@blueprint.get("")
@needs(Right.PUBLISH)
def form() -> ResponseReturnValue:
    """Choose a file."""
    return page("loading.html", found=None)


@blueprint.post("")
@needs(Right.PUBLISH)
def load() -> ResponseReturnValue:
    """Look into the file that was chosen."""
    try:
        xml, name = _sent()
    except _Refused as refused:
        return page("loading.html", found=None, error=str(refused)), 422
    return _shown(xml, name)


@blueprint.post("/popraw")
@needs(Right.PUBLISH)
def repair() -> ResponseReturnValue:
    """Do the repairs that were ticked."""
    try:
        xml, name = _carried()
    except _Refused as refused:
        return page("loading.html", found=None, error=str(refused)), 422
    chosen = [one for one in request.form.getlist("napraw") if one]
    if not chosen:
        return _shown(xml, name, error=NOTHING_CHOSEN)
    try:
        with context.look() as work:
            repaired = loading.repair(work, xml, chosen)
    except EngineError as failed:
        return _shown(xml, name, error=failed.message)
    if repaired == xml:
        return _shown(xml, name, error=NO_CHANGE)
    return _shown(repaired, name, done=True)


@blueprint.post("/sprawdz")
@needs(Right.PUBLISH)
def look_again() -> ResponseReturnValue:
    """Check the same file once more, after it could not be checked."""
    try:
        return _shown(*_carried())
    except _Refused as refused:
        return page("loading.html", found=None, error=str(refused)), 422


@blueprint.post("/pobierz")
@needs(Right.PUBLISH)
def download() -> ResponseReturnValue:
    """The file as it is now."""
    try:
        xml, name = _carried()
    except _Refused as refused:
        return page("loading.html", found=None, error=str(refused)), 422
    answer = Response(xml, mimetype="application/xml")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@blueprint.post("/opublikuj")
@needs(Right.PUBLISH)
def publish() -> ResponseReturnValue:
    """Put the file into use."""
    try:
        xml, name = _carried()
    except _Refused as refused:
        return page("loading.html", found=None, error=str(refused)), 422
    try:
        with context.look() as work:
            loading.refuse_unfit(work, xml)
        with context.work() as work:
            made = loading.publish(work, context.person(), xml)
    except DefinitionRejected:
        return _shown(xml, name, error="Tego pliku nie można jeszcze opublikować. Popraw błędy z tabeli poniżej.")
    except (Conflict, InputRejected, Unavailable) as failed:
        return _shown(xml, name, error=failed.message)
    flash(f"Opublikowano „{made.name}” jako wersję {made.version}.", "good")
    return redirect(url_for("decisions.page" if made.decisions else "definitions.page", key=made.key))


def _shown(xml: bytes, name: str, *, error: str = "", done: bool = False) -> ResponseReturnValue:
    """The page of a file; with an error it answers 422."""
    try:
        with context.look() as work:
            told = loading.inspect(work, xml)
            found = looks.page(work, xml, told.problems, told.explanation, is_decisions=told.decisions)
    except Unavailable as failed:
        return page("loading.html", found=None, error=failed.message, name=name, packed=_packed(xml)), 503
    answer = page("loading.html", found=found, told=told, name=name, packed=_packed(xml), error=error, done=done)
    return (answer, 422) if error else answer


def _sent() -> tuple[bytes, str]:
    file = request.files.get("plik")
    if file is None or not file.filename:
        raise _Refused(NO_FILE)
    xml = file.stream.read(LARGEST + 1)
    if not xml.strip():
        raise _Refused("Ten plik jest pusty. Zapisz diagram w modelerze i wczytaj go jeszcze raz.")
    if len(xml) > LARGEST:
        raise _Refused(TOO_LARGE)
    return xml, _clean(file.filename)


def _carried() -> tuple[bytes, str]:
    """The file that the page itself carries."""
    unpacker = zlib.decompressobj()
    try:
        packed = base64.urlsafe_b64decode(request.form.get("_plik", "").encode("ascii"))
        xml = unpacker.decompress(packed, LARGEST)
    except (ValueError, zlib.error) as cause:
        raise _Refused(LOST) from cause
    if not xml or not unpacker.eof:
        raise _Refused(LOST)
    return xml, _clean(request.form.get("_nazwa", ""))


def _packed(xml: bytes) -> str:
    """The file as a form can carry it, "" when it is too much for one."""
    packed = base64.urlsafe_b64encode(zlib.compress(xml, 9)).decode("ascii")
    return packed if len(packed) <= CARRIED else ""


def _clean(name: str) -> str:
    """A name that any file system takes."""
    bare = re.sub(r"[^\w .()-]", "_", name.replace("\\", "/").rpartition("/")[2]).strip(" .")
    return bare[-LONGEST_NAME:] or "diagram.bpmn"
