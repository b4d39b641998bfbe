"""Drafts: what somebody edits is kept, can be undone and put back, and never half-written or lost."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from difflib import unified_diff
from pathlib import Path

import pytest

import cxmodel as cx
from cxmodel.errors import ScenarioError, UsageError
from cxmodel.scenario import stories
from cxmodel.workbench.drafts import text_merge
from cxmodel.workbench.drafts.store import REMOVE, Draft, Drafts, ForeignFile

PRETTY = stories()["pretty_app"]


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    """The drafts of an empty workspace."""
    return Drafts(tmp_path)


@pytest.fixture
def draft(drafts: Drafts) -> Draft:
    """A draft of the pretty app as it is."""
    return drafts.open(PRETTY)


def changed(draft: Draft) -> list[str]:
    """The lines that a draft takes away from its file, and those it adds."""
    told = unified_diff(draft.base.splitlines(), draft.text.splitlines(), lineterm="", n=0)
    return [line for line in told if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def is_saved(draft: Draft) -> bool:
    """Whether its file says the same."""
    return draft.source is not None and draft.text == draft.base


def said(drafts: Drafts, draft: Draft) -> list[str]:
    """What differs from the file, in words."""
    return [row.said for row in drafts.rows(draft)]


# -- kept ------------------------------------------------------------------------------------------------------------


def test_a_draft_begins_as_its_file_to_the_byte(drafts: Drafts, draft: Draft) -> None:
    """Nothing is changed by opening."""
    assert draft.text.encode() == PRETTY.read_bytes() and drafts.rows(draft) == [] and is_saved(draft)


def test_a_draft_is_found_by_its_id_from_elsewhere(drafts: Drafts, draft: Draft) -> None:
    """Another page, or the workbench started anew, sees the same."""
    edited = drafts.edit(draft.id, {"levers.people.level": 0.8})
    assert Drafts(drafts.workspace).get(draft.id) == edited


def test_an_edit_changes_its_line_only(drafts: Drafts, draft: Draft) -> None:
    """Comments and layout stay."""
    edited = drafts.edit(draft.id, {"levers.people.level": 0.8})
    assert changed(edited) == ["-  people:     {level: 0.7}", "+  people:     {level: 0.8}"]
    assert said(drafts, edited) == ["people lever: 0.70 → 0.80"]


def test_a_refused_edit_leaves_the_draft_as_it_was(drafts: Drafts, draft: Draft) -> None:
    """What would not be valid is told as `validate` tells it, and nothing is written."""
    with pytest.raises(ScenarioError) as refused:
        drafts.edit(draft.id, {"journey.track_order.visits": 0.5})
    assert refused.value.problems[0].path == "journey.track_order.visits"
    assert drafts.get(draft.id) == draft


def test_an_id_cannot_be_guessed_and_leads_nowhere_else(drafts: Drafts, draft: Draft) -> None:
    """22 letters of luck; what is no id is refused before any file is looked at."""
    assert len(draft.id) >= 22
    for hostile in ("../../etc/passwd", "..", "a/b", "", "x" * 100, "C:\\windows", f"{draft.id}/", draft.id + "\0"):
        with pytest.raises(UsageError, match="no draft's address"):
            drafts.get(hostile)


def test_an_unknown_draft_is_told_kindly(drafts: Drafts) -> None:
    """A link to a draft that was discarded says so."""
    with pytest.raises(UsageError, match="not on this computer"):
        drafts.get("A" * 22)


@pytest.mark.parametrize("left", [b"", b"{", b"[]", b"\xff\xfe\x00", b'{"id": 1}'])
def test_a_damaged_draft_is_told_and_left_out(drafts: Drafts, draft: Draft, left: bytes) -> None:
    """One broken file breaks neither the list nor the page."""
    other = drafts.open(PRETTY)
    (drafts.folder / f"{draft.id}.json").write_bytes(left)
    with pytest.raises(UsageError, match="damaged"):
        drafts.get(draft.id)
    assert [each.id for each in drafts.recent()] == [other.id]


def test_the_drafts_changed_last_come_first(drafts: Drafts) -> None:
    """As many as asked for."""
    made = [drafts.open(PRETTY).id for _ in range(4)]
    time.sleep(0.02)
    drafts.edit(made[1], {"levers.people.level": 0.8})
    recent = [each.id for each in drafts.recent(2)]
    assert recent[0] == made[1] and len(recent) == 2


def test_no_drafts_are_no_error(drafts: Drafts) -> None:
    """A workspace that was never edited in."""
    assert drafts.recent() == []


def test_a_discarded_draft_is_gone(drafts: Drafts, draft: Draft) -> None:
    """Its file stays."""
    drafts.discard(draft.id)
    assert drafts.recent() == [] and PRETTY.exists()


# -- back and forth --------------------------------------------------------------------------------------------------


def test_undo_and_redo_walk_through_every_text(drafts: Drafts, draft: Draft) -> None:
    """And stop at the ends."""
    texts = [draft.text, *(drafts.edit(draft.id, {"levers.people.level": x}).text for x in (0.8, 0.9))]
    back = [drafts.undo(draft.id).text for _ in range(3)]
    forth = [drafts.redo(draft.id).text for _ in range(3)]
    assert back == [texts[1], texts[0], texts[0]] and forth == [texts[1], texts[2], texts[2]]


def test_an_edit_after_undo_forgets_what_was_undone(drafts: Drafts, draft: Draft) -> None:
    """There is one line of history."""
    drafts.edit(draft.id, {"levers.people.level": 0.8})
    drafts.undo(draft.id)
    assert not drafts.edit(draft.id, {"levers.people.level": 0.9}).can_redo


def test_the_history_is_bounded(drafts: Drafts, draft: Draft) -> None:
    """A hundred steps, and fewer of huge texts."""
    for step in range(200):
        draft = draft.then(f"# {step}\n{draft.base}")
    assert len(draft.texts) == 100 and draft.then("x" * 7_000_000).then("y" * 7_000_000).can_undo
    assert len(draft.then("x" * 7_000_000).then("y" * 7_000_000).texts) == 2


@pytest.mark.parametrize(
    ("edits", "path"),
    [
        ({"levers.people.level": 0.85}, "levers.people.level"),
        ({"levers.platforms.level": 0.45}, "levers.platforms.level"),
        ({"journey.track_order.delivers.clarity": 77, "journey.track_order.visits": 3}, "journey.track_order"),
        ({"journey.goodbye": REMOVE}, "journey.goodbye"),
        ({"journey.unboxing": REMOVE}, "journey.unboxing"),
        ({"plans.new": ["real_tracking"]}, "plans.new"),
        ({"value_propositions.see_before_you_buy.price": REMOVE}, "value_propositions.see_before_you_buy.price"),
        ({"meta.note": "x"}, "meta.note"),
        ({"question": "What now?"}, "question"),
    ],
)
def test_what_was_changed_alone_goes_back_to_the_byte(
    drafts: Drafts, draft: Draft, edits: dict[str, object], path: str
) -> None:
    """The file's own lines come back, comments and all."""
    try:
        drafts.edit(draft.id, edits)
    except ScenarioError as error:
        pytest.fail(str(error))
    assert drafts.reset(draft.id, path).text == draft.base


