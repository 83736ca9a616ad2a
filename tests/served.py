"""A real server process on a free port, over any database, with its memory read from outside."""

import contextlib
import dataclasses
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 30.0


@dataclasses.dataclass(frozen=True)
class Served:
    """A running server."""

    process: subprocess.Popen[str]
    port: int

    @property
    def address(self) -> str:
        """Where clients reach it."""
        return f"http://127.0.0.1:{self.port}"

    def forget_peak(self) -> None:
        """Let `peak_mb` begin again from what is used now."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def peak_mb(self) -> float:
        """The most memory it held since the start or `forget_peak`."""
        return self._status("VmHWM") / 1024

    def held_mb(self) -> float:
        """The memory it holds now."""
        return self._status("VmRSS") / 1024

    def cpu_seconds(self) -> float:
        """The processor time it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _status(self, name: str) -> int:
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
        assert found
        return int(found[1])


@contextlib.contextmanager
def served(
    database: str, folder: Path, *more: str, module: str = "sqzl_desktop.server"
) -> Iterator[Served]:
    """`python -m sqzl_desktop.server serve` as long as the block; it logs to `server.log`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "server.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module, "serve", "--database", database,
             "--listen", "127.0.0.1:0", "--cache", str(folder / "cache"), *more],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
    assert process.stdout
    try:
        found = re.search(r":(\d+)$", process.stdout.readline().strip())
        assert found, (folder / "server.log").read_text()
        yield Served(process, int(found[1]))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()
            process.stdout.close()
