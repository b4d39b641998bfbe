"""Mutation check: break each shipped example in random ways, and list what stays silent and still moves a key figure.

`python -m tests.benchmarks.mutations [PER_STORY]`. Units, scales, keys, references and numbers are broken in the text,
as a tired hand would. Silent is what neither fails nor warns more than the example does; a key figure that moves by
more than a tenth (NPS by more than ten points) is what somebody would have believed.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

import cxmodel
from cxmodel.errors import CxModelError, ScenarioError
from cxmodel.scenario import Scenario, loads
from cxmodel.vocabulary import HEADLINES
from tests.support.small import STORIES

NUMBER: Final = re.compile(r"(?<![\w.#-])\d+(?:\.\d+)?(?![\w.-])")
UNITS: Final = ("minutes", "day", "days", "weeks", "month", "months", "year", "years", "hour", "%")
Mutation = Callable[[str, random.Random], str]


def _at(text: str, pattern: str | re.Pattern[str], luck: random.Random, make: Callable[[str], str]) -> str:
    """One random place of a pattern made otherwise; comments are left alone."""
    places = [
        found
        for found in re.finditer(pattern, text)
        if "#" not in text[text.rfind("\n", 0, found.start()) : found.start()]
    ]
    if not places:
        return text
    place = luck.choice(places)
    return text[: place.start()] + make(place[0]) + text[place.end() :]


def times(factor: float) -> Mutation:
    """A number times a factor: thousands, per cent, a slipped point."""
    return lambda text, luck: _at(text, NUMBER, luck, lambda number: f"{float(number) * factor:.10g}")


def unit(text: str, luck: random.Random) -> str:
    """Another unit."""
    return _at(
        text, rf"\b({'|'.join(UNITS[:-1])})\b", luck, lambda old: luck.choice([each for each in UNITS if each != old])
    )


def key(text: str, luck: random.Random) -> str:
    """A letter of a key left out."""

    def drop(word: str) -> str:
        place = luck.randrange(len(word) - 1)
        return word[:place] + word[place + 1 :]

    return _at(text, r"\b[a-z_]{4,}(?=:)", luck, drop)


def reference(text: str, luck: random.Random) -> str:
    """A name in brackets that is another."""
    names = re.findall(r"\b[a-z_]{4,}(?=:)", text)
    return _at(text, r"(?<=[\[ ])[a-z_]{4,}(?=[\],])", luck, lambda _: luck.choice(names))


def sign(text: str, luck: random.Random) -> str:
    """A number with a minus."""
    return _at(text, NUMBER, luck, lambda number: f"-{number}")


MUTATIONS: Final[dict[str, Mutation]] = {
    "x 1000": times(1000), "x 100": times(100), "x 10": times(10), "/ 10": times(0.1), "/ 100": times(0.01),
    "unit": unit, "key": key, "reference": reference, "minus": sign,
}  # fmt: skip


def figures(scenario: Scenario, plan: str) -> dict[str, float | None]:
    """The key figures of a plan in two replications, of a tenth of the people."""
    fewer = {}
    for name, segment in scenario.segments.items():
        for what in ("customers", "prospects"):
            if getattr(segment, what) > 300:
                fewer[f"segments.{name}.{what}"] = getattr(segment, what) // 10
    result = cxmodel.simulate(scenario.with_changes(fewer), plan=plan, replications=2)
    return {metric: result.metric(metric).value for metric in HEADLINES}


def moved(now: dict[str, float | None], was: dict[str, float | None]) -> str:
    """The key figure that moved by more than a tenth; empty where none did."""
    for metric in HEADLINES:
        a, b = now[metric], was[metric]
        if (a is None) != (b is None):
            return metric
        if a is None or b is None:
            continue
        most = 10.0 if metric == "nps" else max(0.1 * abs(b), 1.0 if metric == "expectation_gap" else 0.0)
        if abs(a - b) > most:
            return f"{metric} {b:.4g} -> {a:.4g}"
    return ""


def mutated(per_story: int, luck: random.Random) -> Iterator[tuple[str, str, str, str]]:
    """Example, kind of mutation, the line that changed, and what came of it: told, a figure that moved, or nothing."""
    for file in sorted(STORIES.glob("*.yaml")):
        text = file.read_text("utf-8")
        story = loads(text, file.name)
        plan = next(iter(story.plans), "as_is")
        was, warned = figures(story, plan), len(story.warnings)
        for _ in range(per_story):
            kind = luck.choice(list(MUTATIONS))
            broken = MUTATIONS[kind](text, luck)
            if broken == text:
                continue
            line = next(
                (
                    f"{a.strip()[:90]}  ->  {b.strip()[:90]}"
                    for a, b in zip(text.splitlines(), broken.splitlines(), strict=False)
                    if a != b
                ),
                "",
            )
            try:
                scenario = loads(broken, file.name)
                silent = len(scenario.warnings) <= warned
                came = "" if not silent else moved(figures(scenario, plan), was)
                yield file.stem, kind, line, "told" if not silent else came or "nothing moved"
            except (ScenarioError, CxModelError):
                yield file.stem, kind, line, "told"


def main() -> None:
    """Print the share that stays silent and moves a figure, by kind, and what they were."""
    per_story = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    rows = list(mutated(per_story, random.Random(13)))
    silent = [row for row in rows if row[3] not in ("told", "nothing moved")]
    count = Counter(row[3] if row[3] in ("told", "nothing moved") else "silent" for row in rows)
    print(f"{len(rows)} mutations: {dict(count)}; silent and moving a key figure: {len(silent) / len(rows):.1%}")
    for kind in MUTATIONS:
        mine = [row for row in rows if row[1] == kind]
        bad = sum(row in silent for row in mine)
        print(f"  {kind:10} {bad:4} of {len(mine)}")
    for story, kind, line, came in silent:
        print(f"{story} [{kind}] {line}: {came}")


if __name__ == "__main__":
    main()
