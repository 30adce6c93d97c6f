"""TraceTheatre in JupyterLab: calls are predicted, the cache fills, passes change the graph."""

from widget_page import THEMES, WidgetPage, set_theme

CODE = """import minitf as tf
w = tf.Variable([[1.0], [2.0]], name="w")
@tf.function
def step(x, y_true, rate=0.1):
    print("Python runs")
    with tf.GradientTape() as tape:
        error = tf.matmul(x, w) - y_true
        tf.exp(error)
        again = tf.matmul(x, w) - y_true
        loss = tf.reduce_mean(error * again)
    w.assign_sub(rate * tape.gradient(loss, w))
    return loss
x, y = tf.ones([3, 2]), tf.ones([3, 1])
show = tf.viz.TraceTheatre(step, (x, y), (2.0 * x, y), (x, y, 0.2), (y, y)); show"""


def rows(widget, name):
    found = widget.root.locator(f".mtf-grid-box[aria-label={name}] tbody tr").all()
    return [row.locator("td").all_inner_texts() for row in found]


def test_calls_are_predicted_and_the_cache_fills(lab, tmp_path):
    page = lab.open("theatre.ipynb", [CODE])
    widget = WidgetPage(page, "trace_theatre")
    assert rows(widget, "Calls") == rows(widget, "Cache") == []
    assert widget.data("asking") == "call 1"
    widget.answer("traced")
    assert rows(widget, "Calls")[0][2:] == ["traced", "1", "Python runs"]
    assert len(rows(widget, "Cache")) == 1
    widget.root.locator(".mtf-grid-box").first.focus()
    widget.press("ArrowRight")
    widget.screenshot(tmp_path, "asking_call")
    widget.answer("traced")
    assert "compare dtypes" in widget.root.locator(".mtf-verdict").inner_text()
    widget.answer("runs a kept trace")
    assert widget.sentence().startswith("Your prediction is right. Call 2")
    assert rows(widget, "Calls")[1][2:] == ["runs a kept trace", "1", ""]
    widget.press("ArrowRight")
    widget.answer("traced")
    assert "the value 0.2, and trace 1 is for 0.1" in widget.sentence()
    widget.press("End")
    widget.answer("raises an error")
    assert rows(widget, "Calls")[3][2:4] == ["raises an error", "–"]
    assert "incompatible" in widget.sentence() or "Error" in widget.sentence()
    assert [row[2] for row in rows(widget, "Cache")] == ["2", "1"]
    widget.press("Home")
    assert rows(widget, "Cache") == []
    lab.check(page)


def test_the_graph_before_and_after_each_pass(lab, tmp_path):
    page = lab.open("theatre_pass.ipynb", [CODE.replace("(y, y))", "predict=False)")])
    widget = WidgetPage(page, "trace_theatre")
    widget.button("Step forward (Right)").click()
    widget.wait_for("drawn", "0 0")
    told = widget.root.locator(".mtf-told")
    assert "prune" in told.inner_text() and "Exp 1 → 0" in told.inner_text()
    before = widget.root.locator(".mtf-pass-picture").nth(0)
    after = widget.root.locator(".mtf-pass-picture").nth(1)
    assert before.locator(".mtf-gone").count() == 1
    assert before.locator(".mtf-gone").get_attribute("data-op") == "Exp"
    backward = before.locator(".mtf-op-box.mtf-backward").count()
    assert backward > 2
    assert f"backward {backward}," in widget.root.locator(".mtf-pass-pair").inner_text()
    for theme in THEMES:
        set_theme(page, theme)
        widget.screenshot(tmp_path, f"prune_{theme.split()[1].lower()}")
    widget.press("p", "p", "p")
    widget.wait_for("drawn", "0 3")
    assert "Sub 2 → 1" in told.inner_text()
    assert before.locator('.mtf-gone[data-op="Sub_1"]').count() == 1
    assert after.locator('[data-op="Sub_1"]').count() == 0
    assert widget.data("latency")
    widget.screenshot(tmp_path, "subexpressions")
    lab.check(page)
