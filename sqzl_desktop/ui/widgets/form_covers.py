"""表单遮盖: which sensitive fields of a form are hidden, and showing one when somebody asks."""

from collections.abc import Iterable, Mapping, Set

from PySide6.QtCore import QObject

from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.masked_field import MaskedField


class FormCovers(QObject):
    """Over the masked fields of a form; what is revealed is audited."""

    def __init__(self, desk: Desk, masked: Mapping[str, MaskedField]) -> None:
        super().__init__()
        self._desk = desk
        self._masked = masked
        self._record: Element | None = None

    def hide(self, record: Element, names: Iterable[str] | None = None) -> None:
        """Cover the values of a saved record; without `names`, those that are covered already."""
        self._record = record
        if names is None:
            names = [name for name, each in self._masked.items() if each.is_covered]
        kind = elements.kind_of(record)
        for name in names:
            is_hidden = bool(record.id and getattr(record, name))
            masked = elements.shown(self._desk.ws, record, kind.column(name)) if is_hidden else ""
            self._masked[name].cover(masked)

    def hide_untouched(self, record: Element, values: Element, names: Set[str]) -> None:
        """Cover those of `names` in which stands what the record says."""
        sensitive = names & self._masked.keys()
        same = [each for each in sensitive if getattr(values, each) == getattr(record, each)]
        self.hide(record, same)

    def reveal(self, name: str) -> None:
        """Ask for a value, and show it if its record is still there."""
        record, ws = self._record, self._desk.ws
        if record is None:
            return

        def done(_value: str) -> None:
            if self._record is not None and self._record.id == record.id:
                self._masked[name].reveal()

        kind = elements.kind_of(record).name
        self._desk.run(self._masked[name], lambda: elements.reveal(ws, kind, record.id, name), done)
