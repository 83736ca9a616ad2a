"""样例城市的协商: topics, and the consultations that were held about them.

The tables tell of a consultation only its day and its votes; what else a real one has is filled in
here, so that lists, forms and papers have something to show.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from sqzl_desktop.server.city_tables import Row
from sqzl_desktop.server.city_words import (
    Fields,
    Record,
    at,
    code,
    given,
    known_id,
    paper_number,
    whole,
)

_TOPIC_STATES = {"征集中": "collected", "不予立项": "refused"}
_DECISIONS = {
    "collected": "",
    "adopted": "经社区党组织审核，列入协商计划",
    "refused": "不属于社区协商范围，已转有关部门并告知提出人",
}
_CONSULTATION_STATES = {"已协商": "held", "已公示": "published", "已办结": "closed"}
_MEETING, _BUILDING, _ESTATE, _COMMUNITY = "01", "01", "02", "04"
_LEVELS = {"加装电梯": _BUILDING, "养老服务": _COMMUNITY, "移风易俗": _COMMUNITY}
_POINTS = {
    "加装电梯": "电梯选址和施工范围\n费用分摊比例\n一层住户补偿办法",
    "停车管理": "车位划线和消防通道\n访客停车办法\n收益公示",
    "电动车充电": "充电棚选址\n收费标准\n日常管理责任",
    "物业选聘": "续聘或者重新选聘\n服务标准和物业费\n选聘程序",
    "环境整治": "楼道杂物清理期限\n占绿退还办法\n清理后的日常保持",
    "养老服务": "开办时间\n用餐补贴标准\n清真窗口设置",
    "公共空间": "用房功能\n开放时间\n日常管理",
    "旧改": "可选改造项目\n出资方式\n施工期间安排",
    "移风易俗": "文明养犬条款\n噪声控制条款\n红白事从简标准",
}
_OTHER_PARTIES = (("业主委员会", 3), ("物业服务企业", 2), ("社区民警", 1))


@dataclasses.dataclass(frozen=True, slots=True)
class Office:
    """Who calls, leads and answers for the consultations of a community."""

    committee: str
    host: str
    contact: str
    estates: tuple[str, ...]


def topic(row: Row, names: Mapping[str, str]) -> Record:
    """A topic; `names` are the residents' names by their key."""
    state = _TOPIC_STATES.get(row["status"], "adopted")
    raised_on = dt.date.fromisoformat(row["posted_at"])
    fields = given(
        title=row["title"],
        category=code("topic_category", row["type"]),
        level=_LEVELS.get(row["type"], _ESTATE),
        background=row["text"],
        proposer_name=names.get(row["proposer_id"], ""),
        proposer_id=known_id(row["proposer_id"]),
        supporter_count=whole(row["supporters"]),
        raised_on=row["posted_at"],
        state=state,
        decision=_DECISIONS[state],
        decided_on=_later(raised_on, 5) if _DECISIONS[state] else None,
    )
    return "topic", known_id(row["topic_id"]), fields


def consultations(row: Row, office: Office) -> Iterator[Record]:
    """The consultation about a topic, where one was held."""
    if row["status"] in _CONSULTATION_STATES:
        day = dt.date.fromisoformat(row["meeting_at"])
        fields = _meeting(row, office, day) | _notice(row, office, day) | _result(row)
        yield "consultation", known_id(f"consultation:{row['topic_id']}"), fields


def _meeting(row: Row, office: Office, day: dt.date) -> Fields:
    community, source = row["community_code"], row["topic_id"]
    return given(
        title=row["title"],
        number=paper_number("consultation", community, year=day.year, source=source),
        topic_id=known_id(source),
        form=_MEETING,
        state=_CONSULTATION_STATES[row["status"]],
        held_at=at(day, 19),
        place="社区二楼议事厅",
        host=office.host,
        convenor=office.committee,
    )


def _notice(row: Row, office: Office, day: dt.date) -> Fields:
    return given(
        scope=_scope(row["title"], office.estates),
        main_points=_POINTS.get(row["type"], ""),
        participants=_parties(_invited(row)),
        observer_seats=10,
        quorum="应到人数三分之二以上到会方可开会",
        materials=f"{row['type']}现状情况表\n备选方案",
        opinions_until=at(day - dt.timedelta(2), 18),
        contact_name=office.contact,
        posted_from=_later(day, -6),
        posted_until=_later(day, -1),
    )


def _result(row: Row) -> Fields:
    agree, against = int(row["agree"]), int(row["oppose"])
    verdict = "通过" if agree > against else "未通过"
    return given(
        invited_count=_invited(row),
        attended_count=agree + against,
        agree_count=agree,
        against_count=against,
        abstain_count=0,
        outcome=f"同意{agree}票，反对{against}票，弃权0票，{verdict}。{row['result']}。",
        dissent=f"{against}人对费用和期限有不同意见，已记入会议记录" if against else "",
    )


def _invited(row: Row) -> int:
    attended = int(row["agree"]) + int(row["oppose"])
    return attended + max(1, attended // 12)


def _parties(invited: int) -> str:
    seats = sum(count for _, count in _OTHER_PARTIES)
    if invited <= seats:
        return f"居民代表 {invited}"
    parties: Iterable[tuple[str, int]] = (("居民代表", invited - seats), *_OTHER_PARTIES)
    return "\n".join(f"{party} {count}" for party, count in parties)


def _scope(title: str, estates: tuple[str, ...]) -> str:
    named = [estate for estate in estates if title.startswith(estate)]
    return f"{max(named, key=len)}全体业主和居民" if named else "全社区居民"


def _later(day: dt.date, days: int) -> str:
    return (day + dt.timedelta(days)).isoformat()
