"""How quickly the widgets answer: milliseconds in JupyterLab, in headless Chromium.

    python benchmarks/widgets.py                        # every widget of the gallery
    python benchmarks/widgets.py loss_surface tape_view

`screen`: from a key press to the frame that shows its effect, without the kernel; 100 is allowed.
`kernel`: from the request of a widget to the answer of its Python half; 300 is allowed. Both are
the median over the presses, with the slowest behind it. Needs what the browser tests need.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT / "tests" / "viz" / "widgets")]

from gallery import code_cells, pieces, widget_name  # noqa: E402
from harness import find_chromium, running_lab  # noqa: E402
from widget_page import WidgetPage  # noqa: E402

LIMITS = {"screen": 100, "kernel": 300}  # milliseconds, from the course's aims
PRESSES = 12
# Widget -> (control, keys) pairs: the control's aria-label, and what to press again and again.
STEP, BACK = ("Step", ["ArrowRight"]), ("Step", ["ArrowLeft"])
ACTIONS: dict[str, list[tuple[str, list[str]]]] = {
    "secant_lens": [("step", ["ArrowRight"])],
    "graph_viewer": [STEP, BACK],
    "graph_playground": [("x", ["ArrowRight", "ArrowLeft"])],
    "tape_view": [STEP, BACK],
    "none_doctor": [("Next case", ["ArrowRight"])],
    "forward_vs_reverse": [STEP, BACK],
    "jacobian_painter": [("Clear", ["r", "c", "x"])],
    "broadcast_loom": [STEP, ("Shape of operand 1", ["Enter"])],
    "loss_surface": [("Step", ["ArrowLeft"]), ("learning rate", ["ArrowRight", "ArrowLeft"])],
    "fit_theatre": [("Step", ["ArrowLeft"]), ("learning rate", ["ArrowRight", "ArrowLeft"])],
    "training_monitor": [("Table", ["t"])],
    "net_inspector": [("image", ["ArrowRight"]), ("Look inside", ["ArrowDown", "ArrowUp"])],
    "digit_pad": [("Sample digits", ["ArrowRight", "Enter"])],
    "trace_theatre": [STEP, ("Step", ["p"])],
    "number_line16": [("loss times 2", ["ArrowRight"]), ("Back to the first", ["s"])],
}
# Notes, for every key press, when the next frame showed a change of the widget.
_WATCH = """root => {
  let pressed = null;
  root.mtfFrames = [];
  root.addEventListener('keydown', () => { pressed = performance.now(); }, true);
  new MutationObserver(() => {
    if (pressed === null) return;
    const since = pressed;
    pressed = null;
    requestAnimationFrame(() => setTimeout(() => root.mtfFrames.push(performance.now() - since)));
  }).observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
}"""


def main(names: list[str]) -> int:
    """Prints a table; 1 if a median is above its limit."""
    chosen = [path for path in pieces() if not names or widget_name(path) in names]
    unknown = set(names) - {widget_name(path) for path in chosen}
    if unknown:
        print(f"No widget is called {', '.join(sorted(unknown))}.")
        return 2
    chromium = find_chromium()
    if chromium is None:
        print("Chromium is not installed.")
        return 2
    print(f"{'widget':20} {'screen ms':>16} {'kernel ms':>16}   median (slowest)")
    slow = False
    with tempfile.TemporaryDirectory() as folder, running_lab(Path(folder), chromium) as lab:
        for path in chosen:
            name = widget_name(path)
            page = lab.open(f"{name}.ipynb", code_cells(path))
            times = measure(WidgetPage(page, name))
            lab.tidy()
            over = [k for k, found in times.items() if median(found) > LIMITS[k]]
            slow = slow or bool(over)
            remark = f"   above {LIMITS[over[0]]}" if over else ""
            print(f"{name:20} {shown(times['screen']):>16} {shown(times['kernel']):>16}{remark}")
    return int(slow)


def measure(widget: WidgetPage) -> dict[str, list[float]]:
    """The milliseconds of each key press, and of each answer of the kernel."""
    widget.show_me()
    silence(widget)
    widget.root.evaluate(_WATCH)
    kernel: list[float] = []
    for label, keys in ACTIONS[widget.name]:
        for k in range(PRESSES):
            widget.control(label).focus()
            answered = widget.data("answered")
            widget.press(keys[k % len(keys)])
            widget.page.wait_for_timeout(250)  # for a frame, and for an answer if one was asked
            silence(widget)
            if widget.data("answered") != answered:
                kernel.append(float(widget.data("latency") or 0))
    return {"screen": widget.root.evaluate("root => root.mtfFrames"), "kernel": kernel}


def silence(widget: WidgetPage) -> None:
    """From now on the widget asks nothing."""
    if widget.data("asking") is not None:
        widget.button("Stop asking").click()


def median(found: list[float]) -> float:
    return statistics.median(found) if found else 0.0


def shown(found: list[float]) -> str:
    return f"{median(found):.0f} ({max(found):.0f})" if found else "-"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
