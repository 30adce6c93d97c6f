"""The course around the framework: exercises that are checked at once, hints, progress.

    from minitf.course import check, hint, solution, progress, reset, provenance
    from minitf.course import predict, sealed

    check("ch00.warm_up")       # right? if not: what is likely wrong
    hint("ch00.warm_up")        # three stages
    progress()                  # what is done, what comes next

Folder map, in the order a reader may want it:

    registry.py  checks/        one Exercise per task: probes, hints, mutants
    checker.py  asking.py  compare.py  guard.py  lint.py  failures.py     what `check` does
    hints.py  predictions.py  progress_file.py  progress_table.py         what the learner calls
    learner_source.py  engine.py        answers kept, and put together to the learner's engine
    chapter_source.py  source_lint.py  notebook_form.py  build.py         sources to notebooks
    run_notebook.py  grade.py  grade_report.py                            the grader's command
    grade_class.py  class_report.py                                       the same for a class
    sealed.py                           answers of predictions, not to be read at a glance
    doctor.py                           is this installation in order?

How to write a chapter: chapters/README.md. Importing this package needs NumPy alone.
"""

from minitf.course.checker import check
from minitf.course.doctor import doctor
from minitf.course.engine import my_engine, provenance
from minitf.course.hints import hint, reset, solution
from minitf.course.predictions import predict
from minitf.course.progress_table import progress
from minitf.course.sealed import sealed

__all__ = [
    "check",
    "doctor",
    "hint",
    "my_engine",
    "predict",
    "progress",
    "provenance",
    "reset",
    "sealed",
    "solution",
]
