"""A binary heap of moments, the earliest first: the calls to answer, the agents of a desk by when they are free."""

from typing import Any, Final

import numpy as np

from cxmodel.engine.compilation import compiled

MOMENT: Final = np.dtype([("time", np.float64), ("who", np.int64)], align=True)


@compiled
def earlier(time: float, who: int, than: float, other: int) -> bool:
    """Whether one moment comes before another; of two at once, that of who stands first."""
    return time < than or (time == than and who < other)


@compiled
def push(heap: Any, n: int, time: float, who: int) -> None:
    """One more moment in a heap of n."""
    place = n
    while place > 0:
        above = heap[(place - 1) >> 1]
        if not earlier(time, who, above.time, above.who):
            break
        heap[place].time, heap[place].who = above.time, above.who
        place = (place - 1) >> 1
    heap[place].time, heap[place].who = time, who


@compiled
def replace_first(heap: Any, n: int, time: float, who: int) -> None:
    """The first of a heap of n moments gives way to another."""
    place = 0
    while True:
        child = 2 * place + 1
        if child >= n:
            break
        if child + 1 < n and earlier(heap[child + 1].time, heap[child + 1].who, heap[child].time, heap[child].who):
            child += 1
        below = heap[child]
        if not earlier(below.time, below.who, time, who):
            break
        heap[place].time, heap[place].who = below.time, below.who
        place = child
    heap[place].time, heap[place].who = time, who
