"""The small signs of BPMN as SVG path data, drawn around the point (0, 0)."""

from __future__ import annotations

# Signs of tasks, about 16 pixels wide. Each is (path, filled).
TASKS: dict[str, tuple[str, bool]] = {
    "userTask": (
        "M-3.4 -4a3.4 3.4 0 1 1 6.8 0a3.4 3.4 0 1 1 -6.8 0zM-6.5 7.5c0 -5 2.5 -6.5 6.5 -6.5s6.5 1.5 6.5 6.5z",
        True,
    ),
    "manualTask": (
        "M-7 -1l4.5 -5q1 -1 2 0l-1.6 2.4h8q1.5 .1 1.5 1.3t-1.5 1.3h-4.4h4.8q1.4 .2 1.4 1.3t-1.4 1.2h-4.8h4"
        "q1.3 .2 1.3 1.2t-1.3 1.1h-4h2.6q1.2 .2 1.2 1.1t-1.2 1h-6.1q-2.4 0 -4 -2l-1 -1.6",
        False,
    ),
    "serviceTask": (
        "M-1.2 -7.5h2.4l.4 2.1l1.6 .7l1.8 -1.2l1.7 1.7l-1.2 1.8l.7 1.6l2.1 .4v2.4l-2.1 .4l-.7 1.6l1.2 1.8l-1.7 1.7"
        "l-1.8 -1.2l-1.6 .7l-.4 2.1h-2.4l-.4 -2.1l-1.6 -.7l-1.8 1.2l-1.7 -1.7l1.2 -1.8l-.7 -1.6l-2.1 -.4v-2.4l2.1 -.4"
        "l.7 -1.6l-1.2 -1.8l1.7 -1.7l1.8 1.2l1.6 -.7zM-2.6 .8a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0 -5.2 0z",
        False,
    ),
    "scriptTask": (
        "M-3 -7.5h9q-5 4 -1.5 7.5t-1.5 7.5h-9q5 -4 1.5 -7.5t1.5 -7.5zM-3.5 -4h5.5M-3 -1h5.5M-1 2h5.5M-1.8 5h5.5",
        False,
    ),
    "businessRuleTask": ("M-8 -6.5h16v13h-16zM-8 -2.5h16M-8 2h16M-3 -2.5v9M-8 -5.5h16M-8 -4.5h16M-8 -3.5h16", False),
    "sendTask": ("M-8 -5h16l-8 6zM-8 -3.2l8 6l8 -6v8.2h-16z", True),
    "receiveTask": ("M-8 -5h16v10.5h-16zM-8 -5l8 6l8 -6", False),
}  # fmt: skip

# Signs of events, to fit into a circle of 36 pixels; what throws or ends is filled.
EVENTS: dict[str, str] = {
    "timer": "M-10 0a10 10 0 1 0 20 0a10 10 0 1 0 -20 0M0 -10v2.5M10 0h-2.5M0 10v-2.5M-10 0h2.5M0 0l1.5 -6.5M0 0h4.5",
    "message": "M-9 -6h18v12h-18zM-9 -6l9 7l9 -7",
    "error": "M-8 9l4 -15l6.5 8l5 -11l-4 17l-6.5 -8z",
    "escalation": "M0 -10l7.5 18l-7.5 -7l-7.5 7z",
    "signal": "M0 -9.5l9.5 15.5h-19z",
    "link": "M-9 -4h9v-5l10 9l-10 9v-5h-9z",
    "conditional": "M-7 -9h14v18h-14zM-5 -6h10M-5 -2h10M-5 2h10M-5 6h10",
    "compensate": "M-1 -7v14l-9 -7zM8 -7v14l-9 -7z",
    "cancel": "M-9 -6l3 -3l6 6l6 -6l3 3l-6 6l6 6l-3 3l-6 -6l-6 6l-3 -3l6 -6z",
    "terminate": "M-9.5 0a9.5 9.5 0 1 0 19 0a9.5 9.5 0 1 0 -19 0",
    "multiple": "M0 -10l9.5 7l-3.6 11h-11.8l-3.6 -11z",
    "parallelMultiple": "M-3 -9.5h6v6.5h6.5v6h-6.5v6.5h-6v-6.5h-6.5v-6h6.5z",
}
FILLED = {"message": "M-9 -6h18l-9 7zM-9 -4l9 7l9 -7v10h-18z"}
ALWAYS_LINES = frozenset({"timer", "conditional"})

# Signs of gateways, and the width of their lines.
GATEWAYS: dict[str, tuple[str, float]] = {
    "exclusiveGateway": ("M-7.5 -8.5l15 17M7.5 -8.5l-15 17", 3.2),
    "parallelGateway": ("M0 -12v24M-12 0h24", 3.4),
    "inclusiveGateway": ("M-11 0a11 11 0 1 0 22 0a11 11 0 1 0 -22 0", 3),
    "complexGateway": ("M0 -12v24M-12 0h24M-8 -8l16 16M8 -8l-16 16", 3),
    "eventBasedGateway": (
        "M-13.5 0a13.5 13.5 0 1 0 27 0a13.5 13.5 0 1 0 -27 0M-11 0a11 11 0 1 0 22 0a11 11 0 1 0 -22 0"
        "M0 -7l6.7 4.9l-2.6 7.8h-8.2l-2.6 -7.8z",
        1.2,
    ),
}

# Markers at the lower edge of an activity, about 14 pixels wide. Each is (path, filled).
MARKERS: dict[str, tuple[str, bool]] = {
    "inside": ("M-7 -7h14v14h-14zM0 -4.5v9M-4.5 0h9", False),
    "loop": ("M-3.5 5a6 6 0 1 1 4.5 .9M-7.5 4.8l4.4 .6l-.2 -4.6", False),
    "parallel": ("M-5 -6v12M0 -6v12M5 -6v12", False),
    "sequential": ("M-6 -5h12M-6 0h12M-6 5h12", False),
    "adhoc": ("M-7 2c2 -6 5 -6 7 -2s5 4 7 -2v3c-2 6 -5 6 -7 2s-5 -4 -7 2z", True),
    "compensation": ("M-.5 -6v12l-7 -6zM6.5 -6v12l-7 -6z", False),
}

TICK = "M-4.5 .2l3.2 3.4l6 -6.8"
