"""clone_model: the same layers once more, with fresh weights.

    twin = tf.keras.models.clone_model(model)
    twin.set_weights(model.get_weights())
"""

from __future__ import annotations

from typing import Any


def clone_model(model: Any) -> Any:
    """A model of the same form with new weights, of other variables; it is not compiled."""
    clone = type(model).from_config(model.get_config())
    config = model.get_build_config()
    if config and not clone.built:
        clone.build_from_config(config)
    return clone
