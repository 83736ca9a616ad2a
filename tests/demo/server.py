"""The server of the demo: a process of its own on a free port, started and stopped at will."""

import dataclasses
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0


@dataclasses.dataclass
class DemoServer:
    """`python -m sqzl_desktop.server` on one SQLite file."""

    folder: Path
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    @property
    def address(self) -> str:
        """Where laptops reach it."""
        return f"http://127.0.0.1:{self.port}"

    def command(self, *words: str, password: str = "") -> None:
        """Run one administration command to its end."""
        environment = {**os.environ, "SQZL_NEW_PASSWORD": password}
        subprocess.run(
            [sys.executable, "-m", "sqzl_desktop.server", *words, "--database", self._database],
            check=True, cwd=ROOT, env=environment,
        )  # fmt: skip

    def start(self) -> None:
        """Start and wait until it answers."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sqzl_desktop.server", "serve", "--database", self._database,
             "--listen", f"127.0.0.1:{self.port}"],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                httpx.get(f"{self.address}/health", timeout=1).raise_for_status()
                return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise SystemExit("the demo server did not start")

    def stop(self) -> None:
        """Stop it and wait for its end."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(PATIENCE)
            self._process = None

    @property
    def _database(self) -> str:
        return f"sqlite:///{self.folder / 'server.db'}"
