"""The least-recently-used (LRU) store: values by key, made once, the one used longest ago dropped first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """What was made lately, by key: made once however many threads ask, the one used longest ago dropped first."""

    def __init__(self, most: int, size: Callable[[Value], int] = lambda value: 1) -> None:
        self.most, self.size, self.held = most, size, 0
        self.values: OrderedDict[Hashable, Value] = OrderedDict()
        self.making: dict[Hashable, threading.Lock] = {}
        self.lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of a key, which is made where it is not there."""
        with self.lock:
            if key in self.values:
                self.values.move_to_end(key)
                return self.values[key]
            making = self.making.setdefault(key, threading.Lock())
        with making:
            with self.lock:
                if key in self.values:
                    return self.values[key]
            value = make()
            self.put(key, value)
            return value

    def find(self, key: Hashable) -> Value | None:
        """The value of a key; None where it is not there."""
        with self.lock:
            if key not in self.values:
                return None
            self.values.move_to_end(key)
            return self.values[key]

    def put(self, key: Hashable, value: Value) -> None:
        """Hold a value in place of what its key had, and drop what was used longest ago where it is too much."""
        with self.lock:
            self.making.pop(key, None)
            if key in self.values:
                self.held -= self.size(self.values.pop(key))
            self.values[key] = value
            self.held += self.size(value)
            while self.held > self.most and len(self.values) > 1:
                self.held -= self.size(self.values.popitem(last=False)[1])
