"""启动: a command where one is given, else the window.

The login is painted first; the store and all that works on it is imported behind it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqzl_desktop.cli.main import parse
from sqzl_desktop.services.profile import Profile, read_profile

if TYPE_CHECKING:
    from sqzl_desktop.services.session import Session


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    args = parse(argv)
    if args.command:
        from sqzl_desktop.app import DeviceOpener
        from sqzl_desktop.cli.running import run

        return run(args, DeviceOpener())
    from sqzl_desktop.ui.app import run_window

    return run_window(LateOpener(), args.data_dir)


class LateOpener:
    """Opens data folders as `DeviceOpener` does, which it imports when the first is opened."""

    def get_ready(self) -> None:
        """Import what opens a folder."""
        from sqzl_desktop.app import DeviceOpener

        DeviceOpener().get_ready()

    def profile(self, folder: Path) -> Profile | None:
        """The profile of an enrolled folder, None where nobody has enrolled yet."""
        return read_profile(folder)

    def unlock(self, folder: Path, password: str) -> "Session":
        """Open an enrolled folder. Raises Locked and KnownError."""
        from sqzl_desktop.app import DeviceOpener

        return DeviceOpener().unlock(folder, password)

    def enrol(
        self,
        folder: Path,
        *,
        server: str,
        account: str,
        password: str,
        label: str,
        ca: str = "",
    ) -> "Session":
        """Sign in for the first time. Raises Offline and refusals as sentences."""
        from sqzl_desktop.app import DeviceOpener

        return DeviceOpener().enrol(
            folder, server=server, account=account, password=password, label=label, ca=ca
        )
