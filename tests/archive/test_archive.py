"""The archive: a run that was kept is the run that was played, bit for bit, under a name that says what made it."""

from __future__ import annotations

import json
import math
import pickle
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxmodel import workspace
from cxmodel.archive import Archive
from cxmodel.archive.parquet import columns_of, numbers_of, parquet, rows_of
from cxmodel.errors import ArchiveError
from cxmodel.results import fingerprint
from cxmodel.results.metrics import METRICS
from cxmodel.results.request import RunRequest
from cxmodel.results.result import TABLES, Result
from cxmodel.results.timeline import SERIES
from cxmodel.simulation.simulate import simulate
from tests.support import small

ODD = [0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, 0.1 + 0.2, -1 / 3]


@pytest.fixture(scope="module")
def played() -> Result:
    """A plan of the pretty app, played three times."""
    return simulate(small.app(), "fix_the_wait", replications=3, seed=11)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An empty archive."""
    return Archive(tmp_path / "archive")


def bits(value: Any) -> Any:
    """A value with its type, a float as its bits."""
    return ("float", struct.pack("<d", value)) if isinstance(value, float) else (type(value).__name__, value)


def floats(*special: float) -> st.SearchStrategy[float]:
    """Any float, the odd ones often."""
    return st.one_of(st.sampled_from(special), st.floats())


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "text": st.none() | st.text(),
                "number": st.none() | floats(*ODD),
                "count": st.none() | st.integers(-(2**63), 2**63 - 1),
                "truth": st.none() | st.booleans(),
            }
        ),
        max_size=20,
    )
)
def test_rows_come_back_from_parquet_with_all_their_bits(rows: list[dict[str, Any]]) -> None:
    """Whatever a table holds (gaps, nan, minus zero, any text) is read as it was written."""
    back = rows_of(parquet(columns_of(rows)))
    assert [{k: bits(v) for k, v in row.items()} for row in back] == [
        {k: bits(v) for k, v in row.items()} for row in rows
    ]


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(floats(*ODD), st.booleans()), min_size=1, max_size=40))
def test_masked_numbers_come_back_from_parquet(cells: list[tuple[float, bool]]) -> None:
    """A gap is not nan, and what is beside it keeps its bits."""
    values, gaps = (np.array(each) for each in zip(*cells, strict=True))
    back = numbers_of(parquet({"x": np.ma.masked_array(values, gaps)}))["x"]
    assert np.ma.getmaskarray(back).tolist() == gaps.tolist()
    assert back.data[~gaps].tobytes() == values[~gaps].tobytes()


@pytest.mark.slow
@pytest.mark.parametrize("table", TABLES)
def test_an_opened_table_is_the_played_one(table: str, archive: Archive, played: Result) -> None:
    """Same rows, same types, same bits."""
    opened = archive.open(archive.keep(played))
    assert [[*map(bits, row.items())] for row in opened.rows(table)] == [
        [*map(bits, row.items())] for row in played.rows(table)
    ]


@pytest.mark.slow
def test_every_replication_is_kept_with_all_its_bits(archive: Archive, played: Result) -> None:
    """Samples of all metrics and courses of all series, nan included."""
    opened = archive.open(archive.keep(played))
    assert all(opened.tables.samples(name).tobytes() == played.tables.samples(name).tobytes() for name in METRICS)
    assert all(opened.tables.course(name)[0] == played.tables.course(name)[0] for name in SERIES)
    assert all(opened.tables.course(name)[1].tobytes() == played.tables.course(name)[1].tobytes() for name in SERIES)


@pytest.mark.slow
@pytest.mark.parametrize("make", [small.everything, small.retailers])
def test_other_scenarios_are_kept_as_well(make: Any, archive: Archive) -> None:
    """Several segments, no money, every mechanism, one replication and what was changed in memory."""
    result = simulate(make({"meta": {"team": "blue"}}), replications=1)
    opened = archive.open(archive.keep(result))
    assert opened.scenario.hash == result.scenario.hash
    assert {table: opened.rows(table) for table in TABLES} == {table: result.rows(table) for table in TABLES}
    assert opened.metrics.equals(result.metrics)


@pytest.mark.slow
def test_an_opened_result_is_whole(archive: Archive, played: Result) -> None:
    """Its scenario, its document and its customers are those of the run; its manifest is the one it was kept with."""
    id = archive.keep(played, seconds=1.5)
    opened = archive.open(id)
    ours, theirs = opened.document(), played.document()
    assert (opened.scenario.hash, opened.scenario.to_yaml()) == (played.scenario.hash, played.scenario.to_yaml())
    assert {key: ours[key] for key in theirs if key != "warnings"} == {
        key: theirs[key] for key in theirs if key != "warnings"
    }
    assert (opened.manifest["run"], opened.manifest["seconds"], opened.manifest["file"]) == (id, 1.5, "pretty_app.yaml")
    assert opened.customers(2).equals(played.customers(2))


def test_a_run_is_kept_once_under_what_made_it(archive: Archive, played: Result) -> None:
    """The same run has the same id; another seed, plan, future, scenario, number or model has another."""
    again = simulate(small.app(), "fix_the_wait", replications=3, seed=11)
    base = RunRequest(small.app(), "fix_the_wait", None, 3, 11)
    others = [
        replace(base, seed=12),
        replace(base, plan="as_is"),
        replace(base, replications=4),
        replace(base, scenario=small.app({"levers.people.level": 0.8})),
        base,
    ]
    assert archive.keep(played) == archive.keep(again) == archive.id_of(base)
    assert len({archive.id_of(other) for other in others}) == len(others)
    assert archive.ids() == {archive.id_of(base)}


def test_another_model_is_another_run(archive: Archive, played: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed model in a checkout does not take the numbers of the one before for its own."""
    archive.keep(played)
    wanted = RunRequest(small.app(), "fix_the_wait", None, 3, 11)
    assert archive.get(wanted) is not None
    monkeypatch.setattr(fingerprint, "model", lambda: "0" * 16)
    assert archive.get(wanted) is None


