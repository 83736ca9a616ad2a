"""案件概况: what a case is about, where, who told it, who handles it, by when."""

import functools
from collections.abc import Iterator

from PySide6.QtWidgets import QHBoxLayout, QWidget

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.schema.codec import cell_text
from sqzl_desktop.services.case_look import CaseLook
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.masked_text import MaskedText
from sqzl_desktop.ui.widgets.parts import button, clear, column, fact, label, row

WIDTH = 76
WAYS = {"dwelling_id": ("dwelling", "房屋"), "building_id": ("building", "楼栋"),
        "facility_id": ("facility", "部件"), "event_id": ("event", "来源事件"),
        "merged_into": ("case", "并入案件")}  # fmt: skip
WORK = (
    "dispatch_note",
    "co_handlers",
    "satisfaction",
    "dissatisfaction_reason",
)  # the rest is told step by step


class CaseFacts(QWidget):
    """Only what is filled in; what leads somewhere is a button."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._lines = column(gap=6)
        self.setLayout(self._lines)

    def show_case(self, look: CaseLook) -> None:
        """Show a case."""
        clear(self._lines)
        case = look.case
        if case.description:
            self._lines.addWidget(label(case.description, wrap=True))
        for name, text in (*_what(look), *_handling(look), *_work(case), *_whence(look)):
            self._lines.addLayout(fact(name, text, width=WIDTH))
        self._reporter(case)
        self._lines.addLayout(self._ways(look))

    def _ways(self, look: CaseLook) -> QHBoxLayout:
        """Buttons to what the case refers to."""
        line = row(gap=4)
        for name, (kind, word) in WAYS.items():
            if record_id := getattr(look.case, name):
                show = functools.partial(self._desk.bus.open_requested.emit, kind, record_id)
                title = look.titles.get(name, "")
                line.addWidget(button(f"打开{word}", show, look="flat", tip=title))
        if look.case.building_id:
            building = look.case.building_id
            show_map = functools.partial(self._desk.bus.open_requested.emit, "on_map", building)
            line.addWidget(button("看地图", show_map, icon="pin", look="flat"))
        line.addStretch(1)
        return line

    def _reporter(self, case: Case) -> None:
        if case.is_anonymous:
            self._lines.addLayout(fact("反映人", "匿名", width=WIDTH))
            return
        if not (case.reporter_name or case.reporter_phone):
            return
        caption = label("反映人", "soft")
        caption.setFixedWidth(WIDTH)
        line = row(caption, label(case.reporter_name), gap=4)
        if case.reporter_phone:
            line.addWidget(MaskedText(self._desk, "case", case, "reporter_phone"), 1)
        else:
            line.addStretch(1)
        self._lines.addLayout(line)


def _what(look: CaseLook) -> Iterator[tuple[str, str]]:
    case = look.case
    if case.place:
        yield "发生地点", case.place
    yield "案件类别", "　".join(filter(None, (look.class_name, case.class_code))) or "立案时确定"


def _whence(look: CaseLook) -> Iterator[tuple[str, str]]:
    case = look.case
    if "facility_id" in look.titles:
        yield "相关部件", look.titles["facility_id"]
    yield "所属网格", look.titles.get("grid_id", "") or "未定"
    source = code_list("case_source").label(case.source) if case.source else ""
    by = f"{case.collector_name}采集" if case.collector_name else ""
    at = moment_text(case.discovered_at) if case.discovered_at else ""
    yield "来源", "　".join(filter(None, (source, by, f"{at}发现" if at else "")))


def _handling(look: CaseLook) -> Iterator[tuple[str, str]]:
    case = look.case
    if case.handler:
        kind = code_list("handler_kind").label(case.handler_kind)
        yield "承办", f"{case.handler}（{kind}）"
    if case.due_at:
        was = f"（因日历调整，由{moment_text(case.due_before)}改为）" if case.due_before else ""
        yield "办理时限", f"{was}{moment_text(case.due_at)}"
    if len(look.phases) > 1 and case.filed_at:
        phase = case.phase or 1
        yield "办理阶段", f"第{phase}阶段 {look.phases[phase - 1]}，共{len(look.phases)}阶段"
    if case.stage_due_at and case.stage_due_at != case.due_at:
        yield "环节时限", moment_text(case.stage_due_at)
    if case.state == "parked":
        until = f"至{case.parked_until:%Y-%m-%d}　" if case.parked_until else ""
        yield "挂账", f"{until}{case.park_reason}"
    if case.extension_state and case.extension_until:
        state = code_list("extension_state").label(case.extension_state)
        yield "延期", f"{state}，延至{moment_text(case.extension_until)}　{case.extension_reason}"
    counts = (("退单", case.return_count), ("返工", case.rework_count), ("督办", case.urge_count))
    said = "　".join(f"{name}{count}次" for name, count in counts if count)
    if said:
        yield "次数", said


def _work(case: Case) -> Iterator[tuple[str, str]]:
    for name in WORK:
        described = CASE.column(name)
        text = cell_text(described, getattr(case, name), code_list)
        if text:
            yield described.label.removesuffix("（每行一个）"), text.replace("\n", "、")
