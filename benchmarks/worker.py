"""The process that runs one library: reads commands, answers each with one line of JSON.

    {"do": "hello", "library": "torch"}                       -> {"version": ...}
    {"do": "prepare", "workload": "W1", "case": "", "contestant": "torch/eager"}
                                              -> {"worst": ..., "agrees": ..., "seconds": ...}
    {"do": "time", ..., "calls": 1000}                        -> {"seconds": per call}
    {"do": "forget"}                                          -> {}

It lives as long as its standard input is open. client.py talks to it.
"""

from __future__ import annotations

import gc
import importlib
import importlib.metadata
import json
import os
import sys
import time
import traceback
from typing import Any

from benchmarks.agreement import compare
from benchmarks.peers import PEERS
from benchmarks.workload import REFERENCE, NotYet, Step
from benchmarks.workloads import load

WARM_UP_SECONDS = 0.3
WARM_UP_CALLS = 200


class Worker:
    """Holds the steps that are ready to be timed."""

    def __init__(self) -> None:
        self._steps: dict[tuple[str, ...], Step] = {}

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Does what a command asks for; an exception becomes an answer as well."""
        commands = {
            "hello": self._hello,
            "prepare": self._prepare,
            "time": self._time,
            "forget": self._forget,
        }
        try:
            return commands[request["do"]](request)
        except NotYet as missing:
            return {"not_yet": str(missing)}
        except Exception:
            return {"error": traceback.format_exc(limit=-4)}

    def _hello(self, request: dict[str, Any]) -> dict[str, Any]:
        peer = PEERS[request["library"]]
        module = importlib.import_module(peer.module)
        set_threads(request["library"], int(os.environ["OMP_NUM_THREADS"]))
        if peer.distributions:
            return {"version": importlib.metadata.version(peer.distributions[0])}
        return {"version": module.__version__}

    def _prepare(self, request: dict[str, Any]) -> dict[str, Any]:
        workload, case = load(request["workload"]), request["case"]
        step = workload.contestants[request["contestant"]](case)
        reference = workload.contestants[REFERENCE](case)
        results = [step() for _ in range(workload.checks)]
        worst, agrees = compare(results, [reference() for _ in range(workload.checks)])
        if agrees:
            self._steps[_key(request)] = step
        return {"worst": worst, "agrees": agrees, "seconds": warm_up(step) if agrees else None}

    def _time(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"seconds": time_per_call(self._steps[_key(request)], request["calls"])}

    def _forget(self, request: dict[str, Any]) -> dict[str, Any]:
        self._steps.clear()
        gc.collect()
        return {}


def warm_up(step: Step) -> float:
    """Calls `step` until caches are warm; returns seconds per call, of the later half."""
    calls, started = 0, time.perf_counter()
    middle, calls_before = started, 0
    while calls < WARM_UP_CALLS and time.perf_counter() - started < WARM_UP_SECONDS:
        step()
        calls += 1
        if calls in (1, WARM_UP_CALLS // 2):
            middle, calls_before = time.perf_counter(), calls
    if calls == calls_before:  # one slow call filled the time
        return time.perf_counter() - started
    return (time.perf_counter() - middle) / (calls - calls_before)


def time_per_call(step: Step, calls: int) -> float:
    """Seconds per call. The garbage collector runs before, never while the clock does."""
    gc.collect()
    gc.disable()
    try:
        started = time.perf_counter()
        for _ in range(calls):
            step()
        return (time.perf_counter() - started) / calls
    finally:
        gc.enable()


def set_threads(library: str, threads: int) -> None:
    """Limits the libraries that do not obey OMP_NUM_THREADS."""
    if library == "tensorflow":
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    if library == "torch":
        import torch

        torch.set_num_threads(threads)


def main() -> None:
    """Answers requests until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints goes to standard error, not between the answers
    worker = Worker()
    for line in sys.stdin:
        answers.write(json.dumps(worker.answer(json.loads(line))) + "\n")
        answers.flush()


def _key(request: dict[str, Any]) -> tuple[str, ...]:
    return request["workload"], request["case"], request["contestant"]


if __name__ == "__main__":
    main()
