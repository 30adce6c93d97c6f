"""Exercises of chapter 03: paths, their sum, a good order, and the walk back."""

from __future__ import annotations

from minitf.course.checks.paths_and_order.accumulate import ACCUMULATE
from minitf.course.checks.paths_and_order.backward import BACKWARD
from minitf.course.checks.paths_and_order.paths import ALL_PATHS, PATH_SUM
from minitf.course.checks.paths_and_order.topo_order import TOPO_ORDER

EXERCISES = (ALL_PATHS, PATH_SUM, TOPO_ORDER, ACCUMULATE, BACKWARD)
