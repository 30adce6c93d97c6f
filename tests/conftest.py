"""Which tests share a process when tools/run_tests.py lets pytest-xdist use two.

A kernel's ports are chosen some time before the kernel opens them. Two processes that start
kernels at the same time may choose the same ones, and one kernel is never heard. So all tests
that start kernels share a process. Of the others, each file stays whole.
"""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
START_KERNELS = ("browser/", "course/", "exercises/test_notebooks.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        place = item.path.relative_to(HERE).as_posix()
        group = "kernels" if place.startswith(START_KERNELS) else place
        item.add_marker(pytest.mark.xdist_group(group))
