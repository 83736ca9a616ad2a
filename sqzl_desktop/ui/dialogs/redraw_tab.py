"""重新划分: the plan beside the map: what is chosen and drawn there, previewed, carried out."""

from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QDialog

from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements, redrawing
from sqzl_desktop.services.redrawing import Preview
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.new_grid import NewGridDialog
from sqzl_desktop.ui.dialogs.redraw_preview import RedrawPreview
from sqzl_desktop.ui.models.map_scene import rings_of
from sqzl_desktop.ui.widgets import map_paint
from sqzl_desktop.ui.widgets.draw_strip import DrawStrip
from sqzl_desktop.ui.widgets.map_canvas import MapCanvas
from sqzl_desktop.ui.widgets.redraw_panel import RedrawPanel

_POST = "grid_worker"


class RedrawTab(RedrawPanel):
    """The panel, with the map it works on and the dialogs it opens."""

    def __init__(self, desk: Desk, canvas: MapCanvas, strip: DrawStrip) -> None:
        super().__init__(desk)
        self._canvas, self._strip = canvas, strip
        canvas.chosen_changed.connect(lambda: self.show_chosen(canvas.chosen))
        self.changed.connect(self._paint_plan)
        self.new_grid_asked.connect(self._ask_grid)
        self.draw_asked.connect(self._draw_grid)
        self.preview_asked.connect(self.open_preview)

    def set_active(self, *, is_active: bool) -> None:
        """Clicks on the map choose buildings while the plan is in front."""
        self._canvas.is_choosing = is_active
        self._canvas.moved = self._places() if is_active else {}
        self._canvas.planned = self._outlines() if is_active else {}
        if not is_active:
            self._canvas.choose(set())
        self._canvas.update()

    def open_preview(self) -> None:
        """What the plan would do, as it is now."""
        ws, community, planned = self._desk.ws, self._community, self.draft

        def done(seen: Preview) -> None:
            dialog = RedrawPreview(self._desk, (community, planned), seen, self)
            dialog.applied.connect(lambda: self._read(lambda: None))
            dialog.open()

        self._desk.run(self, lambda: redrawing.preview(ws, community, planned), done)

    def _paint_plan(self) -> None:
        codes = [code for code, _ in self._grids(with_new=True, merged=True)]
        self._canvas.colours = map_paint.hues(codes)
        if self._canvas.is_choosing:
            self._canvas.moved = self._places()
            self._canvas.planned = self._outlines()
            self._canvas.choose(set())
        self._canvas.update()

    def _places(self) -> dict[str, str]:
        merges = self.draft.merges
        merged = {b.id: merges[b.grid] for b in self._buildings() if b.grid in merges}
        return {**merged, **self.draft.moves}

    def _outlines(self) -> dict[str, QPainterPath]:
        drawn = self._canvas.drawn
        if drawn is None:
            return {}
        planned = self.draft.outlines.items()
        return {code: map_paint.path_of(rings_of(each, drawn.at)) for code, each in planned}

    def _ask_grid(self) -> None:
        ws, community, planned = self._desk.ws, self._community, self.draft

        def work() -> tuple[str, list[Element]]:
            of_grids = [Filter("post", "=", _POST)]
            staff = elements.find(ws, "staff", filters=of_grids, limit=500)
            if not staff:
                staff = elements.find(ws, "staff", limit=500)
            return redrawing.next_code(ws, community, planned), staff

        self._desk.run(self, work, self._open_grid_dialog)

    def _open_grid_dialog(self, found: tuple[str, list[Element]]) -> None:
        code, staff = found
        number = len(self._grids(with_new=True)) + 1
        workers = [(each.id, str(getattr(each, "name", ""))) for each in staff]
        dialog = NewGridDialog(code, f"第{number}网格", workers, self)
        dialog.finished.connect(
            lambda result: (
                self.add_grid(dialog.made()) if result == QDialog.DialogCode.Accepted else None
            )
        )
        dialog.open()

    def _draw_grid(self, grid: str) -> None:
        name = dict(self._grids(with_new=True)).get(grid, "")
        known = {each.id: each.outline for each in self._shown.grids} if self._shown else {}
        outline = self.draft.outlines.get(grid, known.get(grid, ""))
        if name:
            title = f"{name}的新范围（存入方案）"
            self._strip.begin("grid", grid, title, outline, keep=self.set_outline)
