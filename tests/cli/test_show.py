"""`cxmodel show`: the whole scenario as one file, and where its values come from."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cxmodel.cli import main
from cxmodel.scenario import load, loads

Captured = pytest.CaptureFixture[str]
LAYERS = Path(__file__).parents[1] / "fixtures" / "layers"
ALL = sorted([*LAYERS.glob("*.yaml"), *(Path(__file__).parents[2] / "scenarios").glob("*.yaml")])


@pytest.fixture
def branch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that builds on two others, in the current folder."""
    shutil.copytree(LAYERS, tmp_path / "shop")
    monkeypatch.chdir(tmp_path / "shop")
    return Path("branch.yaml")


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--resolved"], ["--quiet"]], ids=" ".join)
@pytest.mark.parametrize("file", ALL, ids=lambda file: file.stem)
def test_what_is_shown_loads_to_the_same_hash(file: Path, options: list[str], capsys: Captured) -> None:
    """One file without layers, which means the same and is shown in the same way again."""
    assert main(["show", str(file), *options]) == 0
    shown = capsys.readouterr().out
    assert "extends:" not in shown
    assert (loads(shown).hash, loads(shown).to_yaml()) == (load(file).hash, shown)


def test_units_stay_as_they_were_written(branch: Path, capsys: Captured) -> None:
    """What was written as `20 per month` is shown so."""
    main(["show", str(branch), "--resolved"])
    said = capsys.readouterr()
    assert "arrivals: 20 per month\n" in said.out and "every: 30 days\n" in said.out
    assert said.err == ""


def test_show_tells_the_files_and_how_many_numbers_have_a_source(branch: Path, capsys: Captured) -> None:
    """On stderr, beside the scenario."""
    main(["show", str(branch)])
    said = capsys.readouterr().err
    assert "branch.yaml extends region.yaml, base.yaml" in said
    assert "2 of 22 numbers have a source, 1 of them an insight source of the scenario." in said


@pytest.mark.slow
def test_showing_loads_no_library_of_numbers_tables_or_pages(branch: Path) -> None:
    """A scenario is read, not played."""
    ask = f"from cxmodel.cli import main; main(['show', {str(branch)!r}]); import sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert not {"numpy", "scipy", "pandas", "altair", "streamlit"} & set(run.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("levers.people.level", "region.yaml:5: extends region.yaml: 0.6"),
        ("journey.wear.every", "base.yaml:28: extends base.yaml: 30 days"),
        ("name", "branch.yaml:3: own: The shop at the harbour"),
        ("today.nps", "branch.yaml:5: set: 41"),
        ("levers.platforms.level", "default: 0.5"),
    ],
)
def test_origin_tells_file_line_layer_and_value(path: str, line: str, branch: Path, capsys: Captured) -> None:
    """Through three levels of `extends`."""
    assert main(["show", str(branch), "--origin", path]) == 0
    assert capsys.readouterr().out == f"{line}\n"


def test_the_origin_of_a_part_has_a_line_for_each_value(branch: Path, capsys: Captured) -> None:
    """Defaults too; each with its path before the value."""
    main(["show", str(branch), "--origin", "today"])
    main(["show", str(branch), "--origin", "levers.practices"])
    assert capsys.readouterr().out.splitlines() == [
        "branch.yaml:5: set: today.nps: 41",
        "branch.yaml:7: set: levers.practices.level: 0.4",
        "default: levers.practices.cost: 0 per year",
    ]


def test_a_path_that_leads_nowhere_is_wrong_usage(branch: Path, capsys: Captured) -> None:
    """Exit code 2, with what may be meant."""
    assert main(["show", str(branch), "--origin", "levers.peple.level"]) == 2
    said = capsys.readouterr()
    assert (said.out, "did you mean `levers.people.level`?" in said.err) == ("", True)


def test_a_wrong_scenario_is_not_shown(branch: Path, capsys: Captured) -> None:
    """Its problems are, each where it is written; exit code 2."""
    base = Path("base.yaml")
    base.write_text(base.read_text("utf-8").replace("level: 70", "level: 700"), "utf-8")
    assert main(["show", str(branch)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "base.yaml:16:" in said.err and "inherited from base.yaml:16 through region.yaml" in said.err


def test_json_has_the_whole_scenario_and_its_files(branch: Path, capsys: Captured) -> None:
    """One document, whatever numbers `meta` holds."""
    branch.write_text(branch.read_text("utf-8") + "meta: {most: .inf}\n", "utf-8")
    assert main(["show", str(branch), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["scenario"] == {"name": "The shop at the harbour", "hash": load(branch).hash}
    assert document["files"] == ["branch.yaml", "region.yaml", "base.yaml"]
    assert document["numbers"] == {"numbers": 22, "sourced": 2, "linked": 1}
    assert document["resolved"]["journey"]["wear"]["every"] == "30 days"


def test_json_of_an_origin_tells_the_files_between(branch: Path, capsys: Captured) -> None:
    """What a default does not have is null."""
    main(["show", str(branch), "--json", "--origin", "journey.wear.every"])
    (origin,) = json.loads(capsys.readouterr().out)["origins"]
    assert origin["through"] == ["region.yaml"]
    assert (origin["file"], origin["line"], origin["layer"]) == ("base.yaml", 28, "extends base.yaml")
    main(["show", str(branch), "--json", "--origin", "horizon"])
    (origin,) = json.loads(capsys.readouterr().out)["origins"]
    assert (origin["file"], origin["line"], origin["value"]) == (None, None, "24 months")


def git(*arguments: str) -> str:
    """What git says in the current folder."""
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "core.pager=cat"]
    run = subprocess.run(["git", *identity, *arguments], capture_output=True, text=True, check=True)
    return run.stdout


@pytest.mark.slow
def test_git_shows_what_changed_in_the_whole_scenario(branch: Path) -> None:
    """As textconv: of a file that builds on others too, and through versions that are no scenario."""
    git("init", "-q")
    git("config", "diff.cxmodel.textconv", f"{sys.executable} -m cxmodel show --resolved")
    Path(".gitattributes").write_text("*.yaml diff=cxmodel\n", "utf-8")
    text = branch.read_text("utf-8")
    for version in (text, "name: [\n", text):
        branch.write_text(version, "utf-8")
        git("add", ".")
        git("commit", "-q", "-m", "x")
    branch.write_text(text.replace("{level: 0.4}", "{level: 0.45}  # what the workshop said"), "utf-8")
    changed = [line for line in git("diff").splitlines() if line[:1] in "+-"][2:]
    assert changed == ["-    level: 0.4", "+    level: 0.45"]
    assert "+# not resolved: " in git("show", "HEAD~1")
