"""Notices to print in tests: the second sample of the city, and ways to vary it."""

import datetime as dt
from dataclasses import replace
from typing import Any

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.printing.forms.consultation_notice import ConsultationNotice

PARKING = ConsultationNotice(
    number="CA-A3-2026-0012",
    community="崇安社区",
    title="关于召开阳光家园停车协商会议的通知",
    addressees=("居民代表", "业主委员会", "顺达物业项目部"),
    topic="公共车位划线、访客停车和收益公示",
    scope="阳光家园全体业主和居民",
    reason="阳光家园机动车增多，公共车位不足，居民对访客停车和收益公示意见较多",
    proposer="居民某某等12人联名",
    review="经社区党组织审核，列入2026年第三季度协商",
    not_listed="外墙广告执法事项，属综合执法部门职责，已转办并告知提出人",
    main_points=(),
    form="会议协商",
    held_at=dt.datetime(2026, 7, 23, 19, tzinfo=BEIJING),
    place="社区二楼议事厅",
    host="社区党组织书记马某某",
    convenor="崇安社区居民委员会",
    participants=(("居民代表", 15), ("业主委员会", 3), ("物业", 2), ("社区民警", 1)),
    observer_seats=10,
    delegation="不能到会的居民代表可委托同楼居民并交委托书",
    quorum="居民代表到会三分之二以上方可召开",
    materials=("停车现状表", "公共车位划线两个备选方案"),
    opinions_until=dt.datetime(2026, 7, 21, 18, tzinfo=BEIJING),
    opinion_channels="书面意见交本楼栋长或社区服务大厅2号窗口",
    objections="对议题有异议的，请在公示期内向社区服务大厅书面提出，社区5个工作日内答复",
    contact_person="马某某",
    contact_phone="0951-0000000",
    supervision_phone="0951-0000001",
    posted_from=dt.date(2026, 7, 17),
    posted_until=dt.date(2026, 7, 22),
    issuer="崇安社区居民委员会",
    issued_on=dt.date(2026, 7, 17),
    check_code="7K3F-92QD",
)


def make_notice(**changes: Any) -> ConsultationNotice:
    return replace(PARKING, **changes)
