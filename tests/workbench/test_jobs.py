"""Long work behind the pages: the urgent first, everybody served, the unwanted ended, failures told, nothing lost."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

import cxmodel as cx
from cxmodel.errors import CxModelError
from cxmodel.workbench.jobs import queue as module
from cxmodel.workbench.jobs.queue import ASKED, CARD, LOOKED_AT, STUDY, Heed, Job, JobQueue

PATIENCE = 120
"""Seconds after which a test gives up: no machine is as busy."""


@pytest.fixture
def queue() -> Iterator[JobQueue]:
    """A queue of one's own."""
    made = JobQueue()
    yield made
    made.close()


class Work:
    """What a job does here: it begins, goes on until it is let go or ended, and leaves a note of both."""

    def __init__(self, name: str, notes: list[str] | None = None) -> None:
        self.name, self.notes = name, [] if notes is None else notes
        self.begun, self.gate, self.over = threading.Event(), threading.Event(), threading.Event()

    def __call__(self, heed: Heed) -> str:
        self.notes.append(f"{self.name} begins")
        self.begun.set()
        try:
            for turn in count():
                heed(turn, 10**9)
                if self.gate.wait(0.001):
                    break
        finally:
            self.notes.append(f"{self.name} ends")
            self.over.set()
        return self.name


def job(queue: JobQueue, work: Callable[[Heed], str | None], urgency: int = LOOKED_AT, name: str = "") -> Job[str]:
    """An job that does this work."""
    return queue.job(name or getattr(work, "name", "it"), urgency, work, lambda: None)


def ended(queue: JobQueue, *jobs: Job[str]) -> list[str]:
    """The states of jobs that are under way no more."""
    queue.wait(jobs, PATIENCE)
    return [each.state for each in jobs]


def test_what_is_wanted_is_done_and_stays_known(queue: JobQueue) -> None:
    """Whoever asks for the same gets the same, without its being done again."""
    work = Work("run")
    work.gate.set()
    queue.want("page", [job(queue, work)])
    assert ended(queue, job(queue, work)) == ["done"]
    queue.want("another page", [job(queue, work)])
    assert job(queue, work).found == "run" and work.notes == ["run begins", "run ends"]


def test_what_is_known_already_is_not_done(queue: JobQueue) -> None:
    """What the archive has kept, say."""
    found = queue.job("it", ASKED, Work("never"), lambda: "kept")
    found.start()
    assert (found.state, found.found) == ("done", "kept")


@pytest.mark.slow
def test_what_explains_waits_while_somebody_waits(queue: JobQueue) -> None:
    """A study goes on once nobody waits for a run any more; it is held, not lost."""
    notes: list[str] = []
    run, study = Work("run", notes), Work("study", notes)
    study.gate.set()  # it would end at its first look up
    queue.want("page", [job(queue, run)])
    run.begun.wait(PATIENCE)
    queue.want("page's study", [job(queue, study, STUDY)])
    study.begun.wait(PATIENCE)
    run.gate.set()
    assert ended(queue, job(queue, run), job(queue, study, STUDY)) == ["done", "done"]
    assert notes == ["run begins", "study begins", "run ends", "study ends"]


@pytest.mark.parametrize("urgency", [STUDY, CARD])
def test_what_somebody_comes_to_wait_for_begins_again_at_once(queue: JobQueue, urgency: int) -> None:
    """In a thread that does not stand back, and that nothing holds."""
    work, other = Work("run"), Work("other")
    queue.want("cards", [job(queue, work, urgency)])
    work.begun.wait(PATIENCE)
    queue.want("page", [job(queue, other), job(queue, work, LOOKED_AT)])
    work.over.wait(PATIENCE)
    work.gate.set()
    assert ended(queue, job(queue, work)) == ["done"] and work.notes.count("run begins") == 2
    assert job(queue, other).state == "running"
    other.gate.set()


def test_a_newer_wish_ends_the_older(queue: JobQueue) -> None:
    """What nobody waits for any more gives way, and may be wanted again."""
    old, new = Work("old"), Work("new")
    new.gate.set()
    queue.want("page", [job(queue, old)])
    old.begun.wait(PATIENCE)
    queue.want("page", [job(queue, new)])
    assert old.over.wait(PATIENCE) and job(queue, old).state == "ready"
    assert ended(queue, job(queue, new)) == ["done"]
    old.gate.set()
    queue.want("page", [job(queue, old)])
    assert ended(queue, job(queue, old)) == ["done"]


