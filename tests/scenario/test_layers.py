"""Scenarios that build on others: what wins, where each value comes from, and what must not be read."""

from __future__ import annotations

import itertools
import os
import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxmodel.errors import Problem, ScenarioError, UsageError
from cxmodel.scenario import Scenario, load, loads
from cxmodel.scenario.characters import visible
from cxmodel.scenario.faults import CODES
from cxmodel.scenario.fields.introspection import kind_of, quantity_of
from cxmodel.scenario.fields.notation import is_relative
from cxmodel.scenario.yaml_text.layers import MAX_FILES, MAX_LEVELS
from cxmodel.scenario.yaml_text.parser import read
from cxmodel.scenario.yaml_text.paths import is_fact, is_of_changes
from cxmodel.scenario.yaml_text.writer import to_yaml

LAYERS = Path(__file__).parents[1] / "fixtures" / "layers"
BASE = (LAYERS / "base.yaml").read_text("utf-8")
EVERYTHING = Path(__file__).parents[1] / "fixtures" / "everything.yaml"
STORIES = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
Folder = Path


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder with a whole scenario to build on."""
    (tmp_path / "base.yaml").write_text(BASE, "utf-8")
    return tmp_path


def put(folder: Folder, name: str, text: str) -> Path:
    """A file of the folder."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(textwrap.dedent(text), "utf-8")
    return file


def overlay(folder: Folder, text: str, name: str = "top.yaml") -> Scenario:
    """The scenario of a file that extends the whole one."""
    return load(put(folder, name, "extends: base.yaml\n" + textwrap.dedent(text)))


def problems(folder: Folder, text: str, name: str = "top.yaml") -> tuple[Problem, ...]:
    """All that is wrong with a file of the folder."""
    with pytest.raises(ScenarioError) as caught:
        load(put(folder, name, text))
    found = caught.value.problems
    assert all(problem.code in CODES and problem.expected for problem in found)
    return found


# --- what wins ------------------------------------------------------------------------------------------------------

LEVEL = {"earlier parent": 0.31, "later parent": 0.32, "own key": 0.33, "set": 0.34, "command line": 0.35}
"""Who may say how far practices are developed, from the weakest to the strongest, and what each says."""


def told(folder: Folder, said_by: frozenset[str]) -> float:
    """The level of practices when some layers say it."""
    written = {who: f"levers: {{practices: {{level: {level}}}}}\n" for who, level in LEVEL.items()}
    for number, parent in enumerate(("earlier parent", "later parent")):
        text = "extends: base.yaml\n" + (written[parent] if parent in said_by else "")
        (folder / f"parent{number}.yaml").write_text(text, "utf-8")
    text = "extends: [parent0.yaml, parent1.yaml]\n"
    text += written["own key"] if "own key" in said_by else ""
    text += f"set: {{levers.practices.level: {LEVEL['set']}}}\n" if "set" in said_by else ""
    scenario = load(put(folder, "top.yaml", text))
    if "command line" in said_by:
        scenario = scenario.with_changes({"levers.practices.level": LEVEL["command line"]})
    return scenario.levers.level("practices")


PAIRS = [pair for pair in itertools.combinations(LEVEL, 2) if pair != ("own key", "set")]


@pytest.mark.parametrize("pair", PAIRS, ids=" < ".join)
def test_of_two_layers_the_stronger_wins(pair: tuple[str, str], folder: Folder) -> None:
    """Command line > `set` and own keys > later parents > earlier parents."""
    assert told(folder, frozenset(pair)) == LEVEL[pair[1]]


@pytest.mark.parametrize("layer", LEVEL)
def test_every_layer_wins_over_defaults(layer: str, folder: Folder) -> None:
    """What anyone says counts more than what nobody said."""
    assert (told(folder, frozenset([layer])), told(folder, frozenset())) == (LEVEL[layer], 0.5)


def test_with_all_layers_the_command_line_wins(folder: Folder) -> None:
    """Between `set` and own keys there is nothing to win: both may not say it."""
    assert told(folder, frozenset(LEVEL) - {"set"}) == LEVEL["command line"]


