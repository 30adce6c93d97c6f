"""The table of bad inputs: read from tests/bad_inputs/*.txt, and run.

    ## shapes                                                    an area
    # add-shapes  InvalidArgumentError: (2, 3); (2,); AddV2      name, class, words of the message
    # differs: TensorFlow returns nan                            only if the class is not its own
    tf.ones([2, 3]) + tf.ones([2])                               the last statement must raise

`a|b` among the words means a or b. Everything before the last statement must work; `tf` and `np`
are imported. tools/record_tensorflow_errors.py runs the same code on TensorFlow and stores what it
says in tensorflow.json, beside the table.
"""

import ast
import contextlib
import json
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "bad_inputs"
RECORDED = FOLDER / "tensorflow.json"
_HEADER = re.compile(r"^# ([a-z0-9-]+)  (\w+): ?(.*)\n(?:# differs: (.*)\n)?", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One bad input.

    Attributes:
        area: what it is about.
        name: unique over all areas; the key of TensorFlow's recorded answer.
        code: statements of which the last one raises.
        error: name of the class, or of a base class, that must be raised: TensorFlow's.
        words: what the message must contain.
        differs: why the class is not TensorFlow's, or why TensorFlow raises nothing.
    """

    area: str
    name: str
    code: str
    error: str
    words: tuple[str, ...]
    differs: str


@dataclass(frozen=True)
class Outcome:
    """What a snippet came to: an error, or else warnings and the value of its last expression."""

    error: Exception | None
    warnings: tuple[str, ...]
    value: object
    names: dict


def table() -> list[Row]:
    """All rows, area by area."""
    return [row for path in sorted(FOLDER.glob("*.txt")) for row in _rows_of(path)]


def recorded() -> dict[str, dict[str, str | None]]:
    """TensorFlow's answers: {name: {"class": ..., "message": ...}}; class None if it accepts."""
    return json.loads(RECORDED.read_text("utf-8"))


def outcome(code: str, tf, np, folder: Path) -> Outcome:
    """Runs a snippet in `folder`, where it may make files; only its last statement may raise.

    The code is stored in a file of its own: AutoGraph reads the source of the functions in it.
    """
    file = Path(folder) / "snippet.py"
    file.write_text(code, encoding="utf-8")
    tree = ast.parse(code)
    last = tree.body.pop()
    names = {"tf": tf, "np": np, "__name__": "snippet", "__file__": str(file)}
    error = value = None
    with contextlib.chdir(folder), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(compile(tree, str(file), "exec"), names)
        try:
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), str(file), "eval"), names)
            else:
                exec(compile(ast.Module([last], []), str(file), "exec"), names)
        except Exception as raised:
            error = raised
    said = tuple(str(w.message) for w in caught if issubclass(w.category, UserWarning))
    return Outcome(error, said, value, names)


def class_names(error: Exception) -> list[str]:
    """The names of an exception's class and of its base classes."""
    return [kind.__name__ for kind in type(error).__mro__]


def _rows_of(path: Path) -> list[Row]:
    rows = []
    for part in re.split(r"^## ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        area, rest = part.split("\n", 1)
        pieces = _HEADER.split(rest)[1:]  # name, error, words, differs, code; and so on
        for name, error, words, differs, code in zip(*[iter(pieces)] * 5, strict=True):
            wanted = tuple(words.split("; ")) if words else ()
            rows.append(Row(area, name, code.strip() + "\n", error, wanted, differs or ""))
    return rows
