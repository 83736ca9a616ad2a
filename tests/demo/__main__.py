"""python -m tests.demo [--folder DIR] [--size N] [--no-window]: walk the main job and show it."""

import argparse
import os
import shutil
import sys
from pathlib import Path

from sqzl_desktop.app import DeviceOpener
from sqzl_desktop.ui.app import run_window
from tests.demo.server import ROOT, DemoServer
from tests.demo.told import PASSWORD, Teller
from tests.demo.walk import Walk
from tests.shots import take


def main() -> int:
    """Walk, take the screenshots, leave the window open where there is a display."""
    parser = argparse.ArgumentParser(prog="python -m tests.demo")
    parser.add_argument("--folder", type=Path, default=ROOT / "demo-data")
    parser.add_argument("--size", type=int, default=15_000, help="residents of the community")
    parser.add_argument("--no-window", action="store_true")
    args = parser.parse_args()
    os.environ["SQZL_KEYRING"] = "off"  # the demo leaves nothing in the person's own keyring
    has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if not has_display:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    shutil.rmtree(args.folder, ignore_errors=True)
    args.folder.mkdir(parents=True)
    told = Teller()
    server = DemoServer(args.folder)
    try:
        session = Walk(args.folder, server, told, args.size).run()
        with told.step("窗口截图"):
            take(session, args.folder / "shots")
        told.summary()
        print(f"\n通知：{args.folder / '协商会议通知.pdf'}")
        print(f"截图：{args.folder / 'shots'}")
        print(f"导入报告：{args.folder / 'import_report.csv'}")
        if has_display and not args.no_window:
            print(f"\n窗口已打开，用户 wang，密码 {PASSWORD}；关闭窗口即结束演示", flush=True)
            return run_window(DeviceOpener(), args.folder / "笔记本A", session)
        session.close()
    finally:
        server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
