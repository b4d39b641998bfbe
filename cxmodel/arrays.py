"""Vocabulary shared by every room: array types, the clock's units, stages and levers. Knows no model.

Loads no NumPy, so that reading a scenario does not either.
"""

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]
    """An array of numbers."""
    Reals = float | Floats
    """A number or an array of numbers: the equations take either."""
    Values = Any
    """A number where numbers are given, an array where an array is: what an equation returns."""
else:
    Floats = Reals = Values = Any

MONTH: Final = 365.25 / 12
"""Days in a month."""
YEAR: Final = 365.25
"""Days in a year."""


class LeverFacts(NamedTuple):
    """What a lever is, and how slowly it moves."""

    what: str
    half_life: float
    """Months until half of a change is felt (A, inside Schneiderman 1988's 1-22)."""


LEVERS: Final = {
    "priorities": LeverFacts("What comes first when not everything can.", 3.0),
    "policies": LeverFacts("What people are allowed and asked to do.", 3.0),
    "practices": LeverFacts("How work is done every day.", 9.0),
    "people": LeverFacts("Who does it, and how able and willing they are.", 12.0),
    "platforms": LeverFacts("The systems it runs on.", 14.0),
}
"""The five Ps, in the order the chain from decision to delivery uses them: the one place where a lever is defined."""

STAGES: Final = ("aware", "choose", "buy", "receive", "use", "support", "renew", "leave", "return")
"""The stages of a journey, in the order customers live them."""
ONBOARDING: Final = ("aware", "choose", "buy", "receive")
"""The stages a newcomer lives one after the other."""
