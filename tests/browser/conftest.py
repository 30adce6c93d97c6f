"""One JupyterLab server and one headless Chromium for all browser tests; see harness.py.

Without Chromium or Playwright the tests are skipped with the reason; where CI is set they fail.
A failing test leaves a screenshot and the server's log in the folder MINITF_SHOTS, if set.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from harness import (
    CHROMIUM_FLAGS,
    Lab,
    free_port,
    skip_or_fail,
    start_server,
    stop_server,
    wait_for_server,
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def lab_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The server and the browser, started once."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        skip_or_fail("chromium is not installed")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        skip_or_fail("the Python package playwright is not installed")
    base = tmp_path_factory.mktemp("lab")
    folder = base / "notebooks"
    folder.mkdir()
    port = free_port()
    with (base / "server.log").open("wb") as log:
        server = start_server(base, folder, port, log)
        try:
            wait_for_server(port, server, base / "server.log")
            with sync_playwright() as playwright:
                context = playwright.chromium.launch_persistent_context(
                    str(base / "browser"),
                    executable_path=executable,
                    headless=True,
                    viewport={"width": 1100, "height": 1500},
                    reduced_motion="reduce",
                    args=CHROMIUM_FLAGS,
                )
                yield Lab(folder, port, context)
                context.close()
        finally:
            stop_server(server)


@pytest.fixture
def lab(lab_session: Lab, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """The running lab; closes the test's pages, and keeps a picture of a failure."""
    lab_session.errors.clear()
    yield lab_session
    failed = getattr(request.node, "call_failed", False)
    for page in lab_session.context.pages[1:]:
        shots = os.environ.get("MINITF_SHOTS")
        if failed and shots:
            page.screenshot(path=f"{shots}/{request.node.name}.png")
            shutil.copy(lab_session.folder.parent / "server.log", shots)
        page.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Any:
    report = yield
    if report.when == "call":
        item.call_failed = report.failed
    return report
