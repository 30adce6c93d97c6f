"""tf.config.optimizer: which passes a traced graph goes through before it runs.

    tf.config.optimizer.set_experimental_options({"constant_folding": False})
    tf.config.optimizer.get_experimental_options()

    prune, constant_folding, arithmetic_optimization, common_subgraph_elimination, remapping
                            the passes, see minitf/passes/ ("remapping" is the fusion of operations)
    plan                    run into preallocated buffers; False: node by node
    disable_model_pruning   True switches prune off
    disable_meta_optimizer  True switches all of them off

The names are TensorFlow's where it has them; its others are accepted and do nothing. A change
counts from the next call on, for functions that are traced already too.
"""

from __future__ import annotations

from typing import Any

_DEFAULTS = {
    "prune": True,
    "constant_folding": True,
    "arithmetic_optimization": True,
    "common_subgraph_elimination": True,
    "remapping": True,
    "plan": True,
    "disable_model_pruning": False,
    "disable_meta_optimizer": False,
}
_NOTHING_HERE = {
    "auto_mixed_precision", "auto_parallel", "debug_stripper", "dependency_optimization",
    "function_optimization", "implementation_selector",
    "layout_optimizer", "loop_optimization", "memory_optimization", "min_graph_nodes",
    "pin_to_host_optimization", "scoped_allocator_optimization", "shape_optimization",
    "use_plugin_optimizers",
}  # fmt: skip

_options: dict[str, bool] = dict(_DEFAULTS)
_given: dict[str, Any] = {"disable_model_pruning": False, "disable_meta_optimizer": False}


def set_experimental_options(options: dict[str, Any]) -> None:
    """Switches passes on or off; those not named stay as they are.

    Raises:
        ValueError: a name that neither TensorFlow nor minitf has.
    """
    for name in options:
        if name not in _DEFAULTS and name not in _NOTHING_HERE:
            raise ValueError(
                f"Unknown optimizer option {name!r}. minitf has {sorted(_DEFAULTS)}; see the "
                "docstring of tf.config.optimizer."
            )
    for name, value in options.items():
        _given[name] = value
        if name in _DEFAULTS:
            _options[name] = bool(value)
    _remember()


def get_experimental_options() -> dict[str, Any]:
    """The options that were set, by name, and TensorFlow's two that are always there."""
    return dict(_given)


def is_on(name: str) -> bool:
    """Whether a pass (or the plan) is on now."""
    pruning_off = name == "prune" and _options["disable_model_pruning"]
    return _options[name] and not pruning_off and not _options["disable_meta_optimizer"]


def current() -> tuple[bool, ...]:
    """All switches as a key: what was compiled under one setting is kept for it."""
    return _key


def _remember() -> None:
    global _key
    _key = tuple(is_on(name) for name in _DEFAULTS)


_key: tuple[bool, ...] = ()
_remember()
