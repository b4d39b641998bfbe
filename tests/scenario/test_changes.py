"""What initiatives and futures change: new values, values told by what there is, switches."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxmodel.errors import ScenarioError
from cxmodel.scenario import loads
from cxmodel.scenario.fields.notation import Relative
from cxmodel.vocabulary import MONTH

SHOP = """
schema: 1
name: A shop that changes
attributes: {speed: {}}
segments:
  locals: {customers: 10, prospects: 10, adoption: {p: 0.03, q: 0.38}, needs: {speed: {level: 70}}}
value_propositions: {deal: {for: [locals], price: 12 per month}}
levers: {culture: {level: 0.4}, single_view: {level: 0.3}}
journey:
  counter:
    stage: use
    every: 10 days
    delivers: {speed: {value: 60, source: tracker}}
    channels: {shop: {share: 3}, phone: {share: 1, offered: false}}
    offsets: {phone: {speed: -10}}
    spend: 1000 per year
  help: {stage: support, contact_cost: 5, staffed: {agents: 4, handling: 5 minutes}}
rivals: {big: {levels: {speed: 80}, price: 15 per month}}
closed_loop: {every: 1 month}
survey: {questions: 12}
economics: {margin: 9 per month}
"""


def changed(path: str, written: str) -> object:
    """What a change is read as."""
    text = f"{SHOP}initiatives: {{act: {{changes: {{{path}: {written}}}, cost: {{once: 1}}}}}}\n"
    return loads(text).initiatives["act"].changes[path]


@pytest.mark.parametrize(
    ("path", "written", "read"),
    [
        ("journey.counter.delivers.speed", '"+10"', Relative(1, 10)),
        ("journey.counter.delivers.speed", "-30 %", Relative(0.7, 0)),
        ("journey.counter.offsets.phone.speed", '"+10"', Relative(1, 10)),
        ("journey.counter.channels.shop.share", '"x 2"', Relative(2, 0)),
        ("journey.counter.spend", "+500 per year", Relative(1, 500 / 365.25)),
        ("journey.help.contact_cost", '"-1"', Relative(1, -1)),
        ("journey.help.staffed.handling", "+5 minutes", Relative(1, 5 / 1440)),
        ("journey.help.staffed.agents", "x 1.5", Relative(1.5, 0)),
        ("journey.help.staffed.resolves", "-10 %", Relative(0.9, 0)),
        ("segments.locals.adoption.p", '"+0.01"', Relative(1, 0.01 / 365.25)),
        ("value_propositions.deal.price", "-24 per year", Relative(1, -2)),
        ("rivals.big.price", '"x 0.8"', Relative(0.8, 0)),
        ("levers.culture.level", '"+0.2"', Relative(1, 0.2)),
        ("levers.single_view.level", "+50 %", Relative(1.5, 0)),
        ("levers.people.level", '"+0.2"', Relative(1, 0.2)),
        ("closed_loop.every", '"x 2"', Relative(2, 0)),
        ("survey.questions", '"-7"', Relative(1, -7)),
        ("economics.margin", "-12 per month", Relative(1, -12 / MONTH)),
    ],
)
def test_a_change_may_be_told_by_what_there_is(path: str, written: str, read: Relative) -> None:
    """In the unit of the value, whether that is written, has a source, or is a default."""
    assert changed(path, written) == pytest.approx(read)


@pytest.mark.parametrize(
    ("path", "written", "read"),
    [
        ("journey.counter.channels.phone.offered", "true", True),
        ("closed_loop.tell_team", "false", False),
        ("closed_loop.share_words", "true", True),
        ("closed_loop.actions", "3", 3),
        ("closed_loop.questions", "12", 12),
        ("journey.counter.offsets.phone.speed", "-5", -5.0),
        ("journey.counter.delivers.speed", "10", 10.0),
        ("journey.help.staffed.exceptions", "30 %", 0.3),
        ("rivals.big.price", "180 per year", 15.0),
    ],
)
def test_switches_whole_numbers_and_values_are_taken_as_they_are(path: str, written: str, read: object) -> None:
    """A word or a number without a sign is the new value itself."""
    assert (changed(path, written), type(changed(path, written))) == (pytest.approx(read), type(read))


@pytest.mark.slow
@given(st.integers(-150, 150))
def test_what_is_accepted_leaves_todays_value_within_its_bounds(points: int) -> None:
    """From a level of 60, just the changes to 0 .. 100 are accepted; others show what would come of them."""
    try:
        read = changed("journey.counter.delivers.speed", f'"{points:+d}"')
    except ScenarioError as error:
        assert not 0 <= 60 + points <= 100
        assert f"`{60 + points}`" in str(error)
    else:
        assert read == Relative(1, points)
        assert 0 <= 60 + points <= 100


def test_a_channel_that_an_initiative_opens_may_deliver_more_or_less() -> None:
    """Nobody uses it today, but somebody will: no warning."""
    act = "initiatives: {open: {changes: {journey.counter.channels.phone.offered: true}, cost: {once: 1}}}\n"
    assert [warning.code for warning in loads(SHOP).warnings] == ["CXM507"]
    assert loads(SHOP + act).warnings == ()


def test_changes_that_mean_something_else_have_another_hash() -> None:
    """`+10` and `x 1.1` are kept apart, and travel between processes."""
    texts = [f"{SHOP}futures: {{f: {{changes: {{journey.counter.delivers.speed: '{w}'}}}}}}" for w in ("+10", "x 1.1")]
    more, times = map(loads, texts)
    assert more.hash != times.hash
    assert pickle.loads(pickle.dumps(more)).futures == more.futures


def test_an_initiative_from_python_may_be_told_by_what_there_is() -> None:
    """The same texts as in a file."""
    scenario = loads(SHOP).with_initiative("act", {"levers.people.level": "+0.1"}, plan="mine")
    assert scenario.initiatives["act"].changes["levers.people.level"] == Relative(1, 0.1)
