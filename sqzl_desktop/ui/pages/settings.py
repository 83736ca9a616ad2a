"""设置: this device, its data, the licences of what is shipped."""

from PySide6.QtWidgets import QVBoxLayout

from sqzl_desktop import __version__
from sqzl_desktop.domain.access import ROLES
from sqzl_desktop.services import health
from sqzl_desktop.services.health import Finding
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs import case_rules
from sqzl_desktop.ui.widgets.backdrop_choice import BackdropChoice
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.parts import button, card, chip, clear, column, fact, label, row

SHORTCUTS = (
    ("Ctrl+K", "全局查找"), ("Alt+1 … Alt+9", "切换页面"), ("Ctrl+N", "新建"), ("Ctrl+S", "保存"),
    ("F5", "立即同步"), ("Ctrl+P", "打印"), ("Ctrl+L", "锁定"), ("Esc", "关闭右侧面板"),
)  # fmt: skip


ALONE = "只用密码解锁（这台电脑没有系统密钥环），请使用较长的密码"
LICENCES = (
    "程序：Apache-2.0。字体：思源黑体、思源宋体（OFL 1.1），霞鹜文楷（OFL 1.1），"
    "Fandol 仿宋（GPL 3 附字体例外），花园明朝。许可全文在程序文件夹的 resources/fonts。"
)


class SettingsPage(PageView):
    """Facts to read out to the IT staff, a self-check, the shortcuts."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "设置")
        self._findings = column(gap=8)
        backdrop = column(BackdropChoice(desk))
        left = column(
            card(self._about()), card(self._case_rules()), card(self._self_check()), None, gap=12
        )
        right = column(card(_shortcuts()), card(_licences()), card(backdrop), None, gap=12)
        both = row(gap=12)
        both.addLayout(left, 3)
        both.addLayout(right, 2)
        self.body.addLayout(both, 1)

    def _about(self) -> QVBoxLayout:
        ws, profile = self.desk.ws, self.desk.session.profile
        actor = ws.actor
        facts = (
            ("使用人", f"{actor.name}（{ROLES.get(actor.role, actor.role)}）"),
            ("账号", actor.account),
            ("负责范围", "、".join(actor.scope)),
            ("服务器", profile.server),
            ("这台电脑", f"{profile.label}，编号 {ws.device}"),
            ("数据文件夹", str(ws.store.folder)),
            ("数据加密", "密码和系统密钥环共同解锁" if profile.keyring else ALONE),
            ("程序版本", __version__),
        )
        about = column(label("本机信息", "section"), gap=10)
        for name, text in facts:
            about.addLayout(fact(name, text, width=114))
        return about

    def _case_rules(self) -> QVBoxLayout:
        hint = "每类案件的责任单位、办理时限、立案和结案条件；节假日、调休和办公时间。"
        show = button("查看和修改", self.open_case_rules, icon="calendar")
        head = row(label(case_rules.TITLE, "section"), None, show)
        return column(head, label(hint, "soft", wrap=True), gap=10)

    def open_case_rules(self) -> None:
        """The window of classes, limits and the calendar."""
        case_rules.CaseRules(self.desk, self).open()

    def _self_check(self) -> QVBoxLayout:
        hint = "检查数据文件、待上报队列、与服务器的核对和审计记录。"
        self._findings.addWidget(label(hint, "soft", wrap=True))
        start = button("开始检查", self._check, icon="check")
        return column(row(label("数据自检", "section"), None, start), self._findings, gap=10)

    def _check(self) -> None:
        clear(self._findings)
        self._findings.addWidget(label("正在检查…", "soft"))
        self.desk.run(self, lambda: health.check_store(self.desk.ws), self._show)

    def _show(self, found: list[Finding]) -> None:
        clear(self._findings)
        for each in found:
            tone = "ok" if each.is_well else "danger"
            line = row(chip("正常" if each.is_well else "异常", tone), label(each.name), None)
            self._findings.addLayout(line)
            if not each.is_well:
                self._findings.addWidget(label(each.sentence, "problem", wrap=True))


def _shortcuts() -> QVBoxLayout:
    keys = column(label("快捷键", "section"), gap=10)
    for key, text in SHORTCUTS:
        keys.addLayout(row(chip(key, "plain"), label(text, "soft"), None, gap=12))
    return keys


def _licences() -> QVBoxLayout:
    return column(label("许可", "section"), label(LICENCES, "soft", wrap=True), gap=10)
