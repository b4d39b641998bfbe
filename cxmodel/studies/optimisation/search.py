"""Searching among too many sets of initiatives to try them all. The only place that knows Optuna. Knows no runs.

A tree-structured Parzen estimator (Bergstra, Bardenet, Bengio & Kégl 2011) proposes sets; what costs too much is
brought down to what the budget allows before it is tried. It finds good sets; it proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from cxmodel.studies.optimisation.budget import Set

Try = Callable[[Sequence[Set]], Mapping[Set, float]]
"""Plays sets and tells what each is worth, more is better; a set that cannot be played is left out."""
BATCH: Final = 8
"""Sets that are proposed before the first of them is played, so that processes have something to do."""
IN_VAIN: Final = 20
"""Proposals in a row, as batches, that bring nothing new before the search gives up."""


def search(
    names: Sequence[str], cost: Callable[[Set], float], fits: Callable[[Set], bool], attempt: Try, *, trials: int,
    seed: int,
) -> dict[Set, float]:  # fmt: skip
    """What so many different sets are worth: none, each alone, what these suggest, then what Optuna proposes.

    Half of the trials that are left after these are Optuna's; the others change the best set by one initiative, or
    swap two, for as long as that helps. What is left over is Optuna's again.
    """
    worth: dict[Set, float] = {}
    tried: set[Set] = set()

    def take(some: Sequence[Set]) -> None:
        new = [each for each in dict.fromkeys(some) if each not in tried and fits(each)][: trials - len(tried)]
        tried.update(new)
        worth.update(attempt(new) if new else {})

    take([(), *((name,) for name in names)])
    take(_suggested(names, cost, fits, worth))
    sampler = _Sampler(names, cost, fits, seed)
    sampler.propose(take, worth, tried, len(tried) + (trials - len(tried)) // 2)
    _climb(names, take, worth)
    sampler.propose(take, worth, tried, trials)
    return worth


def _suggested(
    names: Sequence[str], cost: Callable[[Set], float], fits: Callable[[Set], bool], worth: Mapping[Set, float]
) -> list[Set]:
    """Sets filled up with what helps alone: what helps most first, and what helps most for its money first."""
    gains = {name: worth[name,] - worth[()] for name in names if (name,) in worth and () in worth}
    found = []
    for rank in (lambda name: gains[name], lambda name: gains[name] / max(cost((name,)), 1e-9)):
        chosen: Set = ()
        for name in sorted((name for name in gains if gains[name] > 0), key=rank, reverse=True):
            more = _ordered(names, {*chosen, name})
            chosen = more if fits(more) else chosen
        found.append(chosen)
    return found


def _climb(names: Sequence[str], take: Callable[[Sequence[Set]], None], worth: Mapping[Set, float]) -> None:
    """Go from the best set to its best neighbour, as long as there is a better one."""
    while worth:
        best = max(worth, key=lambda each: worth[each])
        inside, outside = set(best), [name for name in names if name not in best]
        steps = [{*inside, name} for name in outside] + [inside - {name} for name in best]
        take([_ordered(names, step) for step in steps])
        if max(worth, key=lambda each: worth[each]) == best:
            take([_ordered(names, (inside - {out}) | {new}) for out in best for new in outside])
        if max(worth, key=lambda each: worth[each]) == best:
            return


class _Sampler:
    """Optuna, asked for sets and told what they are worth."""

    def __init__(
        self, names: Sequence[str], cost: Callable[[Set], float], fits: Callable[[Set], bool], seed: int
    ) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.optuna, self.names, self.fits, self.cost = optuna, names, fits, cost
        self.choice = {name: optuna.distributions.CategoricalDistribution([False, True]) for name in names}
        self.study = optuna.create_study(
            direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed % 2**32, n_startup_trials=2 * len(names))
        )
        self.luck = np.random.default_rng(seed)
        self.told: set[Set] = set()

    def propose(
        self, take: Callable[[Sequence[Set]], None], worth: Mapping[Set, float], tried: set[Set], until: int
    ) -> None:
        """Ask for sets and try them, until so many different ones were tried or nothing new comes."""
        vain = 0
        while len(tried) < until and vain < IN_VAIN:
            self._tell(worth)
            before, room = len(tried), until - len(tried)
            take([self._asked() for _ in range(min(BATCH, room))])
            vain = vain + 1 if len(tried) == before else 0

    def _tell(self, worth: Mapping[Set, float]) -> None:
        """Tell what was tried, by whoever proposed it."""
        for some in [each for each in worth if each not in self.told]:
            held = {name: name in some for name in self.names}
            self.study.add_trial(
                self.optuna.trial.create_trial(params=held, distributions=dict(self.choice), value=worth[some])
            )
            self.told.add(some)

    def _asked(self) -> Set:
        """A proposal, brought down to the budget by leaving out one after the other."""
        trial = self.study.ask(dict(self.choice))
        some = tuple(name for name in self.names if trial.params[name])
        self.study.tell(trial, state=self.optuna.trial.TrialState.FAIL)  # what is tried may be another set
        while some and not self.fits(some):
            out = some[int(self.luck.integers(len(some)))]
            some = tuple(name for name in some if name != out)
        return some


def _ordered(names: Sequence[str], members: set[str]) -> Set:
    return tuple(name for name in names if name in members)
