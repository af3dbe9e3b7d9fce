"""What a diagram may name in a centre."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a diagram may name in this centre."""

    roles: frozenset[str]
    forms: Mapping[str, frozenset[str]]  # form key: variables that its answers set
    processes: Mapping[str, bytes]  # key: file
    start_variables: frozenset[str] = field(default_factory=frozenset)  # names that are always there
    scopes: frozenset[str] = field(default_factory=frozenset)  # of authorisations
    decisions: Mapping[str, bytes] = field(default_factory=dict)  # id of a decision: DMN file it stands in
    terms: frozenset[str] = field(default_factory=frozenset)  # names of rules for terms