@pytest.mark.parametrize(
    "text",
    [
        "levers: {people: {level: 0.6}}\nset: {levers.people.level: 0.7}",
        "levers: {people: {level: 0.6}}\nset: {levers: {people: {level: 0.7}}}",
        "set: {levers.people.level: 0.7, levers: {people: {level: 0.7}}}",
        "today: {nps: 40}\nset: {today.nps.value: 41}",
        "today: {nps: {value: 40}}\nset: {today.nps: 41}",
        "plans: {better: []}\nset: {plans.better: [train]}",
        "name: A\nset: {name: B}",
    ],
)
def test_the_same_path_set_twice_in_one_file_is_an_error(text: str, folder: Folder) -> None:
    """As an own key and under `set`, or twice under `set`: nobody could tell which was meant."""
    (problem,) = problems(folder, f"extends: base.yaml\n{text}\n")
    assert problem.code == "CXM118" and problem.line > 1


def test_own_keys_and_set_may_say_different_things_of_one_part(folder: Folder) -> None:
    """Neighbours are no conflict."""
    people = overlay(folder, "levers: {people: {level: 0.6}}\nset: {levers.people.cost: 10 per year}").levers.people  # type: ignore[attr-defined]
    assert (people.level, people.cost > 0) == (0.6, True)


# --- how layers merge -----------------------------------------------------------------------------------------------


def test_mappings_merge_and_lists_and_scalars_replace(folder: Folder) -> None:
    """A key that is not mentioned stays; a list is replaced as a whole."""
    scenario = overlay(
        folder,
        """
        journey: {pay: {relies_on: {people: 1}}}
        insight_sources: {tracker: {sees: [clarity]}}
        """,
    )
    assert scenario.journey["pay"].relies_on == {"platforms": 0.5, "people": 0.5}
    assert scenario.insight_sources["tracker"].sees == ("clarity",)
    assert scenario.insight_sources["tracker"].reliability == 0.5


def test_set_takes_shapes_dotted_paths_and_both_mixed(folder: Folder) -> None:
    """`set:` is written as a scenario is, or by path, or by a path to a shape."""
    scenario = overlay(
        folder,
        """
        set:
          journey: {look: {importance: 2}}
          journey.pay.delivers.clarity: 71
          journey.wear: {delivers: {clarity: 72}}
        """,
    )
    assert scenario.journey["look"].importance == 2
    assert scenario.journey["pay"].delivers["clarity"] == 71
    assert scenario.journey["wear"].delivers == {"ease": 72, "clarity": 72}


def test_set_reaches_the_dotted_keys_of_changes(folder: Folder) -> None:
    """What an initiative changes is named by a path; its dots do not cut it into pieces."""
    path = "journey.pay.delivers.clarity"
    scenario = overlay(folder, f"set: {{initiatives.train.changes.{path}: 90}}")
    assert scenario.initiatives["train"].changes == {path: 90}
    scenario = overlay(folder, f"set: {{initiatives: {{train: {{changes: {{{path}: 91}}}}}}}}")
    assert scenario.initiatives["train"].changes == {path: 91}
    scenario = overlay(folder, "set: {initiatives.train.changes.levers.people.level: 0.8}")
    assert list(scenario.initiatives["train"].changes) == [path, "levers.people.level"]


def test_a_set_number_keeps_its_source_and_loses_its_range(folder: Folder) -> None:
    """The source, its date and its note stay; the range was about the old number."""
    for text in ("set: {today.nps: 41}", "today: {nps: 41}", "set: {today: {nps: 41}}"):
        fact = overlay(folder, text).facts["today.nps"]
        assert (fact.value, fact.low, fact.high, fact.source, fact.as_of) == (41, None, None, "tracker", "2026-05")


def test_a_number_can_be_given_a_source_alone(folder: Folder) -> None:
    """An overlay that says where a number comes from need not repeat it."""
    for text in ("set: {levers.people.level.source: audit}", "levers: {people: {level: {source: audit}}}"):
        fact = overlay(folder, text).facts["levers.people.level"]
        assert (fact.value, fact.source) == (0.7, "audit")


def test_inherited_keys_keep_their_order_and_new_ones_come_after(folder: Folder) -> None:
    """A journey is lived in order, so the order is the parent's."""
    text = "journey:\n  call: {stage: support, delivers: {ease: 50}}\n  pay: {effort: 3}\n  look: {effort: 1}\n"
    assert list(overlay(folder, text).journey) == ["look", "pay", "wear", "goodbye", "call"]


