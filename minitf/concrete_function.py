"""ConcreteFunction: one trace of a tf.function.

concrete = f.get_concrete_function(tf.TensorSpec([None], tf.float32))
print(concrete.graph)                 # its operations
concrete(tf.constant([1.0, 2.0]))     # runs them: no cache, no Python
pickle.loads(pickle.dumps(concrete))  # runs in a process without the Python code
"""

from __future__ import annotations

import inspect
import weakref
from typing import Any

from minitf import nest
from minitf.errors import InvalidArgumentError
from minitf.graph import Graph
from minitf.plan.run import run_graph
from minitf.signature import as_argument, held
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec
from minitf.variable import Variable


class ConcreteFunction:
    """A graph, and what its inputs and outputs stand for.

    Attributes:
        graph: the traced operations.
        inputs, outputs: its symbolic tensors.
        structured_input_signature: the arguments, with a TensorSpec for each tensor.
        structured_outputs: the result, in symbolic tensors.
        captured: tensors of an outer graph that the function uses.
    """

    def __init__(
        self, graph: Graph, arguments: tuple, symbolic: tuple, result: Any, signature: Any
    ) -> None:
        self.graph = graph
        self.captured = [outer for outer, _ in graph.captures.values()]
        arguments = nest.map_structure(held, arguments)
        self.structured_input_signature = arguments
        self.structured_outputs = nest.pack_like(
            result, _merge_none(nest.flatten(result), graph.outputs)
        )
        self._specs = nest.flatten(arguments)
        self._structure: Any = None
        self._variables = [x for x in nest.flatten(symbolic) if isinstance(x, Variable)]
        self._parameters = _parameter_lines(arguments, signature)
        self._names = list(signature.parameters)
        captured = [own for _, own in graph.captures.values()]
        given = [x for x in graph.inputs if not any(x is own for own in captured)]
        graph.inputs = [*given, *self._variables, *captured]  # other variables may be passed

    @property
    def name(self) -> str:
        """Name of the Python function."""
        return self.graph.name

    @property
    def inputs(self) -> list[Any]:
        """The symbolic tensors that stand for its tensor arguments."""
        return [x for x in self.graph.inputs if isinstance(x, Tensor)]

    @property
    def outputs(self) -> list[Any]:
        """The symbolic tensors it computes."""
        return list(self.graph.outputs)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables it reads or assigns."""
        found = {x.id: x for n in self.graph.nodes for x in n.inputs if isinstance(x, Variable)}
        return tuple(found.values())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the graph.

        Raises:
            TypeError: the number of arguments differs from what was traced.
            InvalidArgumentError: an argument's dtype or shape differs.
        """
        tensors = self._tensor_arguments(args, kwargs)
        wanted = [s for s in self._specs if isinstance(s, TensorSpec | Variable)]
        if len(tensors) != len(wanted):
            raise TypeError(
                f"{self.name} was traced for {len(wanted)} tensor(s), but was called with "
                f"{len(tensors)}. Python values are part of the trace: leave them out."
            )
        for i, (x, spec) in enumerate(zip(tensors, wanted, strict=True)):
            if not isinstance(x, Tensor | Variable):
                raise TypeError(
                    f"{self.name}: expected argument #{i}(zero-based) to be a Tensor; got "
                    f"{type(x).__name__} ({x!r}). A concrete function converts nothing: use "
                    "tf.constant."
                )
            if isinstance(spec, TensorSpec) and not spec.is_compatible_with(x):
                raise InvalidArgumentError(
                    f"cannot compute {self.name} as input #{i}(zero-based) was expected to be a "
                    f"{spec.dtype.name} tensor of shape {spec.shape} but is a {x.dtype.name} "
                    f"tensor of shape {x.shape}: this concrete function was traced for {spec}.",
                    self.name,
                )
        return self._run(tensors)

    def fits(self, specs: list[Any]) -> bool:
        """True if arguments of these specs may be run by this trace."""
        if len(specs) != len(self._specs):
            return False
        for mine, given in zip(self._specs, specs, strict=True):
            if isinstance(mine, TensorSpec) and isinstance(given, TensorSpec):
                general = len(mine.shape) == len(given.shape) and all(
                    a is None or a == b for a, b in zip(mine.shape, given.shape, strict=True)
                )
                if mine.dtype != given.dtype or not general:
                    return False
            elif isinstance(mine, Variable) and isinstance(given, Variable):
                if mine.shape != given.shape or mine.dtype != given.dtype:
                    return False
            elif any(isinstance(x, TensorSpec | Variable) for x in (mine, given)):
                return False
            elif mine is not given and mine != held(given):
                return False
        return True

    def passes(self, *args: Any) -> list[Any]:
        """What each pass does to the graph, in order: see minitf/passes/pipeline.py.

        With arguments, sizes that are None in the trace are those of the arguments, as in a call.
        """
        from minitf.passes.pipeline import stages
        from minitf.plan.specialize import specialized

        return stages(specialized(self.graph, [*args, *self.captured]) if args else self.graph)

    def plan(self, *args: Any) -> Any:
        """How a call runs: the plan for these arguments; none are needed if all sizes are known.

        Raises:
            ValueError: a size is None in the trace, and no arguments are given.
        """
        from minitf.plan.run import plan_of

        return plan_of(self.graph, [*args, *self.captured])

    def pretty_printed_signature(self, verbose: bool = True) -> str:
        """The parameters and the result, one a line."""
        outputs = nest.map_structure(_spec_of, self.structured_outputs)
        lines = ["Input Parameters:", *(self._parameters or ["  None"])]
        lines += ["Output Type:", f"  {outputs}", "Captures:"]
        names = [f"  {v.name}" for v in self.variables] or ["  None"]
        return "\n".join([*lines, *names])

    def _tensor_arguments(self, args: tuple, kwargs: dict) -> list[Any]:
        by_name = sorted(kwargs, key=lambda k: self._names.index(k) if k in self._names else 99)
        given = [as_argument(x) for x in nest.flatten([*args, *[kwargs[k] for k in by_name]])]
        if len(given) == len(self._specs):  # Python values may be given too, as they were traced
            pairs = zip(given, self._specs, strict=True)
            return [x for x, spec in pairs if isinstance(spec, TensorSpec | Variable)]
        return given

    def _run(self, arguments: Any) -> Any:
        if self._variables:  # they come last among the graph's inputs
            tensors = [x for x in arguments if isinstance(x, Tensor)]
            arguments = [*tensors, *[x for x in arguments if isinstance(x, Variable)]]
        values = iter(run_graph(self.graph, [*arguments, *self.captured]))
        shape = self.structured_outputs
        if isinstance(shape, Tensor):
            return next(values)
        flat = [None if x is None else next(values) for x in nest.flatten(shape)]
        return nest.pack_like(shape, flat)

    def __getstate__(self) -> dict:
        data = dict(vars(self))
        for key in ("structured_input_signature", "_specs"):  # objects of this process stay here
            leaves = [None if isinstance(x, weakref.ref) else x for x in nest.flatten(data[key])]
            data[key] = nest.pack_like(data[key], leaves)
        return data

    def __repr__(self) -> str:
        return f"<ConcreteFunction {self.name}{self.structured_input_signature}>"


def _merge_none(leaves: list[Any], outputs: list[Any]) -> list[Any]:
    found = iter(outputs)
    return [None if x is None else next(found) for x in leaves]


def _parameter_lines(arguments: tuple, signature: inspect.Signature) -> list[str]:
    args, kwargs = arguments
    names = list(signature.parameters.values())
    lines = []
    for i, value in enumerate(args):
        parameter = names[min(i, len(names) - 1)]
        lines.append(f"  {parameter.name} ({parameter.kind.name}): {_value_text(value)}")
    lines += [f"  {key} (KEYWORD_ONLY): {_value_text(value)}" for key, value in kwargs.items()]
    return lines


def _value_text(value: Any) -> str:
    if isinstance(value, TensorSpec) or nest.is_nested(value):
        return repr(value)
    if isinstance(value, Variable):
        return f"VariableSpec(shape={value.shape}, dtype={value.dtype!r})"
    return f"Literal[{value!r}]"


def _spec_of(x: Any) -> Any:
    return None if x is None else TensorSpec(x.shape, x.dtype)
