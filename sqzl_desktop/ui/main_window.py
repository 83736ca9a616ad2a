"""主窗口: navigation, the pages, the bar above them; nothing else."""

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QPushButton, QStackedWidget, QWidget

from sqzl_desktop.domain.access import ROLES
from sqzl_desktop.services import elements, undo
from sqzl_desktop.services.session import Session, SyncState
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.bus import Bus
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.navigation import PAGE_KEYS, PAGES, page_of
from sqzl_desktop.ui.ready import get_ready
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.parts import button, column, label, row
from sqzl_desktop.ui.widgets.record_form import RecordForm, may_leave
from sqzl_desktop.ui.widgets.search_box import SearchBox
from sqzl_desktop.ui.widgets.sync_badge import SyncBadge
from sqzl_desktop.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from sqzl_desktop.ui.pages.sync import SyncPage

NAVIGATION_WIDTH = 184


class MainWindow(QWidget):
    """One unlocked session."""

    lock_requested = Signal()
    wiped = Signal(str)
    round_due = Signal()  # from whatever thread notices it

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("window")
        self.desk = Desk(session, Bus(self))
        self._views: dict[str, PageView] = {}
        self._stack = QStackedWidget()
        self._buttons: dict[str, QPushButton] = {}
        self.badge = SyncBadge()
        self.search = SearchBox(self.desk)
        right = column(self._top_bar(), self._stack, gap=0)
        right.setStretch(1, 1)
        self.setLayout(row(self._navigation(), right, gap=0))
        self._toast = Toast(self)
        self._listen()
        self.is_over = False
        self.round_due.connect(self._sync_quietly)
        self.show_page("home")
        self._stack.setFocus()
        self.show_sync_state()

    def page(self, name: str) -> PageView:
        """A page, made when it is first needed."""
        if name not in self._views:
            page = next(each for each in PAGES if each.name == name)
            self._views[name] = page.load()(self.desk)
            self._stack.addWidget(self._views[name])
        return self._views[name]

    def show_page(self, name: str) -> PageView:
        """Go to a page."""
        view, before = self.page(name), self._stack.currentWidget()
        focused = QApplication.focusWidget()
        if view is not before and focused is not None and before.isAncestorOf(focused):
            self._stack.setFocus()  # what is hidden would hand it to the first button there is
        self._stack.setCurrentWidget(view)
        self._buttons[name].setChecked(True)
        view.refresh()
        return view

    def open_record(self, kind: str, record_id: str) -> None:
        """Show a record on the page of its kind."""
        page = page_of(kind)
        if page is not None:
            self.show_page(page.name).open_record(kind, record_id)

    def show_list(self, kind: str, text: str) -> None:
        """Show the list of a kind, narrowed to what a text finds."""
        from sqzl_desktop.ui.pages.elements import ElementsPage

        view = self.show_page("elements")
        if isinstance(view, ElementsPage):
            view.show_list(kind, text)

    def show_sync_state(self) -> None:
        """Bring the badge up to date."""
        self.desk.run(self, self.desk.session.sync_state, self._show_state)
        for name, made in self._buttons.items():
            _count(self.desk, name, made)

    @property
    def said(self) -> str:
        """The sentence at the foot, "" while none is shown."""
        return self._toast.sentence if self._toast.isVisible() else ""

    def _show_state(self, state: SyncState) -> None:
        self.badge.show_state(state)
        waiting = state.undecided
        self._buttons["pending"].setText(f"待处理　{waiting}" if waiting else "待处理")

    def _navigation(self) -> QFrame:
        brand = label("社区治理", "brand")
        place = label("", "place")
        self._place = place
        bar = column(brand, place, 16, gap=2)
        bar.setContentsMargins(12, 20, 12, 12)
        for key, page in zip(PAGE_KEYS[: len(PAGES)], PAGES, strict=True):
            made = QPushButton(page.label)
            made.setIcon(theme.icon(page.icon, "night_text"))
            made.setIconSize(QSize(20, 20))
            made.setCheckable(True)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.setAutoExclusive(True)
            made.setToolTip(f"{page.label}（Alt+{key}）")
            made.clicked.connect(functools.partial(self._clicked, page.name))
            self._on_key(f"Alt+{key}", functools.partial(self.show_page, page.name))
            self._buttons[page.name] = made
            bar.addWidget(made)
        bar.addStretch(1)
        frame = QFrame()
        frame.setObjectName("navigation")
        frame.setFixedWidth(NAVIGATION_WIDTH)
        frame.setLayout(bar)
        self._show_place()
        return frame

    def _show_place(self) -> None:
        ws = self.desk.ws

        def work() -> str:
            names = elements.titles(ws, "community", ws.communities)
            return "、".join(names.values())

        self.desk.run(self, work, self._place.setText)

    def _top_bar(self) -> QFrame:
        actor = self.desk.ws.actor
        person = label(f"{actor.name}　{ROLES.get(actor.role, '')}", "person")
        lock = button("", self.lock_requested.emit, icon="lock", tip="锁定（Ctrl+L）")
        lock.setFixedWidth(40)
        self.search.setFixedWidth(420)
        bar = row(self.search, None, self.badge, person, lock, gap=12)
        bar.setContentsMargins(24, 10, 24, 10)
        frame = QFrame()
        frame.setObjectName("topbar")
        frame.setLayout(bar)
        return frame

    def _listen(self) -> None:
        bus = self.desk.bus
        bus.open_requested.connect(self.open_record)
        bus.visit_requested.connect(functools.partial(_ask_visit, self.desk, self))
        bus.list_requested.connect(self.show_list)
        bus.page_requested.connect(self.show_page)
        bus.said.connect(self._toast.say)
        bus.done.connect(self._offer_undo)
        bus.wiped.connect(self.wiped)
        bus.changed.connect(self._changed)
        self.badge.clicked.connect(lambda _checked=False: self.show_page("sync"))
        self._on_key("Ctrl+K", self.search.begin)
        self._on_key("Ctrl+L", self.lock_requested.emit)
        self._on_key("F5", self._sync_now)

    def _on_key(self, key: str, work: Callable[[], object]) -> None:
        QShortcut(QKeySequence(key), self).activated.connect(lambda: work())

    def _offer_undo(self, sentence: str, group: str) -> None:
        def undone(kinds: tuple[str, ...]) -> None:
            self.desk.say("已撤销，恢复为变动以前的内容")
            self.desk.bus.changed.emit(kinds)

        def act() -> None:
            self.desk.run(self, lambda: undo.undo(self.desk.ws, group), undone)

        self._toast.offer_undo(f"{sentence}，已存本机", act)

    def _changed(self, kinds: tuple[str, ...]) -> None:
        self.show_sync_state()
        if "community" in kinds:
            self._show_place()

    def _clicked(self, name: str, _checked: bool = False) -> None:
        self.show_page(name)

    def begin(self) -> None:
        """After unlocking: pages are got ready, then rounds; a new device shows its first."""

        def done(state: SyncState) -> None:
            if state.last_at is None:
                self.show_page("sync")
            get_ready(self)
            self.desk.session.watch(self.round_due.emit)

        self.desk.run(self, self.desk.session.sync_state, done)

    def may_leave(self) -> bool:
        """Is nothing unsaved anywhere, or may it be dropped? Asks the person."""
        forms = all(may_leave(form) for form in self.findChildren(RecordForm))
        return forms and all(view.may_leave() for view in self._views.values())

    def stop_work(self) -> None:
        """Before the session is closed: no new rounds, and the one under way ends."""
        self.is_over = True
        if "sync" in self._views:
            self._sync_page().stop()

    def _sync_now(self) -> None:
        self.show_page("sync")
        self._sync_page().start()

    def _sync_quietly(self) -> None:
        if not self.is_over:
            self._sync_page().start(is_quiet=True)

    def _sync_page(self) -> "SyncPage":
        return cast("SyncPage", self.page("sync"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._toast.place()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.stop_work()
        super().closeEvent(event)


def _case_counts(ws: Workspace) -> Mapping[str, int]:
    from sqzl_desktop.services import case_inbox

    return case_inbox.counts(ws)


def _tell_late(made: QPushButton, boxes: Mapping[str, int]) -> None:
    """Late cases are seen from every page."""
    late, soon = boxes.get("overdue", 0), boxes.get("at_risk", 0)
    made.setText(f"事件案件　{late}" if late else "事件案件")
    key = PAGE_KEYS[[page.name for page in PAGES].index("cases")]
    words = f"，超期{late}件，即将到期{soon}件" if late or soon else ""
    made.setToolTip(f"事件案件（Alt+{key}）{words}")


def _untold(ws: Workspace) -> int:
    from sqzl_desktop.services import policies

    return policies.untold(ws)


def _tell_untold(made: QPushButton, count: int) -> None:
    """Policies that are still to be told are seen from every page."""
    made.setText(f"民意与宣传　{count}" if count else "民意与宣传")
    key = PAGE_KEYS[[page.name for page in PAGES].index("outreach")]
    words = f"，{count}项政策还有人没告知" if count else ""
    made.setToolTip(f"民意与宣传（Alt+{key}）{words}")


def _count(desk: Desk, page: str, made: QPushButton) -> None:
    """What is told behind the name of a page: how it is counted, and how it is said."""
    counted: dict[str, tuple[Callable[[Workspace], Any], Callable[[QPushButton, Any], None]]] = {
        "cases": (_case_counts, _tell_late),
        "outreach": (_untold, _tell_untold),
    }
    if page in counted:
        count, tell = counted[page]
        desk.run(made, functools.partial(count, desk.ws), functools.partial(tell, made))


def _ask_visit(desk: Desk, parent: QWidget, kind: str, record_id: str) -> None:
    from sqzl_desktop.ui.dialogs.visit import ask_visit

    ask_visit(desk, parent, kind, record_id)
