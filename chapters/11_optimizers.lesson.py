# %% [markdown]
# # 11 Optimizers
#
# **85 minutes**: about 40 for this lesson, 45 for the exercises.
#
# You need chapter 02 (what a gradient says about a loss). Chapters 05 and 06 help: several
# variables, and arrays.
#
# After this chapter you can
#
# - say at which learning rate gradient descent breaks, before it does;
# - compute a step of momentum, RMSprop and Adam by hand;
# - say what the size of a gradient does to Adam's first step, and why;
# - choose among three kinds of clipping, and know which of them turn the gradient;
# - change a learning rate during training, and say what that is good for.

# %% tags=["setup"]
import warnings

import matplotlib.pyplot as plt
import numpy as np

import minitf as tf
from minitf.course import predict, sealed


def path_of(optimizer, gradients, start=0.0):
    """Where a variable goes when these gradients arrive one after the other."""
    w = tf.Variable(start)
    path = []
    for gradient in gradients:
        optimizer.apply_gradients([(tf.constant(float(gradient)), w)])
        path.append(float(w))
    return path


# %% [markdown]
# ## Three questions first
#
# Put your answers in place of `None`, words in quotes. Stored outputs give answers away: first
# choose *Edit*, *Clear Outputs of All Cells*.
#
# 1. Chapter 02: the gradient of the loss by `w` is +2. You make `w` a little larger. What does the
#    loss do?
# 2. Chapter 05: the loss does not use the variable `u` at all. What does `tape.gradient` give for
#    it by default?
# 3. Chapter 06: a bias of shape (2,) is added to an array of shape (3, 2). How many numbers does
#    the bias' gradient have?

# %%
predict("1. the loss", yours=None, answer=sealed("J3Jpc2VzJw=="), choices=("rises", "falls"))
predict(
    "2. the gradient of an unused variable",
    yours=None,
    answer=sealed("J05vbmUn"),
    choices=("None", "0.0"),
    why="Does a path lead to it? What an optimizer then does comes near the end of the lesson.",
)
predict("3. numbers in the bias' gradient", yours=None, answer=sealed("Mg=="))

# %% [markdown]
# ## A ravine
#
# A tape gives you a gradient. What you do with it is another matter, and the business of an
# **optimizer**. Every optimizer in this chapter gets the same thing, a gradient, and decides on one
# thing, a step.
#
# Here is a landscape for them: $\text{loss}(x, y) = x^2/2 + 5y^2$. Along `x` it is a gentle valley.
# Along `y` it is ten times as steep: a ravine. From (−2.4, 2), four walkers go against the
# gradient. They differ only in the learning rate: 0.02, 0.15, 0.19 and 0.22. How many of them walk
# away and never come back? (Keras calls such a walk `SGD`, *stochastic gradient descent*, because
# mostly the gradient comes from a random part of the data. Here nothing is random.)
#
# Then watch them. The picture asks for one more prediction: who has the smallest loss after 40
# steps? After that Left and Right step through the race. A click on the map chooses another start;
# from then on the arrow keys move the start.


# %% key="hook"
def ravine(x, y):
    return x**2 / 2 + 5 * y**2


RATES = (0.02, 0.15, 0.19, 0.22)


def loss_after(optimizer, steps=40):
    """The loss after so many steps from the start."""
    x, y = tf.Variable(-2.4), tf.Variable(2.0)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = ravine(x, y)
        optimizer.apply_gradients(zip(tape.gradient(loss, [x, y]), [x, y], strict=True))
    return float(ravine(x, y))


predict(
    "number of walkers that end higher than they began",
    yours=None,
    answer=lambda: sum(
        loss_after(tf.keras.optimizers.SGD(rate)) > ravine(-2.4, 2.0) for rate in RATES
    ),
    choices=(0, 1, 2, 3, 4),
    why="In ten minutes you can compute it, from the learning rate and the steepness alone.",
)
tf.viz.LossSurface(
    ravine,
    start=(-2.4, 2.0),
    optimizers=[tf.keras.optimizers.SGD(rate) for rate in RATES],
)

# %% [markdown]
# The slowest is careful and far from done. The one with 0.19 jumps from wall to wall, yet gets
# down. With 0.22 each jump lands higher than the last. Between 0.19 and 0.22 something changes.
# What?
#
# ## One number, five steps
#
# Take the smallest example: $\text{loss} = x^2$, start at 3, learning rate 0.1. The gradient is
# $2x$, here 6. It points uphill. So the step goes **against** it:
#
# $$
# x \leftarrow x - \text{rate} \cdot \text{gradient} = 3 - 0.1 \cdot 6
# $$
#
# Five such steps, you will read in many introductions, lead from 3 to about 0.98. Is that so?
# Predict the first step. The cells after it show both ways, and take all five.


# %%
def loss_at(x):
    return x**2


x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    loss = loss_at(x)
gradient = float(tape.gradient(loss, x))

predict("x after the first step", yours=None, answer=lambda: 3 - 0.1 * gradient)
predict(
    "the loss if you had gone with the gradient, to 3.6",
    yours=None,
    answer=lambda: loss_at(3 + 0.1 * gradient),
    why="The gradient points to where the loss grows fastest. The loss was 9.",
)

