"""Folders and files that are there whole or not at all, whatever happens to who writes them.

What is written stands beside first, is flushed to the disk, and takes its name in one step. Knows nothing of what
is in it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

UNFINISHED: Final = ".unfinished-"
"""How the name of a folder begins while it is written."""
SCARCE: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
)
"""Errors of a disk or computer that has run out of something: no fault of whoever asked."""
OLD: Final = 3600.0
"""Seconds after which what is unfinished was left behind by a writer that was killed."""


def put(folder: Path, files: Mapping[str, bytes], *, instead: bool = False) -> None:
    """Write a folder with its files. One that is there already stays as it is, unless this one comes `instead`.

    Raises OSError, leaving nothing behind.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside, away = _beside(folder), _beside(folder)
    try:
        beside.mkdir()
        for name, content in files.items():
            _write(beside / name, content)
        _flush(beside)
        if instead and folder.is_dir():
            folder.rename(away)
        try:
            beside.rename(folder)
        except OSError:
            if not folder.is_dir():  # else somebody was quicker: the same name has the same content
                raise
        _flush(folder.parent)
    finally:
        for rest in (beside, away):
            shutil.rmtree(rest, ignore_errors=True)


def put_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, in place of those of their names: none of them where one cannot be written.

    A folder that is not there yet comes whole; in one that is, files take their names one after the other, once all
    of them stand beside. Raises OSError, leaving nothing behind.
    """
    if not os.path.lexists(folder):
        put(folder, files)
        return
    beside = {name: _beside(folder / name) for name in files}
    try:
        for name, content in files.items():
            _write(beside[name], content)
        for name, place in beside.items():
            place.replace(folder / name)
    finally:
        for place in beside.values():
            with contextlib.suppress(OSError):
                place.unlink()
    _flush(folder)


def put_file(file: Path, content: bytes, *, mode: int | None = None, before: bytes | None = None) -> bool:
    """Write a single file, in place of what it was; `mode` says who may read and write it.

    False, and nothing is written, where the file does not hold what is said to be `before` any more. Raises OSError.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(file)
    try:
        _write(beside, content, mode)
        if before is not None and file.read_bytes() != before:
            return False
        beside.replace(file)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
    _flush(file.parent)
    return True


def sweep(folder: Path) -> None:
    """Take away what killed writers left behind long ago."""
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            if entry.name.startswith(UNFINISHED) and time.time() - entry.stat().st_mtime > OLD:
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    os.unlink(entry.path)


def _beside(place: Path) -> Path:
    return place.with_name(f"{UNFINISHED}{secrets.token_hex(8)}")


def _write(file: Path, content: bytes, mode: int | None = None) -> None:
    private = 0o666 if mode is None else 0o600  # nobody reads it before its mode is set
    with open(file, "xb", opener=lambda path, flags: os.open(path, flags, private)) as stream:
        stream.write(content)
        if mode is not None:
            os.chmod(file, mode)
        stream.flush()
        os.fsync(stream.fileno())


def _flush(folder: Path) -> None:
    """Make what was named in a folder last through a loss of power, where the system can."""
    if os.name == "posix":
        held = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)
