"""What the pages may take: a run that is too much is told in words, quickly, and others go on."""

from __future__ import annotations

import resource
import time

import pytest

from cxmodel.errors import UsageError
from cxmodel.results.request import RunRequest
from cxmodel.workbench.jobs import live_results
from cxmodel.workbench.jobs.limits import permit, told
from cxmodel.workbench.jobs.study_runner import Question
from tests.support import small

HUGE = {"segments.style_seekers.customers": 9_000_000, "journey.wear_them.every": "1 hour", "horizon": "50 years"}


@pytest.fixture(autouse=True)
def usual(monkeypatch: pytest.MonkeyPatch) -> None:
    """No limits but the usual ones."""
    monkeypatch.delenv("CXMODEL_LIMITS", raising=False)


@pytest.mark.slow
def test_a_run_that_is_far_too_much_fails_in_words_and_others_go_on() -> None:
    """Within ten seconds, with hardly any memory, and why is a sentence for who reads the page."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    huge = live_results.job(RunRequest(small.app().with_changes(HUGE)))
    good = live_results.job(RunRequest(small.app(), replications=2))
    live_results.job_queue().want("test", [huge, good])
    live_results.job_queue().wait([huge], 10)
    assert huge.state == "failed" and time.monotonic() - began < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000
    assert told(huge.why).startswith("This was not started: it would take about ") and "10 minutes" in huge.why
    live_results.job_queue().wait([good], 120)
    assert good.state == "done"


@pytest.mark.parametrize("study", ["matters", "fails", "best"])
def test_a_study_of_it_is_not_started_either(study: str) -> None:
    """Nor is one run of it timed to say how long it takes."""
    question = Question(study, small.app().with_changes(HUGE), "as_is", {"replications": 2})  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="This was not started"):
        question._cost()
    with pytest.raises(UsageError, match="This was not started"):
        question._answer(lambda done, total: None)


def test_a_server_s_limits_are_those_of_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Narrower or wider than usual, with the same words as on the command line."""
    run = RunRequest(small.app())
    permit([run])
    monkeypatch.setenv("CXMODEL_LIMITS", "replications=29")
    with pytest.raises(UsageError, match=r"at most 29 simulation runs .* may allow CXMODEL_LIMITS=replications=30"):
        permit([run])
    monkeypatch.setenv("CXMODEL_LIMITS", "seconds=none,memory=none")
    permit([RunRequest(small.app().with_changes(HUGE))])


def test_what_failed_is_told_to_have_failed() -> None:
    """And what was not started is not."""
    assert told("there was not enough memory for it") == "The run failed: there was not enough memory for it."
