"""The command of the course: `python -m minitf.course grade`, and the others that `--help` lists.

Exit codes of all commands: 0 fine; 1 something to do; 2 wrong usage or an unreadable file;
3 the kernel could not be started.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from minitf.course.chapter_source import SourceError
from minitf.course.registry import UnknownExercise, exercises


def main(arguments: list[str] | None = None) -> int:
    """Run one sub-command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (SourceError, UnknownExercise, LookupError) as error:
        print(f"{options.command}: {error}", file=sys.stderr)
        return 2


def _grade(options: argparse.Namespace) -> int:
    from minitf.course.grade import grade_command
    from minitf.course.grade_class import grade_class_command

    if options.strict and options.class_folder or options.csv and not options.class_folder:
        print("grade: --csv needs --class, and --strict goes without it", file=sys.stderr)
        return 2
    if options.class_folder:
        return grade_class_command(
            Path(options.class_folder),
            tuple(options.chapters),
            csv_path=options.csv,
            json_path=options.json,
            cell_seconds=options.timeout,
            total_seconds=options.total,
        )
    return grade_command(
        tuple(options.chapters),
        options.path,
        json_path=options.json,
        cell_seconds=options.timeout,
        total_seconds=options.total,
        strict=options.strict,
    )


def _build(options: argparse.Namespace) -> int:
    from minitf.course.build import build, check_build
    from minitf.course.notebook_form import NotebookError
    from minitf.course.run_notebook import CellError

    numbers = tuple(options.chapters)
    try:
        if options.check:
            problems = check_build(numbers, run=options.execute)
            print("\n".join(problems) if problems else "Sources and notebooks are in step.")
            return 1 if problems else 0
        for name in build(numbers, run=options.execute is not False):
            print(f"wrote {name}")
        return 0
    except (NotebookError, CellError) as error:
        print(f"build: {error}", file=sys.stderr)
        return 1


def _reset(options: argparse.Namespace) -> int:
    from minitf.course.notebook_form import NotebookError
    from minitf.course.resetting import reset_chapter

    try:
        for number in options.chapters:
            print("\n".join(reset_chapter(number)))
        return 0
    except (NotebookError, OSError) as error:
        print(f"reset: {error}. Nothing was changed.", file=sys.stderr)
        return 2


def _progress(options: argparse.Namespace) -> int:
    from minitf.course.progress_table import progress

    for number in options.chapters or [None]:
        print(progress(number))
    return 0


def _hint(options: argparse.Namespace) -> int:
    from minitf.course.hints import hint

    hint(options.id, options.stage)
    return 0


def _claims(options: argparse.Namespace) -> int:
    from minitf.course.claims import claim_problems, claims_page, page_path
    from minitf.course.home import write_atomically

    problems = claim_problems()
    if options.check:
        shown = page_path().read_text(encoding="utf-8") if page_path().exists() else ""
        if shown != claims_page():
            problems.append("chapters/CLAIMS.md is out of step: python -m minitf.course claims")
    else:
        write_atomically(page_path(), claims_page())
        print(f"wrote {page_path().name}")
    print("\n".join(problems) if problems else "Every claim of the chapters is treated.")
    return 1 if problems else 0


def _seal(options: argparse.Namespace) -> int:
    from minitf.course.sealed import seal

    try:
        print(f'sealed("{seal(options.literal)}")')
        return 0
    except ValueError as error:
        print(f"seal: {error}", file=sys.stderr)
        return 2


def _doctor(options: argparse.Namespace) -> int:
    from minitf.course.doctor import examine_all

    return 1 if examine_all() else 0


def _parser() -> argparse.ArgumentParser:
    # course.py passes its own name on, so that a usage line shows what was typed.
    program = os.environ.get("MINITF_COMMAND", "python -m minitf.course")
    parser = argparse.ArgumentParser(prog=program, description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    grade = commands.add_parser("grade", help="run your exercises in a fresh kernel and score them")
    _add_chapters(grade)
    whose = grade.add_mutually_exclusive_group()
    whose.add_argument("--path", help="a notebook, or a folder of notebooks, to grade instead")
    whose.add_argument(
        "--class",
        dest="class_folder",
        metavar="FOLDER",
        help="a class: FOLDER/student/NN_*.ipynb, one row of points per student",
    )
    grade.add_argument("--csv", metavar="FILE", help="with --class: not FOLDER/grades.csv")
    grade.add_argument("--json", metavar="FILE", help="also write the result as JSON")
    grade.add_argument("--timeout", type=_seconds, default=10, help="seconds per cell (10)")
    grade.add_argument("--total", type=_seconds, default=120, help="seconds per notebook (120)")
    grade.add_argument("--strict", action="store_true", help="every known exercise must be graded")
    grade.set_defaults(run=_grade)

    build = commands.add_parser("build", help="for authors: write the notebooks from chapters/")
    _add_chapters(build)
    build.add_argument("--check", action="store_true", help="only say whether they are in step")
    build.add_argument(
        "--execute",
        action=argparse.BooleanOptionalAction,
        help="run the notebooks (default when building, not when checking)",
    )
    build.set_defaults(run=_build)

    reset = commands.add_parser("reset", help="give a notebook back as shipped; yours is kept")
    reset.add_argument("chapters", nargs="+", type=_chapter, metavar="NN")
    reset.set_defaults(run=_reset)

    progress = commands.add_parser("progress", help="what is done, what comes next")
    _add_chapters(progress)
    progress.set_defaults(run=_progress)

    hint = commands.add_parser("hint", help="the next hint for an exercise")
    hint.add_argument("id", help=f"for example {next(iter(exercises()), 'ch00.warm_up')}")
    hint.add_argument("stage", nargs="?", type=int, choices=(1, 2, 3))
    hint.set_defaults(run=_hint)

    claims = commands.add_parser("claims", help="for authors: which cell treats which claim")
    claims.add_argument("--check", action="store_true", help="only say what is missing")
    claims.set_defaults(run=_claims)

    sealing = commands.add_parser("seal", help="for authors: hide the answer of a prediction")
    sealing.add_argument("literal", metavar="VALUE", help="a Python literal: 8, or \"'up'\"")
    sealing.set_defaults(run=_seal)

    doctor = commands.add_parser("doctor", help="is this installation in order?")
    doctor.set_defaults(run=_doctor)
    return parser


def _add_chapters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("chapters", nargs="*", type=_chapter, metavar="NN", help="chapter numbers")


def _chapter(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"a chapter is a number like 02, not {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"a number of seconds above 0, not {text!r}")
    return value


if __name__ == "__main__":
    sys.exit(main())
