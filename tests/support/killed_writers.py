"""Processes that are killed inside the atomic write: before the n-th of its lines, or at the n-th byte of a file.

Nothing of cxmodel is changed for it. A child watches, through Python's own tracing, the lines of `atomic_files` go by
and sends itself SIGKILL before one of them; or the kernel ends it (SIGXFSZ) at the very byte at which a file grows too
large. Run as a program it forks one child for each place, after the imports, and looks each time at what is there.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from cxmodel import atomic_files
from cxmodel.archive import Archive
from cxmodel.cli import output
from cxmodel.cli import report as telling
from cxmodel.simulation.simulate import simulate
from cxmodel.workbench.drafts.store import Drafts
from tests.support import small

BYTES = (0, 1, 100, 1000, 4096, 5000, 20_000)
"""Sizes of a file at which its writer is ended."""


@dataclass
class Writing:
    """Something that is written again and again: how, and what is wrong with what is there afterwards."""

    write: Callable[[int], object]
    wrong: Callable[[int, bool], list[str]]
    """What is damaged after the write of this number, which ended whole or not."""


def kept_runs(folder: Path) -> Writing:
    """Runs in an archive: a new one each time, and now and then one that was damaged, which is written anew."""
    result, archive = simulate(small.app({"horizon": "1 month"}), replications=2), Archive(folder)
    first = archive.keep(result)
    rows = result.rows("metrics")

    def write(number: int) -> object:
        if number % 4 == 0:  # in place of one that is damaged
            (folder / "runs" / first / "metrics.parquet").write_bytes(b"PAR1")
            return Archive(folder).keep(result)
        return Archive(folder).keep(replace(result, seed=100 + number))

    def wrong(number: int, whole: bool) -> list[str]:
        opened = Archive(folder)
        listed, there = {run.id for run in opened.find()}, opened.ids()
        found = [f"{id[:8]} is damaged" for id in there if id != first and opened.damage(id)]
        if number % 4 == 0 and whole and opened.damage(first):
            found.append("the damaged run was not written anew")
        if listed != {id for id in there if not opened.damage(id)} | ({first} & there):
            found.append("the index has not caught up")
        if whole and number % 4 and opened.id_of(replace(result, seed=100 + number)) not in there:
            found.append("what was kept is not there")
        found += ["other figures"] * any(opened.open(id).rows("metrics") != rows for id in sorted(there - {first})[-1:])
        return found

    return Writing(write, wrong)


def drafts(folder: Path) -> Writing:
    """A draft that is edited: after each end it is the one before or the one after."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "small.yaml").write_text(small.app().to_yaml(), "utf-8")
    id = Drafts(folder).open(folder / "small.yaml").id
    state = {"before": Drafts(folder).get(id).title}

    def write(number: int) -> object:
        return Drafts(folder).edit(id, {"name": f"Draft {number}"})

    def wrong(number: int, whole: bool) -> list[str]:
        now, before = Drafts(folder).get(id), state["before"]
        state["before"] = now.title
        allowed = {f"Draft {number}"} if whole else {f"Draft {number}", before}
        found = [] if now.title in allowed else [f"the draft is {now.title!r}, not one of {allowed}"]
        if [draft.title for draft in Drafts(folder).recent()] != [now.title]:
            found.append("the drafts are not listed as they are")
        return found

    return Writing(write, wrong)


def reports(folder: Path) -> Writing:
    """A report in place of another: after each end the one before or the one after, byte for byte."""
    folder.mkdir(parents=True, exist_ok=True)
    archive, result = Archive(folder / "archive"), simulate(small.app({"horizon": "1 month"}), replications=2)
    told = telling.account(archive, archive.keep(result))
    page, file = telling.writer_of(folder / "report.html")(told, ("answer", "numbers")), folder / "report.html"
    contents = [page.replace(b"</html>", b"<!-- %d --></html>" % side) for side in range(2)]
    output.put(file, contents[1], "-o")

    def write(number: int) -> object:
        return output.put(file, contents[number % 2], "-o")

    def wrong(number: int, whole: bool) -> list[str]:
        now = file.read_bytes()
        if now not in contents or (whole and now != contents[number % 2]):
            return [f"the report has {len(now)} bytes, and is neither the old nor the new"]
        return []

    return Writing(write, wrong)


def folders(folder: Path) -> Writing:
    """Tables of a run in a new folder (`--out`): there whole, or not there."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {f"{name}.csv": name.encode() * 3000 for name in ("metrics", "touchpoints", "timeline", "manifest")}

    def write(number: int) -> object:
        return output.put_all(folder / f"out{number}", files, "--out")

    def wrong(number: int, whole: bool) -> list[str]:
        place = folder / f"out{number}"
        if not place.exists():
            return ["what was written is not there"] if whole else []
        there = {file.name: file.read_bytes() for file in place.iterdir()}
        return [] if there == files else [f"only {sorted(there)} are there"]

    return Writing(write, wrong)


KINDS: dict[str, Callable[[Path], Writing]] = {
    "archive": kept_runs, "drafts": drafts, "reports": reports, "folders": folders,
}  # fmt: skip


def at_line(number: int) -> None:
    """Have this process killed before the n-th line of the atomic write that it comes to."""
    passed, file = 0, atomic_files.__file__

    def watch(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal passed
        if frame.f_code.co_filename != file:
            return None
        if event == "line":
            passed += 1
            if passed > number:
                os.kill(os.getpid(), signal.SIGKILL)
        return watch

    sys.settrace(watch)


def at_byte(number: int) -> None:
    """Have the kernel end this process in the middle of a write, where a file would grow beyond so many bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (number, number))


def ended(write: Callable[[], object], set_up: Callable[[], None]) -> int:
    """How a child ended that writes: the signal, or 0 where it came to its end."""
    child = os.fork()
    if child == 0:
        try:
            set_up()
            write()
            sys.settrace(None)
        except BaseException:
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)


def kill(kind: str, folder: Path, kills: int) -> dict[str, Any]:
    """Kill writers of a kind until so many have died inside the write; what was wrong afterwards.

    The lines are gone through from the first to where a writer comes to its end, each time in other steps; every fifth
    dies at a byte.
    """
    writing, done, tried, line, step, wrong = KINDS[kind](folder), 0, 0, 0, 3, list[str]()
    while done < kills and tried < 10 * kills:
        byte = BYTES[tried // 5 % len(BYTES)] if tried % 5 == 4 else None
        end = ended(partial(writing.write, tried), partial(at_line, line) if byte is None else partial(at_byte, byte))
        if end < 0:
            wrong.append(f"{tried}: the writer failed")
        wrong += [f"{tried}: {each}" for each in writing.wrong(tried, end == 0)]
        done += end in (signal.SIGKILL, signal.SIGXFSZ)
        tried += 1
        if byte is None:
            line, step = (line + step, step) if end else (step % 2, 4 - step % 3)
    return {"kills": done, "tried": tried, "wrong": wrong}


if __name__ == "__main__":
    print(json.dumps(kill(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
