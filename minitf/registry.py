"""One table of operations: a name, a NumPy kernel and a gradient rule.

    SQUARE = define("Square", np.square, text="{0}²", partials=("2 × {0}",))

    @gradient("Square")
    def _square_grad(call, upstream):
        # d(x²)/dx = 2x
        (x,) = call.inputs
        return (upstream * (2.0 * x),)

A gradient rule is a function of `(call, upstream)`. `call` is what was recorded (`inputs`,
`output`, `attrs`, and `wanted`, one flag per input); `upstream` is the gradient of the target with
respect to `call.output`. It returns one gradient per input (None: no path), and is written with
tensor operations, so that the gradient can itself be differentiated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

OPS: dict[str, Op] = {}


class Op:
    """An operation: what it computes and how its gradient flows back.

    Attributes:
        name: TensorFlow's name for it, such as "MatMul".
        kernel: function of the NumPy values and the attributes.
        gradient: the rule, or None if there is none (asking for it raises LookupError).
        differentiable: False for operations that no gradient passes by nature, such as "Round".
        same_dtype: True if all inputs must share one dtype (numbers then adopt it).
        text: how a call reads in a picture, with {0}, {1} for the inputs.
        partials: how the local derivative by each input reads, {y} being the output.
        stateful: True if two calls with equal inputs may differ (random numbers): a traced
            function then runs it at each call.
        on_arrays: True if its rule also computes on bare NumPy values (backward_on_arrays.py).
    """

    __slots__ = (
        "name", "kernel", "gradient", "differentiable", "same_dtype", "text", "partials",
        "stateful", "on_arrays",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        kernel: Callable[..., Any] | None,
        same_dtype: bool,
        differentiable: bool,
        text: str | None,
        partials: tuple[str, ...],
    ) -> None:
        self.name = name
        self.kernel: Any = kernel  # None for operations that are not one NumPy call
        self.gradient: Any = None  # set by the decorator `gradient`
        self.same_dtype = same_dtype
        self.differentiable = differentiable
        self.text = text
        self.partials = partials
        self.stateful = False
        self.on_arrays = False

    def __repr__(self) -> str:
        return f"<Op {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return find, (self.name,)


def define(
    name: str,
    kernel: Callable[..., Any] | None,
    *,
    same_dtype: bool = False,
    differentiable: bool = True,
    text: str | None = None,
    partials: tuple[str, ...] = (),
    stateful: bool = False,
) -> Op:
    """Adds an operation to the table and returns it.

    Raises:
        ValueError: the name is taken.
    """
    if name in OPS:
        raise ValueError(f"Operation {name!r} is defined twice.")
    OPS[name] = Op(name, kernel, same_dtype, differentiable, text, partials)
    OPS[name].stateful = stateful
    return OPS[name]


def gradient(
    name: str, *, on_arrays: bool = False
) -> Callable[[Callable[..., tuple]], Callable[..., tuple]]:
    """Decorator: the function below is the gradient rule of operation `name`.

    `on_arrays` promises that it computes the same if `call.inputs`, `call.output` and `upstream`
    are NumPy values instead of tensors: operators, `execute` and `unbroadcast` do; what needs
    methods of a tensor, or makes one, does not.
    """

    def register(rule: Callable[..., tuple]) -> Callable[..., tuple]:
        find(name).gradient = rule
        find(name).on_arrays = on_arrays
        return rule

    return register


def find(name: str) -> Op:
    """The operation of that name.

    Raises:
        LookupError: there is none.
    """
    if name not in OPS:
        raise LookupError(f"minitf has no operation {name!r}.")
    return OPS[name]
