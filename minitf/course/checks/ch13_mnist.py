"""Exercises of chapter 13: what a network needs besides the rules of chapters 04 and 06."""

from __future__ import annotations

from minitf.course.checks.mnist.glorot_uniform import GLOROT_UNIFORM
from minitf.course.checks.mnist.train_loop import TRAIN_LOOP
from minitf.course.checks.mnist.vjp_conv2d import VJP_CONV2D
from minitf.course.checks.mnist.vjp_maxpool import VJP_MAXPOOL
from minitf.course.checks.mnist.vjp_relu import VJP_RELU
from minitf.course.checks.mnist.vjp_softmax_xent import VJP_SOFTMAX_XENT

EXERCISES = (
    GLOROT_UNIFORM,
    VJP_RELU,
    VJP_SOFTMAX_XENT,
    VJP_CONV2D,
    VJP_MAXPOOL,
    TRAIN_LOOP,
)
