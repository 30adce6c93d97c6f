"""tf.train: checkpoints. See checkpoint.py.

    tf.train.Checkpoint(model=model, optimizer=optimizer).save("run/ckpt")
"""

from minitf.checkpoint import Checkpoint, list_variables, load_variable
from minitf.checkpoint_index import latest_checkpoint
from minitf.checkpoint_manager import CheckpointManager
from minitf.unknown_names import unknown_name

__all__ = [
    "Checkpoint",
    "CheckpointManager",
    "latest_checkpoint",
    "list_variables",
    "load_variable",
]


def __getattr__(name: str) -> None:
    raise unknown_name(__name__, name, __all__)
