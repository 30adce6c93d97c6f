# %% [markdown]
# # 00 Start here
#
# This page shows in fifteen minutes how the course works.

# %% tags=["setup"]
import numpy as np

from minitf.course import check, doctor, hint, my_engine, progress, provenance, reset, solution

# %% [markdown]
# First, the doctor. It looks at this installation. Every line should say OK; a line that says FIX
# names the command that mends it.

# %%
doctor()

# %% [markdown] exercise="ch00.warm_up"
# Training means: take a small step downhill, again and again. You have a weight `w`, the
# `gradient` of the loss at `w`, and a `learning_rate`. Return the weight after one step.
#
# Example: at $w = 3$ with gradient $2$ and learning rate $0.1$ the new weight is
# $3 - 0.1 \cdot 2 = 2.8$.
#
# Write your line in place of `raise ...`, run the cell, then run the check below it. Try a wrong
# answer on purpose: a plus instead of a minus, for instance.

# %% answer="ch00.warm_up"
def step(w, gradient, learning_rate):
    """Return the weight after one step of gradient descent."""
    ### BEGIN SOLUTION
    return w - learning_rate * gradient
    ### END SOLUTION

# %% [markdown]
# Stuck? Each call opens the next of three hints. After the third, or after a pass,
# `solution("ch00.warm_up")` shows one way to write it.

# %% needs="ch00.warm_up"
w = 3.0
for round_number in range(5):
    w = step(w, gradient=2 * w, learning_rate=0.1)
    print(f"after round {round_number + 1}: w = {w:.4f}")

# %% [markdown]
# `progress()` shows what is done and what comes next. It survives a restart.
# `reset("ch00.warm_up")` prints the empty cell again; your passed answer is kept.

# %% needs="ch00.warm_up"
progress(0)

# %% [markdown]
# Every answer you pass becomes part of your own engine. What is still missing is borrowed.

# %% needs="ch00.warm_up"
provenance(0)
