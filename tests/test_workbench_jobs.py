"""Simulations run in worker processes: wanted ones first, unwanted ones stopped, none lost with a process."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import cxmodel as cx
from cxmodel.workbench.jobs import Jobs
from cxmodel.workbench.worker import Request

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


def until(jobs: Jobs, request: Request, *states: str, seconds: float = 60.0) -> str:
    """The state of a request once it is one of these."""
    deadline = time.monotonic() + seconds
    while jobs.look(request).state not in states and time.monotonic() < deadline:
        time.sleep(0.02)
    return jobs.look(request).state


def test_a_worker_gives_what_the_same_call_gives_here(jobs: Jobs, scenario: cx.Scenario) -> None:
    """One seed, one answer, whichever process it was made in."""
    request = Request(scenario, "better", 3, seed=5)
    jobs.want("page", [request])
    found = jobs.wait(request, 60).result
    assert found is not None
    assert found.metric("nps") == cx.simulate(scenario, "better", replications=3, seed=5, jobs=1).metric("nps")


def test_what_was_run_once_is_there_for_every_page(jobs: Jobs, scenario: cx.Scenario) -> None:
    """Results are kept by scenario hash, plan, seed and replications: an equal one is the same."""
    request = Request(scenario, "as_is", 2)
    jobs.want("page", [request])
    jobs.wait(request, 60)
    again = scenario.with_changes({"levers.people.level": 0.5})
    assert jobs.look(Request(again, "as_is", 2)).state == "done"


def test_a_newer_wish_supersedes_the_older(jobs: Jobs, scenario: cx.Scenario) -> None:
    """The run that nobody waits for any more gives way."""
    old, new = Request(scenario, "as_is", LONG), Request(scenario, "better", 2, seed=9)
    jobs.want("page", [old])
    until(jobs, old, "running")
    jobs.want("page", [new])
    assert (jobs.wait(new, 60).state, until(jobs, old, "unknown")) == ("done", "unknown")


def test_a_preview_comes_before_a_refinement(jobs: Jobs, scenario: cx.Scenario) -> None:
    """Of all that is wanted, what takes least is run first, and says so."""
    few, full = Request(scenario, "better", 2, seed=11), Request(scenario, "better", LONG, seed=11)
    jobs.want("page", [full, few])
    state = jobs.wait(few, 60).state
    left = jobs.look(full).state
    jobs.cancel("page")
    assert state == "done" and left in ("waiting", "running")


def test_stop_stops(jobs: Jobs, scenario: cx.Scenario) -> None:
    """A cancelled run leaves its worker free for the next."""
    request, after = Request(scenario, "better", LONG, seed=13), Request(scenario, "better", 2, seed=13)
    jobs.want("page", [request])
    until(jobs, request, "running")
    jobs.cancel("page")
    until(jobs, request, "unknown")
    jobs.want("page", [after])
    assert jobs.wait(after, 60).state == "done"


def test_a_run_that_cannot_be_made_says_why(jobs: Jobs, scenario: cx.Scenario) -> None:
    """The model's own words reach the page."""
    request = Request(scenario, "nonsense", 2)
    jobs.want("page", [request])
    assert "nonsense" in jobs.wait(request, 60).why


def test_a_killed_worker_is_reported_and_replaced(jobs: Jobs, scenario: cx.Scenario) -> None:
    """A process that dies, of too little memory say, fails its own run and no other."""
    request, after = Request(scenario, "as_is", LONG, seed=17), Request(scenario, "as_is", 2, seed=17)
    jobs.want("page", [request])
    until(jobs, request, "running")
    for worker in jobs.workers():
        worker.kill()
    died = until(jobs, request, "failed")
    jobs.want("page", [after])
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