def test_removing_takes_out_what_parents_and_own_keys_say(folder: Folder) -> None:
    """`remove` comes last."""
    scenario = overlay(folder, "set: {journey.wear.effort: 4}\nremove: [journey.goodbye, journey.wear.effort, meta]")
    assert list(scenario.journey) == ["look", "pay", "wear"]
    assert (scenario.journey["wear"].effort, scenario.meta) == (0, {})


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("journey.goodby", "journey.goodbye"),
        ("journy.goodbye", "journey.goodbye"),
        ("journey.pay.deliver.clarity", "journey.pay.delivers.clarity"),
        ("levers.people.level.low", "one value"),
        ("plans.better.0", "whole list"),
        ("''", "path"),
    ],
)
def test_removing_what_is_not_there_is_an_error(path: str, hint: str, folder: Folder) -> None:
    """With what may be meant."""
    (problem,) = problems(folder, f"extends: base.yaml\nremove:\n  - {path}\n")
    assert (problem.line, hint in problem.expected) == (3, True)


def test_what_misses_what_was_removed_is_told_at_the_removal(folder: Folder) -> None:
    """The line to mend is the one that takes away."""
    (problem,) = problems(folder, "extends: base.yaml\nremove: [segments]\n")
    assert (problem.code, problem.line) == ("CXM202", 2)


def test_a_name_that_stood_for_what_was_removed_tells_the_removal(folder: Folder) -> None:
    """The problem is told where the name is used, the hint says who took away what it stands for."""
    found = problems(folder, "extends: base.yaml\nremove: [attributes.clarity]\n")
    assert {problem.code for problem in found} == {"CXM301"}
    told = f"`attributes.clarity` is removed at {folder / 'top.yaml'}:2"
    assert all(Path(problem.file).name == "base.yaml" and told in problem.expected for problem in found)


def test_entries_of_lists_are_not_set_alone(folder: Folder) -> None:
    """A list is replaced as a whole."""
    (problem,) = problems(folder, "extends: base.yaml\nset: {plans.better.0: train}\n")
    assert (problem.line, "the whole list" in problem.expected) == (2, True)


@pytest.mark.parametrize("typo", ["extend", "Set", "removes"])
def test_a_misspelt_layer_key_gets_a_did_you_mean(typo: str) -> None:
    """Though the keys of layers are no part of the scenario."""
    with pytest.raises(ScenarioError, match=r"did you mean `(extends|set|remove)`"):
        loads(BASE + f"{typo}: base.yaml\n")


def test_an_empty_heading_takes_nothing_away(folder: Folder) -> None:
    """A section whose entries are commented out is as if it were not there."""
    assert overlay(folder, "journey:\nset:\nremove:\n").hash == loads(BASE).hash


def test_set_and_remove_work_without_a_parent() -> None:
    """A text may set what it says itself."""
    assert loads(BASE + "set: {levers.practices.level: 0.4}\nremove: [meta]\n").levers.level("practices") == 0.4


# --- several files --------------------------------------------------------------------------------------------------


def test_three_levels_build_on_each_other() -> None:
    """A branch builds on its region, which builds on what is usual."""
    scenario = load(LAYERS / "branch.yaml")
    assert scenario.name == "The shop at the harbour"
    assert (scenario.levers.level("people"), scenario.levers.level("practices")) == (0.6, 0.4)
    assert [Path(file).name for file in scenario.files] == ["branch.yaml", "region.yaml", "base.yaml"]


def test_a_file_reached_in_two_ways_counts_once_and_first(folder: Folder) -> None:
    """What one parent says is not undone by another that merely shares its base."""
    put(folder, "left.yaml", "extends: base.yaml\nset: {levers.people.level: 0.2}\nremove: [journey.goodbye]\n")
    put(folder, "right.yaml", "extends: base.yaml\nset: {levers.policies.level: 0.3}\n")
    scenario = load(put(folder, "top.yaml", "extends: [left.yaml, right.yaml]\n"))
    assert (scenario.levers.level("people"), scenario.levers.level("policies")) == (0.2, 0.3)
    assert "goodbye" not in scenario.journey


def test_a_file_cannot_win_over_what_builds_on_it(folder: Folder) -> None:
    """An order of parents that cannot be kept is an error, not a surprise."""
    put(folder, "left.yaml", "extends: base.yaml\n")
    (problem,) = problems(folder, "extends:\n  - left.yaml\n  - base.yaml\n")
    assert (problem.code, problem.line) == ("CXM120", 3)
    (problem,) = problems(folder, "extends: [base.yaml, base.yaml]\n")
    assert problem.code == "CXM406"


