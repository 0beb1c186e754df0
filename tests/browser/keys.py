"""A person who has a keyboard alone: every stop is seen to be shown, and nothing is pressed that was not reached."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Locator, expect

from tests.browser.visit import PATIENCE_MS, Visit

MOST_STOPS = 400
HERE = "target => target === document.activeElement"
STOPS_BETWEEN = """
target => {
  const kinds = "a[href], button, input:not([type=hidden], [type=radio]), select, textarea, summary, [tabindex='0']";
  const stops = [...document.querySelectorAll(kinds)].filter((one) => !one.disabled && one.checkVisibility());
  const isBetween = (one) => {
    const follows = (from, to) => from.compareDocumentPosition(to) & Node.DOCUMENT_POSITION_FOLLOWING;
    return follows(document.activeElement, one) && follows(one, target) && one.tabIndex === 0;
  };
  return stops.filter(isBetween).length;
}
"""
"""At least so many presses are needed; a group of radio buttons takes another, so the last ones are looked at."""
IS_SHOWN = """
async target => {
  const hasLine = (one) => {
    const drawn = getComputedStyle(one);
    return drawn.outlineStyle !== "none" && parseFloat(drawn.outlineWidth) >= 1;
  };
  const isShown = () => {
    const around = target.closest(".search:focus-within");
    const dot = target.querySelector("circle");
    const isMarked = hasLine(target) || around && hasLine(around) || dot && getComputedStyle(dot).stroke !== "none";
    const box = target.getBoundingClientRect();
    return isMarked && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
  };
  for (let frame = 0; frame < 60 && !isShown(); frame++) await new Promise(requestAnimationFrame);
  return Boolean(isShown());
}
"""


@dataclass
class Keys:
    """The keyboard of a visit; `unseen` names what had the focus without showing it."""

    visit: Visit
    unseen: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Open a page and skip to its content, as a person with a keyboard does."""
        self.visit.go(path)
        self.visit.settle()
        self.into_the_page()

    def into_the_page(self) -> None:
        """Go to the content of the page by the link that is first on it."""
        skip = self.visit.page.locator(".skip")
        if not skip.count():
            return
        self.reach(skip)
        self.visit.page.keyboard.press("Enter")

    def reach(self, target: Locator) -> None:
        """Go on from where the focus is until it is on this, and see that it shows there."""
        expect(target).to_have_count(1, timeout=PATIENCE_MS)
        handle = target.element_handle()
        for _ in range(handle.evaluate(STOPS_BETWEEN)):
            self.visit.page.keyboard.press("Tab")
        for _ in range(MOST_STOPS):
            if handle.evaluate(HERE):
                break
            self.visit.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"{target} cannot be reached by Tab")
        if not handle.evaluate(IS_SHOWN):
            self.unseen.append(f"{self.visit.page.url}: {target}")

    def press(self, target: Locator, key: str = "Enter") -> None:
        """Reach this and press a key on it."""
        self.reach(target)
        self.visit.page.keyboard.press(key)

    def write(self, target: Locator, text: str) -> None:
        """Reach a field and write into it, over what it holds."""
        self.reach(target)
        self.visit.page.keyboard.press("Control+a")
        self.visit.page.keyboard.type(text)
