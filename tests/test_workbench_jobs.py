"""Simulations run in worker processes: wanted ones first, unwanted ones stopped, none lost with a process."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import cxmodel as cx
from cxmodel.results import result_of
from cxmodel.runs import run_of
from cxmodel.workbench.jobs import STUDY, Aim, Jobs

pytestmark = pytest.mark.slow
LONG = 5000
"""Replications that nobody will wait for."""


@pytest.fixture(scope="module")
def scenario() -> cx.Scenario:
    """A world small enough for a test."""
    return cx.loads(
        "schema: 1\nname: Small\nhorizon: 6 months\nattributes: {ease: {}}\n"
        "segments: {people: {customers: 40, needs: {ease: {level: 70}}}}\n"
        "journey: {look: {stage: use, every: 10 days, delivers: {ease: 60}}}\n"
        "initiatives: {mend: {changes: {journey.look.delivers.ease: 75}}}\nplans: {better: [mend]}\n"
    )


@pytest.fixture(scope="module")
def jobs() -> Iterator[Jobs]:
    """Two worker processes."""
    made = Jobs(workers=1)
    yield made
    made.close()


def until(jobs: Jobs, wanted: cx.Wanted, *states: str, seconds: float = 60.0) -> str:
    """The state of a run once it is one of these."""
    deadline = time.monotonic() + seconds
    while jobs.look(wanted).state not in states and time.monotonic() < deadline:
        time.sleep(0.02)
    return jobs.look(wanted).state


def nps(jobs: Jobs, wanted: cx.Wanted) -> list[float]:
    """The score of each replication there is."""
    part = jobs.part(wanted)
    assert part is not None
    count = part.outcome.replications
    have = dataclasses.replace(wanted, replications=count)
    return result_of(have, run_of(have, part)).samples("nps").tolist()


def test_a_worker_gives_what_the_same_call_gives_here(jobs: Jobs, scenario: cx.Scenario) -> None:
    """One seed, one answer, whichever processes it was made in, however it was cut into tasks."""
    wanted = cx.Wanted(scenario, "better", replications=30, seed=5)
    jobs.want("page", [Aim(wanted, preview=(2, 4))])
    jobs.wait(wanted, 60)
    here = cx.simulate(scenario, "better", replications=30, seed=5, jobs=1)
    assert nps(jobs, wanted) == here.samples("nps").tolist()


def test_what_was_run_once_is_there_for_every_page(jobs: Jobs, scenario: cx.Scenario) -> None:
    """Replications are kept by what the world means, plan and seed: an equal run is the same, a smaller one in it."""
    wanted = cx.Wanted(scenario, replications=3)
    jobs.want("page", [Aim(wanted)])
    jobs.wait(wanted, 60)
    again = scenario.with_changes({"levers.people.level": 0.5})
    assert jobs.look(cx.Wanted(again, replications=2)).state == "done"


def test_a_newer_wish_supersedes_the_older(jobs: Jobs, scenario: cx.Scenario) -> None:
    """The run that nobody waits for any more gives way."""
    old, new = cx.Wanted(scenario, replications=LONG, seed=8), cx.Wanted(scenario, "better", replications=2, seed=9)
    jobs.want("page", [Aim(old)])
    until(jobs, old, "running")
    jobs.want("page", [Aim(new)])
    assert (jobs.wait(new, 60).state, until(jobs, old, "unknown")) == ("done", "unknown")


def test_a_wish_outlives_its_page(jobs: Jobs, scenario: cx.Scenario) -> None:
    """Nobody need ask again: a run goes on until it is done or something else is wanted."""
    wanted = cx.Wanted(scenario, replications=40, seed=10)
    jobs.want("closed page", [Aim(wanted)])
    assert until(jobs, wanted, "done") == "done"


def test_a_preview_comes_before_what_refines_it(jobs: Jobs, scenario: cx.Scenario) -> None:
    """The first few replications are there while the many are still under way."""
    wanted = cx.Wanted(scenario, "better", replications=LONG, seed=11)
    jobs.want("page", [Aim(wanted, preview=(2, 4))])
    while (part := jobs.part(wanted)) is None or part.outcome.replications < 4:
        time.sleep(0.02)
    left = jobs.look(wanted).state
    jobs.cancel("page")
    assert left in ("waiting", "running")


def test_a_study_waits_for_what_is_looked_at(jobs: Jobs, scenario: cx.Scenario) -> None:
    """What explains a picture goes on, but takes only the time that who waits for a picture leaves."""
    study, picture = cx.Wanted(scenario, replications=LONG, seed=21), cx.Wanted(scenario, replications=4, seed=22)
    jobs.want("study", [Aim(study, STUDY)])
    until(jobs, study, "running")
    jobs.want("page", [Aim(picture, preview=(2, 4))])
    done, goes_on = jobs.wait(picture, 60).state, jobs.look(study).state
    ranks = [os.getpriority(os.PRIO_PROCESS, worker.pid or 0) for worker in jobs.workers()]
    jobs.cancel("study")
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert (done, goes_on) == ("done", "running")
    assert {own, min(19, own + 19)} <= set(ranks)


def test_what_a_study_plays_is_played_at_once_for_whoever_waits_for_it(jobs: Jobs, scenario: cx.Scenario) -> None:
    """A run that a study has begun, and a page now wants, is not left to the time that is over."""
    same = cx.Wanted(scenario, "better", replications=LONG, seed=25)
    jobs.want("study", [Aim(same, STUDY)])
    until(jobs, same, "running")
    jobs.want("page", [Aim(same, preview=(2, 4))])
    while (part := jobs.part(same)) is None or part.outcome.replications < 4:
        time.sleep(0.02)
    left = jobs.look(same).state
    jobs.cancel("study")
    jobs.cancel("page")
    assert left == "running"


def test_a_study_ends_when_nobody_looks(jobs: Jobs, scenario: cx.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page works out by itself is not worked out for a closed page."""
    monkeypatch.setattr("cxmodel.workbench.jobs.FORGET", 0.5)
    study = cx.Wanted(scenario, replications=LONG, seed=23)
    jobs.want("study", [Aim(study, STUDY)])
    until(jobs, study, "running")
    assert until(jobs, study, "unknown") == "unknown"