def test_a_circle_is_told_with_its_chain(folder: Folder) -> None:
    """Each file of the circle is named, in order."""
    put(folder, "a.yaml", "extends: b.yaml\n")
    put(folder, "b.yaml", "extends: a.yaml\n")
    (problem,) = problems(folder, "extends: a.yaml\n")
    a, b = folder / "a.yaml", folder / "b.yaml"
    assert (problem.code, problem.file, problem.line) == ("CXM116", str(b), 1)
    assert f"{a} → {b} → {a}" in problem.message
    (problem,) = problems(folder, "extends: self.yaml\n", "self.yaml")
    assert problem.code == "CXM116"


def test_a_missing_parent_is_told_where_it_is_asked_for(folder: Folder) -> None:
    """File and line of who asks, and the name that may be meant."""
    put(folder, "mid.yaml", "# first line\nextends:\n  - bsae.yaml\n")
    (problem,) = problems(folder, "extends: mid.yaml\n")
    assert (problem.code, problem.file, problem.line) == ("CXM101", str(folder / "mid.yaml"), 3)
    assert problem.expected == "did you mean `base.yaml`?"


@pytest.mark.parametrize("what", ["5", "[[base.yaml]]", "{file: base.yaml}", "['']", "true"])
def test_extends_names_files(what: str, folder: Folder) -> None:
    """One file, or a list of them."""
    (problem,) = problems(folder, f"extends: {what}\n")
    assert (problem.code, problem.line) == ("CXM208", 1)


@pytest.mark.parametrize(("key", "what"), [("set", "[1]"), ("set", "5"), ("remove", "{a: 1}"), ("remove", "[{a: 1}]")])
def test_set_is_a_mapping_and_remove_a_list(key: str, what: str, folder: Folder) -> None:
    """Anything else is told with what would be right."""
    (problem,) = problems(folder, f"extends: base.yaml\n{key}: {what}\n")
    assert (problem.code, problem.line) == ("CXM208", 2)


def test_set_cannot_extend(folder: Folder) -> None:
    """What lays files over each other is no part of the scenario."""
    (problem,) = problems(folder, "extends: base.yaml\nset: {extends: base.yaml}\n")
    assert problem.code == "CXM201"


def test_a_text_without_a_file_cannot_extend() -> None:
    """There is no folder to look in, and nothing is looked for."""
    with pytest.raises(ScenarioError) as caught:
        loads("schema: 1\nextends: base.yaml\n")
    (problem,) = caught.value.problems
    assert (problem.code, problem.line) == ("CXM114", 2)


# --- the workspace --------------------------------------------------------------------------------------------------


def test_parents_may_lie_anywhere_in_the_workspace(folder: Folder) -> None:
    """The workspace is the nearest folder above with `.git` or the schema; names count from the file that asks."""
    (folder / "scenario.schema.json").write_text("{}")
    put(folder, "regions/north.yaml", "extends: ../base.yaml\n")
    absolute = folder / "base.yaml"
    for text in ("extends: ../regions/north.yaml\n", f"extends: {absolute}\n"):
        assert load(put(folder, "branches/harbour.yaml", text)).hash == loads(BASE).hash


@pytest.mark.parametrize("root", [".git", "scenario.schema.json", None])
def test_parents_may_not_lie_outside_the_workspace(root: str | None, folder: Folder) -> None:
    """Neither by `..`, nor by an absolute path, nor by a link; whether there is such a file is not told."""
    inside = folder / "inside"
    put(inside, "sub/x.yaml", "extends: ../base.yaml\n")
    if root:
        (inside / root).mkdir()
    os.symlink(folder / "base.yaml", inside / "link.yaml")
    os.symlink(folder, inside / "door")
    for name in (
        "../base.yaml",
        "../nothing.yaml",
        str(folder / "base.yaml"),
        "link.yaml",
        "door/base.yaml",
        "/etc/passwd",
    ):
        (problem,) = problems(inside, f"extends: {name}\n")
        assert problem.code == "CXM115"
        assert str(inside) in problem.expected