def test_keeping_an_opened_run_changes_nothing(archive: Archive, played: Result, tmp_path: Path) -> None:
    """A run that was opened may be kept elsewhere, under the same id and with the same bits."""
    id = archive.keep(played)
    other = Archive(tmp_path / "other")
    assert other.keep(archive.open(id)) == id
    assert other.open(id).rows("metrics") == played.rows("metrics")


def test_a_plan_brings_what_its_return_was_told_against(archive: Archive, played: Result) -> None:
    """With a plan's run as is is kept, which was played with it."""
    (id,) = archive.keep_all([played])
    assert {run.plan for run in archive.find()} == {"as_is", "fix_the_wait"}
    as_is = archive.beside(archive.open(id), "as_is")
    assert as_is is not None and (as_is.plan, as_is.seed) == ("as_is", played.seed)
    assert archive.beside(archive.open(id), "other") is None


def test_the_first_signs_of_an_id_do(archive: Archive, played: Result) -> None:
    """As in git; too few, none, or another's are told with what there is."""
    id = archive.keep(played)
    assert archive.open(id[:4]).seed == archive.open(archive.short(id)).seed == archive.open("latest").seed == 11
    for wrong in ("", "zz", id[:3], "../" + id, "0000" if not id.startswith("0000") else "1111"):
        with pytest.raises(ArchiveError, match=archive.short(id)):
            archive.open(wrong)


def test_ids_that_begin_alike_are_told_apart(archive: Archive) -> None:
    """A start that several runs share is refused with their names, and a short id is as long as need be."""
    ids = ["ab" * 32, "ab" * 8 + "cd" * 24]
    for id in ids:
        (archive.folder / "runs" / id).mkdir(parents=True)
    with pytest.raises(ArchiveError, match="2 runs begin with 'abab'"):
        archive.whole_id("abab")
    assert [len(archive.short(id)) for id in ids] == [17, 17]


