"""``python -m minitf.keras.datasets``: download the full MNIST set, as ``course.py data`` does."""

import sys

from . import mnist


def main() -> int:
    """Download MNIST; 0, or 1 after a message that says what went wrong."""
    try:
        mnist.download()
    except OSError as error:  # no mirror answered, or the folder cannot be written to
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Nothing was changed.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
