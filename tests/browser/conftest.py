"""A real workbench on a free port, and a real browser that looks at it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.steps import FOLDERS, SCREENSHOTS

PICTURES = Path(os.environ.get("CXMODEL_SCREENSHOTS") or SCREENSHOTS)
"""Where the README's picture is left."""


@pytest.fixture(scope="session")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a workbench served as users serve it."""
    with served(tmp_path_factory.mktemp("workspace")) as (address, _):
        yield address


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, int]]:
    """A workbench for a folder, with an archive of its own: its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    FOLDERS[str(port)] = folder
    command = [sys.executable, "-m", "cxmodel", "app", str(folder), "--headless", "--port", str(port)]
    own = {"HOME": str(folder), "CXMODEL_ARCHIVE": str(folder / ".cxmodel")}
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **own})
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    try:
        while not answers(f"{address}/_stcore/health"):
            if time.monotonic() > deadline or server.poll() is not None:
                pytest.fail((folder / "log").read_text())
            time.sleep(0.2)
        yield address, server.pid
    finally:
        server.terminate()
        server.wait(20)


def answers(url: str) -> bool:
    """Whether somebody is there."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="session")
def browser(chromium: str | None) -> Iterator[Browser]:
    """Chromium without a window."""
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, headless=True, args=quiet)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, workbench: str) -> Iterator[Page]:
    """A fresh tab of 1280 × 900; a fault in its console, or a request to elsewhere, fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=workbench)
    tab = context.new_page()
    faults: list[str] = []
    tab.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("request", lambda request: faults.append(request.url) if elsewhere(request.url, workbench) else None)
    yield tab
    context.close()
    assert faults == []


def elsewhere(url: str, workbench: str) -> bool:
    """Whether a request leaves this computer."""
    port = workbench.rsplit(":", 1)[1]
    return not url.startswith((workbench, f"ws://127.0.0.1:{port}", "data:", "blob:", "about:"))
