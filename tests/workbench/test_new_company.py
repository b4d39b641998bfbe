"""A new company in its tables, without a page: every text on the way is valid, commented, and says what was entered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cxmodel.errors import CxModelError, UsageError
from cxmodel.scenario import loads, stories
from cxmodel.scenario.defaults import USUAL
from cxmodel.scenario.stories import templates
from cxmodel.workbench.new_company import block, experience, figures, ideas, market, starts
from cxmodel.workbench.new_company.checklist import gaps, needs
from cxmodel.workbench.new_company.company_text import CompanyText, Unclear, change
from cxmodel.workbench.new_company.table import Sheet, Touch
from tests.scenario.journeys.drawings import GERMAN_MAP, SHOP

AT = Path("acme.yaml")
PASTED = """Touchpoint\tPhase\tChannel\tOwner\tHow often\tClarity\tSpeed\tFriendliness
Needed by Households\t84000\t\t\t\t75 ×3\t70 ×2\t60 ×1
Needed by Small firms\t6,000\t\t\t\t80 ×3\t80 ×3\t
Compare tariffs\tChoose\tWeb\tMarketing\tonce\t72\t80\t
Sign up\tBuy\tWeb\tSales\tonce\t65\t70\t
First bill\tReceive\tE-mail\tBilling\tonce\t45\t\t
Meter reading\tUse\tApp\t\t1 a month\t60\t55\t
Call centre\tSupport\tPhone\tService\twhen called\t62\t41\t70
Moving out\tLeave\tPhone\t\tonce\t50\t50\t
"""


def after(text: str, sheet: Sheet, *touches: Touch) -> str:
    """The text after what was done in a table."""
    for touch in touches:
        text = change(lambda company, touch=touch: sheet.heed(company, touch) and None)(text, "acme.yaml", AT).text  # type: ignore[misc]
        loads(text)
    return text


def written(text: str) -> dict[str, Any]:
    """What a text says."""
    return loads(text).written


def set_(row: str, column: str, value: str) -> Touch:
    """A cell entered."""
    return Touch("set", row, column, value)


@pytest.fixture
def text() -> str:
    """A blank company."""
    return starts.blank("Acme Energy")


@pytest.mark.parametrize("id", [*stories()])
def test_an_example_gives_its_structure_and_none_of_its_numbers(id: str) -> None:
    """Its touchpoints and attributes are there, every level the usual one."""
    told, made = written(stories()[id].read_text(encoding="utf-8")), written(starts.example(id, "Ours"))
    assert made["name"] == "Ours" and [*made["journey"]] == [*told["journey"]]
    assert {level for each in made["journey"].values() for level in each["delivers"].values()} <= {USUAL}
    assert "initiatives" not in made and "today" not in made


@pytest.mark.parametrize("id", [*templates()])
def test_an_industry_is_its_template_under_another_name(id: str) -> None:
    """Comments and all."""
    made = starts.industry(id, "Ours: a company")
    assert loads(made).name == "Ours: a company" and "# " in made


def test_a_workbook_goes_out_and_comes_back() -> None:
    """The template to fill in is a company."""
    assert loads(starts.spreadsheet(starts.template(), "t.xlsx", "Ours")).name == "Ours"


def test_figures_are_written_with_the_unit_chosen_beside_them(text: str) -> None:
    """And with the range and source that somebody knows; of another unit the same digits."""
    text = after(
        text,
        figures,
        set_("figures.customers", "value", "84,000"),
        set_("figures.nps", "value", "12"),
        set_("figures.leave", "value", "1.1"),
        set_("figures.leave", "unit", "% per year"),
        set_("figures.leave", "low", "0.9"),
        set_("figures.leave", "source", "judgement"),
        set_("figures.contacts", "value", "1.2"),
        set_("figures.margin", "value", "£6 a month"),
    )
    told = written(text)
    assert told["today"] == {
        "nps": 12,
        "leave": {"value": "1.1 % per year", "low": "0.9 % per year", "source": "judgement"},
        "contacts": "1.2 per year",
    }
    assert told["economics"] == {"margin": "6 per month"}
    segment = told["segments"]["all_customers"]
    assert (segment["customers"], segment["prospects"], segment["adoption"]["arrivals"]) == (
        84000,
        84000,
        "840 per month",
    )
    assert "# What was measured today" in text and "# What a customer is worth" in text
    assert "nps" not in written(after(text, figures, set_("figures.nps", "value", "")))["today"]


def test_a_figure_that_cannot_be_changes_nothing(text: str) -> None:
    """It is told, and the text stays."""
    with pytest.raises(CxModelError):
        after(text, figures, set_("figures.nps", "value", "many"))
    with pytest.raises(UsageError, match="itself first"):
        after(text, figures, set_("figures.nps", "low", "3"))


def test_cells_of_the_grid_are_the_company(text: str) -> None:
    """Names, phases, rhythms, levels, needs; ids follow names, and references follow ids."""
    text = after(
        text,
        experience,
        set_("journey.compare", "label", "Müller’s tariffs"),
        set_("journey.muller_s_tariffs", "owner", "Marketing"),
        set_("journey.everyday_use", "a:clarity", "45"),
        set_("journey.everyday_use", "often", "every 3 months"),
        set_("journey.sign_up", "phase", "Use"),
        set_("segments.all_customers", "a:speed", "80 ×4"),
        Touch("weigh", "segments.all_customers", "a:clarity", "5"),
        Touch("add", "segments.", "", "Small firms"),
        Touch("column", "", "", "Reliability"),
        Touch("under", "", "a:reliability", "Must-have"),
        Touch("insert", "journey.first_delivery"),
        set_("journey.new_touchpoint", "label", "First bill"),
        set_("journey.first_bill", "a:reliability", "70"),
        Touch("remove", "journey.goodbye"),
    )
    told = written(text)
    assert told["journey"]["muller_s_tariffs"]["label"] == "Müller’s tariffs"
    assert told["journey"]["everyday_use"]["every"] == "3 months"
    assert told["journey"]["sign_up"]["every"] == "1 month"
    assert told["journey"]["first_bill"] == {"stage": "receive", "delivers": {"reliability": 70}}
    assert [*told["journey"]][3] == "first_bill"
    assert told["attributes"]["reliability"] == {"kind": "must_be"}
    assert told["segments"]["small_firms"]["needs"]["reliability"] == {"level": 75, "weight": 1}
    assert told["segments"]["all_customers"]["needs"]["speed"] == {"level": 80, "weight": 4}
    shown = experience.table(loads(text))
    low = [row.id for row in shown.rows if any(cell.low for cell in row.cells.values())]
    assert low == ["journey.everyday_use"]


def test_a_touchpoint_moves_through_the_phases(text: str) -> None:
    """Up and down in the order lived; beside one of another phase it is of that phase."""
    text = after(text, experience, Touch("up", "journey.everyday_use"))
    told = written(text)
    assert told["journey"]["everyday_use"]["stage"] == "receive" and "every" not in told["journey"]["everyday_use"]
    assert experience.lived(loads(text))[2:4] == ["first_delivery", "everyday_use"]
    text = after(text, experience, Touch("up", "journey.everyday_use"))
    assert experience.lived(loads(text))[2:4] == ["everyday_use", "first_delivery"]


def test_a_touchpoint_is_dropped_beside_another(text: str) -> None:
    """Before or after it, and of its phase."""
    text = after(text, experience, Touch("move", "journey.everyday_use", "before", "journey.sign_up"))
    assert experience.lived(loads(text))[:3] == ["compare", "everyday_use", "sign_up"]
    assert loads(text).journey["everyday_use"].stage == "buy"
    text = after(text, experience, Touch("move", "journey.everyday_use", "after", "journey.sign_up"))
    assert experience.lived(loads(text))[:3] == ["compare", "sign_up", "everyday_use"]
    assert after(text, experience, Touch("move", "journey.sign_up", "after", "journey.sign_up")) == text


def test_rows_are_duplicated(text: str) -> None:
    """Under the next free name, right below; of an idea its plans follow."""
    text = after(text, experience, Touch("duplicate", "journey.sign_up"), Touch("duplicate", "journey.sign_up"))
    assert experience.lived(loads(text))[1:4] == ["sign_up", "sign_up_3", "sign_up_2"]
    text = after(text, experience, Touch("duplicate", "segments.all_customers"))
    assert loads(text).segments["all_customers_2"].needs == loads(text).segments["all_customers"].needs
    text = after(text, market, Touch("add", "brand_promises.", "", "Für alle"), Touch("add", "rivals.", "", "Cheap"))
    text = after(text, market, Touch("duplicate", "brand_promises.fur_alle"), Touch("duplicate", "rivals.cheap"))
    assert loads(text).label("brand_promises", "fur_alle_2") == "Für alle 2" and "cheap_2" in loads(text).rivals
    text = after(text, ideas, Touch("add", "initiatives.", "", "Idea"), Touch("duplicate", "initiatives.idea"))
    assert written(text)["plans"][ideas.ALL] == ["idea", "idea_2"]


@pytest.mark.parametrize(
    ("column", "row", "raw", "ways"),
    [
        ("value", "leave", "1.2%", ("1.2 % per month", "1.2 % per year")),
        ("value", "margin", "£9", ("9 per month", "9 per year")),
    ],
)
def test_what_can_be_two_things_is_asked_about(
    text: str, column: str, row: str, raw: str, ways: tuple[str, ...]
) -> None:
    """Each answer can be entered; a number alone is of the unit beside it, and so is what follows."""
    with pytest.raises(Unclear, match="per month or per year") as raised:
        after(text, figures, set_(f"figures.{row}", column, raw))
    assert raised.value.ways == ways
    for way in ways:
        told = after(text, figures, set_(f"figures.{row}", column, way))
        assert figures.parts(written(told), row)[1].endswith(figures.period(way))
        again = after(told, figures, set_(f"figures.{row}", column, raw.replace("1", "2")))
        assert figures.parts(written(again), row)[1].endswith(figures.period(way))


@pytest.mark.parametrize("replacing", [True, False])
def test_a_block_is_taken_whole(text: str, replacing: bool) -> None:
    """Heads are attributes, the first rows needs; what was there goes only where it is replaced."""
    done = change(lambda company: block.take(company, PASTED, replacing=replacing))(text, "acme.yaml", AT).text
    told = written(done)
    assert told["segments"]["households"]["customers"] == 84000
    assert told["segments"]["small_firms"]["customers"] == 6000
    assert told["segments"]["small_firms"]["needs"] == {
        "clarity": {"level": 80, "weight": 3},
        "speed": {"level": 80, "weight": 3},
    }
    assert told["journey"]["first_bill"]["delivers"] == {"clarity": 45}
    assert told["journey"]["meter_reading"]["every"] == "1 month"
    ours = ["compare_tariffs", "sign_up", "first_bill", "meter_reading", "call_centre", "moving_out"]
    assert (experience.lived(loads(done)) == ours) is replacing
    assert "# The touchpoints" in done


@pytest.mark.parametrize(
    ("pasted", "why"),
    [
        ("", "Nothing was pasted"),
        ("a\tb\n1\t2", "heads"),
        ("Touchpoint\tPhase\nBill\tUse", "no column of an attribute"),
        ("Touchpoint\tClarity\nBill\tmany", "row 2, Clarity: “many” is no number"),
        ("Touchpoint\tPhase\tClarity\nBill\tLater\t50", "“Later” is no phase"),
        ("Touchpoint\tClarity\n\t50", "has no name"),
        ("Touchpoint\tHow often\tClarity\nBill\tnow and then\t50", "how often"),
    ],
)
def test_a_block_that_cannot_be_is_told_cell_by_cell(text: str, pasted: str, why: str) -> None:
    """Nothing of it is taken."""
    with pytest.raises(UsageError, match=why):
        change(lambda company: block.take(company, pasted, replacing=True))(text, "acme.yaml", AT)


def test_promises_and_rivals_stand_in_the_same_columns(text: str) -> None:
    """A number under another attribute makes a promise about that one."""
    text = after(
        text,
        market,
        Touch("add", "brand_promises.", "", "A bill you understand"),
        set_("brand_promises.a_bill_you_understand", "a:speed", "84"),
        set_("brand_promises.a_bill_you_understand", "where", "Sign up"),
        Touch("add", "rivals.", "", "Discounter"),
        set_("rivals.discounter", "a:speed", "66"),
        set_("rivals.discounter", "where", "only raises the bar"),
    )
    told = written(text)
    assert told["brand_promises"]["a_bill_you_understand"] == {
        "attribute": "speed",
        "level": 84,
        "made_at": ["sign_up"],
    }
    assert told["rivals"]["discounter"]["levels"]["speed"] == 66 and not told["rivals"]["discounter"]["switch"]
    assert market.table(loads(text)).rows[-1].called == "Rival Discounter"


def test_plans_are_made_of_ideas(text: str) -> None:
    """Each alone and all together; they go with their ideas."""
    text = after(
        text,
        ideas,
        Touch("add", "initiatives.", "", "Readable bill"),
        set_("initiatives.readable_bill", "improves", "Everyday use: Speed"),
        set_("initiatives.readable_bill", "level", "82"),
        set_("initiatives.readable_bill", "once", "£80k"),
        set_("initiatives.readable_bill", "running", "2000"),
        set_("initiatives.readable_bill", "starts", "month 3"),
        Touch("add", "initiatives.", "", "Call-back"),
        set_("initiatives.call_back", "label", "Call back in a day"),
    )
    told = written(text)
    assert told["initiatives"]["readable_bill"] == {
        "changes": {"journey.everyday_use.delivers.speed": 82},
        "starts": "month 3",
        "cost": {"once": 80000, "running": "2000 per month"},
    }
    assert told["plans"] == {
        "readable_bill": ["readable_bill"],
        "call_back_in_a_day": {"initiatives": ["call_back_in_a_day"]},
        ideas.ALL: ["readable_bill", "call_back_in_a_day"],
    }
    told = written(after(text, ideas, Touch("remove", "initiatives.readable_bill")))
    assert told["plans"] == {"call_back_in_a_day": {"initiatives": ["call_back_in_a_day"]}}


def test_what_is_missing_is_told(text: str) -> None:
    """Nine things; and what can be played and cannot be meant."""
    assert [each.words for each in needs(loads(text)) if each.there] == ["a name"]
    assert gaps(loads(text)) == []
    text = after(text, experience, Touch("column", "", "", "Care"), Touch("insert", "journey.compare"))
    assert gaps(loads(text)) == ["No touchpoint delivers Care yet.", "New touchpoint has no level yet."]


def test_what_somebody_has_written_in_the_text_stays(text: str) -> None:
    """A comment of one's own is no longer written over."""
    mine = text.replace("name: Acme Energy", "name: Acme Energy  # ours")
    assert "# ours" in after(mine, experience, set_("journey.compare", "a:clarity", "45"))


