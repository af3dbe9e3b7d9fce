"""Foreign files: opened with all that stands in them, walked through, written back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from engine.bpmn import markup
from engine.bpmn.foreign.repairs import Repair
from engine.bpmn.foreign.vendors import DRAFTS, PREFIXES
from engine.bpmn.markup import Node

_ROOT = re.compile(r"<(?P<prefix>[\w.-]+:)?definitions(?=[\s>/])(?P<rest>[^>]*)>")
_DECLARED = re.compile(r"\bxmlns:([\w.-]+)\s*=")
_USED = re.compile(r"[<\s/]([A-Za-z][\w.-]*):[A-Za-z]")
_ENCODING = re.compile(r"""\A(\s*<\?xml[^>]*?)\s+encoding\s*=\s*["'][^"']*["']""")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass
class File:
    """A file that is being repaired. Lanes are looked up once: repairs rename them, they never move a step."""

    root: Node

    @cached_property
    def lane_of(self) -> Mapping[str, Node]:
        """The innermost lane of each step that is put into one."""
        refs = self.root.iter(f"{{{markup.BPMN}}}flowNodeRef")
        return {markup.text(ref): ref.getparent() for ref in refs}  # outer lanes come first, so inner ones stay

    @property
    def processes(self) -> list[Node]:
        """All processes, with or without steps."""
        found: list[Node] = self.root.findall(f"{{{markup.BPMN}}}process")
        return found

    @property
    def running(self) -> list[Node]:
        """The process that is to run; as long as that is open, all that have steps."""
        marked = [one for one in self.processes if markup.says(one, "isExecutable")]
        return marked if len(marked) == 1 else [one for one in self.processes if filled(one)]

    def nodes(self, *kinds: str) -> Iterator[Node]:
        """Elements of BPMN with these names in the process that is to run, in the order of the file."""
        for process in self.running:
            yield from process.iter(*(f"{{{markup.BPMN}}}{kind}" for kind in kinds))

    def steps(self) -> Iterator[Node]:
        """All steps of the process that is to run."""
        return self.nodes(*sorted(markup.FLOW_NODES))

    def participants(self) -> list[Node]:
        """The pools."""
        found: list[Node] = self.root.findall(f"{{{markup.BPMN}}}collaboration/{{{markup.BPMN}}}participant")
        return found

    def lanes(self, process: Node) -> Iterator[Node]:
        """The lanes of a process, outer ones before those in them."""
        found: Iterator[Node] = process.iter(f"{{{markup.BPMN}}}lane")
        return found

    def xml(self) -> bytes:
        """The file as bytes."""
        written: bytes = etree.tostring(self.root.getroottree(), encoding="UTF-8", xml_declaration=True)
        return written


def filled(process: Node) -> bool:
    """True when a process has steps."""
    return next(markup.flow_nodes(process), None) is not None


def open_file(xml: bytes) -> File:
    """A file with its comments and all extensions.

    Raises:
        DefinitionRejected: when it is no BPMN, or holds what no file may hold.
    """
    markup.open_file(xml)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return File(root=etree.fromstring(xml, parser))


def readable(xml: bytes) -> tuple[bytes, tuple[Repair, ...]]:
    """The file in UTF-8 with all its namespaces named, and what was done for it."""
    done = []
    text = _text(xml)
    if text is None:
        return xml, ()
    if xml.startswith(UTF_16):
        done.append(_whole("encoding", "Zapisz plik w kodowaniu UTF-8.", "UTF-16", "UTF-8"))
        text = _ENCODING.sub(r"\1", text, count=1)
    named = _named(text)
    if named != text:
        title = "Uzupełnij nagłówek pliku o brakujące nazwy (przestrzenie nazw XML)."
        done.append(_whole("namespaces", title, "", "BPMN 2.0"))
    if not done:
        return xml, ()
    encoding = "utf-8" if xml.startswith(UTF_16) else _encoding(xml)
    return named.encode(encoding), tuple(done)


def own(xml: bytes) -> bytes:
    """The file with our own namespace named at its root, so that what is added to it reads well."""
    text = _text(xml)
    root = _ROOT.search(text) if text is not None else None
    if text is None or root is None or re.search(r"\bxmlns:bieg\s*=", root[0]):
        return xml
    place = root.end("rest") - (1 if root["rest"].endswith("/") else 0)
    return f'{text[:place]} xmlns:bieg="{markup.BIEG}"{text[place:]}'.encode(_encoding(xml))


def _named(text: str) -> str:
    """Only declarations are added or set right; nothing else is touched."""
    root = _ROOT.search(text)
    if root is None:
        return text
    start = root[0]
    for draft in DRAFTS:
        start = re.sub(rf"""(xmlns(?::[\w.-]+)?\s*=\s*)(["']){re.escape(draft)}/?\2""", rf"\1\2{markup.BPMN}\2", start)
    known = set(_DECLARED.findall(text))
    missing = [one for one in dict.fromkeys(_USED.findall(text)) if one in PREFIXES and one not in known]
    added = "".join(f' {"xmlns:"}{one}="{PREFIXES[one]}"' for one in missing)
    if not root["prefix"] and not re.search(r"\bxmlns\s*=", start):
        added += f' xmlns="{markup.BPMN}"'
    place = len(start) - (2 if start.endswith("/>") else 1)
    return text[: root.start()] + start[:place] + added + start[place:] + text[root.end() :]


def _whole(kind: str, title: str, before: str, after: str) -> Repair:
    return Repair(id=kind, title=title, elements=(), before=before, after=after)


def _encoding(xml: bytes) -> str:
    found = re.match(rb"""\s*(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""", xml)
    return found[1].decode("ascii") if found else "utf-8"


def _text(xml: bytes) -> str | None:
    """The file as text, None when it is not in the encoding that it names."""
    try:
        return xml.decode("utf-16") if xml.startswith(UTF_16) else xml.decode(_encoding(xml))
    except (UnicodeDecodeError, LookupError):
        return None