def test_without_a_root_the_workspace_is_the_file_s_own_folder(folder: Folder) -> None:
    """A lone file sees its own folder and what lies in it."""
    put(folder, "low/base.yaml", BASE)
    assert load(put(folder, "top.yaml", "extends: low/base.yaml\n")).name == "A shop"
    assert problems(folder, "extends: ../base.yaml\n", "low/top.yaml")[0].code == "CXM115"


def test_links_inside_the_workspace_are_fine(folder: Folder) -> None:
    """A link is what it leads to; two names of one file are one file."""
    os.symlink(folder / "base.yaml", folder / "alias.yaml")
    assert load(put(folder, "top.yaml", "extends: alias.yaml\n")).name == "A shop"
    assert problems(folder, "extends: [base.yaml, alias.yaml]\n")[0].code == "CXM406"


# --- limits ---------------------------------------------------------------------------------------------------------


def tower(folder: Folder, levels: int) -> Path:
    """Files on top of one another, the whole scenario at the bottom."""
    put(folder, "level0.yaml", BASE)
    for level in range(1, levels):
        put(folder, f"level{level}.yaml", f"extends: level{level - 1}.yaml\n")
    return folder / f"level{levels - 1}.yaml"


def test_files_stack_to_a_limit(folder: Folder) -> None:
    """Ten on top of one another, and not one more."""
    assert load(tower(folder, MAX_LEVELS)).name == "A shop"
    with pytest.raises(ScenarioError, match="CXM117"):
        load(tower(folder, MAX_LEVELS + 1))


def test_the_number_of_files_is_limited(folder: Folder) -> None:
    """A scenario is made of fifty files at most."""
    names = [put(folder, f"part{number}.yaml", "meta: {}\n").name for number in range(MAX_FILES)]
    codes = {problem.code for problem in problems(folder, f"extends: [{', '.join(['base.yaml', *names])}]\n")}
    assert codes == {"CXM117"}


@pytest.mark.slow
def test_bytes_values_and_aliases_are_limited_for_all_files_together(folder: Folder) -> None:
    """Many files hold no more than one may."""
    parts = {
        "CXM103": "meta: {x: '" + 300_000 * "x" + "'}\n",
        "CXM109": "meta: {x: [" + 30_000 * "1," + "]}\n",
    }
    for code, text in parts.items():
        for number in range(4):
            put(folder, f"part{number}.yaml", text)
        assert {
            problem.code for problem in problems(folder, f"extends: [{', '.join(f'part{n}.yaml' for n in range(4))}]\n")
        } == {code}
    for number in range(4):
        put(folder, f"part{number}.yaml", "meta: {a: &a 1, x: [" + 300 * "*a," + "]}\n")
    (problem,) = problems(folder, "extends: [part0.yaml, part1.yaml, part2.yaml, part3.yaml]\n")
    assert "aliases" in problem.message


@pytest.mark.slow
def test_hostile_lists_are_refused_soon(folder: Folder) -> None:
    """Neither a look into the folder nor a did-you-mean for each of ten thousand."""
    many = ", ".join(f"nothing{number}.yaml" for number in range(10_000))
    assert [problem.code for problem in problems(folder, f"extends: [{many}]\n")] == ["CXM117"]
    assert len(problems(folder, f"extends: base.yaml\nremove: [{many}]\n")) <= 101
    deep = "\n".join(f"  meta.a{'.a' * 37}.b{number}: 1" for number in range(500))
    assert overlay(folder, f"set:\n{deep}\n", "deep.yaml").meta.keys() == {"client", "a"}


def test_strange_parents_are_refused(folder: Folder) -> None:
    """A folder, a pipe, no UTF-8, a control character, a loop of links: told in words, never read on."""
    (folder / "dir").mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "latin.yaml").write_bytes(b"name: caf\xe9\n")
    (folder / "bell.yaml").write_bytes(b"name: x\nquestion: \x07\n")
    os.symlink("loop", folder / "loop")
    expected = {"dir": "CXM102", "pipe": "CXM102", "latin.yaml": "CXM104", "bell.yaml": "CXM104", "loop": "CXM102"}
    for name, code in expected.items():
        (problem,) = problems(folder, f"extends: {name}\n")
        assert (name, problem.code) == (name, code)
    (problem,) = problems(folder, "extends: bell.yaml\n")
    assert (problem.file, problem.line) == (str(folder / "bell.yaml"), 2)
    assert problems(folder, 'extends: "a\\0b.yaml"\n')[0].code in ("CXM101", "CXM102")
    assert problems(folder, f"extends: {1000 * 'x'}.yaml\n")[0].code in ("CXM101", "CXM102")


