"""Things renamed, moved, duplicated, added and removed: what they mean follows, and no other byte changes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import cxmodel
from cxmodel.errors import CxModelError, ScenarioError, UsageError
from cxmodel.scenario import loads
from cxmodel.scenario.editing.mentions import SECTIONS, mentions
from cxmodel.scenario.editing.structure import Outcome, duplicate, insert, move, relabel, remove, rename
from cxmodel.scenario.stories import stories
from cxmodel.scenario.yaml_text.parser import read
from tests.support.small import HERE, STORIES

NEW = "zz_new"
STORY = STORIES / "pretty_app.yaml"
LAYERS = HERE / "fixtures" / "layers"
MIXED = """\
# a shop
schema: 1
name: A shop
attributes:
  ease:    {kind: performance}   # how easy

  # how clear
  'clarity': {kind: must_be}

  # what the rest is
  care:
    kind: attractive
    # said inside
segments: {people: {customers: 10, needs: {"ease": {level: 70}, clarity:   {level: 60},
           care: {level: 50}}}}
insight_sources:
  survey:
    kind: customer
    sees:
      - ease       # asked first
      - "clarity"
      - care
    reliability: 0.5
levers: {people: {level: {value: 0.5, source: survey}}}
journey: {
  look: {stage: choose, delivers: {ease: 70}},  # first
  # the till
  pay:  {stage: buy, delivers: {clarity: 70}, fails: {rate: 0.1, contact: call}},
  wear: {stage: use, every: 30 days, delivers: {ease: 60, care: 50}, channel: app, offsets: {app: {ease: 2}}},
  call: {stage: support, delivers: {care: 60}}   # last
}
initiatives:
  train: {changes: {"journey.pay.delivers.clarity": 80, journey.wear.offsets.app.ease: 5}}
