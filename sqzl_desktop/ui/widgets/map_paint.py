"""图样: how grids, buildings, labels, a drawing and the scale are painted."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from sqzl_desktop.geometry.drawing import Drawing, Point, Ring, Spot
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.models.map_scene import Figure

HUES = ("#4c8dbf", "#5da271", "#c98a3d", "#8a6bbf", "#c0657f", "#3f9a9a", "#8f8f3a", "#a8694a",
        "#6478c8", "#7a9a3f")  # fmt: skip
_LABELS_FROM = 0.85  # pixels a metre: nearer, buildings are called by name
_FACTS_FROM = 2.6


def hues(grids: Sequence[str]) -> dict[str, QColor]:
    """A colour for each grid, in their order."""
    return {grid: QColor(HUES[n % len(HUES)]) for n, grid in enumerate(grids)}


def path_of(rings: Iterable[Ring]) -> QPainterPath:
    """An area with its holes, in metres."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in rings:
        path.addPolygon(QPolygonF([QPointF(*corner) for corner in ring]))
        path.closeSubpath()
    return path


def area(
    painter: QPainter, path: QPainterPath, transform: QTransform, fill: QColor | None, pen: QPen
) -> None:
    """An area with a border as thick as the pen says, however near the map is."""
    painter.setPen(pen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawPath(transform.map(path))


def faint(colour: QColor, alpha: int) -> QColor:
    """The colour, seen through."""
    return QColor(colour.red(), colour.green(), colour.blue(), alpha)


def building(
    painter: QPainter,
    figure: Figure,
    path: QPainterPath | None,
    transform: QTransform,
    colour: QColor,
    *,
    is_chosen: bool,
) -> None:
    """A building by its outline, or a dot where it has none."""
    edge = QPen(QColor(theme.COLOURS["night"]), 3) if is_chosen else QPen(colour.darker(140), 1)
    fill = colour if is_chosen else faint(colour, 150)
    if path is not None:
        area(painter, path, transform, fill, edge)
        return
    painter.setPen(edge)
    painter.setBrush(fill)
    painter.drawEllipse(transform.map(QPointF(*figure.middle)), 6, 6)


def figure(
    painter: QPainter,
    shown: Figure,
    path: QPainterPath | None,
    transform: QTransform,
    look: tuple[QColor, bool],
) -> None:
    """A grid, building or estate in its colour; `look` says also whether it is chosen."""
    colour, is_chosen = look
    if shown.kind == "building":
        building(painter, shown, path, transform, colour, is_chosen=is_chosen)
    elif path is not None and shown.kind == "grid":
        pen = QPen(colour.darker(130), 4 if is_chosen else 2)
        area(painter, path, transform, faint(colour, 90 if is_chosen else 50), pen)
    elif path is not None:
        pen = QPen(QColor(theme.COLOURS["soft"]), 1.5, Qt.PenStyle.DashLine)
        area(painter, path, transform, None, pen)


def labels(
    painter: QPainter, figures: Iterable[Figure], transform: QTransform, scale: float
) -> None:
    """Grids are called by name always, buildings from near; none is written upon another."""
    taken: list[QRectF] = []
    for figure in figures:
        is_grid = figure.kind == "grid"
        if not figure.label or (not is_grid and scale < _LABELS_FROM):
            continue
        lines = [figure.label]
        if figure.about and (is_grid or scale >= _FACTS_FROM):
            lines.append(figure.about)
        _label(painter, lines, transform.map(QPointF(*figure.middle)), taken, is_grid=is_grid)


def _label(
    painter: QPainter, lines: list[str], at: QPointF, taken: list[QRectF], *, is_grid: bool
) -> None:
    font = QFont(theme.FAMILY)
    font.setPixelSize(15 if is_grid else 12)
    font.setBold(is_grid)
    painter.setFont(font)
    metrics = painter.fontMetrics()
    wide = max(metrics.horizontalAdvance(line) for line in lines) + 12
    high = metrics.lineSpacing() * len(lines) + 4
    box = QRectF(at.x() - wide / 2, at.y() - high / 2, wide, high)
    if any(box.intersects(each) for each in taken):
        return
    taken.append(box)
    if is_grid:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(255, 255, 255, 200))
        painter.drawRoundedRect(box, 5, 5)
    painter.setPen(QColor(theme.COLOURS["text"]))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "\n".join(lines))


def drawing(
    painter: QPainter,
    drawn: Drawing,
    transform: QTransform,
    hovered: Spot | None,
    pointer: Point | None,
) -> None:
    """An outline under work: its sides, a handle at each corner, where the next side would go."""
    accent = QColor(theme.COLOURS["danger"])
    painter.setPen(QPen(accent, 2.5))
    for number, ring in enumerate(drawn.rings):
        corners = [transform.map(QPointF(*corner)) for corner in ring]
        if drawn.is_open:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF(corners))
        else:
            painter.setBrush(faint(accent, 30))
            painter.drawPolygon(QPolygonF(corners))
        painter.setBrush(QColor("#ffffff"))
        for place, corner in enumerate(corners):
            size = 7 if hovered == Spot(number, place) else 5
            painter.drawEllipse(corner, size, size)
    if drawn.is_open and drawn.rings[0] and pointer is not None:
        painter.setPen(QPen(accent, 1.5, Qt.PenStyle.DashLine))
        last = transform.map(QPointF(*drawn.rings[0][-1]))
        painter.drawLine(last, transform.map(QPointF(*pointer)))


def scale_bar(painter: QPainter, bottom: float, scale: float) -> None:
    """How long a round number of metres is."""
    wanted = 120 / scale
    step = 10 ** math.floor(math.log10(wanted))
    length = max(each * step for each in (1, 2, 5) if each * step <= wanted)
    text = f"{length / 1000:g} 公里" if length >= 1000 else f"{length:g} 米"
    wide = length * scale
    painter.setPen(QPen(QColor(theme.COLOURS["soft"]), 2))
    painter.drawPolyline(
        QPolygonF([QPointF(16, bottom - 22), QPointF(16, bottom - 16),
                   QPointF(16 + wide, bottom - 16), QPointF(16 + wide, bottom - 22)])
    )  # fmt: skip
    font = QFont(theme.FAMILY)
    font.setPixelSize(12)
    painter.setFont(font)
    painter.drawText(QPointF(22, bottom - 22), text)


def mark(painter: QPainter, at: QPointF) -> None:
    """Here is what a check complains of."""
    painter.setPen(QPen(QColor(theme.COLOURS["danger"]), 3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, 18, 18)
    painter.drawEllipse(at, 3, 3)


def colour_of(figure: Figure, colours: Mapping[str, QColor], moved: Mapping[str, str]) -> QColor:
    """The colour of the grid it is in, or is to go to."""
    grid = moved.get(figure.id, figure.grid) if figure.kind == "building" else figure.grid
    return colours.get(grid, QColor(theme.COLOURS["faint"]))


def by_size(figures: Iterable[Figure], chosen: Collection[str]) -> list[Figure]:
    """Grids before buildings, and first what is chosen: the labels that must be read."""
    ranked = {"grid": 0, "building": 2, "estate": 1}
    return sorted(
        (each for each in figures if each.kind in ranked),
        key=lambda each: (ranked[each.kind], each.id not in chosen),
    )
