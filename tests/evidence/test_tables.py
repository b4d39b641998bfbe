"""From tables to numbers: surveys, trackers, cohorts and call logs, in the ways that companies keep them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cxmodel.errors import EvidenceError
from cxmodel.evidence.readers import preview
from cxmodel.evidence.tables import Item
from tests.evidence.texts import read_text

SURVEY = "id;wave;segment;overall;recommend;track_order: clarity;Ease;Q9;weight\n" + "".join(
    f"{at};2026-0{1 + at % 2};shoppers;{1 + at % 5};{at % 11};{1 + at % 7};{1 + at % 5};{1 + at * 3 % 5};{1 + at % 3}\n"
    for at in range(1, 71)
)


def month(text: str) -> int:
    """A month as the tables count it."""
    year, number = text.split("-")
    return int(year) * 12 + int(number) - 1


def test_a_survey_is_points_by_its_scales(tmp_path: Path) -> None:
    """Five stars (x − 1)·25, seven points in sixths, 0 to 10 as it is; weights are 1 on average."""
    ((_, survey),) = read_text(tmp_path, SURVEY).surveys
    at = np.arange(1, 71)
    assert survey.items == (Item("track_order", "clarity"), Item("", "ease"), Item("", "Q9"))
    np.testing.assert_allclose(survey.ratings[:, 0], at % 7 / 6 * 100)
    np.testing.assert_allclose(survey.satisfaction, at % 5 * 25)
    np.testing.assert_allclose(survey.recommend, at % 11)
    assert survey.waves == ("2026-01", "2026-02") and survey.wave.tolist() == (at % 2).tolist()
    assert survey.segments == ("shoppers",) and survey.weight.mean() == pytest.approx(1)
    assert np.isnan(survey.problem).all()


def test_scales_turned_round_and_codes_that_lie_on_the_scale(tmp_path: Path) -> None:
    """Where one is the best; a column's own codes count wherever they lie."""
    mapping = (
        "kind: survey\nmissing: [0, 6]\ncolumns:\n  grade: {is: satisfaction, scale: five stars reversed}\n"
        "  nps: {is: recommend, scale: 0 to 10}\n  care: {is: rating, scale: ten points, missing: [9]}\n"
    )
    text = "grade,nps,care\n1,6,9\n5,0,10\n6,10,1\n"
    evidence = read_text(tmp_path, text, mapping)
    ((_, survey),) = evidence.surveys
    np.testing.assert_allclose(survey.satisfaction, [100, 0, np.nan])
    np.testing.assert_allclose(survey.recommend, [6, 0, 10])
    np.testing.assert_allclose(survey.ratings[:, 0], [np.nan, 100, 10])
    assert "2 answers, 1 coded as missing" in preview(evidence)


def test_a_survey_in_the_shape_of_the_airport(tmp_path: Path) -> None:
    """Names of its columns, codes 0 and 6, weights, problems coded 1 and 2, columns that are blank."""
    rows = [
        f"{2014 + at % 4},{at % 7 if at % 9 else ''},{1 + at % 5},{1 + at % 2 if at % 20 else 3},{0.5 + at % 2},"
        f"{at % 11 if at % 4 == 3 else ''}"
        for at in range(400)
    ]
    evidence = read_text(tmp_path, "year,Q7ART,Q7ALL,Q15PROBLEM,WEIGHT,NETPRO\n" + "\n".join(rows))
    ((_, survey),) = evidence.surveys
    assert survey.waves == ("2014", "2015", "2016", "2017")
    assert survey.satisfaction[:5].tolist() == [0, 25, 50, 75, 100]
    assert survey.problem[1:4].tolist() == [0, 1, 0]
    assert np.isnan(survey.problem[0]) and np.isnan(survey.recommend[survey.wave < 3]).all()
    assert "neither yes nor no in column Q15PROBLEM: 20 rows, such as line 2 (3)" in preview(evidence)


