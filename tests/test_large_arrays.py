"""Memory of freed arrays is used again (Linux with the GNU C library)."""

import platform
import subprocess
import sys

import pytest

PROGRAM = """
import resource
import {module}
import numpy as np

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def step():
    arrays = [np.ones(200_000) for _ in range(10)]      # 16 MB, about 3,900 pages

step()
before = faults()
for _ in range(5):
    step()
print(faults() - before)
"""


def page_faults(module):
    program = PROGRAM.format(module=module)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="how the GNU C library works")
def test_memory_of_large_arrays_is_used_again():
    assert page_faults("minitf") < 100
    assert page_faults("numpy") > 1000  # else minitf/large_arrays.py can go
