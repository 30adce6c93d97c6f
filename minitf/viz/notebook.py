"""The notebook around a widget: show it while a cell still runs, and act when the cell is over.

handle = show_now(widget)       # above the cell's other outputs; None outside of a notebook
after_cell(widget.flush)        # once, when the running cell ends, also after an error
cell_number()                   # of the running cell; None outside of a notebook
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def cell_number() -> int | None:
    """The number in brackets beside the cell that is running."""
    shell = _shell()
    return None if shell is None else shell.execution_count


def show_now(widget: Any) -> Any:
    """Displays it at once; `.update(widget)` of what is returned renews the stored picture."""
    if _shell() is None:
        return None
    from IPython.display import display

    show: Any = display
    return show(widget, display_id=True)


def after_cell(action: Callable[[], None]) -> None:
    """Calls `action` once, when the running cell has ended or failed."""
    shell = _shell()
    if shell is None:
        return

    def once(*_: Any) -> None:
        shell.events.unregister("post_run_cell", once)
        action()

    shell.events.register("post_run_cell", once)


def hear_while_busy(widget: Any) -> None:
    """Lets the browser's messages to this widget through while a cell runs. Call it after sending.

    JupyterLab sends the messages of widgets to a subshell: a thread of the kernel that is free
    while the main thread trains. But ipykernel 7.4 takes what a cell sends for a question, and
    delivers whatever comes back to the asking thread, which is busy until the cell ends. It keeps
    that thread in an attribute of the comm; without it, messages go where JupyterLab sends them.
    """
    if widget.comm is not None:
        vars(widget.comm).pop("_reply_subshell_id", None)


def _shell() -> Any:
    """The shell of a notebook; None in a plain program or a terminal, which shows no widgets."""
    ipython = sys.modules.get("IPython")  # not imported: outside of a notebook nobody needs it
    shell = ipython.get_ipython() if ipython else None
    return shell if shell is not None and hasattr(shell, "kernel") else None
