"""底图层: pictures below the map, read while it stands still; without a file there are none."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QPointF, QRectF, QTimer
from PySide6.QtGui import QImage, QImageReader

from sqzl_desktop.exchange.mbtiles import Tile, Tileset
from sqzl_desktop.geometry.projection import Projection
from sqzl_desktop.services import backdrop
from sqzl_desktop.services.backdrop import Picture
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.map_canvas import MapCanvas

_QUIET = 120  # milliseconds without a movement
_KEPT = 240
_LARGEST = 1024  # pixels of a side

Placed = dict[Tile, tuple[QRectF, QImage]]


class MapBackdrop(QObject):
    """Looks after the pictures of one map."""

    def __init__(self, desk: Desk, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._desk, self._canvas = desk, canvas
        self._source: Tileset | None = None
        self._at: Projection | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_QUIET)
        self._timer.timeout.connect(self._look)
        canvas.view_moved.connect(self._timer.start)

    def refresh(self) -> None:
        """Another file may have been chosen."""

        def done(source: Tileset | None) -> None:
            if source != self._source:
                self._canvas.backdrop = {}
                self._canvas.update()
            self._source = source
            self._timer.start()

        self._desk.run(self, lambda: backdrop.tileset(self._desk.ws), done)

    def _look(self) -> None:
        source, drawn = self._source, self._canvas.drawn
        if source is None or drawn is None:
            return
        if drawn.at != self._at:  # what lies there was placed by another projection
            self._at, self._canvas.backdrop = drawn.at, {}
        seen, at, scale = self._canvas.seen(), drawn.at, self._canvas.scale
        west, south = at.degrees(seen.left(), seen.top())
        east, north = at.degrees(seen.right(), seen.bottom())
        have = set(self._canvas.backdrop)

        def work() -> Placed:
            found = backdrop.pictures(source, (west, south, east, north), 1 / scale, have)
            return {each.tile: placed for each in found if (placed := _placed(each, at))}

        self._desk.run(self, work, self._take)

    def _take(self, found: Placed) -> None:
        if not found:
            return
        kept = {**self._canvas.backdrop, **found}
        newest = list(kept.items())[-_KEPT:]
        self._canvas.backdrop = dict(sorted(newest, key=lambda each: each[0][0]))
        self._canvas.update()


def _placed(picture: Picture, at: Projection) -> tuple[QRectF, QImage] | None:
    """A picture and where it lies in metres; None where it cannot be read."""
    buffer = QBuffer()
    buffer.setData(QByteArray(picture.content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    size = reader.size()
    if max(size.width(), size.height()) > _LARGEST:
        return None
    image = reader.read()
    if image.isNull():
        return None
    west, south, east, north = picture.corners
    low, high = at.metres((west, south)), at.metres((east, north))
    return QRectF(QPointF(*low), QPointF(*high)), image
