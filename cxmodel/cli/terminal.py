"""Standard output and error as they are in the wild: signs that a terminal lacks, readers that leave, full disks.

Whoever prints need not think of it: what cannot be said is said in plain signs, and what nobody takes any more is
dropped quietly. Knows no verb.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import io
import os
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

PLAIN: Final = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "─": "-", "├": "|", "└": "+", "│": "|",
    "▲": "^", "▼": "v", "→": "->", "←": "<-", "◂": "<", "■": "#", "█": "#", "•": "*", "·": "|",
    "…": "...", "‘": "'", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"', "„": '"', "‚": "'",
    "£": "GBP ", "€": "EUR ", "¥": "JPY ", "₹": "INR ", "¢": "ct", "©": "(c)", "®": "(R)", "™": "(TM)",
    "±": "+/-", "≈": "~", "×": "x", "÷": "/", "≥": ">=", "≤": "<=", "≠": "!=", "✓": "ok", "✕": "x",
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
    "\u2060": "", "\u200b": "", "\ufeff": "",
}  # fmt: skip
"""Plain signs for those that a terminal may lack; letters lose their accents by themselves."""
UNKNOWN: Final = "?"
HANDLER: Final = "cxmodel.plain"
GONE: Final = frozenset({errno.EPIPE, errno.EBADF, errno.EINVAL, errno.EIO, errno.ESHUTDOWN, errno.ECONNRESET})
"""Ends of a pipe or terminal whose reader has seen enough, or has closed the window: nothing to complain of."""


def plain(text: str) -> str:
    """A text in signs that every terminal has.

    >>> plain("−1.2 to £14,200 … “déjà vu” ▼ 東")
    '-1.2 to GBP 14,200 ... "deja vu" v ?'
    """
    return "".join(sign if sign.isascii() else _plain(sign) for sign in text)


def _plain(sign: str) -> str:
    if sign in PLAIN:
        return PLAIN[sign]
    bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if part.isascii())
    return bare or UNKNOWN


def shown(text: str) -> str:
    """A text as standard output will show it: to be measured before columns are aligned."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text if text.isascii() else text.encode(encoding, HANDLER).decode(encoding)


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    """The error handler of the two streams: plain signs for those that the encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain(error.object[error.start : error.end]), error.end


codecs.register_error(HANDLER, _stand_in)


class Outlet(io.RawIOBase):
    """Where a stream goes: to its file while that takes it, from then on nowhere."""

    def __init__(self, file: Any) -> None:
        super().__init__()
        self.file = file
        self.fault: OSError | None = None

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return int(self.file.fileno())

    def isatty(self) -> bool:
        return bool(self.file.isatty())

    def write(self, data: Any) -> int | None:
        if self.fault is None:
            try:
                return self.file.write(data)  # type: ignore[no-any-return]
            except OSError as fault:
                self.fault = fault
        return len(data)

    @property
    def full(self) -> OSError | None:
        """Why the file took no more, where that is no reader who has left."""
        return None if self.fault is None or self.fault.errno in GONE else self.fault


class Terminal:
    """Both streams, while a command line is answered."""

    def __init__(self) -> None:
        self.outlets: dict[str, Outlet] = {}

    @property
    def full(self) -> OSError | None:
        """Why not all of the answer was taken."""
        return self.outlets["stdout"].full if "stdout" in self.outlets else None

    def flush(self) -> None:
        """Hand over what was said."""
        for name in ("stdout", "stderr"):
            with contextlib.suppress(ValueError, OSError):
                getattr(sys, name).flush()


@contextlib.contextmanager
def terminal() -> Iterator[Terminal]:
    """Have both streams bear what happens to them; those that somebody else has put in place stay, but for signs."""
    _open_what_was_closed()
    held = Terminal()
    before = {name: getattr(sys, name) for name in ("stdout", "stderr")}
    for name, stream in before.items():
        if stream is getattr(sys, f"__{name}__") and isinstance(stream, io.TextIOWrapper):
            stream.flush()
            held.outlets[name] = Outlet(getattr(stream.buffer, "raw", stream.buffer))
            setattr(sys, name, _over(held.outlets[name], stream, at_once=name == "stderr"))
        elif isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors=HANDLER)
    try:
        yield held
    finally:
        held.flush()
        for name, stream in before.items():
            setattr(sys, name, stream)


def _over(outlet: Outlet, stream: io.TextIOWrapper, at_once: bool) -> io.TextIOWrapper:
    """The same stream on an outlet, with plain signs for what it lacks; on a terminal, or `at_once`, line by line."""
    return io.TextIOWrapper(
        io.BufferedWriter(outlet),
        encoding=stream.encoding,
        errors=HANDLER,
        newline=None,
        line_buffering=at_once or stream.line_buffering or stream.write_through,
    )


def _open_what_was_closed() -> None:
    """Lead streams that were closed (`>&-`) nowhere, so that no file that is opened later stands in their place."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        with contextlib.suppress(OSError):
            try:
                os.fstat(number)
            except OSError:
                held = os.open(os.devnull, os.O_RDWR)
                if held != number:
                    os.dup2(held, number)
                    os.close(held)
            way = "r" if number == 0 else "w"
            setattr(sys, name, open(number, way, encoding="utf-8", closefd=False))  # noqa: SIM115  (it stays open)
