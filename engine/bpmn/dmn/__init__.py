"""Decisions: DMN 1.1 to 1.5 files read, checked and computed, with FEEL as their only language."""

from engine.bpmn.dmn.checking import check, inputs
from engine.bpmn.dmn.evaluation import Decided, decide, evaluate
from engine.bpmn.dmn.kept import Kept, packed
from engine.bpmn.dmn.model import Decision, File
from engine.bpmn.dmn.reading import read

__all__ = ["Decided", "Decision", "File", "Kept", "check", "decide", "evaluate", "inputs", "packed", "read"]
