"""Exercise ch04.tape: a recorder that can be asked for gradients, once."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.course.checks.the_tape.tools import (
    RULES,
    Program,
    ReferenceRecorder,
    all_eight,
    clean_workbench,
    fan_out,
    reference_sweep,
    slopes_by_nudging,
    value64,
)
from minitf.course.registry import Exercise, Mutant, Probe
from minitf.course.workbench import Value, apply


def _list_of_sources(names: Any, program: Program, *numbers: Any) -> Any:
    sources = [value64(number) for number in numbers]
    with clean_workbench(), names.Tape(RULES) as tape:
        target = program(*sources)
    return tape.gradient(target, sources)


def _one_source(names: Any) -> Any:
    x, w = value64(2.0), value64(3.0)
    with clean_workbench(), names.Tape(RULES) as tape:
        y = fan_out(x, w)
    return tape.gradient(y, w)


def _no_path(names: Any) -> Any:
    x, stranger = value64(2.0), value64(2.0)
    with clean_workbench(), names.Tape(RULES) as tape:
        y = x * x
    return tape.gradient(y, [stranger, x])


def _other_rules(names: Any) -> Any:
    def vjp_mul(upstream: Any, inputs: tuple, output: Any) -> tuple:
        return 10.0 * upstream, 20.0 * upstream

    x, w = value64(2.0), value64(3.0)
    with clean_workbench(), names.Tape({"mul": vjp_mul}) as tape:
        y = x * w
    return tape.gradient(y, [x, w])


def _nested(names: Any) -> Any:
    x = value64(2.0)
    with clean_workbench(), names.Tape(RULES) as outer:
        y = x * x
        with names.Tape(RULES) as inner:
            z = y * x
        from_inner = inner.gradient(z, [x, y])
        total = apply("sin", z)
    return {"inner": from_inner, "outer": outer.gradient(total, [x])}


def _second_call(names: Any) -> Any:
    x = value64(3.0)
    with clean_workbench(), names.Tape(RULES) as tape:
        y = x * x
    first = tape.gradient(y, x)
    try:
        again = tape.gradient(y, x)
    except Exception as error:  # noqa: BLE001 which one is the question
        words = len(str(error).split())
        return {"first": first, "second": type(error).__name__, "has a message": words >= 6}
    return {"first": first, "second": again, "has a message": False}


def _held_after_use(names: Any) -> Any:
    x = value64([1.0, 2.0])
    with clean_workbench(), names.Tape(RULES) as tape:
        middle = x * 3.0
        y = middle * middle
    held = weakref.ref(middle.data)
    del middle
    before = held() is not None
    gradient = tape.gradient(y, x)
    return {"gradient": gradient, "held before": before, "held after": held() is not None}


def _heard_nothing(names: Any) -> Any:
    """Nothing ran in the block: there is no path, and the tape has not been asked before."""
    x = value64(3.0)
    with clean_workbench(), names.Tape(RULES) as tape:
        pass
    return [tape.gradient(x * x, x)]


def _two_tapes(names: Any) -> Any:
    """What one tape was used for does not concern the next."""
    found = []
    x = value64(3.0)
    for _ in range(2):
        with clean_workbench(), names.Tape(RULES) as tape:
            y = x * x
        found.append(tape.gradient(y, [x]))
    return found


def probe_tape(rng: np.random.Generator) -> Iterator[Probe]:
    """One source, lists, no path, rules that are given, nested tapes, the second call, release."""
    yield Probe(
        "two sources", (fan_out, 2.0, 3.0), [np.array(48.0), np.array(28.0)],
        call=_list_of_sources,
        likely="gradient is asked after the block, when the tape has left TAPES. It needs only its "
        "own entries and rules.",
    )  # fmt: skip
    yield Probe("one source, not in a list", (), np.array(28.0), call=_one_source)
    numbers = [round(float(v), 2) for v in rng.uniform(0.4, 1.4, 3)]
    yield Probe(
        "all eight operations", (all_eight, *numbers), slopes_by_nudging(all_eight, *numbers),
        call=_list_of_sources, rtol=1e-5, atol=1e-6,
    )  # fmt: skip
    square = {"first": np.array(6.0), "second": "RuntimeError", "has a message": True}
    yield Probe("asked a second time", (), square, call=_second_call)
    yield Probe("no path to one of two sources", (), [None, np.array(4.0)], call=_no_path,
                edge=True)  # fmt: skip
    yield Probe(
        "a list of one source", (Value.__neg__, 2.0), [np.array(-1.0)], call=_list_of_sources,
        edge=True,
    )  # fmt: skip
    yield Probe(
        "other rules than usual", (), [np.array(10.0), np.array(20.0)], call=_other_rules,
        edge=True,
    )  # fmt: skip
    nested = {
        "inner": [np.array(4.0), np.array(2.0)],  # z = y · x, y not followed further
        "outer": [3 * 2.0**2 * np.cos(2.0**3)],  # sin(x³)
    }
    yield Probe("a tape in a tape", (), nested, call=_nested, edge=True)
    released = {"gradient": np.array([18.0, 36.0]), "held before": True, "held after": False}
    yield Probe("arrays are let go after use", (), released, call=_held_after_use, edge=True)
    yield Probe("a tape that heard nothing", (), [None], call=_heard_nothing, edge=True)
    yield Probe(
        "a fresh tape after a used one", (), [[np.array(6.0)], [np.array(6.0)]], call=_two_tapes,
        edge=True,
    )  # fmt: skip


class _Base(ReferenceRecorder):
    """A right tape; each mutant below changes one thing."""

    def __init__(self, rules):
        super().__init__()
        self.rules, self.used = rules, False

    def refuse(self):
        raise RuntimeError("this tape has been used once and let its entries go; record anew.")

    def release(self):
        self.entries = []

    def pack(self, found, single):
        return found[0] if single else found

    def gradient(self, target, sources):
        if self.used:
            self.refuse()
        single = isinstance(sources, Value)
        wanted = [sources] if single else list(sources)
        found = reference_sweep(self.entries, target, wanted, self.rules)
        self.used = True
        self.release()
        return self.pack(found, single)


class AlwaysAList(_Base):
    def pack(self, found, single):
        return found


class SingleForgotten(_Base):
    def pack(self, found, single):
        return [] if single else found  # a loop over a Value goes over its parts: it has none


class HandsData(_Base):
    def gradient(self, target, sources):
        single = isinstance(sources, Value)
        found = super().gradient(target, [Value(sources.data)] if single else sources)
        return self.pack(found, single)


class FirstOnly(_Base):
    def pack(self, found, single):
        return found[0]


class AsksTheEntries(_Base):
    def gradient(self, target, sources):
        if not self.entries:
            self.refuse()
        return super().gradient(target, sources)


class ShortListsOpened(_Base):
    def pack(self, found, single):
        return found[0] if len(found) == 1 else found


class AnswersAgain(_Base):
    def gradient(self, target, sources):
        self.used = False
        return super().gradient(target, sources)

    def release(self):
        pass


class ForgetsSilently(_Base):
    def refuse(self):
        pass


class BareError(_Base):
    def refuse(self):
        raise RuntimeError


class OtherError(_Base):
    def refuse(self):
        raise ValueError("this tape has been used once and let its entries go; record anew.")


class KeepsEntries(_Base):
    def release(self):
        pass


class ReleasesFirst(_Base):
    def gradient(self, target, sources):
        if not self.used:
            self.entries = []
        return super().gradient(target, sources)


class OwnRules(_Base):
    def __init__(self, rules):
        super().__init__(RULES)


class ZerosForNone(_Base):
    def pack(self, found, single):
        return super().pack([0.0 if one is None else one for one in found], single)


class PrintsOnly(_Base):
    def pack(self, found, single):
        print(found)


class WithACounter(ReferenceRecorder):
    """Counts its calls, and empties the list in place."""

    def __init__(self, rules):
        ReferenceRecorder.__init__(self)
        self.rules, self.calls = dict(rules), 0

    def gradient(self, target, sources):
        self.calls += 1
        if self.calls > 1:
            raise RuntimeError(
                "gradient was called before, and the tape let go of its entries. Ask for all "
                "sources in one call, or record again."
            )
        is_list = isinstance(sources, list | tuple)
        wanted = sources if is_list else [sources]
        found = reference_sweep(self.entries, target, wanted, self.rules)
        self.entries.clear()
        return found if is_list else found[0]


TAPE = Exercise(
    id="ch04.tape",
    title="Your tape",
    names=("Tape",),
    needs=("ch04.recorder", "ch04.sweep"),
    points=3,
    minutes=10,
    difficulty=2,
    importance=5,
    probes=probe_tape,
    hints=(
        "sweep wants a list of sources and gives a list. What do you do with a single Value, "
        "before and after? And how does the tape know that it was used?",
        "Keep self.used. If it is set, raise RuntimeError with a sentence. Otherwise sweep, set "
        "it, and make self.entries an empty list before you return.",
        "one = isinstance(sources, Value); found = sweep(self.entries, target, [sources] if one "
        "else sources, self.rules); self.used = True; self.entries = []; return found[0] if one "
        "else found.",
    ),
    mutants=(
        Mutant(
            "always_a_list",
            AlwaysAList,
            "for a single Value give a single gradient, not a list with one item.",
        ),  # fmt: skip
        Mutant(
            "single_forgotten",
            SingleForgotten,
            "sweep takes a list of sources: for a single Value hand it [sources].",
        ),  # fmt: skip
        Mutant(
            "hands_data",
            HandsData,
            "sweep finds a source by its identity: hand it the Value itself, [sources], not .data.",
        ),  # fmt: skip
        Mutant("first_only", FirstOnly, "for a list of sources give the whole list of gradients."),
        Mutant(
            "short_lists_opened",
            ShortListsOpened,
            "a list of one source gets a list of one gradient: ask isinstance(sources, Value).",
        ),  # fmt: skip
        Mutant(
            "answers_again",
            AnswersAgain,
            "the second call has to raise RuntimeError: this tape serves one call.",
        ),  # fmt: skip
        Mutant(
            "asks_the_entries",
            AsksTheEntries,
            "a tape that heard nothing is empty as well, and was never asked. Keep self.used.",
        ),  # fmt: skip
        Mutant(
            "forgets_silently",
            ForgetsSilently,
            "the second call answers None from an empty tape. Raise RuntimeError instead: a wrong "
            "answer is worse than none.",
        ),  # fmt: skip
        Mutant(
            "bare_error",
            BareError,
            "the error has to say why (used once, entries released) and what to do: at least six "
            "words.",
        ),  # fmt: skip
        Mutant("other_error", OtherError, "TensorFlow raises RuntimeError here; do the same."),
        Mutant(
            "keeps_entries",
            KeepsEntries,
            "after the answer the tape still holds every array: let its entries go.",
        ),  # fmt: skip
        Mutant(
            "releases_first",
            ReleasesFirst,
            "the entries are gone before sweep reads them. Sweep first, then let them go.",
        ),  # fmt: skip
        Mutant(
            "own_rules",
            OwnRules,
            "use the rules that were given to Tape(rules), self.rules, not a dict from outside.",
        ),  # fmt: skip
        Mutant("zeros_for_none", ZerosForNone, "no path stays None; do not turn it into 0."),
        Mutant("prints_only", PrintsOnly, "gradient has to return what it found, not print it."),
    ),
    alternatives=(WithACounter,),
    meaning="Recorder, rules, sweep: a tape. Chapter 13 trains a network on MNIST with it.",
)