def test_every_table_of_every_start_can_be_drawn() -> None:
    """Whatever a company begins with."""
    for text in [*(starts.industry(id, "A") for id in templates()), *(starts.example(id, "A") for id in stories())]:
        for each in (figures, experience, market, ideas):
            assert each.table(loads(text)).document()["rows"] or each is ideas


def test_a_company_text_says_what_else_it_reached(text: str) -> None:
    """A touchpoint removed takes with it what was about it."""
    text = after(text, ideas, Touch("add", "initiatives.", "", "Idea"))
    company = CompanyText(text, "acme.yaml", AT)
    company.remove("journey", "compare")
    assert company.effects


def test_the_plans_that_are_made_here_are_no_other_place(text: str) -> None:
    """An idea that nothing but its own plans mentions goes at once."""
    text = after(text, ideas, Touch("add", "initiatives.", "", "Idea"), Touch("add", "initiatives.", "", "Other"))
    removal = change(lambda company: ideas.heed(company, Touch("remove", "initiatives.idea")) and None)
    assert removal(text, "acme.yaml", AT).effects == ()
    mine = text + "  mine: [idea, other]\n"
    assert [each.path for each in removal(mine, "acme.yaml", AT).effects] == ["plans.mine.0"]


@pytest.mark.parametrize(
    ("text", "journey"), [(SHOP, True), (GERMAN_MAP, True), (PASTED, False), ("Touchpoint,Ease\nTill,70\n", False)]
)
def test_a_drawn_journey_is_told_from_a_grid(text: str, journey: bool) -> None:
    """A grid goes into the company that there is; a diagram or a journey map is one, with what was assumed told."""
    data = text.encode()
    assert starts.is_journey(data, "journey.txt") is journey
    if journey:
        made = loads(starts.spreadsheet(data, "journey.csv", "Ours"))
        assert made.name == "Ours" and made.warnings == ()
        assert "touchpoints of a" in starts.assumed(data, "journey.csv")
