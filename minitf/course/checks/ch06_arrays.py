"""Exercises of chapter 06: undoing broadcasting, and the rules of operations on arrays."""

from __future__ import annotations

from minitf.course.checks.arrays.unbroadcast import UNBROADCAST
from minitf.course.checks.arrays.vjp_matmul import VJP_MATMUL
from minitf.course.checks.arrays.vjp_max import VJP_MAX
from minitf.course.checks.arrays.vjp_moving import VJP_MOVING
from minitf.course.checks.arrays.vjp_reductions import VJP_REDUCTIONS

EXERCISES = (UNBROADCAST, VJP_MATMUL, VJP_REDUCTIONS, VJP_MAX, VJP_MOVING)
