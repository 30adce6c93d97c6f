"""NoneDoctor in JupyterLab: the cause is asked first, then the severed link is painted."""

import itertools

from widget_page import THEMES, WidgetPage, set_theme

IMPORT = "import minitf as tf"
CAST = '''doctor = tf.viz.NoneDoctor("""
x = tf.Variable(3.7)
with tf.GradientTape() as tape:
    whole = tf.cast(x, tf.int32)
    y = tf.cast(whole, tf.float32) * 2.0
g = tape.gradient(y, x)
"""); doctor'''


def test_the_cause_is_asked_before_the_link_is_shown(lab, tmp_path):
    page = lab.open("doctor_one.ipynb", [IMPORT, CAST, "None"])
    widget = WidgetPage(page, "none_doctor")
    assert widget.sentence().startswith("tape.gradient(y, x) is None")
    assert widget.root.locator(".mtf-graph").count() == 0
    widget.screenshot(tmp_path, "asked")
    widget.answer("the source is an integer")
    assert "Look at line 3" in widget.root.locator(".mtf-verdict").inner_text()
    widget.answer("the path turns into integers")
    widget.wait_for("revealed", "integer")
    assert widget.sentence().startswith("Your diagnosis is right.")
    assert "Keep the path in floats" in widget.root.locator(".mtf-diagnosis").inner_text()
    assert widget.root.locator(".mtf-cross").count() == 1
    assert "tf.int32" in widget.root.locator(".mtf-listing .mtf-is-now").inner_text()
    assert ["x → whole", "severed"] in widget.table()
    for theme in THEMES:
        set_theme(page, theme)
        widget.screenshot(tmp_path, f"cut_{theme.split()[1].lower()}")
    lab.check(page)


def test_the_ward_is_walked_by_keyboard(lab, tmp_path):
    page = lab.open("doctor_ward.ipynb", [IMPORT, "tf.viz.NoneDoctor(predict=False)"])
    widget = WidgetPage(page, "none_doctor")
    widget.wait_for("revealed", "not_watched")
    assert widget.root.locator(".mtf-cross").count() == 1, "both lines of x * x share it"
    widget.button("Next case (Right)").focus()
    seen = ["not_watched"]
    count = int(widget.control("case").locator("option").count())
    for case in range(1, count):
        widget.press("ArrowRight")
        widget.wait_for("case", case)
        page.wait_for_function(
            "e => e.dataset.revealed !== ''", arg=widget.root.element_handle(), timeout=20_000
        )
        seen.append(widget.data("revealed"))
        assert widget.data("latency")
        places = [c.bounding_box() for c in widget.root.locator(".mtf-cross").all()]
        assert (len(places) > 0) == (seen[-1] != "connected")
        for a, b in itertools.combinations(places, 2):
            assert max(abs(a["x"] - b["x"]), abs(a["y"] - b["y"])) > 15, "crosses overlap"
        widget.screenshot(tmp_path, f"case_{seen[-1]}")
    assert len(set(seen)) == count == 18
    widget.press("ArrowLeft")
    widget.wait_for("case", count - 2)
    widget.button("Case before (Left)").click()  # and by mouse
    widget.wait_for("case", count - 3)
    widget.control("case").select_option("0")
    widget.wait_for("revealed", "not_watched")
    lab.check(page)


def test_a_tape_of_the_learner(lab, tmp_path):
    code = """x = tf.Variable(2.6)
with tf.GradientTape() as tape:
    y = tf.round(x) * 2.0
tf.viz.NoneDoctor(tape, y, x, predict=False)"""
    page = lab.open("doctor_tape.ipynb", [IMPORT, code])
    widget = WidgetPage(page, "none_doctor")
    widget.wait_for("revealed", "not_differentiable")
    assert widget.sentence().startswith("tape.gradient(y, x) is None")
    assert widget.root.locator(".mtf-cross").count() == 1
    widget.screenshot(tmp_path, "own_tape")
    lab.check(page)
