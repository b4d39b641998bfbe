"""Staffed desks: first come, first served, with agents, handling time, patience and opening hours (equation 8).

Everyone's wait is known when he calls: the first agent to be free takes him, if his patience lasts. The agents of a
desk stand in a heap by when they are free. In the past a customer finds the desk as busy as it is today and adds
nothing to it: his contacts are among those from outside. Times in days since the start.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from cxmodel.engine import heap, rng
from cxmodel.engine.accumulators import Sums, exact
from cxmodel.engine.compilation import compiled, entry
from cxmodel.engine.population import People
from cxmodel.engine.tables import Tables

NOBODY: Any = np.int64(-1)
SILENT: Final = 1e200
"""Days between callers from which on nobody calls."""


@compiled
def roster_of(w: Tables, line: int, day: int) -> Any:
    """Who answers at a desk on a day; in the past every week is that of today, and begins on a Monday."""
    return w.roster[line, day % 7 if w.facts.past else min(day, w.facts.days - 1)]


@compiled
def opening(w: Tables, line: int, time: float, chance: float) -> float:
    """When a call made at `time` arrives: at once, or at an even time of the next opening."""
    day = int(time)
    today = roster_of(w, line, day)
    if time - day < today.until or today.opens <= time - day < today.closes:
        return time
    if time - day >= today.closes or today.opens >= today.closes:
        day += 1
        while roster_of(w, line, day).opens >= 1.0 and (w.facts.past or day < w.facts.days):
            day += 1
        today = roster_of(w, line, day)
    lasts = today.closes - today.opens
    if today.closes >= 1.0:
        lasts += roster_of(w, line, day + 1).until
    return day + today.opens + chance * lasts


@compiled
def call(w: Tables, p: People, o: Sums, line: int, time: float, handling: float, patience: float) -> Any:
    """A customer calls, after everyone from outside who called before: (days waited, whether he gave up)."""
    if w.facts.past:
        skip(w, p, line, time)
    catch_up(w, p, o, line, time)
    return answer(w, p, o, line, time, 0.0 if w.facts.past else handling, patience)


@compiled
def catch_up(w: Tables, p: People, o: Sums, line: int, until: float) -> None:
    """Those from outside who call before `until` are answered."""
    desk = p.desk[line]
    while desk.next < until:
        word = rng.mixed(rng.occurring(desk.key, desk.number) + rng.HANDLED)
        today = roster_of(w, line, desk.day)
        handling = today.handling * np.float64(w.handling[word & rng.LOW16])
        patience = today.patience * np.float64(w.patience[word >> rng.B48])
        answer(w, p, o, line, desk.next, handling, patience)
        await_next(w, p, line)


@compiled
def skip(w: Tables, p: People, line: int, time: float) -> None:
    """In the past: callers who came long before anybody looks leave no trace."""
    desk, begin = p.desk[line], time - roster_of(w, line, int(time)).memory
    if desk.next < begin:
        desk.day = int(begin)
        today = roster_of(w, line, desk.day)
        if begin - desk.day < today.until:
            desk.next = begin
        elif begin - desk.day >= today.closes:
            desk.day += 1
            desk.next = first_opening(w, line, desk.day)
        else:
            desk.next = max(begin, desk.day + today.opens)
        await_next(w, p, line)


@compiled
def first_opening(w: Tables, line: int, day: int) -> float:
    """When a desk is first open on a day: from midnight on, where it opened the day before."""
    today = roster_of(w, line, day)
    return np.float64(day) if today.until > 0 else day + today.opens


@compiled
def await_next(w: Tables, p: People, line: int) -> None:
    """When the next caller from outside comes: they come evenly while the desk is open."""
    desk = p.desk[line]
    desk.number += 1
    draw = rng.exponential(rng.occurring(desk.key, desk.number), rng.CALLERS)
    today = roster_of(w, line, desk.day)
    early = desk.next - desk.day < today.until
    ends = desk.day + (today.until if early else today.closes)
    time = np.inf if w.facts.past and today.gap > SILENT else desk.next + draw * today.gap
    while ends <= time < np.inf:
        draw -= (ends - desk.next) / today.gap
        if early:
            early, desk.next = False, desk.day + today.opens
        else:
            desk.day += 1
            if desk.day >= w.facts.days and not w.facts.past:
                time = np.inf
                break
            today = roster_of(w, line, desk.day)
            early, desk.next = today.until > 0, first_opening(w, line, desk.day)
        ends = desk.day + (today.until if early else today.closes)
        time = desk.next + draw * today.gap
    desk.next = time


@compiled
def answer(w: Tables, p: People, o: Sums, line: int, time: float, handling: float, patience: float) -> Any:
    """One call: (days waited, whether the caller gave up)."""
    day = min(int(time), w.facts.days - 1)
    agents, desk, sums, roster = p.agents[line], p.desk[line], o.desk[line, day], w.roster[line, day]
    if roster.agents != desk.agents:
        change_roster(p, line, roster.agents)
    waited = max(0.0, agents[0].time - time)
    gives_up = waited > patience
    if gives_up:
        waited = patience
        sums.abandoned += 1.0
    elif handling > 0:
        heap.replace_first(agents, desk.agents, time + waited + handling, NOBODY)
        sums.busy += exact(handling)
    sums.calls += 1.0
    sums.waiting += exact(waited)
    return waited, gives_up


@compiled
def change_roster(p: People, line: int, agents: int) -> None:
    """Agents come, or those who are free first go."""
    here, desk = p.agents[line], p.desk[line]
    while desk.agents > agents:
        desk.agents -= 1
        last = here[desk.agents]
        heap.replace_first(here, desk.agents, last.time, last.who)
    while desk.agents < agents:
        heap.push(here, desk.agents, 0.0, NOBODY)
        desk.agents += 1


@entry
def open_desks(w: Tables, p: People, seed: np.uint64, replication: int) -> None:
    """Every desk as it stands at time 0, and its first caller from outside."""
    for line in range(w.facts.desks):
        desk = p.desk[line]
        desk.key = rng.key_of(seed, replication, rng.DESK, line)
        desk.agents, desk.day, desk.number, desk.next = 0, 0, 0, first_opening(w, line, 0)
        await_next(w, p, line)