@pytest.mark.slow
def test_each_row_can_be_put_back_and_the_others_stay(drafts: Drafts, draft: Draft) -> None:
    """Row by row, in any order, until the file's text is there again."""
    edits = {
        "levers.people.level": 0.85,
        "levers.practices.level": 0.4,
        "journey.track_order.delivers.clarity": 60,
        "journey.order_email.delivers.clarity": 60,
        "journey.order_email.delivers.polish": 61,
        "initiatives.promise_less.changes.brand_promises.pizza_style_bar.level": 40,
        "plans.mine": ["promise_less"],
        "expect.1": REMOVE,
    }
    edited = drafts.edit(draft.id, edits)
    rows = drafts.rows(edited)
    assert len(rows) == len(edits)
    while rows:
        row = rows[len(rows) // 2]
        edited = drafts.reset(draft.id, row.path)
        left = [other.said for other in rows if other is not row]
        rows = drafts.rows(edited)
        assert [each.said for each in rows] == left
    assert edited.text == draft.base


def test_everything_can_be_put_back_at_once(drafts: Drafts, draft: Draft) -> None:
    """And undone again."""
    drafts.edit(draft.id, {"levers.people.level": 0.85, "name": "Other"})
    assert drafts.reset(draft.id).text == draft.base and drafts.undo(draft.id).title == "Other"


# -- two tabs, two processes -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_two_tabs_of_one_draft_do_not_lose_each_others_edits(drafts: Drafts, draft: Draft) -> None:
    """Forty edits from four threads are all there."""
    places = [f"meta.key_{number}" for number in range(40)]

    def edit(mine: list[str]) -> None:
        for path in mine:
            Drafts(drafts.workspace).edit(draft.id, {path: 1})

    threads = [threading.Thread(target=edit, args=(places[first::4],)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = drafts.scenario(drafts.get(draft.id))
    assert {f"meta.{key}" for key in after.meta if key.startswith("key_")} == set(places)


@pytest.mark.slow
def test_a_killed_writer_leaves_a_whole_draft(drafts: Drafts, draft: Draft) -> None:
    """At whatever moment the workbench is killed, the draft opens, with each edit that was confirmed."""
    code = (
        "import sys; from pathlib import Path; from cxmodel.workbench.drafts.store import Drafts\n"
        f"drafts = Drafts(Path({str(drafts.workspace)!r}))\n"
        "for number in range(10**6):\n"
        f"    drafts.edit({draft.id!r}, {{'meta.count': number}}); print(number, flush=True)"
    )
    for _ in range(4):
        writer = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(3)]
        time.sleep(0.013 * len(told))
        writer.kill()
        told += [int(line) for line in writer.stdout.read().split()]
        writer.wait()
        writer.stdout.close()
        assert drafts.scenario(drafts.get(draft.id)).meta["count"] in (told[-1], told[-1] + 1)
    drafts.edit(draft.id, {"meta.count": -1})


# -- the YAML tab ----------------------------------------------------------------------------------------------------


def test_valid_text_becomes_the_truth(drafts: Drafts, draft: Draft) -> None:
    """Fields then show it."""
    after = drafts.write(draft.id, draft.text.replace("people:     {level: 0.7}", "people:     {level: 0.75}"))
    assert said(drafts, after) == ["people lever: 0.70 → 0.75"] and after.wrong is None


def test_wrong_text_is_kept_and_explained(drafts: Drafts, draft: Draft) -> None:
    """The last valid text still counts; the wrong one waits on disk with its problems."""
    drafts.write(draft.id, draft.text.replace("journey:", "journy:"))
    after = drafts.get(draft.id)
    assert after.text == draft.text and after.wrong is not None and "journy:" in after.wrong
    assert drafts.problems(after)[0].code == "CXM201" and drafts.problems(after)[0].file == "pretty_app.yaml"


def test_wrong_text_survives_an_edit_elsewhere_and_both_count_in_the_end(drafts: Drafts, draft: Draft) -> None:
    """A lever moved while the text is wrong is there when the text has been mended."""
    wrong = draft.text.replace("name: The pretty app", "name:")
    drafts.write(draft.id, wrong)
    between = drafts.edit(draft.id, {"levers.people.level": 0.8})
    assert between.wrong == wrong
    mended = drafts.write(draft.id, wrong.replace("name:\n", "name: Mended\n"), seen=between.wrong_from)
    assert said(drafts, mended) == ["name: “The pretty app” → Mended", "people lever: 0.70 → 0.80"]
    assert mended.wrong is None


def test_what_another_tab_changed_meanwhile_stays_changed(drafts: Drafts, draft: Draft) -> None:
    """A text field that was opened before does not take back an edit made since."""
    drafts.edit(draft.id, {"levers.people.level": 0.8})
    after = drafts.write(draft.id, draft.text.replace("visits: 9", "visits: 8"), seen=draft.text)
    assert [row.path for row in drafts.rows(after)] == ["levers.people.level", "journey.track_order.visits"]


def test_wrong_text_can_be_given_up(drafts: Drafts, draft: Draft) -> None:
    """On request only."""
    drafts.write(draft.id, "nonsense")
    assert drafts.give_up_wrong(draft.id).wrong is None


def test_what_is_typed_in_a_row_is_one_step(drafts: Drafts, draft: Draft) -> None:
    """Undo takes back the typing, not each letter."""
    for level in ("0.75", "0.8", "0.85"):
        drafts.write(draft.id, draft.text.replace("people:     {level: 0.7}", f"people:     {{level: {level}}}"))
    assert drafts.undo(draft.id).text == draft.text


def test_line_ends_and_byte_order_mark_are_kept(drafts: Drafts, tmp_path: Path) -> None:
    """A text field knows only one line end; the file keeps its own."""
    text = "\N{ZERO WIDTH NO-BREAK SPACE}" + PRETTY.read_text("utf-8").replace("\n", "\r\n")
    file = tmp_path / "windows.yaml"
    file.write_bytes(text.encode())
    draft = drafts.open(file)
    after = drafts.write(draft.id, text_merge.shown(text).replace("visits: 9", "visits: 8"))
    assert after.text == text.replace("visits: 9", "visits: 8")
    assert drafts.write(draft.id, text_merge.shown(text)).text == text


def test_a_text_beyond_every_limit_is_refused(drafts: Drafts, draft: Draft) -> None:
    """And the draft is as it was."""
    with pytest.raises(ScenarioError, match="CXM103"):
        drafts.write(draft.id, "#" * 1_000_001)
    assert drafts.get(draft.id) == draft


# -- uploads ---------------------------------------------------------------------------------------------------------

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"schema: 1\nname: x\n", "CXM202"),
        (b"[" * 100_000, "CXM109"),
        (BOMB.encode(), "CXM109"),
        (b"!!python/object/apply:os.system [true]\n", "CXM107"),
        (b"\x00\x01\x02\x03", "CXM104"),
        ("schema: 1".encode("utf-16"), "CXM104"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "CXM104"),
        (b"a" * 1_000_001, "CXM103"),
        (b"", "CXM112"),
        (b"schema: 1\nextends: ../../../../etc/passwd\n", "CXM115"),
    ],
)
def test_a_hostile_upload_is_answered_with_what_is_wrong(drafts: Drafts, content: bytes, code: str) -> None:
    """Quickly, and nothing is left behind."""
    begun = time.monotonic()
    with pytest.raises(ScenarioError) as refused:
        drafts.upload("x.yaml", content)
    assert code in {problem.code for problem in refused.value.problems}
    assert time.monotonic() - begun < 2 and drafts.recent() == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.yaml"),
        ("C:\\stuff\\My scenario.YML", "My_scenario.yaml"),
        (".hidden", "hidden.yaml"),
        ("", "scenario.yaml"),
        ("<script>.yaml", "script_.yaml"),
        ("x" * 300, "x" * 80 + ".yaml"),
    ],
)
def test_the_name_of_an_upload_is_a_plain_one(drafts: Drafts, name: str, kept: str) -> None:
    """Whatever the browser says it is called."""
    assert drafts.upload(name, PRETTY.read_bytes()).name == kept


