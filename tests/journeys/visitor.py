"""A person at the browser."""

from __future__ import annotations

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from office import Office
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

from engine.demo.people import PASSWORD

SHOTS = Path(__file__).resolve().parent.parent / "shots"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
AXE = Axe()
WIDTHS = (1366, 390, 320)
# What a browser says of every answer with such a status; the page itself is what is looked at.
ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of (403|404|409|422)")


class Visitor:
    """Somebody who looks at pages; what the browser complains about is kept in `complaints`."""

    def __init__(self, office: Office, context: BrowserContext, login: str = "") -> None:
        self.office = office
        self.context = context
        self.login = login
        self.complaints: list[str] = []
        self.page: Page = self._watched(context.new_page())

    def _watched(self, page: Page) -> Page:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not ANSWERED.match(message.text):
            self.complaints.append(f"{message.type}: {message.text}")

    def new_tab(self) -> Page:
        """Close the tab and open another one, in the same browser."""
        self.page.close()
        self.page = self._watched(self.context.new_page())
        return self.page

    def open(self, path: str) -> Response:
        """Go to a page, signing in when the session is over."""
        answer = self.page.goto(self.office.url + path)
        if self.login and "/logowanie" in self.page.url and not path.startswith("/logowanie"):
            self.sign_in()
            answer = self.page.goto(self.office.url + path)
        assert answer is not None
        return answer

    def sign_in(self) -> None:
        self.page.goto(self.office.url + "/logowanie")
        self.page.get_by_label("Login", exact=True).fill(self.login)
        self.page.get_by_label("Hasło", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Zaloguj", exact=True).click()
        self.page.wait_for_url("**/zadania")

    def press(self, name: str) -> None:
        """Press a button of this name and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def shot(self, name: str) -> None:
        """Keep a picture for people to look at."""
        SHOTS.mkdir(exist_ok=True)
        self.page.evaluate("document.fonts.ready")
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    def violations(self) -> list[str]:
        """What axe finds on this page."""
        found = AXE.run(self.page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
        return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]

    def findings(self, name: str) -> list[str]:
        """What is wrong with the page that is open, at each width; a picture of each is kept."""
        wrong, before = [], self.page.viewport_size
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 844})
            if over := self.overflow():
                wrong.append(f"{name}: {over} px wider than a window of {width} px")
            if width != 320:
                wrong += [f"{name}, {width} px: {one}" for one in self.violations()]
                self.shot(f"{name}-{width}")
        if before is not None:
            self.page.set_viewport_size(before)
        return wrong

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        wide: int = self.page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth")
        return wide
