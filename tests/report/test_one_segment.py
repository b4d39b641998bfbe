"""A report of one segment says so, tells its figures, and keeps what is of all customers apart."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

import cxmodel as cx
from cxmodel.report.export.account import Account, metrics_table
from cxmodel.report.export.html import page
from cxmodel.report.export.reproduce import command_lines, python_lines
from cxmodel.report.export.slides import slides
from cxmodel.report.export.workbook import sheets
from cxmodel.report.export.zip import bundle
from cxmodel.report.text.comparison import effects_table
from cxmodel.report.text.scores import scores
from cxmodel.studies.comparison import Comparison, cells_of, pairs_of
from tests.support import small


@cache
def whole() -> Account:
    """The two retailers under a plan."""
    scenario = small.retailers()
    plans = ("as_is", *scenario.plans)
    results = {plan: cx.simulate(scenario, plan, replications=3, seed=3, jobs=1) for plan in plans}
    unknown = {"mend_first": []}
    return Account(results["cheaper"], results["as_is"], unknown, plans=results)


@cache
def account() -> Account:
    """The same of bargain hunters."""
    return whole().of_segment("bargain_hunters")


def test_an_account_of_a_segment_leaves_out_the_studies_which_are_about_all_customers() -> None:
    """And is the whole one again of all customers."""
    assert account().explained is None and account().uncertainty is None and "bargain hunters only" in account().note
    assert whole().of_segment("all") is whole() and whole().note == "" and "segment" not in whole().made
    assert "segment: Bargain hunters" in account().made
    with pytest.raises(cx.UsageError, match="no segment"):
        whole().of_segment("nobody")


def test_what_a_plan_is_worth_is_told_of_all_customers() -> None:
    """With the figures that the whole account tells; the rest of the answer is the segment's."""
    first, *more = account().answer
    assert first.startswith("Bargain hunters: the expectation gap")
    of_all = next(each for each in whole().answer if "et value" in each)
    told = next(each for each in more if "et value" in each)
    assert told == f"All customers: {of_all[0].lower()}{of_all[1:]}"
    assert account().verdict == f"All customers: {whole().verdict}"


def test_figures_of_all_customers_are_marked_in_tables_and_scores() -> None:
    """Cost is; the NPS is the segment's."""
    table = metrics_table(account()).set_index("Metric")
    assert "Cost (all customers)" in table.index and "Advocacy (NPS)" in table.index and "Cost" not in table.index
    said = {score.who: score for score in scores(account().result, account().baseline)}
    of_all = {score.who: score for score in scores(whole().result, whole().baseline)}
    assert said["Management (all customers)"].words == of_all["Management"].words
    assert said["Customer"].words != of_all["Customer"].words


def test_the_page_says_whose_figures_they_are() -> None:
    """In its head; figures of a segment are made again with one more word."""
    made = page(account())
    assert 'id="segment">Figures are of bargain hunters only;' in made
    assert "cxmodel explain" not in made
    assert command_lines(account()).endswith("--plan cheaper --segment bargain_hunters -o report.html")
    assert python_lines(account()).count(".of_segment('bargain_hunters')") == 2
    assert 'id="segment"' not in page(whole()) and "segment" not in command_lines(whole())


@pytest.mark.slow
def test_slides_workbook_and_zip_are_of_the_segment_and_tables_hold_everybody() -> None:
    """The words are the segment's; `all` in a table is all customers."""
    assert slides(account()) != slides(whole())
    book = openpyxl.load_workbook(BytesIO(sheets(account())), read_only=True)
    about = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True) if row[0]}
    assert about["Segment"].startswith("Figures are of bargain hunters only;") and about["segment"] == "bargain_hunters"
    both = (ZipFile(BytesIO(bundle(each))) for each in (account(), whole()))
    mine, all_of_them = ({name: file.read(name) for name in file.namelist()} for file in both)
    same = {name for name in mine if mine[name] == all_of_them[name]}
    assert {name for name in mine if name.startswith("tables/")} | {"results.json"} <= same
    assert {"report.html", "README.txt"} & same == set()


def test_a_comparison_of_a_segment_tells_its_changes_and_the_money_of_all() -> None:
    """What money is worth is told of all customers."""
    scenario = whole().result.scenario
    pairs = tuple(pairs_of([scenario], ["cheaper", "closer"]))
    found = Comparison(pairs, {cell: whole().plans[cell.plan] for cell in cells_of(pairs)})
    own = {cell: result.of_segment("bargain_hunters") for cell, result in found.results.items()}
    mine = Comparison(pairs, own)
    for pair in pairs:
        assert mine.change(pair, "nps") == found.change(pair, "nps", "bargain_hunters")
        assert mine.change(pair, "net_value") == found.change(pair, "net_value")
    assert {"Cost (all customers)", "Advocacy (NPS)"} <= set(effects_table(mine)["Metric"])
