"""总线: what one part of the window tells the others."""

from PySide6.QtCore import QObject, Signal


class Bus(QObject):
    """Records changed; somebody wants to see a record, or to write down a visit; something is to
    be said to the person."""

    changed = Signal(tuple)  # names of kinds
    open_requested = Signal(str, str)  # kind, id
    visit_requested = Signal(str, str)  # kind, id of who or what is visited
    list_requested = Signal(str, str)  # kind, text to be found in its list
    page_requested = Signal(str)  # name of a page
    wiped = Signal(str)  # the data were destroyed by order: the sentence that says so
    done = Signal(str, str)  # sentence, the group of operations that can be taken back
    said = Signal(str, bool)  # sentence, is a problem
