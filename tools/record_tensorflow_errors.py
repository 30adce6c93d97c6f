"""Store what TensorFlow says to the bad inputs of the tests: tests/bad_inputs/tensorflow.json.

    python tools/record_tensorflow_errors.py        # needs TensorFlow; run it where that is

Run it after the table or the page of common mistakes was changed, then
tools/write_errors_page.py. Answers of code that did not change are kept.
"""

import json
import logging
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests")]
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from bad_input_table import RECORDED, outcome, table  # noqa: E402
from errors_page import mistakes  # noqa: E402

_LONGEST = 400


def main() -> int:
    """Record what is new or changed, in a process of its own: some inputs end TensorFlow's."""
    wanted = {row.name: row.code for row in table()} | {m.title: m.code for m in mistakes()}
    old = json.loads(RECORDED.read_text("utf-8")) if RECORDED.exists() else {}
    known = {n: a for n, a in old.items() if n in wanted and a["code"] == wanted[n]}
    while missing := {name: code for name, code in wanted.items() if name not in known}:
        command = [sys.executable, __file__, "--child"]
        child = subprocess.run(command, input=json.dumps(missing), text=True, capture_output=True)
        answers = [line[1:] for line in child.stdout.split("\n") if line.startswith("\x1e")]
        if not answers:
            print(child.stderr, file=sys.stderr)
            return 1
        known |= dict(map(json.loads, answers))
        if child.returncode and (died := next((n for n in missing if n not in known), None)):
            known[died] = {"class": "(the process ends)", "message": "", "code": wanted[died]}
    text = json.dumps(known, indent=1, sort_keys=True, ensure_ascii=False)
    RECORDED.write_text(text + "\n", encoding="utf-8")
    print(f"{RECORDED.relative_to(ROOT)}: {len(known)} answers")
    return 0


def child() -> int:
    """Answer each snippet of the standard input with a line that starts with a record mark."""
    import numpy as np
    import tensorflow as tf

    logged = Logged()
    logging.getLogger("tensorflow").addHandler(logged)
    for name, code in json.load(sys.stdin).items():
        logged.messages.clear()
        with tempfile.TemporaryDirectory() as folder:
            answer = answer_of(outcome(code, tf, np, Path(folder)), logged.messages, folder)
        print("\n\x1e" + json.dumps([name, answer | {"code": code}]), flush=True)
    return 0


class Logged(logging.Handler):
    """Keeps the warnings that TensorFlow writes to its log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def answer_of(found, logged: list[str], folder: str) -> dict:
    """Class and message of the error, or else the warnings; class None if there is no error."""
    if found.error is not None:
        message = str(found.error)
        return {"class": type(found.error).__name__, "message": tidy(message, folder)}
    message = [*logged, *found.warnings, ""][0]
    return {"class": None, "message": tidy(message, folder)}


def tidy(message: str, folder: str) -> str:
    """Without paths and names of nodes, in at most a few lines."""
    message = message.replace(folder + "/", "").replace(folder, "")
    message = re.sub(r"\{\{(function_node|node) [^}]*\}\} ?", "", message)
    message = re.sub(r"\[\[?\{\{.*?\}\}\]?\]", "", message)
    message = re.sub(r"(?s)in user code:.*?\n\n    (?=\w+(Error)?: )", "in user code: ", message)
    message = re.sub(r"(?s)Graph execution error:.*?\n\n", "Graph execution error: ", message)
    message = re.sub(r" name: *$", "", message)
    message = re.sub(r"0x[0-9a-f]+", "0x...", message)
    message = re.sub(r"\s+", " ", message).strip()
    message = re.sub(r"(?: Traceback \(most recent call last\):)? File \".*", " …", message)
    return message if len(message) <= _LONGEST else message[: _LONGEST - 2].rstrip() + " …"


if __name__ == "__main__":
    sys.exit(child() if "--child" in sys.argv else main())
