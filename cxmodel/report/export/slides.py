"""The report as slides: one message a slide in its title, native charts and text, notes with their sources."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cxmodel.report.charts.bars import CAUSES, LEAST, SCORES
from cxmodel.report.charts.waterfall import STYLES
from cxmodel.report.export import board, pptx
from cxmodel.report.export.account import Account
from cxmodel.report.export.html import SECTIONS
from cxmodel.report.export.map_slides import journey_slides, map_slides
from cxmodel.report.export.pptx import INNER, MARGIN, Deck, Place, Series
from cxmodel.report.export.reproduce import command_lines, python_lines
from cxmodel.report.text.captions import TODAY, change_words, footnote, journey_alt
from cxmodel.report.text.headline import culprit
from cxmodel.report.text.journey_tables import touchpoints
from cxmodel.report.text.numbers import at_month, figure, interval, listed, money, with_interval
from cxmodel.report.text.shortfalls import PARTIAL_GAPS, sentence, shortfalls
from cxmodel.report.text.trust import trust
from cxmodel.results.paired import change
from cxmodel.vocabulary import AS_IS, EVERYONE, HEADLINES, METRICS, MONEY, MONTH, humanise

if TYPE_CHECKING:
    import pandas as pd

BODY: Final = Place(MARGIN, 1.6, INNER, 5.3)
FOOT: Final = Place(MARGIN, 7.02, INNER, 0.3)
COURSES: Final = ("expectation_gap", "satisfaction", "nps", "churn_monthly")
"""What is shown over time."""
TONES: Final = {"better": "ahead", "worse": "short"}
"""The colour of a change."""
MOST: Final = 8
"""Bars on a slide."""


def slides(account: Account, sections: Collection[str] = tuple(SECTIONS)) -> bytes:
    """The deck as a PowerPoint file; a section that has nothing to show makes no slide."""
    made = Deck()
    _opening(made, account, verdict="verdict" in sections)
    for name in SECTIONS:
        if name in sections:
            for add in _SLIDES.get(name, ()):
                add(made, account)
    _numbered(made, account)
    return made.save()


def _opening(made: Deck, account: Account, *, verdict: bool) -> None:
    place = Place(MARGIN, 1.5, INNER, 1.9)
    slide = made.slide(account.question, _notes(account, "the scenario's own question"), most=40, least=20, place=place)
    said = account.verdict if verdict and account.verdict else f"{account.plan}. {account.doing}"
    pptx.words(slide, [said], Place(MARGIN, 3.6, INNER, 1.5), most=24, bold=bool(verdict and account.verdict))
    made_by = [f"{account.name} · {account.plan}", account.made]
    pptx.words(slide, made_by, Place(MARGIN, 5.5, INNER, 0.8), most=14, colour="muted", gap=3)


def _answer(made: Deck, account: Account) -> None:
    first, *rest = account.answer
    card = trust(account.result, account.baseline, account.unknown)
    slide = made.slide(first, _notes(account, "paired differences of the four headline metrics"))
    told = [f"{account.plan}. {account.doing}", *rest]
    pptx.words(slide, told, Place(MARGIN, 1.8, INNER, 3.7), most=22, gap=14)
    pptx.words(slide, ["Confidence"], Place(MARGIN, 5.7, INNER, 0.35), most=14, colour="muted")
    pptx.words(slide, [f"{card.first}."], Place(MARGIN, 6.05, INNER, 0.7), most=20, bold=True, colour="lived")


def _journey(made: Deck, account: Account) -> None:
    stops = touchpoints(account.result)
    known = stops.dropna(subset=["gap"])
    if len(known) == 0:
        return
    names = [f"{stop.touchpoint}\n{stop.words}\n{stop.memory} of memory" for stop in stops.itertuples()]
    if len(stops) > MOST + 2:
        names = [f"{stop.touchpoint}\n{stop.words}" for stop in stops.itertuples()]
    series = [
        Series("Expected", _numbers(stops["expected"]), "expected", dashed=True),
        Series("Experienced", _numbers(stops["lived"]), "lived", width=3.5),
    ]
    if account.baseline is not None:
        ghost = _numbers(touchpoints(account.baseline)["lived"])
        series.insert(1, Series("Experienced, today", ghost, "ghost", width=1.5))
    levels = np.array([each for own in series for each in own.values if each is not None])
    span = (max(0.0, 10 * np.floor(levels.min() / 10)), min(100.0, 10 * np.ceil(levels.max() / 10)))
    slide = made.slide(_furthest(account), _notes(account, "touchpoints.expected, touchpoints.perceived", known))
    size = 12 if len(stops) <= MOST else 11 if len(stops) <= MOST + 2 else 9
    told = journey_alt(account.result, stops)
    pptx.lines(slide, BODY, names, series, told, size=size, span=span, name="Level [0–100]")


def _furthest(account: Account) -> str:
    """The title of the journey: where most is missing."""
    found = culprit(account.result, left=account.baseline is not None)
    return found or "No touchpoint falls far short of what customers expect."


def _map(made: Deck, account: Account) -> None:
    journey_slides(made, account.told.journey, _notes(account, "the scenario, and table touchpoints"))


def _proposition(made: Deck, account: Account) -> None:
    scenario = account.result.scenario
    if scenario.rivals or scenario.value_propositions:
        notes = _notes(account, "the scenario, and touchpoints.delivered")
        for which in ("strategy_canvas", "value_map"):
            map_slides(made, which, account.told, notes)


def _organisation(made: Deck, account: Account) -> None:
    map_slides(made, "organisation", account.told, _notes(account, "the scenario, and table touchpoints"))


def _four(made: Deck, account: Account) -> None:
    slide = made.slide(_message(account), _notes(account, "metrics; differences are paired by replication"))
    width = (INNER - 3 * 0.25) / 4
    for place, metric in enumerate(HEADLINES):
        where = Place(MARGIN + place * (width + 0.25), 1.9, width, 3.5)
        told = _net(account) if metric == "customer_equity" else _card(account, metric)
        pptx.card(slide, where, *told)
    noise = "95 % intervals of simulation error; the uncertainty of assumptions comes on top."
    pptx.words(slide, [noise], Place(MARGIN, 5.6, INNER, 0.4), most=14, colour="muted")


def _card(account: Account, metric: str) -> tuple[str, ...]:
    """A headline figure: what it is, the figure, its interval, what changed, in which tone, and what it means."""
    result, baseline, currency = account.result, account.baseline, account.result.scenario.currency
    now, unit = result.metric(metric), METRICS[metric].unit
    told, tone = "", ""
    if baseline is not None and now.value is not None:
        found = change(result, baseline, metric)
        told = change_words(found, currency)
        tone = "" if unit == MONEY else TONES.get(found.verdict, "")
    span = interval(now.low, now.high, unit, currency, brief=True) if now.value is not None else ""
    big = figure(now.value, unit, currency, brief=True)
    return METRICS[metric].label, big, span, told, tone, footnote(metric, result, baseline)


def _net(account: Account) -> tuple[str, ...]:
    """The card of money: net value first, the only gain in green; customer equity where no cost is given."""
    label, equity, span, told, tone, foot = _card(account, "customer_equity")
    found = change(account.result, account.baseline, "net_value") if account.baseline is not None else None
    if found is None or not found.runs:
        return label, equity, span, told, tone, foot
    currency = account.result.scenario.currency
    size, net = with_interval(found.value, found.low, found.high, MONEY, currency, sign=True, brief=True)
    lead = TONES.get(found.verdict, "ink")
    return METRICS["net_value"].label, size, net, f"{label} {equity}: {told}", "", foot, lead


def _message(account: Account) -> str:
    """The title of the four figures: from what today to what under the plan."""
    if account.baseline is None:
        return account.answer[-1]
    moved, unclear = [], []
    for metric in ("nps", "retention"):
        found, unit, name = (
            change(account.result, account.baseline, metric),
            METRICS[metric].unit,
            METRICS[metric].short,
        )
        was, now = (figure(each.metric(metric).value, unit) for each in (account.baseline, account.result))
        if not found.clear:
            unclear.append(name)
        else:
            moved.append(f"{name} stays at {now}" if was == now else f"{name} goes from {was} to {now}")
    told = "; ".join([*moved, *([f"no clear difference in {listed(unclear)}"] if unclear else [])])
    return f"{told[:1].upper()}{told[1:]}"


def _works(made: Deck, account: Account) -> None:
    found = board.closed(account)
    if not found:
        return
    slide = made.slide(found[0].words, _notes(account, "touchpoints.gap under the plan and today"))
    names = [each.touchpoint for each in found]
    series = [
        Series(TODAY, [each.today for each in found], "ghost", words=[figure(each.today) for each in found]),
        Series(account.plan, [each.planned for each in found], "lived", words=[figure(each.planned) for each in found]),
    ]
    alt = " ".join(each.words for each in found)
    head = "Expectation gap [points]"
    pptx.columns(slide, BODY, names, series, alt, across=True, size=14, form="0.0", title=head, legend=True)


def _contributions(made: Deck, account: Account) -> None:
    metric, found = board.contributions(account)
    if len(found) < 2:
        return
    best, label = found[0], METRICS[metric].short
    title = f"{best.name} contributes most: {best.words} ({best.span}) {'NPS' if metric == 'nps' else f'of {label}'}"
    if best.value <= 0:
        title = f"No initiative adds {label}; {best.name} takes least from it: {best.words} ({best.span})"
    slide = made.slide(title, _notes(account, "Shapley values: the mean over every order of adding the initiatives"))
    names = [f"{each.name}\n{each.span}" for each in found]
    values = Series(
        METRICS[metric].label, [each.value for each in found], "lived", words=[each.words for each in found]
    )
    head = f"{METRICS[metric].label}: what each initiative adds; together they make up the whole difference"
    pptx.columns(slide, BODY, names, [values], title, across=True, size=14, title=head)


def _why(made: Deck, account: Account) -> None:
    found = shortfalls(account.result, 3)
    if not found:
        return
    first, *others = found
    slide = made.slide(sentence(first), _notes(account, "touchpoints.gap1 to gap4, which add up to the gap"), most=24)
    level, bases, sizes, names = 0.0, [], [], []
    for part, size in zip(PARTIAL_GAPS, first.parts, strict=True):
        bases.append(min(level, level + size))
        sizes.append(abs(size))
        names.append(f"{humanise(part.key)}\n{part.owners}")
        level += size
    colours = [*STYLES.values(), "expected"]
    said = [figure(size, "points", sign=True) for size in first.parts] + [figure(first.gap, "points")]
    series = [
        Series("Before", [*bases, 0.0], "grid", hidden=True),
        Series("Points missed", [*sizes, first.gap], "lived"),
        Series("Words", [0.1 * first.gap] * 5, "grid", hidden=True, words=said),
    ]
    place = Place(MARGIN, 1.7, INNER * (0.62 if others else 1.0), 5.1)
    if min(bases) >= 0:
        pptx.columns(slide, place, [*names, "Gap"], series, sentence(first), colours=colours, stacked=True, size=13)
    else:  # a part that makes up for others would hang below the line: shown beside one another instead
        plain = [Series("Points missed", [*first.parts, first.gap], "lived", words=said)]
        pptx.columns(slide, place, [*names, "Gap"], plain, sentence(first), colours=colours, size=13)
    if others:
        left = MARGIN + INNER * 0.65
        pptx.words(slide, [sentence(each) for each in others], Place(left, 2.1, INNER * 0.35, 4.2), most=16, gap=16)


def _causes(made: Deck, account: Account) -> None:
    rows = sorted(account.result.rows("contacts"), key=lambda row: -row["share"])
    rows = [row for row in rows if row["share"] >= LEAST][:MOST]
    if not rows:
        return
    first = rows[0]
    called = account.result.scenario.label
    span = interval(first["low"], first["high"], "share")
    told = f"{figure(first['share'], 'share')} of contacts begin at {called('journey', first['touchpoint'])}"
    title = f"{told}: {_because(first['cause'])} ({span})"
    slide = made.slide(title, _notes(account, "contacts.share"))
    names = [
        f"{called('journey', row['touchpoint'])}: {_because(row['cause'])}\n"
        f"{interval(row['low'], row['high'], 'share')}"
        for row in rows
    ]
    said = [figure(row["share"], "share") for row in rows]
    shares = Series("Share of contacts", [100 * row["share"] for row in rows], "third", words=said)
    pptx.columns(slide, BODY, names, [shares], title, across=True, size=13, form="0.0")


def _because(cause: str) -> str:
    return CAUSES.get(cause, (humanise(cause).lower(), ""))[0]


def _mend(made: Deck, account: Account) -> None:
    mending, currency = account.mending, account.result.scenario.currency
    if mending is None or not mending.prices:
        return
    prices = sorted(mending.prices.items(), key=lambda item: -item[1].value)
    prices = [prices[0], *(each for each in prices[1:] if each[1].value > LEAST * prices[0][1].value)][:MOST]
    best, price = prices[0]
    told, span = mending.words(best, currency)
    title = "Nothing is at stake: every touchpoint delivers what customers need"
    if not price.nothing:
        title = (
            f"Improve {account.result.scenario.label('journey', best)} first: {told} ({span}) "
            f"{'NPS' if mending.metric == 'nps' else 'in customer equity'}"
        )
    slide = made.slide(title, _notes(account, "each touchpoint lifted to the need, in matched simulation runs"))
    told_of = [mending.words(name, currency) for name, _ in prices]
    names = [
        f"{account.result.scenario.label('journey', name)}\n{span}".strip()
        for (name, _), (_, span) in zip(prices, told_of, strict=True)
    ]
    values = Series(mending.title, [each.value for _, each in prices], "lived", words=[words for words, _ in told_of])
    head = f"{mending.title}: what changes if a touchpoint is lifted to what customers need"
    pptx.columns(slide, BODY, names, [values], title, across=True, size=13, title=head)


def _time(made: Deck, account: Account) -> None:
    known = [metric for metric in COURSES if _course(account, metric) is not None]
    if not known:
        return
    slide = made.slide(_course_words(account, known[0]), _notes(account, "timeline, all segments together"))
    lines = f"Solid: {account.plan}, thin lines its 95 % interval."
    lines += " Dashed: today." if account.baseline is not None else ""
    pptx.words(slide, [lines], Place(MARGIN, 1.5, INNER, 0.3), most=13, colour="muted")
    width, height = (INNER - 0.4) / 2, 2.5
    for place, metric in enumerate(known):
        months, rows = _course(account, metric) or ([], [])
        by = 100.0 if METRICS[metric].unit == "share" else 1.0
        own = [Series(account.plan, _of(rows, "value", by), "lived", width=2.5)]
        own += [Series(f"95 %, {end}", _of(rows, end, by), "lived", width=0.75) for end in ("low", "high")]
        if account.baseline is not None:
            _, behind = _course(Account(account.baseline), metric) or ([], [])
            own.append(Series(TODAY, _of(behind, "value", by), "ghost", dashed=True, width=1.5))
        where = Place(MARGIN + (place % 2) * (width + 0.4), 1.85 + (place // 2) * (height + 0.1), width, height)
        label = METRICS[metric].label + (" [%]" if by > 1 else " [points]")
        known_values = [each for series in own for each in series.values if each is not None]
        low, high = min(known_values), max(known_values)
        step = next(step for step in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100) if (high - low) / step <= 5)
        span = (step * math.floor(low / step), step * math.ceil(high / step))
        form = "0.0" if step < 1 else "0"
        told = _course_words(account, metric)
        pptx.curves(slide, where, months, own, told, title=label, span=span, step=step, form=form)


def _of(rows: Sequence[Mapping[str, Any]], column: str, by: float) -> list[float | None]:
    return [None if row[column] is None else by * row[column] for row in rows]


def _course(account: Account, metric: str) -> tuple[list[float], list[dict[str, Any]]] | None:
    rows = [row for row in account.result.rows("timeline") if row["metric"] == metric and row["segment"] == EVERYONE]
    if not rows:
        return None
    return [float(row["month"]) for row in rows], rows


def _course_words(account: Account, metric: str) -> str:
    rows = [row for row in account.result.rows("timeline") if row["metric"] == metric and row["segment"] == EVERYONE]
    ends = [
        f"{figure(row['value'], row['unit'])} ({interval(row['low'], row['high'], row['unit'])})"
        f" {at_month(row['month'])}"
        for row in (rows[0], rows[-1])
    ]
    return f"{METRICS[metric].label} goes from {ends[0]} to {ends[1]}"


def _dashboard(made: Deck, account: Account) -> None:
    found = [(name, account.result.metric(metric)) for metric, (name, _) in SCORES.items()]
    known = [(name, each) for name, each in found if each.value is not None]
    scores = {metric: account.result.metric(metric) for metric in SCORES}
    shown, true = scores["nps_measured"], scores["nps"]
    if shown.value is None or true.value is None:
        return
    seen = f"{figure(shown.value)} ({interval(shown.low, shown.high)})"
    title = (
        f"Your survey would show an NPS of {seen}; actual NPS is {figure(true.value)} ({interval(true.low, true.high)})"
    )
    slide = made.slide(title, _notes(account, "metrics nps_measured, nps, nps_everyone, nps_lost"))
    said = [figure(each.value) for _, each in known]
    styles = {name: style for name, style in SCORES.values()}
    values = Series("NPS", [each.value for _, each in known], "lived", words=said)
    names = [f"{name}\n{interval(each.low, each.high)}" for name, each in known]
    colours = [styles[name] for name, _ in known]
    pptx.columns(slide, BODY, names, [values], title, colours=colours, across=True, size=14, form="0.0")


def _trust(made: Deck, account: Account) -> None:
    card = trust(account.result, account.baseline, account.unknown)
    slide = made.slide(f"Confidence: {card.first[:1].lower()}{card.first[1:]}", _notes(account, "the run itself"))
    marks = {"good": "speaks for it", "note": "note", "doubt": "speaks against it"}
    rows = [(line.name, marks[line.state], line.words) for line in card.lines]
    pptx.table(slide, BODY, ("What", "How it stands", "What was found"), rows, (2.9, 1.8, INNER - 4.7))


def _alternatives(made: Deck, account: Account) -> None:
    found = board.alternatives(account)
    if not found:
        return
    head = METRICS[found[0].change.metric].label
    known = [each for each in found if each.change.runs][:MOST]
    slide = made.slide(_best(account), _notes(account, "paired differences of every plan against today"))
    values = Series(head, [each.change.value for each in known], "lived", words=[each.worth for each in known])
    names = [f"{each.name}\n{each.span}" for each in known]
    alt = f"{head}: {'; '.join(f'{each.name} {each.worth} ({each.span})' for each in known)}."
    widths = (1.6, 1.6, 1.7, 1.8)
    width = INNER - sum(widths) - 0.3
    title = f"{head} against today, 95 % interval"
    pptx.columns(slide, Place(MARGIN, 1.6, width, 4.9), names, [values], alt, across=True, size=13, title=title)
    rows = [(each.name, each.cost, each.payback, _nps(account, each.plan)) for each in found]
    right = Place(MARGIN + width + 0.3, 1.7, sum(widths), 4.8)
    pptx.table(slide, right, ("Plan", "Cost", "Payback", "NPS"), rows, widths, size=12)
    told = "With the scenario's own numbers; 95 % intervals of simulation error."
    if account.missing:
        told += f" Left out, as there is no such run of it: {listed(account.missing)}."
    pptx.words(slide, [told], Place(MARGIN, 6.6, INNER, 0.35), most=12, colour="muted")


def _best(account: Account) -> str:
    """The title of the alternatives: how far the best is ahead of the next."""
    first, second, *_ = board.alternatives(account)
    metric, among = METRICS[first.change.metric].short, " of the plans that were run" if account.missing else ""
    if not first.change.runs or first.change.value <= 0 or not first.change.clear:
        return f"None{among or ' of the plans'} clearly adds {metric}"
    if not second.change.runs:
        return f"{first.name} is the only one{among or ' of the plans'} whose {metric} can be told"
    currency = account.result.scenario.currency
    ahead = change(account.plans[first.plan], account.plans[second.plan], first.change.metric)
    if not ahead.clear:
        return f"{first.name} and {second.name}, the best{among}, are too close to tell apart in {metric}"
    size, span = with_interval(ahead.value, ahead.low, ahead.high, METRICS[ahead.metric].unit, currency, brief=True)
    return f"{first.name} is ahead of {second.name}, the next best{among}, by {size} of {metric} ({span})"


def _nps(account: Account, plan: str) -> str:
    """What a plan changes in NPS."""
    found = change(account.plans[plan], account.plans[AS_IS], "nps")
    size, span = with_interval(found.value, found.low, found.high, "points", sign=True)
    return f"{size} ({span})"


def _roadmap(made: Deck, account: Account) -> None:
    steps = board.roadmap(account)[:MOST]
    if not steps:
        return
    told = board.payback(account)
    title, *rest = told or [
        f"{steps[0].name} starts{' first,' if len(steps) > 1 else ''} in month {steps[0].starts:.0f}"
    ]
    slide = made.slide(title, _notes(account, "initiatives: starts, half_life and cost; metrics payback_month"))
    names = [f"{step.name}\nfrom month {step.starts:.0f}" for step in steps]
    bars = [(step.starts, step.half_life) for step in steps]
    end = account.result.scenario.horizon / MONTH
    paid = [step for step in steps if step.by_year]
    width = 0.58 * INNER if paid else INNER
    alt = "; ".join(
        f"{step.name} starts in month {step.starts:.0f}, half-life {step.half_life:.0f} months" for step in steps
    )
    head = "Blue: until half of the effect is there; grey: from then on"
    pptx.gantt(slide, Place(MARGIN, 1.6, width, 4.3), names, bars, end, f"Roadmap: {alt}.", head)
    if paid:
        currency = account.result.scenario.currency
        years = len(paid[0].by_year)
        sums = [sum(step.by_year[year] for step in paid) for year in range(years)]
        said = [money(each, currency, brief=True) for each in sums]
        spent = Series("Cost", sums, "second", words=said)
        right = Place(MARGIN + width + 0.3, 1.6, INNER - width - 0.3, 4.3)
        labels = [f"Year {year}" for year in range(1, years + 1)]
        alt = f"Cost of the initiatives by year: {listed(said, most=9)}."
        pptx.columns(slide, right, labels, [spent], alt, size=13, title="Cost of the initiatives by year")
    notes = [line for line in (*rest, board.besides(account)) if line]
    if notes:
        pptx.words(slide, notes, Place(MARGIN, 6.0, INNER, 0.95), most=14, gap=3)


def _owners(made: Deck, account: Account) -> None:
    table = board.owners_table(account)
    if len(table) == 0:
        return
    slide = made.slide(board.owners(account), _notes(account, "owners of touchpoints as the scenario names them"))
    first = 2.6
    widths = [first, first, *[(INNER - 2 * first) / (len(table.columns) - 2)] * (len(table.columns) - 2)]
    pptx.table(slide, BODY, list(table.columns), table.values.tolist(), widths)


def _reproduce(made: Deck, account: Account) -> None:
    slide = made.slide("Appendix: how to reproduce this", _notes(account, "the run's manifest"))
    shell, python = command_lines(account).splitlines(), python_lines(account).splitlines()
    pptx.words(slide, ["In a shell:"], Place(MARGIN, 1.5, INNER, 0.35), most=16, bold=True)
    pptx.words(slide, shell, Place(MARGIN, 1.9, INNER, 1.2), most=14, mono=True, gap=3)
    pptx.words(slide, ["In Python:"], Place(MARGIN, 3.2, INNER, 0.35), most=16, bold=True)
    pptx.words(slide, python, Place(MARGIN, 3.6, INNER, 3.0), most=14, mono=True, gap=2)


def _numbered(made: Deck, account: Account) -> None:
    """Under every slide whose it is and its number; what if, never a forecast."""
    for number, slide in enumerate(made.presentation.slides, start=1):
        foot = f"{account.name} · {account.plan} · what if, not a forecast · {number}"
        pptx.words(slide, [foot], FOOT, most=10, least=7, colour="muted")


def _notes(account: Account, source: str, stops: pd.DataFrame | None = None) -> str:
    """Where a slide comes from."""
    result = account.result
    lines = [
        f"Source: {source}.",
        f"Scenario {account.name} (fingerprint {result.scenario.hash[:12]}), plan {result.plan}, {account.made}.",
        "Intervals are 95 % intervals of simulation error.",
    ]
    if stops is not None:
        lines += [f"{stop.touchpoint}: {stop.words}, gap {stop.interval}." for stop in stops.itertuples()]
    return "\n".join(lines)


def _numbers(column: Any) -> list[float | None]:
    return [None if each != each else round(float(each), 2) for each in column]


_SLIDES: Final[dict[str, Sequence[Callable[[Deck, Account], None]]]] = {
    "answer": (_answer,),
    "journey": (_journey,),
    "map": (_map,),
    "numbers": (_four, _dashboard),
    "works": (_works, _contributions),
    "why": (_why, _causes),
    "mend": (_mend,),
    "proposition": (_proposition,),
    "organisation": (_organisation,),
    "alternatives": (_alternatives,),
    "roadmap": (_roadmap,),
    "owners": (_owners,),
    "time": (_time,),
    "trust": (_trust,),
    "reproduce": (_reproduce,),
}
