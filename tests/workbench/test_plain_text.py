"""Free text where Streamlit reads Markdown: escaped, wherever a page says it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxmodel.workbench.plain_text import JOINER, MARKS, plain

WORKBENCH = Path(__file__).parents[2] / "cxmodel" / "workbench"
READS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("error", "warning", "info", "success", "caption", "markdown", "toast", "write"), ("body",)),
    **dict.fromkeys(("button", "download_button", "toggle", "checkbox", "slider", "number_input"), ("label", "help")),
    **dict.fromkeys(("text_input", "text_area", "selectbox", "multiselect", "radio"), ("label", "help")),
    **dict.fromkeys(("segmented_control", "pills", "popover", "expander", "file_uploader"), ("label", "help")),
    "page_link": ("", "label", "help"),
}
"""What of Streamlit reads Markdown, and in which arguments; the first, if it has a name, stands without it too."""
SAFE = {
    "plain": "escapes",
    "count": "a number and our own noun",
    "humanise": "of an id, which has letters, digits and underscores only",
    "horizon": "our own words",
    "_choice": "our own words",
}
OURS = {
    "field.help": "of the language's documentation",
    "count": "a number", "today": "a number", "SCALE": "ours", "words": "ours, in each place", "label": "ours",
    "missing": "ours", "when": "a time", "section.title": "ours", "title": "ours", "gist": "ours", "number": "a number",
    "fields.one_of_section(path)": "our own words",
    "drawn.title": "ours", "LANES[name]": "ours", "CURRENCY": "ours", "STEPS[at].lower()": "ours",
    "_does(asked)": "ours", "SIGNS[sign]": "ours",
    "currency": "escaped where it is made", "one": "our own words",
    "equation(number)": "Markdown of the method",
}  # fmt: skip


def said() -> Iterator[tuple[str, ast.expr]]:
    """What is handed to Streamlit where it reads Markdown, with where that is."""
    for file in sorted(WORKBENCH.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READS):
                continue
            if not isinstance(node.func.value, ast.Name) or node.func.value.id != "st":
                continue
            first, *named = READS[node.func.attr]
            for value in [
                *node.args[: bool(first)],
                *(each.value for each in node.keywords if each.arg in (first, *named)),
            ]:
                yield f"{file.name}:{node.lineno}", value


def free(value: ast.expr) -> list[str]:
    """The parts of an expression that may be somebody's own words and are not escaped."""
    if isinstance(value, ast.Constant) or ast.unparse(value) in OURS:
        return []
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in SAFE:
        return []
    if isinstance(value, ast.JoinedStr):
        return [part for each in value.values for part in free(each)]
    if isinstance(value, ast.FormattedValue):
        return free(value.value)
    if isinstance(value, ast.IfExp):
        return free(value.body) + free(value.orelse)
    if isinstance(value, ast.BoolOp):
        return [part for each in value.values for part in free(each)]
    if isinstance(value, ast.BinOp):
        return free(value.left) + free(value.right)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "join":
        made = value.args[0]
        return free(made.elt) if isinstance(made, ast.GeneratorExp) else [ast.unparse(value)]
    return [ast.unparse(value)]


def test_nothing_that_a_person_wrote_is_read_as_markdown() -> None:
    """Each place where a page hands words to Streamlit: ours, or escaped."""
    found = [f"{place}: {part}" for place, value in said() for part in free(value)]
    assert found == [] and len(list(said())) > 50


@pytest.mark.parametrize(
    "words",
    [
        "![a](http://elsewhere.example/a.png)",
        "[a](javascript:alert(1))",
        "**b** _i_ ~~s~~ `c` $x^2$",
        "# head",
        "1. one",
        "> said",
        ":red[alarm] :material/home: :smile:",
        "<b>x</b> &amp;",
        "| a | b |",
        "http://elsewhere.example www.elsewhere.example me@elsewhere.example",
        "a -> b <- c -- d >= e",
    ],
)
def test_every_sign_that_markdown_reads_is_escaped(words: str) -> None:
    """And the words are still all there."""
    told = plain(words)
    assert told.replace("\\", "").replace(JOINER, "") == words.replace("\\", "")
    assert all(told[place - 1] == "\\" for place, sign in enumerate(told) if sign in MARKS - {"\\"})


def test_plain_words_stay_as_they_are() -> None:
    """Nothing is added to what nobody could misread; line breaks become blanks."""
    assert plain("Café zum Bären, 3 € a cup") == "Café zum Bären, 3 € a cup"
    assert plain("two\n\n    lines") == "two lines"
