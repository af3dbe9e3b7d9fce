"""How wide a text is and where its lines break, without a font at hand."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

LINE = 1.2  # line height in parts of the type size
SPARE = 1.04  # the faces in use differ by a few parts in a hundred

# Widths of Arial and its metric twins in thousandths of the type size; a letter not named here is 556 wide.
WIDTHS = {
    222: "ijl'|",
    278: "ftI .,:;!/\\[]()ł-",
    333: 'r"„”*',
    500: "ckszvxyJ",
    584: "+<>=~",
    611: "FTZL–",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "mM",
    944: "W",
    1000: "—…@%",
}
WIDTH_OF = {letter: width for width, letters in WIDTHS.items() for letter in letters}


@lru_cache(maxsize=4096)
def width(text: str, size: float) -> float:
    """The width of one line in pixels; a little too wide rather than too narrow."""
    plain = unicodedata.normalize("NFD", text)
    return sum(WIDTH_OF.get(c, 556) for c in plain if not unicodedata.combining(c)) * size * SPARE / 1000


@lru_cache(maxsize=4096)
def wrap(text: str, limit: float, size: float) -> tuple[str, ...]:
    """Break a text into lines of at most `limit` pixels; a single word that is too long is cut.

    Short words that Polish does not leave at a line's end (i, w, z, o, na) go to the next line where it fits.
    """
    lines: list[str] = []
    for word in _glued(text):
        if lines and width(f"{lines[-1]} {word}", size) <= limit:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.extend(_cut(word, limit, size))
    return tuple(lines)


def block(text: str, limit: float, size: float) -> tuple[float, float]:
    """Width and height of a text broken at `limit`."""
    lines = wrap(text, limit, size)
    return max((width(line, size) for line in lines), default=0), len(lines) * size * LINE


def _glued(text: str) -> list[str]:
    words: list[str] = []
    for word in text.split():
        if words and len(words[-1]) == 1 and words[-1].isalpha():
            words[-1] = f"{words[-1]} {word}"
        else:
            words.append(word)
    return words


def _cut(word: str, limit: float, size: float) -> list[str]:
    if width(word, size) <= limit:
        return [word]
    if " " in word:
        return [part for piece in word.split(" ") for part in _cut(piece, limit, size)]
    if "-" in word[1:-1]:
        head, _, tail = word.partition("-")
        return [*_cut(head + "-", limit, size), *_cut(tail, limit, size)]
    end = max(n for n in range(1, len(word)) if n == 1 or width(word[:n] + "-", size) <= limit)
    return [word[:end] + "-", *_cut(word[end:], limit, size)]
