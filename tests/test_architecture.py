"""The rooms: imports go down only, the front door is light, and the wheel needs no checkout."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import cxmodel
from tests.cli.test_usage import VERBS

HEAVY = {"numpy", "scipy", "pandas", "pyarrow", "pydantic", "simpy", "streamlit", "altair", "sqlalchemy", "yaml"}


def loaded(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after `code`."""
    ask = f"{code}\nimport sys; print(*sys.modules, file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in run.stderr.splitlines()[-1].split()}


@pytest.mark.slow
def test_imports_go_down_only(root: Path) -> None:
    """The contract of pyproject.toml holds: layers, and libraries pinned to their rooms."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_importing_cxmodel_loads_nothing_heavy() -> None:
    """`import cxmodel` costs nothing: the public names are fetched when first used."""
    assert not loaded("import cxmodel") & HEAVY


@pytest.mark.slow
def test_help_loads_nothing_heavy() -> None:
    """`cxmodel --help` answers at once: no library of numbers, tables or pages is loaded for it."""
    assert not loaded("from cxmodel.cli import main; main(['--help'])") & HEAVY


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb_loads_nothing_heavy(verb: str) -> None:
    """Nor for the help of a verb, but for pydantic, which typer itself checks arguments with."""
    assert not loaded(f"from cxmodel.cli import main; main([{verb!r}, '--help'])") & (HEAVY - {"pydantic"})


@pytest.mark.slow
def test_validating_loads_no_library_of_numbers_tables_or_pages(stories: Path) -> None:
    """`validate` needs the reading of scenarios only."""
    file = str(stories / "pretty_app.yaml")
    modules = loaded(f"from cxmodel.cli import main; main(['validate', {file!r}])")
    assert not modules & (HEAVY - {"pydantic", "yaml"})


@pytest.mark.parametrize("name", cxmodel.__all__)
def test_public_names_resolve(name: str) -> None:
    """Every public name is there."""
    assert getattr(cxmodel, name) is not None


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    """Fetching names when first used does not invent any."""
    assert not hasattr(cxmodel, "nonsense")


def test_the_version_is_the_one_in_pyproject(root: Path) -> None:
    """One version, in one place; a mismatch means that the environment is stale."""
    assert cxmodel.__version__ == tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]


@pytest.mark.slow
def test_every_module_opens_with_what_it_is(root: Path) -> None:
    """House style: a module opens with what it is and what it does not know."""
    files = [*(root / "cxmodel").rglob("*.py"), *(root / "tests").rglob("*.py"), root / "app.py"]
    silent = [str(file) for file in files if not ast.get_docstring(ast.parse(file.read_text("utf-8")))]
    assert not silent


def test_nothing_committed_names_a_download_address(root: Path) -> None:
    """The pinned versions are names and numbers: where they come from is the machine's business."""
    pins = [line for line in (root / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert all(line.count("==") == 1 and "/" not in line and " " not in line for line in pins)


@pytest.fixture(scope="module")
def installed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's files, laid out as an installation lays them out, far from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


@pytest.mark.slow
def test_the_wheel_carries_the_page_and_the_stories(installed: Path, stories: Path) -> None:
    """`app.py` with its settings, and `scenarios/`, travel inside the wheel."""
    travelled = {file.name for file in (installed / "cxmodel" / "_stories").glob("*.yaml")}
    assert (installed / "cxmodel" / "_app" / "app.py").is_file()
    assert (installed / "cxmodel" / "_app" / ".streamlit" / "config.toml").is_file()
    assert travelled == {file.name for file in stories.glob("*.yaml")}


@pytest.mark.slow
def test_the_wheel_needs_no_checkout(installed: Path, tmp_path: Path) -> None:
    """Installed from the wheel, cxmodel finds its page and its stories without the repository."""
    ask = (
        f"import sys; sys.path.insert(0, {str(installed)!r})\n"
        "import cxmodel.workbench.server; from cxmodel.scenario.stories import stories\n"
        "print(cxmodel.workbench.server.page(), *stories().values(), sep='\\n')"
    )
    command = [sys.executable, "-c", ask]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    found = [Path(line) for line in run.stdout.splitlines()]
    assert len(found) > 1
    assert all(file.is_file() and installed in file.parents for file in found)


PARTICIPLES = {
    "accounting": "the noun of the trade",
    "closed_loop": "the closed loop of customer feedback",
    "mapping": "a noun: which column is what",
    "mending": "the word that page and command line use: what to mend first",
    "paired": "paired differences are the textbook's term",
    "queueing": "queueing theory",
    "wording": "a noun",
    "setting": "the setting of a replication: a noun",
    "stored_results": "the results that are stored",
    "stored_tables": "the tables of a stored run",
}
"""Modules that end like a participle and may, with the reason."""


def modules(root: Path) -> list[Path]:
    """Every module of the package."""
    return [path for path in (root / "cxmodel").rglob("*.py") if path.name != "__init__.py"]


def test_a_module_is_a_noun(root: Path) -> None:
    """None is named by a participle, as `telling`, `played` or `kept` were, but those that are terms."""
    words = {path.stem: path.stem.split("_") for path in modules(root)}
    participles = {name for name, parts in words.items() if any(part.endswith(("ing", "ed")) for part in parts)}
    assert participles <= set(PARTICIPLES), sorted(participles - set(PARTICIPLES))


def test_the_top_level_can_be_held_in_the_head(root: Path) -> None:
    """At most seven modules stand at the top; everything else is in a room."""
    assert len(list((root / "cxmodel").glob("*.py"))) <= 7
