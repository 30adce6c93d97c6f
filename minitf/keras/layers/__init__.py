"""Layers: functions with weights. One kind per file; base.py says what all have in common."""

from minitf.keras.layers.activation import Activation, LeakyReLU, ReLU, Softmax
from minitf.keras.layers.base import Layer
from minitf.keras.layers.dense import Dense
from minitf.keras.layers.dropout import Dropout
from minitf.keras.layers.flatten import Flatten
from minitf.keras.layers.input import Input, InputLayer
from minitf.keras.layers.rescaling import Rescaling

__all__ = [
    "Activation",
    "Dense",
    "Dropout",
    "Flatten",
    "Input",
    "InputLayer",
    "Layer",
    "LeakyReLU",
    "ReLU",
    "Rescaling",
    "Softmax",
]
