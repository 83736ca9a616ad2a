"""上报版面: the fields of a report on one screen; what is not asked for takes no room."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QScrollArea

from sqzl_desktop.domain.case_phrases import REPORT
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import column, holder, row
from sqzl_desktop.ui.widgets.photo_tray import PhotoTray
from sqzl_desktop.ui.widgets.phrase_bar import PhraseBar
from sqzl_desktop.ui.widgets.report_fields import ReportFields, field

ON_SPOT = "handle_on_spot"


class Laid(QScrollArea):
    """`turn` shows the reporter where somebody told it, and the measures where it is done."""

    def __init__(self, desk: Desk, fields: ReportFields, photos: PhotoTray) -> None:
        super().__init__()
        self._phrases = PhraseBar(desk, "Alt", "情况描述")
        self._done_phrases = PhraseBar(desk, "Ctrl", "处置措施")
        self._phrases.show_use(REPORT, fields.description)
        self._done_phrases.show_use(ON_SPOT, fields.measures)
        editors = fields.editors
        self._reporter = holder(row(
            field("反映人", editors["reporter_name"]),
            field("反映人电话", editors["reporter_phone"]),
            field("匿名反映", editors["is_anonymous"]), gap=12,
        ))  # fmt: skip
        self._done = holder(column(
            self._done_phrases.head, fields.measures, self._done_phrases, gap=2
        ))  # fmt: skip
        where = row(field("发生地点", fields.place), field("案件类别", fields.kind),
                    field("所属网格", fields.grid), gap=12)  # fmt: skip
        how = row(field("紧急程度", fields.urgency), field("来源渠道", editors["source"]),
                  field("相关部件", fields.facility), gap=12)  # fmt: skip
        for line, stretches in ((where, (4, 3, 2)), (how, (3, 2, 3))):
            for place, stretch in enumerate(stretches):
                line.setStretch(place, stretch)
        said = column(self._phrases.head, fields.description, self._phrases, gap=2)
        inside = holder(column(
            where, said, how, self._reporter, photos, fields.on_spot, self._done, None, gap=8
        ))  # fmt: skip
        body = inside.layout()
        if body is not None:
            body.setContentsMargins(0, 0, 8, 0)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes from field to field
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def turn(self, *, is_told: bool, is_done: bool) -> None:
        """Show what is asked for now."""
        self._reporter.setVisible(is_told)
        is_new = is_done and self._done.isHidden()
        self._done.setVisible(is_done)
        if is_new:
            QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self._done))
