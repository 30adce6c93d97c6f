"""BroadcastLoom in JupyterLab: shapes are predicted, woven, and added up."""

from widget_page import THEMES, WidgetPage, set_theme

CELLS = [
    "import minitf as tf\nloom = tf.viz.BroadcastLoom((3, 1), (4,), tf.multiply); loom",
    "print(len(loom.predictions))",
]


def open_loom(lab, name, cells=CELLS):
    return WidgetPage(lab.open(name, cells), "broadcast_loom")


def verdict(widget):
    return widget.root.locator(".mtf-verdict").inner_text()


def grid(widget, caption):
    """The numbers below that caption."""
    figure = widget.root.locator(f".mtf-loom-grid:has(figcaption:text-is('{caption}'))")
    return figure.locator("td").all_inner_texts()


def test_shapes_are_typed_before_they_are_shown(lab, tmp_path):
    widget = open_loom(lab, "loom_typed.ipynb")
    assert widget.data("asking") == "fit (3, 1) and (4,)"
    widget.answer("no")
    assert "from the last axis backwards" in verdict(widget)
    widget.answer("yes")
    assert widget.data("asking") == "shape (3, 1) and (4,)"
    assert "(3, 4)" not in widget.root.locator(".mtf-body").inner_text()
    widget.answer("(4,)")
    assert "as many axes as the operand with the most: 2" in verdict(widget)
    widget.answer("3 4")
    widget.wait_for("step", 1)
    widget.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
    widget.wait_for("step", 5)
    assert grid(widget, "a × b")[:4] == ["10", "20", "30", "40"]
    widget.press("ArrowRight")
    assert widget.data("asking") == "gradient of a in (3, 1) and (4,)"
    widget.answer("(3, 4)")
    assert "has the shape of what you differentiate by" in verdict(widget)
    widget.answer("(3, 1)")
    widget.wait_for("step", 6)
    widget.press("ArrowRight")
    widget.wait_for_text("10 + 20 + 30 + 40 = 100")
    assert grid(widget, "gradient of a") == ["100", "100", "100"]
    widget.press("End")
    widget.answer("4")
    widget.wait_for("step", 9)
    assert grid(widget, "gradient of b") == ["6"] * 4
    assert widget.data("phase") == "reverse"
    for theme in THEMES:
        set_theme(widget.page, theme)
        widget.screenshot(tmp_path, f"{theme.split()[1].lower()}_end")
    lab.check(widget.page)


def test_a_number_is_followed_through_its_copies(lab, tmp_path):
    widget = open_loom(lab, "loom_follow.ipynb")
    widget.show_me()
    widget.root.locator(".mtf-loom").focus()
    widget.press("End")
    widget.show_me()
    widget.wait_for("step", 9)
    widget.root.locator(".mtf-loom").focus()
    widget.press("f", "f")
    widget.wait_for("followed", "0.1")
    assert "a[1, 0] = 2 is used in 4 places" in widget.sentence()
    assert widget.root.locator("td.mtf-is-lit").count() == 1 + 4 + 4 + 1 + 4 + 4
    widget.screenshot(tmp_path, "light_followed")
    widget.root.locator(".mtf-loom-grid td").nth(0).click()
    widget.wait_for("followed", "0.0")
    rows = widget.table()
    assert ["b[3]", "40", "3", "1, 2, 3", "6"] in rows
    assert ["result[2, 3]", "120", "a[2, 0] and b[3]", "1"] in rows
    lab.check(widget.page)


def test_new_shapes_and_shapes_that_do_not_fit(lab, tmp_path):
    widget = open_loom(lab, "loom_new.ipynb")
    widget.show_me()
    widget.control("Shape of operand 1").fill("2, 3")
    widget.control("Shape of operand 2").fill("4")
    widget.press("Enter")
    widget.wait_for("shapes", "(2, 3) and (4,)")
    assert widget.data("latency")
    widget.answer("no")
    widget.wait_for("phase", "error")
    assert "in axis 1 stands 3 against 4" in widget.sentence()
    assert "Incompatible shapes" in widget.sentence()
    widget.screenshot(tmp_path, "light_misfit")
    widget.control("Shape of operand 2").fill("many")
    widget.button("Weave these shapes").click()
    widget.root.locator(".mtf-problem", has_text="A shape is a list of sizes").wait_for()
    widget.control("Shape of operand 2").fill("3")
    widget.button("Weave these shapes").click()
    widget.wait_for("shapes", "(2, 3) and (3,)")
    assert widget.problem() == ""
    lab.check(widget.page)


def test_playing_stops_for_a_prediction_and_goes_on_after_it(lab):
    widget = open_loom(lab, "loom_play.ipynb")
    widget.show_me()
    widget.root.locator(".mtf-loom").focus()
    widget.press(" ")
    widget.wait_for("asking", "gradient of a in (3, 1) and (4,)")
    assert widget.data("playing") == "false"
    widget.answer("3, 1")
    widget.wait_for("asking", "gradient of b in (3, 1) and (4,)")
    assert widget.data("step") == "7"
    lab.check(widget.page)
