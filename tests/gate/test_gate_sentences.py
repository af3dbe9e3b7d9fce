"""Every sentence of the gate is short, Polish and ends with a full stop; the trial finds nothing that rules missed."""

from __future__ import annotations

import re

import hostile
import hostile_expressions
import mutations
import pytest
from test_hostile_corpus import KNOWN
from test_rules_of_bpmn import ALLOWED, REFUSED

from engine.bpmn import gate, parser
from engine.bpmn.gate import guard, trial
from engine.errors import DefinitionRejected

LONGEST = 160
ENGLISH = re.compile(r"\b(the|is|not|must|invalid|error|none|null|true|false|unknown|expected)\b|Traceback|<|0x", re.I)
SLOW = 100_000  # bytes of a file that is only checked in a process of its own
FILES = {
    **{name: xml for name, (xml, _, _) in REFUSED.items()},
    **ALLOWED,
    **{one.name: one.data for one in hostile.files() if len(one.data) < SLOW and "instances" not in one.name},
    **{one.name: one.data for one in hostile_expressions.cases() if not one.name.startswith("bomb")},
    **{one.name: one.data for one in mutations.cases() if one.name.endswith(("1", "5"))},
}


def plain(message: str) -> str:
    """The sentence without what it quotes from the file."""
    return re.sub(r"„[^”]*”", "„”", message)


@pytest.mark.parametrize("name", FILES)
def test_sentences_are_short_and_polish(name: str) -> None:
    for one in gate.rules(FILES[name], KNOWN):
        assert len(one.message) <= LONGEST, one.message
        assert one.message.endswith("."), one.message
        assert "\n" not in one.message
        assert not ENGLISH.search(plain(one.message).replace('isExecutable="true"', "")), one.message


@pytest.mark.parametrize("message", [guard.TOO_LONG, guard.BROKEN, guard.AWAY, trial.TOO_MUCH, trial.ENDLESS])
def test_sentences_about_the_checking_itself_are_short_too(message: str) -> None:
    assert len(message) <= LONGEST
    assert message.endswith(".")


@pytest.mark.parametrize("name", FILES)
def test_what_the_parser_refuses_the_rules_have_told_at_that_element(name: str) -> None:
    told = [one for one in gate.rules(FILES[name], KNOWN) if one.severity == "error"]
    try:
        parser.parse(FILES[name])
    except DefinitionRejected:
        assert told


@pytest.mark.parametrize("name", [*ALLOWED])
def test_the_trial_finds_nothing_new(name: str) -> None:
    assert [one.message for one in trial.run(ALLOWED[name], KNOWN) if one.severity == "error"] == []