# %% key="against"
print(f"against the gradient, to {3 - 0.1 * gradient:.1f}: loss {loss_at(3 - 0.1 * gradient):.2f}")
print(f"with the gradient, to {3 + 0.1 * gradient:.1f}:    loss {loss_at(3 + 0.1 * gradient):.2f}")
assert gradient == 6 and round(loss_at(3 - 0.1 * gradient), 2) == 5.76 < 9

# %% key="five_steps"
x, optimizer = tf.Variable(3.0), tf.keras.optimizers.SGD(0.1)
for step in range(1, 6):
    before = float(x)
    with tf.GradientTape() as tape:
        loss = x**2
    optimizer.apply_gradients([(tape.gradient(loss, x), x)])
    print(f"step {step}: x = {float(x):.2f}, that is {float(x) / before:.2f} of what it was")

assert f"{float(x):.2f}" == "0.98" == f"{3 * 0.8**5:.2f}"

# %% [markdown]
# 0.98 it is. And look at the last column: always 0.8. Put the gradient into the step and you see
# why:
#
# $$
# x - 0.1 \cdot 2x = (1 - 0.1 \cdot 2)\,x = 0.8\,x
# $$
#
# Every step multiplies `x` by the same number. For a parabola this number is
#
# > 1 − rate · curvature
#
# where the **curvature** says by how much the slope grows per unit of `x`. For $x^2$ it is 2.
#
# ## Where it breaks
#
# So the whole fate of the walk lies in one factor. If it is between −1 and 1, `x` shrinks. Below
# −1, it changes sides in every step, and grows. Fill in:


# %%
def factor(rate, curvature=2.0):
    return 1 - rate * curvature


predict("the factor for rate 0.5", yours=None, answer=lambda: factor(0.5))
predict("the factor for rate 0.9", yours=None, answer=lambda: factor(0.9))
predict(
    "the rate at which the factor is exactly -1",
    yours=None,
    answer=sealed("MQ=="),
    why="1 - rate · 2 = -1. From 3 it goes to -3, to 3, to -3, for ever.",
)

# %% key="limit"
print("rate   factor   x after 1, 2, 3 and 20 steps, from 3")
for rate in (0.1, 0.5, 0.9, 1.0, 1.1):
    path = [3.0]
    for _ in range(20):
        path.append(path[-1] - rate * 2 * path[-1])
    shown = "  ".join(f"{path[k]:7.2f}" for k in (1, 2, 3, 20))
    print(f"{rate:4.1f} {factor(rate):8.1f}   {shown}")

assert path[-1] > 100 and factor(0.5) == 0

# %% [markdown]
# With 0.5 it is at the bottom in one step. With 1.0 it jumps to and fro for ever. With 1.1 it is
# beyond 100 after 20 steps. The factor reaches −1 when
#
# $$
# \text{rate} = \frac{2}{\text{curvature}}
# $$
#
# That is the **stability limit** of gradient descent. Beyond it the loss does not fall at all. It
# explodes.
#
# Back to the ravine, $x^2/2 + 5y^2$. The slope along `x` is $x$: curvature 1. The slope along `y`
# is $10y$: curvature 10. Each direction has its own limit, and you have only one rate.

# %%
predict(
    "the largest stable rate in the ravine",
    yours=None,
    answer=sealed("MC4y"),
    why="The steepest direction decides. Along x alone, a rate up to 2 would do.",
)

# %%
print("rate   factor along x   factor along y")
for rate in RATES:
    print(f"{rate:.2f} {factor(rate, 1.0):16.2f} {factor(rate, 10.0):16.2f}")

assert abs(factor(0.19, 10.0)) < 1 < abs(factor(0.22, 10.0))

# %% [markdown]
# There are your four walkers. 0.19 has the factor −0.9 along `y`: to and fro, a little less each
# time. 0.22 has −1.2.
#
# And there is the trouble with plain descent. The steep direction sets the limit. The flat one has
# to live with it: at rate 0.02 each step leaves 98 % of the distance. And this ravine is a mild
# one; in the loss of a network, curvatures differ far more. The rest of this chapter is about ways
# out.
#
# ## Way out 1: keep the velocity
#
# A ball that rolls down a ravine does not jump from wall to wall. It has mass. **Momentum** gives
# the walker a velocity `m`, of which it keeps a part, here 0.9, in every step:
#
# $$
# m \leftarrow 0.9\,m - \text{rate} \cdot \text{gradient}
# \qquad
# w \leftarrow w + m
# $$
#
# Follow it with numbers. The gradient is 1 in every step, the rate 0.1, `w` starts at 0:
#
# | step | m | w |
# | --- | --- | --- |
# | 1 | 0.9 · 0 − 0.1 = −0.1 | −0.1 |
# | 2 | 0.9 · (−0.1) − 0.1 = −0.19 | −0.29 |
# | 3 | ? | ? |

# %%
path = path_of(tf.keras.optimizers.SGD(0.1, momentum=0.9), [1] * 100)

predict("m in step 3", yours=None, answer=lambda: path[2] - path[1], why="90 % of m, and a push.")
predict("w after step 3", yours=None, answer=lambda: path[2])
predict(
    "the velocity after 100 steps, about",
    yours=None,
    answer=lambda: round(path[99] - path[98], 2),
    choices=(-0.1, -0.19, -1.0),
    why="It stops growing when a step takes away as much as it adds.",
)

