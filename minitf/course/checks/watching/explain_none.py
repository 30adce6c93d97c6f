"""Exercise ch05.explain_none: a NoneDoctor of the learner's own, on records of a program."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minitf.course.checks.watching.real_tape import (
    PATIENTS,
    WATCH_X,
    Program,
    Record,
    W,
    X,
    program,
)
from minitf.course.registry import Exercise, Mutant, Probe

# The words for PATIENTS, by hand; a test holds them against tape.explain on a real tape.
WORDS = {
    "a constant": "not_watched",
    "a constant, watched": "connected",
    "watched too late": "watched_late",
    "a variable": "connected",
    "an integer variable": "integer_source",
    "through NumPy, then one more line": "numpy",
    "rounded": "not_differentiable",
    "cast to integers and back": "integer",
    "the last line after the block": "outside",
    "used for something else": "no_path",
}

_LIKELY = {
    "not_watched": "look at the op that made the source, and for a Watch of it.",
    "watched_late": "the target was computed before the Watch.",
    "integer_source": "the record of the source tells its dtype.",
    "connected": "follow the way from the source to the target: nothing cuts it.",
    "numpy": "an op on the way is NumPy; what comes after it has the same word.",
    "not_differentiable": "an op on the way is Round or Floor.",
    "integer": "a value on the way is no float, and the cast back does not help.",
    "outside": "the target stands after the block.",
    "no_path": "nothing the target was computed from comes from the source.",
}

HARDER: dict[str, tuple[Program, str, str, str]] = {
    "a NumPy line beside the way": (
        program([W], [("b", "NumPy", ("w",), "float32"), ("y", "Mul", ("w", "w"), "float32")]),
        "y", "w", "connected",
    ),
    "one way cut, one whole": (
        program([W], [("a", "Round", ("w",), "float32"), ("y", "Mul", ("a", "w"), "float32")]),
        "y", "w", "connected",
    ),
    "rounded, then cast to integers: the first cut counts": (
        program([W], [("a", "Floor", ("w",), "float32"), ("b", "Cast", ("a",), "int32"),
                      ("y", "Cast", ("b",), "float32")]),
        "y", "w", "not_differentiable",
    ),
    "used before the watch and after it": (
        program([X], [("a", "Mul", ("x", "x"), "float32"), WATCH_X,
                      ("y", "Add", ("a", "x"), "float32")]),
        "y", "x", "connected",
    ),
    "watched, but the other constant is the source": (
        program([X, ("c", "Constant", (), "float32")],
                [WATCH_X, ("y", "Mul", ("x", "c"), "float32")]),
        "y", "c", "not_watched",
    ),
    "another constant is watched, and x only later": (
        program([X, ("c", "Constant", (), "float32")],
                [("", "Watch", ("c",), ""), ("a", "Mul", ("x", "c"), "float32"), WATCH_X,
                 ("y", "Sin", ("a",), "float32")]),
        "y", "x", "watched_late",
    ),
    "an int64 variable": (
        program([("n", "Variable", (), "int64")], [("y", "Mul", ("n", "n"), "int64")]),
        "y", "n", "integer_source",
    ),
    "a comparison on the way": (
        program([W], [("a", "Greater", ("w", "w"), "bool"), ("y", "Cast", ("a",), "float32")]),
        "y", "w", "integer",
    ),
}  # fmt: skip

_CUTS: dict[str, Record] = {
    "numpy": ("cut", "NumPy", ("v2",), "float32"),
    "not_differentiable": ("cut", "Floor", ("v2",), "float32"),
    "integer": ("cut", "Cast", ("v2",), "int32"),
    "connected": ("cut", "Cast", ("v2",), "float64"),
}


def probe_explain_none(rng: np.random.Generator) -> Iterator[Probe]:
    """Ten patients, five harder ones, a chain through float64, and one with a random cut."""
    for label, patient in PATIENTS.items():
        yield Probe(label, patient, WORDS[label], likely=_LIKELY[WORDS[label]])
    for label, (records, target, source, word) in HARDER.items():
        yield Probe(label, (records, target, source), word, edge=True, likely=_LIKELY[word])
    random_word = list(_CUTS)[int(rng.integers(len(_CUTS)))]
    for word in ("connected", random_word):
        yield Probe("a long chain", (long_chain(word), "y", "w"), word, edge=True)


def long_chain(word: str) -> Program:
    """w, two operations, the cut, a cast back, two operations; beside it a chain from x."""
    inside: list[Record] = [
        WATCH_X,
        ("v1", "Sin", ("w",), "float32"),
        ("u1", "Mul", ("x", "x"), "float32"),
        ("v2", "Mul", ("v1", "u1"), "float32"),
        _CUTS[word],
        ("back", "Cast", ("cut",), "float32"),
        ("v3", "Add", ("back", "u1"), "float32"),
        ("y", "Sin", ("v3",), "float32"),
    ]
    return program([W, X], inside)


def _cut(op, dtype):
    if op == "NumPy":
        return "numpy"
    if op in ("Round", "Floor"):
        return "not_differentiable"
    return "connected" if dtype.startswith("float") else "integer"


def _joined(words, whole_wins=True):
    if whole_wins and "connected" in words:
        return "connected"
    return next((word for word in words if word != "connected"), "".join(words[:1]))


def _doctor(records, target, source, check_source=True, order=True, after=True, whole_wins=True,
            spreads=True, last_cut=False, any_watch=False):  # fmt: skip
    """A right answer; each of the options makes one mistake."""
    kinds = {name: (op, dtype) for name, op, _, dtype in records["before"]}
    watched = [inputs[0] for _, op, inputs, _ in records["inside"] if op == "Watch"]
    op, dtype = kinds[source]
    if check_source and not dtype.startswith("float"):
        return "integer_source"
    if op != "Variable" and source not in watched:
        return "not_watched"
    reached = {source: "connected" if op == "Variable" or not order else "watched_late"}
    for name, op, inputs, dtype in records["inside"]:
        words = [reached[one] for one in inputs if one in reached]
        if op == "Watch":
            reached.update({source: "connected"} if any_watch or source in inputs else {})
        elif words:
            word = _joined(words, whole_wins)
            cut = _cut(op, dtype)
            if word == "connected" or (last_cut and cut != "connected"):
                word = cut
            if spreads or source in inputs:
                reached[name] = word
    for name, _, inputs, _ in records["after"]:
        words = [reached[one] for one in inputs if one in reached]
        if words and after:
            word = _joined(words)
            reached[name] = "outside" if word == "connected" else word
    return reached.get(target, "no_path")


def any_cut_will_do(program, target, source):
    for _, op, _, dtype in program["inside"]:
        if op != "Watch" and _cut(op, dtype) != "connected":
            return _cut(op, dtype)
    return _doctor(program, target, source)


def overlooks_the_watch(program, target, source):
    (op,) = [op for name, op, _, _ in program["before"] if name == source]
    if op == "Constant":
        return "not_watched"
    return _doctor(program, target, source)


def keeps_watched_late(program, target, source):
    inside = [record for record in program["inside"] if record[1] != "Watch"]
    watches = [record for record in program["inside"] if record[1] == "Watch"]
    return _doctor({**program, "inside": inside + watches}, target, source)


def watch_anywhere(program, target, source):
    return _doctor(program, target, source, order=False)


def one_cut_is_enough(program, target, source):
    return _doctor(program, target, source, whole_wins=False)


def does_not_spread(program, target, source):
    return _doctor(program, target, source, spreads=False)


def forgets_after(program, target, source):
    return _doctor(program, target, source, after=False)


def last_cut_wins(program, target, source):
    return _doctor(program, target, source, last_cut=True)


def integers_as_sources(program, target, source):
    return _doctor(program, target, source, check_source=False)


def only_float32(program, target, source):
    inside = [
        (name, op, inputs, "int32" if dtype == "float64" else dtype)
        for name, op, inputs, dtype in program["inside"]
    ]
    return _doctor({**program, "inside": inside}, target, source)


def only_int32(program, target, source):
    if next(r for r in program["before"] if r[0] == source)[3] == "int32":
        return "integer_source"
    parts = {
        part: [
            (name, op, inputs, "float32" if dtype in ("int64", "bool") else dtype)
            for name, op, inputs, dtype in records
        ]
        for part, records in program.items()
    }
    return _doctor(parts, target, source)


def any_watch_connects(program, target, source):
    return _doctor(program, target, source, any_watch=True)


def any_watch_will_do(program, target, source):
    inside = [
        (name, op, (source,) if op == "Watch" else inputs, dtype)
        for name, op, inputs, dtype in program["inside"]
    ]
    return _doctor({**program, "inside": inside}, target, source)


def backwards(program, target, source):
    """From the target back to the source: the same answer on another way."""
    first = next(r for r in program["before"] if r[0] == source)
    watch = [k for k, r in enumerate(program["inside"]) if r[1] == "Watch" and source in r[2]]
    if not first[3].startswith("float"):
        return "integer_source"
    if first[1] != "Variable" and not watch:
        return "not_watched"
    start = -1 if first[1] == "Variable" else watch[0]
    inside = [(k, r) for k, r in enumerate(program["inside"]) if r[1] != "Watch"]
    lines = [*inside, *[(None, r) for r in program["after"]]]

    def words_of(name, used_at):
        if name == source:
            return ["connected" if used_at is None or used_at > start else "watched_late"]
        for k, (made, op, inputs, dtype) in lines:
            if made == name:
                found = [word for one in inputs for word in words_of(one, k)]
                own = "outside" if k is None else _cut(op, dtype)
                if "connected" in found:
                    return [own]
                return found[:1]
        return []

    return (words_of(target, None) or ["no_path"])[0]


EXPLAIN_NONE = Exercise(
    id="ch05.explain_none",
    title="A doctor of your own",
    names=("explain_none",),
    points=4,
    minutes=15,
    difficulty=4,
    importance=4,
    probes=probe_explain_none,
    forbid=("tf.GradientTape", "tape.explain", "cause_on_a_real_tape", "minitf.explain"),
    hints=(
        "It is the colour in water once more, but the dict keeps a word for each name and not only "
        "'watched'. What becomes of a name whose inputs have the words numpy and connected?",
        "For each line: collect the words of its inputs that are in reached. With connected among "
        "them the line itself decides: numpy, not_differentiable, integer, or still connected. "
        "Otherwise the first of the words goes on. No words: the name stays out.",
        "words = [reached[i] for i in inputs if i in reached]. For a Watch of the source: "
        "reached[source] = 'connected'. Then go through 'after' the same way, but a line with "
        "connected among its words gets 'outside'. At the end: return "
        "reached.get(target, 'no_path').",
    ),
    mutants=(
        Mutant(
            "any_cut_will_do",
            any_cut_will_do,
            "you name a cut that is not on the way from the source to the target.",
        ),
        Mutant(
            "overlooks_the_watch",
            overlooks_the_watch,
            "a constant may be watched: look for a line ('', 'Watch', (source,), '') inside.",
        ),
        Mutant(
            "keeps_watched_late",
            keeps_watched_late,
            "the word of the source never changes: its Watch line makes it 'connected'.",
        ),
        Mutant(
            "watch_anywhere",
            watch_anywhere,
            "the Watch counts from its own line on; what ran before it saw nothing.",
        ),
        Mutant(
            "one_cut_is_enough",
            one_cut_is_enough,
            "one way is cut, but another is whole: then the gradient is not None.",
        ),
        Mutant(
            "does_not_spread",
            does_not_spread,
            "only lines that use the source itself are followed; go on with their outputs.",
        ),
        Mutant(
            "forgets_after",
            forgets_after,
            "the lines after the block are left out: there the way goes on, unrecorded.",
        ),
        Mutant("last_cut_wins", last_cut_wins, "with two cuts on one way, name the first."),
        Mutant(
            "integers_as_sources",
            integers_as_sources,
            "look at the dtype of the source first: an integer is never a source.",
        ),
        Mutant(
            "only_float32",
            only_float32,
            "float64 is a float as well: dtype.startswith('float').",
        ),
        Mutant(
            "only_int32",
            only_int32,
            "int64 and bool are no floats either: ask not dtype.startswith('float').",
        ),
        Mutant(
            "any_watch_will_do",
            any_watch_will_do,
            "a Watch of another value does not help this source: compare its input.",
        ),
        Mutant(
            "any_watch_connects",
            any_watch_connects,
            "in your loop a Watch of another value connects the source: compare its input.",
        ),
    ),
    alternatives=(backwards,),
    meaning="The rule of the tape, run in your head: that is all the NoneDoctor does.",
)
