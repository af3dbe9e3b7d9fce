"""Cells of decision tables in words."""

import pytest

from engine.reading.rule_words import plain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"UDPP"', "UDPP"),
        ('"UDPP", "CUW"', "UDPP albo CUW"),
        ("true", "tak"),
        (">= 170000", "co najmniej 170\u00a0000"),
        ("< prog_pzp", "mniej niż prog_pzp"),
        ("<= -12.5", "najwyżej -12,5"),
        ("[18..67]", "od 18 do 67"),
        ('> date("2026-01-01")', "więcej niż 2026-01-01"),
        ('not("OWN", "UNIT")', "inne niż: OWN albo UNIT"),
        ("? > 3 and odd(?)", ""),
        ("not(x > 3)", ""),
        ("(18..67]", ""),
        ('"a" + "b"', ""),
        ("", ""),
    ],
)
def test_what_is_simple_is_said_in_words_and_the_rest_stays_feel(text: str, words: str) -> None:
    assert plain(text) == words