# --- where values come from -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "origin"),
    [
        ("name", "branch.yaml:3: own: The shop at the harbour"),
        ("today.nps", "branch.yaml:5: set: 41"),
        ("today.nps.source", "base.yaml:9: extends base.yaml: tracker"),
        ("levers.people.level", "region.yaml:5: extends region.yaml: 0.6"),
        ("levers.practices.level", "branch.yaml:7: set: 0.4"),
        ("levers.policies.level", "base.yaml:24: extends base.yaml: 0.6"),
        ("levers.platforms.level", "default: 0.5"),
        ("journey.wear.every", "base.yaml:28: extends base.yaml: 30 days"),
        ("survey.every", "default: 3 months"),
        ("journey.pay.delivers.ease", "region.yaml:7: extends region.yaml: 60"),
        ("initiatives.train.changes.journey.pay.delivers.clarity", "branch.yaml:8: set: 85"),
        ("horizon", "default: 24 months"),
        ("journey.look.every", "default: nothing"),
    ],
)
def test_every_value_knows_its_origin(path: str, origin: str) -> None:
    """File, line and layer, through three levels; or that it is a default."""
    scenario = load(LAYERS / "branch.yaml")
    assert str(scenario.origin(path)).removeprefix(f"{LAYERS}{os.sep}") == origin


def test_an_origin_tells_the_files_between() -> None:
    """Who inherits through whom."""
    scenario = load(LAYERS / "branch.yaml")
    through = scenario.origin("journey.wear.every").through
    assert [Path(file).name for file in through] == ["region.yaml"]


def test_a_value_of_the_command_line_stands_in_no_file() -> None:
    """What is set for one run is told as such, and its neighbours stay where they are."""
    scenario = load(LAYERS / "branch.yaml").with_changes({"levers.people.level": 0.9, "today.nps": 12})
    assert [str(scenario.origin(path)) for path in ("levers.people.level", "today.nps")] == [
        "command line: 0.9",
        "command line: 12",
    ]
    assert scenario.origin("today.nps.source").layer == "extends base.yaml"


def test_the_command_line_reaches_what_initiatives_change() -> None:
    """The strongest layer may set all that `set` may."""
    path = "journey.pay.delivers.clarity"
    scenario = load(LAYERS / "branch.yaml").with_changes({f"initiatives.train.changes.{path}": 95})
    assert scenario.initiatives["train"].changes == {path: 95}
    with pytest.raises(ScenarioError, match="did you mean"):
        scenario.with_changes({f"initiatives.trian.changes.{path}": 95})


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("levers.peple.level", "levers.people.level"),
        ("jurney", "journey"),
        ("economics.margin", "economics"),
        ("..", "nowhere"),
    ],
)
def test_a_path_that_leads_nowhere_has_no_origin(path: str, meant: str) -> None:
    """With what may be meant."""
    with pytest.raises(UsageError, match=meant):
        load(LAYERS / "branch.yaml").origin(path)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.stem)
def test_every_value_of_every_story_stands_where_its_origin_says(story: Path) -> None:
    """The line of the origin holds the value's own key."""
    lines = story.read_text("utf-8").splitlines()
    for origin in load(story).origins():
        assert origin.layer in ("own", "default")
        if origin.layer == "own" and not origin.path.startswith("expect"):
            assert f"{origin.path.rpartition('.')[2]}:" in lines[origin.line - 1]


def test_a_wrong_inherited_value_is_told_where_it_is_written(folder: Folder) -> None:
    """File and line of the parent, and through which files it came; all problems of all layers at once."""
    put(folder, "low.yaml", BASE.replace("level: 70", "level: 700"))
    put(folder, "mid.yaml", "extends: low.yaml\nlevers:\n  peple: {level: 1}\n")
    found = problems(folder, "extends: mid.yaml\nset: {journey.look.effort: many}\n")
    assert [(Path(problem.file).name, problem.line) for problem in found] == [
        ("top.yaml", 2),
        ("mid.yaml", 3),
        ("low.yaml", 16),
    ]
    low, mid = folder / "low.yaml", folder / "mid.yaml"
    assert found[2].inherited == f"inherited from {low}:16 through {mid}, by {folder / 'top.yaml'}"
    assert "level: 700" in found[2].excerpt and found[2].inherited in str(found[2])
    assert found[0].inherited == ""


