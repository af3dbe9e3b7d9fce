"""Shipped diagrams with random damage, the same on every run."""

from __future__ import annotations

import random
from collections.abc import Iterator

from hostile import SAFE, Case
from lxml import etree

from engine import shipped

BYTES, TREES = 120, 140
JUNK = (
    *("", "\u202e", "Start", "-1", "true", "${x}", "'; --", "x" * 3000),
    *("&amp;#0;", "a b", "=1 +", "P1Y", "R/PT1S", "../.."),
)


def cases() -> Iterator[Case]:
    """Damaged bytes first, then damaged trees."""
    files = [path.read_bytes() for path in sorted(shipped.PROCESSES.rglob("*.bpmn"))]
    for seed in range(BYTES):
        lots = random.Random(seed)
        yield Case(f"bytes {seed}", _bytes(lots.choice(files), lots), SAFE)
    for seed in range(TREES):
        lots = random.Random(1000 + seed)
        yield Case(f"tree {seed}", _tree(lots.choice(files), lots), SAFE)


def _bytes(data: bytes, lots: random.Random) -> bytes:
    for _ in range(lots.choice((1, 1, 3, 20))):
        at = lots.randrange(len(data))
        how = lots.randrange(4)
        if how == 0:
            data = data[:at] + bytes([lots.randrange(256)]) + data[at + 1 :]
        elif how == 1:
            data = data[:at] + data[at + lots.randrange(1, 40) :]
        elif how == 2:
            other = lots.randrange(len(data))
            data = data[:at] + data[other : other + lots.randrange(1, 400)] + data[at:]
        else:
            data = data[:at] + lots.choice(JUNK).encode() + data[at:]
    return data


def _tree(data: bytes, lots: random.Random) -> bytes:
    root = etree.fromstring(data)
    for _ in range(lots.choice((1, 2, 5, 15))):
        nodes = [one for one in root.iter() if isinstance(one.tag, str) and one is not root]
        _damage(lots.choice(nodes), lots.choice(nodes), lots)
    return etree.tostring(root)


def _damage(node: etree._Element, other: etree._Element, lots: random.Random) -> None:
    how = lots.randrange(6)
    if how == 0 and node.getparent() is not None:
        node.getparent().remove(node)
    elif how == 1 and node.attrib:
        node.set(lots.choice(sorted(node.attrib)), lots.choice(JUNK))
    elif how == 2 and node.attrib:
        del node.attrib[lots.choice(sorted(node.attrib))]
    elif how == 3:
        node.tag = other.tag
    elif how == 4 and other not in node.iter() and node is not other and other.getparent() is not None:
        node.append(other)
    else:
        node.text = lots.choice(JUNK)
