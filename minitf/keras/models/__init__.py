"""Models: layers that can be trained. trainer.py has one step, loops.py has fit around it."""

from minitf.keras.models.model import Model
from minitf.keras.models.sequential import Sequential

__all__ = ["Model", "Sequential"]