def test_what_cannot_be_read_is_told_at_the_parent_and_nothing_else(folder: Folder) -> None:
    """A parent that is no YAML hides what would be missing without it."""
    put(folder, "broken.yaml", "name: 'x\n")
    (problem,) = problems(folder, "extends: [base.yaml, broken.yaml]\n")
    assert (problem.code, Path(problem.file).name) == ("CXM105", "broken.yaml")
    put(folder, "twice.yaml", "name: x\nname: y\n")
    (problem,) = problems(folder, "extends: [base.yaml, twice.yaml]\n")
    assert (problem.code, Path(problem.file).name, problem.line) == ("CXM106", "twice.yaml", 2)


def test_files_of_different_versions_do_not_mix(folder: Folder) -> None:
    """A parent that is older or newer than what builds on it is told, though its version is overruled."""
    put(folder, "old.yaml", BASE.replace("schema: 1", "schema: 0"))
    (problem,) = problems(folder, "extends: old.yaml\nschema: 1\n")
    assert (problem.code, Path(problem.file).name, problem.line) == ("CXM214", "old.yaml", 2)


def test_warnings_of_inherited_values_are_told_at_the_parent(folder: Folder) -> None:
    """A warning has its file, too."""
    put(folder, "low.yaml", BASE.replace("    cost: {once: 1000}\n", "").replace("clarity: 80", "clarity: +8"))
    warnings = load(put(folder, "top.yaml", "extends: low.yaml\n")).warnings
    assert {(Path(odd.file).name, odd.code) for odd in warnings} == {("low.yaml", "CXM503"), ("low.yaml", "CXM506")}


# --- numbers with a source ------------------------------------------------------------------------------------------


def test_a_scenario_tells_how_many_of_its_numbers_have_a_source() -> None:
    """Numbers that are written, those with a source, and those whose source is one of the insight sources."""
    plain = loads(
        "schema: 1\nname: x\nattributes: {ease: {}}\n"
        "segments: {all_of_us: {customers: {value: 10, source: crm}, needs: {ease: {level: 70, weight: 1}}}}\n"
        "insight_sources: {crm: {kind: customer, sees: [ease], reliability: {value: 50 %, source: a guess}}}\n"
        "journey: {look: {stage: use, every: {value: 2 days, low: 1 day, note: roughly}, delivers: {ease: 70}}}\n"
        "initiatives: {act: {changes: {journey.look.delivers.ease: {value: 80, source: crm}}, cost: {once: 1}}}\n"
    ).sources
    assert plain == (8, 3, 2)
    assert str(plain) == "3 of 8 numbers have a source, 2 of them an insight source of the scenario"


def with_sources(kind: Any, value: Any, path: tuple[str, ...], found: dict[str, Any]) -> Any:
    """A part as written, each number in it with a source; `found` gets their paths."""
    if is_fact(value) or path[:1] == ("meta",):
        return value
    if isinstance(value, dict):
        return {key: with_sources(kind_of(kind, key), item, (*path, key), found) for key, item in value.items()}
    if isinstance(value, list):
        return [with_sources(kind_of(kind, "0"), item, (*path, str(n)), found) for n, item in enumerate(value)]
    changed = is_of_changes(path[:-1]) and not isinstance(value, bool) and not is_relative(value)
    if changed or (path and quantity_of(kind)):
        found[".".join(path)] = value
        return {"value": value, "source": "audit"}
    return value


@pytest.mark.parametrize("file", [EVERYTHING, *STORIES], ids=lambda file: file.stem)
def test_any_number_may_be_a_fact_in_a_file_and_through_layers(file: Path, tmp_path: Path) -> None:
    """Wherever a number may stand, one with its source may; it means the same, and is counted."""
    bare = load(file)
    found: dict[str, Any] = {}
    sourced = loads(to_yaml(with_sources(Scenario, bare.written, (), found)))
    assert found.keys() <= sourced.facts.keys()
    assert sourced.standing_hash == bare.standing_hash
    assert sourced.sources.numbers == sourced.sources.sourced == bare.sources.numbers
    put(tmp_path, "base.yaml", file.read_text("utf-8"))
    in_lists = {path for path in found if path.startswith("expect")}
    told = {f"{path}.source": "audit" for path in found if path not in in_lists}
    layered = load(put(tmp_path, "top.yaml", to_yaml({"extends": "base.yaml", "set": told})))
    assert {**sourced.facts} == {**layered.facts, **{path: sourced.facts[path] for path in in_lists}}


