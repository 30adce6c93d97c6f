"""CourseWidget: what all widgets of the course have in common, on the Python side.

    class CoinToss(CourseWidget):                # coin_toss.py; the browser's side: coin_toss.js
        def __init__(self, bias=0.5):
            super().__init__(bias=bias)          # the data the browser gets
        def answer_toss(self, data):             # frame.request("toss", {times: 9}, ...) asks this
            return {"heads": toss(data["times"])}
        def describe(self):                      # the words of the stored notebook
            return "A coin with bias 0.5."
        def picture(self):                       # its still picture
            return figure_png(self._draw)

A widget sends its data once; what can be done in the browser is done there, and works while the
kernel is busy. `shared.js` is the browser's half of this file.
"""

from __future__ import annotations

import inspect
import math
import re
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from minitf.tensor import Tensor
from minitf.variable import Variable
from minitf.viz.engine import NoEngineError
from minitf.viz.static import StaticPicture

try:
    import anywidget
    import traitlets
except ImportError as error:  # say how to mend it, once for all widgets
    raise ImportError(
        f"The package {error.name} is missing, and the course's widgets need it. Run "
        "`python3 course.py` again, or: pip install anywidget",
        name=error.name,
    ) from None

HERE = Path(__file__).parent
_KIND = re.compile(r"[a-z][a-z0-9_]*")


class CourseWidget(anywidget.AnyWidget):
    """A widget whose files are found by its class's name: LossSurface, loss_surface.js.

    The browser gets one module: `shared.js`, the files named in `parts`, and the widget's own.
    Likewise one style sheet: `shared.css`, those of the parts, and its own, where they exist.

    Args:
        data: what the browser needs, as keywords; see `plain` for what is allowed.

    Attributes:
        predictions: what the learner said before it was shown, {"w": {"answer": "2", "right":
            True}, ...}. Empty answers were skipped with "Show me".
        error: the exception of the last request that failed, or None.
    """

    parts: ClassVar[tuple[str, ...]] = ()

    predictions = traitlets.Dict().tag(sync=True)
    _data = traitlets.Dict().tag(sync=True)
    _problem = traitlets.Unicode().tag(sync=True)

    def __init_subclass__(cls, **options: Any) -> None:
        if "_esm" not in vars(cls):  # traitlets makes a subclass per instance, with _esm in it
            cls._esm, cls._css = _sources(cls)
        super().__init_subclass__(**options)

    def __init__(self, **data: Any) -> None:
        self.error: BaseException | None = None
        super().__init__(_data=plain(data))
        self.on_msg(self._on_message)

    # -- what a widget defines ---------------------------------------------------------------

    def describe(self) -> str:
        """The content in words, with its numbers; the same on every run, without addresses."""
        raise NotImplementedError(f"{type(self).__name__}.describe is missing")

    def picture(self) -> bytes | None:
        """The content as a PNG; None if it cannot be drawn. See still.py for help."""
        raise NotImplementedError(f"{type(self).__name__}.picture is missing")

    # -- what a widget uses ------------------------------------------------------------------

    def update(self, **data: Any) -> None:
        """Sends new data to the browser; what is not named stays. See `frame.onData` there."""
        self._data = {**self._data, **plain(data)}

    def problem(self, text: str) -> None:
        """Shows a calm line above the picture; "" takes it away."""
        self._problem = text

    def static(self) -> StaticPicture:
        """The still picture, for a cell of its own."""
        return StaticPicture(self._picture(), self.describe())

    def __repr__(self) -> str:
        return self.describe()

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict, dict]:
        """The live view, and beside it what a reader without a kernel sees."""
        still, about = self.static()._repr_mimebundle_()
        live, metadata = super()._repr_mimebundle_(**options) or ({}, {})
        return {**live, **still}, {**metadata, **about}

    def _picture(self) -> bytes | None:
        try:
            return self.picture()
        except (NoEngineError, ImportError):  # nothing to draw with: the words remain
            return None

    # -- answering the browser ---------------------------------------------------------------

    def _on_message(self, _: Any, message: Any, buffers: list) -> None:
        """Answers {seq, kind, data} with {seq, kind, reply} or {seq, kind, error}."""
        kind = str(message.get("kind", ""))
        answer = {"seq": message.get("seq"), "kind": kind}
        try:
            reply = self._handler(kind)(message.get("data") or {})
            self.send({**answer, "reply": plain(reply)})
        except Exception as error:  # the learner's own function may raise anything
            self.error = error
            self.send({**answer, "error": _in_words(error)})

    def _handler(self, kind: str) -> Any:
        handler = getattr(self, f"answer_{kind}", None) if _KIND.fullmatch(kind) else None
        if handler is None:
            raise ValueError(f"{type(self).__name__} has no method answer_{kind}.")
        return handler


def plain(value: Any) -> Any:
    """The same value as JSON: arrays and tensors as nested lists, inf and nan as strings.

    Raises:
        TypeError: something that is neither a number, text, None, an array nor a container.
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(x) for key, x in value.items()}
    if isinstance(value, Tensor | Variable):
        return plain(value.numpy())
    if isinstance(value, np.ndarray):
        finite = value.dtype.kind != "f" or bool(np.isfinite(value).all())
        return value.tolist() if finite else plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, list | tuple):
        return [plain(x) for x in value]
    raise TypeError(
        f"The browser cannot be sent a {type(value).__name__}: {value!r}. Send numbers, texts, "
        "arrays, tensors, and lists or dicts of them."
    )


def snake_case(name: str) -> str:
    """ "LossSurface" -> "loss_surface", "NumberLine16" -> "number_line16"."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _sources(cls: type[CourseWidget]) -> tuple[str, str]:
    """The JavaScript and the style sheet: shared, parts, and the files beside the class's own."""
    own = Path(inspect.getfile(cls)).parent / snake_case(cls.__name__)
    stems = [*(HERE / name for name in ("shared", *cls.parts)), own]
    sheets = [stem.with_suffix(".css") for stem in stems]
    module = "\n".join(stem.with_suffix(".js").read_text("utf-8") for stem in stems)
    return module, "\n".join(sheet.read_text("utf-8") for sheet in sheets if sheet.exists())


def _in_words(error: BaseException) -> str:
    """The error's type and message, and the line of the learner's function if it is known."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f" (line {last.lineno}: {last.line})" if last.line and "<" in last.filename else ""
    return f"{type(error).__name__}: {error}{where}"
