"""Layers: functions with weights. One kind per file; base.py says what all have in common."""

from minitf.keras.layers.activation import ELU, Activation, LeakyReLU, ReLU, Softmax
from minitf.keras.layers.arithmetic import Arithmetic
from minitf.keras.layers.base import Layer
from minitf.keras.layers.conv2d import Conv2D, Convolution2D
from minitf.keras.layers.conv2d_transpose import Conv2DTranspose, Convolution2DTranspose
from minitf.keras.layers.dense import Dense
from minitf.keras.layers.depthwise_conv2d import DepthwiseConv2D
from minitf.keras.layers.dropout import Dropout
from minitf.keras.layers.embedding import Embedding
from minitf.keras.layers.flatten import Flatten
from minitf.keras.layers.identity import ActivityRegularization, Identity, Lambda
from minitf.keras.layers.input import Input, InputLayer
from minitf.keras.layers.merging import (
    Add,
    Average,
    Concatenate,
    Maximum,
    Minimum,
    Multiply,
    Subtract,
)
from minitf.keras.layers.merging_functions import (
    add,
    average,
    concatenate,
    maximum,
    minimum,
    multiply,
    subtract,
)
from minitf.keras.layers.normalization import BatchNormalization, LayerNormalization
from minitf.keras.layers.pooling import (
    AveragePooling2D,
    AvgPool2D,
    GlobalAveragePooling2D,
    GlobalAvgPool2D,
    GlobalMaxPool2D,
    GlobalMaxPooling2D,
    MaxPool2D,
    MaxPooling2D,
)
from minitf.keras.layers.rescaling import Rescaling
from minitf.keras.layers.reshape import Permute, Reshape

__all__ = [
    "ELU",
    "Activation",
    "ActivityRegularization",
    "Add",
    "Arithmetic",
    "Average",
    "AveragePooling2D",
    "AvgPool2D",
    "BatchNormalization",
    "Concatenate",
    "Conv2D",
    "Conv2DTranspose",
    "Convolution2DTranspose",
    "DepthwiseConv2D",
    "Convolution2D",
    "Dense",
    "Dropout",
    "Embedding",
    "Flatten",
    "GlobalAveragePooling2D",
    "GlobalAvgPool2D",
    "GlobalMaxPool2D",
    "GlobalMaxPooling2D",
    "Identity",
    "Input",
    "InputLayer",
    "Lambda",
    "Layer",
    "LayerNormalization",
    "LeakyReLU",
    "MaxPool2D",
    "MaxPooling2D",
    "Maximum",
    "Minimum",
    "Multiply",
    "Permute",
    "ReLU",
    "Rescaling",
    "Reshape",
    "Softmax",
    "Subtract",
    "add",
    "average",
    "concatenate",
    "maximum",
    "minimum",
    "multiply",
    "subtract",
]