# %% key="sums_up"
m1 = -0.1 * 1
m2 = 0.9 * m1 - 0.1 * 1
m3 = 0.9 * m2 - 0.1 * 1
written_out = -0.1 * (1 + 0.9 + 0.9**2)
print(f"m3 = {m3:.3f}, written out {written_out:.3f}, Keras {path[2] - path[1]:.3f}")
print("w:", [round(w, 3) for w in path[:3]])
print(f"velocity after 100 steps: {path[99] - path[98]:.3f}")
nesterov = path_of(tf.keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True), [1, 1, 1])
print("Nesterov's w:", [round(w, 3) for w in nesterov])
assert round(m3, 3) == round(written_out, 3) == -0.271 == round(path[2] - path[1], 3)
assert [round(w, 3) for w in path[:3]] == [-0.1, -0.29, -0.561]

# %% [markdown]
# "Momentum sums up past gradients", people say. The first line shows the third velocity written
# out. So it is true, with weights: a gradient counts fully at first, then 0.9, 0.81, and so on.
# Where gradients agree, as along the floor of the ravine, they add up: the walker becomes up to ten
# times as fast, −1.0 per step in place of −0.1. Where they change sign in every step, as from wall
# to wall, they cancel.
#
# **Nesterov's** version, the last line above, looks ahead: it moves by
# $0.9\,m - \text{rate} \cdot \text{gradient}$ with the new `m`, one more push along the velocity.
# Its first step is $0.9 \cdot (-0.1) - 0.1 \cdot 1 = -0.19$. In Keras you say
# `SGD(0.1, momentum=0.9, nesterov=True)`.
#
# ## Way out 2: every number its own step
#
# The ravine is steep along `y` and flat along `x`. So divide each gradient by its usual size! Then
# both directions move at about the same speed. **RMSprop** (for *root of the mean square*) keeps an
# average of the squared gradients for every single number, and divides by the root:
#
# $$
# a \leftarrow 0.9\,a + 0.1\,g^2
# \qquad
# w \leftarrow w - \text{rate} \cdot \frac{g}{\sqrt{a + \epsilon}}
# $$
#
# `rho`, the 0.9, is how much of the average is kept. Epsilon, $10^{-7}$, prevents 0/0.
#
# ### Your turn, with help
#
# Rate 0.1, gradients 3 and then 4. The first step is done for you:
# $a = 0.1 \cdot 9 = 0.9$, and `w` goes from 0 to $-0.1 \cdot 3 / \sqrt{0.9} = -0.316$. Round to
# three digits.

# %%
path = path_of(tf.keras.optimizers.RMSprop(0.1), [3, 4])

predict(
    "a in the second step: 0.9 · 0.9 + 0.1 · ...",
    yours=None,
    answer=sealed("Mi40MQ=="),
    tolerance=0.002,
    why="0.81 is kept, and 0.1 · 16 is new.",
)
predict(
    "how far the second step goes",
    yours=None,
    answer=lambda: path[0] - path[1],
    tolerance=0.002,
    why="0.1 · 4, divided by the root of the a you have just found.",
)
predict("w after it", yours=None, answer=lambda: path[1], tolerance=0.002)
assert round(path[0], 3) == -0.316

# %%
second_a = 0.9 * 0.9 + 0.1 * 4**2
second_step = 0.1 * 4 / second_a**0.5
print(f"a = {second_a:.2f}, the step is {second_step:.3f} long, w = {path[0] - second_step:.3f}")
assert round(path[1], 3) == round(path[0] - second_step, 3) == -0.574

# %% [markdown]
# ### "RMSprop was made for sparse gradients"
#
# You can read that. Sparse means: most are 0 most of the time. The optimizer made with those in
# mind is **Adagrad**, of 2011. It divides by the root of the *sum* of all squared gradients. And a
# sum never shrinks. Let the gradient be 1 for 10,000 steps. How long is a step of each, compared
# with the rate?

# %% key="why_rmsprop"
makers = {"Adagrad": tf.keras.optimizers.Adagrad, "RMSprop": tf.keras.optimizers.RMSprop}
lengths = {}
for name, make in makers.items():
    path = [0.0, *path_of(make(1.0), np.ones(10_000))]
    lengths[name] = {k: path[k - 1] - path[k] for k in (1, 100, 10_000)}

predict(
    "Adagrad's last step, in parts of the rate",
    yours=None,
    answer=lambda: round(lengths["Adagrad"][10_000], 2),
    choices=(1, 0.1, 0.01),
    why="By then the sum of all squares is as large as the number of steps.",
)

# %%
for name, by_step in lengths.items():
    print(f"{name}: " + ", ".join(f"step {k:,}: {length:.2f}" for k, length in by_step.items()))
assert round(lengths["Adagrad"][10_000], 2) == 0.01 and round(lengths["RMSprop"][10_000], 2) == 1

