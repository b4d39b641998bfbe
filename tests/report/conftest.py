"""What several tests of reports tell of."""

from __future__ import annotations

import pytest

import cxmodel as cx
from cxmodel.report.export.account import Account
from cxmodel.report.text.uncertainty import ENOUGH
from cxmodel.studies.explanation import explain
from cxmodel.studies.uncertainty import uncertainty


@pytest.fixture(scope="session")
def whole(year: cx.Scenario) -> Account:
    """A plan with all that can be known of it: explained, its assumptions tested, the other plans, owners."""
    owned = year.with_changes({"journey.track_order.owner": "Logistics", "journey.call_us.owner": "nobody"})
    plans = {plan: cx.simulate(owned, plan, replications=3, jobs=1) for plan in ("as_is", *owned.plans)}
    explained = explain(owned, "both", replications=3, jobs=1).document()
    tried = uncertainty(owned, "both", worlds=ENOUGH, jobs=1).document()
    return Account(plans["both"], plans["as_is"], explained, tried, plans)
