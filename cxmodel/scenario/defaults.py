"""What a company is taken to be where nobody has said: the defaults of a blank company and of an imported journey.

Each number that stands in a file by default has the note `default`, so that pages and lists can tell what is open.
"""

from __future__ import annotations

from typing import Final

DEFAULT: Final = "default"
"""The note of a number that nobody has said yet."""
QUESTION: Final = "Where do customers expect more than they get, and what is worth doing about it?"
USUAL: Final = 60
"""The level of a touchpoint that nobody has judged yet: adequate."""
NEEDED: Final = 75
"""The level that customers need where nobody has said: good."""
CUSTOMERS: Final = 1000
HORIZON: Final = "24 months"
