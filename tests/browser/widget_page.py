"""A widget on a page, in a test's words, and the check that every widget must pass.

widget = WidgetPage(page, "coin_toss")
widget.answer("0.5")                    # type into the prediction gate, press Enter
widget.press("ArrowRight")
widget.data("tosses")                   # data-tosses of the widget's root
check_widget(widget, shots=tmp_path)
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

THEMES = ("JupyterLab Light", "JupyterLab Dark")
_CONTROLS = "button, select, input, textarea, summary, [tabindex='0']"


class WidgetPage:
    """The k-th widget of that name on a page."""

    def __init__(self, page: Any, name: str, k: int = 0) -> None:
        self.page = page
        self.name = name
        self.root = page.locator(f".mtf-widget[data-widget={name}]").nth(k)
        self.root.wait_for()
        self.root.scroll_into_view_if_needed()

    def data(self, key: str) -> str | None:
        """`data("step")` reads data-step of the root."""
        return self.root.evaluate("(e, key) => e.dataset[key] ?? null", key)

    def wait_for(self, key: str, value: Any) -> None:
        """Waits until data-key has that value."""
        self.page.wait_for_function(
            "([e, key, value]) => e.dataset[key] === value",
            arg=[self.root.element_handle(), key, str(value)],
            timeout=20_000,
        )

    def wait_for_text(self, text: str) -> None:
        """Waits until the narration contains the text."""
        self.root.locator(".mtf-sentence", has_text=text).wait_for(timeout=20_000)

    def sentence(self) -> str:
        return self.root.locator(".mtf-sentence").inner_text()

    def wait_until(self, condition: Callable[[], bool], otherwise: str) -> None:
        """Answers of the kernel may still be on their way: up to ten seconds."""
        for _ in range(100):
            if condition():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(otherwise)

    def problem(self) -> str:
        shown = self.root.locator(".mtf-problem")
        return shown.inner_text() if shown.is_visible() else ""

    def control(self, label: str) -> Any:
        """The control whose aria-label begins with that text."""
        return self.root.locator(f'[aria-label^="{label}"]').first

    def button(self, name: str) -> Any:
        return self.root.get_by_role("button", name=name).first

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def drag_slider(self, label: str, *values: float) -> None:
        """Moves a slider through these positions, as a drag does."""
        self.control(label).evaluate(
            """(e, values) => { for (const v of values) {
              e.value = v; e.dispatchEvent(new Event('input', { bubbles: true })); } }""",
            list(values),
        )

    def draw(self, label: str, points: list[tuple[float, float]]) -> None:
        """Draws a line with the mouse through points of a control, in shares of its size."""
        box = self.control(label).bounding_box()
        places = [(box["x"] + u * box["width"], box["y"] + v * box["height"]) for u, v in points]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*place, steps=10)
        self.page.mouse.up()

    def answer(self, *texts: str) -> None:
        """Answers the open questions: types, or chooses the radio button of that name."""
        gate = self.root.locator(".mtf-gate")
        gate.wait_for()
        fields = gate.locator("> label, > fieldset")
        for k, text in enumerate(texts):
            typed = fields.nth(k).locator("input[type=text]")
            if typed.count():
                typed.fill(text)
            else:
                fields.nth(k).locator(f'input[value="{text}"]').check()
        gate.get_by_role("button", name="Check").click()

    def show_me(self) -> None:
        """Skips all open questions."""
        while self.data("asking") is not None:
            self.button("Show me").click()

    def table(self) -> list[list[str]]:
        """The rows of the table view, which is opened if need be."""
        if not self.root.locator(".mtf-table").is_visible():
            self.button("Table (T)").click()
        rows = self.root.locator(".mtf-table tr").all()
        return [row.locator("th, td").all_inner_texts() for row in rows]

    def screenshot(self, folder: Path, suffix: str) -> None:
        """Also kept in the folder MINITF_SHOTS, if set, for people to look at."""
        path = Path(os.environ.get("MINITF_SHOTS") or folder) / f"{self.name}_{suffix}.png"
        self.root.screenshot(path=path)


def set_theme(page: Any, theme: str) -> None:
    page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    light = str("Light" in theme).lower()
    page.wait_for_function("light => document.body.dataset.jpThemeLight === light", arg=light)
    page.wait_for_selector("#jupyterlab-splash", state="detached")  # it dims the page meanwhile


def check_widget(widget: WidgetPage, shots: Path) -> None:
    """What every widget must be able to do; call `lab.check(page)` after it."""
    assert widget.root.get_attribute("role") == "group"
    assert widget.root.get_attribute("aria-label")
    sentence = widget.root.locator(".mtf-sentence")
    assert sentence.get_attribute("aria-live") == "polite"
    assert sentence.inner_text().strip(), "the narration is empty"
    for theme in THEMES:
        set_theme(widget.page, theme)
        widget.screenshot(shots, f"{theme.split()[1].lower()}_asking")
    _check_nothing_is_cut_off(widget)
    _check_gate(widget)
    widget.show_me()
    for theme in THEMES:
        set_theme(widget.page, theme)
        widget.screenshot(shots, theme.split()[1].lower())
    _check_nothing_is_cut_off(widget)
    _check_table(widget)
    _check_controls(widget)
    _check_tab_order(widget)
    _check_keys(widget)
    _check_mouse(widget)
    widget.wait_until(lambda: widget.problem() == "", "a problem stays on the page")


def _check_gate(widget: WidgetPage) -> None:
    """A question is answered by keyboard alone; what is wrong gets a word of help."""
    asked = widget.data("asking")
    if asked is None:
        return
    gate = widget.root.locator(".mtf-gate")
    gate.locator("input").first.focus()
    if gate.locator("input").first.get_attribute("type") == "radio":
        widget.press(" ")
    else:
        widget.page.keyboard.type("-987")
    widget.press("Enter")
    if widget.data("asking") == asked:  # or the first choice was the right one
        assert gate.locator(".mtf-verdict").inner_text().strip(), "no word on a wrong answer"


def _check_nothing_is_cut_off(widget: WidgetPage) -> None:
    """Controls hold their text; the letters of a plot lie inside it and not on each other."""
    faults = widget.root.evaluate(
        """(root) => {
          const faults = [], shown = (e) => e.checkVisibility() && e.textContent.trim();
          for (const e of root.querySelectorAll('button, .mtf-phase, .mtf-counter, legend')) {
            if (shown(e) && e.scrollWidth > e.clientWidth + 2 && e.clientWidth > 0)
              faults.push('cut off: ' + e.textContent);
          }
          for (const svg of root.querySelectorAll('svg.mtf-plot')) {
            const texts = [...svg.querySelectorAll('text')].filter(shown);
            const room = svg.getBoundingClientRect();
            const boxes = texts.map((e) => e.getBoundingClientRect());
            boxes.forEach((a, i) => {
              if (a.left < room.left - 1 || a.right > room.right + 1 || a.top < room.top - 2
                || a.bottom > room.bottom + 2) faults.push('outside: ' + texts[i].textContent);
              boxes.slice(0, i).forEach((b, j) => {
                const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                if (wide > 2 && high > 4)
                  faults.push(`overlap: ${texts[i].textContent} | ${texts[j].textContent}`);
              });
            });
          }
          return faults;
        }"""
    )
    assert faults == []


def _check_table(widget: WidgetPage) -> None:
    table = widget.root.locator(".mtf-table")
    assert table.is_hidden()
    widget.button("Table (T)").focus()
    widget.press("t")
    assert table.is_visible()
    assert table.locator("caption").count() > 0, "the table view is empty"
    assert table.locator("tbody tr").count() > 0, "the table view has no rows"
    widget.press("t")
    assert table.is_hidden()


def _check_controls(widget: WidgetPage) -> None:
    for control in _visible_controls(widget):
        what = control.evaluate("e => e.outerHTML.slice(0, 120)")
        named = control.evaluate(
            "e => Boolean(e.getAttribute('aria-label') || e.innerText?.trim() || e.labels?.length"
            " || e.querySelector?.('title') || e.tagName === 'LI')"
        )
        assert named, f"has no name: {what}"
        assert control.get_attribute("data-lm-suppress-shortcuts") == "true", f"use make(): {what}"
        if control.evaluate(
            "e => e.matches('button, select, input[type=range], input[type=text]')"
        ):
            box = control.bounding_box()
            assert min(box["width"], box["height"]) >= 24, f"too small: {what}"


def _check_tab_order(widget: WidgetPage) -> None:
    """Every control is reached by pressing Tab again and again."""
    widget.root.evaluate(
        """(root, selector) => {
          const seen = root.mtfSeen = new Set();
          root.addEventListener('focusin', (event) => seen.add(event.target));
          const all = [...root.querySelectorAll(selector)];
          all.find((e) => e.checkVisibility() && !e.disabled).focus();
          seen.add(document.activeElement);
        }""",
        _CONTROLS,
    )
    for _ in range(len(_visible_controls(widget)) + 5):
        widget.press("Tab")
    missed = widget.root.evaluate(
        """(root, selector) => [...root.querySelectorAll(selector)]
          .filter((e) => e.checkVisibility() && !e.disabled && e.type !== 'radio')
          .filter((e) => !root.mtfSeen.has(e))
          .map((e) => e.outerHTML.slice(0, 120))""",
        _CONTROLS,
    )
    assert missed == [], "not reached by Tab"


def _check_keys(widget: WidgetPage) -> None:
    """Sliders and lists answer to arrows; buttons can be pressed without an error."""
    for control in widget.root.locator("input[type=range]:visible").all():
        control.focus()
        before = control.input_value()
        widget.press("ArrowRight")
        widget.show_me()  # a step may ask first
        if control.input_value() == before:
            control.focus()
            widget.press("ArrowLeft")
        assert control.input_value() != before, control.evaluate("e => e.outerHTML")
    for control in widget.root.locator("select:visible").all():
        before = control.input_value()
        control.focus()
        widget.press("ArrowDown")
        if control.input_value() == before:
            widget.press("ArrowUp")
        assert control.input_value() != before, control.evaluate("e => e.outerHTML")
    for label in _button_labels(widget):
        found = widget.root.get_by_role("button", name=label, exact=True)
        if label and found.count() == 1 and found.is_enabled():
            found.focus()
            widget.press("Enter")
            widget.show_me()


def _check_mouse(widget: WidgetPage) -> None:
    """Sliders can be dragged and buttons clicked where they lie: nothing covers them."""
    for control in widget.root.locator("input[type=range]:visible").all():
        before = control.input_value()
        for start, end in ((0.2, 0.7), (0.7, 0.3)):
            if control.is_visible() and control.input_value() == before:
                _drag(widget, control, start, end)
                widget.show_me()
        assert control.input_value() != before, control.evaluate("e => e.outerHTML")
    for label in _button_labels(widget):
        found = widget.root.get_by_role("button", name=label, exact=True)
        if label and found.count() == 1 and found.is_visible() and found.is_enabled():
            found.click(timeout=10_000)
            widget.show_me()


def _button_labels(widget: WidgetPage) -> list[str | None]:
    """All at once: buttons may come and go with an answer of the kernel."""
    buttons = widget.root.locator("button:visible")
    return buttons.evaluate_all("all => all.map((e) => e.getAttribute('aria-label'))")


def _drag(widget: WidgetPage, control: Any, start: float, end: float) -> None:
    """Presses, moves and releases the mouse between two shares of a slider's width."""
    control.scroll_into_view_if_needed()
    box = control.bounding_box()
    y, mouse = box["y"] + box["height"] / 2, widget.page.mouse
    mouse.move(box["x"] + start * box["width"], y)
    mouse.down()
    mouse.move(box["x"] + end * box["width"], y, steps=5)
    mouse.up()


def _visible_controls(widget: WidgetPage) -> list[Any]:
    found = widget.root.locator(_CONTROLS).all()
    return [control for control in found if control.is_visible() and control.is_enabled()]
