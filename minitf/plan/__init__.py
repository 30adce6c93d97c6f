"""Plan: a graph as a flat list of NumPy calls.

    step = concrete.plan()      # how a traced training step runs
    print(step)                 # one line per call, with the buffer it writes to

Replaying a graph costs what eager mode costs: a Tensor for every value, a look at the tapes, a new
array for every result. A plan knows all shapes beforehand. So it decides once, for all calls,

    where every value lives       buffers.py: an array serves again as soon as its value is dead
    which function writes there   writers.py: NumPy's functions with `out`, fused kernels
    what happens in which order   compile.py

and then runs a loop over plain arrays (plan.py). Nothing a caller can hold on to lives in a buffer:
results, assigned values and arguments of Python functions are arrays of their own.

run.py decides when a plan may be used: while no tape watches and no other function is traced.
"""
