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
from cxmodel.workbench.jobs import queue as queue
from cxmodel.workbench.jobs.queue import ASKED, CARD, LOOKED_AT, STUDY, Errand, Heed, Jobs

PATIENCE = 120
"""Seconds after which a test gives up: no machine is as busy."""


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    """A queue of one's own."""
    made = Jobs()
    yield made
    made.close()


class Work:
    """What an errand does here: it begins, goes on until it is let go or ended, and leaves a note of both."""

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


def errand(jobs: Jobs, work: Callable[[Heed], str | None], urgency: int = LOOKED_AT, name: str = "") -> Errand[str]:
    """An errand that does this work."""
    return jobs.errand(name or getattr(work, "name", "it"), urgency, work, lambda: None)


def ended(jobs: Jobs, *errands: Errand[str]) -> list[str]:
    """The states of errands that are under way no more."""
    jobs.wait(errands, PATIENCE)
    return [each.state for each in errands]


def test_what_is_wanted_is_done_and_stays_known(jobs: Jobs) -> None:
    """Whoever asks for the same gets the same, without its being done again."""
    work = Work("run")
    work.gate.set()
    jobs.want("page", [errand(jobs, work)])
    assert ended(jobs, errand(jobs, work)) == ["done"]
    jobs.want("another page", [errand(jobs, work)])
    assert errand(jobs, work).found == "run" and work.notes == ["run begins", "run ends"]


def test_what_is_known_already_is_not_done(jobs: Jobs) -> None:
    """What the archive has kept, say."""
    found = jobs.errand("it", ASKED, Work("never"), lambda: "kept")
    found.start()
    assert (found.state, found.found) == ("done", "kept")


def test_what_explains_waits_while_somebody_waits(jobs: Jobs) -> None:
    """A study goes on once nobody waits for a run any more; it is held, not lost."""
    notes: list[str] = []
    run, study = Work("run", notes), Work("study", notes)
    study.gate.set()  # it would end at its first look up
    jobs.want("page", [errand(jobs, run)])
    run.begun.wait(PATIENCE)
    jobs.want("page's study", [errand(jobs, study, STUDY)])
    study.begun.wait(PATIENCE)
    run.gate.set()
    assert ended(jobs, errand(jobs, run), errand(jobs, study, STUDY)) == ["done", "done"]
    assert notes == ["run begins", "study begins", "run ends", "study ends"]


@pytest.mark.parametrize("urgency", [STUDY, CARD])
def test_what_somebody_comes_to_wait_for_begins_again_at_once(jobs: Jobs, urgency: int) -> None:
    """In a thread that does not stand back, and that nothing holds."""
    work, other = Work("run"), Work("other")
    jobs.want("cards", [errand(jobs, work, urgency)])
    work.begun.wait(PATIENCE)
    jobs.want("page", [errand(jobs, other), errand(jobs, work, LOOKED_AT)])
    work.over.wait(PATIENCE)
    work.gate.set()
    assert ended(jobs, errand(jobs, work)) == ["done"] and work.notes.count("run begins") == 2
    assert errand(jobs, other).state == "running"
    other.gate.set()


def test_a_newer_wish_ends_the_older(jobs: Jobs) -> None:
    """What nobody waits for any more gives way, and may be wanted again."""
    old, new = Work("old"), Work("new")
    new.gate.set()
    jobs.want("page", [errand(jobs, old)])
    old.begun.wait(PATIENCE)
    jobs.want("page", [errand(jobs, new)])
    assert old.over.wait(PATIENCE) and errand(jobs, old).state == "ready"
    assert ended(jobs, errand(jobs, new)) == ["done"]
    old.gate.set()
    jobs.want("page", [errand(jobs, old)])
    assert ended(jobs, errand(jobs, old)) == ["done"]


def test_what_another_page_wants_too_goes_on(jobs: Jobs) -> None:
    """Readers share what they wait for."""
    work = Work("run")
    jobs.want("page", [errand(jobs, work)])
    jobs.want("second tab", [errand(jobs, work)])
    jobs.want("page", [])
    assert errand(jobs, work).state == "running"
    work.gate.set()
    assert ended(jobs, errand(jobs, work)) == ["done"]


def test_ten_readers_are_served_in_turn(jobs: Jobs) -> None:
    """So many at a time, in the order of their asking; nobody is left out."""
    notes: list[str] = []
    works = [Work(str(number), notes) for number in range(10)]
    for work in works:
        jobs.want(f"page {work.name}", [errand(jobs, work)])
        if work.name in "01":
            work.begun.wait(PATIENCE)
    for work in works:
        assert work.begun.wait(PATIENCE)
        at_work = sum(note.endswith("begins") for note in notes) - sum(note.endswith("ends") for note in notes)
        assert at_work <= queue.AT_ONCE[LOOKED_AT]
        work.gate.set()
    assert ended(jobs, *(errand(jobs, work) for work in works)) == ["done"] * 10


def test_between_two_pieces_others_have_their_turn(jobs: Jobs) -> None:
    """A long run that comes in pieces does not keep the others waiting until its end."""
    notes: list[str] = []
    enough = threading.Event()

    def long(heed: Heed) -> str | None:
        heed(0, 1)
        return "long" if enough.wait(0.001) else None

    lengthy = [errand(jobs, long, name=f"long {number}") for number in range(queue.AT_ONCE[LOOKED_AT])]
    short = Work("short", notes)
    short.gate.set()
    jobs.want("page", lengthy)
    jobs.want("another page", [errand(jobs, short)])
    assert ended(jobs, errand(jobs, short)) == ["done"]
    assert [each.state for each in lengthy] == ["running"] * len(lengthy)
    enough.set()
    assert ended(jobs, *lengthy) == ["done"] * len(lengthy)