@pytest.mark.parametrize(
    ("text", "measure", "values"),
    [
        ("month,NPS,n\n2026-01,20,400\n2026-02,25,\n", "nps", [20, 25]),
        ("Monat;Kündigungsquote (%)\n01/2026;1,5\nFeb 2026;2\n", "churn_monthly", [0.015, 0.02]),
        ("month,churn per year\n2026-01,12 %\nFebruary 2026,24 %\n", "churn_monthly", [0.010597, 0.022610]),
        ("month,retention\n2026-01,98 %\n2026-02,97 %\n", "churn_monthly", [0.02, 0.03]),
        ("month,satisfaction\n2026-01-31,4.2\n2026-02-28,4.0\n", "satisfaction", [80, 75]),
        ("month,contacts per month\n2026-01,0.5\n2026-02,0.25\n", "contacts_per_customer", [6, 3]),
        ("month,customers_won\n31.01.2026,1200\n28.02.2026,1100\n", "acquired", [1200, 1100]),
        ("month,measure,value,size\n2026-01,NPS,20,400\n2026-02,nps,25,\n", "nps", [20, 25]),
        ("month,nps,churn\n2026-01,20,\n2026-02,25,\n", "nps", [20, 25]),
    ],
)
def test_a_tracker_lies_wide_or_long(text: str, measure: str, values: list[float], tmp_path: Path) -> None:
    """Months in any spelling, measures in their own unit."""
    ((_, tracker),) = read_text(tmp_path, text).trackers
    assert tracker.measure == (measure, measure)
    np.testing.assert_allclose(tracker.value, values, rtol=1e-3)
    assert tracker.month.tolist() == [month("2026-01"), month("2026-02")]
    assert tracker.segment == ("all", "all")
    if "400" in text:
        assert tracker.size[0] == 400 and np.isnan(tracker.size[1])


def test_a_tracker_by_segment_with_a_size_for_each_measure(tmp_path: Path) -> None:
    """Segments by the scenario's ids; months without a year are counted."""
    text = (
        "month,segment,nps,nps_n,churn\nmonth 1,shoppers,20,400,1 %\nmonth 1,Total,10,900,2 %\nmonth 2,shoppers,,,1 %\n"
    )
    evidence = read_text(tmp_path, text)
    ((_, tracker),) = evidence.trackers
    assert list(zip(tracker.measure, tracker.segment, tracker.month.tolist(), strict=True)) == [
        ("nps", "shoppers", 1), ("nps", "all", 1),
        ("churn_monthly", "shoppers", 1), ("churn_monthly", "shoppers", 2), ("churn_monthly", "all", 1),
    ]  # fmt: skip
    assert tracker.size[:2].tolist() == [400, 900] and np.isnan(tracker.size[2:]).all()
    assert "without a year" in preview(evidence)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("cohort,month 0,month 1,month 2\na,400,300,200\nb,100,90,\n", True),
        ("cohort,period,there\na,0,400\na,1,300\na,2,200\nb,0,100\nb,1,90\n", True),
        ("Kohorte;Periode;aktiv\na;1;400\na;2;300\na;3;200\nb;1;100\nb;2;90\n", True),
        ("period,a,b\n0,400,100\n1,300,90\n2,200,\n", True),
        ("cohort,0,1,2\na,100 %,75 %,50 %\nb,100 %,90 %,\n", False),
        ("cohort,0,1,2\na,1,0.75,0.5\nb,1,0.9,\n", False),
    ],
)
def test_cohorts_lie_wide_or_long(text: str, counted: bool, tmp_path: Path) -> None:
    """A row each, a column each, a row for each period; customers or shares."""
    ((_, cohorts),) = read_text(tmp_path, text).cohorts
    assert cohorts.counted is counted and cohorts.months == 1 and cohorts.names == ("a", "b")
    shares = cohorts.there / cohorts.there[:, :1]
    np.testing.assert_allclose(shares, [[1, 0.75, 0.5], [1, 0.9, np.nan]])
    assert cohorts.there[0, 0] == (400 if counted else 1)


def test_the_survival_of_the_textbook(tmp_path: Path) -> None:
    """Percent by year, a column for each of two kinds of customers."""
    text = "year_number,regular,high_end\n0,100,100\n1,63.1,86.9\n2,46.8,74.3\n3,38.2,65.3\n"
    mapping = (
        "kind: cohorts\nperiod: 1 year\ncolumns:\n  year_number: {is: period}\n"
        "  regular: {is: there, unit: percent}\n  high_end: {is: there, unit: percent}\n"
    )
    for said in ("", mapping):
        ((_, cohorts),) = read_text(tmp_path, text, said).cohorts
        assert (cohorts.names, cohorts.months, cohorts.counted) == (("regular", "high_end"), 12, False)
        np.testing.assert_allclose(cohorts.there[0], [1, 0.631, 0.468, 0.382])


