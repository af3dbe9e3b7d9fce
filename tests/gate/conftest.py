"""The builders of small diagrams stand beside the tests of the room."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "bpmn"))
sys.path.insert(0, str(Path(__file__).parent))
