"""One JupyterLab server and one headless Chromium for all browser tests; see harness.py.

Without Chromium or Playwright the tests are skipped with the reason; where CI is set they fail.
A failing test leaves a screenshot and the server's log in the folder MINITF_SHOTS, if set.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from harness import Lab, find_chromium, running_lab, skip_or_fail


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def lab_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The server and the browser, started once."""
    chromium = find_chromium()
    if chromium is None:
        skip_or_fail("chromium is not installed")
    if importlib.util.find_spec("playwright") is None:
        skip_or_fail("the Python package playwright is not installed")
    with running_lab(tmp_path_factory.mktemp("lab"), chromium) as lab:
        yield lab


@pytest.fixture
def lab(lab_session: Lab, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """The running lab; closes the test's notebooks, keeps a picture of a failure."""
    yield lab_session
    failed = getattr(request.node, "call_failed", False)
    shots = os.environ.get("MINITF_SHOTS")
    if failed and shots:
        lab_session.page().screenshot(path=f"{shots}/{request.node.name}.png")
        shutil.copy(lab_session.folder.parent / "server.log", shots)
    lab_session.tidy(reload=failed)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Any:
    report = yield
    if report.when == "call":
        item.call_failed = report.failed
    return report