CALLS = {
    "ISO and seconds": "arrival,wait,answered,handling\n2026-05-03T10:00:00,90,1,200\n2026-05-04 11:30:00,30,0,\n",
    "German": (
        "Eingang;Wartezeit;angenommen;Bearbeitungszeit\n"
        "03.05.2026 10:00:00;01:30;ja;00:03:20\n04.05.2026 11:30;0:30;nein;\n"
    ),
    "American": (
        "start,wait_time,abandoned,talk,hold,wrap\n5/3/2026 10:00 AM,1:30,no,150,20,30\n5/4/2026 11:30 AM,0:30,yes,,,\n"
    ),
    "zones": (
        "arrival,wait,status,aht\n2026-05-03T10:00:00Z,1.5 min,handled,200\n2026-05-04T11:30:00Z,30 s,Abandoned,0\n"
    ),
    "minutes": "arrival,wait_min,handling_min\n2026-05-03 10:00,1.5,3.3333333333\n2026-05-04 11:30,0.5,\n",
    "Excel's days": "arrival,wait,answered,handling\n46145.4166667,90,yes,200\n46146.4791667,30,no,\n",
}


@pytest.mark.parametrize("case", CALLS)
def test_a_call_log_in_the_ways_of_countries(case: str, tmp_path: Path) -> None:
    """Two calls: answered after 90 seconds and handled in 200, given up after 30."""
    ((_, log),) = read_text(tmp_path, CALLS[case]).calls
    expected = np.array(["2026-05-03T10:00:00", "2026-05-04T11:30:00"], "datetime64[s]")
    assert np.abs((log.arrival - expected).astype(int)).max() <= 5
    np.testing.assert_allclose(log.wait, [90, 30])
    assert log.answered.tolist() == [True, False]
    np.testing.assert_allclose(log.handling, [200, np.nan], rtol=1e-6)


def test_dates_that_may_be_either_are_said_in_the_mapping(tmp_path: Path) -> None:
    """Day first or month first."""
    text = "arrival,wait,handling\n03/05/2026 10:00,90,200\n"
    with pytest.raises(EvidenceError, match="`dates: day first` or `dates: month first`"):
        read_text(tmp_path, text)
    mapping = "kind: calls\ndates: {}\ncolumns: {{arrival: arrival, wait: wait, handling: handling}}\n"
    for said, day in (("day first", "2026-05-03"), ("month first", "2026-03-05")):
        ((_, log),) = read_text(tmp_path, text, mapping.format(said)).calls
        assert str(log.arrival[0])[:10] == day


def test_the_waves_of_a_survey_are_the_months_of_its_dates(tmp_path: Path) -> None:
    """An answer a row is no tracker, though it has a date and a score; dates that may be either are asked for."""
    rows = [(1 + at % 28, 1 + at % 3, 1 + at % 5, at % 11) for at in range(90)]
    text = "".join(f"{day:02}.0{month}.2026,{overall},{nps}\n" for day, month, overall, nps in rows)
    ((_, survey),) = read_text(tmp_path, f"date,overall,nps\n{text}").surveys
    assert survey.waves == ("2026-01", "2026-02", "2026-03") and survey.wave[:4].tolist() == [0, 1, 2, 0]
    either = "".join(f"0{1 + at % 9}/02/2026,{1 + at % 5},9\n" for at in range(90))
    with pytest.raises(EvidenceError, match="CXM606"):
        read_text(tmp_path, f"date,overall,nps\n{either}")


def test_calls_are_of_the_desks_of_the_scenario(tmp_path: Path) -> None:
    """By id or label where it has them; what the file calls them else; solved only where answered."""
    text = (
        "arrival,queue,wait,answered,handling,solved,call_id\n"
        "2026-05-03 10:00,Call us,10,yes,100,yes,1\n2026-05-03 10:01,Sales,20,yes,100,no,2\n"
        "2026-05-03 10:02,call_us,30,no,,no,3\n2026-05-03 10:02,call_us,30,no,,no,3\n"
    )
    evidence = read_text(tmp_path, text)
    ((_, log),) = evidence.calls
    assert log.desk == ("call_us", "Sales") and log.which.tolist() == [0, 1, 0]
    np.testing.assert_allclose(log.solved, [1, 0, np.nan])
    assert "an id that an earlier row has, in column call_id: 1 row, such as line 5" in preview(evidence)
