"""`check("ch02.local_derivs")`: is the answer right, and if not, what is likely wrong?

    check("ch00.warm_up")
    # ch00.warm_up passed (2 probes, 3 edge cases), 1 point.

A check looks the exercise's names up in the notebook, reads their source for forbidden
shortcuts, puts every probe to them under a time limit, and compares the replies with values that
come from an independent reference. A wrong answer is compared with the exercise's mutants: if it
behaves like one, that mutant's diagnosis is shown. A failing check raises, so that no notebook
runner can mistake it for success.
"""

from __future__ import annotations

import linecache
import os
import random
import sys
import textwrap
import traceback
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from minitf.course import evidence, progress_file
from minitf.course.asking import Reply, ask, gives
from minitf.course.failures import (
    AnswerBlocked,
    AnswerError,
    AnswerTooSlow,
    CheckFailed,
    NotStarted,
)
from minitf.course.guard import TimeIsUp, time_limit
from minitf.course.learner_source import answer_source, code_files, has_newer_cell, source_of
from minitf.course.lint import forbidden_use
from minitf.course.registry import Exercise, Mutant, Probe, definitions, get


def check(exercise_id: str = "") -> None:
    """Check the answer to one exercise in the calling notebook.

    Prints one line and a sentence when it passes. Raises `NotStarted` for an open hole,
    `CheckFailed` (or a subclass) for an answer that is not right yet, `UnknownExercise` for a
    missing or unknown id.
    """
    exercise = get(exercise_id)
    namespace = _calling_namespace()
    seeds = _seeds(exercise)
    earlier = _earlier_run(exercise, namespace)
    try:
        names = _learner_names(exercise, namespace)
        source = answer_source(exercise, namespace)
        _forbid_shortcuts(exercise, names, namespace)
        probes = _examine_all(exercise, names, seeds, source)
    except CheckFailed as failure:
        if earlier:
            failure.remark(earlier)
        progress_file.record_attempt(exercise, failure.state)
        evidence.publish(exercise, failure.state, failure.headline, seeds, failure.mutant)
        raise
    progress_file.record_pass(exercise, source)
    evidence.publish(exercise, "pass", "", seeds)
    print(_pass_line(exercise, probes))
    if earlier:
        print(earlier)
    print(exercise.meaning)


def _examine_all(
    exercise: Exercise, names: Mapping[str, Any], seeds: list[int], source: str
) -> list[Probe]:
    try:
        return [examine(exercise, names, seed) for seed in seeds][0]
    except AnswerBlocked:
        # Given lines above the hole may call an open answer before the hole itself is reached.
        if f"{exercise.id}: not started yet" in source:
            raise _not_started(exercise) from None
        raise


def examine(exercise: Exercise, names: Mapping[str, Any], seed: int) -> list[Probe]:
    """Put all probes to `names` and return them; raise `CheckFailed` if a reply is wrong."""
    probes = list(exercise.probes(np.random.default_rng(seed)))
    replies: list[Reply] = []
    states = random.getstate(), np.random.get_state()
    random.seed(seed)
    np.random.seed(seed % 2**32)
    try:
        with time_limit(exercise.seconds):
            for probe in probes:
                replies.append(ask(probe, names))
    except TimeIsUp:
        raise _too_slow(exercise, probes[len(replies)]) from None
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
    for reply in replies:
        _raise_if_open(exercise, reply)
    for reply in replies:
        _raise_if_wrong(exercise, reply, replies, names)
    return probes


def matching_mutant(exercise: Exercise, replies: list[Reply]) -> Mutant | None:
    """Return the first mutant that gives these replies to the same probes.

    One whose errors have the same messages goes before one whose errors have the same types.
    """
    raised = any(reply.error is not None for reply in replies)
    for same_text in (True, False) if raised else (True,):
        for mutant in exercise.mutants:
            try:
                with time_limit(exercise.seconds):
                    if gives(replies, definitions(exercise, mutant.code), same_text):
                        return mutant
            except TimeIsUp:
                continue
    return None


def fixed_seed(exercise: Exercise) -> int:
    """Return the seed of the first round: the same everywhere, so that messages repeat."""
    return zlib.crc32(exercise.id.encode())


def _seeds(exercise: Exercise) -> list[int]:
    if not os.environ.get("MINITF_GRADE"):
        return [fixed_seed(exercise)]
    # A grader asks a second time with numbers nobody could have prepared for.
    chosen = os.environ.get("MINITF_SEED")
    return [fixed_seed(exercise), int(chosen) if chosen else int.from_bytes(os.urandom(4))]


def _calling_namespace() -> Mapping[str, Any]:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell.user_ns if shell is not None else sys._getframe(2).f_globals


def _learner_names(exercise: Exercise, namespace: Mapping[str, Any]) -> dict[str, Any]:
    missing = [name for name in exercise.names if name not in namespace]
    if missing:
        raise AnswerError(
            f"{exercise.id}: `{missing[0]}` is not defined",
            [
                "likely   its cell was not run since the kernel started, or stopped with an error",
                f"do       run the cell that defines `{missing[0]}`, then run this check again",
            ],
        )
    names = {name: namespace[name] for name in exercise.names}
    if any(value is ... for value in names.values()):
        raise _not_started(exercise)
    return names