def test_an_upload_gives_the_same_numbers_as_its_file(drafts: Drafts) -> None:
    """Its hash is that of the file."""
    draft = drafts.upload("copy.yaml", PRETTY.read_bytes())
    assert drafts.scenario(draft).hash == cx.load(PRETTY).hash


# -- saved -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A scenario of one's own in the workspace."""
    file = tmp_path / "own.yaml"
    file.write_bytes(PRETTY.read_bytes())
    return file


def test_saving_writes_the_changed_lines_into_the_file(drafts: Drafts, file: Path) -> None:
    """And the draft is then as its file."""
    draft = drafts.open(file)
    edited = drafts.edit(draft.id, {"levers.people.level": 0.8})
    saved = drafts.save(draft.id, replacing=True)
    assert file.read_bytes().decode() == edited.text and is_saved(saved) and drafts.rows(saved) == []
    assert saved.can_undo


def test_a_story_that_comes_with_cxmodel_is_saved_as_a_copy(drafts: Drafts, draft: Draft, tmp_path: Path) -> None:
    """Under a free name, and never over another file."""
    before = PRETTY.read_bytes()
    (tmp_path / "pretty_app.yaml").write_text("mine")
    drafts.edit(draft.id, {"levers.people.level": 0.8})
    saved = drafts.save(draft.id)
    assert saved.source == str(tmp_path / "pretty_app_2.yaml") and is_saved(saved)
    assert PRETTY.read_bytes() == before and (tmp_path / "pretty_app.yaml").read_text() == "mine"
    assert cx.load(tmp_path / "pretty_app_2.yaml").hash == drafts.scenario(saved).hash
    drafts.edit(draft.id, {"levers.people.level": 0.9})
    assert drafts.save(draft.id).source == saved.source


