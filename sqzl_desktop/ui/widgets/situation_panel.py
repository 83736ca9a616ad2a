"""专项与关爱: the blocks and groups of a resident as sections, and what may be added."""

import functools
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QMenu, QPushButton, QScrollArea, QWidget

from sqzl_desktop.domain.attention import BLOCKS, SENSITIVE
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import care, elements, situation
from sqzl_desktop.services.care import Looked
from sqzl_desktop.services.situation import Section, Situation
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.models.care_table import due_words
from sqzl_desktop.ui.widgets.parts import button, chip, clear, column, fact, holder, label, row

MOST_FACTS = 12


class SituationPanel(QWidget):
    """Tells its page what somebody wants to add (a kind), change (a record) or end."""

    add_asked = Signal(str)
    edit_asked = Signal(str, str)
    end_asked = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._wanted_kind = ""
        self._wanted = button("", lambda: None, icon="plus", look="primary")
        self._add = button("登记专项或列入名册", lambda: None, icon="plus")
        self._menu = QMenu(self)
        self._add.setMenu(self._menu)
        self._add.setProperty("menu", True)
        self._sections = column(gap=12)
        scroll = QScrollArea()
        scroll.setWidget(holder(column(self._sections, None)))
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        body = column(row(self._add, self._wanted, None), scroll, gap=12)
        body.setStretch(1, 1)
        self.setLayout(body)
        self._wanted.clicked.connect(lambda _on=False: self.add_asked.emit(self._wanted_kind))

    def show_situation(self, found: Situation) -> None:
        """Show what is special about a resident."""
        self._wanted_kind = found.wanted
        self._wanted.setVisible(bool(found.wanted))
        if found.wanted:
            self._wanted.setText(f"补登{BY_NAME[found.wanted].label}信息")
        self._fill_menu(found)
        clear(self._sections)
        for each in found.sections:
            self._sections.addWidget(self._section(each))
        if not found.sections:
            self._sections.addWidget(label(
                "没有登记专项信息，也没有列入关爱或重点名册。流动、境外、未落户人员的专项信息，"
                "老人、残疾、低保等关爱对象，都在这里登记。", "soft", wrap=True,
            ))  # fmt: skip

    def _fill_menu(self, found: Situation) -> None:
        self._menu.clear()
        self._add.setVisible(bool(found.offered))
        parts = (
            ("专项信息", [each for each in found.offered if each in BLOCKS]),
            ("关爱对象", [each for each in found.offered
                         if each not in BLOCKS and each not in SENSITIVE]),
            ("重点人群（仅限有权限的岗位）", [each for each in found.offered if each in SENSITIVE]),
        )  # fmt: skip
        for title, kinds in parts:
            if kinds:
                self._menu.addSection(title)
            for kind in kinds:
                action = self._menu.addAction(BY_NAME[kind].label)
                action.triggered.connect(functools.partial(self._ask_add, kind))

    def _ask_add(self, kind: str, _checked: bool = False) -> None:
        self.add_asked.emit(kind)

    def _section(self, section: Section) -> QFrame:
        kind, looked = BY_NAME[section.kind], section.looked
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        for side in range(2):
            grid.setColumnStretch(side, 1)
        _fill(grid, _facts(section.facts, looked))
        head = row(label(kind.label, "section"), gap=8)
        if section.kind in SENSITIVE:
            head.addWidget(chip("内部掌握", "plain"))
        if looked is not None:
            head.addWidget(chip(*due_words(looked, self._desk.ws.today)))
        head.addStretch(1)
        if section.kind in SENSITIVE:
            head.addWidget(self._opener(section, grid))
        if elements.may(self._desk.ws, "write", section.kind, section.record):
            edit = functools.partial(self.edit_asked.emit, section.kind, section.record.id)
            head.addWidget(button("修改", edit, icon="edit", look="flat",
                                  tip=f"修改{kind.label}"))  # fmt: skip
            if looked is not None and looked.is_running:
                end = functools.partial(self.end_asked.emit, looked)
                head.addWidget(button("撤出", end, look="flat", tip=f"撤出{kind.label}名册"))
        made = QFrame()
        made.setObjectName("tile")
        inside = column(head, grid, gap=8)
        inside.setContentsMargins(16, 12, 16, 12)
        made.setLayout(inside)
        return made

    def _opener(self, section: Section, grid: QGridLayout) -> QPushButton:
        ws, kind, record_id = self._desk.ws, section.kind, section.record.id

        def opened(record: Element) -> None:
            clear(grid)
            _fill(grid, _facts(situation.facts_of(record), section.looked))
            made.hide()

        def ask() -> None:
            self._desk.run(made, lambda: care.open_record(ws, kind, record_id), opened)

        made = button("查看", ask, icon="eye", look="flat", tip="查看内容；会记入审计")
        return made


def _facts(facts: Sequence[tuple[str, str]], looked: Looked | None) -> list[tuple[str, str]]:
    if looked is None:
        return list(facts)
    last = f"{looked.last_visit_on:%Y-%m-%d}" if looked.last_visit_on else "没有"
    return [("上次走访", f"{last}（每{looked.interval_days}天一次）"), *facts]


def _fill(grid: QGridLayout, facts: Sequence[tuple[str, str]]) -> None:
    for place, (name, text) in enumerate(facts[:MOST_FACTS]):
        grid.addLayout(fact(name, text, width=112), place // 2, place % 2)
