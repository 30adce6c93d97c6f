"""Runs a recorded program on minitf and compares its answer with TensorFlow's.

    got = run("programs/tape/tape-fanout.py")       {"result": ...} or {"raised": [...], ...}
    complaint(expected, got)                        None, or the first difference in words

Results travel as plain JSON: an array is {"a": [dtype, shape, flat values]}, a dict {"d": {...}},
a float that JSON cannot write {"x": "nan"}.
"""

import json
import math
import os
import signal
import tempfile
import traceback
from pathlib import Path

import numpy as np

import minitf as tf

TIME_LIMIT = 10  # seconds per program
TOLERANCE = {  # relative, absolute
    "float16": (2e-2, 2e-3),
    "float32": (1e-4, 1e-5),
    "float64": (1e-6, 1e-8),
    "complex64": (1e-4, 1e-5),
    "complex128": (1e-6, 1e-8),
}


def run(path):
    """The program's outcome; it runs in a forked process where there is one, in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        if hasattr(os, "fork"):
            return _run_forked(path, folder)
        return _run_here(path, folder)  # Windows


def complaint(expected, got):
    """None if the outcome is the recorded one, else what differs."""
    if "raises" in expected:
        if "result" in got:
            return f"did not raise; TensorFlow raises {expected['raises']}"
        if not got["ready"]:
            return f"raised too early: {got['message']}"
        if not set(expected["accept"]) & set(got["raised"]):
            return f"raised {got['message']}; TensorFlow raises {expected['raises']}"
        return None
    if "raised" in got:
        return f"raised {got['message']}"
    return _difference(expected["result"], got["result"], "result", expected.get("tol"))


# ------------------------------------------------------------ running


def _run_here(path, folder):
    space = {"__name__": "program", "__file__": str(path), "tf": tf, "np": np}
    np.random.seed(0)
    before = os.getcwd()
    os.chdir(folder)
    try:
        exec(compile(Path(path).read_text(encoding="utf-8"), str(path), "exec"), space)
        return {"result": _encode(space["result"])}
    except Exception as error:
        lines = [
            f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)
        ]
        return {
            "raised": [c.__name__ for c in type(error).__mro__],
            "message": f"{type(error).__name__}: {error} (line {lines[-1] if lines else 0})",
            "ready": bool(space.get("ready")),
        }
    finally:
        os.chdir(before)


def _run_forked(path, folder):
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:  # the child writes its answer and vanishes without cleaning up pytest's things
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(TIME_LIMIT)
            with open(os.devnull, "w") as nowhere:
                os.dup2(nowhere.fileno(), 1)
                os.dup2(nowhere.fileno(), 2)
            with os.fdopen(write_end, "w", encoding="utf-8") as pipe:
                json.dump(_run_here(path, folder), pipe)
        finally:
            os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, encoding="utf-8") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(pid, 0)
    if not answer:
        what = "took too long" if os.WTERMSIG(status) == signal.SIGALRM else "the process died"
        return {"raised": [], "message": what, "ready": False}
    return json.loads(answer)


# ------------------------------------------------------------ results as JSON


def _encode(value):
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, np.ndarray | np.generic):
        return _encode_array(np.asarray(value))
    if isinstance(value, float):
        return value if math.isfinite(value) else {"x": str(value)}
    if isinstance(value, dict):
        return {"d": {str(k): _encode(v) for k, v in value.items()}}
    if isinstance(value, tf.TensorShape):
        return value.as_list()
    if isinstance(value, set | frozenset):
        return _encode(sorted(value))
    if isinstance(value, list | tuple):
        return [_encode(v) for v in value]
    if isinstance(value, np.dtype | tf.DType):
        return value.name
    if isinstance(value, type):
        return np.dtype(value).name if issubclass(value, np.generic) else value.__name__
    return _encode(tf.convert_to_tensor(value).numpy())


def _encode_array(array):
    flat = array.reshape(-1)
    if array.dtype.kind == "f":
        values = [float(str(x)) if np.isfinite(x) else str(float(x)) for x in flat]
    elif array.dtype.kind == "c":
        values = [[float(x.real), float(x.imag)] for x in flat]
    elif array.dtype.kind == "O":
        values = [x.decode() if isinstance(x, bytes) else str(x) for x in flat]
    else:
        values = flat.tolist()
    return {"a": [array.dtype.name, list(array.shape), values]}


# ------------------------------------------------------------ comparing


def _difference(want, got, where, tolerance):
    """None, or the first difference; a Python number and a scalar tensor of its value are equal."""
    if _is_array(want) and not _is_array(got):
        want = _scalar(want)
    elif _is_array(got) and not _is_array(want):
        got = _scalar(got)
    if _is_array(want) and _is_array(got):
        return _array_difference(want["a"], got["a"], where, tolerance)
    if isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        pairs = enumerate(zip(want, got, strict=True))
        return _first(_difference(w, g, f"{where}[{i}]", tolerance) for i, (w, g) in pairs)
    if _is_dict(want) and _is_dict(got) and want["d"].keys() == got["d"].keys():
        keys = want["d"]
        return _first(
            _difference(want["d"][k], got["d"][k], f"{where}[{k!r}]", tolerance) for k in keys
        )
    if _is_number(want) and _is_number(got):
        equal = _close(want, got, *(tolerance or TOLERANCE["float32"]))
    else:
        equal = type(want) is type(got) and want == got
    return None if equal else f"{where}: got {got!r:.120}, TensorFlow gives {want!r:.120}"


def _array_difference(want, got, where, tolerance):
    if want[:2] != got[:2]:
        return f"{where}: got {got[:2]}, TensorFlow gives {want[:2]} (dtype and shape)"
    rtol, atol = tolerance or TOLERANCE.get(want[0], (0.0, 0.0))
    for i, (w, g) in enumerate(zip(want[2], got[2], strict=True)):
        if not _close(w, g, rtol, atol):
            return f"{where}: flat element {i} is {g}, TensorFlow gives {w}"
    return None


def _close(want, got, rtol, atol):
    if isinstance(want, list):  # a complex number
        return all(_close(w, g, rtol, atol) for w, g in zip(want, got, strict=True))
    try:
        want, got = _number(want), _number(got)
    except ValueError:  # a string
        return want == got
    if not (math.isfinite(want) and math.isfinite(got)):
        return want == got or (math.isnan(want) and math.isnan(got))
    return abs(want - got) <= atol + rtol * abs(want)


def _number(value):
    return float(value["x"] if isinstance(value, dict) else value)


def _is_number(value):
    if isinstance(value, dict):
        return "x" in value
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_array(value):
    return isinstance(value, dict) and "a" in value


def _is_dict(value):
    return isinstance(value, dict) and "d" in value


def _scalar(array):
    _, shape, values = array["a"]
    if shape:
        return array
    return {"x": values[0]} if isinstance(values[0], str) else values[0]


def _first(differences):
    return next((d for d in differences if d is not None), None)
