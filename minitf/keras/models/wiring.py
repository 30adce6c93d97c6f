"""How the layers of a functional model are wired: the nodes in order, and as plain data.

    nodes = nodes_between([a, b], [y])        # every call needed for y, in an order that works
    config = describe(model)                  # for the model file
    inputs, outputs = rebuilt(config)         # new layers, wired the same way
"""

from __future__ import annotations

from typing import Any

from minitf import nest
from minitf.keras.layers.input import InputLayer
from minitf.keras.layers.symbolic import KerasTensor, Node
from minitf.keras.saving.serialization import deserialize, serialize


def nodes_between(inputs: list[KerasTensor], outputs: list[KerasTensor]) -> list[Node]:
    """The nodes needed for the outputs, those far from them first.

    Raises:
        ValueError: an output needs an Input that is not among `inputs`.
    """
    given = {id(x) for x in inputs}
    found: dict[int, Node] = {}
    waiting = [x for x in outputs if id(x) not in given]
    while waiting:
        tensor = waiting.pop()
        node = tensor.node
        if not node.before():
            raise ValueError(
                f"Output is not connected to `inputs`: it needs the Input {tensor.name!r}, which "
                "is not among the model's inputs."
            )
        if node.number not in found:
            found[node.number] = node
            waiting += [x for x in _tensors(node) if id(x) not in given]
    distances = _distances(found)
    return sorted(found.values(), key=lambda node: (-distances[node.number], node.number))


def layers_of(nodes: list[Node], inputs: list[KerasTensor]) -> list[Any]:
    """The layers of the nodes, each once, Inputs where they are first needed."""
    found: dict[int, Any] = {}
    for node in nodes:
        for x in _tensors(node):
            if isinstance(x.node.layer, InputLayer):
                found.setdefault(id(x.node.layer), x.node.layer)
        found.setdefault(id(node.layer), node.layer)
    for x in inputs:
        if not x.node.before():
            found.setdefault(id(x.node.layer), x.node.layer)
    return list(found.values())


def describe(model: Any) -> dict[str, Any]:
    """Plain data: each layer with its calls, and which tensors go in and out."""
    calls: dict[int, tuple[str, int]] = {}  # node number -> layer name, how many-eth call
    counts: dict[str, int] = {}
    for node in [*(x.node for x in model.inputs), *sorted(model._order, key=_number)]:
        name = node.layer.name
        calls[node.number] = (name, counts.get(name, 0))
        counts[name] = counts.get(name, 0) + 1

    def place(x: Any) -> Any:
        if not isinstance(x, KerasTensor):
            return serialize(x)
        outputs = [id(y) for y in nest.flatten(x.node.outputs)]
        return {"tensor_of": [*calls[x.node.number], outputs.index(id(x))]}

    nodes = [
        {
            "layer": node.layer.name,
            "inputs": nest.map_structure(place, node.inputs),
            "args": [nest.map_structure(place, arg) for arg in node.args],
            "kwargs": {key: nest.map_structure(place, x) for key, x in node.kwargs.items()},
        }
        for node in sorted(model._order, key=_number)
    ]
    return {
        "name": model.name,
        "layers": [serialize(layer) for layer in model.layers],
        "calls": nodes,
        "inputs": nest.map_structure(place, model.input),
        "outputs": nest.map_structure(place, model.output),
    }


def rebuilt(config: dict[str, Any]) -> tuple[Any, Any]:
    """Inputs and outputs of new layers that are wired as `describe` found them."""
    layers = {}
    made: dict[tuple[str, int], list[KerasTensor]] = {}
    for data in config["layers"]:
        layer = deserialize(data)
        layers[layer.name] = layer
        if layer._nodes:  # an Input: its tensor exists
            made[layer.name, 0] = nest.flatten(layer._nodes[0].outputs)

    def tensor(x: Any) -> Any:
        if isinstance(x, dict) and "tensor_of" in x:
            name, call, output = x["tensor_of"]
            return made[name, call][output]
        if isinstance(x, dict) and "class_name" not in x:
            return {key: tensor(part) for key, part in x.items()}
        return [tensor(part) for part in x] if isinstance(x, list) else deserialize(x)

    counts: dict[str, int] = {}
    for call in config["calls"]:
        name = call["layer"]
        outputs = layers[name](
            tensor(call["inputs"]), *tensor(call["args"]), **tensor(call["kwargs"])
        )
        made[name, counts.get(name, 0)] = nest.flatten(outputs)
        counts[name] = counts.get(name, 0) + 1
    return tensor(config["inputs"]), tensor(config["outputs"])


def _tensors(node: Node) -> list[KerasTensor]:
    everything = nest.flatten((node.inputs, node.args, node.kwargs))
    return [x for x in everything if isinstance(x, KerasTensor)]


def _distances(nodes: dict[int, Node]) -> dict[int, int]:
    """Longest way from each node to an output: calls that come first have the largest."""
    distances = dict.fromkeys(nodes, 0)
    for number in sorted(nodes, reverse=True):
        for before in nodes[number].before():
            if before.number in distances:
                distances[before.number] = max(distances[before.number], distances[number] + 1)
    return distances


def _number(node: Node) -> int:
    return node.number
