"""The command line: one verb is one call and one table. Knows no model and computes nothing.

Exit codes: 0 fine, 1 a check failed, 2 wrong usage or an invalid scenario, 3 a run failed or its answer could not be
written, 130 cancelled. A reader who leaves (`| head`) changes none of them. Heavy imports wait for the verb that needs
them. Verbs are listed in the order in which their modules are named here.
"""

from __future__ import annotations

import os
import threading
import traceback
from collections.abc import Sequence
from typing import Annotated, Final

import typer

from cxmodel.cli import scenarios, run, studies, calibration, archive, app  # isort: skip  (the order of the verbs in the help)
from cxmodel.atomic_files import SCARCE
from cxmodel.cli.options import CANCELLED, FAILED, OK, WRONG, tell, verbs
from cxmodel.cli.terminal import terminal
from cxmodel.errors import ArchiveError, CxModelError, ScenarioError, StorageError, UsageError

__all__ = ["app", "archive", "calibration", "main", "run", "scenarios", "studies"]


OUT_OF_MEMORY: Final = (
    "There was not enough memory. Use fewer customers and prospects (results are per customer: a sample of 10,000 "
    "shows the same), fewer threads (--jobs 1), or a shorter horizon; what was simulated before is saved."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and give its exit code; whatever goes wrong is told on stderr, in words."""
    with terminal() as streams:
        code = _answer(arguments)
        streams.flush()
        if code == CANCELLED and threading.active_count() > 1:
            # a thread may still listen to a worker that was ended in the middle of its answer
            os._exit(code)
        if (fault := streams.full) is not None and code != CANCELLED:
            tell(
                f"The answer could not be written to the end: {fault.strerror or fault}. Make room, or send it "
                f"elsewhere, and give the command again: what was simulated is saved (`cxmodel runs` lists it)."
            )
            return FAILED
        return code


def _answer(arguments: Sequence[str] | None) -> int:
    try:
        verbs(args=arguments, prog_name="cxmodel")
    except SystemExit as end:
        if end.code == CANCELLED:
            tell("Cancelled.")
        return end.code if isinstance(end.code, int) else OK
    except KeyboardInterrupt:
        tell("Cancelled.")
        return CANCELLED
    except StorageError as error:
        tell(f"{str(error)[:1].upper()}{str(error)[1:]}.".replace("..", "."))
        return FAILED
    except (ArchiveError, ScenarioError, UsageError) as error:
        tell("\n".join([str(error), *getattr(error, "__notes__", ())]))
        return WRONG
    except CxModelError as error:
        tell(f"The run failed: {error}")
        return FAILED
    except MemoryError:
        tell(OUT_OF_MEMORY)
        return FAILED
    except Exception as error:
        if (told := _of_the_computer(error)) is not None:
            tell(told)
            return FAILED
        traceback.print_exc()
        tell("This is a fault in cxmodel, not in your scenario. Please report it with the lines above.")
        return FAILED
    return OK


def _of_the_computer(error: Exception) -> str | None:
    """What this computer has run out of, in words; None for what is a fault of cxmodel."""
    if isinstance(error, OSError) and error.errno in SCARCE:
        where = f" ({error.filename})" if error.filename else ""
        return (
            f"This computer ran out of something on the way: {error.strerror}{where}. Make room, and give the command "
            f"again: what was simulated is saved (`cxmodel runs`)."
        )
    return OUT_OF_MEMORY if isinstance(error, RuntimeError) and "can't start new thread" in str(error) else None


def _version(wanted: bool) -> None:
    if wanted:
        import cxmodel

        print(f"cxmodel {cxmodel.__version__}")
        raise typer.Exit


@verbs.callback(
    epilog="""\b
Examples:
  cxmodel app                                 open the workbench in the browser
  cxmodel run scenarios/pretty_app.yaml       what would customers make of it?
  cxmodel run --help                          more about one command
"""
)
def cxmodel(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Write a customer-experience strategy down as a scenario, simulate it, and see the expectation gap,
    loyalty, advocacy and customer equity that follow.
    """
