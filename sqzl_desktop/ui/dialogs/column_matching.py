"""列名对应: which column of a sheet holds which field, to be corrected by a person."""

from collections.abc import Mapping

from PySide6.QtWidgets import QComboBox, QDialog, QTableWidgetItem, QWidget

from sqzl_desktop.base import text
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import elements
from sqzl_desktop.services.imports import ImportPlan
from sqzl_desktop.ui.models.choices import choices_model
from sqzl_desktop.ui.widgets.parts import button, column, label, plain_table, row

NOTHING = "（不导入这一列）"
_SAMPLES = 3


class ColumnMatching(QDialog):
    """One line a column: its heading, what stands in it, the field; a field is taken once."""

    def __init__(self, plan: ImportPlan, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("列名对应")
        self.resize(820, 560)
        self._combos: dict[int, QComboBox] = {}
        self._offered = choices_model(self, NOTHING, plan.offered)
        self._problem = label("", "problem", wrap=True)
        self._table = plain_table("表中的列名", "表中的内容", "对应的字段")
        self._table.setColumnWidth(0, 190)
        self._table.setColumnWidth(1, 290)
        labels = plan.headings.labels
        shown = [at for at, words in enumerate(labels) if words or at in plan.headings.mapping]
        self._table.setRowCount(len(shown))
        for line, at in enumerate(shown):
            self._fill(line, at, plan)
        body = column(
            label("核对每一列对应的字段；不认识的列不导入。同样表头的表格下次会自动按此对应。",
                  "soft", wrap=True),
            self._table,
            self._problem,
            row(None, button("取消", self.reject), button("确定", self._ask, look="primary")),
            gap=12,
        )  # fmt: skip
        body.setContentsMargins(24, 24, 24, 24)
        self.setLayout(body)

    def _fill(self, line: int, at: int, plan: ImportPlan) -> None:
        below = plan.sheet.rows[plan.headings.last :]
        samples = [each[at] for each in below if at < len(each) and each[at].strip()][:_SAMPLES]
        field = plan.headings.mapping.get(at, "")
        kind = BY_NAME[plan.kind]
        if field == "who_number":
            samples = [text.mask(each, "id_number") for each in samples]
        elif field in kind.known and kind.column(field).facts.sensitive:
            samples = [elements.masked(kind.column(field), each) for each in samples]
        for side, words in enumerate((plan.headings.labels[at], "、".join(samples))):
            self._table.setItem(line, side, QTableWidgetItem(words))
        combo = QComboBox()
        combo.setMaxVisibleItems(18)
        combo.setModel(self._offered)
        combo.setCurrentIndex(max(combo.findData(plan.headings.mapping.get(at, "")), 0))
        self._combos[at] = combo
        self._table.setCellWidget(line, 2, combo)

    @property
    def mapping(self) -> Mapping[int, str]:
        """Column to field, for those that are to be imported."""
        chosen = {at: str(combo.currentData()) for at, combo in self._combos.items()}
        return {at: field for at, field in chosen.items() if field}

    def choose(self, column_: int, field: str) -> None:
        """Let a column hold a field."""
        combo = self._combos[column_]
        combo.setCurrentIndex(combo.findData(field))

    def _ask(self) -> None:
        fields = list(self.mapping.values())
        twice = {field for field in fields if fields.count(field) > 1}
        if twice:
            combo = next(iter(self._combos.values()))
            words = "、".join(combo.itemText(combo.findData(field)) for field in sorted(twice))
            self._problem.setText(f"“{words}”对应了两列，请只留一列")
            return
        self.accept()
