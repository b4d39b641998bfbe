"""Files that a verb is asked to write: looked at before anything is simulated, and there whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from cxmodel import atomic_files
from cxmodel.errors import StorageError, UsageError


def ready(file: Path, option: str) -> None:
    """Raise UsageError where a file cannot be written for certain: better before a long run than after it."""
    parent = Path(os.path.realpath(file)).parent
    if file.is_dir():
        raise UsageError(f"{option} {file}: this is a folder; name a file in it")
    if not parent.is_dir():
        raise UsageError(
            f"{option} {file}: there is no folder {file.parent} ({os.strerror(errno.ENOENT)}); make it first"
        )
    if not os.access(parent if not file.exists() else file, os.W_OK):
        raise UsageError(f"{option} {file}: it may not be written ({os.strerror(errno.EACCES)}); name another place")


def ready_folder(folder: Path, option: str) -> None:
    """The same for a folder, which is made with what lies above it if need be."""
    there = next((place for place in (folder, *folder.absolute().parents) if os.path.lexists(place)), Path("/"))
    if not there.is_dir():
        raise UsageError(f"{option} {folder}: {there} is in the way: it is no folder; name another place")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"{option} {folder}: {there} may not be written to; name another place")


def put(file: Path, content: bytes, option: str) -> None:
    """Write a file in one step. Raises StorageError, leaving what was there, where that fails.

    A link stays a link, and who may read the file stays; what is no file, such as /dev/stdout, is written to as it is.
    """
    target = Path(os.path.realpath(file))
    try:
        known = target.stat() if target.exists() else None
        if file.absolute().is_relative_to("/dev") or (known is not None and not stat.S_ISREG(known.st_mode)):
            with open(file, "wb") as stream:
                stream.write(content)
            return
        atomic_files.sweep(target.parent)
        atomic_files.put_file(target, content, mode=None if known is None else stat.S_IMODE(known.st_mode))
    except OSError as error:
        raise _not_written(option, file, error) from None


def put_all(folder: Path, files: Mapping[str, bytes], option: str) -> None:
    """Write files into a folder, all of them or none. Raises StorageError."""
    try:
        atomic_files.put_files(Path(os.path.realpath(folder)), files)
    except OSError as error:
        raise _not_written(option, folder, error) from None


def _not_written(option: str, place: Path, error: OSError) -> StorageError:
    return StorageError(
        f"{option} {place}: it could not be written: {error.strerror or error}. Nothing half-written was left. Make "
        f"room or name another place, and give the command again: what was simulated is saved (`cxmodel runs`)."
    )
