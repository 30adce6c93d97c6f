"""How pytest runs the course's notebooks (with nbval) beside the ordinary tests.

    pytest tests                                                ordinary tests, no notebooks
    pytest --nbval --nbval-current-env --nbval-sanitize-with tests/nbval_sanitize.cfg \
        --nbval-cell-timeout 60 notebooks exercises solutions   stored outputs are still true
    pytest --nbval-lax --untouched --nbval-current-env \
        --nbval-cell-timeout 60 exercises notebooks/00_start_here.ipynb    every hole is open

A shipped notebook has holes. In the strict run its check cells, and the cells that need an
answer, are skipped. With `--untouched` each check cell must fail, and must fail because the hole
is open: a stub that passes, and a stub that breaks in another way, are both reported as failures.
"""

import os
from pathlib import Path

import pytest

# The same pictures, hash order and sums on every machine.
NOTEBOOK_ENVIRONMENT = {
    "MINITF_DOT": "bundled",
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


def pytest_addoption(parser):
    parser.addoption(
        "--untouched",
        action="store_true",
        help="with --nbval-lax: prove that every shipped hole is open",
    )


def pytest_configure(config):
    if runs_notebooks(config):
        os.environ.update(NOTEBOOK_ENVIRONMENT)
        # A kernel runs in its notebook's folder, where a relative PYTHONPATH leads nowhere.
        paths = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    elif config.option.untouched:
        raise pytest.UsageError("--untouched goes with --nbval-lax: it is about notebooks")


def pytest_collection_modifyitems(config, items):
    for item in items:
        tags = cell_tags(item)
        needs = any(tag.startswith("needs-") for tag in tags)
        if config.option.untouched and "check" in tags:
            item.add_marker(pytest.mark.xfail(strict=True, reason="the hole is open"))
        elif config.option.untouched and needs:
            item.add_marker(pytest.mark.skip(reason="needs an answer"))
        elif ("check" in tags or needs) and is_strict(config) and has_holes(item):
            item.add_marker(pytest.mark.skip(reason="depends on a hole"))


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    """Turn 'failed as expected' into a failure when the reason is not an open hole."""
    outcome = yield
    report = outcome.get_result()
    if not item.config.option.untouched or "check" not in cell_tags(item):
        return
    if call.when == "call" and call.excinfo is not None:
        text = str(getattr(call.excinfo.value, "inner_traceback", ""))
        if f"{item.cell.metadata['minitf']['id']} not started yet" not in text:
            report.outcome = "failed"
            report.longrepr = f"the check fails, but not because the hole is open:\n{text}"
            del report.wasxfail


def runs_notebooks(config):
    """Tell whether nbval collects notebooks in this run."""
    return is_strict(config) or getattr(config.option, "nbval_lax", False)


def is_strict(config):
    """Tell whether nbval compares outputs (its options are absent when it is not installed)."""
    return getattr(config.option, "nbval", False)


def cell_tags(item):
    """Return the tags of a notebook cell; an ordinary test has none."""
    cell = getattr(item, "cell", None)
    return cell.metadata.get("tags", []) if cell is not None else []


def has_holes(item):
    """Tell whether the cell belongs to a notebook as it is shipped to learners."""
    return item.parent.nb.metadata.get("minitf", {}).get("version") == "learner"