def _earlier_run(exercise: Exercise, namespace: Mapping[str, Any]) -> str:
    """Say that the newest run of the answer's cell is not the one that is checked, or return ""."""
    for name in exercise.names:
        if name in namespace and has_newer_cell(name, namespace):
            return (
                f"note     this is about an earlier `{name}`: "
                "the newest run of its cell seems to have failed"
            )
    return ""


def _forbid_shortcuts(
    exercise: Exercise, names: Mapping[str, Any], namespace: Mapping[str, Any]
) -> None:
    for name in names:
        source = source_of(name, namespace)
        used = forbidden_use(source, exercise.forbid) if source else ""
        if used:
            raise CheckFailed(
                f"{exercise.id} not yet - it uses `{used}`",
                [
                    f"why      this exercise asks you to write the thing yourself, without {used}",
                    f'more     hint("{exercise.id}")',
                ],
            )


def _raise_if_open(exercise: Exercise, reply: Reply) -> None:
    if isinstance(reply.error, NotImplementedError):
        text = str(reply.error)
        if text.startswith(exercise.id + ":"):
            raise _not_started(exercise)
        if text[:2] == "ch" and ": " in text:
            open_id = text.partition(":")[0]
            raise AnswerBlocked(
                f"{exercise.id} blocked by {open_id}, which is still open",
                [f'do       solve {open_id} first, or look at it with solution("{open_id}")'],
            )


def _raise_if_wrong(
    exercise: Exercise, reply: Reply, replies: list[Reply], names: Mapping[str, Any]
) -> None:
    probe = reply.probe
    kind: type[CheckFailed] = CheckFailed
    if reply.error is not None:
        kind = AnswerError
        lines = _error_lines(reply.error, names)
        reason = f"it raised {type(reply.error).__name__}"
    elif reply.changed_input:
        lines = [f"changed  {reply.changed_input}"]
        reason = "it changes its input"
    else:
        lines, reason = reply.problem(), "wrong result"
    if not lines:
        return
    details = [f"probe    {probe.label}", *lines[:4]]
    if reply.printed:
        details.append("printed  " + reply.printed.splitlines()[0][:70])
    if reply.warned:
        details.append("warning  " + textwrap.shorten(reply.warned, 88, placeholder=" ..."))
    # Two flaws at once match no mutant everywhere: then the replies up to this one must do.
    seen = replies[: replies.index(reply) + 1]
    mutant = matching_mutant(exercise, replies) or matching_mutant(exercise, seen)
    likely = mutant.diagnosis if mutant else _default_likely(reply, replies, names)
    details += _labelled("likely", likely)[: 9 - len(details)]
    details.append(f'more     hint("{exercise.id}")')
    failure = kind(f"{exercise.id} not yet - {reason}", details)
    failure.mutant = mutant.label if mutant else ""
    raise failure


def _default_likely(reply: Reply, replies: list[Reply], names: Mapping[str, Any]) -> str:
    if reply.changed_input:
        return (
            "an in-place operation (+=, out=, sort) wrote into the caller's array; copy it first."
        )
    if reply.error is None and reply.value is None and callable(next(iter(names.values()))):
        if all(one.value is None for one in replies):
            return "your function returns nothing (None): is the `return` missing?"
        return "your function returns nothing (None) here: is there a case without `return`?"
    if isinstance(reply.error, TypeError) and "must derive from BaseException" in str(reply.error):
        return "`raise` is for errors. Write `return` in its place."
    return reply.probe.likely


def _error_lines(error: BaseException, names: Mapping[str, Any]) -> list[str]:
    """Name the error and the last line of the learner's own code that it passed through."""
    own = set().union(*(code_files(value) for value in names.values()))
    text = str(error).splitlines()[0] if str(error) else ""
    lines = _labelled("error", f"{type(error).__name__}: {text}")[:3]
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in own]
    if frames:
        last = frames[-1]
        code = linecache.getline(last.filename, last.lineno or 0).strip()
        lines.append(f"in       line {last.lineno} of your cell: {code}"[:160])
    return lines


def _not_started(exercise: Exercise) -> NotStarted:
    names = " and ".join(f"`{name}`" for name in exercise.names)
    return NotStarted(
        f"{exercise.id} not started yet",
        [
            f"do       write {names} in the cell above, run it, then run this check",
            f'more     hint("{exercise.id}")',
        ],
    )


def _too_slow(exercise: Exercise, probe: Probe) -> AnswerTooSlow:
    return AnswerTooSlow(
        f"{exercise.id} not yet - stopped after {exercise.seconds:g} s",
        [
            f"probe    {probe.label}",
            "likely   a loop whose end is never reached: what changes in each round?",
            f'more     hint("{exercise.id}")',
        ],
    )


def _labelled(label: str, text: str) -> list[str]:
    if not text:
        return []
    first, *rest = textwrap.wrap(text, width=88)
    return [f"{label:<9}{first}", *(" " * 9 + line for line in rest)]


def _pass_line(exercise: Exercise, probes: list[Probe]) -> str:
    edges = sum(probe.edge for probe in probes)
    asked = _count(len(probes) - edges, "probe")
    if edges:
        asked += ", " + _count(edges, "edge case")
    return f"{exercise.id} passed ({asked}), {_count(exercise.points, 'point')}."


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")
