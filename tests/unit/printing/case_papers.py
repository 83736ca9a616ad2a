"""Papers of cases to print in tests: the two samples of the city, and ways to vary them."""

import datetime as dt
import io
from dataclasses import replace
from typing import Any

from PIL import Image, ImageDraw

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.printing.case_parts import CasePaper, Party, Photo, Step


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    """A moment of 2026 in Beijing."""
    return dt.datetime(2026, month, day, hour, minute, tzinfo=BEIJING)


def photo(caption: str, size: tuple[int, int] = (800, 600), colour: str = "#8899aa") -> Photo:
    """A picture with a frame, so that one sees whether it is cut or stretched."""
    image = Image.new("RGB", size, colour)
    draw = ImageDraw.Draw(image)
    draw.rectangle((10, 10, size[0] - 11, size[1] - 11), outline="#ffffff", width=6)
    draw.ellipse((size[0] / 2 - 150, size[1] / 2 - 150, size[0] / 2 + 150, size[1] / 2 + 150),
                 outline="#ffcc00", width=8)  # fmt: skip
    content = io.BytesIO()
    image.save(content, "JPEG")
    return Photo(jpeg=content.getvalue(), sha256="00", caption=caption)


WELL = CasePaper(
    number="案2026-001002-22-031",
    community="崇安社区",
    title="案件派遣单",
    is_confirmed=True,
    printed_at=at(7, 2, 8, 45),
    printed_by="王某",
    check_code="7K3F92QD",
    subject="3号楼东侧污水井盖破裂",
    state="已派遣",
    is_dispute=False,
    class_name="公用设施／污水井盖异常",
    class_code="01002",
    category="部件",
    source="网格员巡查",
    urgency="紧急（1个工作日）",
    scale="",
    grid="崇安第3网格（640104001002003）",
    place="阳光家园3号楼东侧",
    coordinates="东经106.2891，北纬38.4739",
    facility="污水井盖（6401040102000017）",
    description="污水井盖破裂下沉约5厘米，夜间无照明。现场已放置警示锥。",
    reporter="",
    collector="网格员马小梅",
    reported_at=at(7, 2, 8, 10),
    confirm_note="",
    filing_note="符合立案条件",
    filed_at=at(7, 2, 8, 20),
    handler="职能部门　市政养护所",
    co_handlers=("顺达物业项目部", "凤凰北街街道综合执法队"),
    dispatch_note="当日更换，恢复平整；回传处置前后照片。",
    closing_condition="设施修复、补齐或更换，现场恢复正常使用",
    dispatched_at=at(7, 2, 8, 40),
    dispatched_by="王建国",
    due_at=at(7, 3, 8, 40),
    due_before=None,
    extension="",
    pauses=(),
    returns=(),
    reworks=(),
    urges=(),
    measures="",
    handled_by="",
    feedback="",
    fed_back_at=None,
    check_note="",
    verified_at=None,
    verified_by="",
    close_kind="",
    outcome="",
    closed_at=None,
    satisfaction="",
    dissatisfaction_reason="",
    callback_note="",
    callback_at=None,
    before=(photo("7月2日8时5分　井盖破裂"), photo("7月2日8时6分　全景", (600, 900))),
)

DISPUTE = replace(
    WELL,
    number="案2026-001002-22-045",
    title="矛盾纠纷交办单",
    is_dispute=True,
    subject="楼上漏水损坏吊顶",
    class_name="邻里关系",
    class_code="17",
    category="矛盾纠纷",
    source="居民来访",
    urgency="一般",
    scale="个体性事件",
    place="阳光家园2号楼****",
    coordinates="",
    facility="",
    description="楼上卫生间漏水损坏楼下吊顶，赔偿额有争议。",
    handler="人民调解委员会　崇安社区人民调解委员会",
    co_handlers=(),
    dispatch_note="15日内调解，双方签字。",
    due_at=at(7, 17, 18),
    before=(),
    parties=(
        Party(role="当事人", name="李秀兰", id_number="640***********13", phone="138****0000",
              address="阳光家园2号楼****", is_minor=False),
        Party(role="当事人", name="赵铁柱", id_number="", phone="", address="", is_minor=False),
        Party(role="见证人", name="赵小宝", id_number="", phone="", address="", is_minor=True),
    ),
)  # fmt: skip

_STEPS = (
    ("上报", "马小梅", "网格员巡查", (7, 2, 8, 10)),
    ("立案", "王建国", "类别：污水井盖异常", (7, 2, 8, 20)),
    ("派遣", "王建国", "承办单位：市政养护所", (7, 2, 8, 40)),
    ("接办处置", "马小梅", "", (7, 2, 9, 0)),
    ("反馈", "马小梅", "处置措施：更换井盖\n反馈情况：已恢复平整", (7, 2, 16, 30)),
    ("核查通过", "马小梅", "现场核对，与反馈一致", (7, 2, 17, 0)),
    ("结案", "王建国", "处置结果：已更换", (7, 2, 17, 20)),
)

CLOSED = replace(
    WELL,
    title="结案记录",
    state="已结案",
    measures="更换井盖，井口四周沥青找平。",
    handled_by="市政养护所　周某",
    feedback="已更换，恢复平整，照片已回传。",
    fed_back_at=at(7, 2, 16, 30),
    check_note="现场核对，与反馈一致。",
    verified_at=at(7, 2, 17),
    verified_by="马小梅",
    close_kind="办结",
    outcome="井盖已更换，路面恢复通行。",
    closed_at=at(7, 2, 17, 20),
    satisfaction="满意",
    callback_note="电话回访反映人，表示处理及时。",
    callback_at=at(7, 4, 10),
    after=(photo("7月2日16时20分　已更换", colour="#668866"),),
    steps=tuple(
        Step(label=label, by=by, content=content, at=at(*moment), made_at=at(*moment))
        for label, by, content, moment in _STEPS
    ),
)


def vary(paper: CasePaper, **fields: Any) -> CasePaper:
    """The paper with some fields changed."""
    return replace(paper, **fields)
