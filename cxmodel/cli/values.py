"""Values of options that cannot be: each told with what would be right, `--budget lots: give an amount such as 20000`.

Numbers are looked at as they are typed, before anything reads them: `--replications 1.000` is a thousand to who typed
it, and one to Python. Knows no verb.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar, get_args

import typer
from typer.core import TyperCommand

Function = TypeVar("Function", bound=Callable[..., Any])
COUNT, AMOUNT = "N", "AMOUNT"
"""What stands in the help for a whole number, and for a sum of money."""
EXAMPLES: Final = {"--jobs": 4, "--sample": 20, "--port": 8501, "--replications": 30}
"""Numbers to give where an option has no default to go by."""
_WHOLE: Final = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:_[0-9]{3})+)")
_SUM: Final = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:_[0-9]{3})+)(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|[+-]?\.[0-9]+")
_MONEY: Final = re.compile(r"[^\w.,'+-]*([0-9][0-9.,'_ ]*)\s*(k|K|m|M)?\s*[^\W\d_]{0,3}\W?")
_TIMES: Final = {"k": 1_000, "m": 1_000_000}


class WrongValue(typer.BadParameter):
    """A value that cannot be, told in full."""

    def format_message(self) -> str:
        """Option, value, and what would be right."""
        return str(self.message)


class Verb(TyperCommand):
    """A verb whose options say what they would take."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Look at numbers as they are typed, then let them be read."""
        for option, name, text in _typed(self.params, args):
            if (wrong := wrong_number(option, name, text)) is not None:
                raise WrongValue(f"{name} {text}: {wrong}", ctx)
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            if (missing := _missing(error)) is not None:
                raise WrongValue(missing, ctx) from None
            if type(error) is not typer.BadParameter or error.param is None:
                raise
            raise WrongValue(_in_words(error), ctx) from None


class Verbs(typer.Typer):
    """The command line: every verb of it is a `Verb`."""

    def command(self, *arguments: Any, **told: Any) -> Callable[[Function], Function]:
        """A verb of the command line."""
        return super().command(*arguments, **{"cls": Verb, **told})


def _typed(options: Iterable[Any], arguments: Sequence[str]) -> Iterator[tuple[Any, str, str]]:
    """Every number that is given: its option, the option's name, the number as it is typed."""
    numbers = {name: option for option in options if option.metavar in (COUNT, AMOUNT) for name in option.opts}
    for place, argument in enumerate(arguments):
        if argument == "--":
            return
        name, equals, text = argument.partition("=")
        if name not in numbers:
            continue
        if equals:
            yield numbers[name], name, text
        elif place + 1 < len(arguments):
            yield numbers[name], name, arguments[place + 1]


def wrong_number(option: Any, name: str, text: str) -> str | None:
    """What would be right instead of a number that cannot be read, or not be meant; None for a good one."""
    if option.metavar == AMOUNT:
        return _wrong_amount(text.strip())
    number = text.strip()
    if not _WHOLE.fullmatch(number):
        return _misspelt(number, _whole(option, name)) or f"give {_whole(option, name)}"
    low, high = option.min, option.max
    if (low is not None and int(number) < low) or (high is not None and int(number) > high):
        return f"give {_whole(option, name)}"
    return None


def _whole(option: Any, name: str) -> str:
    """A whole number that the option would take, in words."""
    low, high = option.min, option.max
    bounds = f" from {low} to {high}" if None not in (low, high) else f" of {low} or more" if low is not None else ""
    example = option.default if isinstance(option.default, int) else EXAMPLES.get(name, max(low or 1, 10))
    return f"a whole number{bounds}, such as {example}"


def _wrong_amount(text: str) -> str | None:
    """What would be right instead of a sum of money."""
    if re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", text):
        thousands, rest = text.replace(".", ""), f"{float(text):g}"
        return f"is it {thousands} or {rest}? Give it so: a point begins decimals"
    if _SUM.fullmatch(text):
        return None
    from cxmodel.scenario.characters import plainly
    from cxmodel.scenario.fields.misspelt import respelt

    money = _MONEY.fullmatch(plainly(text))
    digits = respelt(money[1].strip()) if money is not None else ""
    if money is not None and _SUM.fullmatch(digits):
        size = float(digits) * _TIMES.get((money[2] or "").lower(), 1)
        return f"give the number alone, such as {size:.12g}"
    return "give an amount such as 20000"


def _misspelt(text: str, expected: str) -> str | None:
    """What is wrong with a number that is written as elsewhere, and its right spelling."""
    from cxmodel.scenario.decimals import WithDecimals
    from cxmodel.scenario.fields.misspelt import refuse_misspelt
    from cxmodel.scenario.fields.notation import Misread

    value: Any = WithDecimals(text) if re.fullmatch(r"[+-]?[0-9]+\.[0-9]+", text) else text
    try:
        refuse_misspelt(value, expected, whole=True)
    except Misread as misread:
        return f"{misread.message}: give {misread.expected}".replace("`", "")
    return None


def _missing(error: typer.BadParameter) -> str | None:
    """What to give where a number is asked for and none is given; None for anything else."""
    option: Any = error.param
    if type(error) is typer.BadParameter or getattr(option, "metavar", None) not in (COUNT, AMOUNT):
        return None
    name = option.opts[0]
    given = _whole(option, name) if option.metavar == COUNT else "an amount such as 20000"
    return f"{name} is missing: give {given}"


def _in_words(error: typer.BadParameter) -> str:
    """What a value should be that was none of the words, or no number, that an option takes."""
    option: Any = error.param
    name = option.opts[0] if option.opts and option.opts[0].startswith("-") else option.make_metavar(error.ctx)
    name = name.strip("{}[].") if not name.startswith("-") else name
    message = str(error.message).removeprefix("Value error, ")
    words = get_args(getattr(getattr(option, "type_descriptor", None), "annotation", None))
    if words and all(isinstance(word, str) for word in words):
        given = re.match(r"'([^']*)'", message)
        return f"{name} {given[1] if given else ''}".strip() + f": give {', '.join(words[:-1])} or {words[-1]}"
    return f"{name}: {message}"
