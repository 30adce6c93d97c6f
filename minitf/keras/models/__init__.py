"""Models: layers that can be trained. trainer.py has one step, loops.py has fit around it."""

from minitf.keras.models.cloning import clone_model
from minitf.keras.models.files import load_model, model_from_json, save_model
from minitf.keras.models.functional import Functional
from minitf.keras.models.model import Model
from minitf.keras.models.sequential import Sequential

__all__ = [
    "Functional",
    "Model",
    "Sequential",
    "clone_model",
    "load_model",
    "model_from_json",
    "save_model",
]
