"""类别树: the classes by major, or those that a search finds."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from sqzl_desktop.domain.case_classes import ClassBook
from sqzl_desktop.domain.kinds.case_class import CaseClass
from sqzl_desktop.ui.widgets.parts import column

ROLE = Qt.ItemDataRole.UserRole
_FOUND = 60


class ClassTree(QWidget):
    """`chosen` gives the code of the class a person picks."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._book: ClassBook | None = None
        self.search = QLineEdit()
        self.search.setPlaceholderText("名称、代码或拼音首字母（Ctrl+F）")
        self.search.setAccessibleName("查找类别")
        self.search.setClearButtonEnabled(True)
        self.retired = QCheckBox("显示停用的类别")
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName("案件类别")
        self.search.textChanged.connect(lambda _text: self._fill())
        self.search.returnPressed.connect(self.tree.setFocus)
        self.retired.toggled.connect(lambda _on: self._fill())
        self.tree.currentItemChanged.connect(lambda now, _before: self._picked(now))
        self.setLayout(column(self.search, self.tree, self.retired))

    def show_book(self, book: ClassBook, code: str) -> None:
        """Show the classes of a book, that of the code in sight."""
        self._book = book
        self._fill(code)

    def point_at(self, code: str) -> bool:
        """Make a class the current one without telling; is it there?"""
        item = next((each for each in self._items() if each.data(0, ROLE) == code), None)
        self.tree.blockSignals(True)
        if item is not None and (above := item.parent()) is not None:
            above.setExpanded(True)
        if item is not None:
            self.tree.setCurrentItem(item)
        self.tree.blockSignals(False)
        return item is not None

    def _fill(self, wanted: str = "") -> None:
        if self._book is None:
            return
        kept = wanted or self.code
        words = self.search.text().strip()
        self.tree.blockSignals(True)
        self.tree.clear()
        if words:
            found = self._book.search(words, _FOUND)
            self.tree.addTopLevelItems([_item(each, self._book) for each in found])
        else:
            self.tree.addTopLevelItems([self._major(e, self._book) for e in self._book.below("")])
        self.tree.blockSignals(False)
        if not self.point_at(kept) and (first := self.tree.topLevelItem(0)) is not None:
            self.tree.setCurrentItem(first)

    @property
    def code(self) -> str:
        """The code of the current class, "" where there is none."""
        item = self.tree.currentItem()
        return str(item.data(0, ROLE)) if item else ""

    def _picked(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(str(item.data(0, ROLE)))

    def _major(self, major: CaseClass, book: ClassBook) -> QTreeWidgetItem:
        node = _item(major, book)
        for each in book.below(major.code):
            if self.retired.isChecked() or not each.is_retired:
                node.addChild(_item(each, book))
        node.setText(0, f"{major.name}　{node.childCount()}")
        return node

    def _items(self) -> list[QTreeWidgetItem]:
        found = []
        for at in range(self.tree.topLevelItemCount()):
            if (top := self.tree.topLevelItem(at)) is not None:
                found += [top, *(top.child(each) for each in range(top.childCount()))]
        return found


def _item(each: CaseClass, book: ClassBook) -> QTreeWidgetItem:
    name = f"{each.name}（已停用）" if each.is_retired else each.name
    made = QTreeWidgetItem([f"{each.code}  {name}" if each.parent else name])
    made.setData(0, ROLE, each.code)
    changed = "，本社区已修改" if each.id else ""
    made.setToolTip(0, f"{book.name(each.parent)} {each.phases or '不限时'}{changed}".strip())
    return made
