"""How the workbench is started: where its page is, and the safe settings it is served with.

The page and its settings are beside the package in a checkout and inside it in an installed wheel. Knows nothing of its
doings.
"""

from __future__ import annotations

import os
import signal
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxmodel.errors import UsageError
from cxmodel.workspace import WORKSPACE

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import Route
    from streamlit.starlette import App


def page() -> Path:
    """The file of the page."""
    package = Path(__file__).resolve().parents[1]
    for place in (package / "_app" / "app.py", package.parent / "app.py"):
        if place.is_file():
            return place
    raise UsageError("This installation has no page to show: app.py is missing. Install cxmodel again.")


def settings() -> dict[str, Any]:
    """Streamlit's settings by name, from the file beside the page: `streamlit run app.py` reads it too."""
    tables = tomllib.loads((page().parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    tables |= {f"theme.{look}": options for look, options in tables.pop("theme").items()}
    return {f"{table}.{name}": value for table, options in tables.items() for name, value in options.items()}


def routes() -> list[Route]:
    """The addresses of the pages, which tell a browser where the server is; else it looks below each of them first."""
    from starlette.responses import HTMLResponse, RedirectResponse
    from starlette.routing import Route
    from streamlit.file_util import get_static_dir

    from cxmodel.workbench.main import ASIDE, FORMERLY, PAGES

    told = "<script>window.__streamlit = {BACKEND_BASE_URL: new URL('.', location.href).href}</script>"
    index = Path(get_static_dir(), "index.html").read_text(encoding="utf-8").replace("<head>", f"<head>{told}", 1)

    async def answer(request: Request) -> HTMLResponse:
        return HTMLResponse(index, headers={"Cache-Control": "no-cache"})

    async def lead(request: Request) -> RedirectResponse:
        now = FORMERLY[request.url.path.rsplit("/", 1)[-1]]
        return RedirectResponse(f"{now}?{request.url.query}" if request.url.query else now)

    moved = [Route(f"/{name}", lead) for name in FORMERLY]
    return [*(Route(f"/{name}", answer) for name in (*PAGES[1:], *ASIDE.values())), *moved]


@asynccontextmanager
async def quiet_end(app: App) -> AsyncIterator[None]:
    """While the page is served. Ctrl-C ends it without a complaint: uvicorn would raise the signal again at the end."""
    yield
    server = getattr(signal.getsignal(signal.SIGINT), "__self__", None)
    getattr(server, "_captured_signals", []).clear()


def page_command(port: int | None = None, headless: bool = False) -> list[str]:
    """The command that serves the page, its settings said where no other configuration file can loosen them."""
    options = [
        f"--{name}={value}"
        for name, values in settings().items()
        for value in (values if isinstance(values, list) else [values])
    ]
    if port is not None:
        options.append(f"--server.port={port}")
    if headless:
        options.append("--server.headless=true")
    return [sys.executable, "-m", "streamlit", "run", str(page()), *options]


def environment(folder: Path | None) -> dict[str, str]:
    """The surroundings of the page: ours, and the folder to work in."""
    workspace = (folder or Path()).resolve()
    if not workspace.is_dir():
        raise UsageError(f"{folder}: there is no such folder to work in")
    return {**os.environ, WORKSPACE: str(workspace)}
