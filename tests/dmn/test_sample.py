"""A file of decisions as a centre could draw it: the form of a service, its budget and its procedure."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import shipped
from engine.bpmn import dmn
from engine.errors import ExpressionFailed

PATH = Path(__file__).with_name("samples") / "forma_uslugi.dmn"
FILE = dmn.read(PATH.read_bytes())


@pytest.mark.parametrize(
    ("form", "amount", "sentence"),
    [
        ("UDPP", 50_000, "otwarty konkurs ofert, budżet gminy"),
        ("PZP", 170_000, "przetarg, budżet ops"),
        ("PZP", 169_999.99, "zamówienie uproszczone, budżet ops"),
        ("NGOOWN", 0, "porozumienie z organizacją, środki organizacji"),
        ("OWN", 0, "bez postępowania, budżet ops"),
    ],
)
def test_the_form_leads_to_its_procedure_and_budget(form: str, amount: float, sentence: str) -> None:
    found = dmn.evaluate(FILE, "podsumowanie", {"forma": form, "kwota": amount, "prog_pzp": 170_000})

    assert isinstance(found, dict)
    assert found["zdanie"] == sentence


def test_a_form_that_nobody_knows_stops() -> None:
    with pytest.raises(ExpressionFailed, match="forma"):
        dmn.evaluate(FILE, "tryb_wyboru", {"forma": "KONKURS", "kwota": 1, "prog_pzp": 2})


def test_the_file_passes_the_check_beside_what_is_shipped() -> None:
    assert shipped.check({PATH: PATH.read_bytes()}) == {PATH: ()}
    assert dmn.inputs(PATH.read_bytes(), "podsumowanie") == {"forma", "kwota", "prog_pzp"}
