"""The same touchpoint in several channels: what data in pieces costs, and what a single view buys (equation 2).

Knows points, not who prefers which channel.
"""

import numpy as np

from cxmodel.vocabulary import Floats, Reals


def at_channel(offset: Reals, single_view: Reals) -> Floats:
    """What a channel delivers more or less than its touchpoint does [points] (equation 2).

    A single view of the customer [0-1] levels what channels have in pieces: (1 - single view) x offset.
    """
    return (1 - np.asarray(single_view)) * offset
