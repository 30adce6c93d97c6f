"""Chapter 13 in a learner's hands: its training is stopped, the network inspected, a digit drawn.

The chapter runs as it is, but that its CNN would train for hours: the button alone ends it.
"""

import json

from harness import READY, ROOT
from widget_page import WidgetPage

ENDLESS = ("my_cnn, epochs=5,", "my_cnn, epochs=5000,")
SEVEN = [(0.3, 0.2), (0.68, 0.2), (0.45, 0.85)]
_SCROLL_TO = """id => {
  const notebook = jupyterapp.shell.currentWidget.content;
  const cell = notebook.widgets.findIndex((one) => one.model.id === id);
  return notebook.scrollToItem(cell, 'start');
}"""


def start_the_chapter(lab, name):
    """Runs all cells and does not wait for them."""
    text = (ROOT / "notebooks" / "13_mnist.ipynb").read_text(encoding="utf-8")
    assert text.count(ENDLESS[0]) == 1
    notebook = json.loads(text.replace(*ENDLESS))
    end = {"cell_type": "code", "id": "the-end", "source": f"print({READY!r})"}
    notebook["cells"].append(end | {"metadata": {}, "outputs": [], "execution_count": None})
    (lab.folder / name).write_text(json.dumps(notebook), encoding="utf-8")
    page = lab.show(name)
    # in braces: the promise of the command would be waited for until all cells have run
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")
    return page


def widget_of(page, cell, name, k=0):
    """The widget that the cell shows; cells out of sight are drawn when scrolled to."""
    page.evaluate(_SCROLL_TO, cell)
    return WidgetPage(page, name, k)


def stop_the_training(page):
    page.evaluate(_SCROLL_TO, "13-train_cnn")
    third = page.locator(".mtf-widget[data-widget=training_monitor]").nth(2)
    third.wait_for(timeout=120_000)
    monitor = WidgetPage(page, "training_monitor", 2)
    page.wait_for_function(
        "root => Number(root.dataset.points) > 50", arg=monitor.root.element_handle()
    )
    assert monitor.data("phase") == "training"
    monitor.button("Stop training (S)").click()
    page.locator(".jp-OutputArea-output pre", has_text=READY).wait_for(timeout=60_000)
    monitor = widget_of(page, "13-train_cnn", "training_monitor", 2)
    monitor.wait_for("phase", "stopped")
    assert "of 625000: loss" in monitor.sentence()


def look_inside(page):
    inspector = widget_of(page, "13-inspector", "net_inspector")
    inspector.wait_for("asking", "image 0")
    inspector.show_me()
    inspector.wait_for("layer", "conv_1")
    inspector.control("show").select_option("filters")
    inspector.wait_for("filters", 1)
    inspector.control("Look inside").focus()
    inspector.press("ArrowDown", "ArrowDown")
    inspector.wait_for("layer", "conv_2")
    inspector.button("Layer output").click()
    inspector.wait_for("layer", "output")
    inspector.control("saliency of").select_option("5")
    inspector.root.locator("figcaption", has_text="logit of 5").wait_for()


def draw_and_choose(page):
    pad = widget_of(page, "13-digit_pad", "digit_pad")
    pad.draw("Drawing area", SEVEN)
    pad.wait_for_text("The model reads your drawing as")
    pad.wait_for_text("depends most on the pixel in row")
    pad.control("Sample digits").focus()
    pad.press("ArrowRight", "ArrowRight", "Enter")
    pad.wait_for("asking", "sample 3")
    pad.show_me()
    pad.wait_for_text("The model reads sample 3 as")


def test_stopped_inspected_and_drawn_upon(lab, tmp_path):
    page = start_the_chapter(lab, "chapter_13_live.ipynb")
    stop_the_training(page)
    look_inside(page)
    draw_and_choose(page)
    lab.set_theme(page, "JupyterLab Dark")
    widget_of(page, "13-digit_pad", "digit_pad").screenshot(tmp_path, "chapter_13_dark")
    lab.check(page)
