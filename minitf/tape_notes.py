"""What a tape notes beside its records, so that `tape.explain` can say why a gradient is None.

None of this takes part in differentiation: notes say which values were seen but not watched, and
where a path from a watched value ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Link:
    """What is left of a record once its values are freed: ids."""

    inputs: list[int]
    watched: list[int]
    outputs: list[int]


class TapeNotes:
    """The notes of one tape; everything is kept by id.

    Attributes:
        seen_unwatched: values used in operations while nobody watched them.
        watched_late: values watched after they had been used.
        left_for_numpy: watched values that were handed to NumPy or to Python.
        severed: value -> {watched value: why the path from it ended there}.
        without_gradient: sources of the last call whose gradient was None.
        kept_links: the links of the records that call freed, if there were such sources.
    """

    __slots__ = (
        "seen_unwatched", "watched_late", "left_for_numpy", "severed", "without_gradient",
        "kept_links",
    )  # fmt: skip

    def __init__(self) -> None:
        self.seen_unwatched: set[int] = set()
        self.watched_late: set[int] = set()
        self.left_for_numpy: set[int] = set()
        self.severed: dict[int, dict[int, tuple]] = {}
        self.without_gradient: set[int] = set()
        self.kept_links: list[Link] | None = None

    def unwatched(self, inputs: tuple, output: Any) -> None:
        """An operation without a watched input ran."""
        self.seen_unwatched.update([x.id for x in inputs])
        if self.severed:
            self._hand_on(inputs, output, {})

    def sever(self, watched: set[int], inputs: tuple, output: Any, reason: tuple) -> None:
        """The paths from watched inputs end at this operation."""
        self._hand_on(inputs, output, {x.id: reason for x in inputs if x.id in watched})

    def hand_on(self, source: Any, copy: Any) -> None:
        """`copy` is the same value as `source`: what ended there ended here too."""
        if source.id in self.severed:
            self.severed[copy.id] = self.severed[source.id]

    def _hand_on(self, inputs: tuple, output: Any, cuts: dict[int, tuple]) -> None:
        for x in inputs:
            cuts.update(self.severed.get(x.id, {}))
        if cuts:
            for x in output if type(output) is tuple else (output,):
                self.severed[x.id] = cuts


def links_of(records: list[Any]) -> list[Link]:
    """What `explain` walks along, without the values."""
    links = []
    for record in records:
        outputs = record.output if type(record.output) is tuple else (record.output,)
        inputs = [x.id for x in record.inputs]
        watched = [i for i, wanted in zip(inputs, record.wanted, strict=True) if wanted]
        links.append(Link(inputs, watched, [x.id for x in outputs]))
    return links
