"""The HTML report opens anywhere, tells the whole story, says the same bits twice, and lets nobody inject anything."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

import cxmodel as cx
from cxmodel.report.export.account import Account
from cxmodel.report.export.board import (
    alternatives_table,
    closed,
    contributions,
    owners,
    owners_table,
    payback,
    roadmap,
)
from cxmodel.report.export.html import SECTIONS, page
from cxmodel.report.export.reproduce import command_lines, python_lines
from cxmodel.report.text.numbers import money
from cxmodel.results.paired import change
from cxmodel.scenario import stories

pytestmark = pytest.mark.slow

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ 7*7 }}"


class Elements(HTMLParser):
    """The elements of a page, its words and the addresses it asks for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture(scope="module")
def account(mended: cx.Result, standing: cx.Result) -> Account:
    """The pretty app with real tracking, in little."""
    return Account(mended, standing)


@pytest.fixture(scope="module")
def told(whole: Account) -> str:
    """Its report in plain words."""
    return plain(page(whole))


def plain(text: str) -> str:
    """The words of a page, without the signs that keep figures on a line."""
    return Elements(text).words.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")


@pytest.fixture(scope="module")
def made(account: Account) -> str:
    """Its report."""
    return page(account)


def test_the_report_tells_the_story_from_question_to_manifest(whole: Account) -> None:
    """Question, verdict, answer and every section, in their order; how to make it again comes last."""
    heads = re.findall(r"<h[12][^>]*>([^<]*)</h[12]>", page(whole))
    assert heads == [whole.question, *(section.title for section in SECTIONS.values())]
    assert [*SECTIONS][:3] == ["verdict", "answer", "journey"] and [*SECTIONS][-1] == "reproduce"


def test_what_was_not_run_is_left_out(made: str) -> None:
    """No verdict without the other plans, nothing at stake without an explanation."""
    there = re.findall(r'<section id="(\w+)"', made)
    assert set(SECTIONS) - set(there) == {"verdict", "mend", "alternatives"}
    assert "worked out" not in plain(made)


def test_the_alternatives_are_all_plans_with_what_each_is_worth(whole: Account, told: str) -> None:
    """Net value with its interval, cost and payback, the one worth most first; the verdict says the same."""
    table = alternatives_table(whole)
    assert list(table.columns)[:5] == ["Plan", "Net value", "95 %", "Cost", "Payback"]
    assert sorted(table["Plan"]) == ["Both (this report)", "Fix the wait", "Say less"]
    worth = change(whole.result, whole.plans["as_is"], "net_value")
    size = money(worth.value, "GBP", sign=True, brief=True)
    assert size in whole.verdict and size in set(table["Net value"])
    assert all(cell in told for row in table.to_numpy() for cell in row) and whole.verdict in told


def test_a_plan_without_a_result_is_named_and_there_is_no_verdict(whole: Account) -> None:
    """A verdict over some of the plans would say what nobody has asked."""
    fewer = {plan: result for plan, result in whole.plans.items() if plan != "say_less"}
    page_of_fewer = plain(page(replace(whole, plans=fewer), ["verdict", "alternatives"]))
    assert "shares this one's seed and size: Say less." in page_of_fewer and "is worth most" not in page_of_fewer


def test_cost_and_payback_are_told_by_year(whole: Account, told: str) -> None:
    """The years add up to the additional cost of the plan; what payback counts is said beside it."""
    spent = sum(sum(step.by_year) for step in roadmap(whole))
    assert spent == pytest.approx(change(whole.result, whole.plans["as_is"], "cost").value)
    assert [step.name for step in roadmap(whole)] == ["Promise less", "Real tracking"]
    assert all(words in told for words in (*payback(whole), "no cost given for promise less", "month 3", "2 months"))


def test_it_pays_only_in_assumption_scenarios(whole: Account, told: str, made: str) -> None:
    """Of money one thing is said: `pays` always with how many scenarios, and no share of simulation runs that gain."""
    for words in (told, plain(made)):
        assert not re.search(
            r"\bpays?\b(?! in \d+ of \d+ assumption scenarios)(?! (above|below|nowhere|across))", words
        )
        assert "Runs with a net gain" not in words
    assert "assumptions not yet tested" in plain(made) and "assumptions not yet tested" not in told