plans: {better: [train]}
expect: [{plan: better, metric: nps, above: -100}, {metric: nps, above: -100}]
meta: {clarity: clarity}
"""


def things(text: str) -> Iterator[tuple[str, list[str]]]:
    """The ids of each section of a text."""
    plain = read(text, "<text>").plain
    for section in SECTIONS:
        yield section, list(plain.get(section) or {})


def only_left_out(after: str, before: str) -> bool:
    """Whether a text is another one with characters left out."""
    rest = iter(before)
    return all(letter in rest for letter in after)


def said(done: Outcome) -> list[str]:
    return [effect.words for effect in done.effects]


def hold(text: str, section: str, id: str, ids: list[str], at: Path | None) -> None:
    """Everything that has to hold of one thing."""
    done = rename(text, section, id, NEW, at=at)
    assert NEW in done.text and done.text.replace(NEW, id) == text
    assert list(read(done.text, "").plain[section]) == [NEW if each == id else each for each in ids]
    assert rename(done.text, section, NEW, id, at=at).text == text
    place = ids.index(id)
    if len(ids) > 1:
        other = ids[place - 1] if place else ids[-1]
        back = {"before": ids[place + 1]} if place + 1 < len(ids) else {"after": ids[place - 1]}
        there = move(text, section, id, before=other, at=at) if place else move(text, section, id, after=other, at=at)
        assert sorted(there.text.replace("\r", "")) == sorted(text.replace("\r", ""))
        assert move(there.text, section, id, **back, at=at).text == text
    try:
        twice = duplicate(text, section, id, NEW, at=at)
    except UsageError as error:
        assert section == "value_propositions" and "every segment has its value proposition" in str(error)
    else:
        assert list(read(twice.text, "").plain[section]) == [*ids[: place + 1], NEW, *ids[place + 1 :]]
        assert remove(twice.text, section, NEW, at=at).text == text
    try:
        less = remove(text, section, id, at=at)
    except CxModelError as error:
        assert str(error)
    else:
        left = [each.kind for each in mentions(read(less.text, "").plain, section, id)]
        assert set(left) <= {"source"} and loads(less.text, "<text>", at).name
        assert "{}" in less.text or "[]" in less.text or only_left_out(less.text, text)


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(
            story, marks=pytest.mark.slow if story in ("kit_car_insurance", "pretty_app") else pytest.mark.soak
        )
        for story in sorted(stories())
    ],
)
@pytest.mark.parametrize("section", SECTIONS)
def test_every_thing_of_every_story(story: str, section: str) -> None:
    """Two of the stories for each change of the code, the others in the soak."""
    text = stories()[story].read_text(encoding="utf-8")
    ids = dict(things(text))[section]
    for id in ids:
        hold(text, section, id, ids, stories()[story])


def test_in_a_mixed_layout() -> None:
    hold(MIXED, "attributes", "clarity", ["ease", "clarity", "care"], None)


@pytest.mark.slow
@pytest.mark.parametrize("section", [name for name, ids in things(MIXED) if ids])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_in_every_layout(section: str, ends: str) -> None:
    text = MIXED.replace("\n", ends)
    ids = dict(things(text))[section]
    for id in ids:
        hold(text, section, id, ids, None)
        hold(text.removesuffix(ends), section, id, ids, None)


@cache
def _tables(text: str, file: Path, plan: int) -> dict[str, Any]:
    scenario = loads(text, file.name, file)
    result = cxmodel.simulate(scenario, plan=list(scenario.plans)[plan], replications=2, seed=5)
    tables = {name: result.rows(name) for name in ("metrics", "touchpoints", "timeline", "today", "contacts")}
    return {**tables, "customers": result.customers(3).to_dict("records")}


def _by_old_names(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {_by_old_names(key, names): _by_old_names(item, names) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_by_old_names(item, names) for item in value)
    return names.get(value, value) if isinstance(value, str) else value


@pytest.mark.slow
@pytest.mark.parametrize("story", sorted(stories()))
def test_other_names_give_the_same_numbers_bit_for_bit(story: str) -> None:
    """All things at once, in names whose alphabetical order is the other way round."""
    file = stories()[story]
    text = renamed = file.read_text(encoding="utf-8")
    names: dict[str, str] = {}
    for number, (section, ids) in enumerate(things(text)):
        for id in ids:
            new = f"{chr(ord('z') - sorted(ids).index(id))}{number}_{id}"
            names[new] = id
            renamed = rename(renamed, section, id, new, at=file).text
    assert repr(_by_old_names(_tables(renamed, file, 0), names)) == repr(_tables(text, file, 0))


def test_a_new_id_has_to_be_one_and_free() -> None:
    text = STORY.read_text()
    for id, why in [("Track", "no id"), ("9th", "no id"), ("unboxing", "already"), ("a" * 65, "no id"), ("", "no id")]:
        with pytest.raises(UsageError, match=why):
            rename(text, "journey", "track_order", id)
    for section, id in [("plans", "as_is"), ("segments", "all")]:
        with pytest.raises(UsageError, match="meaning of its own"):
            rename(text, section, next(iter(read(text, "").plain[section])), id)
    with pytest.raises(UsageError, match="did you mean `track_order`"):
        rename(text, "journey", "track_ordr", NEW)
    with pytest.raises(UsageError, match="no things with an id"):
        rename(text, "levers", "people", NEW)
    assert rename(text, "journey", "track_order", "track_order").text == text


def test_an_id_that_yaml_reads_as_something_else_is_quoted_where_it_is_a_value() -> None:
    done = rename(MIXED, "attributes", "clarity", "true").text
    assert "'true': {kind: must_be}" in done and '- "true"' in done and "journey.pay.delivers.true" in done
    assert "  attribute: true" not in done


def test_what_a_rename_reaches_is_told_before() -> None:
    done = rename(STORY.read_text(), "journey", "track_order", NEW)
    dotted = "journey.track_order.delivers.clarity"
    assert done.effects[0].path == f"initiatives.real_tracking.changes.{dotted}"
    assert STORY.read_text().splitlines()[done.effects[0].line - 1].count(dotted) == 1
    assert said(done)[0] == "real tracking changes track order, clarity delivered: follows"


def test_a_label_is_all_that_changes() -> None:
    text = STORY.read_text()
    one = relabel(text, "journey", "track_order", "Wo bleibt’s? 🙂").text
    assert one == text.replace("  track_order:\n", "  track_order:\n    label: Wo bleibt’s? 🙂\n")
    two = relabel(text, "brand_promises", "on_your_face", "A: b").text
    assert two == text.replace("on_your_face:    {attribute", 'on_your_face:    {label: "A: b", attribute')
    assert relabel(one, "journey", "track_order", "").text == text
    assert "label: Where" in relabel(one, "journey", "track_order", "Where").text


def test_a_copy_may_have_a_label_and_never_has_the_first_ones() -> None:
    text = relabel(STORY.read_text(), "journey", "goodbye", "Farewell").text
    scenario = loads(duplicate(text, "journey", "goodbye", NEW).text, "<text>")
    assert scenario.label("journey", NEW) == "Zz new" and scenario.label("journey", "goodbye") == "Farewell"
    assert loads(duplicate(text, "journey", "goodbye", NEW, "Bye").text, "<text>").label("journey", NEW) == "Bye"


@pytest.mark.slow
def test_a_new_thing_goes_where_it_is_wanted() -> None:
    text = STORY.read_text()
    value = {"stage": "receive", "delivers": {"speed": 60}}
    ids = list(read(text, "").plain["journey"])
    for place in range(len(ids)):
        for way, further in (("before", 0), ("after", 1)):
            done = insert(text, "journey", NEW, value, **{way: ids[place]}).text
            now = list(read(done, "").plain["journey"])
            assert now == [*ids[: place + further], NEW, *ids[place + further :]]
            assert remove(done, "journey", NEW).text == text
    assert list(read(insert(text, "journey", NEW, value).text, "").plain["journey"])[-1] == NEW
    made = insert(MIXED, "rivals", NEW, {"levels": {"ease": 80}}).text
    assert made.startswith(MIXED) and made.endswith(f"rivals: {{{NEW}: {{levels: {{ease: 80}}}}}}\n")


def test_what_cannot_be_without_it_goes_too() -> None:
    done = remove(STORY.read_text(), "attributes", "clarity")
    plain = read(done.text, "").plain
    assert "pizza_style_bar" not in plain["brand_promises"] and "pizza_chain" not in plain["rivals"]
    assert "promise_less" not in plain["initiatives"] and plain["plans"]["both"] == ["real_tracking"]
    assert plain["plans"]["say_less"] == []
    assert "pizza style bar: goes, as it is about `clarity`" in said(done)
    assert "plan say less: has nothing left: it is the same as today" in said(done)


def test_where_people_turn_instead_is_told() -> None:
    text = (
        STORY.read_text()
        .replace("contact: call_us", "calls: 0.5")
        .replace("  new_frames:", "  write_us: {stage: support, delivers: {clarity: 50}}\n  new_frames:")
    )
    assert said(remove(text, "journey", "call_us")) == [
        "track order, fails: turns to write us where no contact is said"
    ]
    assert said(move(text, "journey", "write_us", before="call_us")) == [
        "track order, fails: turns to write us where no contact is said"
    ]


def test_another_order_is_told_where_it_is_lived() -> None:
    text = STORY.read_text()
    assert said(move(text, "journey", "track_order", after="unboxing")) == [
        "within stage receive it is lived in this order: order email, unboxing, track order"
    ]
    assert said(move(text, "journey", "virtual_try_on", after="goodbye")) == []


def test_the_only_one_stays() -> None:
    with pytest.raises(UsageError, match="the only segment"):
        remove(STORY.read_text(), "segments", "style_seekers")
    text = MIXED.replace(
        '{"ease": {level: 70}, clarity:   {level: 60},\n           care: {level: 50}}', "{care: {level: 50}}"
    )
    with pytest.raises(UsageError, match="`people` needs nothing else"):
        remove(text, "attributes", "care")


def test_comments_go_with_what_they_are_about() -> None:
    done = remove(MIXED, "attributes", "care").text
    assert "said inside" not in done and "what the rest is" not in done and "# how clear" in done
    done = remove(MIXED, "journey", "pay").text
    assert "# the till" not in done and "# first" in done and "# last" in done


def test_what_repeats_an_anchor_is_followed_or_refused() -> None:
    shared = MIXED.replace("delivers: {ease: 70}", "delivers: &eased {ease: 70}").replace(
        "delivers: {ease: 60, care: 50}, channel", "delivers: *eased, channel"
    )
    done = rename(shared, "attributes", "ease", NEW).text
    assert done.replace(NEW, "ease") == shared and read(done, "").plain["journey"]["wear"]["delivers"] == {NEW: 70}
    with pytest.raises(UsageError, match="eased"):
        remove(shared, "journey", "look")
    twice = duplicate(shared, "journey", "look", NEW).text
    assert twice.count("&eased") == 1 and remove(twice, "journey", NEW).text == shared
    word = MIXED.replace("[{plan: better,", "[{plan: &which better,").replace(
        "{metric: nps", "{plan: *which, metric: nps"
    )
    assert rename(word, "plans", "better", NEW).text.replace(NEW, "better") == word


class TestLayers:
    """Files that build on others."""

    branch = LAYERS / "branch.yaml"
    text = branch.read_text()

    def test_what_another_file_says_is_renamed_there(self) -> None:
        with pytest.raises(UsageError, match=r"named in .*region\.yaml, which this file builds on: rename it there"):
            rename(self.text, "journey", "pay", NEW, at=self.branch, name=str(self.branch))

    def test_ones_own_is_renamed_under_set_and_in_dotted_paths(self) -> None:
        rival = "  rivals.mall: {levels: {ease: 70}}\n  rivals.mall.moves.ease: +1 per year\n"
        rival += "  futures.boom.changes.rivals.mall.levels.ease: 90\n"
        own = self.text.replace("set:\n", f"set:\n{rival}")
        done = rename(own, "rivals", "mall", NEW, at=self.branch).text
        assert done.replace(NEW, "mall") == own and done.count(NEW) == 3
        assert loads(done, "", self.branch).futures["boom"].changes

    def test_a_label_of_what_is_inherited_is_ones_own(self) -> None:
        done = relabel(self.text, "journey", "pay", "Till", at=self.branch).text
        assert loads(done, "", self.branch).label("journey", "pay") == "Till"

    def test_an_inherited_order_stays(self) -> None:
        with pytest.raises(UsageError, match="whose order counts"):
            move(self.text, "journey", "pay", before="look", at=self.branch)

    def test_a_copy_of_what_is_inherited_is_ones_own_and_goes_again(self) -> None:
        for section, id in [("journey", "pay"), ("attributes", "ease"), ("initiatives", "train")]:
            done = duplicate(self.text, section, id, NEW, at=self.branch).text
            scenario = loads(done, "", self.branch)
            assert NEW in getattr(scenario, section) and id in getattr(scenario, section)
            less = remove(done, section, NEW, at=self.branch).text
            assert NEW not in getattr(loads(less, "", self.branch), section)
            assert loads(less, "", self.branch).hash == loads(self.text, "", self.branch).hash

    def test_what_is_inherited_is_removed_here(self) -> None:
        for section, id in [("journey", "look"), ("attributes", "clarity"), ("insight_sources", "tracker")]:
            done = remove(self.text, section, id, at=self.branch).text
            assert id not in getattr(loads(done, "", self.branch), section)
            assert "remove: [journey.goodbye, meta.client, " in done

    def test_what_would_not_be_valid_is_not_done(self) -> None:
        with pytest.raises(ScenarioError) as refused:
            insert(self.text, "journey", NEW, {"stage": "nowhere"}, at=self.branch)
        assert "Nothing was written" in refused.value.__notes__[0]
