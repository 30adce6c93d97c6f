"""tf.viz.show on a real tape, and without the widget package."""

import subprocess
import sys

import pytest

import minitf as tf


def _tape():
    x, y_true = tf.constant(2.0), tf.constant(4.0)
    w, b = tf.Variable(3.0), tf.Variable(1.0)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        tape.watch(y_true)
        loss = tf.abs(y_true - (x * w + b))
    return tape, loss, {"x": x, "w": w, "b": b, "y_true": y_true, "loss": loss}


def test_a_tape_becomes_a_viewer_with_the_right_gradients():
    tape, loss, names = _tape()
    viewer = tf.viz.show(tape, loss, names=names)
    gradients = {n.name: n.adjoint for n in viewer.spec.nodes if n.kind in ("input", "param")}
    assert gradients == {"x": 3.0, "w": 2.0, "b": 1.0, "y_true": -1.0}
    asked = {q["node"] for q in viewer._data["questions"]}
    assert {viewer.spec.node(i).name for i in asked} == {"x", "w", "b", "y_true"}


def test_the_callers_own_names_are_used():
    kernel = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        energy = kernel * kernel
    names = {n.name for n in tf.viz.show(tape, energy).spec.nodes}
    assert {"kernel", "energy"} <= names


def test_showing_leaves_the_tape_usable():
    tape, loss, names = _tape()
    tf.viz.show(tape, loss)
    assert float(tape.gradient(loss, names["w"])) == 2.0


def test_a_tape_needs_a_target():
    tape, _, _ = _tape()
    with pytest.raises(TypeError, match=r"tf.viz.show\(tape, loss\)"):
        tf.viz.show(tape)


@pytest.mark.parametrize(("missing", "mentions"), [("anywidget", "pip install anywidget")])
def test_without_the_widget_package_a_still_picture_remains(missing, mentions):
    program = f"""
import sys, warnings
sys.modules[{missing!r}] = None  # as if it were not installed
import minitf as tf
x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = x * x
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    shown = tf.viz.show(tape, y)
assert type(shown).__name__ == "StaticPicture", shown
assert {mentions!r} in str(caught[0].message), caught
assert shown.png.startswith(b"\\x89PNG")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
