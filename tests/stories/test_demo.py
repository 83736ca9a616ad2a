"""The main job, end to end, as `make demo` walks it; on a small community."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_main_job_is_walked_to_its_end(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    folder = tmp_path / "demo"

    done = subprocess.run(
        [sys.executable, "-m", "tests.demo", "--folder", str(folder), "--size", "1500",
         "--no-window"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "两台笔记本与服务器摘要一致，没有遗漏" in done.stdout
    assert "现值154****1111（王秀英） / 另一值154****2222（马建国）" in done.stdout
    assert "B：案件已由王秀英于" in done.stdout
    assert "您的“自办自结”和填写的内容已作为补充记入该案件" in done.stdout
    assert (folder / "协商会议通知.pdf").read_bytes().startswith(b"%PDF")
    pictures = [path.name for path in (folder / "shots").glob("*.png")]
    assert {"1366x768_home.png", "1920x1080_home.png", "待处理_笔记本B.png"} <= set(pictures)
