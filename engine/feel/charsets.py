"""Sets of characters as patterns write them: ranges, Unicode categories and blocks, complements, differences."""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import category

BLOCKS = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "IPAExtensions": (0x0250, 0x02AF),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Armenian": (0x0530, 0x058F),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Devanagari": (0x0900, 0x097F),
    "Thai": (0x0E00, 0x0E7F),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "BoxDrawing": (0x2500, 0x257F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7A3),
}
_SUBCATEGORIES = {"L": "ultmo", "M": "nce", "N": "dlo", "P": "cdseifo", "Z": "slp", "S": "mcko", "C": "cfon"}
CATEGORIES = frozenset(major + minor for major, minors in _SUBCATEGORIES.items() for minor in ("", *minors))


@dataclass(frozen=True)
class CharSet:
    """Characters in one of the ranges, categories or other sets; all others when `negated`; never those of `minus`."""

    ranges: tuple[tuple[int, int], ...] = ()
    categories: tuple[str, ...] = ()
    sets: tuple[CharSet, ...] = ()
    negated: bool = False
    minus: CharSet | None = None

    def holds(self, char: str, any_case: bool) -> bool:
        """True when the character belongs to the set, in any case of it if so wished."""
        codes = [ord(form) for form in _cases(char)] if any_case else [ord(char)]
        found = (
            any(low <= code <= high for low, high in self.ranges for code in codes)
            or any(category(char).startswith(name) for name in self.categories)
            or any(inner.holds(char, any_case) for inner in self.sets)
        )
        if found == self.negated:
            return False
        return self.minus is None or not self.minus.holds(char, any_case)


def _cases(char: str) -> set[str]:
    forms = {char, char.lower(), char.upper(), char.casefold()}
    forms |= {form.upper() for form in forms}
    return {form for form in forms if len(form) == 1}


def one(char: str) -> CharSet:
    """The set of just that character."""
    return CharSet(((ord(char), ord(char)),))


def complement(inner: CharSet) -> CharSet:
    """All characters that the set does not hold."""
    return CharSet(sets=(inner,), negated=True)


ANYTHING = CharSet(negated=True)
NO_LINE_END = CharSet(((10, 10), (13, 13)), negated=True)
_SPACE = CharSet(((9, 10), (13, 13), (32, 32)))
_DIGIT = CharSet(categories=("Nd",))
_WORD = CharSet(categories=("P", "Z", "C"), negated=True)
_INITIAL = CharSet(((58, 58), (95, 95)), categories=("L", "Nl"))
_NAME = CharSet(((45, 46), (58, 58), (95, 95), (183, 183)), categories=("L", "Nl", "Nd", "M"))
CLASSES = {"s": _SPACE, "d": _DIGIT, "w": _WORD, "i": _INITIAL, "c": _NAME}
CLASSES |= {name.upper(): complement(inner) for name, inner in CLASSES.items()}