def test_what_another_page_wants_too_goes_on(queue: JobQueue) -> None:
    """Readers share what they wait for."""
    work = Work("run")
    queue.want("page", [job(queue, work)])
    queue.want("second tab", [job(queue, work)])
    queue.want("page", [])
    assert job(queue, work).state == "running"
    work.gate.set()
    assert ended(queue, job(queue, work)) == ["done"]


def test_ten_readers_are_served_in_turn(queue: JobQueue) -> None:
    """So many at a time, in the order of their asking; nobody is left out."""
    notes: list[str] = []
    works = [Work(str(number), notes) for number in range(10)]
    for work in works:
        queue.want(f"page {work.name}", [job(queue, work)])
        if work.name in "01":
            work.begun.wait(PATIENCE)
    for work in works:
        assert work.begun.wait(PATIENCE)
        at_work = sum(note.endswith("begins") for note in notes) - sum(note.endswith("ends") for note in notes)
        assert at_work <= module.AT_ONCE[LOOKED_AT]
        work.gate.set()
    assert ended(queue, *(job(queue, work) for work in works)) == ["done"] * 10


def test_between_two_pieces_others_have_their_turn(queue: JobQueue) -> None:
    """A long run that comes in pieces does not keep the others waiting until its end."""
    notes: list[str] = []
    enough = threading.Event()

    def long(heed: Heed) -> str | None:
        heed(0, 1)
        return "long" if enough.wait(0.001) else None

    lengthy = [job(queue, long, name=f"long {number}") for number in range(module.AT_ONCE[LOOKED_AT])]
    short = Work("short", notes)
    short.gate.set()
    queue.want("page", lengthy)
    queue.want("another page", [job(queue, short)])
    assert ended(queue, job(queue, short)) == ["done"]
    assert [each.state for each in lengthy] == ["running"] * len(lengthy)
    enough.set()
    assert ended(queue, *lengthy) == ["done"] * len(lengthy)


def test_a_stopped_errand_is_not_begun_by_who_only_looks(queue: JobQueue) -> None:
    """It goes on when somebody says so."""
    work = Work("run")
    queue.want("page", [job(queue, work)])
    work.begun.wait(PATIENCE)
    job(queue, work).end("stopped")
    queue.want("page", [job(queue, work)])
    assert work.over.wait(PATIENCE) and job(queue, work).state == "stopped"
    work.gate.set()
    job(queue, work).start()
    assert ended(queue, job(queue, work)) == ["done"]


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (CxModelError("there is no such plan"), "there is no such plan"),
        (MemoryError(), "there was not enough memory for it"),
        (ZeroDivisionError(), "an error inside the model (ZeroDivisionError)"),
    ],
)
def test_a_failure_is_told_and_can_be_retried(
    queue: JobQueue, fault: Exception, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words for a reader; a fault of the program is told in full to who runs the server."""
    faults = [fault]

    def fails_once(heed: Heed) -> str:
        if faults:
            raise faults.pop()
        return "found"

    failing = job(queue, fails_once)
    queue.want("page", [failing])
    assert (ended(queue, failing), failing.why) == (["failed"], why)
    assert ("Traceback" in capsys.readouterr().err) == isinstance(fault, ZeroDivisionError)
    failing.start()
    assert (ended(queue, failing), failing.why, failing.found) == (["done"], "", "found")


def test_its_progress_can_be_followed(queue: JobQueue) -> None:
    """How much is done, of how much."""
    seen = threading.Event()

    def counts(heed: Heed) -> str:
        heed(3, 7)
        seen.wait(PATIENCE)
        return "found"

    counted = job(queue, counts)
    queue.want("page", [counted])
    with queue.changed:
        queue.changed.wait_for(lambda: counted.total == 7, PATIENCE)
    assert (counted.done, counted.total) == (3, 7)
    seen.set()


@pytest.mark.skipif(sys.platform != "linux", reason="only there has each thread its own rank")
def test_what_nobody_waits_for_stands_back(queue: JobQueue) -> None:
    """Its thread, and those that it starts, take the time that others leave."""
    ranks: list[int] = []

    def rank(heed: Heed) -> str:
        ranks.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return "found"

    for urgency in (LOOKED_AT, STUDY):
        one = job(queue, rank, urgency, name=str(urgency))
        queue.want(str(urgency), [one])
        ended(queue, one)
    assert ranks[1] == min(19, ranks[0] + module.NICE)


@pytest.mark.slow
def test_a_server_that_ends_waits_for_nothing(root: Path) -> None:
    """Not for a job in a thread that Python would wait for, nor for one that is held."""
    code = """
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from cxmodel.workbench.jobs.queue import CARD, LOOKED_AT, JobQueue
def works(heed):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: [heed(n, 10**9) for n in count()]).result()
queue = JobQueue()
jobs = [queue.job(name, name, works, lambda: None) for name in (LOOKED_AT, CARD)]
queue.want("page", jobs)
while not jobs[0].total:
    pass
