"""The example widget: base.py and shared.js at work in JupyterLab."""

from widget_page import WidgetPage, check_widget

CELLS = ["from coin_toss import CoinToss", "coin = CoinToss(0.5); coin", "None"]


def test_the_example_passes_the_common_check(lab, tmp_path):
    page = lab.open("coin.ipynb", CELLS)
    check_widget(WidgetPage(page, "coin_toss"), tmp_path)
    lab.check(page)


def test_a_prediction_opens_the_picture_and_reaches_python(lab):
    page = lab.open("coin_guess.ipynb", [*CELLS[:2], "print(coin.predictions)"])
    widget = WidgetPage(page, "coin_toss")
    assert widget.data("asking") == "bias"
    widget.answer("7")
    assert "a share is at most 1" in widget.root.locator(".mtf-verdict").inner_text()
    widget.answer("-0.5")
    assert "right size, wrong sign" in widget.root.locator(".mtf-verdict").inner_text()
    widget.answer("1/2")
    widget.wait_for("tosses", 20)
    assert widget.data("asking") is None
    assert widget.sentence().startswith("After 20 tosses")
    page.locator(".jp-CodeCell").nth(2).click()
    page.evaluate("jupyterapp.commands.execute('notebook:run-cell')")
    page.get_by_text("{'bias': {'answer': '1/2', 'right': True}}").wait_for()
    lab.check(page)


def test_dragging_asks_the_kernel_and_ends_with_the_last_value(lab):
    page = lab.open("coin_drag.ipynb", CELLS)
    widget = WidgetPage(page, "coin_toss")
    widget.show_me()
    widget.wait_for("tosses", 20)
    widget.drag_slider("tosses", *range(30, 131))
    widget.wait_for("tosses", 130)
    assert int(widget.data("answered")) < 50, "requests pile up: one at a time is sent"
    assert widget.data("latency")
    lab.check(page)


def test_an_exception_in_a_handler_becomes_a_calm_line(lab):
    page = lab.open("coin_error.ipynb", CELLS)
    widget = WidgetPage(page, "coin_toss")
    widget.show_me()
    widget.wait_for("tosses", 20)
    widget.drag_slider("tosses", 600)
    widget.root.locator(".mtf-problem", has_text="500 are enough").wait_for()
    assert widget.problem().startswith("ValueError: 600 tosses")
    widget.drag_slider("tosses", 40)
    widget.wait_for("tosses", 40)
    assert widget.problem() == ""
    lab.check(page)


def test_without_a_kernel_it_says_so_and_stays(lab):
    page = lab.open("coin_stopped.ipynb", CELLS)
    widget = WidgetPage(page, "coin_toss")
    widget.show_me()
    widget.wait_for("tosses", 20)
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.wait_for_function("!jupyterapp.shell.currentWidget.sessionContext.session")
    widget.drag_slider("tosses", 40, 50)
    widget.root.locator(".mtf-problem", has_text="run this cell again").wait_for()
    widget.button("Table (T)").click()
    assert len(widget.table()) == 21
    lab.check(page)
