"""JupyterLab and headless Chromium, driven from tests.

    page = lab.open("cells.ipynb", ["from minitf import viz", "viz.show(spec)"])
    lab.check(page)         # no error in the console, no traceback in an output

`conftest.py` starts one server and one browser for all tests and hands out the `lab`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
READY = "all cells have run"
NOTEBOOKS_PER_PAGE = 20  # what closed notebooks leave in the page's memory adds up
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_ONE_NOTEBOOK_ALONE = """async () => {
  await jupyterapp.restored;
  jupyterapp.shell.mode = 'single-document';
  jupyterapp.shell.collapseLeft();
  jupyterapp.shell.collapseRight();
}"""
_OPEN = """async (path) => {
  const notebook = await jupyterapp.commands.execute('docmanager:open', { path });
  await notebook.context.ready;
  await notebook.sessionContext.ready;
}"""
_CLOSE_ALL = """() => {
  for (const one of [...jupyterapp.shell.widgets('main')]) {
    if (one.context) one.context.model.dirty = false;  // or it asks whether to save
    one.dispose();
  }
}"""
_KERNEL_IDLE = """() => {
  const s = window.jupyterapp?.shell?.currentWidget?.sessionContext?.session;
  return s?.kernel?.status === 'idle';
}"""
# From the model: cells out of sight have no elements on the page.
_UNEXPECTED_ERRORS = """() => {
  const found = [];
  for (const cell of window.jupyterapp.shell.currentWidget.content.model.cells) {
    if (cell.type !== 'code' || (cell.getMetadata('tags') ?? []).includes('raises-exception'))
      continue;
    for (const output of cell.outputs.toJSON())
      if (output.output_type === 'error')
        found.push([cell.sharedModel.source, ...output.traceback].join('\\n'));
      else if (output.name === 'stderr' && [output.text].flat().join('').includes('Traceback'))
        found.push([cell.sharedModel.source, ...[output.text].flat()].join('\\n'));
  }
  return found;
}"""


class Lab:
    """JupyterLab and a browser; `open` shows a notebook and runs it."""

    def __init__(self, folder: Path, port: int, context: Any) -> None:
        self.folder = folder
        self.port = port
        self.context = context
        self.errors: list[str] = []
        self._page: Any = None
        self._opened = 0

    def open(self, name: str, cells: list[str], theme: str = "JupyterLab Light") -> Any:
        """Writes a notebook of these code cells, opens it, runs all, and returns the page."""
        write_notebook(self.folder / name, [*cells, f"print({READY!r})"])
        return self.open_file(name, READY, theme)

    def open_file(self, name: str, sentinel: str, theme: str = "JupyterLab Light") -> Any:
        """Opens a notebook of the server's folder, runs all, waits until `sentinel` is printed."""
        page = self.show(name, theme)
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
        outputs = page.locator(".jp-OutputArea-output pre", has_text=sentinel)
        outputs.last.wait_for(timeout=120_000)
        return page

    def show(self, name: str, theme: str = "JupyterLab Light") -> Any:
        """Opens a notebook of the server's folder and runs nothing."""
        page = self.page()
        self._opened += 1
        page.evaluate(_OPEN, name)
        page.wait_for_function(_KERNEL_IDLE, timeout=60_000)
        self.set_theme(page, theme)
        return page

    def page(self) -> Any:
        """The page with JupyterLab, loaded once: a notebook opens in it in a tenth of the time."""
        if self._page is None:
            self._page = self.context.new_page()
            self._page.on("console", self._note)
            self._page.goto(f"http://127.0.0.1:{self.port}/lab?reset")
            self._page.wait_for_function("window.jupyterapp?.shell !== undefined")
            self._page.evaluate(_ONE_NOTEBOOK_ALONE)
        return self._page

    def tidy(self, *, reload: bool = False) -> None:
        """Closes the notebooks and ends their kernels; `reload` gives the next one a new page."""
        if self._page is not None:
            self._page.evaluate(_CLOSE_ALL)
            if reload or self._opened >= NOTEBOOKS_PER_PAGE:
                self._page.close()
                self._page, self._opened = None, 0
        self.stop_kernels()
        self.errors.clear()

    def set_theme(self, page: Any, theme: str) -> None:
        """Changes JupyterLab's theme and waits until it is there."""
        page.evaluate(
            "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", theme
        )
        light = "true" if theme.endswith("Light") else "false"
        page.wait_for_function("light => document.body.dataset.jpThemeLight === light", arg=light)

    def stop_kernels(self) -> None:
        """Ends all sessions: a hundred kernels would slow each other down."""
        sessions = f"http://127.0.0.1:{self.port}/api/sessions"
        with urllib.request.urlopen(sessions, timeout=20) as answer:
            ids = [session["id"] for session in json.load(answer)]
        for one in ids:
            request = urllib.request.Request(f"{sessions}/{one}", method="DELETE")
            urllib.request.urlopen(request, timeout=20).close()

    def check(self, page: Any) -> None:
        """Fails on errors in the console or in the outputs; a cell may be tagged to raise one."""
        raised = page.evaluate(_UNEXPECTED_ERRORS)
        assert raised == [], "\n\n".join(raised)
        text = page.locator(".jp-Notebook").inner_text()
        assert "Error displaying widget" not in text, text
        assert self.errors == [], self.errors

    def _note(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)


def write_notebook(path: Path, cells: list[str]) -> None:
    """A notebook of code cells without outputs."""
    code = [
        {
            "cell_type": "code",
            "id": f"cell-{i}",
            "source": source,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for i, source in enumerate(cells)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel},
        "cells": code,
    }
    path.write_text(json.dumps(notebook), encoding="utf-8")


def skip_or_fail(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"browser tests must run here, but {reason}")
    pytest.skip(f"browser tests need Chromium and Playwright: {reason}")


@contextmanager
def running_lab(base: Path, chromium: str) -> Iterator[Lab]:
    """JupyterLab and the browser, with all their files in `base`; both end with the block."""
    from playwright.sync_api import sync_playwright

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
                    executable_path=chromium,
                    headless=True,
                    viewport={"width": 1100, "height": 1500},
                    reduced_motion="reduce",
                    args=CHROMIUM_FLAGS,
                )
                yield Lab(folder, port, context)
                context.close()
        finally:
            stop_server(server)


def find_chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def start_server(base: Path, folder: Path, port: int, log: Any) -> subprocess.Popen:
    settings = base / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    # or a pop-up about news covers part of the page
    (settings / "notification.jupyterlab-settings").write_text(
        '{"fetchNews": "false", "checkForUpdates": false}', encoding="utf-8"
    )
    names = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
    }
    environment = os.environ | {key: str(base / name) for key, name in names.items()}
    environment["PYTHONPATH"] = os.pathsep.join(
        [str(ROOT), str(ROOT / "tests" / "viz"), str(ROOT / "tests" / "viz" / "widgets")]
    )
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
        "--ServerApp.port_retries=0", "--allow-root", f"--ServerApp.root_dir={folder}",
        "--IdentityProvider.token=", "--ServerApp.password=",
        "--ServerApp.disable_check_xsrf=True", "--expose-app-in-browser",
    ]  # fmt: skip
    return subprocess.Popen(
        command, env=environment, stdout=log, stderr=log, start_new_session=True
    )


def wait_for_server(port: int, server: subprocess.Popen, log: Path) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/status", timeout=5).close()
            return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(errors='replace')[-3000:]}")


def stop_server(server: subprocess.Popen) -> None:
    """Ends the server and its kernels: they share its process group."""
    os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]
