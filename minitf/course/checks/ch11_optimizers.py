"""Exercises of chapter 11: four optimizers, a schedule, and clipping by the global norm."""

from __future__ import annotations

from minitf.course.checks.optimizers.adam import ADAM
from minitf.course.checks.optimizers.clipping import CLIP_BY_GLOBAL_NORM
from minitf.course.checks.optimizers.cosine_warmup import COSINE_WARMUP
from minitf.course.checks.optimizers.momentum import MOMENTUM
from minitf.course.checks.optimizers.rmsprop import RMSPROP
from minitf.course.checks.optimizers.sgd import SGD

EXERCISES = (SGD, MOMENTUM, RMSPROP, ADAM, COSINE_WARMUP, CLIP_BY_GLOBAL_NORM)