@pytest.mark.parametrize("name", ["metrics.parquet", "samples.parquet", "scenario.yaml", "manifest.json"])
@pytest.mark.parametrize("harm", ["gone", "cut", "flipped"])
def test_what_is_damaged_is_never_shown(name: str, harm: str, archive: Archive, played: Result) -> None:
    """A file that is missing or not as it was written is an error that says so; playing again mends it."""
    id = archive.keep(played)
    file = archive.folder / "runs" / id / name
    content = file.read_bytes()
    if harm == "gone":
        file.unlink()
    elif harm == "cut":
        file.write_bytes(content[: len(content) // 2])
    else:
        file.write_bytes(content.replace(b"fix_the_wait", b"fix_the_wail").replace(b"PAR1", b"PAR2"))
    assert archive.damage(id) == [name]
    assert archive.get(RunRequest(small.app(), "fix_the_wait", None, 3, 11)) is None
    with pytest.raises(ArchiveError, match="damaged"):
        result = archive.open(id)
        result.rows("metrics"), result.samples("nps")
    assert archive.keep(played) == id
    assert archive.damage(id) == [] and archive.open(id).rows("metrics") == played.rows("metrics")


def test_studies_are_kept_by_what_they_were_made_from(archive: Archive) -> None:
    """A document comes back as it was for the same key, in any order of its parts, and not for another."""
    document = {"mend_first": [{"touchpoint": "track_order", "difference": 0.1 + 0.2, "low": None}]}
    assert archive.study("explain", {"plan": "as_is", "seed": 1}) is None
    archive.keep_study("explain", {"plan": "as_is", "seed": 1}, document)
    assert archive.study("explain", {"seed": 1, "plan": "as_is"}) == document
    assert archive.study("explain", {"plan": "as_is", "seed": 2}) is None
    assert archive.study("worlds", {"plan": "as_is", "seed": 1}) is None


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, played: Result) -> None:
    """A file in the way: the archive says what and why."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(ArchiveError, match=r"taken.*: Not a directory"):
        Archive(tmp_path / "taken" / "deeper").keep(played)


def test_the_archive_is_at_the_top_of_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As asked for; else beside the nearest mark of a workspace; else where one works."""
    monkeypatch.setenv(workspace.ASKED_FOR, str(tmp_path / "asked"))
    assert workspace.archive() == tmp_path / "asked"
    monkeypatch.delenv(workspace.ASKED_FOR)
    deep = tmp_path / "company" / "team" / "stories"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert workspace.archive() == deep / ".cxmodel"
    (tmp_path / "company" / "scenario.schema.json").write_text("{}")
    assert workspace.archive() == tmp_path / "company" / ".cxmodel"
    (deep / ".cxmodel" / "drafts").mkdir(parents=True)
    assert workspace.archive() == tmp_path / "company" / ".cxmodel"
    (deep.parent / ".cxmodel" / "runs").mkdir(parents=True)
    assert workspace.archive() == deep.parent / ".cxmodel"
    monkeypatch.setenv(workspace.WORKSPACE, str(tmp_path / "company"))
    assert workspace.archive() == tmp_path / "company" / ".cxmodel"


def test_git_need_not_look_at_the_archive(archive: Archive, played: Result) -> None:
    """The folder ignores itself, as caches do."""
    archive.keep(played)
    assert (archive.folder / ".gitignore").read_text() == "*\n"


def test_the_manifest_is_json_that_any_reader_understands(archive: Archive, played: Result) -> None:
    """No nan, every file with its fingerprint."""
    folder = archive.folder / "runs" / archive.keep(played)
    told = json.loads((folder / "manifest.json").read_text(), parse_constant=pytest.fail)
    assert {*told["files"], "manifest.json"} == {file.name for file in folder.iterdir()}


def test_results_travel_between_processes(archive: Archive, played: Result) -> None:
    """A played and an opened result can be pickled, also after their tables were read."""
    opened = archive.open(archive.keep(played))
    for result in (played, opened):
        assert pickle.loads(pickle.dumps(result)).rows("metrics") == result.rows("metrics")
