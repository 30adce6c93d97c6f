"""The workbench: what your own engine stands on. It computes values; gradients are your part.

    x, w = Value(2.0), Value(3.0)
    with Tape(rules) as tape:                  # your Tape, of chapter 04
        y = apply("mul", x, w)                 # or: x * w
    tape.gradient(y, [x, w])

`apply` runs a kernel on NumPy arrays and offers the call to every tape in TAPES. A gradient rule
has one form everywhere:

    def vjp_mul(upstream, inputs, output):     # NumPy arrays; attributes follow as keywords
        x, y = inputs
        return upstream * y, upstream * x      # one gradient per input; None: no gradient

values.py has Value, apply and TAPES; kernels.py what the operations compute; assembly.py puts your
answers together (borrowed ones where yours are missing).
"""

from minitf.course.workbench.assembly import Bench, assemble, fitted
from minitf.course.workbench.kernels import KERNELS, cut_windows, paste_windows
from minitf.course.workbench.values import TAPES, Entry, Value, apply

__all__ = [
    "Bench", "assemble", "fitted", "KERNELS", "cut_windows", "paste_windows", "TAPES", "Entry",
    "Value", "apply",
]  # fmt: skip
