"""How a calibration reads in a terminal: what the data say, number by number, and what they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxmodel.report.text.calibration import caveats, held_out, parameter, trade_offs, unfitted
from cxmodel.report.text.numbers import count

if TYPE_CHECKING:
    from cxmodel.studies.calibration.study import Calibration


def calibration(found: Calibration) -> str:
    """Each part that there is something to say of, under its head."""
    parts = {
        "From the tables of the data": [each.sentence for each in found.fitted.fits],
        "Fitted to the series": [parameter(found, each) for each in found.found if each.identified],
        "What the data do not tell": [*unfitted(found), *trade_offs(found)],
        "Checked on the months held out": [held_out(each) for each in found.held_out],
    }
    numbers = len(found.fitted.fits) + sum(each.identified for each in found.found)
    blocks = [f"{found.scenario.name}\n{count(numbers, 'number')} from the data"]
    blocks += ["\n".join([head, *(f"  {line}" for line in lines)]) for head, lines in parts.items() if lines]
    return "\n\n".join([*blocks, caveats(found)])
