"""The table of problem codes, and how a fault is put into words. Knows nothing of YAML or of fields."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from cxmodel.scenario.decimals import WithDecimals

CODES: Final = {
    # 1xx: the file as YAML
    "CXM101": "the file is not there",
    "CXM102": "the file cannot be read",
    "CXM103": "the file is too big",
    "CXM104": "the file is not text",
    "CXM105": "the text is not YAML",
    "CXM106": "a key is given twice",
    "CXM107": "a tag is used",
    "CXM108": "a merge key is used",
    "CXM109": "too deep, too many values or too many repeats",
    "CXM110": "an alias contains itself",
    "CXM111": "more than one document in the file",
    "CXM112": "there is no scenario in the file",
    "CXM113": "a key is not a word",
    "CXM114": "a text without a file cannot extend one",
    "CXM115": "a parent outside the workspace",
    "CXM116": "files that extend each other in a circle",
    "CXM117": "too many files, or too many on top of one another",
    "CXM118": "one value is set twice in one file",
    "CXM119": "what is removed is not there",
    "CXM120": "parents in an order that cannot be kept",
    "CXM121": "a control character, or one that turns the direction of writing",
    "CXM122": "a workbook, or a cell of it, that cannot be read",
    "CXM123": "a journey diagram or a journey map that cannot be read",
    # 2xx: one field
    "CXM201": "unknown key",
    "CXM202": "a key is missing",
    "CXM203": "not a number",
    "CXM204": "out of bounds",
    "CXM205": "a bare number where a unit is needed",
    "CXM206": "a quantity that cannot be read",
    "CXM207": "not one of the words allowed here",
    "CXM208": "the wrong shape: a mapping, a list, a text was expected",
    "CXM209": "not a good id",
    "CXM210": "a fact with a source that does not hold together",
    "CXM211": "infinite or not a number",
    "CXM212": "a key without a value",
    "CXM213": "a whole number is needed",
    "CXM214": "a schema version that cannot be read",
    "CXM215": "too few or too many entries",
    "CXM216": "true or false is needed",
    "CXM217": "opening hours that cannot be read",
    "CXM218": "a decimal comma",
    "CXM219": "a sign that is not what it looks like: an odd blank, a curly quotation mark, a dash",
    # 3xx: references
    "CXM301": "unknown attribute",
    "CXM302": "unknown segment",
    "CXM303": "unknown touchpoint",
    "CXM304": "unknown initiative",
    "CXM305": "unknown plan",
    "CXM306": "a path that leads nowhere",
    "CXM307": "a path to something that cannot change",
    "CXM308": "unknown metric",
    "CXM309": "a channel that the touchpoint does not have",
    "CXM310": "an attribute that the touchpoint does not deliver",
    # 4xx: meaning
    "CXM401": "a renewal without a rhythm",
    "CXM402": "a rhythm where there can be none",
    "CXM403": "a contact that leads to no support",
    "CXM404": "the plan as_is is not empty",
    "CXM405": "an expectation that does not say what is expected",
    "CXM406": "the same name twice in one list",
    "CXM407": "nobody lives here: a segment without people or needs",
    "CXM408": "too many people or calls to simulate",
    "CXM409": "two bargains for one segment",
    "CXM410": "a price that would be paid in another way",
    "CXM411": "a name that means everyone",
    "CXM412": "a key that goes with another stage",
    "CXM413": "a view ahead of a source that has none",
    "CXM414": "a touchpoint that nobody can reach: no channel is offered, or none preferred",
    "CXM415": "contacts measured where there can be none",
    "CXM416": "a figure that its metric cannot have",
    "CXM417": "two things of a section that people could not tell apart",
    # 5xx: warnings
    "CXM501": "a promise first heard after the choice",
    "CXM502": "a dazzling touchpoint that shares nothing with later ones",
    "CXM503": "an initiative without cost",
    "CXM504": "a desk under 10 % busy",
    "CXM505": "adoption without prospects",
    "CXM506": "a new value with a plus sign but without quotes",
    "CXM507": "a channel that nobody uses delivers more or less",
    "CXM508": "a share who contact the company about leaving, where everyone does",
    "CXM509": "levels that look like ratings of 1 to 5 or 1 to 10",
    "CXM510": "a need that nothing delivers",
    "CXM511": "a touchpoint that nobody gets to",
    "CXM512": "a start after the horizon",
    "CXM513": "a change that does nothing in this scenario",
    "CXM514": "two initiatives that change one thing at the same time",
    "CXM515": "a number far from what companies have",
    "CXM520": "an amount with three decimals, which may be meant in thousands",
    # 6xx: a company's own data
    "CXM601": "a data file that cannot be read",
    "CXM602": "a data file that is too big",
    "CXM603": "a table that is nothing known, or lacks a column",
    "CXM604": "a mapping that does not hold together, or does not fit its file",
    "CXM605": "answers outside their scale",
    "CXM606": "dates of which nobody can tell day from month",
    "CXM607": "a column that tells who people are, or what they wrote",
    "CXM608": "data of which nothing can be used",
    "CXM609": "a cohort that grows",
}
"""Every code and what it stands for. Codes are stable: a retired one is never used again."""

ENOUGH: Final = 150
"""Problems of one sort after which the search for more of it ends."""
SHOWN: Final = 100
"""Problems listed one by one; a file with more has one fault repeated, and says how many were left out."""

MOST_OPTIONS: Final = 32
"""Options listed where none is near what was written."""

KeyPath = tuple[str, ...]
"""Where a value is: the keys that lead to it, list places counted from 0."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the value at `path`, before anyone looked up its line."""

    code: str
    path: KeyPath
    message: str
    expected: str = ""
    at_key: bool = False
    """Point at the key rather than at its value."""

    def under(self, path: KeyPath) -> Fault:
        """The same fault, its path counted from further up."""
        return replace(self, path=path + self.path)


