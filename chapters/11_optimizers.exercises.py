# %% [markdown]
# # 11 Optimizers: exercises
#
# Six tasks, about 45 minutes. They belong to the lesson
# [11_optimizers](../notebooks/11_optimizers.ipynb).
#
# The first four are classes of one form. Chapter 13 trains with them:
#
# ```
# optimizer = SGD(learning_rate=0.1)
# new_values = optimizer.update(values, gradients)
# ```
#
# - `values` and `gradients` are lists of NumPy arrays. What belongs together stands at the same
#   position.
# - `update` returns a list of **new** arrays. It never writes into the arrays it was given.
# - A gradient may be `None`: the value at this position stays as it is.
# - What an optimizer has to remember, it keeps in `self`, one array per position. Such an array is
#   called a **slot**.
# - Arrays in float32 stay float32.
# - The learning rate is a number, or a function of the step. Steps count from 0. `rate_at` below
#   takes care of both.

# %% tags=["setup"]
import math

import numpy as np

import minitf as tf
from minitf.course import check, hint, my_engine, progress, provenance, reset, solution


def rate_at(learning_rate, step):
    """The learning rate of a step as a plain number; it may be given as a function."""
    return float(learning_rate(step) if callable(learning_rate) else learning_rate)


# %% [markdown] exercise="ch11.sgd"
# Gradient descent: each value minus rate times gradient. Only the inside of the loop is missing.
# Example: value 0, rate 0.1, gradients 1, 1, −3. The value goes to −0.1, −0.2, 0.1.


# %% answer="ch11.sgd"
class SGD:
    """value - rate * gradient"""

    def __init__(self, learning_rate=0.01):
        self.learning_rate = learning_rate
        self.step = 0

    def update(self, values, gradients):
        """Return the values after one step; None as a gradient leaves a value alone."""
        rate = rate_at(self.learning_rate, self.step)
        self.step += 1
        new_values = []
        for value, gradient in zip(values, gradients, strict=True):
            ### BEGIN SOLUTION
            new_values.append(value if gradient is None else value - rate * gradient)
            ### END SOLUTION
        return new_values


# %% [markdown]
# Your class walks down $x^2$ from 3:

# %% needs="ch11.sgd"
optimizer, values = SGD(0.1), [np.float32([3.0])]
for _ in range(5):
    values = optimizer.update(values, [2 * values[0]])
    print(f"{values[0][0]:.2f}", end=" ")

# %% [markdown] exercise="ch11.momentum"
# With a velocity, in Keras' form. For each position:
#
# $$
# m \leftarrow \text{momentum} \cdot m - \text{rate} \cdot g
# \qquad
# w \leftarrow w + m
# $$
#
# With rate 0.1, momentum 0.9 and the gradient 1 in every step, a value goes from 0 to −0.1, −0.29,
# −0.561. With `None` the velocity of that position stays as it is, too.
#
# The loop is yours this time.


# %% answer="ch11.momentum"
class Momentum:
    """velocity = momentum * velocity - rate * gradient; value + velocity"""

    def __init__(self, learning_rate=0.01, momentum=0.9):
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.step = 0
        self.velocities = None  # one per position; made when the shapes are known

    def update(self, values, gradients):
        """Return the values after one step; None as a gradient leaves a value alone."""
        rate = rate_at(self.learning_rate, self.step)
        self.step += 1
        if self.velocities is None:
            self.velocities = [np.zeros_like(value) for value in values]
        ### BEGIN SOLUTION
        new_values = []
        for k, (value, gradient) in enumerate(zip(values, gradients, strict=True)):
            if gradient is not None:
                self.velocities[k] = self.momentum * self.velocities[k] - rate * gradient
                value = value + self.velocities[k]
            new_values.append(value)
        return new_values
        ### END SOLUTION


# %% needs="ch11.momentum"
optimizer, values = Momentum(0.1, 0.9), [np.float32([0.0])]
for _ in range(3):
    values = optimizer.update(values, [np.float32([1.0])])
    print(f"{values[0][0]:.3f}", end=" ")

# %% [markdown] exercise="ch11.rmsprop"
# Every number divides its gradient by the recent size of its own gradients. In Keras' form, with
# epsilon **inside** the root:
#
# $$
# a \leftarrow \rho \cdot a + (1 - \rho) \cdot g^2
# \qquad
# w \leftarrow w - \text{rate} \cdot \frac{g}{\sqrt{a + \epsilon}}
# $$
#
# With rate 0.1, rho 0.9 and the gradients 3 and 4, a value goes from 0 to −0.316 and −0.574.
# From here on `update` is all yours. `np.zeros_like` makes slots of the right dtype; `np.zeros`
# alone would make float64.


