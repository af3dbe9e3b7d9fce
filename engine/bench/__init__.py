"""What this build takes for the things a centre does all day, measured on throw-away databases."""

from engine.bench import deeds, visiting
from engine.bench.figures import Figure
from engine.bench.running import run

__all__ = ["Figure", "deeds", "run", "visiting"]
