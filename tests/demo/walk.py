"""The walk: a community is loaded, two laptops work without a network, then agree."""

import dataclasses
import datetime as dt
from pathlib import Path

from sqzl_desktop.app import DeviceOpener, DeviceSession
from sqzl_desktop.base.errors import Offline
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import KINDS
from sqzl_desktop.domain.kinds.event import Event
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import (
    cases,
    conflicts,
    consultations,
    elements,
    flow_steps,
    health,
    imports,
    papers,
    people,
)
from sqzl_desktop.services.arrivals import Choice
from tests.demo import casework, unsettled
from tests.demo.server import DemoServer
from tests.demo.told import PASSWORD, Teller
from tests.shots import take_page

DIRTY = Path(__file__).parents[1] / "data" / "dirty_residents.csv"


@dataclasses.dataclass
class Walk:
    """The state of the walk: where things are and who is on it."""

    folder: Path
    server: DemoServer
    told: Teller
    size: int

    def run(self) -> DeviceSession:
        """The whole main job; returns laptop A's session, still open."""
        grids = self.prepare()
        self.server.start()
        with self.told.step("笔记本A、B登记，首次同步"):
            a, b = self._enrol()
        with self.told.step("服务器停机，两台笔记本离线工作"):
            self.server.stop()
            person = self._work_offline(a, b, grids[0])
        with self.told.step("服务器恢复，两台同步，处理冲突"):
            self.server.start()
            self._agree(a, b, person)
        with self.told.step("两台离线各办同一件案件的一步，再同步"):
            casework.race(self.server, self.told, (a, b), grids[0])
        with self.told.step("留下几件待处理的事"):
            unsettled.leave(self.server, self.told, (a, b), grids[0])
        b.close()
        return a

    def prepare(self) -> list[str]:
        """Generate and load the community, make the accounts; returns the grids' codes."""
        with self.told.step("生成一个真实区划代码的社区"):
            self._generate()
        with self.told.step("装载社区，建立账号"):
            return self._load()

    def _generate(self) -> None:
        from tests.city.__main__ import main

        main([str(self.folder / "city"), "--size", str(self.size)])

    def _load(self) -> list[str]:
        city = self.folder / "city"
        self.server.command("load", str(city))
        lines = (city / "grids.csv").read_text(encoding="utf-8").splitlines()[1:]
        grids = [line.split(",")[0] for line in lines]
        community = grids[0][:12]
        both = f"{grids[0]},{grids[1]}"
        for name, role, scope, display in (
            ("wang", "grid_worker", both, "王秀英"),
            ("ma", "grid_worker", both, "马建国"),
            ("li", "community_lead", community, "李书记"),
            ("zhang", "clerk", community, "张敏"),
            ("root", "admin", community, "系统管理员"),
        ):
            self.server.command("user", "add", name, "--role", role, "--scope", scope,
                                "--display", display, password=PASSWORD)  # fmt: skip
            self.told.say(f"账号 {name}（{display}，{role}，{scope}）")
        return grids

    def _enrol(self) -> tuple[DeviceSession, DeviceSession]:
        opener = DeviceOpener()
        sessions = []
        for account, label in (("wang", "笔记本A"), ("ma", "笔记本B")):
            session = opener.enrol(
                self.folder / label,
                server=self.server.address,
                account=account,
                password=PASSWORD,
                label=label,
            )
            done = session.sync(self.told.progress)
            self.told.say(f"{label}：下载{done.pulled}条")
            sessions.append(session)
        for kind in KINDS:
            count = elements.count(sessions[0].ws, kind.name)
            if count:
                self.told.count(f"笔记本A的{kind.label}", count)
        return sessions[0], sessions[1]

    def _work_offline(self, a: DeviceSession, b: DeviceSession, grid: str) -> Resident:
        try:
            a.sync()
        except Offline as offline:
            self.told.say(f"笔记本A：{offline}")
        self._import(a, grid)
        self._move_in(a, grid)
        person = self._change_phones(a, b)
        event = cases.report_event(
            a.ws,
            Event(title="路灯不亮", category="02", grid_id=grid, place="小区东门",
                  description="连续三盏路灯不亮，晚上接孩子看不清路。", source="01"),
        )  # fmt: skip
        self.told.say(f"A：上报事件“{event.title}”")
        self._consult(a)
        self.told.count("A待上报的操作", a.sync_state().pending)
        self.told.count("B待上报的操作", b.sync_state().pending)
        return person

    def _import(self, a: DeviceSession, grid: str) -> None:
        plan = imports.preview_import(a.ws, "resident", DIRTY)
        imports.write_report(plan, self.folder / "import_report.csv")
        places = {each.place: Choice("grid", grid) for each in plan.held}
        done = imports.apply_import(a.ws, plan, choices=imports.Choices(places=places))
        counts = plan.counts
        self.told.count(
            "A：导入脏表格",
            f"接受{counts.get('accept', 0)}行、待选住址{counts.get('hold', 0)}行、"
            f"待核对{counts.get('review', 0)}行、"
            f"退回{counts.get('reject', 0)}行、跳过{counts.get('skip', 0)}行；"
            f"新登记{done.created}人、更新{done.changed}人",
        )

    def _move_in(self, a: DeviceSession, grid: str) -> None:
        vacant = elements.find(
            a.ws, "dwelling", filters=[Filter("grid_id", "=", grid), Filter("use", "=", "03")],
            limit=1,
        )[0]  # fmt: skip
        person, _ = people.move_in(
            a.ws,
            Resident(name="𬭚䶮", sex="2", phone="15412340000", born_on=dt.date(1990, 5, 1)),
            dwelling_id=vacant.id,
            kind_of_stay="02",
            from_on=None,
        )
        title = elements.titles(a.ws, "dwelling", [vacant.id])[vacant.id]
        self.told.say(f"A：登记居民{person.name}，住{title}")

    def _change_phones(self, a: DeviceSession, b: DeviceSession) -> Resident:
        person = next(
            each
            for each in elements.find(a.ws, "resident", filters=[Filter("phone", "!=", "")])
            if isinstance(each, Resident) and each.phone
        )
        elements.save(a.ws, dataclasses.replace(person, phone="15411111111"))
        elements.save(
            b.ws, dataclasses.replace(person, phone="15422222222", employer="宏达运输公司")
        )
        self.told.say("A、B：改同一位居民的电话，B还改了服务处所")
        return person

    def _consult(self, a: DeviceSession) -> None:
        topics = elements.find(a.ws, "topic", filters=[Filter("state", "=", "collected")], limit=1)
        if not topics:
            topics = [elements.save(a.ws, elements.blank(a.ws, "topic", **_TOPIC))]
        consultation = consultations.from_topic(a.ws, topics[0].id)
        values = {"contact_name": a.ws.actor.name, **meeting(a.ws.today)}
        flow_steps.take_step(a.ws, "consultation", consultation.id, "announce", values)
        paper = papers.print_form(a.ws, "consultation_notice", consultation.id)
        path = self.folder / "协商会议通知.pdf"
        path.write_bytes(paper.pdf)
        self.told.say(f"A：议题“{consultation.title}”转为协商，通知{paper.number}：{path}")

    def _agree(self, a: DeviceSession, b: DeviceSession, person: Resident) -> None:
        for session in (a, b, a):
            done = session.sync(self.told.progress)
            self.told.say(
                f"{session.profile.label}：上报{done.pushed}、下载{done.pulled}、"
                f"冲突{done.conflicts}、退回{done.refused}"
            )
        for session in (a, b):
            for conflict in conflicts.open_conflicts(session.ws):
                self.told.say(
                    f"{session.profile.label}看到冲突：{conflict.label} "
                    f"现值{conflict.standing.value}（{conflict.standing.by}）"
                    f" / 另一值{conflict.other.value}（{conflict.other.by}）"
                )
        self._must_agree(a, b, open_conflicts=1)
        merged = elements.get(a.ws, "resident", person.id)
        assert isinstance(merged, Resident)
        if merged.employer != "宏达运输公司":
            raise SystemExit("different fields were not merged")
        for session in (a, b):
            name = f"待处理_{session.profile.label}.png"
            take_page(session, "pending", self.folder / "shots" / name)
        conflicts.settle(a.ws, conflicts.open_conflicts(a.ws)[0].id, "other")
        self.told.say("A：选用另一值")
        for session in (a, b):
            session.sync()
        self._must_agree(a, b, open_conflicts=0)

    def _must_agree(self, a: DeviceSession, b: DeviceSession, *, open_conflicts: int) -> None:
        for session in (a, b):
            wrong = [each.name for each in health.check_store(session.ws) if not each.is_well]
            found = len(conflicts.open_conflicts(session.ws))
            if wrong or found != open_conflicts or session.sync_state().pending:
                raise SystemExit(f"{session.profile.label}: {wrong} {found}")
        counts = [
            {kind.name: elements.count(each.ws, kind.name) for kind in KINDS} for each in (a, b)
        ]
        if counts[0] != counts[1]:
            raise SystemExit(f"the laptops differ: {counts}")
        self.told.say("核对：两台笔记本与服务器摘要一致，没有遗漏")


_TOPIC = {
    "title": "公共车位划线和收费使用办法",
    "background": "夜间车位缺口较大，消防通道时有占用。",
    "proposer_name": "马秀兰",
}


def meeting(today: dt.date) -> dict[str, object]:
    """What a meeting notice needs, some days from today."""
    held_on = today + dt.timedelta(days=9)
    return {
        "held_at": dt.datetime.combine(
            held_on, dt.time(19), tzinfo=dt.timezone(dt.timedelta(hours=8))
        ).astimezone(dt.UTC),
        "place": "社区二楼议事厅",
        "host": "李书记",
        "main_points": "现状和居民意见\n备选方案和费用\n后期管理责任",
        "participants": "居民代表 15\n业主委员会 3\n物业服务企业 2\n社区民警 1",
        "observer_seats": 10,
        "materials": "现状调查表\n两个备选方案",
        "quorum": "应到人数三分之二以上到会方可开会",
        "posted_from": today + dt.timedelta(days=1),
        "posted_until": today + dt.timedelta(days=6),
    }
