"""The code of docs/python.md and docs/python.ipynb: `python -m tests.docs.python_doc` runs the page's and writes anew
what each block prints. The notebook is kept without outputs.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "python.md"
NOTEBOOK = ROOT / "docs" / "python.ipynb"
BLOCK = re.compile(r"(```python\n(.*?)```\n)(\n```text\n(.*?)```\n)?", re.DOTALL)


class Ran(NamedTuple):
    """What came of a piece of code: what it printed, and its last expression."""

    printed: str
    shown: Any


def blocks(text: str) -> list[tuple[str, str]]:
    """Each block of Python of the page, and the output that stands under it."""
    return [(found[2], found[4] or "") for found in BLOCK.finditer(text)]


def cells() -> list[str]:
    """The code cells of the notebook."""
    return [
        "".join(cell["source"])
        for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]


def run(pieces: Sequence[str], folder: Path, top: Path | None = None) -> Iterator[Ran]:
    """Pieces of code run one after the other, as cells of a notebook are, in a folder; at its top are the scenarios."""
    ((top or folder) / "scenarios").symlink_to(ROOT / "scenarios")
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, piece in enumerate(pieces, 1):
        body = ast.parse(piece).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(ast.Module(body, []), f"<piece {number}>", "exec"), names)
            shown = (
                None if last is None else eval(compile(ast.Expression(last.value), f"<piece {number}>", "eval"), names)
            )
        yield Ran(printed.getvalue(), shown)


def main() -> None:
    """Write the outputs of the page anew."""
    text = PAGE.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        ran = run([code for code, _ in blocks(text)], Path(folder))
        text = BLOCK.sub(
            lambda found: found[1] + (f"\n```text\n{said}```\n" if (said := next(ran).printed) else ""), text
        )
    PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