# %% [markdown]
# (Keras starts Adagrad's sum at 0.1, so its first step is not quite 1.) Adagrad comes to rest,
# whether it has arrived or not. That is the fault RMSprop mends: an average forgets, so the steps
# stay alive. Sparse gradients were Adagrad's case.
#
# ### Break it: the same names, another library
#
# You move a program from Keras to PyTorch. `RMSprop(lr=0.1)` exists there as well. But its `rho` is
# called `alpha` and is 0.99 by default, and its epsilon, $10^{-8}$, is added outside the root.
#
# `SGD(lr=0.1, momentum=0.9)` exists, too. But PyTorch keeps the rate outside the velocity:
# $v \leftarrow 0.9\,v + g$, then $w \leftarrow w - \text{rate} \cdot v$. With a constant rate that
# is the same walk. What if the rate is 0.1 in the first step and 0.01 in the second, with the
# gradient 1 in both? In Keras the second velocity is $0.9 \cdot (-0.1) - 0.01 \cdot 1 = -0.1$, and
# `w` arrives at −0.2.


# %% key="rmsprop_defaults"
def pytorch_rmsprop_first(gradient, rate=0.1, alpha=0.99, epsilon=1e-8):
    average = (1 - alpha) * gradient**2
    return rate * gradient / (average**0.5 + epsilon)


def pytorch_momentum(rates, momentum=0.9):
    """Where w ends, with gradient 1 in each step."""
    w = velocity = 0.0
    for rate in rates:
        velocity = momentum * velocity + 1
        w = w - rate * velocity
    return w


predict(
    "RMSprop's first step with gradient 1, Keras: 0.1 / √0.1",
    yours=None,
    answer=lambda: -path_of(tf.keras.optimizers.RMSprop(0.1), [1])[0],
    tolerance=0.01,
)
predict(
    "the same in PyTorch: 0.1 / √0.01",
    yours=None,
    answer=lambda: pytorch_rmsprop_first(1.0),
    tolerance=0.01,
    why="Three times as far, with the same rate and the same gradient.",
)
predict(
    "momentum with rates 0.1 and 0.01: w after both steps, in PyTorch's form",
    yours=None,
    answer=lambda: round(pytorch_momentum((0.1, 0.01)), 4),
    choices=(-0.2, -0.119, -0.11),
    why="The low rate applies to the whole velocity at once, to its old part as well.",
)

# %%
keras, w = tf.keras.optimizers.SGD(0.1, momentum=0.9), tf.Variable(0.0)
for rate in (0.1, 0.01):
    keras.learning_rate = rate
    keras.apply_gradients([(tf.constant(1.0), w)])
keras_first = -path_of(tf.keras.optimizers.RMSprop(0.1), [1])[0]
print("                              Keras   PyTorch's form")
print(f"RMSprop, first step        {keras_first:8.3f} {pytorch_rmsprop_first(1.0):16.3f}")
print(f"momentum, changing rate    {float(w):8.3f} {pytorch_momentum((0.1, 0.01)):16.3f}")
assert round(keras_first, 3) == 0.316 and round(pytorch_rmsprop_first(1.0), 3) == 1.0
assert round(float(w), 3) == -0.2 and round(pytorch_momentum((0.1, 0.01)), 3) == -0.119

# %% [markdown]
# TensorFlow 2.21 and PyTorch 2.13.0 were seen to give these numbers. Neither is wrong. But when you
# move a program, write all settings out, and do not expect a schedule to mean the same.
#
# Notice something else: both first steps of RMSprop are *longer* than the rate. The average `a`
# starts at 0, so at first it is too small. Keep that in mind.
#
# ## Way out 3: both, corrected
#
# **Adam** (2014) keeps two averages: `m` of the gradients, which is a kind of momentum, and `v` of
# their squares, as in RMSprop. Both start at 0.
#
# $$
# m \leftarrow 0.9\,m + 0.1\,g
# \qquad
# v \leftarrow 0.999\,v + 0.001\,g^2
# $$
#
# The first gradient is 1. Then `m` is 0.1, though the gradients so far average 1, and `v` is
# 0.001, though the squares average 1. `v` is further behind than `m`, so $m / \sqrt{v}$ is too
# long: $0.1 / \sqrt{0.001}$ instead of 1.
#
# The averages are too small by a known amount. After t steps the weights in `m` add up to
# $1 - 0.9^t$ instead of 1, in `v` to $1 - 0.999^t$. So divide by that. This is Adam's **bias
# correction**. In one factor, for step t = 1, 2, 3, ...:
#
# $$
# w \leftarrow w - \text{rate} \cdot \frac{\sqrt{1 - 0.999^t}}{1 - 0.9^t}
#   \cdot \frac{m}{\sqrt{v} + \epsilon}
# $$
#
# How much does it matter, and for how long? Let the gradient be 1 in every step.


# %% key="no_correction"
def length_without_correction(t):
    """Adam's step number t in parts of the rate, gradient always 1, without the correction."""
    return (1 - 0.9**t) / (1 - 0.999**t) ** 0.5


predict(
    "without it the first step is too long by a factor of",
    yours=None,
    answer=lambda: length_without_correction(1),
    tolerance=0.01,
    why="0.1 / √0.001.",
)
predict(
    "and step 10, by about",
    yours=None,
    answer=lambda: round(length_without_correction(10), 1),
    choices=(1.0, 3.2, 6.5),
    why="m catches up in some ten steps, v in some thousand.",
)

# %%
corrected = path_of(tf.keras.optimizers.Adam(1.0), np.ones(1000))
print("step   without   with")
for t in (1, 10, 100, 1000):
    with_it = (corrected[t - 2] if t > 1 else 0.0) - corrected[t - 1]
    print(f"{t:>4} {length_without_correction(t):9.2f} {with_it:6.2f}")
    assert round(with_it, 2) == 1
