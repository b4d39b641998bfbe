"""The command line in the wild: signs that a terminal lacks, readers that leave, full disks, standard input."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from cxmodel.archive import Archive
from cxmodel.cli import main
from cxmodel.cli.terminal import HANDLER, PLAIN, plain

SHOP = """\
schema: 1
name: Café “Zum Bären” – £5 a cup
question: Is it worth 3 € more …?
horizon: 3 months
currency: {currency}
attributes: {{kindness: {{kind: must_be}}}}
today: {{nps: -20}}
segments: {{neighbours: {{customers: 80, needs: {{kindness: {{level: 70}}}}}}}}
journey:
  till: {{stage: buy, delivers: {{kindness: 50}}}}
  bread: {{stage: use, every: 7 days, delivers: {{kindness: 60}}}}
economics: {{margin: 9 per month}}
initiatives: {{smile: {{what: Lächeln → 100 %, changes: {{journey.bread.delivers.kindness: 80}}, cost: {{once: 10}}}}}}
plans: {{friendlier: [smile]}}
expect:
  - {{plan: friendlier, metric: nps, worse_than: as_is}}
"""
FEW = "--replications 3"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a scenario full of signs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CXMODEL_ARCHIVE", str(tmp_path / "archive"))
    (tmp_path / "shop.yaml").write_text(SHOP.format(currency="EUR"), "utf-8")
    return tmp_path


def shell(line: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    """A line of Bash in which `cxmodel` is this one; its exit code is that of the first command of a pipe."""
    us = f'cxmodel() {{ {shlex.quote(sys.executable)} -m cxmodel "$@"; }}; {line}; exit ${{PIPESTATUS[0]}}'
    path = str(Path(__file__).parents[2])
    return subprocess.run(
        ["bash", "-c", us], capture_output=True, timeout=120, env={**os.environ, "PYTHONPATH": path, **more}
    )


def test_every_plain_sign_is_plain() -> None:
    """What stands in for a sign is in every encoding; letters lose their accents, the rest is a question mark."""
    assert all(words.isascii() for words in PLAIN.values())
    assert plain("Bären für 5 € − “gut” … ▼ 東\udcff") == 'Baren fur 5 EUR  - "gut" ... v ??'


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437", "cp850", "koi8-r", "shift_jis", "utf-8"])
def test_what_an_encoding_has_stays_as_it_is(encoding: str) -> None:
    """Only what it lacks gives way."""
    text = "−1.2 to £14,200 and €3 ▼ … é"
    said = text.encode(encoding, HANDLER).decode(encoding)
    assert len(said) >= len(text) and "?" not in said
    assert ("£" in said) == (encoding in ("latin-1", "cp1252", "cp437", "cp850", "shift_jis", "utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "latin-1"])
@pytest.mark.parametrize("currency", ["EUR", "GBP"])
def test_a_terminal_that_lacks_signs_gets_plain_ones(shop: Path, encoding: str, currency: str) -> None:
    """Every verb that prints figures, on both streams: no traceback, no question marks, the usual exit code."""
    (shop / "shop.yaml").write_text(SHOP.format(currency=currency), "utf-8")
    for line in ("run shop.yaml --plan friendlier", "compare shop.yaml", "explain shop.yaml --plan friendlier"):
        done = shell(f"cxmodel {line} {FEW}", PYTHONIOENCODING=encoding)
        out, err = done.stdout.decode(encoding), done.stderr.decode(encoding)
        assert done.returncode == 0 and "Traceback" not in err
        assert "?" not in out.replace("more ...?", "").replace("more …?", "") and "Caf" in out
        heads = [row for row in out.splitlines() if row.startswith(("Customer equity", "Satisfaction"))]
        assert len({row.find(" to ") > 0 for row in heads}) <= 1


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "cp437"])
def test_json_stays_json_in_any_encoding(shop: Path, encoding: str) -> None:
    """Nothing is lost in it: what the encoding lacks is escaped."""
    done = shell(f"cxmodel run shop.yaml {FEW} --json", PYTHONIOENCODING=encoding)
    assert json.loads(done.stdout.decode(encoding))["scenario"]["name"] == "Café “Zum Bären” – £5 a cup"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("cxmodel run shop.yaml {few} | head -1", 0),
        ("cxmodel run shop.yaml {few} --json | head -0", 0),
        ("cxmodel run shop.yaml {few} >&-", 0),
        ("cxmodel run shop.yaml {few} 2>&-", 0),
        ("cxmodel run shop.yaml {few} >&- 2>&- <&-", 0),
        ("cxmodel run shop.yaml {few} 2>/dev/full", 0),
        ("cxmodel check shop.yaml {few} | head -0", 1),
        ("cxmodel check shop.yaml {few} >&-", 1),
        ("cxmodel validate nowhere.yaml >&- 2>/dev/full", 2),
        ("cxmodel --help | head -1", 0),
        ("cxmodel run shop.yaml {few} >/dev/full", 3),
        ("cxmodel schema >/dev/full", 3),
        ("cxmodel --version >/dev/full", 3),
    ],
)
def test_a_stream_that_is_closed_or_full_changes_nothing_else(shop: Path, line: str, code: int) -> None:
    """The usual exit code without a complaint; a disk that is full is told, with exit code 3. Runs are saved."""
    done = shell(line.format(few=FEW))
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr and b"Exception ignored" not in done.stderr
    assert (b"No space left on device" in done.stderr) == (code == 3)
    assert len(Archive(shop / "archive").ids()) == ("run " in line)


def test_a_scenario_may_come_from_standard_input(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`-` for `validate`, `show` and `run`; what it extends is looked for in the working folder."""

    def given(text: str, *line: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), "ascii"))
        code = main(line)
        return code, *capsys.readouterr()

    layer = "extends: shop.yaml\nset: {name: Dünner}\n"
    code, said, _ = given(layer, "validate", "-")
    assert code == 0 and said.endswith("-: valid, 1 warning\n")
    assert "name: Dünner" in given(layer, "show", "-")[1]
    assert given(layer, "show", "-", "--origin", "name")[1] == "<stdin>:2: set: Dünner\n"
    assert "Dünner" in given(layer, "run", "-", *FEW.split(), "--quiet")[1]
    code, _, said = given("schema: 1\nnam: x\n", "run", "-")
    assert code == 2 and "<stdin>:2:1" in said
    assert given("", "validate", "-")[0] == 2
