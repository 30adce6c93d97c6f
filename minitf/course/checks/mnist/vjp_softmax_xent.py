"""Exercise ch13.vjp_softmax_xent: probability minus truth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minitf.course.checks.mnist.shared import differences, softmax
from minitf.course.registry import Exercise, Mutant, Probe
from minitf.course.workbench import KERNELS

LOSS = KERNELS["softmax_xent"]


def probe_vjp_softmax_xent(rng: np.random.Generator) -> Iterator[Probe]:
    """A row by hand, batches against differences, and logits that overflow a careless exp."""
    # softmax of [0, log 3] is [1/4, 3/4]
    row = np.log(np.array([[1.0, 3.0]]))
    yield _probe("logits [0, log 3], label 1", row, [1], [1.0], np.array([[0.25, -0.25]]))
    for count, classes in ((4, 3), (3, 3)):
        logits = rng.normal(0, 2, (count, classes)).round(2)
        labels = rng.permutation(classes).repeat(2)[:count]
        upstream = rng.uniform(0.5, 2.0, count).round(2)
        (expected,) = differences(lambda x, y=labels: LOSS(x, y), [logits], upstream)
        about = f"{count} rows of {classes} random logits"
        yield _probe(about, logits, labels, upstream, expected)
    large = np.array([[1000.0, 0.0], [-1000.0, 0.0]])
    right = np.array([[1.0, -1.0], [0.0, 0.0]])
    yield _probe("logits of ±1000", large, [1, 1], [1.0, 1.0], right, edge=True)


def _probe(
    about: str, logits: np.ndarray, labels: object, upstream: object, expected: np.ndarray,
    edge: bool = False,
) -> Probe:  # fmt: skip
    labels = np.asarray(labels)
    args = (np.asarray(upstream, np.float64), (logits, labels), LOSS(logits, labels))
    label = f"vjp_softmax_xent: {about}"
    return Probe(label, args, (expected, None), rtol=1e-5, atol=1e-7, edge=edge)


def _truth(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return np.eye(logits.shape[1])[labels]


def xent_no_shift(upstream, inputs, output):
    logits, labels = inputs
    powers = np.exp(logits)
    p = powers / powers.sum(axis=1, keepdims=True)
    return upstream[:, None] * (p - _truth(logits, labels)), None


def xent_ignores_upstream(upstream, inputs, output):
    logits, labels = inputs
    return softmax(logits) - _truth(logits, labels), None


def xent_no_keepdims(upstream, inputs, output):
    logits, labels = inputs
    powers = np.exp(logits - logits.max(axis=1))
    return upstream[:, None] * (powers / powers.sum(axis=1) - _truth(logits, labels)), None


def xent_maximum_of_all(upstream, inputs, output):
    logits, labels = inputs
    powers = np.exp(logits - logits.max())
    p = powers / powers.sum(axis=1, keepdims=True)
    return upstream[:, None] * (p - _truth(logits, labels)), None


def xent_sum_of_all(upstream, inputs, output):
    logits, labels = inputs
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return upstream[:, None] * (powers / powers.sum() - _truth(logits, labels)), None


def xent_every_row(upstream, inputs, output):
    logits, labels = inputs
    p = softmax(logits)
    p[:, labels] -= 1
    return upstream[:, None] * p, None


def xent_minus_labels(upstream, inputs, output):
    logits, labels = inputs
    return upstream[:, None] * (softmax(logits) - labels), None


def xent_upstream_as_row(upstream, inputs, output):
    logits, labels = inputs
    return upstream * (softmax(logits) - _truth(logits, labels)), None


def xent_upstream_summed(upstream, inputs, output):
    logits, labels = inputs
    return upstream.sum() * (softmax(logits) - _truth(logits, labels)), None


def xent_no_truth(upstream, inputs, output):
    return upstream[:, None] * softmax(inputs[0]), None


def xent_sign(upstream, inputs, output):
    logits, labels = inputs
    return upstream[:, None] * (_truth(logits, labels) - softmax(logits)), None


def xent_divides_by_batch(upstream, inputs, output):
    logits, labels = inputs
    rows = upstream[:, None] * (softmax(logits) - _truth(logits, labels))
    return rows / len(labels), None


def xent_wrong_axis(upstream, inputs, output):
    logits, labels = inputs
    p = softmax(logits.T).T
    return upstream[:, None] * (p - _truth(logits, labels)), None


def xent_only_label(upstream, inputs, output):
    logits, labels = inputs
    return upstream[:, None] * (softmax(logits) - 1) * _truth(logits, labels), None


def xent_no_none(upstream, inputs, output):
    logits, labels = inputs
    return (upstream[:, None] * (softmax(logits) - _truth(logits, labels)),)


def xent_bare_array(upstream, inputs, output):
    return xent_no_none(upstream, inputs, output)[0]


def xent_zero_for_labels(upstream, inputs, output):
    logits, labels = inputs
    rows = upstream[:, None] * (softmax(logits) - _truth(logits, labels))
    return rows, np.zeros(labels.shape)


def xent_other_style(upstream, inputs, output):
    logits, labels = inputs
    rows = np.arange(len(labels))
    # output = log(sum of exp) - logit of the label, so the log of the sum is known already.
    log_sum = output + logits[rows, labels]
    gradient = np.exp(logits - log_sum[:, None])
    gradient[rows, labels] -= 1
    gradient *= upstream.reshape(-1, 1)
    return [gradient, None]


VJP_SOFTMAX_XENT = Exercise(
    id="ch13.vjp_softmax_xent",
    title="Probability minus truth",
    names=("vjp_softmax_xent",),
    points=3,
    minutes=9,
    difficulty=3,
    importance=5,
    probes=probe_vjp_softmax_xent,
    hints=(
        "The lesson's row: probabilities minus a row that is 1 at the label and 0 elsewhere. Each "
        "row then counts as much as upstream says.",
        "Take the largest logit off each row before exp (axis=1, keepdims=True). The 1 at the "
        "label: p[np.arange(len(labels)), labels] -= 1. upstream has one number per row.",
        "p = exp(shifted) / its row sums; subtract 1 at the labels; return "
        "(upstream[:, None] * p, None). The None is for the labels.",
    ),
    mutants=(
        Mutant(
            "no_shift",
            xent_no_shift,
            "exp(1000) is inf, and inf / inf is nan. Take the largest logit off each row first.",
        ),
        Mutant(
            "no_keepdims",
            xent_no_keepdims,
            "one number per row must stand in a column: keepdims=True in max and sum, and "
            "upstream[:, None].",
        ),
        Mutant(
            "maximum_of_all",
            xent_maximum_of_all,
            "you take the largest of all rows off; a row far below it becomes 0 / 0. "
            "Each row has its own: axis=1, keepdims=True.",
        ),
        Mutant(
            "sum_of_all",
            xent_sum_of_all,
            "you divide by the sum of all rows. The probabilities of each row add up to 1: axis=1, "
            "keepdims=True.",
        ),
        Mutant(
            "every_row",
            xent_every_row,
            "p[:, labels] means these columns in every row. Pair row with label: "
            "p[np.arange(len(labels)), labels].",
        ),
        Mutant(
            "minus_labels",
            xent_minus_labels,
            "a label says where the 1 stands; it is not the number to take off.",
        ),
        Mutant(
            "ignores_upstream",
            xent_ignores_upstream,
            "the upstream is missing. With a mean behind it, it is 1 / batch size, not 1.",
        ),
        Mutant(
            "upstream_as_row",
            xent_upstream_as_row,
            "upstream has one number per row; NumPy lined it up with the columns: "
            "upstream[:, None].",
        ),
        Mutant(
            "upstream_summed",
            xent_upstream_summed,
            "each row has its own upstream: multiply row by row, with upstream[:, None].",
        ),
        Mutant(
            "no_truth",
            xent_no_truth,
            "these are the probabilities alone. At the label, 1 must be taken off.",
        ),
        Mutant(
            "sign",
            xent_sign,
            "the sign is reversed: the loss falls when the label's logit grows. "
            "Probability minus truth.",
        ),
        Mutant(
            "divides_by_batch",
            xent_divides_by_batch,
            "dividing by the batch is the mean's business; its rule did that in upstream already.",
        ),
        Mutant(
            "wrong_axis",
            xent_wrong_axis,
            "your probabilities add up to 1 down the columns. Each row is one picture: axis=1.",
        ),
        Mutant(
            "only_label",
            xent_only_label,
            "the other classes get a gradient too: raising any logit takes from the label's share.",
        ),
        Mutant(
            "no_none",
            xent_no_none,
            "two inputs, two entries: the labels are integers, and their entry is None.",
        ),
        Mutant(
            "bare_array",
            xent_bare_array,
            "a rule returns a tuple with an entry per input: return gradient, None.",
        ),
        Mutant(
            "zero_for_labels",
            xent_zero_for_labels,
            "labels are integers: no slope exists. None says so; zeros would be an answer.",
        ),
    ),
    alternatives=(xent_other_style,),
    meaning="Never larger than 1, never nan, and 0 only when the network is right: this is why the "
    "loss takes logits.",
)
