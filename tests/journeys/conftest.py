"""A real Chromium, and a centre for it to look at. A missing Chromium fails these tests, it never skips them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from office import Office, serving, settled
from playwright.sync_api import Browser, sync_playwright
from visitor import Visitor

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=pl",
]
WAIT = 15_000  # milliseconds until a condition that does not come fails the test

Enter = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this test session."""
    program = os.environ.get("BIEG_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.fail("these tests need Chromium: install it, or name it in BIEG_CHROMIUM")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def centre_without_cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """People, authorisations, processes and forms."""
    return settled(tmp_path_factory.mktemp("centre") / "data", cases=False)


@pytest.fixture(scope="session")
def centre_with_cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole demonstration centre."""
    return settled(tmp_path_factory.mktemp("demonstration") / "data", cases=True)


@pytest.fixture
def new_office(centre_without_cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A centre where no case has begun yet."""
    with serving(centre_without_cases, tmp_path / "data", monkeypatch) as office:
        yield office


@pytest.fixture
def busy_office(centre_with_cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A centre with cases in every stage."""
    with serving(centre_with_cases, tmp_path / "data", monkeypatch) as office:
        yield office


@pytest.fixture
def enter(chromium: Browser) -> Iterator[Enter]:
    """Lets a person in, signed in when a login is given; at the end nothing may have been complained about."""
    inside: list[Visitor] = []

    def let_in(office: Office, login: str = "", **settings: object) -> Visitor:
        look = {"viewport": {"width": 1366, "height": 900}, "locale": "pl-PL", **settings}
        context = chromium.new_context(**look)  # type: ignore[arg-type]
        context.set_default_timeout(WAIT)
        inside.append(Visitor(office, context, login))
        if login:
            inside[-1].sign_in()
        return inside[-1]

    yield let_in
    complaints = [one for visitor in inside for one in visitor.complaints]
    for visitor in inside:
        visitor.context.close()
    assert complaints == []
