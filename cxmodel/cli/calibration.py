"""The verb that calibrates a scenario to a company's own data."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated

import typer

from cxmodel.cli import output
from cxmodel.cli.options import AsJson, File, Jobs, Quiet, Seed, quoted, say, say_json, scenario_of, tell, verbs
from cxmodel.errors import UsageError


@verbs.command(
    short_help="Calibrate a scenario to a company's own data.",
    epilog="""\b
Examples:
  cxmodel calibrate company.yaml --data data/ --write-map map.yaml     what each column is taken for, to correct
  cxmodel calibrate company.yaml --data data/ --map map.yaml -o calibrated.yaml
  cxmodel calibrate company.yaml --data tracker.csv --hold-out "6 months" --json
""",
)
def calibrate(
    file: File,
    data: Annotated[
        list[Path],
        typer.Option("--data", metavar="FILE", help="A CSV, Parquet or XLSX file, or a folder; again for another."),
    ],
    mapping: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="What the columns are (YAML). [default: as they seem to be]"),
    ] = None,
    write_map: Annotated[
        Path | None,
        typer.Option(
            "--write-map", metavar="FILE", help="Write what the columns seem to be, to be corrected, and stop."
        ),
    ] = None,
    over: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH",
            help="A number to fit to the series; again for another. [default: those that have a range]",
        ),
    ] = None,
    hold_out: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="The last months, which the fit does not see, such as “6 months”. [default: a third]"
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write the numbers to this layer, which extends the scenario."
        ),
    ] = None,
    seed: Seed = 1,
    jobs: Jobs = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Calibrate a scenario to data: each number with its range and source, and what the data cannot tell.

    Tables give levels, weights, thresholds, churn and desks; what is left free is fitted to the tracker's months, of
    which the last third is held out to see how wrong the fit is. The scenario itself is not changed. Names, addresses
    and free text in the data are never kept.
    """
    from cxmodel.cli.progress import TerminalProgress
    from cxmodel.cli.render.calibration import calibration
    from cxmodel.evidence.readers.mapping import mapping_text, read_mapping
    from cxmodel.evidence.readers.reader import preview, propose, read
    from cxmodel.studies.calibration.layer import layer_text
    from cxmodel.studies.calibration.study import calibrate as fitted

    held = _months(hold_out)
    for place, option in ((to, "-o"), (write_map, "--write-map")):
        if place is not None:
            output.ready(place, option)
    scenario = scenario_of(file, [], quiet)
    if write_map is not None:
        output.put(write_map, mapping_text(propose(data, scenario)).encode(), "--write-map")
        say(str(write_map))
        return
    evidence = read(data, scenario, read_mapping(mapping) if mapping is not None else None)
    if not quiet:
        tell(preview(evidence))
    with TerminalProgress("calibration", quiet=quiet, of="draw") as progress:
        found = fitted(scenario, evidence, over=over or (), hold_out=held, seed=seed, jobs=jobs, progress=progress)
    if to is not None:
        base = os.path.relpath(file.resolve(), to.resolve().parent)
        output.put(to, layer_text(found, Path(base).as_posix()).encode(), "-o")
    if as_json:
        say_json(found.document())
    else:
        say(calibration(found))
    if to is not None and not quiet:
        tell(f"Written to {to}. Next:\n  cxmodel run {quoted(to)}")


def _months(said: str | None) -> int | None:
    """A number of months to hold out.

    >>> _months("6 months"), _months("1 year"), _months("0"), _months(None)
    (6, 12, 0, None)
    """
    if said is None:
        return None
    match = re.fullmatch(r"\s*(\d+)\s*(months?|years?|)\s*", said)
    if match is None:
        raise UsageError(f"--hold-out {said}: give months, such as “6 months”")
    return int(match[1]) * (12 if match[2].startswith("year") else 1)
