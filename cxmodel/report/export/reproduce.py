"""How to make a result again: the exact command line and Python lines, and the manifest. Runs nothing."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any, Final

from cxmodel.vocabulary import AS_IS, EVERYONE

if TYPE_CHECKING:
    from cxmodel.report.export.account import Account

PRIVATE: Final = ("files", "segments", "nps", "seconds")
"""What a kept run's manifest holds for the archive's own use."""


def command_lines(account: Account) -> str:
    """The command lines that give the same figures."""
    result, file = account.result, shlex.quote(account.file)
    plans = [f" --plan {shlex.quote(plan)}" for plan in dict.fromkeys((AS_IS, result.plan))]
    future = f" --future {shlex.quote(result.future)}" if result.future else ""
    size = f" --replications {result.replications} --seed {result.seed}"
    chosen = f" --plan {shlex.quote(result.plan)}" if result.plan != AS_IS else ""
    run = f"cxmodel run {file}{''.join(plans) if chosen else ''}{future}{size}"
    of = "" if result.segment == EVERYONE else f" --segment {result.segment}"
    return f"{run}\ncxmodel report {file}{chosen}{of} -o report.html"


def python_lines(account: Account) -> str:
    """The Python lines that give the same figures."""
    result = account.result
    future = f", future={result.future!r}" if result.future else ""
    again = f"replications={result.replications}, seed={result.seed}{future}"
    of = "" if result.segment == EVERYONE else f".of_segment({result.segment!r})"
    lines = [
        "import cxmodel as cx",
        "",
        f"scenario = cx.load({account.file!r})",
        f"assert scenario.hash == {result.scenario.hash!r}",
        f"result = cx.simulate(scenario, plan={result.plan!r}, {again}){of}",
    ]
    if account.baseline is not None:
        lines.append(f"as_is = cx.simulate(scenario, plan={AS_IS!r}, {again}){of}")
    return "\n".join([*lines, "print(result.metrics)"])


def manifest(account: Account) -> str:
    """What made the figures, as JSON."""
    return json.dumps(manifest_of(account), indent=2, ensure_ascii=False)


def manifest_of(account: Account) -> dict[str, Any]:
    """What made the figures: scenario, plan, seed, versions."""
    return {name: value for name, value in account.result.manifest.items() if name not in PRIVATE}
