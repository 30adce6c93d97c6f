"""Your engine, put together from your answers: a tape with all rules, ready to train.

bench = assemble(my_engine())
with bench.tape() as tape:
    loss = ...
gradients = tape.gradient(loss, parameters)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Rule = Callable[..., tuple]


class Bench:
    """An assembled engine.

    Attributes:
        engine: the names it is made of, as `my_engine()` returns them.
        rules: name of an operation -> its rule, with every gradient brought to its input's shape.
    """

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.rules = rules_of(engine)

    def tape(self) -> Any:
        """A new tape (your class of chapter 04) that knows all rules."""
        return self.engine.Tape(self.rules)

    def __repr__(self) -> str:
        return f"Bench(rules for {', '.join(sorted(self.rules))})"


def assemble(engine: Any) -> Bench:
    """Puts the answers of `engine` (see `my_engine`) together."""
    return Bench(engine)


def rules_of(engine: Any) -> dict[str, Rule]:
    """All rules: SCALAR_RULES of chapter 04, and every `vjp_name` as the rule of `name`."""
    rules = dict(engine.SCALAR_RULES)
    for name, value in vars(engine).items():
        if name.startswith("vjp_"):
            rules[name.removeprefix("vjp_")] = value
    return {name: fitted(rule, engine.unbroadcast) for name, rule in rules.items()}


def fitted(rule: Rule, unbroadcast: Callable[[np.ndarray, tuple], np.ndarray]) -> Rule:
    """The rule, followed by `unbroadcast` for each gradient: broadcasting is undone in one place.

    The rules of chapter 04 are about single numbers. With this they serve arrays of any shape.
    """

    def fitting(upstream: Any, inputs: tuple, output: Any, **attrs: Any) -> tuple:
        found = rule(upstream, inputs, output, **attrs)
        return tuple(
            [
                None if grad is None else unbroadcast(grad, x.shape)
                for grad, x in zip(found, inputs, strict=True)
            ]
        )

    return fitting
