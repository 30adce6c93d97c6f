"""`tf.viz.show`: from a tape, or a finished description, to a viewer.

w = tf.Variable(3.0)
with tf.GradientTape(persistent=True) as tape:
    loss = w * w
tf.viz.show(tape, loss)                    # step through it
tf.viz.show(tape, loss, predict=False)     # without questions
tf.viz.show(tape, loss, forward_from="w")  # forward mode: tangents instead of gradients
"""

from __future__ import annotations

import warnings
from typing import Any

from minitf.graph_spec import GraphSpec
from minitf.tangent_steps import forward_mode
from minitf.viz.static import key_moments


def show(
    tape: Any,
    target: Any = None,
    names: dict[str, Any] | None = None,
    **options: Any,
) -> Any:
    """Shows how the target's gradients come about.

    Args:
        tape: a GradientTape, or a GraphSpec to show as it is.
        target: the tensor to differentiate (with a tape).
        names: what to call tensors and variables, {"w": w}; by default the caller's own names.
        options: `predict`, `step` and `interval` of GraphViewer, and `forward_from="x"` for
            forward mode: values and tangents, from that input.

    Returns:
        A GraphViewer, or a StaticPicture if the package anywidget is missing.

    Raises:
        TypeError: a tape without a target.
        ValueError: see GraphViewer.
    """
    spec = tape if isinstance(tape, GraphSpec) else _describe(tape, target, names)
    if "forward_from" in options:
        spec = forward_mode(spec, options.pop("forward_from"))
    try:
        from minitf.viz.widgets.graph_viewer import GraphViewer
    except ImportError as error:
        warnings.warn(
            f"The package {error.name} is missing, so this is a still picture. For the one you "
            "can step through, run `python3 course.py` again, or: pip install anywidget",
            stacklevel=2,
        )
        return key_moments(spec)
    return GraphViewer(spec, **options)


def _describe(tape: Any, target: Any, names: dict[str, Any] | None) -> GraphSpec:
    if target is None:
        raise TypeError(
            "show(tape, target) needs the tensor whose gradients you want to see, such as "
            "tf.viz.show(tape, loss)."
        )
    from minitf import inspect

    return inspect.graph(tape, target, names=names)
