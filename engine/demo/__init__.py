"""The demonstration centre: invented people, cases in every stage, some of them late."""

from engine.demo.loading import load

__all__ = ["load"]
