"""A real PostgreSQL server on a free port of this computer, for the tests; as root it runs under `postgres`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path


class Server:
    """A server with its data in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        self._do("initdb", "-D", str(self.data), "-U", "team", "-A", "trust", "--no-sync", "-E", "UTF8")
        self.start()

    @property
    def address(self) -> str:
        """Its address, as a user would write it."""
        return f"postgresql://team@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.data}"
        self._do("pg_ctl", "-D", str(self.data), "-o", options, "-w", "-l", str(self.data / "log"), "start")

    def stop(self) -> None:
        """End at once, as in a crash: whoever is writing is thrown out."""
        self._do("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def _do(self, program: str, *arguments: str) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
        command = [str(found[-1]) if found else program, *arguments]
        if os.getuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