# %% answer="ch11.rmsprop"
class RMSprop:
    """value - rate * gradient / sqrt(average of gradient² + epsilon)"""

    def __init__(self, learning_rate=0.001, rho=0.9, epsilon=1e-7):
        self.learning_rate = learning_rate
        self.rho = rho
        self.epsilon = epsilon
        self.step = 0
        self.averages = None

    def update(self, values, gradients):
        """Return the values after one step; None as a gradient leaves a value alone."""
        ### BEGIN SOLUTION
        rate = rate_at(self.learning_rate, self.step)
        self.step += 1
        if self.averages is None:
            self.averages = [np.zeros_like(value) for value in values]
        new_values = []
        for k, (value, gradient) in enumerate(zip(values, gradients, strict=True)):
            if gradient is not None:
                average = self.rho * self.averages[k] + (1 - self.rho) * gradient**2
                self.averages[k] = average
                value = value - rate * gradient / np.sqrt(average + self.epsilon)
            new_values.append(value)
        return new_values
        ### END SOLUTION


# %% needs="ch11.rmsprop"
optimizer, values = RMSprop(0.1), [np.float32([0.0])]
for gradient in (3.0, 4.0):
    values = optimizer.update(values, [np.float32([gradient])])
    print(f"{values[0][0]:.3f}", end=" ")

# %% [markdown] exercise="ch11.adam"
# Two averages, and a correction, because both start at 0. In Keras' form, with t = 1 in the first
# step:
#
# $$
# m \leftarrow \beta_1 m + (1 - \beta_1) g
# \qquad
# v \leftarrow \beta_2 v + (1 - \beta_2) g^2
# $$
#
# $$
# \alpha = \text{rate} \cdot \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}
# \qquad
# w \leftarrow w - \alpha \cdot \frac{m}{\sqrt{v} + \epsilon}
# $$
#
# The first step is about as long as the rate, for a gradient of 0.001 as for one of 1000. With
# `None` the value, `m` and `v` stay; t counts on. For the correction take `math.sqrt`: `np.sqrt` of
# a plain number is a float64 and would make your arrays float64.


# %% answer="ch11.adam"
class Adam:
    """value - alpha * m / (sqrt(v) + epsilon), with averages m of gradients and v of squares"""

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
        self.learning_rate = learning_rate
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.step = 0
        self.means = None
        self.mean_squares = None

    def update(self, values, gradients):
        """Return the values after one step; None as a gradient leaves a value alone."""
        ### BEGIN SOLUTION
        rate = rate_at(self.learning_rate, self.step)
        self.step += 1
        if self.means is None:
            self.means = [np.zeros_like(value) for value in values]
            self.mean_squares = [np.zeros_like(value) for value in values]
        fill_1, fill_2 = 1 - self.beta_1**self.step, 1 - self.beta_2**self.step
        alpha = rate * math.sqrt(fill_2) / fill_1
        new_values = []
        for k, (value, gradient) in enumerate(zip(values, gradients, strict=True)):
            if gradient is not None:
                m = self.beta_1 * self.means[k] + (1 - self.beta_1) * gradient
                v = self.beta_2 * self.mean_squares[k] + (1 - self.beta_2) * gradient**2
                self.means[k], self.mean_squares[k] = m, v
                value = value - alpha * m / (np.sqrt(v) + self.epsilon)
            new_values.append(value)
        return new_values
        ### END SOLUTION


# %% needs="ch11.adam"
for gradient in (1e-3, 1.0, 1e3):
    (first,) = Adam(0.1).update([np.float32([0.0])], [np.float32([gradient])])
    print(f"gradient {gradient:g}: first step {first[0]:.4f}")

# %% [markdown] exercise="ch11.cosine_warmup"
# A factor for the learning rate, from 0 to 1, that depends on the step:
#
# - during the first `warmup` steps it rises in a straight line: step / warmup;
# - then it falls along half a cosine, from 1 at step `warmup` to 0 at step `total`:
#   $\frac{1}{2}(1 + \cos(\pi \cdot \text{done}))$, where *done* is the part of the way down that is
#   behind you;
# - after `total` it stays at 0.
#
# With a warm-up of 20 and a total of 100: step 5 has 0.25, step 20 has 1, step 60 has 0.5. The
# warm-up may be 0 steps long; `total` is always greater.


# %% answer="ch11.cosine_warmup"
def cosine_warmup(step, warmup, total):
    """Return the part of the full learning rate that is used in this step, from 0 to 1."""
    ### BEGIN SOLUTION
    if step < warmup:
        return step / warmup
    done = min((step - warmup) / (total - warmup), 1.0)
    return 0.5 * (1 + math.cos(math.pi * done))
    ### END SOLUTION