def shorten(value: object, limit: int = 60) -> str:
    """The value as the reader wrote it, within `limit` characters."""
    if isinstance(value, dict | list | tuple):
        return "a mapping" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif value is None:
        text = "nothing"
    else:
        text = _digits(value) if isinstance(value, float) else " ".join(str(value)[:1000].split())
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[: limit + 1])
    return text if len(text) <= limit else text[: limit - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _digits(value: float) -> str:
    """A number as it is written, where it remembers that."""
    return value.text if isinstance(value, WithDecimals) else f"{value:.12g}"


def quote(value: object) -> str:
    """The value in backticks; shapes and nothingness without."""
    text = shorten(value)
    return text if value is None or isinstance(value, dict | list | tuple) else f"`{text}`"


def closest(word: object, among: Iterable[str]) -> str | None:
    """The option that `word` was most likely meant to be, if any is near."""
    if not isinstance(word, str) or len(word) > 100:
        return None
    options = {option.casefold(): option for option in islice(among, 300)}
    near = difflib.get_close_matches(word.casefold(), options, n=1, cutoff=0.6 if len(word) < 5 else 0.7)
    return options[near[0]] if near else None


def one_of(options: Iterable[str], most: int = 12) -> str:
    """`a`, `b` or `c`; long lists are cut."""
    words = [f"`{option}`" for option in options]
    if len(words) > most:
        return ", ".join(words[:most]) + f" or one of {len(words) - most} more"
    return " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def suggestion(word: object, among: Iterable[str], what: str = "") -> str:
    """A did-you-mean where one option is near, else the list of options."""
    options = list(among)
    near = closest(word, options)
    if near is not None:
        return f"did you mean `{near}`?"
    if not options:
        return f"there are no {what} in this scenario" if what else ""
    return f"{what + ': ' if what else ''}{one_of(options, MOST_OPTIONS)}"