def test_stop_keeps_what_is_finished(jobs: Jobs, scenario: cx.Scenario) -> None:
    """A cancelled run leaves its finished replications, and its worker free for the next."""
    wanted, after = cx.Wanted(scenario, "better", replications=LONG, seed=13), cx.Wanted(scenario, seed=13)
    jobs.want("page", [Aim(wanted, preview=(4,))])
    while jobs.part(wanted) is None:
        time.sleep(0.02)
    jobs.cancel("page")
    until(jobs, wanted, "unknown")
    kept = len(nps(jobs, wanted))
    jobs.want("page", [Aim(after)])
    assert kept >= 4 and jobs.wait(after, 60).state == "done"


def test_a_run_that_cannot_be_made_says_why(jobs: Jobs, scenario: cx.Scenario) -> None:
    """The caller is told at once, and no worker hears of it."""
    with pytest.raises(cx.UsageError, match="nonsense"):
        jobs.want("page", [Aim(cx.Wanted(scenario, "nonsense"))])


def test_a_killed_worker_is_reported_and_replaced(jobs: Jobs, scenario: cx.Scenario) -> None:
    """A process that dies, of too little memory say, fails its own run and no other; wanted again, it is played."""
    wanted, after = cx.Wanted(scenario, replications=LONG, seed=17), cx.Wanted(scenario, replications=2, seed=17)
    jobs.want("page", [Aim(wanted)])
    until(jobs, wanted, "running")
    for worker in jobs.workers():
        worker.kill()
    died = until(jobs, wanted, "failed")
    jobs.retry(after)
    jobs.want("page", [Aim(after)])
    assert (died, jobs.wait(after, 60).state) == ("failed", "done")


def test_a_worker_needs_no_page(root: Path) -> None:
    """What a worker process imports to simulate brings no Streamlit with it."""
    code = "import sys, cxmodel.workbench.jobs, cxmodel.results; print('streamlit' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_whoever_leaves_takes_the_workers_along(root: Path) -> None:
    """A server that ends does not wait for worker processes, nor leave any behind."""
    code = "import time, cxmodel.workbench.jobs as j; w = j.Jobs(1); time.sleep(1); print(w.workers()[0].pid)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0 and not Path(f"/proc/{ran.stdout.strip()}").exists(), ran.stderr
