"""What rewritten source calls when it runs, as `ag__`: ag__.if_stmt, ag__.while_stmt, ...

Each looks at its condition: a Python value is treated as Python would, a tensor becomes a node of
the graph. Variables go in as a tuple and come out as a tuple.
"""

from __future__ import annotations

from typing import Any

from minitf.autograph.branches import if_exp, if_stmt
from minitf.autograph.logic import and_, assert_stmt, not_, or_
from minitf.autograph.loops import for_stmt, while_stmt
from minitf.autograph.undefined import maybe

__all__ = [
    "and_", "assert_stmt", "converted", "for_stmt", "if_exp", "if_stmt", "maybe", "not_", "or_",
    "while_stmt",
]  # fmt: skip


def converted(func: Any) -> Any:
    """The function with its control flow rewritten as well."""
    from minitf.autograph import conversion

    return conversion.converted(func)
