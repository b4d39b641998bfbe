"""Vocabulary shared by every room: array types, the clock's units, stages and levers. Knows no model.

Loads no NumPy, so that reading a scenario does not either.
"""

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]
    """An array of numbers."""
    Reals = float | Floats
    """A number or an array of numbers: the equations take either."""
    Column = NDArray[Any]
    """One entry a person, visit or call, of any type: what the rounds of the engine work on."""
else:
    Floats = Reals = Column = Any

MONTH: Final = 365.25 / 12
"""Days in a month."""
YEAR: Final = 365.25
"""Days in a year."""

LEVERS: Final = ("priorities", "policies", "practices", "people", "platforms")
"""The five Ps, in the order the chain from decision to delivery uses them."""

STAGES: Final = ("aware", "choose", "buy", "receive", "use", "support", "renew", "leave", "return")
"""The stages of a journey, in the order customers live them."""
ONBOARDING: Final = ("aware", "choose", "buy", "receive")
"""The stages a newcomer lives one after the other."""
