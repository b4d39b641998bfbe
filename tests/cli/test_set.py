"""`cxmodel set`: values of a file changed from the command line, the file safe whatever happens."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from cxmodel.cli import main
from cxmodel.errors import UsageError
from cxmodel.scenario.editing.save import exchange

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def file(tmp_path: Path, stories: Path) -> Path:
    """A copy of Pretty App."""
    return Path(shutil.copy(stories / "pretty_app.yaml", tmp_path / "pretty.yaml"))


def changed_lines(file: Path, stories: Path) -> list[tuple[str, str]]:
    """The lines in which a copy of Pretty App differs from it."""
    before = (stories / "pretty_app.yaml").read_bytes().decode().splitlines(keepends=True)
    after = file.read_bytes().decode().splitlines(keepends=True)
    assert len(before) == len(after)
    return [(old, new) for old, new in zip(before, after, strict=True) if old != new]


def test_one_value_is_one_line_of_the_diff(file: Path, stories: Path, capsys: Captured) -> None:
    """The number changes as it was typed, and nothing else; what changed is said by meaning."""
    assert main(["set", str(file), "levers.people.level=0.80"]) == 0
    ((old, new),) = changed_lines(file, stories)
    assert new == old.replace("0.7", "0.80")
    assert capsys.readouterr() == ("levers.people.level: 0.7 → 0.8\n", "")


def test_several_values_are_set_in_one_go(file: Path, stories: Path, capsys: Captured) -> None:
    """Removals come first, so that one way to write a part can make room for another."""
    edits = ["segments.style_seekers.adoption={p: 0.03, q: 0.38}", "horizon=36 months", "--remove", "targets.nps"]
    assert main(["set", str(file), *edits]) == 0
    assert len(changed_lines(file, stories)) == 3
    assert "targets.nps: removed, was 35" in capsys.readouterr().out


def test_nothing_changed_is_said_and_nothing_written(file: Path, stories: Path, capsys: Captured) -> None:
    """Setting what is there already leaves even the time of the last change."""
    before = file.stat()
    assert main(["set", str(file), "levers.people.level=0.70"]) == 0
    assert "nothing changed" in capsys.readouterr().err
    assert file.stat().st_mtime_ns == before.st_mtime_ns and file.stat().st_ino == before.st_ino


def test_a_dry_run_says_what_would_change(file: Path, stories: Path, capsys: Captured) -> None:
    """`--dry-run` writes nothing."""
    assert main(["set", str(file), "levers.people.level=0.8", "--dry-run"]) == 0
    said = capsys.readouterr()
    assert "0.7 → 0.8" in said.out and "Nothing was written" in said.err
    assert not changed_lines(file, stories)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (["levers.people.level=1.8"], "CXM204"),
        (["levers.peopel.level=0.8"], "did you mean `people`?"),
        (["horizon=12"], "CXM205"),
        (["--remove", "journey.call_us"], "CXM303"),
        (["--remove", "journey.call_as"], "did you mean `call_us`?"),
        (["today.nps=99"], "set `today.nps.low` and `today.nps.high` too"),
        (["today.leave.low=1"], "nothing lies in it"),
        (["plans.both.7=promise_less"], "`plans.both.2` appends"),
        (["levers.people.level"], "write it as PATH=VALUE"),
        (["name=a: b: c"], "put a text with signs in it in quotes"),
        (["levers..level=1"], "is not a path"),
        ([], "nothing to set"),
    ],
)
def test_what_cannot_be_is_refused_and_the_file_untouched(
    edit: list[str], told: str, file: Path, stories: Path, capsys: Captured
) -> None:
    """A wrong value, path or call is told in words, with exit code 2; the file keeps its bytes."""
    assert main(["set", str(file), *edit]) == 2
    said = capsys.readouterr()
    assert told in said.err and "Traceback" not in said.err and not said.out
    assert not changed_lines(file, stories)
    assert os.listdir(file.parent) == [file.name]


def test_a_refused_change_says_that_nothing_was_written(file: Path, capsys: Captured) -> None:
    """The excerpt shows a line that the file does not have, so this is said."""
    main(["set", str(file), "levers.people.level=1.8"])
    assert "Nothing was written" in capsys.readouterr().err


def test_a_source_and_its_range_may_be_set_together(file: Path, stories: Path) -> None:
    """The range is judged when all is set, in whatever order."""
    assert main(["set", str(file), "today.nps=60", "today.nps.low=55", "today.nps.high=65"]) == 0
    ((_, new),) = changed_lines(file, stories)
    assert "{value: 60, low: 55, high: 65, source: tracker_2026q2, as_of: 2026-06}" in new


def test_new_warnings_are_told(file: Path, capsys: Captured) -> None:
    """What looks odd since the change, and only that."""
    path = "initiatives.real_tracking.changes.journey.track_order.delivers.clarity"
    assert main(["set", str(file), f"{path}=+50"]) == 0
    said = capsys.readouterr().err
    assert "CXM506" in said and said.count("warning CXM") == 1


def test_a_wrong_file_can_be_put_right(file: Path, capsys: Captured) -> None:
    """The result has to be valid, not what was there before."""
    file.write_text(file.read_text("utf-8") + "horizonn: 2 years\n", "utf-8")
    assert main(["set", str(file), "--remove", "horizonn"]) == 0
    assert main(["validate", "--quiet", str(file)]) == 0


def test_bytes_that_editors_differ_in_stay(file: Path, stories: Path) -> None:
    """A byte order mark, CRLF and a missing final line end are nobody's mistake."""
    old = b"\xef\xbb\xbf" + (stories / "pretty_app.yaml").read_bytes().rstrip(b"\n").replace(b"\n", b"\r\n")
    file.write_bytes(old)
    assert main(["set", str(file), "levers.people.level=0.8", "levers.culture.level=0.4", "survey.questions=9"]) == 0
    new = file.read_bytes()
    added = b"  culture: {level: 0.4}\r\n"
    assert new.count(added) == 1 and new.endswith(b"\r\nsurvey: {questions: 9}")
    back = new.replace(added, b"").replace(b"{level: 0.8}", b"{level: 0.7}").removesuffix(b"\r\nsurvey: {questions: 9}")
    assert back == old