def test_a_file_that_somebody_else_changed_is_not_overwritten(drafts: Drafts, file: Path) -> None:
    """Nothing is lost on either side; a copy can be saved."""
    draft = drafts.open(file)
    drafts.edit(draft.id, {"levers.people.level": 0.8})
    theirs = draft.text.replace("visits: 9", "visits: 8")
    file.write_text(theirs)
    with pytest.raises(ForeignFile, match="changed by somebody else"):
        drafts.save(draft.id)
    saved = drafts.save(draft.id, copy=True)
    assert file.read_text() == theirs and saved.name == "own_2.yaml" and is_saved(saved)


def test_a_file_that_was_there_before_is_replaced_on_request_only(drafts: Drafts, file: Path) -> None:
    """Once that is said, and for a file that the draft has made, saving again needs no word."""
    draft = drafts.open(file)
    renamed = drafts.edit(draft.id, {"name": "Another story"})
    with pytest.raises(ForeignFile, match=r"own\.yaml was there before your draft"):
        drafts.save(draft.id)
    assert file.read_bytes() == PRETTY.read_bytes()
    assert drafts.save(draft.id, replacing=True).text == renamed.text == file.read_text("utf-8")
    again = drafts.edit(draft.id, {"levers.people.level": 0.8})
    drafts.save(draft.id)
    assert file.read_text("utf-8") == again.text


