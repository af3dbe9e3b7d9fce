"""The hardened door through which a drawing or a layout reads BPMN files."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.markup import refused

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
NS = {"bpmn": MODEL, "bpmndi": DI, "dc": DC, "di": DD}


def parse(xml: bytes) -> etree._Element:
    """Read a file without DTD, entities or network, comments kept; the root is `bpmn:definitions`.

    Raises:
        DefinitionRejected: when the file is no XML, brings a DOCTYPE, or is no BPMN.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as cause:
        line = getattr(cause, "lineno", None) or 0
        raise refused("Plik nie jest poprawnym dokumentem XML.", line=line) from cause
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise refused("Plik zawiera deklarację DOCTYPE. Usuń ją i wczytaj plik ponownie.", line=1)
    if root.tag != f"{{{MODEL}}}definitions":
        raise refused("Plik nie jest diagramem BPMN 2.0.", line=1)
    return root


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for comments and foreign elements."""
    tag = element.tag
    if not isinstance(tag, str) or not tag.startswith(f"{{{MODEL}}}"):
        return ""
    return tag[len(MODEL) + 2 :]
