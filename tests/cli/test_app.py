"""`cxmodel app`: the workbench is served, to this computer only. What it shows: `browser/`."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from cxmodel.cli import main
from cxmodel.workbench.server import page, settings

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def answer(port: int, path: str, **headers: str) -> int:
    """The status of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return connection.getresponse().status
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


WAYS = {
    "cxmodel app": ["cxmodel", "app", "--headless", "--port"],
    "streamlit run": ["streamlit", "run", str(page()), "--server.headless", "true", "--server.port"],
}
"""How the workbench is started, the port left out."""


@pytest.fixture(scope="module", params=WAYS)
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A workbench on a free port, stopped as Ctrl-C stops it."""
    port, folder = free_port(), tmp_path_factory.mktemp("workspace")
    command = [sys.executable, "-m", *WAYS[request.param], str(port)]
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env={**os.environ, "HOME": str(folder)})
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if answer(port, "/_stcore/health") == 200:
                break
        except OSError:
            time.sleep(0.2)
    else:
        pytest.fail((folder / "log").read_text())
    yield port, server
    server.kill()
    server.wait(10)


@pytest.mark.slow
def test_the_workbench_is_served_to_this_computer(served: tuple[int, subprocess.Popen[bytes]]) -> None:
    """The page answers on the loopback address, by both of its names."""
    port, _ = served
    assert [
        answer(port, "/_stcore/stream", Host=f"{host}:{port}", **UPGRADE) for host in ("localhost", "127.0.0.1")
    ] == [
        101,
        101,
    ]


@pytest.mark.slow
def test_another_name_does_not_lead_to_the_workbench(served: tuple[int, subprocess.Popen[bytes]]) -> None:
    """Another site cannot reach the workbench: not under its own name (DNS rebinding), not across sites."""
    port, _ = served
    foreign = answer(port, "/_stcore/stream", Host=f"evil.example:{port}", **UPGRADE)
    across = answer(port, "/_stcore/stream", Host=f"localhost:{port}", Origin="http://evil.example", **UPGRADE)
    assert (foreign, across) == (403, 403)


@pytest.mark.slow
def test_no_other_computer_is_listened_to(served: tuple[int, subprocess.Popen[bytes]]) -> None:
    """The port is open on the loopback address, and on no other."""
    port, server = served
    open_at = {each.laddr.ip for each in psutil.Process(server.pid).net_connections() if each.laddr.port == port}
    assert open_at == {"127.0.0.1"}


@pytest.mark.slow
def test_what_streamlit_run_reads_is_what_the_command_says(tmp_path: Path) -> None:
    """Usage statistics, details of errors, uploads and all else are as safe, whoever starts the page, and where."""
    asked = (
        "import json, sys; from streamlit import config; config._main_script_path = sys.argv[1]; "
        "print(json.dumps([config.get_option(name) for name in sys.argv[2:]]))"
    )
    command = [sys.executable, "-c", asked, str(page()), *settings()]
    read = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "HOME": str(tmp_path)}, capture_output=True, text=True
    )
    assert dict(zip(settings(), json.loads(read.stdout), strict=True)) == settings()
    assert settings()["browser.gatherUsageStats"] is False and settings()["client.showErrorDetails"] == "none"
    assert settings()["client.showErrorLinks"] == "false"  # a word
    assert settings()["server.maxUploadSize"] == 2 and settings()["client.toolbarMode"] == "minimal"


@pytest.mark.slow
def test_ctrl_c_stops_the_workbench(served: tuple[int, subprocess.Popen[bytes]]) -> None:
    """Ctrl-C ends the server at once and without a complaint."""
    _, server = served
    server.send_signal(signal.SIGINT)
    assert server.wait(15) == 0


def test_the_page_is_found_in_a_checkout(root: Path) -> None:
    """An editable checkout serves its own `app.py`, never a copy."""
    assert page() == root / "app.py"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`cxmodel app nowhere` is wrong usage."""
    assert main(["app", str(tmp_path / "nowhere")]) == 2
    assert "no such folder" in capsys.readouterr().err
