"""Numbers as other countries, programs and keyboards write them: what is wrong, and the spelling that is right.

A thousand is `1.000` to some and `1,000` to others, four tenths are `0,4`; a spreadsheet puts a no-break space into
`1 000`. To read any of these as the number it looks like to YAML would be to take one for a thousand.
"""

from __future__ import annotations

import re
from typing import Final

from cxmodel.scenario.characters import ODD_BLANK, name_of, plainly
from cxmodel.scenario.decimals import WithDecimals
from cxmodel.scenario.faults import quote
from cxmodel.scenario.fields.notation import Misread

COMMA: Final = "CXM218"
"""Code of a decimal comma."""
ODD: Final = "CXM219"
"""Code of a blank, or of another sign, that is not what it looks like."""
CONTROL: Final = "CXM121"
"""Code of a character that no text holds."""
MISSPELT: Final = ("CXM203", COMMA, ODD)
"""Codes of numbers and words whose very signs are wrong; the reading of the text may tell them, or the field."""
_QUOTES: Final = "“”„‟‘’‚«»"
_DASHED: Final = re.compile(r"\s*[\u2212\u2012-\u2015](?=[0-9.])")
_ALONE: Final = r"(?<![\w.,:])"
_MARKED: Final = re.compile(
    rf"{_ALONE}[0-9]{{1,3}}(?P<mark>[,' ])[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*(?:\.[0-9]+)?(?![\w:,])"
)
"""Thousands told apart by a comma, an apostrophe or a blank."""
_POINTED: Final = re.compile(
    rf"{_ALONE}(?:[0-9]{{1,3}}(?:\.[0-9]{{3}}){{2,}}(?:,[0-9]+)?|[0-9]{{1,3}}\.[0-9]{{3}},[0-9]+)(?![\w:,.])"
)
"""Thousands told apart by points: `1.000.000`, `1.234,5`."""
_COMMA: Final = re.compile(rf"{_ALONE}(?P<whole>[0-9]+),(?P<part>[0-9]+)(?![\d,.:])")
_THOUSAND: Final = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
_WITH_DECIMALS: Final = re.compile(r"\s*[+\u2212-]?\s*([0-9]+\.[0-9]+)\s*")
"""So many, or so many more or less, with decimals."""


def refuse_misspelt(value: object, expected: str, whole: bool) -> None:
    """Raise `Misread` for a number that is written so that YAML takes it for another one, or for none."""
    if isinstance(value, WithDecimals) and whole:
        raise _with_decimals(value, expected)
    if isinstance(value, list):
        _refuse_list(value)
    if isinstance(value, str):
        if whole and (more := _WITH_DECIMALS.fullmatch(value)):
            raise _with_decimals(WithDecimals(more[1]), expected)
        _refuse_signs(value)
        _refuse_marks(value, whole)


def looks_like_thousands(value: object) -> str | None:
    """The number that is probably meant by an amount such as `4.000`, which is four; None for any other."""
    text = value.text if isinstance(value, WithDecimals) else value if isinstance(value, str) else ""
    match = _THOUSAND.match(text)
    if match is None or text[match.end() : match.end() + 1].isdecimal():
        return None
    return match[0].replace(".", "") + text[match.end() :]


def _with_decimals(value: WithDecimals, expected: str) -> Misread:
    """A count that is written with decimals: perhaps in thousands."""
    text = value.text
    if _THOUSAND.fullmatch(text):
        digits, grouped = text.replace(".", ""), text.replace(".", "_")
        one, thousand = ("one", "a thousand") if text == "1.000" else (f"{value:.12g}", _thousands(int(digits)))
        return Misread("CXM213", f"{quote(value)} is {one}; {thousand} is {digits} or {grouped}", expected)
    if value.is_integer():
        return Misread("CXM213", f"{quote(value)} has decimals, where only whole numbers can be", f"`{value:.12g}`")
    return Misread("CXM213", f"{quote(value)} is not a whole number", expected)