# --- laws -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.stem)
def test_an_empty_overlay_changes_nothing(story: Path, tmp_path: Path) -> None:
    """Nor does what it resolves to."""
    put(tmp_path, story.name, story.read_text("utf-8"))
    scenario = load(story)
    layered = load(put(tmp_path, "top.yaml", f"extends: {story.name}\nset: {{}}\nremove: []\n"))
    assert layered.hash == scenario.hash == loads(layered.to_yaml()).hash == loads(scenario.to_yaml()).hash


KEYS = st.sampled_from(["a", "b", "c"])
SCALARS = st.one_of(
    st.integers(0, 9),
    st.sampled_from(["no", "x y", "", "+3", "é: #"]),
    st.booleans(),
    st.lists(st.integers(0, 3), max_size=2),
)
TREES: st.SearchStrategy[Any] = st.recursive(
    st.dictionaries(KEYS, SCALARS, max_size=3),
    lambda below: st.dictionaries(KEYS, SCALARS | below, max_size=3),
    max_leaves=8,
)
IN_PLACE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def meta_of(folder: Folder, *layers: Any) -> Any:
    """The free part of a scenario whose layers say these things of it, the weakest first."""
    put(folder, "layer0.yaml", BASE.replace("meta: {client: A-17}\n", "") + to_yaml({"meta": layers[0]}))
    for number, layer in enumerate(layers[1:], start=1):
        (folder / f"layer{number}.yaml").write_text(to_yaml({"extends": f"layer{number - 1}.yaml", **layer}), "utf-8")
    return load(folder / f"layer{len(layers) - 1}.yaml").meta


def merged(below: Any, above: Any) -> Any:
    """What merging means, in three lines."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return {**below, **{key: merged(below[key], item) if key in below else item for key, item in above.items()}}


@pytest.mark.slow
@IN_PLACE
@given(below=TREES, above=TREES)
def test_layers_merge_by_key(below: Any, above: Any, folder: Folder) -> None:
    """As own keys or under `set`: mappings merge, all else replaces, nothing is lost; an empty layer is nothing."""
    assert meta_of(folder, below, {"meta": above}) == merged(below, above)
    assert meta_of(folder, below, {"set": {"meta": above}}) == merged(below, above)
    assert meta_of(folder, below, {}) == below


@pytest.mark.slow
@IN_PLACE
@given(tree=TREES, value=SCALARS)
def test_what_is_set_and_then_removed_was_never_there(tree: Any, value: Any, folder: Folder) -> None:
    """In one file or in two."""
    one = meta_of(folder, tree, {"set": {"meta.new.one": value}, "remove": ["meta.new"]})
    two = meta_of(folder, tree, {"set": {"meta.new.one": value}}, {"remove": ["meta.new"]})
    assert one == two == tree


@pytest.mark.slow
@IN_PLACE
@given(tree=TREES, first=TREES, second=TREES)
def test_an_overlay_of_an_overlay_is_their_merger(tree: Any, first: Any, second: Any, folder: Folder) -> None:
    """Where their paths are apart, in either order; two layers are one, and two parents are two layers."""
    one, two = {"meta": {"p": first}}, {"meta": {"q": second}}
    stacked = meta_of(folder, tree, one, two)
    assert stacked == meta_of(folder, tree, two, one) == meta_of(folder, tree, {"meta": {"p": first, "q": second}})


@IN_PLACE
@given(tree=TREES)
def test_what_is_written_reads_back_as_the_same(tree: Any) -> None:
    """Words that look like numbers, empty texts, lists and mappings in one another."""
    assert read(to_yaml(tree), "x").plain == tree


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(visible))
def test_any_text_is_written_so_that_it_reads_back(text: str) -> None:
    """Whatever signs it holds that a text may hold, as a value and as a key."""
    plain = {"key": {"k": text, "l": [text, {"k": text}]}, "one": text, "~" + text: text}
    assert read(to_yaml(plain), "x").plain == plain
