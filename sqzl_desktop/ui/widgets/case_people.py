"""涉事人员: who a case is about; those of the register are linked, numbers are masked."""

import functools

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QMessageBox, QScrollArea, QWidget

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds.case_party import CASE_PARTY, CaseParty
from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import case_look, elements, offers
from sqzl_desktop.services.case_look import CaseLook
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.field_editors import editor
from sqzl_desktop.ui.widgets.masked_text import MaskedText
from sqzl_desktop.ui.widgets.offered_line import OfferedLine
from sqzl_desktop.ui.widgets.parts import button, card, chip, clear, column, holder, label, row

INVOLVED = "01"
FIELDS = ("id_number", "phone", "address")


class CasePeople(QWidget):
    """One line to add somebody, below it everybody."""

    counted = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._look: CaseLook | None = None
        ws = desk.ws
        self.role = editor(CASE_PARTY.column("role"), lambda _kind: None)
        self.role.show_value(INVOLVED)
        self.name = OfferedLine(desk, "姓名", "姓名，或查找居民",
                                lambda text: offers.of_kind(ws, "resident", text))  # fmt: skip
        self.phone = QLineEdit()
        self.phone.setAccessibleName("联系电话")
        self.phone.setPlaceholderText("联系电话")
        self.is_minor = QCheckBox("未成年")
        add = button("添加", self.add, icon="plus", tip="添加（回车）")
        self.phone.returnPressed.connect(self.add)
        line = row(self.role, self.name, self.phone, self.is_minor, add, gap=6)
        for place, stretch in enumerate((2, 4, 3)):
            line.setStretch(place, stretch)
        self._add = holder(line)
        self._people = column(gap=8)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(holder(self._people))
        body = column(self._add, scroll, gap=8)
        body.setStretch(1, 1)
        self.setLayout(body)

    def show_case(self, look: CaseLook) -> None:
        """Show the people of a case."""
        self._look = look
        self._add.setVisible(elements.may(self._desk.ws, "create", "case_party"))
        clear(self._people)
        for each in look.parties:
            self._people.addWidget(self._person(each, look))
        if not look.parties:
            self._people.addWidget(label("还没有登记涉事人员。", "soft"))
        self._people.addStretch(1)
        self.counted.emit(len(look.parties))

    def add(self) -> None:
        """Add whoever stands in the line."""
        look = self._look
        if look is None:
            return
        try:
            role = self.role.value() or INVOLVED
        except Unreadable as error:
            self._desk.say(str(error))
            return
        name, phone = self.name.text, self.phone.text().strip()
        if not name:
            self._desk.say("请写姓名，或从候选里选居民")
            return
        ws, hit, is_minor = self._desk.ws, self.name.hit, self.is_minor.isChecked()
        case_id = look.case.id

        def work() -> Element:
            known = case_look.party_of(ws, hit.id) if hit else CaseParty(name=name)
            return case_look.add_party(
                ws, known, case_id=case_id, role=role, phone=phone, is_minor=is_minor
            )

        self._desk.run(self, work, lambda _saved: self._added())

    def _added(self) -> None:
        self.name.show_hit(None)
        self.phone.clear()
        self.is_minor.setChecked(False)
        self.role.setFocus()
        self._desk.say("已存本机")
        self._desk.bus.changed.emit(("case_party",))

    def _person(self, party: CaseParty, look: CaseLook) -> QFrame:
        head = row(chip(code_list("party_role").label(party.role)), gap=8)
        name = look.party_titles.get(party.resident_id, "") or party.name
        if party.resident_id:
            show = functools.partial(
                self._desk.bus.open_requested.emit, "resident", party.resident_id
            )
            head.addWidget(button(name, show, icon="person", look="flat", tip="打开居民卡"))
        else:
            head.addWidget(label(name, "section"))
        if party.is_minor:
            head.addWidget(chip("未成年人", "warn"))
        head.addStretch(1)
        if elements.may(self._desk.ws, "write", "case_party", party):
            remove = functools.partial(self._ask_remove, party, name)
            head.addWidget(button("移除", remove, look="flat"))
        lines = column(head, gap=4)
        for field in FIELDS:
            if getattr(party, field):
                caption = label(CASE_PARTY.column(field).label, "soft")
                shown = MaskedText(self._desk, "case_party", party, field)
                lines.addLayout(row(caption, shown, None, gap=8))
        if party.remark:
            lines.addWidget(label(party.remark, wrap=True))
        return card(lines, padding=10)

    def _ask_remove(self, party: CaseParty, name: str) -> None:
        answer = QMessageBox.question(self, "移除涉事人员", f"确定把“{name}”从这件案件里移除吗？")
        if answer == QMessageBox.StandardButton.Yes:
            ws = self._desk.ws
            self._desk.run(
                self,
                lambda: elements.delete(ws, "case_party", party.id),
                lambda _none: self._desk.bus.changed.emit(("case_party",)),
            )