def test_links_and_permissions_stay(file: Path) -> None:
    """A link to a file stays one, and who may read and write the file stays."""
    file.chmod(0o640)
    link = file.parent / "links" / "linked.yaml"
    link.parent.mkdir()
    link.symlink_to(file)
    assert main(["set", str(link), "levers.people.level=0.8"]) == 0
    assert link.is_symlink() and "{level: 0.8}" in file.read_text("utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert os.listdir(link.parent) == [link.name]


def test_a_file_that_someone_else_has_changed_is_left_alone(file: Path) -> None:
    """An edit is for the text that was read; another text is not overwritten."""
    with pytest.raises(UsageError, match="changed by someone else"):
        exchange(file, "another text", "name: x\n")
    assert os.listdir(file.parent) == [file.name] and file.stat().st_size > 1000


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: Captured) -> None:
    """As everywhere."""
    assert main(["set", str(tmp_path / "missing.yaml"), "horizon=1 year"]) == 2
    assert "CXM101" in capsys.readouterr().err


OVERLAY = """extends: pretty.yaml
name: The calm app
levers:
  people: {level: 0.6}   # ours
set:
  targets.nps: 40
  economics: {margin: 10 per month}
remove: [plans.both]
"""


@pytest.mark.parametrize(
    ("edits", "before", "after"),
    [
        (["levers.people.level=0.8"], "{level: 0.6}", "{level: 0.8}"),
        (["targets.nps=41"], "targets.nps: 40", "targets.nps: 41"),
        (["economics.margin=11 per month"], "{margin: 10 per month}", "{margin: 11 per month}"),
        (["levers.policies.level=0.8"], "# ours\n", "# ours\n  policies: {level: 0.8}\n"),
        (["today.nps=41"], "[plans.both]\n", "[plans.both]\ntoday: {nps: 41}\n"),
        (
            ["plans.fix_the_wait.1=promise_less"],
            "both]\n",
            "both]\nplans: {fix_the_wait: [real_tracking, promise_less]}\n",
        ),
        (["--remove", "targets.retention"], "[plans.both]", "[plans.both, targets.retention]"),
        (["--remove", "levers.people"], "levers:\n  people: {level: 0.6}   # ours\n", "levers: {}\n"),
        (["--remove", "targets.nps"], "  targets.nps: 40\n", ""),
        (["plans.both=[promise_less]"], "remove: [plans.both]\n", "plans: {both: [promise_less]}\n"),
        (
            ["initiatives.real_tracking.changes.journey.track_order.delivers.clarity=85"],
            "both]\n",
            "both]\ninitiatives: {real_tracking: {changes: {journey.track_order.delivers.clarity: 85}}}\n",
        ),
    ],
)
def test_in_a_file_that_extends_another_an_edit_goes_where_it_belongs(
    edits: list[str], before: str, after: str, file: Path
) -> None:
    """Where the file says it already, under `set` or not; what is inherited becomes its own, or is removed."""
    overlay = file.parent / "calm.yaml"
    overlay.write_bytes(OVERLAY.encode())
    base = file.read_bytes()
    assert main(["set", str(overlay), *edits]) == 0
    assert overlay.read_bytes().decode() == OVERLAY.replace(before, after)
    assert file.read_bytes() == base


def test_what_is_inherited_again_is_told(file: Path, capsys: Captured) -> None:
    """A value that a file no longer sets is not gone: its parent has one."""
    overlay = file.parent / "calm.yaml"
    overlay.write_bytes(OVERLAY.encode())
    main(["set", str(overlay), "--remove", "targets.nps"])
    assert "targets.nps is inherited now: 35" in capsys.readouterr().err