def test_a_stopped_errand_is_not_begun_by_who_only_looks(jobs: Jobs) -> None:
    """It goes on when somebody says so."""
    work = Work("run")
    jobs.want("page", [errand(jobs, work)])
    work.begun.wait(PATIENCE)
    errand(jobs, work).end("stopped")
    jobs.want("page", [errand(jobs, work)])
    assert work.over.wait(PATIENCE) and errand(jobs, work).state == "stopped"
    work.gate.set()
    errand(jobs, work).start()
    assert ended(jobs, errand(jobs, work)) == ["done"]


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (CxModelError("there is no such plan"), "there is no such plan"),
        (MemoryError(), "there was not enough memory for it"),
        (ZeroDivisionError(), "an error inside the model (ZeroDivisionError)"),
    ],
)
def test_a_failure_is_told_and_can_be_retried(
    jobs: Jobs, fault: Exception, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words for a reader; a fault of the program is told in full to who runs the server."""
    faults = [fault]

    def fails_once(heed: Heed) -> str:
        if faults:
            raise faults.pop()
        return "found"

    failing = errand(jobs, fails_once)
    jobs.want("page", [failing])
    assert (ended(jobs, failing), failing.why) == (["failed"], why)
    assert ("Traceback" in capsys.readouterr().err) == isinstance(fault, ZeroDivisionError)
    failing.start()
    assert (ended(jobs, failing), failing.why, failing.found) == (["done"], "", "found")


def test_its_progress_can_be_followed(jobs: Jobs) -> None:
    """How much is done, of how much."""
    seen = threading.Event()

    def counts(heed: Heed) -> str:
        heed(3, 7)
        seen.wait(PATIENCE)
        return "found"

    counted = errand(jobs, counts)
    jobs.want("page", [counted])
    with jobs.changed:
        jobs.changed.wait_for(lambda: counted.total == 7, PATIENCE)
    assert (counted.done, counted.total) == (3, 7)
    seen.set()


@pytest.mark.skipif(sys.platform != "linux", reason="only there has each thread its own rank")
def test_what_nobody_waits_for_stands_back(jobs: Jobs) -> None:
    """Its thread, and those that it starts, take the time that others leave."""
    ranks: list[int] = []

    def rank(heed: Heed) -> str:
        ranks.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return "found"

    for urgency in (LOOKED_AT, STUDY):
        one = errand(jobs, rank, urgency, name=str(urgency))
        jobs.want(str(urgency), [one])
        ended(jobs, one)
    assert ranks[1] == min(19, ranks[0] + queue.NICE)


@pytest.mark.slow
def test_a_server_that_ends_waits_for_nothing(root: Path) -> None:
    """Not for an errand in a thread that Python would wait for, nor for one that is held."""
    code = """
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from cxmodel.workbench.jobs.queue import CARD, LOOKED_AT, Jobs
def works(heed):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: [heed(n, 10**9) for n in count()]).result()
jobs = Jobs()
errands = [jobs.errand(name, name, works, lambda: None) for name in (LOOKED_AT, CARD)]
jobs.want("page", errands)
while not errands[0].total:
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
    wanted = cx.Wanted(scenario, "better", replications=20, seed=5)
    assert wanted.baseline is not None and live_results.result(wanted) is None
    errands = [live_results.errand(wanted), live_results.errand(wanted.baseline)]
    live_results.jobs().want("a run", errands)
    live_results.jobs().wait(errands, PATIENCE)
    found = live_results.result(wanted)
    here = cx.simulate(scenario, "better", replications=20, seed=5, jobs=1)
    assert found is not None and found.rows("metrics") == here.rows("metrics")
    live_results.keep()
    live_results._WRITER.submit(int).result(PATIENCE)  # what came before it is written
    live_results._RESULTS.values.clear()
    live_results.jobs.cache_clear()
    kept = live_results.result(wanted)
    assert kept is not None and kept.made is not None and kept.rows("metrics") == here.rows("metrics")


@pytest.mark.slow
def test_a_run_that_was_stopped_goes_on_where_it_was(scenario: cx.Scenario) -> None:
    """Its pieces are kept: fewer replications of it are there at once, and more begin with them."""
    from cxmodel.workbench.jobs import live_results

    long = live_results.errand(cx.Wanted(scenario, replications=3000, seed=6))
    live_results.jobs().want("a long run", [long])
    with live_results.jobs().changed:
        live_results.jobs().changed.wait_for(lambda: long.done >= 2 * live_results.PIECE, PATIENCE)
    long.end("stopped")
    fewer = live_results.errand(cx.Wanted(scenario, replications=2 * live_results.PIECE, seed=6))
    live_results.jobs().want("a long run", [fewer])
    live_results.jobs().wait([fewer], PATIENCE)
    long.start()
    with live_results.jobs().changed:
        live_results.jobs().changed.wait_for(lambda: long.done > 3 * live_results.PIECE, PATIENCE)
    long.end("stopped")
    assert long.before >= 2 * live_results.PIECE and fewer.state == "done"


def test_a_run_that_cannot_be_made_says_why(scenario: cx.Scenario) -> None:
    """The caller is told at once."""
    from cxmodel.workbench.jobs import live_results

    with pytest.raises(cx.UsageError, match="nonsense"):
        live_results.errand(cx.Wanted(scenario, "nonsense"))