def test_a_draft_is_saved_under_another_name(drafts: Drafts, file: Path, tmp_path: Path) -> None:
    """Its file stays as it is, and the new one is its file from then on; what has that name is replaced on request."""
    draft = drafts.open(file)
    drafts.edit(draft.id, {"name": "Another story"})
    saved = drafts.save_as(draft.id, "another story")
    assert saved.source == str(tmp_path / "another_story.yaml") and is_saved(saved) and drafts.rows(saved) == []
    assert file.read_bytes() == PRETTY.read_bytes()
    edited = drafts.edit(draft.id, {"levers.people.level": 0.8})
    assert drafts.save(draft.id).source == saved.source
    with pytest.raises(ForeignFile, match=r"There is a file own\.yaml already"):
        drafts.save_as(draft.id, "own.yaml")
    assert file.read_bytes() == PRETTY.read_bytes()
    drafts.save_as(draft.id, "own.yaml", replacing=True)
    assert file.read_text("utf-8") == edited.text


def test_no_story_that_comes_with_cxmodel_is_ever_replaced(
    drafts: Drafts, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In their own folder neither: saving makes a new file, and their names are not given."""
    monkeypatch.setattr("cxmodel.workbench.drafts.store.stories", lambda: {"own": file})
    draft = drafts.open(file)
    drafts.edit(draft.id, {"levers.people.level": 0.8})
    with pytest.raises(UsageError, match="an example that comes with cxmodel"):
        drafts.save_as(draft.id, "own", replacing=True)
    assert drafts.target(draft) == "own_2.yaml" == drafts.save(draft.id).name
    assert file.read_bytes() == PRETTY.read_bytes()


def test_wrong_text_is_not_left_behind_by_saving(drafts: Drafts, file: Path) -> None:
    """Saving says what is wrong and writes nothing; a copy has the last valid text, and the wrong one is kept."""
    draft = drafts.open(file)
    valid = drafts.edit(draft.id, {"levers.people.level": 0.8}).text
    drafts.write(draft.id, valid.replace("journey:", "journy:"))
    with pytest.raises(UsageError, match=r"text with \d+ problems?, and nothing was written"):
        drafts.save(draft.id)
    saved = drafts.save(draft.id, copy=True)
    assert file.read_bytes() == PRETTY.read_bytes()
    assert Path(str(saved.source)).read_text("utf-8") == valid and saved.wrong is not None


def test_a_file_that_was_deleted_is_written_anew(drafts: Drafts, file: Path) -> None:
    """The draft has it all."""
    draft = drafts.open(file)
    file.unlink()
    drafts.save(draft.id)
    assert file.read_text() == draft.text


def test_an_upload_is_saved_under_its_name(drafts: Drafts, tmp_path: Path) -> None:
    """In the workspace."""
    draft = drafts.upload("brought.yaml", PRETTY.read_bytes())
    assert not is_saved(draft) and is_saved(drafts.save(draft.id))
    assert (tmp_path / "brought.yaml").read_bytes() == PRETTY.read_bytes()


@pytest.mark.slow
def test_a_copy_of_a_file_that_builds_on_another_means_the_same(drafts: Drafts, tmp_path: Path) -> None:
    """Far from what it builds on, the whole scenario is written out."""
    below = tmp_path / "clients" / "a"
    below.mkdir(parents=True)
    (below / "base.yaml").write_bytes(PRETTY.read_bytes())
    (below / "bold.yaml").write_text("extends: base.yaml\nset:\n  levers.people.level: 0.8\n")
    draft = drafts.edit(drafts.open(below / "bold.yaml").id, {"levers.practices.level": 0.9})
    assert "levers" in draft.text and "journey" not in draft.text
    meant = drafts.scenario(draft).hash
    saved = drafts.save(draft.id, copy=True)
    assert is_saved(saved) and cx.load(tmp_path / "bold.yaml").hash == meant


def test_what_a_draft_builds_on_is_read_again_when_it_changes(drafts: Drafts, tmp_path: Path) -> None:
    """Memory of a scenario does not outlive the files it is made of."""
    base = tmp_path / "base.yaml"
    base.write_bytes(PRETTY.read_bytes())
    (tmp_path / "bold.yaml").write_text("extends: base.yaml\n")
    draft = drafts.open(tmp_path / "bold.yaml")
    before = drafts.scenario(draft).hash
    base.write_text(PRETTY.read_text().replace("visits: 9", "visits: 19"))
    assert drafts.scenario(draft).hash != before


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """In words."""
    (tmp_path / ".cxmodel").write_text("in the way")
    with pytest.raises(UsageError, match="cannot be kept"):
        Drafts(tmp_path).open(PRETTY)


# -- switches and levers ---------------------------------------------------------------------------------------------


def test_a_moved_lever_is_an_initiative_in_my_plan(drafts: Drafts, draft: Draft) -> None:
    """The text gains those lines only, and gives what the same lever gives today."""
    after, plan = drafts.move_lever(draft.id, "platforms", 0.8, "fix_the_wait")
    scenario = drafts.scenario(after)
    assert plan == "my_plan" and scenario.initiatives_of(plan) == ("real_tracking", "moved_levers")
    assert [line[0] for line in changed(after)] == ["+"] * len(changed(after))
    assert any("levers.platforms.level: 0.8" in line for line in changed(after))
    meant = drafts.original(after).with_initiative(
        "moved_levers", {"levers.platforms.level": 0.8}, plan="my_plan", base="fix_the_wait"
    )
    assert scenario.initiatives["moved_levers"].changes == meant.initiatives["moved_levers"].changes
    assert scenario.initiatives["moved_levers"].what == "Move platforms to 0.8"


@pytest.mark.slow
def test_a_lever_moved_back_is_as_if_never_moved(drafts: Drafts, draft: Draft) -> None:
    """To the byte, one lever after the other."""
    _, plan = drafts.move_lever(draft.id, "platforms", 0.8, "as_is")
    one, plan = drafts.move_lever(draft.id, "people", 0.85, plan)
    again, plan = drafts.move_lever(draft.id, "people", 0.7, plan)
    assert "levers.people.level" in one.text and "levers.people.level" not in again.text and plan == "my_plan"
    end, plan = drafts.move_lever(draft.id, "platforms", 0.4, plan)
    assert end.text == draft.base and plan == "as_is"


@pytest.mark.slow
def test_all_levers_go_back_at_once(drafts: Drafts, draft: Draft) -> None:
    """The plan they were moved on top of is shown again."""
    _, plan = drafts.move_lever(draft.id, "platforms", 0.8, "both")
    _, plan = drafts.move_lever(draft.id, "people", 0.85, plan)
    after, plan = drafts.levers_back(draft.id, plan)
    assert after.text == draft.base and plan == "both"


def test_an_initiative_is_switched_on_and_off(drafts: Drafts, draft: Draft) -> None:
    """A plan that is the same as one of the file is that plan."""
    one, plan = drafts.switch(draft.id, "plainer_app", True, "fix_the_wait")
    assert drafts.scenario(one).plans["my_plan"] == ("real_tracking", "plainer_app") and plan == "my_plan"
    two, plan = drafts.switch(draft.id, "plainer_app", False, plan)
    assert two.text == draft.base and plan == "fix_the_wait"


def test_moved_levers_and_switches_go_together(drafts: Drafts, draft: Draft) -> None:
    """The levers stay moved while initiatives come and go."""
    _, plan = drafts.move_lever(draft.id, "people", 0.8, "as_is")
    after, plan = drafts.switch(draft.id, "promise_less", True, plan)
    assert drafts.scenario(after).plans[plan] == ("promise_less", "moved_levers")
    after, plan = drafts.switch(draft.id, "promise_less", False, plan)
    assert drafts.scenario(after).plans[plan] == ("moved_levers",)


def test_my_plan_that_an_expectation_speaks_of_stays(drafts: Drafts, tmp_path: Path) -> None:
    """Even if it is the same as another plan."""
    plans = "plans:                      # choices worth comparing; `as_is` (none) always exists\n"
    text = PRETTY.read_text().replace(plans, f"{plans}  my_plan: [promise_less, real_tracking]\n")
    file = tmp_path / "own.yaml"
    file.write_text(text.replace("\n  - {plan: fix", "\n  - {plan: my_plan, metric: nps, above: 0}\n  - {plan: fix", 1))
    draft = drafts.open(file)
    after, plan = drafts.switch(draft.id, "promise_less", False, "my_plan")
    assert plan == "my_plan" and drafts.scenario(after).plans["my_plan"] == ("real_tracking",)


def test_unknown_levers_and_initiatives_are_told(drafts: Drafts, draft: Draft) -> None:
    """With what was probably meant."""
    with pytest.raises(UsageError, match="did you mean `people`"):
        drafts.move_lever(draft.id, "peple", 0.5, "as_is")
    with pytest.raises(UsageError, match="did you mean `real_tracking`"):
        drafts.switch(draft.id, "real_trackin", True, "as_is")


@pytest.mark.slow
@pytest.mark.parametrize("story", stories())
def test_levers_and_switches_work_on_every_story(drafts: Drafts, story: str) -> None:
    """Moved and moved back, switched and switched back, every story is as it was."""
    draft = drafts.open(stories()[story])
    scenario = drafts.original(draft)
    plan = next(iter(scenario.plans), "as_is")
    after, mine = drafts.move_lever(draft.id, "practices", 0.93, plan)
    for initiative in list(scenario.initiatives)[:2]:
        on = initiative in scenario.initiatives_of(plan)
        after, mine = drafts.switch(draft.id, initiative, not on, mine)
        after, mine = drafts.switch(draft.id, initiative, on, mine)
    assert drafts.rows(after)
    after, shown = drafts.levers_back(draft.id, mine)
    assert set(drafts.scenario(after).initiatives_of(shown)) == set(scenario.initiatives_of(plan))
