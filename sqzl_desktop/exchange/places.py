"""住址: the dwelling of a row, written once and meant for all rows below it."""

from collections.abc import Callable, Mapping

from sqzl_desktop.base import text
from sqzl_desktop.exchange import cells, layout

_LEVELS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("estate", text.line),
    ("building", cells.building),
    ("unit", cells.unit),
    ("room", cells.room),
)


class PlaceAbove:
    """The dwelling that the rows so far have named."""

    def __init__(self) -> None:
        self.current: dict[str, str] = {}

    def read(self, written: Mapping[str, str]) -> dict[str, str]:
        """The dwelling of a row; what it leaves out is taken from above while the levels over it
        stay the same: room 302 under the same building, no unit of another building.
        """
        given = _given(written)
        if any(given.values()):
            same = True
            place: dict[str, str] = {}
            for level, _ in _LEVELS:
                above = self.current.get(level, "")
                place[level] = given.get(level) or (above if same else "")
                same = same and place[level] == above
            self.current = place
        return dict(self.current)


def _given(written: Mapping[str, str]) -> dict[str, str]:
    whole = cells.place(_cell(written, "place"))
    return {level: read(_cell(written, level)) or whole.get(level, "") for level, read in _LEVELS}


def _cell(written: Mapping[str, str], field: str) -> str:
    cell = written.get(field, "")
    return "" if layout.is_ditto(cell) else text.line(cell)
