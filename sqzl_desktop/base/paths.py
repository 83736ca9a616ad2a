"""路径: where the program finds its resources and keeps its data, frozen or not."""

import os
import sys
from pathlib import Path

APP = "sqzl_desktop"


def resources() -> Path:
    """The folder of shipped files: fonts, icons, code lists, theme."""
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).resolve().parents[2]
    return root / "resources"


def data_dir() -> Path:
    """The user's own data folder; not created here."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData/Local"))) / APP
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support" / APP
    return Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local/share"))) / APP
