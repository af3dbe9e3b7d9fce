"""Tests of the store make rows without an engine behind them: their cases run and wait for nothing."""

from __future__ import annotations

import pytest


def pytest_itemcollected(item: pytest.Item) -> None:
    """Says so of every test here."""
    item.add_marker(pytest.mark.leaves_stuck)
