"""`--limit` and `CXMODEL_LIMITS`: what takes minutes or gigabytes says so first, and what is too much is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxmodel.archive import Archive
from cxmodel.cli import main
from cxmodel.errors import UsageError
from cxmodel.simulation.effort import memory_here

SHOP = """\
schema: 1
name: Corner shop
horizon: 3 months
attributes: {{kindness: {{kind: must_be}}}}
segments: {{neighbours: {{customers: {customers}, needs: {{kindness: {{level: 70}}}}}}}}
journey:
  till: {{stage: buy, delivers: {{kindness: 50}}}}
  bread: {{stage: use, every: {every}, delivers: {{kindness: 60}}}}
initiatives: {{smile: {{changes: {{journey.bread.delivers.kindness: 80}}, cost: {{once: 10}}}}}}
plans: {{friendlier: [smile]}}
expect:
  - {{metric: nps, above: -100}}
"""
FEW = ["--replications", "2"]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a small company and a huge one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CXMODEL_ARCHIVE", str(tmp_path / "archive"))
    monkeypatch.delenv("CXMODEL_LIMITS", raising=False)
    (tmp_path / "shop.yaml").write_text(SHOP.format(customers=80, every="7 days"), "utf-8")
    huge = SHOP.format(customers=9_000_000, every="1 hour").replace("3 months", "50 years")
    (tmp_path / "huge.yaml").write_text(huge, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "line",
    [
        ["run", "huge.yaml"],
        ["run", "huge.yaml", "--engine", "reference", "--replications", "1"],
        ["run", "huge.yaml", "--precision", "2%"],
        ["check", "huge.yaml"],
        ["compare", "huge.yaml"],
        ["explain", "huge.yaml", "--plan", "friendlier"],
        ["sensitivity", "huge.yaml"],
        ["discover", "huge.yaml", "--plan", "friendlier"],
        ["optimise", "huge.yaml", "--budget", "100"],
        ["sweep", "huge.yaml", "--vary", "journey.bread.delivers.kindness=60,70"],
    ],
)
def test_what_would_take_ages_is_refused_before_it_starts(
    shop: Path, capsys: pytest.CaptureFixture[str], line: list[str]
) -> None:
    """Whichever verb would play it: exit code 2, the estimate, what to change, and nothing is played."""
    assert main([*line, "--quiet"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and "This was not started: it would take about" in said.err
    assert "at most 60 minutes" in said.err and "fewer customers" in said.err and "--limit seconds=" in said.err
    assert Archive(shop / "archive").ids() == set()


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("replications=1", "at most 1 simulation run is allowed"),
        ("people=79", "at most 79 customers and prospects are allowed"),
        ("visits=100", "at most 100 visits are allowed"),
        ("memory=10MB", "at most 10 MB of memory"),
        ("seconds=0.001", "second"),
        ("memory=much", "memory=2GB"),
    ],
)
@pytest.mark.parametrize("door", ["option", "environment"])
def test_a_limit_is_kept_whichever_way_it_is_given(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, limit: str, words: str, door: str
) -> None:
    """As an option, or for all of a server in its environment."""
    option = ["--limit", limit] if door == "option" else []
    if door == "environment":
        monkeypatch.setenv("CXMODEL_LIMITS", limit)
    assert main(["run", "shop.yaml", *FEW, *option]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.slow
def test_what_assumption_scenarios_take_counts_too(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run within its limit is refused where testing the assumptions a hundred times over is not."""
    run = ["run", "shop.yaml", "--plan", "friendlier", *FEW, "--limit", "visits=20_000"]
    assert main(run) == 0
    assert main([*run, "--uncertainty"]) == 2
    assert "at most 20,000 visits are allowed" in capsys.readouterr().err


@pytest.mark.slow
def test_an_option_allows_what_the_environment_does_not(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever starts a run knows best; and what is within its limits runs without a word."""
    monkeypatch.setenv("CXMODEL_LIMITS", "replications=1,seconds=100")
    assert main(["run", "shop.yaml", *FEW, "--limit", "replications=2"]) == 0
    said = capsys.readouterr().err
    assert "not started" not in said and "About" not in said


def test_what_takes_a_while_says_so_first(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In visits, time and memory; where it is beyond this computer's memory it is refused unless that is allowed."""
    from cxmodel.cli.options import weigh
    from cxmodel.results.request import RunRequest
    from cxmodel.scenario import loads

    large = loads(SHOP.format(customers=3_000_000, every="7 days"))
    weigh([RunRequest(large)], None, quiet=False, limit="seconds=none,memory=none")
    said = capsys.readouterr().err
    assert said.startswith("About ") and " visits, " in said and " minutes and " in said and "GB of memory" in said
    weigh([RunRequest(large)], None, quiet=True, limit="seconds=none,memory=none")
    assert capsys.readouterr().err == ""
    with pytest.raises(UsageError, match=r"at most 1\.0 GB of memory"):
        weigh([RunRequest(large)], None, quiet=False, limit="seconds=none,memory=1GB")
    assert 1e8 < memory_here() < 1e15