assert round(length_without_correction(1), 2) == 3.16
assert round(length_without_correction(10), 1) == 6.5

# %% [markdown]
# ### How far is the first step?
#
# Three variables have the gradients 0.001, 1 and 1000. Adam's rate is 0.1. How many times as far
# does the third go in its first step, compared with the first?

# %% key="first_step"
first = {g: -path_of(tf.keras.optimizers.Adam(0.1), [g])[0] for g in (1e-3, 1.0, 1e3)}

predict(
    "times as far",
    yours=None,
    answer=lambda: round(first[1e3] / first[1e-3]),
    choices=(1, 1000, 1_000_000),
    why="Put t = 1 into the formula: where does the gradient still stand?",
)

# %% [markdown]
# All go 0.1, the rate, as the first three lines below show. At t = 1, `m` and the root of `v` are
# both the gradient, but for weights that the correction takes out. The size cancels; the sign
# stays. That is why Adam's learning rate means something: it is about how far a weight moves in a
# step.
#
# "Momentum with an adaptive rate": is that a fair description? Take one of the two away, and see
# what is left.

# %% key="two_in_one"
for gradient, length in first.items():
    print(f"gradient {gradient:g}: first step {length:.4f}")
assert all(abs(length - 0.1) < 5e-4 for length in first.values())

gradients = np.random.default_rng(0).normal(size=300) + 0.5


def last_step(optimizer):
    path = path_of(optimizer, gradients)
    return path[-1] - path[-2]


optimizers = tf.keras.optimizers
no_momentum = last_step(optimizers.Adam(0.01, beta_1=0.0, beta_2=0.9))
rmsprop = last_step(optimizers.RMSprop(0.01, rho=0.9))
# A huge epsilon leaves √v no say: every number has the same rate, 100 / 1000.
not_adaptive = last_step(optimizers.Adam(100.0, beta_1=0.9, beta_2=0.0, epsilon=1000.0))
# m is an average, and takes in a tenth of each gradient.
momentum = last_step(optimizers.SGD(0.1 * 0.1, momentum=0.9))
print(f"Adam without momentum {no_momentum:.4f}, RMSprop  {rmsprop:.4f}")
print(f"Adam not adaptive     {not_adaptive:.4f}, momentum {momentum:.4f}")
assert abs(no_momentum / rmsprop - 1) < 0.01 and abs(not_adaptive / momentum - 1) < 0.01

# %% [markdown]
# Fair, as the last two lines show. Without the one, Adam is RMSprop. Without the other, it is
# momentum.
#
# ### Break it: the tiny number
#
# "Epsilon only prevents 0/0, so it does not matter where it stands." Keras adds $10^{-7}$ to the
# root of the **uncorrected** `v`. PyTorch adds $10^{-8}$ to the corrected root. Take a gradient of
# one millionth; late in training there are many of them. The first step of Adam with rate 0.1 is
# about 0.099 in PyTorch. In Keras?


# %% key="epsilon"
def pytorch_adam_first(gradient, rate=0.1, epsilon=1e-8):
    """m and √v, corrected, are both the gradient in the first step."""
    return rate * gradient / (abs(gradient) + epsilon)


keras_first = -path_of(tf.keras.optimizers.Adam(0.1), [1e-6])[0]

predict(
    "Keras' first step",
    yours=None,
    answer=lambda: round(keras_first, 3),
    choices=(0.1, 0.099, 0.024),
    why="Compare epsilon with √v before the correction.",
)

# %%
print(f"Keras {keras_first:.4f}, PyTorch's form {pytorch_adam_first(1e-6):.4f}")
assert round(keras_first, 4) == 0.0240 and round(pytorch_adam_first(1e-6), 4) == 0.0990
assert f"{(0.001 * 1e-12) ** 0.5:.3g}" == "3.16e-08"

# %% [markdown]
# Four times shorter: before the correction the root of `v` is 0.0000000316, a third of epsilon.
# (PyTorch 2.13.0 and TensorFlow 2.21 were seen to give these numbers.) Both forms are in Adam's
# paper; the one that Keras took has a hat on its epsilon. For gradients near 1 you never notice.
#
# ### The race
#
# Now all four on the ravine, with the rate 0.1. Before you look: with 0.25, which is beyond the
# limit of 0.2 you computed, how many of the four will have a larger loss after 40 steps than at the
# start?


# %% key="race"
def four_losses(rate):
    kinds = tf.keras.optimizers
    four = (kinds.SGD(rate), kinds.SGD(rate, momentum=0.9), kinds.RMSprop(rate), kinds.Adam(rate))
    return [loss_after(optimizer) for optimizer in four]


predict(
    "number of optimizers that diverge at rate 0.25",
    yours=None,
    answer=lambda: sum(loss > float(ravine(-2.4, 2.0)) for loss in four_losses(0.25)),
    choices=(0, 1, 2, 3, 4),
    why="2 / curvature is the limit of plain descent. The others take other steps.",
)
tf.viz.LossSurface(ravine, start=(-2.4, 2.0))

