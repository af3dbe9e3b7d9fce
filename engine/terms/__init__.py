"""Terms: rules of law or of the centre that yield a moment, each answer with its explanation."""

from engine.terms.counting import Due, check, due

__all__ = ["Due", "check", "due"]
