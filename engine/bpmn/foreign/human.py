"""What a person fills in at a task: forms of other programs."""

from __future__ import annotations

import re
from functools import partial

from engine.bpmn import markup
from engine.bpmn.foreign import names, vendors, writing
from engine.bpmn.foreign.files import File
from engine.bpmn.foreign.places import short
from engine.bpmn.foreign.repairs import Found, change, remark
from engine.bpmn.gate import Known
from engine.bpmn.markup import Node

_FILE = re.compile(r"\.(?:form|html?|json|jsf|xhtml)$", re.IGNORECASE)


def forms(file: File, known: Known) -> Found:
    """A form of the same name is there, or has to be made."""
    for node in file.nodes("userTask"):
        found = markup.extension(node, "task")
        if found is not None and found.get("form"):
            continue
        said = _form(node)
        fields = _fields(node)
        if said and (same := names.same(said, known.forms)):
            yield change(
                node,
                "form",
                f"Ustaw formularz „{same}”.",
                partial(writing.task, node, "form", same),
                before=said,
                after=same,
            )
        elif said:
            yield remark(
                node,
                f"Formularza „{short(said)}” nie ma w ośrodku. Opublikuj go albo wpisz inny w modelerze.",
            )
        elif fields:
            listed = ", ".join(fields[:6]) + (" …" if len(fields) > 6 else "")
            yield remark(
                node, f"Pola zapisane w pliku ({listed}) nie są przenoszone. Opublikuj formularz z tymi polami."
            )


def _form(node: Node) -> str:
    """The bare name of the form that another program opens."""
    definition = vendors.zeebe(node, "formDefinition")
    said = vendors.said(node, "formKey") or vendors.said(node, "formRef")
    if definition is not None:
        said = said or next(
            (definition.get(one) for one in ("formId", "externalReference", "formKey") if definition.get(one)), ""
        )
    return _FILE.sub("", re.split(r"[/:]", said.strip())[-1]) if said else ""


def _fields(node: Node) -> list[str]:
    """Names of form fields that are drawn into the task itself."""
    found = [field for data in vendors.inside(node, "formData") for field in data]
    found += vendors.inside(node, "formProperty")
    labels = (one.get("label") or one.get("name") or one.get("id") or "" for one in found if isinstance(one.tag, str))
    return [one for one in labels if one]
