"""结果: what a round of sync did, and how it is stopped."""

import dataclasses
from collections.abc import Callable, Sequence

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.protocol.messages import Answer, Person
from sqzl_desktop.sync.guard import Guarded

Progress = Callable[[str, int, int], None]  # what is being done, how much of how much


@dataclasses.dataclass(frozen=True, slots=True)
class SyncReport:
    """What a round did. `differs` names communities whose repair failed; a person must look.

    `guarded` are the batches that were not applied because they would remove too much;
    `repaired` names communities whose data did not agree and was put right; `clock_off` is by how
    many seconds this device's clock is ahead of the server's, 0 where they agree well enough;
    `contents` is how many photos and files were uploaded.
    """

    pushed: int = 0
    pulled: int = 0
    conflicts: int = 0
    refused: int = 0
    snapshots: int = 0
    differs: tuple[str, ...] = ()
    guarded: tuple[Guarded, ...] = ()
    repaired: tuple[str, ...] = ()
    clock_off: int = 0
    contents: int = 0
    person: Person | None = None

    def answered(self, answers: Sequence[Answer]) -> "SyncReport":
        """With what the server said of operations counted."""
        outcomes = [each.outcome for each in answers]
        refused = outcomes.count("held") + outcomes.count("rejected")
        return dataclasses.replace(
            self,
            pushed=self.pushed + len(answers),
            conflicts=self.conflicts + outcomes.count("conflict_kept"),
            refused=self.refused + refused,
        )

    def mended(self, community: str) -> "SyncReport":
        """With the community among those put right."""
        repaired = tuple(dict.fromkeys((*self.repaired, community)))
        return dataclasses.replace(self, repaired=repaired)

    def given_up(self, community: str) -> "SyncReport":
        """With the community among those that a person must look at."""
        differs = tuple(dict.fromkeys((*self.differs, community)))
        repaired = tuple(each for each in self.repaired if each != community)
        return dataclasses.replace(self, differs=differs, repaired=repaired)


class Cancelled(KnownError):
    """The person stopped the round. What was done so far stays done."""


def stop_if(cancelled: Callable[[], bool]) -> None:
    """Cancelled where the person asked for it."""
    if cancelled():
        raise Cancelled("已停止同步，下次会从这里继续")