# %% [markdown]
# Yours, and Keras' `CosineDecay`, at five steps:

# %% needs="ch11.cosine_warmup"
theirs = tf.keras.optimizers.schedules.CosineDecay(
    0.0, decay_steps=80, warmup_target=1.0, warmup_steps=20
)
for step in (0, 5, 20, 60, 100):
    print(f"step {step:>3}: yours {cosine_warmup(step, 20, 100):.2f}, theirs {theirs(step):.2f}")

# %% [markdown] exercise="ch11.clip_by_global_norm"
# Take all gradients as one long vector. Its length is the **global norm**: for (3, 4) and (0, 12)
# it is $\sqrt{9 + 16 + 0 + 144} = 13$. If it is greater than `limit`, multiply **all** of them by
# limit / norm. Otherwise change nothing.
#
# Return two things, as TensorFlow does: the list of new arrays, and the norm before clipping.
#
# - `None` stays `None`, and counts nothing.
# - Arrays in float32 stay float32: make the norm a plain number, with `float` or `math.sqrt`.
# - If the norm is infinite, all numbers become NaN, as in TensorFlow. A gradient that has exploded
#   has no direction left, and you want to hear of it.


# %% answer="ch11.clip_by_global_norm"
def clip_by_global_norm(gradients, limit):
    """Return (the gradients, scaled so that their common length is at most limit; the norm)."""
    ### BEGIN SOLUTION
    squares = [float(np.sum(gradient**2)) for gradient in gradients if gradient is not None]
    norm = math.sqrt(sum(squares))
    factor = limit / norm if norm > limit else 1.0
    if math.isinf(norm):
        factor = math.nan
    return [None if gradient is None else gradient * factor for gradient in gradients], norm
    ### END SOLUTION


# %% needs="ch11.clip_by_global_norm"
gradients = [np.float32([3, 4]), None, np.float32([0, 12])]
mine, norm = clip_by_global_norm(gradients, 1.0)
theirs, _ = tf.clip_by_global_norm([None if g is None else tf.constant(g) for g in gradients], 1.0)
print("norm", norm)
for one, other in zip(mine, theirs, strict=True):
    print("yours", one, "theirs", None if other is None else other.numpy())

# %% [markdown]
# ## Your four, side by side with Keras
#
# The ravine of the lesson, $x^2/2 + 5y^2$, from (−2.4, 2). Each of your optimizers runs 40 steps
# beside the one of `tf.keras.optimizers`, and both must stay together to four digits. The rate is
# your schedule: up to 0.1 in 5 steps, then down to 0.
#
# Look at RMSprop and Adam in the picture. For them the rate is about how far they move in a step,
# and all 40 rates together make 2. The bottom is 2.4 away along `x`: with this schedule they cannot
# arrive.

# %% needs=["ch11.sgd", "ch11.momentum", "ch11.rmsprop", "ch11.adam", "ch11.cosine_warmup"]
import matplotlib.pyplot as plt


def my_rate(step):
    return 0.1 * cosine_warmup(step, 5, 40)


pairs = {
    "SGD": (SGD(my_rate), tf.keras.optimizers.SGD(0.1)),
    "Momentum": (Momentum(my_rate, 0.9), tf.keras.optimizers.SGD(0.1, momentum=0.9)),
    "RMSprop": (RMSprop(my_rate), tf.keras.optimizers.RMSprop(0.1)),
    "Adam": (Adam(my_rate), tf.keras.optimizers.Adam(0.1)),
}
figure, axis = plt.subplots(figsize=(5.5, 3))
for (name, (mine, theirs)), style in zip(pairs.items(), ("-", "--", ":", "-."), strict=True):
    values, variable = [np.float32([-2.4, 2.0])], tf.Variable([-2.4, 2.0])
    losses, apart = [], 0.0
    for step in range(40):
        losses.append(values[0][0] ** 2 / 2 + 5 * values[0][1] ** 2)
        values = mine.update(values, [values[0] * np.float32([1, 10])])
        theirs.learning_rate = my_rate(step)
        theirs.apply_gradients([(variable * [1.0, 10.0], variable)])
        apart = max(apart, abs(values[0] - variable.numpy()).max())
    print(f"{name:<9} last loss {losses[-1]:.4f}, same as Keras: {apart < 1e-4}")
    assert apart < 1e-4
    axis.plot(losses, style, label=name)
print(f"all rates together: {sum(my_rate(step) for step in range(40)):.2f}")
axis.set(xlabel="step", ylabel="loss", yscale="log")
axis.legend()
axis.spines[["top", "right"]].set_visible(False)
plt.show()

# %% needs="ch11.clip_by_global_norm"
progress(11)
