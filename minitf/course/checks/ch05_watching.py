"""Exercises of chapter 05: what a tape watches, and why a gradient is None."""

from __future__ import annotations

from minitf.course.checks.watching.explain_none import EXPLAIN_NONE
from minitf.course.checks.watching.fix_the_none import FIX_THE_NONE
from minitf.course.checks.watching.fix_the_path import FIX_THE_PATH
from minitf.course.checks.watching.gradient_structure import GRADIENT_STRUCTURE
from minitf.course.checks.watching.persistent import PERSISTENT
from minitf.course.checks.watching.record_only import WATCHING

EXERCISES = (
    FIX_THE_NONE,
    FIX_THE_PATH,
    WATCHING,
    PERSISTENT,
    GRADIENT_STRUCTURE,
    EXPLAIN_NONE,
)
