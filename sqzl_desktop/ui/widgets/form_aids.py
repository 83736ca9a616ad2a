"""填写帮助: fields that fill each other, and what is probably there already, while one types."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer

from sqzl_desktop.schema.fields import Element, Value
from sqzl_desktop.services import elements, filling, likeness
from sqzl_desktop.services.filling import Filled
from sqzl_desktop.services.likeness import Alike, Likeness
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.alike_strip import AlikeStrip

PAUSE_MS = 250


class FormAids(QObject):
    """Looks at what stands in a form (`standing`: shown, edited) and puts values in (`put`)."""

    def __init__(
        self,
        desk: Desk,
        kind: str,
        standing: Callable[[], tuple[Element, Element]],
        put: Callable[[Mapping[str, Value], str], None],
    ) -> None:
        super().__init__()
        self._desk = desk
        self._kind = kind
        self._standing = standing
        self._put = put
        self._filled: dict[str, Value] = {}
        self._accepted: set[str] = set()
        self.strip = AlikeStrip(desk)
        self._timer = QTimer(self.strip, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self.look_now)

    def begin(self) -> None:
        """Another record is shown: nothing was filled, nothing looked at."""
        self._timer.stop()
        self._filled = {}
        self._accepted = set()
        self.strip.show_found(())

    def typed(self, field: str) -> None:
        """A person typed into a field."""
        self._filled.pop(field, None)
        shown, record = self._standing()
        ws, filled = self._desk.ws, dict(self._filled)
        self._take(filling.at_once(ws, shown, record, field, filled=filled))
        if filling.needs_looking_up(self._kind, field):
            self._desk.run(
                self.strip,
                lambda: filling.looked_up(ws, shown, record, field, filled=filled),
                functools.partial(self._take_if, shown, record),
            )
        if likeness.asks_about(self._kind, field):
            self._timer.start()

    def home_chosen(self, dwelling_id: str) -> None:
        """A new resident is to live in a dwelling: fill in what follows from it."""
        shown, record = self._standing()
        ws, filled = self._desk.ws, dict(self._filled)
        self._desk.run(
            self.strip,
            lambda: filling.from_home(ws, shown, record, dwelling_id, filled=filled),
            functools.partial(self._take_if, shown, record),
        )

    def look_now(self) -> None:
        """Look for what is alike without waiting for a pause."""
        self._timer.stop()
        ws, (shown, record) = self._desk.ws, self._standing()

        def done(found: tuple[Likeness, ...]) -> None:
            if self._standing()[0] is shown:
                self.strip.show_found([each for each in found if each.id not in self._accepted])

        self._desk.run(self.strip, lambda: likeness.of(ws, shown, record), done)

    def refuse_alike(self, shown: Element, record: Element) -> None:
        """In the background, before saving: Alike where the person has not looked yet."""
        likeness.refuse_alike(self._desk.ws, shown, record, accepted=frozenset(self._accepted))

    def was_refused(self, error: Alike) -> None:
        """Show for what it was not saved."""
        self._timer.stop()
        self.strip.show_found(error.found, is_refusal=True)

    def accept_found(self) -> None:
        """The person has looked at what is alike and saves all the same."""
        self._accepted |= {each.id for each in self.strip.found}
        self.strip.show_found(())

    def _take_if(self, shown: Element, record: Element, found: Filled | None) -> None:
        """What came back is of use only while the fields it rests on stand as they stood."""
        now_shown, now = self._standing()
        if found is None or now_shown is not shown:
            return
        columns: list[Any] = [
            each.name for each in elements.kind_of(record).columns if each.name not in found.values
        ]
        if all(getattr(now, name) == getattr(record, name) for name in columns):
            self._take(found)

    def _take(self, found: Filled | None) -> None:
        if found is not None:
            self._filled.update(found.values)
            self._put(found.values, found.why)
