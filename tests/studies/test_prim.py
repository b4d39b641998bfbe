"""PRIM: agreement with the EMA workbench on its published example, a known box, and laws of every trajectory."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxmodel.studies.discovery import box_choice
from cxmodel.studies.discovery.box_choice import chosen, stand_out
from cxmodel.studies.discovery.prim import HIGH, LOW, Bools, box, peel, quasi_p, simplified
from cxmodel.vocabulary import Floats

FOUND = find_spec("ema_workbench")
EXAMPLE = Path(FOUND.origin).parent / "examples" / "data" if FOUND is not None and FOUND.origin else Path()
REFERENCE = """
import json, sys, warnings
warnings.simplefilter("ignore")
import pandas as pd
from ema_workbench.analysis.prim import Prim
data = pd.read_csv(sys.argv[1], index_col=False)
x, y = data.iloc[:, 2:11], data.iloc[:, 15].values
told = {}
for name, options in json.loads(sys.argv[2]).items():
    found = Prim(x, y, threshold=0.8, **options).find_box()
    told[name] = {
        "steps": found.peeling_trajectory[["coverage", "density", "mass", "res_dim"]].values.tolist(),
        "limits": [each.values.T.tolist() for each in found.box_lims],
        "luck": [{list(x.columns).index(name): ends for name, ends in each.items()} for each in found.qp],
    }
