"""Broken snippets, one for each cause that `tape.explain` knows. Each asks for a gradient.

CASES["not_watched"]        # its lines; `NoneDoctor()` shows them all
"""

from __future__ import annotations

CASES = {
    "not_watched": """\
x = tf.constant(3.0)
with tf.GradientTape() as tape:
    y = x * x
gradient = tape.gradient(y, x)
""",
    "watched_late": """\
x = tf.constant(3.0)
with tf.GradientTape() as tape:
    y = x * x
    tape.watch(x)
gradient = tape.gradient(y, x)
""",
    "integer_source": """\
x = tf.constant(3)
with tf.GradientTape() as tape:
    tape.watch(x)
    y = tf.cast(x, tf.float32) * 2.0
gradient = tape.gradient(y, x)
""",
    "integer": """\
x = tf.Variable(3.7)
with tf.GradientTape() as tape:
    whole = tf.cast(x, tf.int32)
    y = tf.cast(whole, tf.float32) * 2.0
gradient = tape.gradient(y, x)
""",
    "numpy": """\
w = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = tf.sin(2.0 * float(w))
gradient = tape.gradient(y, w)
""",
    "stop_gradient": """\
w = tf.Variable(3.0)
with tf.GradientTape() as tape:
    fixed = tf.stop_gradient(w * w)
    y = fixed + 1.0
gradient = tape.gradient(y, w)
""",
    "not_differentiable": """\
w = tf.Variable(2.6)
with tf.GradientTape() as tape:
    near = tf.round(w * 2.0)
    y = near * near
gradient = tape.gradient(y, w)
""",
    "assign": """\
w = tf.Variable(3.0)
store = tf.Variable(0.0, name="store")
with tf.GradientTape() as tape:
    store.assign(w * w)
    y = store + 1.0
gradient = tape.gradient(y, w)
""",
    "replaced": """\
w = tf.Variable(3.0)
w = w - 0.1 * 2.0
with tf.GradientTape() as tape:
    y = w * w
gradient = tape.gradient(y, w)
""",
    "outside": """\
x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    square = x * x
y = square + 1.0
gradient = tape.gradient(y, x)
""",
    "not_trainable": """\
v = tf.Variable(3.0, trainable=False)
with tf.GradientTape() as tape:
    y = v * v
gradient = tape.gradient(y, v)
""",
    "not_accessed": """\
w = tf.Variable(3.0)
with tf.GradientTape(watch_accessed_variables=False) as tape:
    y = w * w
gradient = tape.gradient(y, w)
""",
    "not_used_variable": """\
w, b = tf.Variable(3.0), tf.Variable(1.0)
wx = w * 2.0
with tf.GradientTape() as tape:
    y = wx + b
gradient = tape.gradient(y, w)
""",
    "not_used": """\
x = tf.Variable([3.0, 4.0])
with tf.GradientTape() as tape:
    y = x[0] * x[0]
gradient = tape.gradient(y, x[0])
""",
    "no_path": """\
w, b = tf.Variable(3.0), tf.Variable(1.0)
with tf.GradientTape() as tape:
    y = w * 2.0
    z = b * 2.0
gradient = tape.gradient(y, b)
""",
    "constant_target": """\
x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    square = x * x
    y = tf.constant(9.0)
gradient = tape.gradient(y, x)
""",
    "rule_answered_none": """\
@tf.custom_gradient
def clipped(x):
    def grad(upstream):
        return None
    return tf.minimum(x, 2.0), grad

w = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = clipped(w * 1.0)
gradient = tape.gradient(y, w)
""",
    "connected": """\
w = tf.Variable(3.0)
with tf.GradientTape() as tape:
    kept = w * 2.0
    y = kept + tf.stop_gradient(w)
gradient = tape.gradient(y, w)
""",
}
