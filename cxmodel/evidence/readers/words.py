"""Words for yes and no, and for calls that were answered or given up, in English and German."""

from __future__ import annotations

import math
from typing import Final

_YES: Final = frozenset(["1", "1.0", "y", "yes", "true", "t", "ja", "j", "wahr", "x"])
_NO: Final = frozenset(["0", "0.0", "n", "no", "false", "f", "nein", "falsch"])
_ANSWERED: Final = frozenset(
    ("answered", "handled", "connected", "completed", "served", "accepted", "ok", "angenommen", "beantwortet",
     "bearbeitet", "verbunden", "erledigt")
)  # fmt: skip
_ABANDONED: Final = frozenset(
    ("abandoned", "abandon", "abd", "aband", "lost", "missed", "unanswered", "not answered", "hung up", "hangup",
     "given up", "dropped", "aufgelegt", "abgebrochen", "verloren", "nicht angenommen", "verpasst", "aufgegeben")
)  # fmt: skip
_SOLVED: Final = frozenset(("solved", "resolved", "closed", "fixed", "gelöst", "geloest", "erledigt"))
_UNSOLVED: Final = frozenset(
    ("unsolved", "unresolved", "open", "not solved", "not resolved", "escalated", "ungelöst", "nicht gelöst", "offen")
)


def truth(text: str, two_is_no: bool = False) -> float:
    """1 for yes, 0 for no, nan for anything else.

    >>> truth("Ja"), truth("2", two_is_no=True), truth("maybe")
    (1.0, 0.0, nan)
    """
    word = text.casefold()
    if word in _YES:
        return 1.0
    return 0.0 if word in _NO or (two_is_no and word in ("2", "2.0")) else math.nan


def answered(text: str) -> float:
    """1 for a call that was answered, 0 for one that was given up, nan for a word that tells neither."""
    word = text.casefold()
    return 1.0 if word in _ANSWERED else 0.0 if word in _ABANDONED else truth(text)


def solved(text: str) -> float:
    """1 for what was solved, 0 for what was not, nan for a word that tells neither."""
    word = text.casefold()
    return 1.0 if word in _SOLVED else 0.0 if word in _UNSOLVED else truth(text)
