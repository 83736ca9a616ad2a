"""A case from the report to the call-back on the command line, by two people on two laptops."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.cli.main import parse
from sqzl_desktop.cli.running import run
from tests.field import PASSWORD, Field
from tests.places import GRID, OTHER_GRID

Cli = Callable[..., Any]


class Unlocked:
    """Laptops that stay open between commands: to unlock one takes half a second."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self._open: dict[str, DeviceSession] = {}

    def unlock(self, folder: Path, _password: str) -> Any:
        if folder.name not in self._open:
            self._open[folder.name] = self._field.laptop(folder.name)
        return _LeftOpen(self._open[folder.name])

    def close(self) -> None:
        for each in self._open.values():
            each.close()


class _LeftOpen:
    def __init__(self, session: DeviceSession) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def close(self) -> None:
        """It is closed when the story ends."""


@pytest.fixture
def cli(
    field: Field, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Cli]:
    """`cli(WHO, words...)`: the JSON document, or what was said."""
    monkeypatch.setenv("SQZL_PASSWORD", PASSWORD)
    laptops: Any = Unlocked(field)

    def call(who: str, *words: str, refused: bool = False) -> Any:
        code = run(parse(["--data-dir", str(field.folder / who), *words]), laptops)
        out, err = capsys.readouterr()
        assert code == int(refused), err
        return err if refused else json.loads(out) if "--json" in words else out or err

    yield call
    laptops.close()


def test_case_goes_all_the_way(cli: Cli) -> None:
    case = cli("wang", "new", "case", "title=楼道堆物", f"grid_id={GRID}", "--json")
    assert case["number"].startswith("案2026-")
    assert (case["state"], case["collector"]) == ("reported", "wang")

    def do(who: str, step: str, *words: str, refused: bool = False) -> Any:
        more = () if refused else ("--json",)
        return cli(who, "do", "case", case["id"], step, *words, *more, refused=refused)

    assert "请先填写：案件类别" in do("wang", "file", refused=True)
    do("wang", "file", "class_code=06010")
    assert "岗位不能办理“挂账”" in do("wang", "park", "park_reason=x", refused=True)
    do("wang", "dispatch", "handler_kind=物业企业", "handler=阳光物业")
    do("wang", "handle")
    lines = cli("wang", "history", "case", case["id"], "--timeline").splitlines()
    assert [line.split("\t")[2] for line in lines] == ["上报", "立案", "派遣", "接办处置"]
    assert [line.endswith("待服务器确认") for line in lines] == [True] * 4
    cli("wang", "sync")

    cli("li", "sync")
    do("li", "urge", "urge_note=今天办完")
    do("li", "park", "park_reason=等待规划", "parked_until=2026-09-01")
    do("li", "resume")
    cli("li", "sync")
    cli("wang", "sync")
    do("wang", "feed_back", "measures=已清运", "feedback=楼道畅通")
    do("wang", "verify")
    do("wang", "close")
    closed = do("wang", "callback", "satisfaction=非常满意")
    assert (closed["state"], closed["satisfaction"]) == ("closed", "04")
    cli("wang", "sync")

    found = cli("wang", "history", "case", case["id"], "--timeline", "--json")
    assert [each["step"] for each in found] == [
        "report", "file", "dispatch", "handle", "urge", "park", "resume", "feed_back", "verify",
        "close", "callback",
    ]  # fmt: skip
    assert not any(each["is_pending"] for each in found)
    assert [each["by"] for each in found[3:6]] == ["王网格", "李书记", "李书记"]


def test_refusals_are_sentences(cli: Cli) -> None:
    case = cli("wang", "new", "case", "title=楼道堆物", f"grid_id={GRID}", "--json")
    words = ("do", "case", case["id"])

    assert "只有案件有办理时间线" in cli(
        "wang", "history", "grid", GRID, "--timeline", refused=True
    )
    assert "案件现在是“已上报”，只有“处置中”时才能“反馈”" in cli(
        "wang", *words, "feed_back", "measures=清", "feedback=清", refused=True
    )
    assert "岗位不能办理“作废”" in cli("wang", *words, "void", "void_reason=误报", refused=True)
    assert "没有“launch”这一步" in cli("wang", *words, "launch", refused=True)
    assert "只能通过办理步骤改变" in cli(
        "wang", "edit", "case", case["id"], "state=已作废", refused=True
    )


