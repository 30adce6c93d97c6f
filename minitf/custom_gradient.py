"""custom_gradient: a function that brings its own gradient rule.

    @tf.custom_gradient
    def clip_upstream(x):
        def grad(upstream):
            return tf.clip_by_value(upstream, -1.0, 1.0)
        return tf.identity(x), grad

The rule must use `upstream`: it is the gradient of everything that follows. It may itself be
differentiated, if it is written with tensor operations.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.composite import trace_custom
from minitf.errors import WrongTypeError
from minitf.execute import convert_to_tensor
from minitf.registry import Op
from minitf.state import listening, state
from minitf.tape import GradientTape
from minitf.tensor import Tensor
from minitf.variable import Variable


def custom_gradient(f: Callable[..., tuple[Any, Callable[..., Any]]]) -> Callable[..., Any]:
    """Decorator for a function that returns `(result, grad)`.

    `grad(*upstream)` takes one upstream gradient per tensor in the result and returns one gradient
    per argument of `f` (None: no path). If `f` reads variables that are not arguments, `grad` must
    accept `variables=` and return `(argument_gradients, variable_gradients)`. A tensor given by
    keyword is an argument like any other; a plain option such as `scale=2.0` is none.

    Raises (when called, or when differentiated):
        TypeError: `f` reads variables, and `grad` does not accept `variables=`.
        ValueError: `f` returns no pair, or `grad` the wrong number of gradients.
    """

    @functools.wraps(f)
    def with_own_gradient(*args: Any, **kwargs: Any) -> Any:
        args, kwargs = _positional(f, args, kwargs)
        args = nest.map_structure(_as_tensor_or_variable, args)
        watcher = _VariableWatcher()
        with listening(watcher):
            answer = f(*args, **kwargs)
        result, grad = _checked_pair(f, answer)
        inputs = nest.flatten(args)
        variables = [v for v in watcher.seen.values() if all(v is not x for x in inputs)]
        if variables:
            _check_accepts_variables(f, grad, variables)
        op = Op(f.__name__, None, False, True, None, ())
        op.gradient = _rule_of(f, grad, len(inputs), variables)
        return _recorded(op, inputs + variables, result)

    return with_own_gradient


def grad_pass_through(f: Callable[..., Any]) -> Callable[..., Any]:
    """`f` forward, the identity backward: the straight-through estimator.

    The result must have the structure and shapes of the arguments.
    """

    @custom_gradient
    def passing(*args: Any) -> tuple[Any, Callable[..., Any]]:
        def grad(*upstream: Any, variables: Any = None) -> Any:
            if variables is None:
                return upstream
            return upstream, [None] * len(variables)

        return f(*args), grad

    return functools.wraps(f)(passing)


def recompute_grad(f: Callable[..., Any]) -> Callable[..., Any]:
    """`f`, with nothing of its inside kept: the backward pass runs it again on its own tape.

    Saves memory and costs one more forward pass.
    """

    @custom_gradient
    def recomputing(*args: Any) -> tuple[Any, Callable[..., Any]]:
        result = f(*args)

        def grad(*upstream: Any, variables: Any = ()) -> Any:
            with GradientTape() as tape:
                tape.watch([x for x in nest.flatten(args) if x.dtype.is_floating])
                again = f(*args)
            sources = [nest.flatten(args), list(variables)]
            args_grads, variable_grads = tape.gradient(again, sources, output_gradients=upstream)
            return (args_grads, variable_grads) if variables else args_grads

        return result, grad

    return functools.wraps(f)(recomputing)


class _VariableWatcher:
    """Listens like a tape and remembers only which variables are read."""

    def __init__(self) -> None:
        self.seen: dict[int, Variable] = {}

    def _record(self, *call: Any) -> None:
        pass

    def _record_read(self, variable: Variable, snapshot: Tensor) -> None:
        if variable.trainable:
            self.seen[variable.id] = variable

    def _note_numpy(self, tensor: Tensor) -> None:
        pass

    def _note_assign(self, variable: Variable, value: Any) -> None:
        pass


def _positional(f: Callable[..., Any], args: tuple, kwargs: dict) -> tuple[tuple, dict]:
    """Tensors given by keyword, moved to their places: each place has a gradient to return."""
    if not any(isinstance(x, Tensor | Variable) for x in nest.flatten(kwargs)):
        return args, kwargs
    bound = inspect.signature(f).bind(*args, **kwargs)
    return bound.args, bound.kwargs


def _as_tensor_or_variable(x: Any) -> Any:
    return x if isinstance(x, Tensor | Variable) else convert_to_tensor(x)


def _checked_pair(f: Callable[..., Any], answer: Any) -> tuple[Any, Callable[..., Any]]:
    if isinstance(answer, tuple) and len(answer) == 2 and callable(answer[1]):
        return answer
    raise WrongTypeError(
        f"@tf.custom_gradient: {f.__name__} must return a pair, the result and the function that "
        f"computes its gradient: `return y, grad`. It returned {type(answer).__name__}."
    )


def _check_accepts_variables(
    f: Callable[..., Any], grad: Callable[..., Any], variables: list[Variable]
) -> None:
    parameters = inspect.signature(grad).parameters
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    if "variables" not in parameters and not takes_any:
        names = ", ".join(v.name for v in variables)
        raise TypeError(
            f"@tf.custom_gradient grad_fn of {f.__name__} must accept keyword argument 'variables' "
            f"since {f.__name__} uses variables ({names}). Write "
            "`def grad(upstream, variables=None)` and return (gradients of the arguments, list of "
            "gradients of the variables), or pass the variable as an argument."
        )


def _rule_of(
    f: Callable[..., Any], grad: Callable[..., Any], arguments: int, variables: list[Variable]
) -> Callable[..., tuple]:
    """The gradient rule in the registry's form, which checks what the learner's `grad` returns."""

    def rule(call: Any, upstream: Any) -> tuple:
        upstreams = upstream if isinstance(upstream, list) else [upstream]
        if variables:
            answer = grad(*upstreams, variables=variables)
            if not (isinstance(answer, tuple | list) and len(answer) == 2):
                raise ValueError(
                    f"grad of {f.__name__} must return a pair when it is given variables: the "
                    "gradients of the arguments, and the list of gradients of the variables."
                )
            argument_grads, variable_grads = nest.flatten(answer[0]), nest.flatten(answer[1])
            if len(variable_grads) != len(variables):
                raise ValueError(
                    f"Must return gradient for each variable from @custom_gradient grad_fn: "
                    f"{f.__name__} uses {len(variables)}, got {len(variable_grads)}."
                )
        else:
            argument_grads, variable_grads = nest.flatten(grad(*upstreams)), []
        if len(argument_grads) != arguments:
            raise ValueError(
                f"custom_gradient function {f.__name__} expected to return {arguments} gradients, "
                f"one per argument, but returned {len(argument_grads)} instead. Return None for an "
                "argument that needs no gradient."
            )
        found = argument_grads + variable_grads
        return tuple([g if g is None else convert_to_tensor(g) for g in found])

    return rule


def _recorded(op: Op, inputs: list[Any], result: Any) -> Any:
    """Fresh tensors for the result, connected to the inputs by `op` and by nothing else."""
    results = [convert_to_tensor(x) for x in nest.flatten(result)]
    tensors = tuple([x._read() if isinstance(x, Variable) else x for x in inputs])
    if any(type(x) is not Tensor for x in (*tensors, *results)):
        return nest.pack_like(result, list(trace_custom(op.name, op.gradient, tensors, results)))
    # A tensor lives longer than its tape: its origin must not hold what the rule's closure holds.
    origin = Op(op.name, None, False, True, None, ())
    outputs = [Tensor(x._value, origin) for x in results]
    output = outputs[0] if len(outputs) == 1 else tuple(outputs)
    for tape in state.tapes:
        tape._record(op, tensors, {}, output)
    return nest.pack_like(result, outputs)
