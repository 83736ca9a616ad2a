"""错误: what can go wrong, and who is told.

AppError
├── UserError            carries a Chinese sentence that says what is wrong and what to do
│   ├── Refused          the rules or the rights do not allow it
│   ├── Invalid          fields that do not pass their check; `problems` says which
│   ├── NotFound         no such record, or none that this person may see
│   ├── WipeOrdered      the organisation has had this device's data destroyed; it is over
│   └── KnownError       the surroundings: disk full, no network, wrong password, a foreign file
│       ├── Offline      the server cannot be reached; work goes on
│       ├── SignInNeeded the server wants the password again; work goes on
│       └── Locked       the store cannot be opened with what was given
└── Bug                  ours: logged, shown as one dialog
"""

from collections.abc import Mapping


class AppError(Exception):
    """Everything this program raises on purpose."""


class UserError(AppError):
    """A refusal whose text is a Chinese sentence for the person at the screen."""


class Refused(UserError):
    """The rules of the domain or the rights of the actor do not allow this."""


class Invalid(UserError):
    """A record does not pass its check.

    `problems` maps a field's identifier to a Chinese sentence.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("；".join(self.problems.values()))


class NotFound(UserError):
    """There is no such record, or none that this person may see."""


class KnownError(UserError):
    """The surroundings failed in a way we know: the sentence says what to do."""


class Offline(KnownError):
    """The server cannot be reached. Nothing is lost; sync is tried again later.

    `retry_after` are the seconds the server wants to be left alone, 0 where it said nothing.
    """

    def __init__(self, sentence: str, *, retry_after: int = 0) -> None:
        self.retry_after = retry_after
        super().__init__(sentence)


class SignInNeeded(KnownError):
    """The server lets this device in again once the password was given. Nothing is lost."""


class WipeOrdered(UserError):
    """The organisation has ordered, by its signature, that this device's data be destroyed."""


class Locked(KnownError):
    """The encrypted store cannot be opened with what was given."""


class Bug(AppError):
    """A mistake of ours. Logged with its traceback, never shown as a wall of text."""
