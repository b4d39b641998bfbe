"""The report behind a page tells what is there of all plans, and has nothing played for it."""

from __future__ import annotations

import pytest

import cxmodel as cx
from cxmodel.archive import Archive
from cxmodel.workbench.jobs import live_results, reports
from cxmodel.workbench.jobs.live_results import LiveResult
from cxmodel.workbench.session.view import View


@pytest.mark.slow
def test_the_report_of_a_page_tells_the_plans_that_are_there(
    year: cx.Scenario, standing: cx.Result, mended: cx.Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From memory or from the archive; another plan of which there is no result yet is left out, and not played."""
    monkeypatch.setattr(live_results, "part_of", None)
    for result in (standing, mended):
        Archive().keep(result)
    shown = LiveResult(View(year, "fix_the_wait", "pretty_app", replications=3), mended, standing)
    fewer = reports.account(shown)
    assert set(fewer.plans) == {"as_is", "fix_the_wait"} and "Both" in fewer.missing and fewer.verdict == ""
    for plan in ("both", "say_less"):
        Archive().keep(cx.simulate(year, plan, replications=3, jobs=1))
    all_plans = reports.account(shown)
    assert all_plans.missing == () and all_plans.verdict.startswith("Of two plans, ")
    assert reports.made(fewer, ".html", ["alternatives"]) != reports.made(all_plans, ".html", ["alternatives"])