def test_event_is_taken_up_and_its_duplicate_merged(cli: Cli) -> None:
    event = cli("wang", "new", "event", "title=路灯不亮", "category=02", "description=三盏",
                f"grid_id={GRID}", "--json")  # fmt: skip
    case = cli("wang", "do", "event", event["id"], "file", "--json")
    assert (case["event_id"], case["title"]) == (event["id"], "路灯不亮")
    assert cli("wang", "show", "event", event["id"], "--json")["state"] == "filed"
    double = cli("wang", "new", "case", "title=路灯又不亮", f"grid_id={GRID}", "--json")
    cli("wang", "sync")

    words = ("do", "case", double["id"], "merge")
    assert "不能并入案件自己" in cli("li", *words, f"merged_into={double['id']}", refused=True)
    cli("li", *words, f"merged_into={case['id']}", "--json")
    cli("li", "sync")

    cli("wang", "sync")
    shown = cli("wang", "show", "case", double["id"], "--json")
    assert (shown["state"], shown["merged_into"]) == ("merged", case["id"])
    told = cli("wang", "history", "case", double["id"], "--timeline", "--json")
    assert told[-1]["content"] == f"并入：路灯不亮 {case['number']}"


def test_case_goes_to_another_grid_and_comes_back(cli: Cli) -> None:
    case = cli("wang", "new", "case", "title=占道经营", f"grid_id={OTHER_GRID}", "--json")
    cli("wang", "do", "case", case["id"], "file", "class_code=09006", "--json")
    cli("wang", "sync")
    cli("ha", "sync")
    sent = cli("ha", "do", "case", case["id"], "dispatch", "handler_kind=其他网格",
               "handler=第1网格", f"handler_grid_id={GRID}", "--json")  # fmt: skip
    assert (sent["grid_id"], sent["home_grid_id"]) == (GRID, OTHER_GRID)
    cli("ha", "sync")
    assert "找不到" in cli("ha", "show", "case", case["id"], refused=True)

    cli("wang", "sync")
    cli("wang", "do", "case", case["id"], "handle", "--json")
    cli("wang", "do", "case", case["id"], "feed_back", "measures=劝离", "feedback=已撤", "--json")
    cli("wang", "sync")

    cli("ha", "sync")
    back = cli("ha", "show", "case", case["id"], "--json")
    assert (back["grid_id"], back["state"]) == (OTHER_GRID, "fed_back")
    assert "核查由采集人王网格到现场进行" in cli(
        "ha", "do", "case", case["id"], "verify", refused=True
    )


def test_late_step_is_told_and_its_words_are_kept(cli: Cli) -> None:
    case = cli("wang", "new", "case", "title=楼道堆物", f"grid_id={GRID}", "--json")
    cli("wang", "do", "case", case["id"], "file", "class_code=06010", "--json")
    cli("wang", "sync")
    cli("li", "sync")
    dispatch = (
        "do",
        "case",
        case["id"],
        "dispatch",
        "handler_kind=01",
        "handler=城管中队",
        "--json",
    )
    cli("li", *dispatch)
    cli("li", "sync")
    own = ("do", "case", case["id"], "handle_on_spot", "measures=我已清理", "--json")
    assert cli("wang", *own)["state"] == "closed"

    cli("wang", "sync")

    assert cli("wang", "show", "case", case["id"], "--json")["state"] == "dispatched"
    (kept,) = cli("wang", "list", "supplement", "--where", f"record_id={case['id']}", "--json")
    assert (kept["by"], kept["step"], kept["content"]) == (
        "王网格",
        "自办自结",
        "处置措施：我已清理",
    )
