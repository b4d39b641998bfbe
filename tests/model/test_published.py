"""Identities of model.md, section 5, that hold in every run, also where former customers come back."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import cxmodel
from tests.support import small


@cache
def exits() -> cxmodel.Result:
    """A run in which customers leave, call about how they left, and return."""
    return cxmodel.simulate(small.mechanism("exits"), replications=6, jobs=1)


@pytest.mark.slow
def test_nobody_gets_lost_in_counting_when_customers_come_back() -> None:
    """Each month: customers of today, those acquired and those won back are the customers and the lost."""
    found = exits().tables.run.outcome
    assert found.returned.sum() > 0
    came = found.customers[:, :1] + found.joined.cumsum(1) + found.returned.cumsum(1)
    assert (came == found.customers[:, 1:] + found.left.cumsum(1)).all()


@pytest.mark.slow
def test_everyone_is_survivors_and_lost_when_customers_come_back() -> None:
    """NPS of everyone is that of customers and of former customers, weighted by their numbers, exactly."""
    found = exits().tables.run.outcome
    alive, former = (people[:, -1].sum(1) for people in (found.customers, found.former))
    mixed = alive * exits().samples("nps") + former * np.nan_to_num(exits().samples("nps_lost"))
    assert np.abs(mixed / (alive + former) - exits().samples("nps_everyone")).max() < 1e-9
