"""工作台: what is due, what is there, where sync stands."""

import functools
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QGridLayout, QListWidget, QListWidgetItem

from sqzl_desktop.base.clock import BEIJING
from sqzl_desktop.domain import case_boxes
from sqzl_desktop.domain.access import ROLES
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import elements, quality
from sqzl_desktop.services.overview import Due, Overview, overview
from sqzl_desktop.services.quality import Summary
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.models import case_words
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.parts import button, card, column, label, row

WEEKDAYS = "一二三四五六日"
TILES = (
    ("resident", "person"), ("household", "people"), ("dwelling", "house"),
    ("building", "building"), ("organisation", "case"), ("facility", "pin"),
)  # fmt: skip
LISTS = (
    ("visit", "到期走访", "visit", "没有到期的走访"),
    ("case", "案件", "clock", "没有等您办理的案件，也没有超期的"),
    ("consultation", "进行中的协商", "chat", "没有进行中的协商。可以在“民主协商”里从议题发起"),
    ("event", "新上报的事件", "alert", "没有待处理的事件"),
)
BOX_TONES = {
    "mine_to_do": "accent", "mine_to_check": "accent", "to_call": "accent",
    "at_risk": "warn", "overdue": "danger",
}  # fmt: skip
SUMS = (("today", "今天", "calendar"), ("quality", "数据质量", "quality"))