# %% [markdown]
# RMSprop gets lowest, and plain descent comes second. Momentum and Adam are fast, and still swing
# about the bottom when the 40 steps are over.
#
# Do not conclude too much. Plain descent is lucky: at 0.1 its factor along `y` is
# $1 - 0.1 \cdot 10 = 0$, and one step puts it on the floor of the ravine. Move the slider to 0.25:
# now it alone flies off. Momentum bears nearly twice the rate: up to
# $2 \cdot (1 + 0.9) / \text{curvature}$, here 0.38. The other two divide the curvature out. Then
# move it to 0.01, and look who is in front. There is no best optimizer, only one that suits a loss
# and a rate. The limit of momentum, tried out:

# %%
for rate in (0.37, 0.39):
    loss = loss_after(tf.keras.optimizers.SGD(rate, momentum=0.9))
    print(f"momentum, rate {rate}: loss {loss:.3g} after 40 steps, 22.9 at the start")
    assert loss < 10 if rate < 0.38 else loss > 1000

sgd, momentum, rmsprop, adam = four_losses(0.1)
assert rmsprop < sgd < min(momentum, adam)  # the race above

# %% [markdown]
# ## A rate that changes
#
# On a real data set the gradient is noisy: every batch gives another one. Here 1000 walkers go down
# $x^2/2$ from 5 for 100 steps, and each gradient gets a random number added, about as large as 1.
# One crowd keeps the rate 0.3. The other lowers it along half a cosine, from 0.3 to 0; its rates
# add up to about half as much. Who ends nearer to the bottom?

# %% key="schedule"
rng = np.random.default_rng(0)
schedule = tf.keras.optimizers.schedules.CosineDecay(0.3, decay_steps=100)


def spread(rate_of):
    """Typical distance from the bottom of 1000 walkers after 100 noisy steps."""
    x = np.full(1000, 5.0)
    for step in range(100):
        x = x - rate_of(step) * (x + rng.normal(size=1000))
    return float(np.sqrt(np.mean(x**2)))


constant = spread(lambda step: 0.3)
lowered = spread(lambda step: float(schedule(step)))

predict(
    "who ends nearer to the bottom",
    yours=None,
    answer=lambda: "lowered" if lowered < constant else "constant",
    choices=("constant", "lowered"),
    why="At the bottom each step is noise times the rate.",
)
predict(
    "the lowered rate after 50 of 100 steps",
    yours=None,
    answer=lambda: schedule(50),
    why="Half-way down the cosine.",
)

# %% [markdown]
# Near the bottom noise is all there is. A constant rate keeps throwing the walkers about; a rate
# that falls lets them settle. The next cell first prints how far from the bottom both crowds end.
#
# Many schedules start low as well: a **warm-up**. In the first steps the averages rest on a few
# gradients, and the weights are random; long steps there do damage. So the rate goes up in a
# straight line, then down along a cosine. The picture shows 20 steps up to 0.3 and 80 steps down.
# You write this one in the exercises.

# %%
warm = tf.keras.optimizers.schedules.CosineDecay(
    0.0, decay_steps=80, warmup_target=0.3, warmup_steps=20
)
steps = np.arange(111)
print(f"typical distance: constant {constant:.2f}, lowered {lowered:.2f}")
assert round(constant, 2) == 0.42 and round(lowered, 2) == 0.16
assert round(sum(float(schedule(step)) for step in range(100)) / (100 * 0.3), 1) == 0.5
figure, axis = plt.subplots(figsize=(5, 2.4))
axis.plot(steps, [float(warm(int(step))) for step in steps], color="#0072B2")
axis.annotate("warm-up", (10, 0.15), (8, -4), textcoords="offset points")
axis.set(xlabel="step", ylabel="learning rate", ylim=(0, 0.33))
axis.spines[["top", "right"]].set_visible(False)
plt.show()
print("rate at steps 0, 10, 20, 60, 100:", [round(float(warm(k)), 3) for k in (0, 10, 20, 60, 100)])

# %% [markdown]
# ## Clipping, three times
#
# Sometimes one gradient is a thousand times larger than the others: a strange batch, a cliff in the
# loss. One such step can ruin a day of training. **Clipping** limits it. Keras has three ways, and
# they are not the same:
#
# | argument | what is limited |
# | --- | --- |
# | `clipvalue=1.0` | every single number, to between −1 and 1 |
# | `clipnorm=1.0` | the length of each variable's gradient, to at most 1 |
# | `global_clipnorm=1.0` | the length of all gradients together, to at most 1 |
#
# Two variables have the gradients (3, 4) and (0, 12). Taken as one long vector, (3, 4, 0, 12).
#
# Now all three, done by Keras' SGD with the rate 1, so that the step is the clipped gradient
# itself. Which of them leave the direction of the whole gradient as it was?

# %% key="three_clips"
raw = np.array([3.0, 4.0, 0.0, 12.0])


def clipped(**how):
    """The gradients (3, 4) and (0, 12) after clipping, as one vector."""
    first, second = tf.Variable(tf.zeros(2)), tf.Variable(tf.zeros(2))
    optimizer = tf.keras.optimizers.SGD(1.0, **how)
    gradients = [tf.constant([3.0, 4.0]), tf.constant([0.0, 12.0])]
    optimizer.apply_gradients(zip(gradients, [first, second], strict=True))
    return 0.0 - np.concatenate([first.numpy(), second.numpy()])


def degrees_turned(vector):
    cosine = vector @ raw / np.linalg.norm(vector) / np.linalg.norm(raw)
    return float(np.degrees(np.arccos(min(cosine, 1.0))))


