"""How figures, gaps and progress read in a terminal."""

from __future__ import annotations

import io

import pytest

from cxmodel.cli.progress import TerminalProgress
from cxmodel.cli.render.run import shortfall
from cxmodel.cli.render.table import table


@pytest.mark.parametrize(
    ("gap", "low", "high", "said"),
    [
        (36.2, 34.1, 38.3, "falls short by 36 (34 to 38)"),
        (-10.4, -12.0, -9.0, "exceeds by 10 (9 to 12)"),
        (0.3, -1.0, 1.6, "as expected"),
        (5.0, None, None, "falls short by 5"),
        (5.0, 4.9, 5.1, "falls short by 5"),
    ],
)
def test_a_gap_is_told_in_words(gap: float, low: float | None, high: float | None, said: str) -> None:
    """Nobody has to know which sign is good."""
    assert shortfall(gap, low, high) == said


def test_columns_line_up() -> None:
    """Words to the left, numbers to the right."""
    assert table(("", "value"), [("NPS", "9"), ("Stay", "80")], numbers=(1,)) == (
        "      value\nNPS       9\nStay     80"
    )


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_in_a_terminal_is_one_line_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is kept up to date and wiped at the end."""
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    with TerminalProgress("as_is", 1, 2) as progress:
        progress(3, 30)
    assert screen.getvalue() == "\ras_is (1 of 2): 3 of 30 simulation runs\x1b[K\r\x1b[K"


def test_progress_elsewhere_does_not_fill_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short run leaves no lines in a file; a long one a line every few seconds."""
    log = io.StringIO()
    monkeypatch.setattr("sys.stderr", log)
    with TerminalProgress("as_is") as progress:
        for done in range(100):
            progress(done, 100)
        progress.every = 0.0
        progress(100, 100)
    assert log.getvalue() == "as_is: 100 of 100 simulation runs\n"


def test_quiet_progress_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--quiet` holds in a terminal too."""
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    with TerminalProgress("as_is", quiet=True) as progress:
        progress(1, 2)
    assert screen.getvalue() == ""
