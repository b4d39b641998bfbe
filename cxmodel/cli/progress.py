"""Progress on a terminal: one line that is written over, for every verb that takes a while."""

from __future__ import annotations

import sys
import time
from typing import Self, TextIO

from cxmodel.report.text.numbers import count


class TerminalProgress:
    """How much is done, on stderr: one line kept up to date in a terminal, now and then a line elsewhere."""

    def __init__(
        self, plan: str, number: int = 1, plans: int = 1, quiet: bool = False, of: str = "simulation run"
    ) -> None:
        self.of = of
        self.name = plan if plans == 1 else f"{plan} ({number} of {plans})"
        self.quiet = quiet
        self.stream: TextIO = sys.stderr
        self.live = self.stream.isatty()
        self.every = 0.1 if self.live else 5.0
        self.told = time.monotonic() if not self.live else 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if self.quiet or now - self.told < self.every:
            return
        self.told = now
        line = f"{self.name}: {done:,} of {count(total, self.of)}"
        self.stream.write(f"\r{line}\x1b[K" if self.live else f"{line}\n")
        self.stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.live and not self.quiet:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
