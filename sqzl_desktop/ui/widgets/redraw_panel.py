"""重新划分: buildings chosen on the map go to other grids; the plan is kept as it grows."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QLineEdit, QListWidget, QListWidgetItem, QWidget

from sqzl_desktop.services import redrawing
from sqzl_desktop.services.maps import AreaMap, BuildingOnMap
from sqzl_desktop.services.redrawing import Draft, NewGrid, Preview
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, column, label, row

_ROLE = Qt.ItemDataRole.UserRole


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """What is read of a community's plan."""

    draft: Draft
    preview: Preview
    pending: list[str]


class RedrawPanel(QWidget):
    """The plan: where chosen buildings go, grids made and merged, what comes of it."""

    changed = Signal()  # the plan is another
    preview_asked = Signal()
    new_grid_asked = Signal()
    draw_asked = Signal(str)  # the grid whose new outline is to be drawn

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._community = ""
        self._shown: AreaMap | None = None
        self._chosen: set[str] = set()
        self.draft = Draft()
        self.seen: Preview | None = None
        self._waiting = label("", "doubt", wrap=True)
        self.name, self.reason = QLineEdit(), QLineEdit()
        self.name.setPlaceholderText("方案名称，例如 2026年秋季网格调整")
        self.reason.setPlaceholderText("调整原因")
        for line in (self.name, self.reason):
            line.editingFinished.connect(self._named)
        self._picked = label("", wrap=True)
        self.target = QComboBox()
        self.target.setAccessibleName("划入的网格")
        self.move_button = button("划入", self._move, look="primary")
        self._merge_from, self._merge_to = QComboBox(), QComboBox()
        self._steps = QListWidget()
        self._steps.setAccessibleName("方案内容")
        self._steps.setWordWrap(True)
        self._sum = label("", "soft", wrap=True)
        self.preview_button = button("预览方案", self.preview_asked.emit, look="primary")
        self._lay_out()

    def _lay_out(self) -> None:
        self._new = button("新网格", self.new_grid_asked.emit, icon="plus")
        self._draw = button("画新范围", lambda: self.draw_asked.emit(self._grid()), icon="edit")
        merge = button("合并", self._merge)
        remove = button("移出方案", self._remove, tip="把选中的一项移出方案（Delete）")
        delete = QShortcut(QKeySequence.StandardKey.Delete, self._steps)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._remove)
        drop = button("放弃方案", self._discard, look="danger")
        choose = row(self.target, self.move_button)
        merging = row(label("合并：把", "soft"), self._merge_from)
        into = row(label("并入", "soft"), self._merge_to, merge)
        for line, place in ((choose, 0), (merging, 1), (into, 1)):
            line.setStretch(place, 1)
        box = column(
            self._waiting,
            self.name,
            self.reason,
            self._picked,
            choose,
            row(self._new, self._draw, None),
            merging,
            into,
            self._steps,
            self._sum,
            row(remove, drop, None, self.preview_button),
            gap=8,
        )  # fmt: skip
        for combo in (self.target, self._merge_from, self._merge_to):
            combo.setMinimumContentsLength(4)
            combo.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
        box.setContentsMargins(0, 8, 0, 0)
        self.setLayout(box)

    def show_map(self, shown: AreaMap) -> None:
        """Plan upon another state of the map."""
        self._shown, self._community = shown, shown.community
        self._read(lambda: None)

    def show_chosen(self, buildings: set[str]) -> None:
        """These buildings are chosen on the map."""
        self._chosen = set(buildings)
        some = [each for each in self._buildings() if each.id in buildings]
        homes = sum(each.households for each in some)
        hint = "在地图上点选楼栋；按住 Shift 拖框选多栋"
        told = f"已选{len(some)}栋，{homes}户，划入：" if some else hint
        self._picked.setText(told)
        self.move_button.setEnabled(bool(some) and self.target.count() > 0)

    def add_grid(self, made: NewGrid) -> None:
        """The plan makes a further grid."""
        self._take(new_grids=(*self.draft.new_grids, made))

    def set_outline(self, grid: str, outline: str) -> None:
        """A grid is to have another outline."""
        self._take(outlines={**self.draft.outlines, grid: outline})

    def _move(self) -> None:
        grid = self._grid()
        now = {each.id: each.grid for each in self._buildings()}
        moves = {**self.draft.moves, **dict.fromkeys(self._chosen, grid)}
        self._take(moves={b: g for b, g in moves.items() if now.get(b) != g})
        self._chosen = set()
        self.show_chosen(set())

    def _merge(self) -> None:
        one, other = str(self._merge_from.currentData()), str(self._merge_to.currentData())
        if one == other:
            self._desk.bus.said.emit("请选择两个不同的网格", True)
            return
        moves = {b: g for b, g in self.draft.moves.items() if g != one}
        merges = {old: other if new == one else new for old, new in self.draft.merges.items()}
        self._take(merges={**merges, one: other}, moves=moves)

    def _remove(self) -> None:
        item = self._steps.currentItem()
        if item is None:
            return
        self.draft = _without(self.draft, *item.data(_ROLE))
        self._keep()

    def _discard(self) -> None:
        self.draft = Draft()
        self._keep()

    def _named(self) -> None:
        name, reason = self.name.text(), self.reason.text()
        if (name, reason) != (self.draft.name, self.draft.reason):
            self._take(name=name, reason=reason)

    def _take(self, **parts: object) -> None:
        self.draft = msgspec.structs.replace(self.draft, **parts)
        self._keep()

    def _keep(self) -> None:
        ws, community, draft = self._desk.ws, self._community, self.draft
        self._read(lambda: redrawing.keep(ws, community, draft))

    def _read(self, before: Callable[[], None]) -> None:
        ws, community = self._desk.ws, self._community

        def work() -> Kept:
            before()
            draft = redrawing.draft(ws, community)
            waiting = redrawing.pending(ws, community)
            return Kept(draft, redrawing.preview(ws, community, draft), waiting)

        self._desk.run(self, work, self._show)

    def _show(self, kept: Kept) -> None:
        self.draft, self.seen = kept.draft, kept.preview
        names = "、".join(f"“{name}”" for name in kept.pending)
        self._waiting.setText(f"{names}已存本机，下次同步时由服务器一次完成" if names else "")
        self._waiting.setVisible(bool(names))
        self.name.setText(self.draft.name)
        self.reason.setText(self.draft.reason)
        self._fill_combos()
        self._fill_steps()
        self.preview_button.setEnabled(not self.draft.is_empty)
        self.show_chosen(self._chosen)
        moved = self.seen.moved
        told = f"共移动{moved.get('building', 0)}栋、{moved.get('household', 0)}户、" \
               f"{moved.get('resident', 0)}人"  # fmt: skip
        wrong = sum(not each.fits for each in self.seen.grids)
        told += f"；调整后{wrong}个网格不在300～500户之内" if wrong else ""
        self._sum.setText("" if self.draft.is_empty else told)
        self.changed.emit()

    def _fill_combos(self) -> None:
        for combo, with_new in (
            (self.target, True), (self._merge_from, False), (self._merge_to, True)
        ):  # fmt: skip
            kept = combo.currentData()
            combo.clear()
            for code, name in self._grids(with_new=with_new):
                combo.addItem(name, code)
            combo.setCurrentIndex(max(0, combo.findData(kept)))

    def _fill_steps(self) -> None:
        self._steps.clear()
        grids = dict(self._grids(with_new=True, merged=True))
        for what, key, text in _steps(self.draft, grids, self._buildings()):
            item = QListWidgetItem(text)
            item.setData(_ROLE, (what, key))
            self._steps.addItem(item)

    def _grids(self, *, with_new: bool, merged: bool = False) -> list[tuple[str, str]]:
        known = [(each.id, each.name) for each in self._shown.grids] if self._shown else []
        known = [each for each in known if merged or each[0] not in self.draft.merges]
        new = [(each.code, f"{each.name}（新）") for each in self.draft.new_grids]
        fresh = [each for each in new if each[0] not in dict(known)]
        return [*known, *fresh] if with_new else known

    def _buildings(self) -> tuple[BuildingOnMap, ...]:
        return self._shown.buildings if self._shown else ()

    def _grid(self) -> str:
        return str(self.target.currentData() or "")


