"""What the Explore page asks: its address, what is usual, and the command line that asks the same."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

import cxmodel as cx
from cxmodel.workbench.drafts import my_plan
from cxmodel.workbench.jobs import study_questions
from cxmodel.workbench.jobs.study_runner import Question
from cxmodel.workbench.session.view import View
from tests.support.smiles import SMILES


def question(text: str = SMILES, plan: str = "kinder", **address: str) -> Question:
    """What an address asks about the shop."""
    return study_questions.question(View(cx.loads(text), plan, "smiles"), address)


def test_an_empty_address_asks_what_is_usual() -> None:
    """What matters most to worth, one number at a time; without money, to NPS."""
    assert question().options == {"metric": "net_value", "method": "tornado", "replications": 10}
    poor = SMILES.replace("economics:", "meta:").replace(", spend: 1 per month", "")
    assert question(poor).options["metric"] == "nps" and "net_value" not in study_questions.metrics(cx.loads(poor))


@pytest.mark.parametrize(
    ("address", "options"),
    [
        ({"ask": "nonsense", "metric": "npss", "method": "magic", "each": "1e9"}, question().options),
        ({"ask": "fails", "worlds": "-3", "fails": "nps is low"}, {"fails": None, "worlds": 200}),
        ({"ask": "fails", "worlds": "60", "fails": "nps < 30"}, {"fails": "nps < 30", "worlds": 60}),
        ({"ask": "best", "budget": "nan"}, {"budget": 72.0, "maximise": "net_value"}),
        ({"ask": "best", "budget": "-1", "metric": "nps"}, {"budget": 72.0, "maximise": "nps"}),
        ({"ask": "best", "budget": "120.5"}, {"budget": 120.5, "maximise": "net_value"}),
    ],
)
def test_what_an_address_says_wrongly_falls_back(address: dict[str, str], options: dict[str, Any]) -> None:
    """To what is usual; half of what all initiatives cost is the usual budget."""
    assert question(**address).options == options


def test_the_command_line_asks_the_same() -> None:
    """In one line that a shell takes."""
    line = study_questions.command(question(ask="fails", fails="nps < 30"), "my shop.yaml")
    assert shlex.split(line) == [
        "cxmodel", "discover", "my shop.yaml", "--plan", "kinder", "--fails", "nps < 30", "--worlds", "200",
    ]  # fmt: skip
    assert study_questions.command(question(ask="best", budget="1e6"), "shop.yaml") == (
        "cxmodel optimise shop.yaml --budget 1000000 --maximise net_value"
    )


def test_one_more_plan_is_no_other_question_of_what_is_best() -> None:
    """So that a set that was found can be loaded, and what was found still stands."""
    more = SMILES.replace("plans: {kinder: [smile]}", "plans: {kinder: [smile], my_plan: [beam]}")
    assert question(ask="best").key == question(more, "my_plan", ask="best").key
    assert question(ask="fails").key != question(more, ask="fails").key


def test_a_set_that_was_found_is_the_plan_that_has_it_or_one_of_ones_own() -> None:
    """What is not there cannot be taken."""
    shop = cx.loads(SMILES)
    assert my_plan.taken(shop, ["smile"]).plan == "kinder" and my_plan.taken(shop, []).plan == "as_is"
    assert my_plan.taken(shop, ["smile", "beam"]).plan == my_plan.MINE
    with pytest.raises(cx.UsageError, match="did you mean `smile`"):
        my_plan.taken(shop, ["smiles"])