class HomePage(PageView):
    """The first page of the morning."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "工作台")
        self._greet()
        for kind, text, icon in (("resident", "登记居民", "plus"), ("case", "上报案件", "alert"),
                                 ("event", "上报事件", "alert"), ("visit", "登记走访", "visit"),
                                 ):  # fmt: skip
            if elements.may(desk.ws, "create", kind):
                self.tools.addWidget(
                    button(text, functools.partial(desk.bus.open_requested.emit, kind, ""),
                           icon=icon, look="primary" if kind == "resident" else "")
                )  # fmt: skip
        self._figures = {kind: label("…", "figure") for kind, _ in TILES}
        tiles = row(gap=12)
        for kind, icon in TILES:
            tiles.addWidget(self._tile(kind, icon), 1)
        self.body.addLayout(tiles)
        self._lists: dict[str, QListWidget] = {}
        self._heads: dict[str, object] = {}
        grid = QGridLayout()
        grid.setSpacing(12)
        for place, (name, text, icon) in enumerate(SUMS):
            grid.addWidget(self._list_card(name, text, icon, ""), place, 0)
            self._lists[name].itemClicked.connect(self._open)
        for place, (kind, text, icon, nothing) in enumerate(LISTS):
            grid.addWidget(self._list_card(kind, text, icon, nothing), place // 2, 1 + place % 2)
        for place in range(3):
            grid.setColumnStretch(place, 1)
        self.body.addLayout(grid, 1)
        desk.bus.changed.connect(self.refresh_if_seen)

    def refresh(self) -> None:
        self._greet()
        self.desk.run(self, lambda: overview(self.desk.ws), self._show)
        self.desk.run(self, lambda: quality.summary(self.desk.ws), self._show_summary)

    def _greet(self) -> None:
        now = self.desk.ws.clock.now().astimezone(BEIJING)
        part = "早上好" if now.hour < 11 else "中午好" if now.hour < 14 else "下午好"
        actor = self.desk.ws.actor
        day = f"{now.month}月{now.day}日 星期{WEEKDAYS[now.weekday()]}"
        self.heading.setText(f"{part}，{actor.name}　")
        self.heading.setToolTip(f"{ROLES.get(actor.role, '')} {day}")
        self.heading.setText(f"{part}，{actor.name}　·　{day}")

    def _tile(self, kind: str, icon: str) -> QFrame:
        picture = label("")
        picture.setPixmap(theme.pixmap(icon, "accent", 24))
        words = column(self._figures[kind], label(BY_NAME[kind].label, "soft"), gap=0)
        return card(row(picture, 4, words, None), "tile", padding=12)

    def _list_card(self, kind: str, text: str, icon: str, nothing: str) -> QFrame:
        head = label(text, "section")
        self._heads[kind] = head
        picture = label("")
        picture.setPixmap(theme.pixmap(icon, "accent", 20))
        found = QListWidget()
        found.setStyleSheet("border: none;")
        found.setProperty("nothing", nothing)
        found.itemActivated.connect(self._open)
        found.setAccessibleName(text)
        found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lists[kind] = found
        return card(column(row(picture, head, None), found, gap=8))

    def _show(self, found: Overview) -> None:
        for kind, figure in self._figures.items():
            figure.setText(f"{found.counts.get(kind, 0):,}")
        shown: dict[str, Sequence[Due]] = {
            "visit": found.due_visits,
            "consultation": found.running_consultations,
            "event": found.new_events,
        }
        for kind, text, _icon, nothing in LISTS:
            waiting = found.waiting.get(kind, 0)
            self._heads[kind].setText(f"{text}　{waiting}" if waiting else text)  # type: ignore[attr-defined]
            if kind == "case":
                self._fill_cases(self._lists[kind], found, nothing)
            else:
                self._fill(self._lists[kind], shown[kind], nothing)

    def _fill_cases(self, where: QListWidget, found: Overview, nothing: str) -> None:
        """The boxes that are not empty lead to the inbox; below them the late cases."""
        where.clear()
        for box in case_boxes.BOXES:
            count = found.case_boxes.get(box.name, 0)
            if box.name in BOX_TONES and count:
                icon = theme.icon("clock" if BOX_TONES[box.name] != "accent" else "list",
                                  BOX_TONES[box.name])  # fmt: skip
                item = QListWidgetItem(icon, f"{box.label}　{count:,}")
                item.setData(Qt.ItemDataRole.UserRole, ("case_box", box.name))
                where.addItem(item)
        for line in found.cases:
            item = QListWidgetItem(f"{case_words.clock_words(line)[0]}　{line.title}　{line.place}")
            tone = case_words.TONES[line.standing]
            item.setForeground(QColor(theme.COLOURS[tone]))
            item.setData(Qt.ItemDataRole.UserRole, ("case", line.id))
            item.setToolTip(f"{line.title}\n{case_words.due_words(line)}")
            where.addItem(item)
        if not where.count():
            self._say_nothing(where, nothing)

    def _show_summary(self, found: Summary) -> None:
        late = [("关爱与重点对象到期未访", found.late_visits, ("", "care"))] * bool(
            found.late_visits
        )
        coming = [(check.label, count, ("quality", check.name))
                  for check, count in found.coming if count]  # fmt: skip
        wrong = [(check.label, count, ("quality", check.name)) for check, count in found.pressing]
        self._count(self._lists["today"], [*late, *coming], "没有要赶办的事")
        self._count(self._lists["quality"], wrong, "没有发现问题")
        at = found.counted_at.astimezone(BEIJING)
        for name, _text, _icon in SUMS:
            self._lists[name].setToolTip(f"{at:%H:%M}检查，打开“数据质量”可重新检查")

    def _count(
        self, where: QListWidget, lines: Sequence[tuple[str, int, tuple[str, str]]], nothing: str
    ) -> None:
        where.clear()
        for text, count, target in lines:
            item = QListWidgetItem(f"{text}　{count:,}")
            item.setData(Qt.ItemDataRole.UserRole, target)
            where.addItem(item)
        if not lines:
            self._say_nothing(where, nothing)

    def _fill(self, where: QListWidget, some: Sequence[Due], nothing: str) -> None:
        where.clear()
        for due in some:
            is_of_this_year = due.on is not None and due.on.year == self.desk.ws.today.year
            day = f"{due.on:{'%m-%d' if is_of_this_year else '%Y-%m-%d'}}" if due.on else ""
            item = QListWidgetItem(f"{day}　{due.title}　{due.detail}")
            item.setData(Qt.ItemDataRole.UserRole, (due.kind, due.id))
            item.setToolTip(item.text())
            where.addItem(item)
        if not some:
            self._say_nothing(where, nothing)

    def _say_nothing(self, where: QListWidget, nothing: str) -> None:
        item = QListWidgetItem(theme.icon("check", "ok"), nothing)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        where.addItem(item)

    def _open(self, item: QListWidgetItem) -> None:
        kind, record_id = item.data(Qt.ItemDataRole.UserRole) or ("", "")
        if kind:
            self.desk.bus.open_requested.emit(kind, record_id)
        elif record_id:
            self.desk.bus.page_requested.emit(record_id)