def _steps(
    draft: Draft, grids: Mapping[str, str], buildings: Iterable[BuildingOnMap]
) -> Iterator[tuple[str, str, str]]:
    """Each thing that is planned: field of the draft, key in it, words."""
    for each in draft.new_grids:
        yield "new_grids", each.code, f"新建 {each.name}"
    for old, new in draft.merges.items():
        yield "merges", old, f"{grids.get(old, old)} 并入 {grids.get(new, new)}"
    for code in draft.outlines:
        yield "outlines", code, f"{grids.get(code, code)} 有新范围"
    names = {each.id: each.name for each in buildings}
    for building, grid in draft.moves.items():
        if building in names:
            yield "moves", building, f"{names[building]} → {grids.get(grid, grid)}"


def _without(draft: Draft, what: str, key: str) -> Draft:
    """The plan without one thing; a grid that is not made gets no buildings and no outline."""
    moves = {b: g for b, g in draft.moves.items() if key != (g if what == "new_grids" else b)}
    outlines = {g: o for g, o in draft.outlines.items() if g != key}
    parts: dict[str, dict[str, Any]] = {
        "moves": {"moves": moves},
        "merges": {"merges": {a: b for a, b in draft.merges.items() if a != key}},
        "outlines": {"outlines": outlines},
        "new_grids": {
            "new_grids": tuple(each for each in draft.new_grids if each.code != key),
            "moves": moves,
            "outlines": outlines,
        },
    }
    return msgspec.structs.replace(draft, **parts[what])
