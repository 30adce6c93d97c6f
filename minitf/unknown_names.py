"""What `tf.reduce_summ` answers: the name that was probably meant.

    def __getattr__(name):
        raise unknown_name(__name__, name, globals())
"""

from __future__ import annotations

from collections.abc import Iterable


def unknown_name(module: str, name: str, known: Iterable[str]) -> AttributeError:
    """The error for a name that `module` does not have, with the nearest ones it has."""
    import difflib  # only a misspelt name pays for it

    public = [n for n in known if not n.startswith("_")]
    nearest = difflib.get_close_matches(name, public, n=3, cutoff=0.7)
    meant = f" Did you mean {' or '.join(nearest)}?" if nearest else ""
    return AttributeError(
        f"module '{module}' has no attribute '{name}'.{meant} minitf holds the part of TensorFlow "
        f"that the course needs; dir({module.replace('minitf', 'tf')}) lists it."
    )
