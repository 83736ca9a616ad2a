"""表格对应: with what the columns of an outside form are filled, for whom, in which order."""

import msgspec
from PySide6.QtWidgets import QComboBox, QLineEdit, QTableWidgetItem, QWidget

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import form_sources
from sqzl_desktop.services.one_table import Form
from sqzl_desktop.ui.models.choices import choices_model
from sqzl_desktop.ui.widgets.form_conditions import FormConditions
from sqzl_desktop.ui.widgets.parts import card, column, label, plain_table, row

EMPTY = "（留空）"
SIDE_WIDTH = 440


class FormMapping(QWidget):
    """The name of a form, its columns and what it asks."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._form = form
        self._name = QLineEdit(form.name)
        self._name.setPlaceholderText("例如：高龄老人月报")
        self._combos: dict[int, QComboBox] = {}
        self._offered = choices_model(self, EMPTY, form_sources.sources(form.kind))
        self._table = plain_table("表中的列", "填什么")
        self._table.setColumnWidth(0, 220)
        shown = [at for at, text in enumerate(form.labels) if text]
        self._table.setRowCount(len(shown))
        for line, at in enumerate(shown):
            self._table.setItem(line, 0, QTableWidgetItem(form.labels[at]))
            self._combos[at] = self._chooser(at)
            self._table.setCellWidget(line, 1, self._combos[at])
        self._asked = FormConditions(form.kind)
        self._asked.show_asked(form.conditions, (form.age_from, form.age_to), form.order)
        side = column(
            label("名称", "section"), self._name,
            label(f"哪些{BY_NAME[form.kind].label}", "section"), self._asked, None, gap=10,
        )  # fmt: skip
        panel = card(side)
        panel.setFixedWidth(SIDE_WIDTH)
        body = row(self._table, panel, gap=12)
        body.setStretch(0, 1)
        self.setLayout(body)

    def _chooser(self, at: int) -> QComboBox:
        combo = QComboBox()
        combo.setMaxVisibleItems(18)
        combo.setModel(self._offered)
        combo.setCurrentIndex(max(combo.findData(self._form.columns.get(at, "")), 0))
        return combo

    def choose(self, at: int, source: str) -> None:
        """Fill a column with a source."""
        self._combos[at].setCurrentIndex(self._combos[at].findData(source))

    @property
    def form(self) -> Form:
        """The form as it stands here; UserError or Unreadable where a condition cannot be read."""
        chosen = {at: str(combo.currentData()) for at, combo in self._combos.items()}
        age_from, age_to = self._asked.ages
        return msgspec.structs.replace(
            self._form,
            name=self._name.text().strip(),
            columns={at: source for at, source in chosen.items() if source},
            conditions=self._asked.conditions,
            age_from=age_from,
            age_to=age_to,
            order=self._asked.order,
        )
