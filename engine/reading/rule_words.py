"""Says the simple tests and answers of a decision table in words; everything else stays FEEL."""

from __future__ import annotations

import re

VALUE = r'"[^"\\]*"|-?\d+(?:\.\d+)?|true|false|date\("[^"\\]*"\)'
LIST = re.compile(rf"(?:{VALUE})(?:\s*,\s*(?:{VALUE}))*")
ONE = re.compile(VALUE)
COMPARED = re.compile(rf"(<=|>=|<|>)\s*({VALUE}|[^\W\d]\w*)")
BETWEEN = re.compile(rf"\[\s*({VALUE})\s*\.\.\s*({VALUE})\s*\]")
NOT = re.compile(r"not\((.*)\)", re.S)
SIGNS = {"<": "mniej niż", "<=": "najwyżej", ">": "więcej niż", ">=": "co najmniej"}
TRUTHS = {"true": "tak", "false": "nie"}


def plain(text: str) -> str:
    """The test or answer in words, "" when only FEEL says it."""
    said = text.strip()
    if found := COMPARED.fullmatch(said):
        return f"{SIGNS[found[1]]} {_value(found[2])}"
    if found := BETWEEN.fullmatch(said):
        return f"od {_value(found[1])} do {_value(found[2])}"
    if LIST.fullmatch(said):
        return " albo ".join(_value(one) for one in ONE.findall(said))
    if found := NOT.fullmatch(said):
        inner = plain(found[1])
        return f"inne niż: {inner}" if inner else ""
    return ""


def _value(text: str) -> str:
    if text.startswith("date("):
        return text[6:-2]
    if re.fullmatch(r"-?\d+(?:\.\d+)?", text):
        whole, _, rest = text.partition(".")
        grouped = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", "\u00a0", whole)
        return f"{grouped},{rest}" if rest else grouped
    return TRUTHS.get(text, text.strip('"'))
