"""The harness in benchmarks/: its arithmetic, its table of gates, and that it refuses wrong maths.

No test here depends on how fast anything is.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import agreement, peers, report, worker
from benchmarks.client import Client, WorkerDied
from benchmarks.gates import GATES, Gate, judge
from benchmarks.measure import Row, measure, ratio
from benchmarks.workload import REFERENCE, NotYet, Workload, library_of
from benchmarks.workloads import load, names, w1_scalar
from benchmarks.workloads.w7_footprint import disk

ROOT = Path(__file__).parents[1]


def row(contestant, *figures, case="", workload="W", note=""):
    return Row(workload, case, contestant, "us", list(figures), note=note)


# --- arithmetic


def test_ratio_is_the_median_of_the_rounds():
    # the third round met a load that hit both: it does not count more than the others
    assert ratio(row("minitf/eager", 1, 2, 50), row("torch/eager", 4, 4, 100)) == 0.5
    assert ratio(row("minitf/eager", 8.0), row("torch/eager", 2.0)) == 4


def test_ratio_of_rows_that_were_not_interleaved_is_that_of_the_medians():
    assert ratio(row("minitf/eager", 2, 4, 6), row("torch/eager", 8, 8)) == 0.5
    long, short = row("a/eager", 1, 9, 5, case="long"), row("a/eager", 5, 1, 9, case="short")
    assert ratio(long, short) == 1


def test_ratio_needs_figures():
    with pytest.raises(ValueError, match="both sides"):
        ratio(row("minitf/eager", 1), row("torch/eager"))


def test_median_and_spread():
    measured = row("minitf/eager", 10, 11, 12, 13, 14)
    assert measured.median == 12
    assert measured.spread == pytest.approx(1 / 12)  # quartiles 11 and 13
    assert row("minitf/eager", 3).spread == 0


# --- gates


@pytest.mark.parametrize(
    "figure, outcome, stretched",
    [(1.9, "pass", True), (3.0, "pass", False), (5.0, "pass", False), (5.1, "FAIL", False)],
)
def test_ratio_gate(figure, outcome, stretched):
    gate = Gate("W", "", "minitf/eager", "torch/eager", 0.5, stretch=0.2)
    (verdict,) = judge([row("minitf/eager", figure), row("torch/eager", 10.0)], [gate])
    assert (verdict.outcome, verdict.stretched) == (outcome, stretched)
    assert verdict.value == pytest.approx(figure / 10)


def test_goal_without_limit_cannot_fail():
    gate = Gate("W", "", "minitf/eager", "torch/eager", None, stretch=0.9)
    rows = [row("minitf/eager", 8.0), row("torch/eager", 10.0)]
    assert judge(rows, [gate])[0].outcome == "pass"
    assert "pass, goal too" in report.table(rows, judge(rows, [gate]))
    rows[0].figures = [9.1]
    assert judge(rows, [gate])[0].outcome == "goal missed"
    assert "goal missed" in report.table(rows, judge(rows, [gate]))


def test_absolute_gate():
    gate = Gate("W", "", "minitf/eager", None, 0.15)
    assert judge([row("minitf/eager", 0.14)], [gate])[0].outcome == "pass"
    assert judge([row("minitf/eager", 0.16)], [gate])[0].outcome == "FAIL"


def test_gate_between_two_cases():
    gate = Gate("W", "long", "minitf/eager", "minitf/eager", 1.5, their_case="short")
    rows = [row("minitf/eager", 4, case="short"), row("minitf/eager", 6, case="long")]
    assert judge(rows, [gate])[0].value == 1.5


def test_gate_without_figures_is_neither_passed_nor_failed():
    gate = Gate("W", "", "minitf/eager", "torch/eager", 0.5)
    assert judge([row("minitf/eager", 1)], [gate])[0].outcome == "not measured"
    rows = [row("minitf/eager", note="not yet: no layers"), row("torch/eager", 1)]
    assert judge(rows, [gate])[0].outcome == "not yet: no layers"
    assert judge([row("minitf/eager", 1, workload="V")], [gate]) == []


@pytest.mark.parametrize("gate", GATES, ids=str)
def test_every_gate_names_what_exists(gate):
    workload = load(gate.workload)
    wanted = {gate.ours, gate.theirs} - {None}
    assert wanted <= set(workload.contestants)
    assert {gate.case, gate.their_case or gate.case} <= set(workload.cases)
    assert gate.ours.startswith("minitf/")
    assert gate.stretch is not None or gate.limit is not None
    assert None in (gate.stretch, gate.limit) or gate.stretch < gate.limit


# --- workloads


@pytest.mark.parametrize("name", names())
def test_workload_is_complete(name):
    workload = load(name)
    assert workload.name == name
    assert {library_of(contestant) for contestant in workload.contestants} <= set(peers.PEERS)
    if workload.sample is None:
        assert REFERENCE in workload.contestants


def test_names_are_selected_by_their_beginning():
    assert names("W3") == ["W3", "W3 epoch"]
    assert names("W1, W3 epoch,W3") == ["W1", "W3 epoch", "W3"]
    for wrong in ("W9", "", "W1,,W2"):
        with pytest.raises(ValueError, match="no workload"):
            names(wrong)


@pytest.mark.parametrize("name", ["W1", "W2", "W3", "W4", "W5", "W6"])
def test_minitf_agrees_with_numpy_by_hand(name):
    """The first two steps of every workload, all cases but the longest."""
    workload = load(name)
    for case in set(workload.cases) - {"99,999 operations"}:
        reference = workload.contestants[REFERENCE](case)
        expected = [reference() for _ in range(2)]
        for mode in ("minitf/eager", "minitf/plain"):
            if mode not in workload.contestants:
                continue
            try:
                step = workload.contestants[mode](case)
            except NotYet:
                continue
            worst, agrees = agreement.compare([step() for _ in range(2)], expected)
            assert agrees, (mode, case, worst)


def test_size_of_minitf_counts_no_caches():
    others = {"course", "viz"}  # not part of the framework
    files = [p for p in (ROOT / "minitf").rglob("*.py") if not others & set(p.parts)]
    assert sum(p.stat().st_size for p in files) / 1e6 < disk("minitf") < 3


# --- agreement


def test_agreement_accepts_rounding_and_fewer_values():
    expected = [(1.0, np.array([3.0, -4.0]))] * 2
    assert agreement.compare([(1.0005, np.array([3.001, -4.0]))] * 2, expected)[1]
    assert agreement.compare([1.0, 1.0], expected) == (0, True)  # a loss without gradients


@pytest.mark.parametrize(
    "gradient",
    [[3.0, -3.9], [-3.0, 4.0], [6.0, -8.0], [3.0, np.nan], [3.0], [[3.0, -4.0]]],
    ids=["off", "sign", "factor", "nan", "short", "shape"],
)
def test_agreement_rejects_a_wrong_gradient(gradient):
    expected = [(1.0, np.array([3.0, -4.0]))]
    worst, agrees = agreement.compare([(1.0, np.array(gradient))], expected)
    assert not agrees and worst > agreement.TOLERANCE


def test_agreement_looks_at_every_step():
    assert not agreement.compare([1.0, 1.0, 1.1], [1.0, 1.0, 1.0])[1]


def test_agreement_refuses_results_that_do_not_correspond():
    with pytest.raises(ValueError, match="2 results"):
        agreement.compare([1, 2], [1, 2, 3])
    for nothing_to_compare in ((), (1, 2)):
        with pytest.raises(ValueError, match="values"):
            agreement.compare([nothing_to_compare], [1])


def with_wrong_sign(case):
    right = w1_scalar.minitf_eager(case)

    def step():
        by_w, by_b = right()
        return by_w, -by_b

    return step


def test_wrong_maths_gets_no_figures(monkeypatch):
    """From the worker to the verdict: a wrong gradient is reported, and not timed."""
    wrong = Workload(
        "W1",
        "",
        {REFERENCE: w1_scalar.by_hand, "minitf/eager": with_wrong_sign},
    )
    monkeypatch.setattr(worker, "load", lambda name: wrong)
    inside = InProcess()
    rows = measure(wrong, {"numpy": inside, "minitf": inside}, {}, rounds=2)
    assert [len(r.figures) for r in rows] == [2, 0]
    assert "other maths: off by 2" in rows[1].note
    gate = Gate("W1", "", "minitf/eager", REFERENCE, 1000)
    assert judge(rows, [gate])[0].outcome == rows[1].note


class InProcess:
    """A client without a process."""

    def __init__(self):
        self._worker = worker.Worker()

    def ask(self, do, **details):
        return self._worker.answer({"do": do, **details})


# --- processes


def test_worker_answers_and_survives_errors():
    with Client("numpy", sys.executable, threads=1) as client:
        assert client.version == np.__version__
        address = {"workload": "W1", "case": "", "contestant": REFERENCE}
        assert "KeyError" in client.ask("time", **address, calls=1)["error"]
        assert client.ask("prepare", **address)["worst"] == 0
        assert client.ask("time", **address, calls=3)["seconds"] > 0
        assert client.ask("forget") == {}
        assert "KeyError" in client.ask("time", **address, calls=1)["error"]


def test_missing_library_and_dead_process_are_reported():
    with pytest.raises(WorkerDied, match="autograd does not start"):
        Client("autograd", sys.executable, threads=1)
    client = Client("numpy", sys.executable, threads=1)
    client._process.kill()
    with pytest.raises(WorkerDied, match="numpy ended with exit code"):
        for _ in range(2):
            client.ask("forget")
    client.close()


def test_run_measures_minitf_alone(tmp_path):
    results = tmp_path / "results.json"
    done = subprocess.run(
        [sys.executable, "benchmarks/run.py", "--workloads", "W1", "--peers", "minitf"]
        + ["--rounds", "2", "--threads", "1", "--json", str(results)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "minitf/eager" in done.stdout and "verdict" in done.stdout
    content = json.loads(results.read_text("utf-8"))
    rows = {r["contestant"]: r for r in content["rows"]}
    assert set(rows) == {"numpy/hand", "minitf/eager", "minitf/traced"}
    assert all(len(r["figures"]) == 2 and r["median"] > 0 for r in rows.values())
    assert rows["minitf/eager"]["worst_difference"] == 0
    assert {gate["outcome"] for gate in content["gates"]} == {"not measured"}
    assert content["about"]["versions"]["numpy"] == np.__version__


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--workloads", "W9"], "no workload 'W9'"),
        (["--peers", "theano"], "no peer 'theano'"),
        (["--python", "torch"], "PEER=PATH"),
        (["--peers", "torch", "--python", "torch=/none/python"], "no such file"),
    ],
)
def test_run_explains_wrong_arguments(arguments, message):
    done = subprocess.run(
        [sys.executable, "benchmarks/run.py", *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert message in done.stderr and "Traceback" not in done.stderr


# --- report


def test_table_shows_figures_ratios_and_notes():
    rows = [
        row("minitf/eager", 2.0, workload="W1"),
        row("torch/eager", 8.0, workload="W1"),
        row("jax/jit", workload="W1", note="not yet: reason"),
    ]
    text = report.table(rows, judge(rows))
    assert "minitf/eager" in text and "0.25" in text and "not yet: reason" in text
    assert "W1: minitf/eager / torch/eager" in text and "pass" in text


def test_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "results.json"
    report.write_whole(path, "old")
    with pytest.raises(UnicodeEncodeError):
        report.write_whole(path, "\ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_plot_draws_ratios(tmp_path):
    pytest.importorskip("matplotlib")
    from benchmarks.plot import draw

    rows = [row("minitf/eager", 2.0), row("torch/eager", 8.0), row("jax/jit")]
    for name in ("results.png", "results.svg"):
        draw(rows, tmp_path / name)
        assert (tmp_path / name).stat().st_size > 1000
    with pytest.raises(ValueError, match="nothing to draw"):
        draw(rows[:1], tmp_path / "empty.png")
    assert not (tmp_path / "empty.png").exists()
