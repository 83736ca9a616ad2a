"""看图: one photo, as large as there is room for; the wheel and the keys zoom, dragging moves."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView

STEP = 1.25
LARGEST = 8.0


class PhotoView(QGraphicsView):
    """Begins with the whole photo in sight, and stays so until somebody zooms."""

    def __init__(self) -> None:
        super().__init__()
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._is_whole = True

    def show_photo(self, content: bytes) -> None:
        """Show a photo."""
        pixmap = QPixmap()
        pixmap.loadFromData(content)
        self._scene.clear()
        self._scene.addPixmap(pixmap).setTransformationMode(
            Qt.TransformationMode.SmoothTransformation
        )
        self._scene.setSceneRect(pixmap.rect())
        self.fit()

    def fit(self) -> None:
        """The whole photo, never larger than it is."""
        self._is_whole = True
        self.resetTransform()
        rect = self._scene.sceneRect()
        if rect.width() > self.viewport().width() or rect.height() > self.viewport().height():
            self.fitInView(rect, Qt.AspectRatioMode.KeepAspectRatio)

    def zoom(self, steps: int) -> None:
        """Larger by so many steps, smaller where they are negative."""
        wanted = self.scale_now * STEP**steps
        if 0.05 < wanted < LARGEST:
            self._is_whole = False
            self.scale(STEP**steps, STEP**steps)

    @property
    def scale_now(self) -> float:
        """How large a point of the photo is on the screen."""
        return self.transform().m11()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(1 if event.angleDelta().y() > 0 else -1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_whole:
            self.fit()
