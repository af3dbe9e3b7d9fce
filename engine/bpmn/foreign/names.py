"""Names as people spell them: compared without regard to case, accents and signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

ALIKE = 0.86


def words(name: str) -> tuple[str, ...]:
    """The words of a name in small letters without accents."""
    bare = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "L"))
    letters = "".join(one for one in bare if not unicodedata.combining(one))
    return tuple(re.findall(r"[^\W_]+", letters.casefold()))


def slug(name: str) -> str:
    """A name fit for an id: `Zasiłek celowy` → `zasilek_celowy`."""
    return "_".join(one for one in words(name) if one.isascii())


def same(name: str, known: Iterable[str]) -> str:
    """The one known name that is spelled the same but for case, accents and signs; "" when there is none."""
    wanted = words(name)
    found = [one for one in known if words(one) == wanted] if wanted else []
    return found[0] if len(found) == 1 else ""


def near(name: str, known: Iterable[str]) -> str:
    """The one known name that is probably meant; "" when there is none, or more than one."""
    wanted = set(words(name))
    every = sorted(known)
    if not wanted:
        return ""
    found = [one for one in every if wanted <= set(words(one)) or set(words(one)) <= wanted]
    if not found:
        spelled = {" ".join(words(one)): one for one in every}
        found = [spelled[one] for one in get_close_matches(" ".join(words(name)), list(spelled), 2, ALIKE)]
    return found[0] if len(found) == 1 else ""
