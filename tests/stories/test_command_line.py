"""The command line as scripts use it: JSON on stdout, sentences on stderr, exit codes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sqzl_desktop.cli.main import parse
from sqzl_desktop.cli.running import run
from sqzl_desktop.server.__main__ import main as server_program
from tests.field import PASSWORD, Field
from tests.places import GRID
from tests.refusing import refuse

ROOT = Path(__file__).resolve().parents[2]
Cli = Callable[..., Any]


@pytest.fixture
def cli(field: Field, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run a command on laptop A; returns the JSON document, or the exit code and sentences."""
    monkeypatch.setenv("SQZL_PASSWORD", PASSWORD)
    folder = str(field.folder / "A")

    def call(*words: str, refused: bool = False) -> Any:
        code = run(parse(["--data-dir", folder, *words]), field.opener())
        out, err = capsys.readouterr()
        assert code == int(refused), err
        if refused:
            return err
        return json.loads(out) if "--json" in words else err

    call("enrol", "--server", "http://server", "--user", "wang")
    call("sync")
    return call


def test_register_edit_find_and_show(cli: Cli) -> None:
    made = cli("new", "resident", "name=马小明", "sex=男", "phone=15412345678",
               f"grid_id={GRID}", "tags=低保对象、独居老人", "--json")  # fmt: skip
    assert made["sex"] == "1"
    assert made["tags"] == ["K01", "K04"]
    assert made["phone"] == "154****5678"

    cli("edit", "resident", made["id"], "employer=宏达公司", "--json")

    assert [hit["id"] for hit in cli("find", "mxm", "--json")] == [made["id"]]
    shown = cli("show", "resident", made["id"], "--json", "--reveal")
    assert (shown["phone"], shown["employer"]) == ("15412345678", "宏达公司")
    (listed,) = cli("list", "resident", "--where", "name=马小明", "--limit", "5", "--json")
    assert listed["id"] == made["id"]
    assert cli("history", "resident", made["id"], "--json")[0]["field"] == "employer"
    status = cli("status", "--json")
    assert status["pending"] == 2
    cli("sync", "--json")
    assert cli("status", "--json")["pending"] == 0
    assert cli("delete", "resident", made["id"], "--json")["id"] == made["id"]
    assert cli("list", "resident", "--json") == []
    cli("check")


def test_topic_to_notice(cli: Cli, tmp_path: Path) -> None:
    topic = cli("new", "topic", "title=公共车位划线", "--json")
    made = cli("do", "topic", topic["id"], "consult", "--json")
    assert "主持人" in cli("do", "consultation", made["id"], "announce", refused=True)

    announced = cli(
        "do", "consultation", made["id"], "announce", "held_at=2026-07-23 19:00",
        "place=社区二楼议事厅", "host=李书记", "participants=居民代表 15\n物业公司 2",
        "posted_from=2026-07-16", "posted_until=2026-07-20", "--json",
    )  # fmt: skip
    assert announced["state"] == "announced"

    out = tmp_path / "notice.pdf"
    printed = cli("print", "consultation_notice", made["id"], "--out", str(out), "--json")
    assert printed["number"] == made["number"]
    assert out.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["show", "resident", "nobody"], "找不到"),
        (["new", "person"], "没有名为“person”的要素种类"),
        (["new", "resident", "nom=马"], "没有字段“nom”"),
        (["new", "resident", "sex=男"], "name：请填写姓名"),
        (["new", "resident", "name=马", "born_on=1999-02-30"], "不是日期"),
        (["new", "resident", "name=马", "sex=雄"], "不在代码表中"),
        (["do", "resident", "x", "announce"], "没有办理步骤"),
        (["print", "letter", "x", "--out", "x.pdf"], "没有名为“letter”的文书"),
        (["settle", "x", "--keep", "other"], "找不到"),
        (["import", "resident", "/nowhere.csv"], "文件"),
    ],
)
def test_refusals_are_sentences(cli: Cli, words: list[str], sentence: str) -> None:
    assert sentence in cli(*words, refused=True)


