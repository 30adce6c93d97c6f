"""Hints in three stages, the solution, and the empty hole again.

hint("ch00.warm_up")        # nudge; call again for the method, then for nearly the answer
solution("ch00.warm_up")    # after a pass or three hints, or with show=True
reset("ch00.warm_up")       # the hole to paste back; nothing of yours is lost
"""

from __future__ import annotations

from minitf.course import progress_file
from minitf.course.chapter_source import answer_cell, learner_text, solution_text
from minitf.course.registry import get

STAGES = ("nudge", "method", "nearly the answer")


def hint(exercise_id: str = "", stage: int | None = None) -> None:
    """Print the next hint, or the hint of `stage` (1, 2 or 3).

    Raises `UnknownExercise` for a missing or unknown id, and ValueError for a stage outside 1 to 3.
    """
    exercise = get(exercise_id)
    if stage is None:
        stage = min(progress_file.entry(exercise_id)["hints"] + 1, 3)
    if stage not in (1, 2, 3):
        raise ValueError(f"stage is 1, 2 or 3, not {stage!r}: hint({exercise_id!r}, 1)")
    progress_file.record_hint(exercise_id, stage)
    print(f"{exercise_id}, hint {stage} of 3 ({STAGES[stage - 1]})")
    print(exercise.hints[stage - 1])
    if stage == 3:
        print(f'Still stuck? solution("{exercise_id}") shows one way to write it.')


def solution(exercise_id: str = "", show: bool = False) -> None:
    """Print one correct answer, once you have passed or read three hints, or with `show=True`."""
    exercise = get(exercise_id)
    entry = progress_file.entry(exercise_id)
    if not (show or entry["state"] == "pass" or entry["hints"] >= 3):
        seen = entry["hints"]
        print(f"{exercise_id}: the solution opens after a pass or three hints (so far {seen}).")
        print(f'Next: hint("{exercise_id}"). To see it now: solution("{exercise_id}", show=True).')
        return
    print(f"# {exercise_id}, one way to write {' and '.join(exercise.names)}:")
    print(solution_text(answer_cell(exercise_id)[1]))


def reset(exercise_id: str = "") -> None:
    """Print the untouched answer cell of an exercise, to paste over yours.

    Your last passed answer stays in the folder `.minitf/answers`, your points stay too. To give a
    whole notebook back: `python -m minitf.course reset NN`, which backs your copy up first.
    """
    exercise = get(exercise_id)
    print(f"# {exercise_id}: paste this into the answer cell. Nothing of yours was deleted.")
    print(learner_text(answer_cell(exercise_id)[1]))
    if progress_file.kept_answer(exercise.id):
        print(f"# Your passed answer is kept in .minitf/answers/{exercise_id}.py")