predict(
    "the global norm, the length of (3, 4, 0, 12)",
    yours=None,
    answer=lambda: np.linalg.norm(raw),
    why="The root of the sum of all squares.",
)

ways = ("clipvalue", "clipnorm", "global_clipnorm")
turned = {way: degrees_turned(clipped(**{way: 1.0})) for way in ways}

predict(
    "number of ways, out of three, that keep the direction",
    yours=None,
    answer=lambda: sum(degrees < 0.1 for degrees in turned.values()),
    choices=(1, 2, 3),
)
predict(
    "the one that turns it most",
    yours=None,
    answer=lambda: max(turned, key=turned.get),
    choices=ways,
)

# %%
for way in ways:
    vector = ", ".join(f"{number:.3f}" for number in clipped(**{way: 1.0}))
    print(f"{way:<15} ({vector})   turned by {turned[way]:4.1f} degrees")

assert [round(turned[way], 1) for way in ways] == [32.5, 22.4, 0.0]
assert np.allclose(clipped(global_clipnorm=1.0), raw / 13)

# %% [markdown]
# By value: (3, 4) becomes (1, 1), which points elsewhere. By norm: each variable keeps its
# direction, but they are shortened by different factors, 5 and 12, and the whole turns. Only the
# global norm has one factor for all: 1/13.
#
# You can watch it: in the race above choose *clipping*, *each element*, *to at most* 1, and see how
# the paths bend. (There `x` and `y` are two variables, so *each variable's norm* does the same.)
#
# ### Break it: "clipping scales the gradients"
#
# An article computes the gradient of a layer, gets [[1, 1], [2, 2]] for the weights and [1, 1] for
# the bias, and clips each element to between −0.1 and 0.1. What is left of the weights' gradient?

# %% key="each_to_a_tenth"
weights, bias = tf.Variable(tf.ones((2, 2))), tf.Variable(tf.zeros(2))
with tf.GradientTape() as tape:
    output = tf.constant([[1.0, 2.0]]) @ weights + bias
to_weights, to_bias = tape.gradient(output, [weights, bias])
by_value = [tf.clip_by_value(gradient, -0.1, 0.1).numpy() for gradient in (to_weights, to_bias)]

predict(
    "what becomes of the 2s",
    yours=None,
    answer=lambda: by_value[0][1, 0],
    why="Each number is cut by itself. Which one was larger is lost.",
)

# %% key="scaling"
by_norm = tf.clip_by_norm(to_weights, 0.1).numpy()
print("gradient", to_weights.numpy().ravel(), to_bias.numpy())
print("by value", by_value[0].ravel(), by_value[1])
print("by norm ", by_norm.round(4).ravel())
assert np.allclose(by_value[0], 0.1) and np.allclose(by_value[1], 0.1)
assert np.allclose(by_norm, [[0.0316, 0.0316], [0.0632, 0.0632]], atol=1e-4)

# %% [markdown]
# The article says that this *scales* the gradient. Scaling keeps the ratio of the rows, 1 : 2, as
# `clip_by_norm` does in the last line. So the article's numbers are right, and its word is wrong.
#
# The same article calls clipping a *regularization*. Regularization changes what you look for: a
# penalty on large weights moves the lowest point of the loss. Does clipping? Look for the bottom of
# $(w - 5)^2$ from 0, once with clipping, once with the penalty $0.1\,w^2$.


# %% key="not_regularization"
def bottom(penalty=0.0, **how):
    w, optimizer = tf.Variable(0.0), tf.keras.optimizers.SGD(0.1, **how)
    for _ in range(150):
        with tf.GradientTape() as tape:
            loss = (w - 5.0) ** 2 + penalty * w**2
        optimizer.apply_gradients([(tape.gradient(loss, w), w)])
    return float(w)


predict(
    "where clipping to length 1 ends",
    yours=None,
    answer=lambda: round(bottom(clipnorm=1.0), 2),
    choices=(1.0, 2.5, 5.0),
    why="Clipping shortens the steps. It does not change the loss, and there is time.",
)
predict(
    "where the penalty leads",
    yours=None,
    answer=lambda: bottom(penalty=0.1),
    tolerance=0.01,
    why="The slope is 0 where 2 · (w - 5) + 0.2 · w = 0.",
)

# %%
ends = {"clipping": bottom(clipnorm=1.0), "penalty": bottom(penalty=0.1)}
for name, end in ends.items():
    print(f"{name} ends at {end:.2f}")
assert round(ends["clipping"], 2) == 5 and abs(ends["penalty"] - 10 / 2.2) < 1e-3

# %% [markdown]
# The penalty moves the bottom, to 4.55. Clipping changes the way and leaves the bottom at 5: it is
# a safety belt.
#
# One more thing has the name: `tf.clip_by_value` inside a loss. There it is an operation like any
# other, and has a slope. Clip to between −1 and 1: the slope is 1 at 0.5, which is let through, and
# 0 at 2, which is cut. And on the bound, at *exactly* 1?

# %% key="on_the_bound"
x = tf.constant([0.5, 1.0, 2.0])
with tf.GradientTape() as tape:
    tape.watch(x)
    y = tf.clip_by_value(x, -1.0, 1.0)
slopes = tape.gradient(y, x).numpy()

