"""Exercises of chapter 04: a recorder, rules, the sweep, and the tape made of them."""

from __future__ import annotations

from minitf.course.checks.the_tape.recorder import RECORDER
from minitf.course.checks.the_tape.scalar_rules import SCALAR_RULES
from minitf.course.checks.the_tape.sweep import SWEEP
from minitf.course.checks.the_tape.tape import TAPE

EXERCISES = (RECORDER, SCALAR_RULES, SWEEP, TAPE)