def _thousands(number: int) -> str:
    """A number in thousands, as it is said: `12 thousand 500`."""
    return f"{number // 1000} thousand" + (f" {rest}" if (rest := number % 1000) else "")


def _refuse_list(value: list[object]) -> None:
    """`[0,4]`: in brackets a decimal comma makes two numbers."""
    if len(value) == 2 and all(isinstance(part, int) and not isinstance(part, bool) for part in value):
        whole, part = value
        raise _decimal_comma(f"[{whole},{part}]", f"{whole}.{part}")


def _refuse_signs(value: str) -> None:
    """Signs that are not what they look like: blanks, quotation marks, dashes, digits of other scripts."""
    odd = ODD_BLANK.search(value)
    if odd:
        fixed = respelt(plainly(value)).strip()
        how = ", with ordinary spaces" if " " in fixed else ""
        raise Misread(ODD, f"there is {name_of(odd[0])} in {quote(plainly(value))}", f"`{fixed}`{how}")
    bare = value.strip()
    if bare[:1] and (bare[0] in _QUOTES or bare[-1] in _QUOTES):
        message = f"{quote(value)} stands in curly quotation marks, which YAML takes for letters"
        raise Misread(ODD, message, f'straight ones: `"{bare.strip(_QUOTES)}"`')
    if _DASHED.match(value):
        raise Misread(ODD, f"{quote(value)} begins with a dash that is no minus sign", f"`-{bare[1:]}`")
    if any(letter.isdecimal() and not letter.isascii() for letter in value):
        fixed = "".join(str(int(letter)) if letter.isdecimal() else letter for letter in bare)
        raise Misread(ODD, f"{quote(value)} is written in digits of another script", f"`{fixed}`")


def _refuse_marks(value: str, whole: bool) -> None:
    """Marks between digits: of thousands, and decimal commas."""
    fixed = respelt(value).strip()
    if fixed == value.strip():
        return
    marked = _MARKED.search(value)
    if _POINTED.search(value) or (marked and (marked["mark"] != "," or whole or not _may_be_decimal(marked[0]))):
        message = f"{quote(value)} is not a number" if fixed.isdecimal() else f"{quote(value)} has marks in its number"
        raise Misread("CXM203", message, f"`{fixed}`, without marks between the digits")
    if marked:
        decimal = value.strip().replace(",", ".")
        both = f"`{fixed}` for thousands, without a mark between the digits; decimals come after a point: `{decimal}`"
        raise Misread("CXM203", f"{quote(value)} has a comma in its number", both)
    raise _decimal_comma(value, fixed)


def _decimal_comma(value: str, fixed: str) -> Misread:
    return Misread(COMMA, f"{quote(value)} has a decimal comma, which is a point in YAML", f"`{fixed}`")


def _may_be_decimal(number: str) -> bool:
    """Whether the one comma of a number could be a decimal comma: `20,125`, but not `20,000` or `1,234.5`."""
    return number.count(",") == 1 and "." not in number and not number.endswith(",000")


def respelt(value: str) -> str:
    """The text with its numbers as they were probably meant.

    >>> respelt("1,5 % per month"), respelt("20 000 per year"), respelt("1.234,56"), respelt("0,125")
    ('1.5 % per month', '20000 per year', '1234.56', '0.125')
    """
    value = _POINTED.sub(lambda match: match[0].replace(".", "").replace(",", "."), value)
    value = _COMMA.sub(lambda match: f"{match['whole']}.{match['part']}" if _is_decimal(match) else match[0], value)
    return _MARKED.sub(lambda match: re.sub("[,' ]", "", match[0]), value)


def _is_decimal(match: re.Match[str]) -> bool:
    """Whether a comma begins decimals, as in `0,4` and `0,125`; three digits after another number are thousands."""
    return len(match["part"]) != 3 or match["whole"].startswith("0") or len(match["whole"]) > 3