"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=PATIENCE)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.slow
def test_the_queue_needs_no_page(root: Path) -> None:
    """It knows nothing of Streamlit."""
    code = "import sys, cxmodel.workbench.jobs.queue; print('streamlit' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


@pytest.fixture(scope="module")
def scenario() -> cx.Scenario:
    """A world small enough for a test."""
    return cx.loads(
        "schema: 1\nname: Small\nhorizon: 6 months\nattributes: {ease: {}}\n"
        "segments: {people: {customers: 40, needs: {ease: {level: 70}}}}\n"
        "journey: {look: {stage: use, every: 10 days, delivers: {ease: 60}}}\n"
        "economics: {margin: 9 per month}\n"
        "initiatives: {mend: {changes: {journey.look.delivers.ease: 75}}}\nplans: {better: [mend]}\n"
    )


@pytest.mark.slow
def test_a_run_gives_what_the_same_call_gives_here_and_is_kept(
    scenario: cx.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One seed, one answer, however it was cut into pieces; after a restart it is found in the archive."""
    from cxmodel.workbench.jobs import live_results

    monkeypatch.setattr(live_results, "PIECE", 7)
    wanted = cx.RunRequest(scenario, "better", replications=20, seed=5)
    assert wanted.baseline is not None and live_results.result(wanted) is None
    jobs = [live_results.job(wanted), live_results.job(wanted.baseline)]
    live_results.job_queue().want("a run", jobs)
    live_results.job_queue().wait(jobs, PATIENCE)
    found = live_results.result(wanted)
    here = cx.simulate(scenario, "better", replications=20, seed=5, jobs=1)
    assert found is not None and found.rows("metrics") == here.rows("metrics")
    live_results.keep()
    live_results._WRITER.submit(int).result(PATIENCE)  # what came before it is written
    live_results._RESULTS.values.clear()
    live_results._ALIKE.values.clear()
    live_results.job_queue.cache_clear()
    kept = live_results.result(wanted)
    assert kept is not None and kept.made is not None and kept.rows("metrics") == here.rows("metrics")


@pytest.mark.slow
def test_a_run_that_was_stopped_goes_on_where_it_was(scenario: cx.Scenario) -> None:
    """Its pieces are kept: fewer replications of it are there at once, and more begin with them."""
    from cxmodel.workbench.jobs import live_results

    long = live_results.job(cx.RunRequest(scenario, replications=3000, seed=6))
    live_results.job_queue().want("a long run", [long])
    with live_results.job_queue().changed:
        live_results.job_queue().changed.wait_for(lambda: long.done >= 2 * live_results.PIECE, PATIENCE)
    long.end("stopped")
    fewer = live_results.job(cx.RunRequest(scenario, replications=2 * live_results.PIECE, seed=6))
    live_results.job_queue().want("a long run", [fewer])
    live_results.job_queue().wait([fewer], PATIENCE)
    long.start()
    with live_results.job_queue().changed:
        live_results.job_queue().changed.wait_for(lambda: long.done > 3 * live_results.PIECE, PATIENCE)
    long.end("stopped")
    assert long.before >= 2 * live_results.PIECE and fewer.state == "done"


def test_a_run_that_cannot_be_made_says_why(scenario: cx.Scenario) -> None:
    """The caller is told at once."""
    from cxmodel.workbench.jobs import live_results

    with pytest.raises(cx.UsageError, match="nonsense"):
        live_results.job(cx.RunRequest(scenario, "nonsense"))