print(json.dumps(told))
"""
"""The EMA workbench at its own example, in a process of its own: it draws, logs and warns as it is imported."""


OPTIONS: dict[str, dict[str, float]] = {
    "as published": {"peel_alpha": 0.1},
    "patient": {"peel_alpha": 0.05},
    "hasty": {"peel_alpha": 0.2, "paste_alpha": 0.1, "mass_min": 0.02},
}


def biofuel() -> tuple[Floats, Bools]:
    """882 worlds of Bryant & Lempert (2010): nine inputs, and whether a renewable fuel standard costs too much."""
    import pandas as pd

    data = pd.read_csv(EXAMPLE / "bryant et al 2010 data.csv", index_col=False)
    return data.iloc[:, 2:11].to_numpy(dtype=float), data.iloc[:, 15].to_numpy() == 1


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    """What the EMA workbench finds in them, by options."""
    words = [sys.executable, "-c", REFERENCE, str(EXAMPLE / "bryant et al 2010 data.csv"), json.dumps(OPTIONS)]
    told = subprocess.run(words, capture_output=True, text=True, check=True, timeout=300)
    document: dict[str, Any] = json.loads(told.stdout)
    return document


def cases(number: int = 200, inputs: int = 60, seed: int = 1) -> tuple[Floats, np.random.Generator]:
    """So many cases of inputs from 0 to 1, and luck for what comes of them."""
    luck = np.random.default_rng(seed)
    return luck.random((number, inputs)), luck


@pytest.mark.slow
@pytest.mark.skipif(FOUND is None, reason="the EMA workbench is not installed: pip install -e '.[test]'")
@pytest.mark.parametrize("name", OPTIONS)
def test_every_step_is_that_of_the_ema_workbench(reference: dict[str, Any], name: str) -> None:
    """Coverage, density, mass, limits and quasi-p-values of its published example, limits to the last bit."""
    x, y = biofuel()
    theirs, options = reference[name], {name.removeprefix("peel_"): each for name, each in OPTIONS[name].items()}
    ours = peel(x, y, **options)
    ends = np.stack([x.min(axis=0), x.max(axis=0)], axis=1)
    steps = [[each.coverage, each.density, each.mass, len(each.restricted)] for each in ours]
    np.testing.assert_allclose(steps, theirs["steps"], rtol=1e-12)
    limits = np.array([np.where(each.ends, each.limits, ends) for each in ours])
    np.testing.assert_array_equal(limits, theirs["limits"])
    for each, luck in zip(ours, theirs["luck"], strict=True):
        known = np.full(each.limits.shape, np.nan)
        for place, values in luck.items():
            known[int(place)] = np.where(np.array(values) < 0, np.nan, values)
        np.testing.assert_allclose(quasi_p(each, x, y), known, rtol=1e-6)


def test_a_box_is_found_among_noise() -> None:
    """Two of sixty inputs decide, one case in twenty the other way: PRIM restricts those two, near their thresholds."""
    x, luck = cases()
    y = ((x[:, 3] > 0.6) & (x[:, 7] > 0.45)) ^ (luck.random(200) < 0.05)
    found = chosen(box_choice.boxes(x, y))
    assert found is not None and found.restricted == (3, 7)
    np.testing.assert_allclose(found.limits[[3, 7], LOW], [0.6, 0.45], atol=0.08)
    assert not found.ends[:, HIGH].any() and found.density > 0.75 and found.coverage > 0.75


@pytest.mark.slow
def test_what_stands_out_comes_back_in_halves_and_holds_in_new_cases() -> None:
    """The same two inputs in most halves; in thousands of new cases the box is nearly as dense as it said."""
    x, luck = cases(seed=2)
    y = ((x[:, 3] > 0.6) & (x[:, 7] > 0.45)) ^ (luck.random(200) < 0.05)
    found = stand_out(x, y)
    assert found.box is not None and found.tried is not None and found.box.restricted == (3, 7)
    again = found.tried.again
    assert again[[3, 7]].min() > 0.6 and np.delete(again, [3, 7]).max() < 0.3
    others, luck = cases(4000, seed=3)
    fails = ((others[:, 3] > 0.6) & (others[:, 7] > 0.45)) ^ (luck.random(4000) < 0.05)
    new = box(found.box.limits, others, fails)
    assert found.luck == 0 and abs(new.density - found.box.density) < 0.12
    assert y.mean() < found.tried.density < new.density + 0.05


@pytest.mark.slow
def test_noise_is_hardly_ever_called_a_finding() -> None:
    """Outcomes that hang on nothing: in twenty studies at most two have a box that stands out."""
    called = 0
    for seed in range(20):
        x, luck = cases(seed=seed)
        called += stand_out(x, luck.random(200) < 0.2).box is not None
    assert called <= 2


@pytest.mark.slow
@given(st.integers(0, 10**6), st.integers(20, 120), st.integers(1, 5), st.floats(0.05, 0.6), st.booleans())
@settings(max_examples=60, deadline=None)
def test_limits_nest_and_mass_falls_as_it_peels(seed: int, number: int, inputs: int, share: float, ties: bool) -> None:
    """Until it pastes: then they widen. Density never falls, and each box holds what it says it holds."""
    x, luck = cases(number, inputs, seed)
    x = np.round(x, 1) if ties else x
    y = luck.random(number) < share
    steps = peel(x, y)
    peeled = 1 + sum(after.held < before.held for before, after in pairwise(steps))
    for place, (before, after) in enumerate(pairwise(steps), start=1):
        small, large = (after, before) if place < peeled else (before, after)
        assert (small.limits[:, LOW] >= large.limits[:, LOW]).all() and small.held < large.held
        assert (small.limits[:, HIGH] <= large.limits[:, HIGH]).all() and after.density > before.density
    for each in steps:
        again = box(each.limits, x, y)
        assert (again.held, again.caught) == (each.held, each.caught) and each.mass >= 0.05


@pytest.mark.slow
@given(st.integers(0, 10**6), st.floats(0.1, 0.5))
@settings(max_examples=30, deadline=None)
def test_no_restriction_is_left_that_could_be_luck(seed: int, share: float) -> None:
    """A box without its doubtful restrictions has none with a quasi-p of 0.05 or more, and holds what it says."""
    x, luck = cases(80, 4, seed)
    y = (luck.random(80) < share) | (x[:, 1] > 0.8)
    for step in peel(x, y):
        small = simplified(step, x, y)
        again = box(small.limits, x, y)
        assert (small.held, small.caught) == (again.held, again.caught)
        assert not (quasi_p(small, x, y) >= 0.05).any()


def test_nothing_of_interest_leaves_the_box_of_everything() -> None:
    """And so does interest everywhere."""
    x, _ = cases(50, 3)
    assert [len(peel(x, np.full(50, each))) for each in (False, True)] == [1, 1]


def test_a_quasi_p_value_is_the_binomial_tail_without_the_restriction() -> None:
    """Eight of ten within, where ten of twenty are without it: P(X >= 8 | 10, 1/2) = 56/1024."""
    x = np.arange(20.0)[:, None]
    y = np.isin(np.arange(20), [0, 1, 10, 11, 12, 13, 14, 15, 16, 17])
    half = box(np.array([[9.5, np.inf]]), x, y)
    assert quasi_p(half, x, y)[0, LOW] == pytest.approx(56 / 1024)