def test_touchpoints_without_an_owner_are_marked(whole: Account, told: str) -> None:
    """Whatever the scenario says in place of a name for nobody."""
    table = owners_table(whole).set_index("Touchpoint")["Owner"]
    assert (table["Track order"], table["Call us"], table["Unboxing"]) == ("Logistics", "! Nobody", "Workshop")
    assert owners(whole) in told


def test_why_a_plan_makes_a_difference_is_told_with_its_initiatives(whole: Account, told: str) -> None:
    """Where the gap closes, and what each initiative adds."""
    first = closed(whole)[0]
    assert first.touchpoint == "Track order" and first.words in told
    metric, found = contributions(whole)
    assert (metric, [each.name for each in found]) == ("net_value", ["Real tracking", "Promise less"])


def test_a_plan_of_one_initiative_is_not_told_twice(account: Account) -> None:
    """What its only initiative contributes is the whole difference, which the answer tells."""
    row = {"initiative": "real_tracking", "metric": "nps", "contribution": 9.5, "low": 8.5, "high": 10.5}
    told = Account(account.result, account.baseline, {"initiatives": [row]})
    assert "Contributions of the initiatives" not in page(told, ["works"])


def test_no_table_is_told_twice(whole: Account) -> None:
    """Nor is a picture."""
    text = page(whole)
    bodies = re.findall(r"<tbody>.*?</tbody>", text, re.DOTALL)
    pictures = re.findall(r'role="img" aria-label="([^"]+)"', text)
    assert len(bodies) == len(set(bodies)) > 10 and len(pictures) == len(set(pictures))


def test_the_answer_stands_in_the_report_word_for_word(account: Account, made: str) -> None:
    """It says what the page and the command line say."""
    words = Elements(made).words.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")
    assert all(sentence in words for sentence in account.answer)


def test_sections_can_be_left_out(account: Account) -> None:
    """Who ticks two gets two."""
    assert re.findall(r'<section id="(\w+)"', page(account, ["time", "answer"])) == ["answer", "time"]


def test_the_report_asks_nobody_for_anything(made: str) -> None:
    """It opens offline: no script, no style sheet, no font and no picture from elsewhere."""
    found = Elements(made)
    links = [value or "" for name, value in found.attributes if name in ("src", "href", "xlink:href", "action")]
    assert not {"script", "link", "iframe", "object", "form"} & set(found.tags)
    assert all(link.startswith("#") for link in links) and "@import" not in made and "url(http" not in made


def test_every_chart_of_the_report_can_be_heard_and_read(made: str) -> None:
    """Each picture has words of its own, and a table that says the same; that of the journey map stands in one."""
    pictures = re.findall(r'<svg class="chart" id="[^"]+" role="img" aria-label="([^"]+)"', made)
    twins = made.count("The same as a table")
    assert len(pictures) == made.count('<svg class="chart"') == twins and all(len(words) > 20 for words in pictures)
    assert made.count("<svg") == twins + 1 and made.count('<div class="cx-curve" role="img"') == 1


def test_no_two_elements_share_an_id(made: str) -> None:
    """Many charts in one page do not cut one another off with clips of the same name."""
    ids = [value for name, value in Elements(made).attributes if name == "id"]
    assert len(ids) == len(set(ids)) > 20


def test_the_same_run_gives_the_same_report(account: Account, made: str) -> None:
    """To the last byte: there is no clock and no counter in it."""
    assert page(account) == made


def test_dark_readers_get_every_colour_of_the_charts(made: str) -> None:
    """Each colour that a chart paints with has a rule for the dark look."""
    painted = set(re.findall(r'(?:fill|stroke)="(#\w+)"', made)) - {"#ffffff"}
    ruled = set(re.findall(r'svg\.chart \[(?:fill|stroke)="(#\w+)"\]', made))
    assert painted and painted <= ruled