predict(
    "the slope exactly on the bound",
    yours=None,
    answer=lambda: slopes[1],
    choices=(0, 0.5, 1),
    why="A kink, and a convention: this one is of TensorFlow 2.21.",
)

# %%
print("slopes at 0.5, 1 and 2:", *slopes)
assert slopes.tolist() == [1, 1, 0]

# %% [markdown]
# ## Break it: a gradient is missing
#
# A loss does not use `u`, so its gradient is None. What does an optimizer make of that? First one
# of two is missing, then both.

# %% key="missing"
w, u = tf.Variable(1.0), tf.Variable(1.0)
optimizer = tf.keras.optimizers.SGD(0.1)

with warnings.catch_warnings(record=True) as heard:
    warnings.simplefilter("always")
    optimizer.apply_gradients([(tf.constant(2.0), w), (None, u)])
one_missing = "a warning" if heard else "nothing"

try:
    optimizer.apply_gradients([(None, w), (None, u)])
    all_missing = "nothing"
except ValueError as error:
    all_missing, message = "an error", str(error)

outcomes = ("nothing", "a warning", "an error")
predict("one of two is None", yours=None, answer=lambda: one_missing, choices=outcomes)
predict("both are None", yours=None, answer=lambda: all_missing, choices=outcomes)

# %%
print("WARNING:", heard[0].message)
print("w", round(float(w), 2), "u", float(u))
print()
print("ERROR:", message)
assert (one_missing, all_missing) == ("a warning", "an error")
assert (round(float(w), 2), float(u)) == (0.8, 1)

# %% [markdown]
# Read the warning aloud. `w` moved, `u` did not, and training goes on. If you meant to train `u`,
# this line is all you will ever hear of it. With all of them missing nothing can be trained, and
# that is an error.
#
# The mend is never in the optimizer. The loss has to depend on the variable, within the tape:

# %%
with tf.GradientTape() as tape:
    loss = (w * 3.0 + u) ** 2  # now it uses both
gradients = tape.gradient(loss, [w, u])
optimizer.apply_gradients(zip(gradients, [w, u], strict=True))
print("gradients", [round(float(g), 2) for g in gradients], "u is now", round(float(u), 2))
assert float(u) != 1

# %% [markdown]
# ## Exercises
#
# Six tasks: four optimizers, the warm-up with its cosine, and clipping by the global norm. Open
# [the exercises of this chapter](../exercises/11_optimizers.ipynb). In chapter 13 your Adam trains
# a network on MNIST.
#
# ## In short
#
# | optimizer | remembers, per number | step |
# | --- | --- | --- |
# | SGD | nothing | rate · g |
# | momentum | a velocity | the decayed sum of rate · g |
# | RMSprop | average of g² | rate · g / √average |
# | Adam | averages of g and g² | rate · mean / √average, both corrected |
#
# - Plain descent is stable below 2 / curvature, and the steepest direction sets the limit.
# - Averages that start at 0 are too small at first. Adam corrects for that, so its first step is
#   about as long as the rate.
# - Formulas and defaults of the same name differ between libraries.
# - Only clipping by the global norm keeps the direction of the whole gradient.

# %% [markdown]
# ## Say why, in one sentence
#
# Why does the learning rate of SGD depend on the scale of the loss, and Adam's hardly? Write one
# sentence, on paper or in this cell (double-click it). Then compare.
#
# Your sentence:
#
# <details>
# <summary>A possible answer</summary>
#
# A loss times 1000 has gradients times 1000, and SGD's steps grow with them, while Adam divides the
# gradients by their own size, in which the factor cancels.
#
# </details>

# %% [markdown]
# ## Further reading
#
# - B. T. Polyak, *Some methods of speeding up the convergence of iteration methods*, USSR
#   Computational Mathematics and Mathematical Physics 4 (5), 1-17, 1964. Momentum.
# - G. Goh, *Why momentum really works*, Distill, 2017: <https://distill.pub/2017/momentum/>. The
#   ravine, with pictures you can move.
# - I. Sutskever, J. Martens, G. Dahl, G. Hinton, *On the importance of initialization and momentum
#   in deep learning*, ICML 2013: <https://proceedings.mlr.press/v28/sutskever13.html>. Nesterov's
#   form.
# - J. Duchi, E. Hazan, Y. Singer, *Adaptive subgradient methods for online learning and stochastic
#   optimization*, Journal of Machine Learning Research 12, 2121-2159, 2011. Adagrad.
# - G. Hinton, N. Srivastava, K. Swersky, *Neural networks for machine learning, lecture 6*, 2012:
#   <https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf>. RMSprop, never
#   published elsewhere.
# - D. P. Kingma, J. Ba, *Adam: a method for stochastic optimization*, ICLR 2015:
#   <https://arxiv.org/abs/1412.6980>. Section 3 derives the correction.
# - R. Pascanu, T. Mikolov, Y. Bengio, *On the difficulty of training recurrent neural networks*,
#   ICML 2013: <https://arxiv.org/abs/1211.5063>. Why gradients explode, and clipping by norm.
# - I. Loshchilov, F. Hutter, *SGDR: stochastic gradient descent with warm restarts*, ICLR 2017:
#   <https://arxiv.org/abs/1608.03983>. The cosine.
#
# ## Next
#
# [13 MNIST with your engine](13_mnist.ipynb): your optimizer goes to work.
