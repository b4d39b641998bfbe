"""What every test may ask for: the checkout, the stories and a Chromium."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def stories() -> Path:
    """The folder of the bundled stories."""
    return ROOT / "scenarios"


@pytest.fixture(scope="session")
def chromium() -> str | None:
    """The system's Chromium; None means Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)
