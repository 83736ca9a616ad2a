"""拒绝: what the server answers instead, with a status, a code and a Chinese sentence."""

from sqzl_desktop.base.errors import Refused


class Refusal(Refused):
    """A whole request is refused. `code` is for programs, the text for people."""

    def __init__(
        self, status: int, code: str, sentence: str, *, expected: int = 0, retry_after: int = 0
    ) -> None:
        self.status = status
        self.code = code
        self.expected = expected
        self.retry_after = retry_after
        super().__init__(sentence)


class Rejected(Refused):
    """One operation breaks a rule; it stays in 待处理 with this reason and advice."""

    def __init__(self, reason: str, advice: str = "请修改后重新保存") -> None:
        self.advice = advice
        super().__init__(reason)


class Late(Rejected):
    """A step that somebody else was faster with. `told` says so where what came is kept."""

    def __init__(self, reason: str, told: str) -> None:
        self.told = told
        super().__init__(reason, "请同步后查看最新进度，再决定是否办理")


class Held(Refused):
    """One operation lies outside the author's scope; it waits for whoever looks after that now."""

    advice = "内容已保存在服务器，由该网格现在的负责人处理"
