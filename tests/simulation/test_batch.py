"""Many runs at once: the same figures on any executor, kept one by one, and no failure that ends the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest

import cxmodel as cx
from cxmodel.archive import Archive
from cxmodel.simulation.batch import BROKE, Failed, name_of, play_many
from tests.support import small

LEVELS = (50, 60, 70, 80)


def runs(*levels: float, replications: int = 2, **more: Any) -> list[cx.RunRequest]:
    """The small app over half a year, with its mirror at these levels of ease."""
    more = {"horizon": "6 months", **more}
    return [
        cx.RunRequest(small.app({"journey.virtual_try_on.delivers.ease": level, **more}), replications=replications)
        for level in levels
    ]


def nps(came: Sequence[Any]) -> list[list[float]]:
    """The score of each run, replication by replication."""
    return [list(figures["nps"]) for figures in came]


@pytest.fixture
def archive(tmp_path: Any) -> Archive:
    """An empty archive."""
    return Archive(tmp_path / "archive")


@pytest.mark.slow
def test_figures_are_those_of_the_run() -> None:
    """What comes back is what `simulate` says, to the last bit, whatever plays it."""
    wanted = runs(*LEVELS[:2])
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        found = [nps(play_many(wanted, executor=one)) for one in (None, threads, processes)]
    here = [cx.simulate(each.scenario, replications=2, jobs=1).samples("nps").tolist() for each in wanted]
    assert found == [here] * 3


@pytest.mark.slow
def test_what_is_wanted_twice_is_played_once() -> None:
    """Equal runs share their figures."""
    counted: list[int] = []
    found = play_many(runs(50, 50, 60), jobs=1, progress=lambda done, total: counted.append(total))
    assert set(counted) == {2} and nps(found)[0] == nps(found)[1] != nps(found)[2]


@pytest.mark.slow
def test_what_is_kept_is_not_played_again(archive: Archive) -> None:
    """A sweep that ended half-way goes on where it was, also in another process's archive."""
    play_many(runs(*LEVELS[:2]), jobs=1, store=archive)
    done: list[int] = []
    again = play_many(
        runs(*LEVELS), jobs=1, store=Archive(archive.folder), progress=lambda now, total: done.append(now)
    )
    assert done == [2, 3, 4] and nps(again) == nps(play_many(runs(*LEVELS), jobs=1))


def test_another_run_has_another_name() -> None:
    """Scenario, replications, seed, plan and future are in it."""
    app = small.app({})
    others = [
        cx.RunRequest(app),
        cx.RunRequest(app, replications=31),
        cx.RunRequest(app, seed=2),
        cx.RunRequest(small.app({"horizon": "7 months"})),
    ]
    assert len({name_of(each) for each in others}) == 4 and name_of(cx.RunRequest(app)) == name_of(others[0])


@pytest.mark.slow
def test_what_ends_a_study_ends_its_runs(archive: Archive) -> None:
    """The first run that is done raises; those under way are ended at their next month, what was played is kept."""

    class Enough(Exception):
        pass

    def progress(done: int, total: int) -> None:
        if done:
            raise Enough

    with pytest.raises(Enough):
        play_many(runs(*LEVELS, horizon="24 months"), jobs=2, store=archive, progress=progress)
    kept = [archive.figures(name_of(each)) is not None for each in runs(*LEVELS, horizon="24 months")]
    assert 1 <= sum(kept) < len(LEVELS)


class Broken(ProcessPoolExecutor):
    """A pool that breaks before it takes anything."""

    def submit(self, *_: Any, **__: Any) -> Any:
        """Refuse."""
        raise BrokenExecutor


def test_an_executor_that_is_broken_fails_its_runs() -> None:
    """Each is told."""
    theirs = play_many(runs(*LEVELS), executor=Broken(1))
    assert [each.why for each in theirs if isinstance(each, Failed)] == [BROKE] * len(LEVELS)


class Reluctant(ThreadPoolExecutor):
    """An executor of somebody else's that loses every third task."""

    def __init__(self) -> None:
        super().__init__(1)
        self.count = 0

    def submit(self, function: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        """As any executor does."""
        self.count += 1
        return super().submit(_lost if self.count % 3 == 0 else function, *given, **named)


def _lost(*_: Any) -> Mapping[str, Any]:
    raise ConnectionError("the machine is gone")


@pytest.mark.slow
def test_a_run_that_fails_ends_no_other(archive: Archive) -> None:
    """Its cause is told; what did not fail is kept, and only the failed one is played when it is wanted again."""
    executor: Executor = Reluctant()
    with executor:
        found = play_many(runs(*LEVELS), executor=executor, store=archive)
    assert [isinstance(each, Failed) for each in found] == [False, False, True, False]
    assert isinstance(found[2], Failed) and found[2].why == "ConnectionError: the machine is gone"
    done: list[int] = []
    again = play_many(runs(*LEVELS), jobs=1, store=archive, progress=lambda now, total: done.append(now))
    assert done == [3, 4] and np.isfinite(nps(again)).all()


def test_an_unknown_plan_is_told_before_anything_is_played() -> None:
    """As the command line tells it."""
    with pytest.raises(cx.UsageError, match="nonsense"):
        play_many([cx.RunRequest(small.app({}), "nonsense")])
