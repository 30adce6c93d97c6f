"""Exercises of chapter 01: by hand, with differences, with formulas."""

from __future__ import annotations

from minitf.course.checks.four_ways.differences import CENTRAL_DIFFERENCE, PICK_EPS
from minitf.course.checks.four_ways.expression_swell import EXPRESSION_SWELL
from minitf.course.checks.four_ways.hand_derivative import HAND_DERIVATIVE
from minitf.course.checks.four_ways.sym_diff import SYM_DIFF

EXERCISES = (HAND_DERIVATIVE, CENTRAL_DIFFERENCE, PICK_EPS, SYM_DIFF, EXPRESSION_SWELL)
