"""Numbers that remember how they were written, where the value alone does not tell: `1.000` is one, or a thousand."""

from __future__ import annotations


class WithDecimals(float):
    """A number that is written with a decimal point; else as any other."""

    text: str
    """As it was written."""

    def __new__(cls, text: str) -> WithDecimals:
        """The number that a text such as `1.000` stands for."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]
        return (self.text,)