@pytest.mark.parametrize(
    "words", [["nonsense"], ["show", "resident"], ["settle", "x", "--keep", "both"], ["enrol"]]
)
def test_wrong_usage_is_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        parse(words)

    assert raised.value.code == 2


def test_wrong_password_is_a_sentence(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SQZL_PASSWORD", "wrong-one-7")

    assert "密码不正确" in cli("status", refused=True)


def test_program_itself_says_what_to_do_first(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "main.py", "--data-dir", str(tmp_path / "none"), "status", "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "SQZL_PASSWORD": PASSWORD},
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (1, "")
    assert "enrol" in done.stderr
    assert "Traceback" not in done.stderr


def test_refused_change_is_listed_corrected_and_offered_again(cli: Cli, field: Field) -> None:
    made = cli("new", "resident", "name=马小明", f"grid_id={GRID}", "--json")
    session = field.opener().unlock(field.folder / "A", PASSWORD)
    refuse(session, "姓名不对")
    session.close()

    (entry,) = cli("pending", "--json")
    assert (entry["reason"], entry["meant"][0]["record_id"]) == ("姓名不对", made["id"])
    cli("reoffer", entry["id"], "name=马晓明")

    assert cli("pending", "--json") == []
    assert cli("sync", "--json")["refused"] == 0
    assert cli("show", "resident", made["id"], "--json")["name"] == "马晓明"
    assert "已经处理过" in cli("giveup", entry["id"], refused=True)


def test_work_travels_by_stick(cli: Cli, field: Field, capsys: pytest.CaptureFixture[str]) -> None:
    cli("new", "resident", "name=马小明", f"grid_id={GRID}", "--json")
    pack = field.folder / "a.sqzlpack"
    assert cli("pack", str(pack), "--json")["count"] == 1
    database = f"sqlite:///{field.folder / 'server.db'}"

    assert server_program(["unpack", "--database", database, str(pack), "--with-updates"]) == 0
    assert "上报1项" in capsys.readouterr().out

    receipt = f"{pack}.receipt"
    assert cli("unpack", receipt, "--json") == {
        "answered": 1, "pulled": 1, "conflicts": 0, "refused": 0, "notes": [],
    }  # fmt: skip
    assert cli("status", "--json")["pending"] == 0
    pack.write_bytes(pack.read_bytes()[:-1])
    assert server_program(["unpack", "--database", database, str(pack)]) == 1
    assert "数据包已损坏，或是写给另一台服务器的" in capsys.readouterr().err


def test_quality_and_statistics_tell_what_the_pages_tell(cli: Cli, field: Field) -> None:
    made = cli("new", "resident", "name=马小明", f"grid_id={GRID}", "--json")

    lines = {line["check"]: line for line in cli("quality", "--json")}
    assert lines["no_home"]["by_grid"] == {GRID: 1}
    assert cli("quality", "--check", "no_home", "--json") == [made["id"]]
    assert "no_home" in cli("quality", "--check", "nothing", refused=True)

    found = cli("stats", "--json", "--place", GRID)
    assert dict(found["facts"])["人口"] == "1人"
    target = field.folder / "s.pdf"
    cli("stats", "--out", str(target))
    assert target.read_bytes().startswith(b"%PDF")
    assert "不是日期" in cli("stats", "--day", "昨天", refused=True)


def test_moves_are_one_action_and_can_be_taken_back(cli: Cli) -> None:
    ids = [
        cli("new", "resident", f"name={name}", f"grid_id={GRID}", "--json")["id"]
        for name in ("马小明", "马晓明")
    ]
    moved = cli("move", "in", ids[0], "--dwelling", "d1", "--household", "new", "--json")
    assert moved["sentence"] == "已登记1人迁入"
    sentence = cli("move", "died", ids[0], "--on", "2099-01-01", refused=True)
    assert "晚于今天" in sentence

    cli("undo", moved["group"])
    assert cli("list", "residence", "--json") == []
    merged = cli("merge", *ids, "--json")
    assert len(cli("list", "resident", "--json")) == 1
    cli("undo", merged["group"])
    assert len(cli("list", "resident", "--json")) == 2