@pytest.fixture(scope="module")
def hostile() -> cx.Scenario:
    """A scenario that writes markup into every text it may."""
    quoted = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
    text = f"""
schema: 1
name: "{quoted}"
question: "{quoted}"
summary: "{quoted}"
horizon: 3 months
currency: "{quoted}"
attributes: {{ease: {{}}}}
today: {{nps: {{value: 10, source: "{quoted}", note: "{quoted}"}}}}
segments: {{people: {{customers: 200, needs: {{ease: {{level: 80}}}}}}}}
journey: {{look: {{stage: use, every: 10 days, delivers: {{ease: {{value: 50, source: "{quoted}"}}}}}}}}
economics: {{margin: 3 per month}}
initiatives:
  better: {{what: "{quoted}", changes: {{journey.look.delivers.ease: 70}}, cost: {{once: 10}}}}
plans: {{improve: [better]}}
meta: {{"{quoted}": "{quoted}"}}
"""
    return cx.loads(text)


def test_a_hostile_scenario_is_told_and_not_obeyed(hostile: cx.Scenario) -> None:
    """Whatever a scenario's texts hold comes out as text: no element, no attribute, no template of its own."""
    runs = [cx.simulate(hostile, plan, replications=2, jobs=1) for plan in ("improve", "as_is")]
    found = Elements(made := page(Account(runs[0], runs[1])))
    assert not {"script", "img", "iframe"} & set(found.tags)
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    assert "{{ 7*7 }}" in made and "<script" not in made


def test_one_replication_and_no_economics_make_a_report_too(stories: Path) -> None:
    """Where an interval or money cannot be had the report says so instead of failing."""
    text = (stories / "pretty_app.yaml").read_text(encoding="utf-8")
    poor = cx.loads("\n".join(line for line in text.splitlines() if not line.startswith("economics:")))
    result = cx.simulate(poor.with_changes({"horizon": "3 months"}), replications=1, jobs=1)
    assert "One simulation run has no interval" in page(Account(result))


def test_what_the_report_says_about_making_it_again_is_true(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Python lines, run beside the scenario that the report prints, give the very same figures."""
    (tmp_path / account.file).write_text(account.result.scenario.to_yaml(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    told: dict[str, object] = {}
    exec(python_lines(account).replace("print(result.metrics)", "found = result.metrics"), told)
    assert account.result.metrics.equals(told["found"])  # type: ignore[arg-type]


def test_the_command_line_names_plan_size_and_seed(account: Account) -> None:
    """As is is played beside the plan, so that the report can hold the two against one another."""
    first = command_lines(account).splitlines()[0]
    assert first == "cxmodel run pretty_app.yaml --plan as_is --plan fix_the_wait --replications 3 --seed 1"


def test_mending_and_initiatives_are_told_with_their_intervals(account: Account) -> None:
    """What an explanation found stands in the journey's foot and in the tables, nothing without its interval."""
    explained = {
        "mend_first": [
            {"touchpoint": "track_order", "metric": "customer_equity", "difference": 4e4, "low": 3.8e4, "high": 4.2e4},
            {"touchpoint": "track_order", "metric": "nps", "difference": 9.0, "low": 8.0, "high": 10.0},
            {"touchpoint": "unboxing", "metric": "customer_equity", "difference": 0.0, "low": 0.0, "high": 0.0},
        ],
        "initiatives": [
            {"initiative": "real_tracking", "metric": "nps", "contribution": 9.5, "low": 8.5, "high": 10.5},
            {"initiative": "promise_less", "metric": "nps", "contribution": 1e-5, "low": 0.0, "high": 2e-5},
        ],
    }
    found = Elements(page(Account(account.result, account.baseline, explained), ["journey", "works", "mend"])).words
    plain = found.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")
    assert all(words in plain for words in ("+£40,000 (£38,000 to £42,000)", "+9.5 (8.5 to 10.5)", "+£40.0k", "≈ 0"))


@pytest.mark.parametrize("story", stories())
def test_a_space_follows_each_full_stop_in_every_story(story: str) -> None:
    """Of a plan and of today, in the sentences that the terminal and the slides tell and in the words of the page."""
    scenario = cx.load(stories()[story])
    standing = cx.simulate(scenario, replications=2, jobs=1)
    accounts = [Account(standing, None)]
    accounts += [Account(cx.simulate(scenario, plan, replications=2, jobs=1), standing) for plan in scenario.plans]
    for account in accounts:
        (words,) = re.findall(r'<div class="answer">.*?</div>', page(account), re.DOTALL)
        for said in (" ".join(account.answer), Elements(words).words):
            assert not re.search(r"[.?!][A-Z“]", said), said
