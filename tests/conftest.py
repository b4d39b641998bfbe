"""What every test may ask for: the checkout, the stories and a Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

import cxmodel as cx

ROOT = Path(__file__).resolve().parent.parent

hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")


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
    return system_chromium()


def system_chromium() -> str | None:
    """Where the system's Chromium is, if it has one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def year(stories: Path) -> cx.Scenario:
    """The pretty app over one year: quickly played."""
    return cx.load(stories / "pretty_app.yaml").with_changes({"horizon": "12 months"})


@pytest.fixture(scope="session")
def standing(year: cx.Scenario) -> cx.Result:
    """That year as is, in three replications."""
    return cx.simulate(year, replications=3, jobs=1)


@pytest.fixture(scope="session")
def mended(year: cx.Scenario) -> cx.Result:
    """The same with real tracking."""
    return cx.simulate(year, "fix_the_wait", replications=3, jobs=1)


@pytest.fixture(scope="session", autouse=True)
def archive_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Runs are kept where the tests end, also by what they start: no test leaves anything in the checkout."""
    before = os.environ.get("CXMODEL_ARCHIVE")
    os.environ["CXMODEL_ARCHIVE"] = str(tmp_path_factory.mktemp("archive"))
    yield
    os.environ.pop("CXMODEL_ARCHIVE")
    if before is not None:
        os.environ["CXMODEL_ARCHIVE"] = before
