"""What a page is like for people: whether it fits, can be read, and says what its controls are."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome

CONTRAST = """
const parse = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
const light = (c) => {
  const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const [r, g, b] = c.slice(0, 3).map((v) => linear(v / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (e) => {
  const layers = [];
  for (; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
  return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
};
const found = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const text = walk.currentNode.textContent.trim(), e = walk.currentNode.parentElement;
  if (!text || !e.checkVisibility() || e.closest(".sr, .skip, [aria-hidden=true], style")) continue;
  const back = behind(e), front = over(parse(getComputedStyle(e).color), back);
  const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${text.slice(0, 40)}`);
}
return found;
"""
WIDER = """
const wide = document.documentElement.clientWidth;
return [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && !e.closest(".sr, .skip, pre"))
  .filter((e) => e.getBoundingClientRect().right > wide + 1).map((e) => e.tagName + "." + e.className);
"""
SMALL = """
return [...document.querySelectorAll("button, .choice, .field input, .field textarea, .field select, summary")]
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 40)
  .map((e) => `${e.tagName} ${e.getBoundingClientRect().height}`);
"""
CONTROLS = {"button", "link", "textbox", "radio", "combobox", "checkbox", "heading", "DisclosureTriangle", "radiogroup"}
PHONE, DESK = 390, 820
"""Widths of screens, in CSS pixels."""
RULES = "{preload: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}"
FAILED = "(e) => done([{id: String(e), nodes: [{html: ''}]}])"
AXE = f"axe.run(document, {RULES}).then((r) => done(r.violations), {FAILED})"


def sized(browser: Chrome, width: int, height: int, *, scale: float = 1, mobile: bool = False) -> None:
    """Show pages as on a screen of this size; `scale` is what zooming in does to a pixel."""
    screen = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": mobile}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)


def in_the_dark(browser: Chrome, *, dark: bool) -> None:
    features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def whole_page(browser: Chrome, width: int, *, scale: float = 1, mobile: bool = False) -> None:
    """A screen as long as the page."""
    sized(browser, width, 600, scale=scale, mobile=mobile)
    sized(browser, width, int(browser.execute_script("return document.body.scrollHeight")), scale=scale, mobile=mobile)


def broken_rules(browser: Chrome) -> list[str]:
    """What axe-core finds against WCAG 2.2 level AA; it is put into the page by the browser, past the page's policy."""
    script = files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    browser.execute_script(script)
    found = browser.execute_async_script(f"const done = arguments[0]; {AXE}")
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def barriers(browser: Chrome, name: str, address: str) -> list[object]:
    """What keeps people out of a page: by day on a desktop, by night on a phone."""
    browser.get(address)
    found: list[object] = []
    for width, dark in ((1200, False), (PHONE, True)):
        sized(browser, width, 900, mobile=width == PHONE)
        in_the_dark(browser, dark=dark)
        seen = (broken_rules(browser), hard_to_read(browser), too_wide(browser), too_small(browser))
        if seen != ([], [], [], []):
            found.append((name, width, dark, *seen))
    return found


def unfit(browser: Chrome, file: Path, html: str, name: str) -> list[object]:
    """Where a mail does not fit, or cannot be read: on small and large screens, by day and by night."""
    file.write_text(html)
    found: list[object] = []
    for width in (320, PHONE, DESK):
        whole_page(browser, width, mobile=width < DESK)
        browser.get(file.as_uri())
        for dark in (False, True):
            in_the_dark(browser, dark=dark)
            seen = (too_wide(browser), hard_to_read(browser))
            if seen != ([], []):
                found.append((name, width, dark, *seen))
    return found


def hard_to_read(browser: Chrome) -> list[str]:
    """Texts with less contrast than WCAG 2.2 asks for (1.4.3, level AA: 4.5 to 1)."""
    return list(browser.execute_script(CONTRAST))


def too_wide(browser: Chrome) -> list[str]:
    """What reaches beyond the right edge (1.4.10: no scrolling in two directions)."""
    return list(browser.execute_script(WIDER))


def too_small(browser: Chrome) -> list[str]:
    """Controls a finger would miss (2.5.8 asks for 24 pixels)."""
    return list(browser.execute_script(SMALL))


def spoken(browser: Chrome) -> list[tuple[str, str]]:
    """Role and name of every control and heading, in the order a screen reader meets them."""
    nodes: list[dict[str, Any]] = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    seen = [node for node in nodes if not node.get("ignored") and _role(node) in CONTROLS]
    return [(_role(node), str(node.get("name", {}).get("value", ""))) for node in seen]


def _role(node: dict[str, Any]) -> str:
    return str(node.get("role", {}).get("value", ""))
