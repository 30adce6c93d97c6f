"""AutoGraph: Python's control flow on tensors, rewritten so that a graph can hold it.

    @tf.function
    def f(x):
        if x > 0.0:          # x has no value while f is traced
            y = x * x
        else:
            y = -x
        return y

    print(tf.autograph.to_code(f))
        def then_1(y):
            y = x * x
            return (y,)
        def else_1(y):
            y = -x
            return (y,)
        (y,) = ag__.if_stmt(x > 0.0, then_1, else_1, ..., ('y',))

`if_stmt` looks at the condition: a Python value chooses a branch at once, as Python would; a tensor
becomes a `tf.cond`. The steps, one file each:

    source.py        finds the function's source and parses it
    jumps.py         removes return, break and continue from branches and loops
    liveness.py      finds which variables are needed after a statement
    statements.py    turns if, while, for and assert into calls with functions
    expressions.py   turns and, or, not, a < b < c, x if c else y, and calls
    conversion.py    compiles the result, and decides what is converted at all
    operators.py     what the rewritten source calls when it runs
"""

from minitf.autograph import experimental
from minitf.autograph.conversion import converted, to_code, to_graph
from minitf.autograph.experimental import do_not_convert

__all__ = ["converted", "do_not_convert", "experimental", "to_code", "to_graph"]
